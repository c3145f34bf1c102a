"""A module in the binary format, with the map from offsets back to instructions."""
