"""Which texts the local rules allowed a moment ago: one text passes the gate several times on its way out.

Kept are digests of surface and text, never the text, and only of what was allowed without a finding; a cache belongs to
one ``Screening``, so a new policy or new customers begin with an empty one. An entry is forgotten after ``seconds``.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from app.domain.safety import Surface

SECONDS = 300.0
ENTRIES = 8_192


class VerdictCache:
    """Safe to use from any thread. ``clock`` gives seconds."""

    def __init__(
        self, seconds: float = SECONDS, entries: int = ENTRIES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._entries, self._clock = seconds, entries, clock
        self._until: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, text: str, surface: Surface) -> bool:
        """Return whether exactly this text was allowed on this surface, not too long ago."""
        with self._lock:
            return self._until.get(_digest(text, surface), float("-inf")) > self._clock()

    def add(self, text: str, surface: Surface) -> None:
        """Remember that this text was allowed on this surface without a finding."""
        digest = _digest(text, surface)
        with self._lock:
            self._until[digest] = self._clock() + self._seconds
            self._until.move_to_end(digest)
            while len(self._until) > self._entries:
                self._until.popitem(last=False)


def _digest(text: str, surface: Surface) -> bytes:
    return hashlib.sha256(f"{surface.value}\x00{text}".encode("utf-8", "surrogatepass")).digest()
