"""Session, breakpoints, moves along a timeline, and the commands that every front end shares."""
