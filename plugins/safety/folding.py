"""Read a text the way a person sees it, and remember where each character came from.

Look-alikes, invisible characters, leet, spaced-out, stretched and split words all become plain lower-case words.
Every ``View`` maps its offsets back to the original text. Folding is linear in the length of the text.
Sources: Unicode NFKD; UTS #39 confusables (data of ``confusable-homoglyphs``).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

PLAIN_ASCII = re.compile(r"[\t\n\r\x20-\x7e]*\Z")
DROPPED = frozenset({"Cf", "Cc", "Mn", "Me", "Cs", "Co"})
NAME_LETTER = re.compile(
    r"(?:LATIN|SQUARED|CIRCLED|PARENTHESIZED|INDICATOR|FULLWIDTH|MODIFIER|SMALL|TAG|LISU|CAPITAL|LETTER)\b.*?"
    r"(?:LETTER|CAPITAL|SYMBOL LETTER) (?:SMALL CAPITAL |CAPITAL |SMALL )?([A-Z])(?: WITH .*)?\Z"
)
PUNCTUATION = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"',
    "…": "...", "×": "x", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th",
    "。": ".", "．": ".", "、": ",", "•": "*", "·": ".", "ı": "i", "ĸ": "k", "ғ": "f", "€": "€", "£": "£",
}  # fmt: skip
TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?]+(?=\s|\"|\Z)")
TAG = re.compile(r"<!--.{0,2000}?-->|</?[a-z][^<>]{0,300}>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Plain:
    """The folded characters. ``starts[i]`` is the original offset of character ``i``; None means the same offset."""

    text: str
    starts: Sequence[int] | None
    length: int
    """Length of the original text, in code points."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the folded text to the original text (end exclusive)."""
        if self.starts is None:
            return start, end
        if start >= len(self.starts):
            return self.length, self.length
        last = self.starts[min(end, len(self.starts)) - 1] if end > start else self.starts[start]
        return self.starts[start], last + 1


@dataclass(frozen=True, slots=True)
class Words:
    """Words with single spaces between and around them; a sentence end is the word ``.``.

    ``spans[i]`` is where word ``i`` stands in the original text. ``places[i]`` is where it starts in ``text``.
    """

    name: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    text: str = field(default="", compare=False)
    places: tuple[int, ...] = field(default=(), compare=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of ``text`` to the original text, in whole words."""
        if not self.places:
            return 0, 0
        first = max(0, bisect_right(self.places, start) - 1)
        last = max(first, bisect_right(self.places, max(start, end - 1)) - 1)
        return self.spans[first][0], max(self.spans[last][1], self.spans[first][1])


def words_view(name: str, words: Sequence[str], spans: Sequence[tuple[int, int]]) -> Words:
    """Join words into a view."""
    places: list[int] = []
    at = 1
    for word in words:
        places.append(at)
        at += len(word) + 1
    text = f" {' '.join(words)} " if words else " "
    return Words(name, tuple(words), tuple(spans), text, tuple(places))


def fold(text: str) -> Plain:
    """Fold a text character by character: case, accents, look-alikes, width, invisible characters."""
    if PLAIN_ASCII.match(text):
        return Plain(text.lower(), None, len(text))
    table = {character: fold_character(character) for character in set(text)}
    if all(len(folded) == 1 for folded in table.values()):
        return Plain(text.translate(str.maketrans(table)), None, len(text))
    pieces: list[str] = []
    starts: list[int] = []
    for position, character in enumerate(text):
        folded = table[character]
        if folded:
            pieces.append(folded)
            starts.extend([position] * len(folded))
    return Plain("".join(pieces), starts, len(text))


@lru_cache(maxsize=20_000)
def fold_character(character: str) -> str:
    """Return what one character looks like, in lower-case ASCII where there is such a thing; '' if invisible."""
    if character.isascii():
        return character.lower() if character in "\t\n\r" or " " <= character <= "~" else ""
    if character.lower() in PUNCTUATION:
        return PUNCTUATION[character.lower()]
    category = unicodedata.category(character)
    if category in DROPPED:
        return ""
    if category.startswith("Z"):
        return " " if category == "Zs" else "\n"
    if category == "Pd":
        return "-"
    parts = unicodedata.normalize("NFKD", character)
    return "".join(_fold_part(part) for part in parts)


def _fold_part(part: str) -> str:
    if part.isascii():
        return part.lower()
    if unicodedata.category(part) in DROPPED:
        return ""
    digit = unicodedata.digit(part, None)
    if digit is not None:
        return str(digit)
    for candidate in (part, part.lower(), part.upper()):
        alike = _look_alike(candidate)
        if alike:
            return alike.lower()
    named = NAME_LETTER.search(unicodedata.name(part, ""))
    return named.group(1).lower() if named else part.lower()


def _look_alike(character: str) -> str | None:
    """Return the ASCII letters a character is confusable with, or None (UTS #39)."""
    for entry in _confusables().get(character, ()):
        target = str(entry["c"])
        if target.isascii() and target.isalnum() and len(target) <= 2:
            return target
    return None


@lru_cache(maxsize=1)
def _confusables() -> dict[str, list[dict[str, Any]]]:
    from confusable_homoglyphs.confusables import confusables_data

    return dict(confusables_data)


def tokenise(plain: Plain, name: str = "words") -> Words:
    """Split folded text into words; apostrophes vanish, a run of sentence marks becomes ``.``."""
    matches = list(TOKEN.finditer(plain.text))
    words = ["." if (word := match.group())[0] in ".!?" else word.replace("'", "") for match in matches]
    spans = [match.span() for match in matches]
    if plain.starts is not None:
        spans = [plain.span(start, end) for start, end in spans]
    return words_view(name, words, spans)


def without_tags(plain: Plain) -> Plain | None:
    """Take out HTML tags and comments, so that ``k<b>i</b>ll`` reads as one word; None when there are none."""
    if "<" not in plain.text or not TAG.search(plain.text):
        return None
    pieces: list[str] = []
    starts: list[int] = []
    gaps = [(m.start(), m.end()) for m in TAG.finditer(plain.text)]
    borders = [0, *(x for gap in gaps for x in gap), len(plain.text)]
    for start, end in list(pairwise(borders))[::2]:
        pieces.append(plain.text[start:end])
        starts.extend(plain.starts[start:end] if plain.starts is not None else range(start, end))
    return Plain("".join(pieces), starts, plain.length)
