"""watstep's terminal IDE: everything that is drawn."""
