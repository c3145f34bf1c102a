"""What lies on the disk: programs, recovery copies, and what is remembered of each program."""
