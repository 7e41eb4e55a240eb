"""Rules about where what was done to a thing: sewn in Portugal is not grown there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence
from plugins.generation.grounding.reading.lexicon import CALENDAR
from plugins.generation.grounding.reading.passages import Passage

_DEEDS = {
    deed: group
    for group, deeds in {
        "grow": "grown farmed harvested picked bred raised reared foraged cultivated",
        "catch": "caught fished landed",
        "mine": "mined quarried",
        "design": "designed developed invented conceived drawn",
        "weave": "woven spun knitted loomed",
        "sew": "sewn stitched tailored cut",
        "dye": "dyed printed",
        "tan": "tanned",
        "assemble": "assembled",
        "finish": "finished polished engraved",
        "bottle": "bottled packed packaged boxed",
        "roast": "roasted",
        "brew": "brewed",
        "distil": "distilled",
        "mill": "milled ground",
        "bake": "baked",
        "press": "pressed",
        "smoke": "smoked cured",
        "age": "aged matured",
        "blend": "blended mixed",
        "make": "made crafted manufactured produced built handmade",
    }.items()
    for deed in deeds.split()
}
"""What is done to a thing on its way to the customer, by steps of the work."""
_STEP = "|".join(_DEEDS)
_AT_PLACE = re.compile(
    rf"(?P<steps>\b(?:{_STEP})\b[^;:.]{{0,60}}?) (?:in|at|near|outside|on|from) "
    r"(?P<place>(?-i:[A-Z][\w'-]+(?: [A-Z][\w'-]+)*))",
    re.I,
)
_ANY_STEP = frozenset(("make",))
"""Said of a place, it holds for any step of the making, but not for its design or for the plant or animal behind it."""
_NO_MAKING = frozenset(("design", "grow", "catch", "mine"))


def origin_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``roles_swapped`` where a step is told of a place of which the sources tell other steps only.

    ``Knitted from organic cotton and sewn in Portugal`` is no "cotton grown in Portugal".
    """
    theirs: dict[str, set[str]] = {}
    for passage in evidence.passages:
        for place, steps in _steps(passage):
            theirs.setdefault(place, set()).update(steps)
    for place, steps in _steps(evidence.sentence):
        told = theirs.get(place)
        if told and any(not _borne(step, told) for step in steps):
            yield "roles_swapped"
            return


def _steps(passage: Passage) -> Iterator[tuple[str, set[str]]]:
    """Yield each place of a sentence with the steps that are told of it."""
    for found in _AT_PLACE.finditer(passage.text):
        told = re.split(r"\b(?:there|here)\b", found["steps"].lower())[-1]
        steps = {_DEEDS[word] for word in re.findall(r"[a-z]+", told) if word in _DEEDS}
        for name in re.findall(r"[A-Za-z'-]+", found["place"]):
            if name.lower() not in CALENDAR:
                yield name.lower().removesuffix("'s"), steps


def _borne(step: str, told: set[str]) -> bool:
    if step in told:
        return True
    if step in _ANY_STEP:
        return bool(told - _NO_MAKING)
    return False
