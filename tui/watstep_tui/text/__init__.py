"""The text under edit: its lines, what is done to them, and what is looked for in them."""
