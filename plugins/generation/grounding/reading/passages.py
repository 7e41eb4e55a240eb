"""Texts cut into sentences, and each sentence into what can be compared: concepts, figures, days, names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from plugins.generation.grounding.reading.dates import Day, clocks, days, without
from plugins.generation.grounding.reading.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.reading.phrasing import normalise
from plugins.generation.grounding.reading.quantities import Quantity, quantities

_IDS = r"\[\s*[A-Za-z0-9][\w.:/#-]*(?:\s*[,;]\s*[A-Za-z0-9][\w.:/#-]*)*\s*\](?!\()"
MARKER = re.compile(_IDS)
_BOUNDARY = re.compile(
    rf"(?:[.!?\u2026]+[\"')\u201d\u2019]*|\n)(?:[ \t]*{_IDS})*[ \t]*(?=\s|$)|(?:{_IDS})+[.!?]*(?=\s+[A-Z]|\s*$)"
)
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|vs|no|st|mr|mrs|dr|approx|incl|excl|min|max|[ap]\.m|[A-Z]|reg|orig|tel|hrs?|mins?|wks?|yrs?|inc|ltd|co|"
    r"\d mo|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|weds?|thurs?|thu|fri|sat|sun|pkgs?|p\.p|"
    r"sq|ft|in|oz|fl|lbs?|avg|blvd|ave|rd|apt|bldg|(?<=per )cent|secs?|mths?|pcs|p|nos?)\.$",
    re.I,
)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\*\|.*?\|\*|%%?\w+%%?(?!\d)|<\w+>|https?://\S+", re.S)
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]|[A-Za-z]")
_CLAUSE = re.compile(r"[,;:()!?]|\.\s| (?:and|but|while|plus|or|whereas|so)\b")

LONGEST_SENTENCE = 1_000
"""Characters; nothing longer is one sentence of marketing copy."""


@dataclass(frozen=True)
class Passage:
    """One sentence. ``text`` is normalised; ``words`` and ``stems`` run in parallel over its content words.

    ``marked`` are the parts of a sentence that cites at several places, each with its ids.
    """

    raw: str
    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    figures: tuple[Quantity, ...]
    days: tuple[Day, ...]
    clocks: tuple[int, ...]
    cited: tuple[str, ...] = ()
    paragraph: int = 0
    marked: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def concepts(self) -> frozenset[str]:
        return frozenset(self.stems)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Return where the clause around a span begins and ends in ``text``."""
        left = max((m.end() for m in _CLAUSE.finditer(self.text, 0, start)), default=0)
        after = _CLAUSE.search(self.text, end)
        return left, after.start() if after else len(self.text)

    def near(self, start: int, end: int) -> frozenset[str]:
        """Return the content concepts of the clause around a span."""
        left, right = self.clause(start, end)
        return frozenset(stem for stem, (at, _) in zip(self.stems, self.spans, strict=True) if left <= at < right)


@lru_cache(maxsize=4096)
def parse(raw: str, as_of: date, month_first: bool = False) -> Passage:
    """Return what can be compared of one sentence without citation markers."""
    text = normalise(_TAG.sub(" ", raw)).strip()
    found_days = days(text, as_of, month_first)
    found_clocks = clocks(without(text, [(d.start, d.end) for d in found_days]))
    cut = [(d.start, d.end) for d in found_days] + [(start, end) for _, start, end in found_clocks]
    figures = quantities(without(text, cut))
    cut += [(f.start, f.end) for f in figures]
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(without(text, cut)):
        whole = match[0].lower()
        for word in [whole] if "-" not in whole or len(whole) < 5 else [w for w in whole.split("-") if w]:
            if word not in STOP and word.split("'")[0] not in STOP and len(word) > 1:
                words.append(word)
                spans.append(match.span())
    stems = tuple(concept(word) for word in words)
    return Passage(raw.strip(), text, tuple(words), stems, tuple(spans), tuple(figures), tuple(found_days),
                   tuple(minutes for minutes, _, _ in found_clocks))  # fmt: skip


_GREETING = re.compile(
    r"\s*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day))\b(?:[^,.!?\n]|\b[MD]rs?\.){0,40}[,!\n]", re.I
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof)\.$")
"""What never ends a sentence although a capital follows it: ``Dr. Helen Ortiz``."""


_BEGINS = re.compile(
    r"\s+(?!(?:[ECMP][SD]?T|GMT|BST|CES?T|UTC|(?:Eastern|Central|Mountain|Pacific)(?! [a-z]+(?<!time)\b))\b)"
    r"(?!(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d|May \d)\b)[A-Z]"  # noqa: E501
)
"""What begins a sentence behind an abbreviation: a capital, unless it names a zone or a day (``6 p.m. Friday``)."""


def _cuts(text: str) -> list[str]:
    greeting = _GREETING.match(text)
    start = greeting.end() if greeting else 0
    out: list[str] = [text[:start]]
    text, start = text[start:], 0
    for match in _BOUNDARY.finditer(text):
        piece = text[start : match.end()]
        if _ABBREVIATION.search(piece.rstrip()) and not _BEGINS.match(text, match.end()):
            continue
        if _TITLE.search(piece.rstrip()):
            continue
        out.append(piece)
        start = match.end()
    out.append(text[start:])
    return [piece for piece in out if piece.strip()]


def _ids(text: str) -> tuple[str, ...]:
    found = [part.strip() for marker in MARKER.findall(text) for part in re.split(r"[,;]", marker.strip("[] "))]
    return tuple(dict.fromkeys(found))


def _marked(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each part of a sentence with the ids right behind it, where ids stand at more than one place."""
    ends = list(re.finditer(rf"(?:{_IDS}\s*)+", text))
    starts = [0, *(m.end() for m in ends)]
    parts = [(text[start : m.start()].strip(" ,;"), _ids(m[0])) for start, m in zip(starts, ends, strict=False)]
    return tuple(parts) if len(parts) > 1 else ()


def sentences(copy: str, as_of: date, month_first: bool = False) -> list[Passage]:
    """Return the sentences of a copy with the ids each cites itself."""
    out: list[Passage] = []
    for number, paragraph in enumerate(re.split(r"\n\s*\n", copy)):
        for piece in _cuts(paragraph):
            body = re.sub(r"\s+([.,!?;])", r"\1", MARKER.sub("", piece)).strip()
            ids = _ids(piece)
            if not body and ids and out:
                out[-1] = replace(out[-1], cited=tuple(dict.fromkeys(out[-1].cited + ids)))
            elif body:
                parsed = parse(body[: LONGEST_SENTENCE + 1], as_of, month_first)
                out.append(replace(parsed, cited=ids, paragraph=number, marked=_marked(piece)))
    return out


def source_passages(text: str, as_of: date, month_first: bool = False) -> list[Passage]:
    """Return the sentences of a source."""
    pieces = [piece.strip() for part in text.split("\n") for piece in _cuts(part)]
    return [parse(part, as_of, month_first) for piece in pieces for part in _bounded(piece)]


def _bounded(piece: str) -> list[str]:
    """Return ``piece``, or its parts when no full stop comes for so long that comparing would take minutes."""
    return [piece[at : at + LONGEST_SENTENCE] for at in range(0, len(piece), LONGEST_SENTENCE)]


def promising(words: Sequence[str]) -> list[str]:
    """Return the words that say something checkable."""
    return [word for word in words if not is_empty(word)]
