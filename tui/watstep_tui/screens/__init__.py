"""The screens of the IDE, which wire the widgets together."""
