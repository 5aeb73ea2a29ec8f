"""Measures tools of others beside Cartwheel, on the same input and in one run."""
