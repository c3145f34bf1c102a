"""What a program may ask of the world: functions, grants, and the tape of calls."""
