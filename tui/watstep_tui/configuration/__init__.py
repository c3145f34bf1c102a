"""What the user's own files say: settings and keys, read again when they change."""
