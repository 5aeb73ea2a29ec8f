"""What loads are tortured with stands beside the other tests of loads."""

from __future__ import annotations

from tests.integration.load.conftest import empty_marts, grounds

__all__ = ["empty_marts", "grounds"]
