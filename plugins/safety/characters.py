"""Characters that have no business in a text: NUL, lone surrogates, direction controls, tags, private use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.safety.reading import Mark, Reading

BROKEN = re.compile(r"[\x00\ud800-\udfff]")
HIDDEN = re.compile(r"[\u202a-\u202e\u2066-\u2069\U000e0001-\U000e007f]")
FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{1,8}\U000e007f")
"""The flags of England, Scotland and Wales are spelled with tag characters."""
PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060-\u2064\u00ad\ufeff\u180e\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MIXED = re.compile(r"(?:[a-zA-Z][\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff]|"
                   r"[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff][a-zA-Z])")  # fmt: skip
STACKED = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]{3,}")
STYLED = re.compile(r"[\U0001d400-\U0001d7ff\u24b6-\u24e9\U0001f130-\U0001f189\uff21-\uff3a\uff41-\uff5a]{4,}")
MANY_INVISIBLE = 3


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield what is wrong with the characters themselves."""
    text = reading.text
    if text.isascii():
        yield from _each("encoding.control", CONTROL, text)
        if "\x00" in text:
            yield from _each("encoding.broken", BROKEN, text)
        return
    yield from _each("encoding.broken", BROKEN, text)
    yield from _each("encoding.direction", HIDDEN, FLAG.sub(lambda m: "x" * len(m.group()), text))
    yield from _each("encoding.private-use", PRIVATE, text)
    yield from _each("encoding.control", CONTROL, text)
    yield from _each("encoding.stacked", STACKED, text)
    yield from _each("encoding.mixed-script", MIXED, text)
    yield from _each("encoding.styled", STYLED, text)
    invisible = [m.start() for m in INVISIBLE.finditer(text)]
    if len(invisible) >= MANY_INVISIBLE or any(_inside_word(text, at) for at in invisible):
        yield Mark("encoding.invisible", invisible[0], invisible[-1] + 1)


def _each(rule: str, pattern: re.Pattern[str], text: str) -> Iterator[Mark]:
    found = pattern.search(text)
    if found:
        yield Mark(rule, found.start(), found.end())


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isascii() and text[at - 1].isalpha() and text[at + 1].isalpha()
