"""How often somebody may try: a moving window over what was counted, with the seconds to wait."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.domain.errors import UserFixable


class TooMany(UserFixable):
    """Too many tries or requests; ``retry_after`` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many requests.", hint=f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class Attempts:
    """Counts by key within one process. ``amount`` in each ``minutes``."""

    def __init__(self, amount: int, minutes: int = 1) -> None:
        self._limit: RateLimitItem = RateLimitItemPerMinute(amount, minutes)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, key: str) -> None:
        """Count one; raise ``TooMany`` when there were enough."""
        if not self._limiter.hit(self._limit, key):
            resets = self._limiter.get_window_stats(self._limit, key).reset_time
            raise TooMany(max(1, math.ceil(resets - time.time())))

    def forget(self, key: str) -> None:
        """Start again for a key."""
        self._limiter.clear(self._limit, key)
