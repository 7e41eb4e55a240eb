"""Rules about markers: where a sentence has several, each stands behind the fact it cites."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.generation.grounding.evidence import Case, Source
from plugins.generation.grounding.reading.lexicon import is_empty
from plugins.generation.grounding.reading.passages import Passage, parse


def citation_problems(case: Case, sentence: Passage) -> Iterator[str]:
    """Yield ``wrong_citation`` when what stands before a marker is borne by the source of another marker alone."""
    for text, ids in sentence.marked:
        part = parse(text, case.as_of, case.month_first)
        own = [case.sources[i] for i in ids if i in case.sources]
        others = [case.sources[i] for i in sentence.cited if i not in ids and i in case.sources]
        if own and others and not _bears(own, part) and _bears(others, part):
            yield "wrong_citation"
            return


def _bears(sources: list[Source], part: Passage) -> bool:
    """Return whether the sources have one of the part's figures, days or times, or two of its concepts if it has none."""  # noqa: E501
    passages = [p for source in sources for p in source.passages]
    figures = {(f.kind, round(f.value, 3)) for p in passages for f in p.figures}
    days = {d.day for p in passages for d in p.days}
    times = {minutes for p in passages for minutes in p.clocks}
    mine = {(f.kind, round(f.value, 3)) for f in part.figures}
    if mine or part.days or part.clocks:
        return bool(mine & figures or {d.day for d in part.days} & days or set(part.clocks) & times)
    telling = {s for s in part.concepts if not is_empty(s)}
    return len(telling & {s for p in passages for s in p.stems}) >= 2
