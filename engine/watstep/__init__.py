"""watstep's engine: extended WAT expanded, checked, run and stepped, with nothing drawn."""
