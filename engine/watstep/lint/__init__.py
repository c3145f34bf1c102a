"""Lints: what is allowed and yet most likely wrong, a rule a module."""
