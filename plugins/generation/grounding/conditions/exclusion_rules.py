"""Rules about what a source keeps out of a statement: things that cost extra, the first so many, places, exceptions.

"A day ticket includes the playground. Rides on the train cost £3": a ticket that covers the train says too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from plugins.generation.grounding.conditions.kept_out import lets_in
from plugins.generation.grounding.conditions.moments import moment_moved
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import CALENDAR, STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage


def exclusion_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``dropped_condition`` or ``date_role_changed`` where the copy gives what the source keeps out, or moves a moment."""  # noqa: E501
    if not evidence.sentence.cited:
        return
    lost = any(_first_lost(passage, evidence) or _places_lost(passage, evidence) for passage in evidence.aligned[:1])
    if lost or _all_with_exception(evidence) or lets_in(evidence):
        yield "dropped_condition"
    if moment_moved(evidence):
        yield "date_role_changed"


_ALL = re.compile(r"\b(?:every|all|any|each|whole|entire)\b(?! \d)", re.I)
_EXCEPTED = r"\b(?:excluded|excludes?|excepted|exempt|(?:do|does) not (?:apply|extend)|not (?:included|eligible|valid|covered|reduced))\b"  # noqa: E501
_OF = frozenset(("of", "our", "the", "your", "its", "single", "one", "piece", "item", "pair", "kind", "sort"))


def _all_with_exception(evidence: Evidence) -> bool:
    """Return whether "every screening" is told of ``every 2D film`` where 3D screenings are excepted, and none is said.

    The copy must have the noun of the exception, must lack a word that narrows the source's own "all", and must make
    no exception itself.
    """
    sentence = evidence.sentence
    narrowing = [
        words for p in evidence.aligned[:1] for m in _ALL.finditer(p.text) if (words := _counted(p.text[m.end() :]))
    ]
    if not narrowing or has(_MAKES_EXCEPTION, evidence.case.low):
        return False
    known = {concept(w) for w in re.findall(r"[a-z0-9-]+", evidence.case.low)}
    if any({concept(w) for w in words} <= known for words in narrowing):
        return False
    excepted = {
        stem
        for source in evidence.sources
        if any(p in source.passages for p in evidence.aligned[:1])
        for p in source.passages
        if has(_EXCEPTED, p.text)
        for word, stem in zip(p.words, p.stems, strict=True)
        if not is_empty(word)
    }
    told = (_counted(sentence.text[m.end() :]) for m in _ALL.finditer(sentence.text))
    return any(excepted & {concept(w) for w in words} for words in told)


def _counted(behind: str) -> list[str]:
    """Return the noun phrase that a word such as "every" counts, in lower case."""
    words: list[str] = re.findall(r"[a-z0-9-]+|[,;:.]", behind.lower())
    while words and words[0] in _OF:
        words.pop(0)
    return list(takewhile(lambda w: w[0].isalnum() and w not in STOP, words[:4]))


_MAKES_EXCEPTION = (
    r"\b(?:but|bar|barring|except\w*|exclud\w+|apart|aside|not|never|without|outside|other than|minus|unless|only)\b"
)
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
_HOUSE = r"\b(?:School|College|University|Academy|Museum|Gallery|Theatre|Theater|Cinema|Hotel|Inn|Centre|Center|Club|Hall|House|Church|Library|Park|Garden|Gardens|Zoo|Restaurant|Cafe|Bar|Studio|Gym|Hospital|Clinic|Station|Market|Farm|Shop|Store|Institute|Playhouse|Arena|Stadium|Spa)$"  # noqa: E501
"""The last word of the name of one house, behind which a verb stands: ``at the Corner School | meets``."""
_OF_COUNTRY = r"(?:ian|ish|ese|ean|can)$"
"""How the adjective of a country ends, which only describes: ``the Norwegian fjords``."""
_NO_PLACES = (
    r"\b(?:runs|opens|closes|costs|starts|begins|ends|takes|has|is|was|offers|serves|hosts|holds|includes|stays|shows|sells|"
    r"gives|gets|comes|welcomes|presents|features|returns|lasts|stands|sits|delivers|ships|sales?|days|members|"
    r"meets|awards?|prices|terms|weekends|holidays|games|plans|accounts|categories|products)$"
)


def _places_lost(passage: Passage, evidence: Evidence) -> bool:
    """Return whether ``in the Northgate and Quayside districts`` is said by none of its names."""
    low = evidence.case.low
    for found in _PLACES.finditer(passage.text):
        names = {w.lower() for w in re.findall(r"[A-Z][\w'-]+", found["names"])} - CALENDAR
        if has(_HOUSE, found["names"]) or re.search(_OF_COUNTRY, found["names"]):
            continue
        if names and not has(_NO_PLACES, found["kind"]) and not any(_says(name, low) for name in names):
            return True
    return False


def _says(name: str, low: str) -> bool:
    return name.removesuffix("'s") in low or is_empty(name)
