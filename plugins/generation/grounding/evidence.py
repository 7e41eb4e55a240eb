"""What stands behind a sentence: the passages of the cited sources, and which of them it speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise

from plugins.generation.grounding.reading.passages import Passage, promising


@dataclass(frozen=True)
class Source:
    """One approved text, cut into passages."""

    id: str
    passages: tuple[Passage, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(p.text for p in self.passages)


@dataclass(frozen=True)
class Case:
    """A copy, its sources by id and the day on which it is sent."""

    as_of: date
    sources: dict[str, Source]
    sentences: tuple[Passage, ...]
    sender: str = ""
    month_first: bool = False

    @cached_property
    def low(self) -> str:
        """The whole copy, normalised and in lower case."""
        return " ".join(s.text for s in self.sentences).lower()


def _overlap(sentence: Passage, passage: Passage) -> float:
    shared = float(len(sentence.concepts & passage.concepts))
    figures = {(f.kind, round(f.value, 3)) for f in passage.figures}
    shared += sum(2.0 for f in sentence.figures if (f.kind, round(f.value, 3)) in figures)
    kinds = {f.kind for f in passage.figures}
    shared += sum(0.5 for f in sentence.figures if f.kind in kinds)
    return shared + sum(1.0 for d in sentence.days if d.day in {other.day for other in passage.days})


_CLAUSE = re.compile(r"[,;:()]|\.\s|\b(?:and|but|while|plus)\b", re.I)


@dataclass(frozen=True)
class Evidence:
    """The cited sources of one sentence. ``aligned`` are the passages that it speaks of, best first."""

    case: Case
    sentence: Passage
    ids: tuple[str, ...]

    @cached_property
    def sources(self) -> list[Source]:
        return [self.case.sources[i] for i in self.ids if i in self.case.sources]

    @cached_property
    def passages(self) -> list[Passage]:
        return [p for source in self.sources for p in source.passages]

    @cached_property
    def text(self) -> str:
        return " ".join(source.text for source in self.sources)

    @cached_property
    def low(self) -> str:
        return self.text.lower()

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem for p in self.passages for stem in p.stems)

    @cached_property
    def aligned(self) -> list[Passage]:
        scored = sorted(((_overlap(self.sentence, p), -at, p) for at, p in enumerate(self.passages)),
                        key=lambda item: item[:2], reverse=True)  # fmt: skip
        best = scored[0][0] if scored else 0.0
        return [p for score, _, p in scored if score >= max(1.0, 0.5 * best)][:4]

    @cached_property
    def by_clause(self) -> list[tuple[str, Passage]]:
        """Each clause of the sentence with the passage that shares most of its concepts, two at least."""
        out: list[tuple[str, Passage]] = []
        text = self.sentence.text
        bounds = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
        for start, end in pairwise(bounds):
            said = {
                stem
                for stem, (at, _) in zip(self.sentence.stems, self.sentence.spans, strict=True)
                if start <= at < end
            }
            best = max(self.passages, key=lambda p: len(said & p.concepts), default=None)
            if best is not None and len(said & best.concepts) >= 2:
                out.append((text[start:end], best))
        return out

    @cached_property
    def aligned_text(self) -> str:
        return " ".join(p.text for p in self.aligned)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return ``pattern`` ready to search; the cache of ``re`` itself holds too few for all the rules."""
    return re.compile(pattern, re.I)


def has(pattern: str, text: str) -> bool:
    """Return whether ``pattern`` occurs in ``text``, case ignored."""
    return _compiled(pattern).search(text) is not None


def claims(sentence: Passage) -> list[str]:
    """Return the checkable words of ``sentence``."""
    return promising(sentence.words)
