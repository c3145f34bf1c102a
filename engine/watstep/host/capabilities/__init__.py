"""The capabilities, one a file: a further one is a further file and a line in the catalog."""
