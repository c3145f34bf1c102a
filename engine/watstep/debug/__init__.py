"""Timeline, session, breakpoints and the commands that every front end shares."""
