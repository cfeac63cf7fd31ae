"""Plan, engine and stream of events of a run."""
