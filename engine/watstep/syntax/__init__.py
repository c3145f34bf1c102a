"""Text to tokens and an S-expression tree, every byte accounted for; it never fails."""
