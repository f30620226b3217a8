"""A P&ID drawing office."""
