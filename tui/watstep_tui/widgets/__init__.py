"""The widgets of the IDE, one a file; none knows another."""
