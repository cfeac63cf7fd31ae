"""The contract: spec/ read into typed, frozen data."""
