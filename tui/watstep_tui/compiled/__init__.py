"""What becomes of the text beside the keyboard: the expansion as rows, its links, its problems."""
