"""The specification's validation algorithm, and which instructions a profile allows."""
