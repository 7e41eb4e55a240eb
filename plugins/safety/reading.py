"""A text prepared for the rules, and the marks they leave on it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from app.domain.safety import Surface
from plugins.safety.folding import Plain, Words
from plugins.safety.policy import Policy

COPY_SURFACES = frozenset({Surface.COPY, Surface.EMAIL, Surface.SMS, Surface.PUSH})


class OutOfTime(Exception):
    """The screening of one text took longer than its cap. Caught in ``screening``, which blocks."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A rule fired on a span of the original text (both offsets 0: the whole text)."""

    rule: str
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Reading:
    """One text in the forms the rules read: as it came (``text``, NFC), folded (``plain``), and in words."""

    text: str
    surface: Surface
    policy: Policy
    plain: Plain
    words: Words
    until: float = field(default=float("inf"))
    """``time.thread_time`` at which screening gives up: a busy machine makes no text late, only the text itself can."""

    @property
    def outbound(self) -> bool:
        """Whether this is copy on its way to customers."""
        return self.surface in COPY_SURFACES

    def pardon(self, seconds: float) -> None:
        """Give back time that went into loading something once for the whole process, not into this text."""
        self.until += seconds

    def check_time(self) -> None:
        """Raise ``OutOfTime`` when the cap is reached."""
        if time.thread_time() > self.until:
            raise OutOfTime
