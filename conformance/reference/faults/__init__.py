"""Faults: named, single deviations of the reference, on which the suite shows what it catches."""
