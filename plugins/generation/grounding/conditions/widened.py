"""What is said to make no difference although the source makes it one: whatever, with or without, one or more.

"Whatever its condition" goes against ``a working phone``, "with or without a booking" against ``must be booked``, and
"even for a single night" against ``a minimum stay of 3 nights``.
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_NO_MATTER = re.compile(
    r"\b(?:(?:what|which|how|who|where|when)ever|no matter (?:what|which|how|who|where|when)|regardless of|irrespective of|"  # noqa: E501
    r"independent(?:ly)? of|(?:does not|doesn't) (?:matter|depend on))\b(?P<what>[^,;.:!?]*)",
    re.I,
)
_DEPENDS = re.compile(r"\b(?:depend(?:s|ing)? (?:up)?on|var(?:y|ies) (?:with|by)|according to)\b(?P<what>[^;.]*)", re.I)
_NO_DIFFERENCE = (
    r"\b(?:what|which|how|who)(?:so)?ever\b|\bno matter\b|\bregardless\b|\birrespective\b|\bindependent(?:ly)? of\b|"
    r"\b(?:any|all|every|each|both|flat)\b|\bwhether\b|\bor not\b|\bsame\b|\bunlimited\b"
)
_STATE = r"\b(?:condition|state|shape|wear)\b"
_SOUND = r"\b(?:working|undamaged|unused|unworn|unopened|intact|original|good|sealed|clean|complete|functioning|unscratched|new|as new)\b"  # noqa: E501
_WITH_OR_WITHOUT = re.compile(
    r"\b(?:with or without|with and without|whether or not you(?:'ve| have| hold| own)(?: got)?|even without)(?: (?:an?|the|any|your))? "  # noqa: E501
    r"(?P<what>(?:[\w-]+ ?){1,3})|"
    r"\bno (?P<none>(?:[\w'-]+ ){1,4}?)(?:is |are )?(?:needed|required|necessary)\b",
    re.I,
)
_ASKS = r"\b(?:must|requires?|required|needs?|needed|have to|has to|only|holders?|if|unless|with (?:an?|their|your|the)|who|compulsory)\b"  # noqa: E501
_FOR_SOME = r"^\W*(?:\w+ )?(?:members?|subscribers?|holders?|owners?|customers?|guests?)\b"
_BUYS = re.compile(
    r"\b(?:buy|buys|order|orders|book|books|purchase|purchases|take|takes|choose|chooses|add|adds|hire|hires|rent|rents)"
    r"(?: any| at least)? (?P<many>two|three|four|five|six|seven|eight|ten|twelve|[2-9]|1[0-2])\b",
    re.I,
)
_ONE_IS_ENOUGH = r"\b(?:one|1|a single) or more\b|\beven (?:for |if (?:it is|it's) )?(?:just |only )?(?:a single|one|1)\b|\b(?:just|only) (?:one|a single) (?:is enough|will do)\b|\bany number\b|\bas (?:few|little) as one\b|\bno minimum\b"  # noqa: E501


def made_no_difference(evidence: Evidence) -> bool:
    """Return whether a sentence says that something makes no difference on which the source lets it depend."""
    return _whatever(evidence) or _with_or_without(evidence) or _one_is_enough(evidence) or _any_age(evidence)


def _whatever(evidence: Evidence) -> bool:
    """Return whether "whatever" counts out what the source names: the contract, the address, the condition of a thing."""  # noqa: E501
    sentence = evidence.sentence
    for found in _NO_MATTER.finditer(sentence.text):
        named = _named(found["what"])
        for passage in evidence.passages:
            if has(_NO_DIFFERENCE, passage.text):
                continue
            hangs = _DEPENDS.search(passage.text)
            if hangs and (named & _named(hangs["what"]) or _tells_figure(sentence, passage)):
                return True
            if passage not in evidence.aligned:
                continue
            if has(_STATE, found["what"]) and has(_SOUND, passage.text):
                return True
            if has(_CHOSEN, found["what"]) and named & passage.concepts and _counted(named, passage):
                return True
    return False


_CHOSEN = r"\b(?:you|they|we|your|length|kind|type|size|sort)\b"


def _counted(named: set[str], passage: Passage) -> bool:
    """Return whether a passage narrows what is named by a figure before it: a ``12-month contract``."""
    return any(
        stem in named and any(0 <= at - f.end <= 1 and f.kind in ("time", "months") for f in passage.figures)
        for stem, (at, _) in zip(passage.stems, passage.spans, strict=True)
    )


def _tells_figure(sentence: Passage, passage: Passage) -> bool:
    return any(matches(q, f) for q in sentence.figures for f in passage.figures)


def _with_or_without(evidence: Evidence) -> bool:
    """Return whether what a passage asks for is said not to be needed: "with or without a booking"."""
    for found in _WITH_OR_WITHOUT.finditer(evidence.sentence.text):
        what = _named(found["what"] or found["none"])
        asking = [
            p for p in evidence.passages if what & p.concepts and not has(r"\b(?:with or without|whether)\b", p.text)
        ]
        if any(has(_NOT_ASKED, p.text) for p in asking):
            continue
        for passage in asking:
            of_group = has(_FOR_SOME, passage.text) and passage in evidence.aligned
            if what <= passage.concepts and (has(_ASKS, passage.text) or of_group):
                return True
    return False


_NOT_ASKED = r"\b(?:no|not|without|never|nor|neither)\b|n't\b"


def _one_is_enough(evidence: Evidence) -> bool:
    """Return whether one is said to do where the source asks for more: "one or more" of ``buy four``."""
    text = evidence.sentence.text
    if not has(_ONE_IS_ENOUGH, text):
        return False
    said = {f.value for f in evidence.sentence.figures}
    for passage in evidence.aligned:
        least = [f for f in passage.figures if f.value > 1 and f.kind in ("count", "time") and f.value not in said]
        if _BUYS.search(passage.text) or any(
            f.hedge == "min" or has(r"\bminimum\b[^.;]{0,25}$", passage.text[: f.start]) for f in least
        ):
            return True
    return False


_ANY_AGE = r"\b(?:of |at )?(?:any|every|whatever|all) ages?\b|\bno (?:upper )?age limit\b|\bhowever old\b"
_AGES = r"\b(?:aged|ages|between|from)\b[^.;]{0,20}\bto\b|\b(?:up to|under|over|at least|maximum|minimum)\b[^.;]{0,12}\b(?:years?|months?|age)\b|\baged? (?:under|over|up to|at least)?\b"  # noqa: E501


def _any_age(evidence: Evidence) -> bool:
    """Return whether any age is admitted where the source has an age from and to."""
    return has(_ANY_AGE, evidence.sentence.text) and any(
        has(_AGES, p.text)
        and not has(_ANY_AGE, p.text)
        and any(f.kind in ("time", "months", "count") for f in p.figures)
        for p in evidence.aligned
    )


def _named(text: str) -> set[str]:
    words = re.findall(r"[a-z][a-z-]{2,}", text.lower())
    return {concept(w) for w in words if w not in STOP and (not is_empty(w) or len(w) > _SHORT)}


_SHORT = 4
