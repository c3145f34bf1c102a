"""What stands over the working screen and answers once: a dialog a module, and their box."""
