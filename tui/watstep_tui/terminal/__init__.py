"""The terminal and the process: keys with Alt, the clipboard, when Python looks for garbage."""
