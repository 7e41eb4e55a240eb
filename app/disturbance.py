"""Disturbed wordings of labelled conversations: the same wish with a slip of the finger, in capitals, or wrapped in courtesy."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, cast

Json = dict[str, Any]
_LONG_WORD = re.compile(r"(?<![\w`'\"-])[a-z]{5,}(?![\w'\"-])")
_WRAPS = (
    ("Hi there, could you please ", ", thank you!"),
    ("Sorry to bother you, ", " please"),
    ("Good morning! Would you mind, ", " - much appreciated"),
    ("Hey, quick one: ", " thanks a lot"),
)


class Disturbance(StrEnum):
    """What is done to every message of a conversation."""

    TYPOS = "typos"
    CAPS = "caps"
    COURTESY = "courtesy"


def disturbed(cases: Sequence[Json], disturbance: Disturbance) -> list[Json]:
    """Return the conversations with every user message reworded; labels, ids and order stay."""
    reword = _REWORD[disturbance]
    return [
        case | {"turns": [turn | {"user": reword(turn["user"])} for turn in cast("list[Json]", case["turns"])]}
        for case in cases
    ]


def _typo(text: str) -> str:
    """Swap two neighbouring letters inside one longer word; the same text gets the same slip."""
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    chosen = words[_number(text) % len(words)]
    word = chosen[0]
    places = [i for i in range(1, len(word) - 1) if word[i] != word[i + 1]]
    if not places:
        return text
    at = chosen.start() + places[_number(word) % len(places)]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _courtesy(text: str) -> str:
    before, after = _WRAPS[_number(text) % len(_WRAPS)]
    return f"{before}{text[:1].lower() if text[1:2].islower() else text[:1]}{text[1:].rstrip(' .!')}{after}"


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


_REWORD: Mapping[Disturbance, Callable[[str], str]] = {
    Disturbance.TYPOS: _typo,
    Disturbance.CAPS: str.upper,
    Disturbance.COURTESY: _courtesy,
}
