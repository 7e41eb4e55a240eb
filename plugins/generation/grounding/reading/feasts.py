"""Days that have a name of their own: ``Christmas Eve`` where the source has 24 December."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, has

_FEASTS = {
    r"New Year's Day": (1, 1),
    r"Burns Night": (1, 25),
    r"(?:St\.? |Saint )?Valentine's(?: Day)?": (2, 14),
    r"(?:St\.?|Saint) David's Day": (3, 1),
    r"(?:St\.?|Saint) Patrick's Day": (3, 17),
    r"April Fools?'?s?'? Day": (4, 1),
    r"(?:St\.?|Saint) George's Day": (4, 23),
    r"May Day": (5, 1),
    r"Juneteenth": (6, 19),
    r"Independence Day|(?:the )?Fourth of July": (7, 4),
    r"Hallowe'?en": (10, 31),
    r"All Saints'? Day": (11, 1),
    r"Bonfire Night|Guy Fawkes(?: Night)?": (11, 5),
    r"Veterans Day|Armistice Day": (11, 11),
    r"(?:St\.?|Saint) Andrew's Day": (11, 30),
    r"(?:St\.?|Saint) Nicholas'?s?(?: Day)?": (12, 6),
    r"Christmas Eve": (12, 24),
    r"Christmas Day": (12, 25),
    r"Boxing Day|(?:St\.?|Saint) Stephen's Day": (12, 26),
    r"New Year's Eve|Hogmanay": (12, 31),
}
_MOVABLE = (
    r"Black Friday|Cyber Monday|Good Friday|Palm Sunday|Easter (?:Sunday|Monday)|Pancake Day|Shrove Tuesday|Ash Wednesday|"  # noqa: E501
    r"(?:Mother|Father)'?s'? Day|Mothering Sunday|Remembrance Sunday|(?:Memorial|Labou?r|Presidents'?) Day|Bank Holiday|"  # noqa: E501
    r"Whit (?:Sunday|Monday)|Twelfth Night|Midsummer(?:'s)? (?:Eve|Day|Night)"
)
_FIXED = tuple((re.compile(rf"\b(?:{name})(?![\w'])", re.I), day) for name, day in _FEASTS.items())
_ANY = re.compile(rf"\b(?:{'|'.join([*_FEASTS, _MOVABLE])})(?![\w'])", re.I)
_BOUND = r"\b(?:by|until|till?|before|after|from|through|to|on|between|and|ends?|closes?|opens?|starts?|begins?) $"
"""What stands before a feast that is the day of something, and not only the mood."""


def feasts(text: str) -> list[tuple[int, int]]:
    """Return where days with a name of their own stand in ``text``."""
    return [found.span() for found in _ANY.finditer(text)]


def feast_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``name_not_in_source`` for a feast that bounds something, on a day that no cited source has."""
    text, low = evidence.sentence.raw.replace("\u2019", "'"), evidence.low
    stated = {(day.day.month, day.day.day) for p in evidence.passages for day in p.days}
    for pattern, day in _FIXED:
        for found in pattern.finditer(text):
            if day not in stated and found[0].lower() not in low and has(_BOUND, text[: found.start()]):
                yield "name_not_in_source"
                return
