"""What an app may ask for: the price of queries, and the bucket of points that pays for them.

Facts: docs/reference/shopify.md#throttling
"""

from __future__ import annotations

import threading
import time
from typing import Any

from sandbox.shopify.cost.pricing import MODELS, MOST_PER_QUERY


class Budget:
    """How queries are priced (`model`), what one may cost (`most`), what pays for them."""

    def __init__(
        self,
        rate: float,
        bucket: float,
        model: str = "logarithmic",
        most: int = MOST_PER_QUERY,
    ) -> None:
        self.bucket = Bucket(rate, bucket)
        self.model = model
        self.most = most
        self.change(model=model)

    def stated(self) -> dict[str, Any]:
        """State the budget as `change` takes it."""
        rate, size = self.bucket.rate, self.bucket.size
        return {"model": self.model, "rate": rate, "bucket": size, "most": self.most}

    def change(
        self,
        *,
        model: str | None = None,
        rate: float | None = None,
        bucket: float | None = None,
        most: int | None = None,
    ) -> None:
        """Change what is given: points a second, points in the bucket, points of a query.

        Raises ValueError, and changes nothing, if there is no such model or no such number.
        """
        if model is not None and model not in MODELS:
            raise ValueError(f"There is no cost model {model}. There are: {', '.join(MODELS)}.")
        for name, points in {"rate": rate, "bucket": bucket, "most": most}.items():
            if points is not None and not (isinstance(points, int | float) and points > 0):
                raise ValueError(f"{name} is a number of points above 0, not {points}")
        self.model = model or self.model
        self.most = most or self.most
        self.bucket.change(rate or self.bucket.rate, bucket or self.bucket.size)


class Bucket:
    """Points that fill up with real time: full at first, `rate` a second, never past full."""

    def __init__(self, rate: float, size: float) -> None:
        self.rate = rate
        self.size = size
        self._points = size
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def change(self, rate: float, size: float) -> None:
        """Let it fill at another rate, or have another size; then it is full again."""
        with self._lock:
            self._fill()
            if size != self.size:
                self._points = size
            self.rate, self.size = rate, size

    def take(self, points: float) -> bool:
        """Take points; take none and give False if there are too few."""
        with self._lock:
            self._fill()
            if self._points < points:
                return False
            self._points -= points
            return True

    def give_back(self, points: float) -> None:
        """Return what was taken and not needed."""
        with self._lock:
            self._points = min(self.size, self._points + points)

    def status(self) -> dict[str, float]:
        """State the bucket as `extensions.cost.throttleStatus` does."""
        with self._lock:
            self._fill()
            return {
                "maximumAvailable": self.size,
                "currentlyAvailable": int(self._points),
                "restoreRate": self.rate,
            }

    def _fill(self) -> None:
        now = time.monotonic()
        self._points = min(self.size, self._points + (now - self._at) * self.rate)
        self._at = now
