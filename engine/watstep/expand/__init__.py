"""Extended WAT to standard WAT: macros, strings, locals, and the map between the two texts."""
