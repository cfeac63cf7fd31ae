"""Targets: where an endpoint is, how its requests are signed, how the fixtures get there."""
