"""What the stepping screen shows of a stop, as text: pure functions from a snapshot to rows.

Rows name their styles (`muted`, `changed`, `error`); the theme says what those look like.
"""
