"""Rules about what a source keeps out of a statement: things that cost extra, the first so many, places, exceptions.

"A day ticket includes the playground. Rides on the train cost £3": a ticket that covers the train says too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import CALENDAR, is_empty
from plugins.generation.grounding.reading.passages import Passage

_INCLUDES = (
    r"\b(?:includ(?:es?|ed|ing)|cover(?:s|ed|ing)?|comes? with|complete with|thrown? in|throws? in|bundled|part of|"
    r"as well|so (?:is|are)|yours)\b"
)
_EXTRA = re.compile(
    r"^(?P<what>[^,;:]{3,60}?)\s(?:(?:is|are|can be) (?:\w+ )?(?:available |booked |added |hired |charged |sold |offered )"  # noqa: E501
    r"(?:\w+ )?(?:for|at|separately|extra)\b|(?:costs?|comes? at|(?:is|are)) (?:an? )?(?:extra|additional|[$\u00a3\u20ac]\d))",  # noqa: E501
    re.I,
)
"""What opens a sentence that gives a thing a price of its own: ``Removal of an old sofa is available for £49``."""
_CHARGED = r"\b(?:extra|costs?|separate(?:ly)?|on top|charge[sd]?|additional|optional|add|surcharge|pay)\b"
_HALF = 0.5
_OWN_NOUNS = 3


def exclusion_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``dropped_condition`` or ``free_not_in_source`` where the copy gives what the source keeps out."""
    if not evidence.sentence.cited:
        return
    if _extra_as_included(evidence):
        yield "free_not_in_source"
    if any(_first_lost(passage, evidence) or _places_lost(passage, evidence) for passage in evidence.aligned[:1]):
        yield "dropped_condition"


def _extra_as_included(evidence: Evidence) -> bool:
    """Return whether a thing with a price of its own is told among those that are included, and the price nowhere."""
    sentence, told = evidence.sentence, [f for s in evidence.case.sentences for f in s.figures]
    if not has(_INCLUDES, sentence.text) or has(_CHARGED, sentence.text):
        return False
    given = [p for p in evidence.passages if has(_INCLUDES, p.text) and len(p.concepts & sentence.concepts) > 1]
    shared = {s for p in given for s in p.concepts}
    for passage in evidence.passages if given else []:
        extra = _EXTRA.search(passage.text)
        if extra is None or passage in given or any(matches(q, f) for f in passage.figures for q in told):
            continue
        own = {
            s for s, (at, _) in zip(passage.stems, passage.spans, strict=True)
            if at < extra.end("what") and s not in shared
        }  # fmt: skip
        if own and len(own) <= _OWN_NOUNS and len(own & sentence.concepts) >= _HALF * len(own):
            return True
    return False


_FIRST_COME = r"\bfirst\b|\blimited\b|\bwhile\b|\bearly\b|\bquick|\bfast\b|\bonly \w+ (?:people|places|of you)\b"


def _first_lost(passage: Passage, evidence: Evidence) -> bool:
    """Return whether what ``the first 200 members`` get has become what each member gets."""
    told = [f for s in evidence.case.sentences for f in s.figures]
    counted = [
        f for f in passage.figures
        if f.kind == "count" and f.noun and has(r"\bfirst $", passage.text[: f.start])
    ]  # fmt: skip
    return (
        bool(counted)
        and not any(matches(q, f) for f in counted for q in told)
        and not has(_FIRST_COME, evidence.case.low)
    )


_PLACES = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Ff]rom|[Tt]o|[Ww]ithin|[Aa]cross) (?:the |our |its |all )"
    r"(?P<names>[A-Z][\w'-]+(?: (?:[A-Z][\w'-]+|\d+))*(?:(?:, | and | or |, and )[A-Z][\w'-]+(?: (?:[A-Z][\w'-]+|\d+))*)*) "  # noqa: E501
    r"(?P<kind>[a-z]{3,}s)\b"
)
_NO_PLACES = (
    r"\b(?:sales?|days|members|awards?|prices|terms|weekends|holidays|games|plans|accounts|categories|products)$"
)


def _places_lost(passage: Passage, evidence: Evidence) -> bool:
    """Return whether ``in the Northgate and Quayside districts`` is said by none of its names."""
    low = evidence.case.low
    for found in _PLACES.finditer(passage.text):
        names = {w.lower() for w in re.findall(r"[A-Z][\w'-]+", found["names"])} - CALENDAR
        if names and not has(_NO_PLACES, found["kind"]) and not any(_says(name, low) for name in names):
            return True
    return False


def _says(name: str, low: str) -> bool:
    return name.removesuffix("'s") in low or is_empty(name)
