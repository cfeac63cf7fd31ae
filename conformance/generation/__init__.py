"""Cases that the contract writes: boundaries, near misses, combinations, and a search at random."""
