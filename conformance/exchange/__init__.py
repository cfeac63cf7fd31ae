"""Requests and responses as data, and the wire that carries them byte for byte."""
