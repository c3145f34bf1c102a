"""Views of an expansion: what becomes of a program, each as a text that maps back to the source."""
