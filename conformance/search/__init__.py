"""The search at random: draws requests, sends them, makes failures small, keeps them as capsules."""
