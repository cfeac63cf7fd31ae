"""Authored cases, a module per area, as declarative data."""
