"""The oracle: what must come back, and whether it did. Pure: no clock, network or environment."""
