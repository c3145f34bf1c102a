"""Text, positions and problems: the bottom layer, which knows nothing of the language."""
