"""Fixtures of the sandbox's tests: a server on a free port, and what it holds."""
