"""A realistic store of any size from a seed, with the true figures beside it."""

from sandbox.generator.store import generate

__all__ = ["generate"]
