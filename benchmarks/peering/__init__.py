"""Other tools on the faults of the reference, beside our own suite: what ``benchmarks/peers.py`` is made of."""
