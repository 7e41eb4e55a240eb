"""How long and how firmly something holds: for good, fixed, exactly, at least, every time.

``$55 for the first 12 months, then $70`` bears no "that price never goes up", ``variable`` no "fixed", ``up to half`` no
"exactly half", and what may be given where appropriate is not given every time.
"""  # noqa: E501

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import is_empty
from plugins.generation.grounding.reading.passages import Passage

_FOR_GOOD = (
    r"\bnever (?:go(?:es|ing)? up|rises?|changes?|increases?|climbs?)\b|\b(?:will|do|does|is) (?:not|never) (?:go(?:ing)? up|rise|change|increase|move)\b|"  # noqa: E501
    r"\bfor (?:ever|good|life|as long as (?:you|they|we))\b|\bforever\b|\block(?:s|ed|ing)? (?:it |that |this |in )*in\b|\bfixed\b|"  # noqa: E501
    r"\bstays? (?:exactly )?the same\b|\bpermanent(?:ly)?\b|\bprice freeze\b|\bwithout ever\b|\bguaranteed (?:rate|price)\b|\bno (?:price )?(?:rises?|increases?)\b"  # noqa: E501
)
_FOR_A_TIME = (
    r"\bvariable\b|\bfor (?:the|your|their) first\b|\bfirst (?:\w+ )?(?:box|order|month|year|delivery|bill|booking)\b|\bintroductory\b|\bthen (?:it is |at )?(?=[$\u00a3\u20ac\d])|"  # noqa: E501
    r"\b(?:rises?|increases?|goes up|reverts?|changes?) (?:by|to|each|every|in|on|after|from)\b|\b(?:may|can|could|might) (?:change|rise|vary|go (?:up|down))\b|"  # noqa: E501
    r"\bsubject to change\b|\bpromotional\b|\bafter (?:that|which|this)\b|\bthereafter\b"
)


def firmer_than_source(evidence: Evidence) -> bool:
    """Return whether a price is told to last that the source changes, or a bound or a possibility as a certainty."""
    return _for_good(evidence) or _exactly(evidence) or _every_time(evidence) or _shields(evidence)


def _telling(passage: Passage, evidence: Evidence) -> set[str]:
    return {root for root in evidence.sentence.concepts & passage.concepts if not is_empty(root)}


def _for_good(evidence: Evidence) -> bool:
    """Return whether a price or a rate that holds for a time, or varies, is told to last."""
    sentence = evidence.sentence
    if not has(_FOR_GOOD, sentence.text) or has(_FOR_GOOD, evidence.low) or has(_FOR_A_TIME, sentence.text):
        return False
    return any(
        f.kind in ("money", "percent")
        and matches(q, f)
        and has(_FOR_A_TIME, p.text[max(0, f.start - _NEAR) : f.end + _NEAR * 2])
        for q in sentence.figures
        for p in evidence.passages
        for f in p.figures
    )


_NEAR = 40
_UPWARD = (
    r"\b(?:at least|no less than|not less than|a minimum of|exactly|precisely|a guaranteed|always|every time)(?: a)? $"
)
_DOWNWARD = r"\b(?:at most|no more than|not more than|up to|a maximum of|exactly|precisely|never more than)(?: a)? $"


def _exactly(evidence: Evidence) -> bool:
    """Return whether a most is told as a least or as exact, or the reverse: "at least three times" of ``up to three``."""  # noqa: E501
    text = evidence.sentence.text
    if has(r"\b(?:exactly|precisely|at least|a full|fully|no less than) half\b", text):
        return any(
            f.value == _HALF and f.kind == "percent" and f.hedge == "max" for p in evidence.aligned for f in p.figures
        )
    for q in evidence.sentence.figures:
        lead = text[: q.start] + re.split(r"\d", q.text)[0] if q.text else text[: q.start]
        same = [f for p in evidence.passages for f in p.figures if f.kind == q.kind and f.value == q.value]
        hedges = {_hedge(p.text[: f.start]) for p in evidence.passages for f in p.figures if f in same}
        if has(_NOTICE, text[q.end :]) or has(_SELDOM, text[: q.start]):
            continue
        if hedges == {"max"} and (has(_UPWARD, text[: q.start]) or has(_UPWARD, lead)):
            return True
        if hedges == {"min"} and (has(_DOWNWARD, text[: q.start])):
            return True
    return False


_HALF = 50


def _hedge(before: str) -> str:
    """Return the hedge that stands right before a figure: ``up to | three times``."""
    if has(r"\b(?:up to|as much as|as many as) (?:an? )?$", before):
        return "max"
    return "min" if has(r"\b(?:at least|a minimum of) (?:an? )?$", before) else ""


_SELDOM = r"\b(?:rarely|seldom|hardly|scarcely|never|not|no|nor) (?:ever )?(?:\w+ )?(?:more|over|less|under|fewer) ?(?:than )?(?:an? )?$"  # noqa: E501
_NOTICE = r"^[^.;,]{0,15}\b(?:before|beforehand|ahead|in advance|prior|notice|earlier|away|off)\b"
"""Behind a time, where a least and a most say the same: ``up to two days before``, "at least two days before"."""
_WHERE_FIT = r"\b(?:can|may|could|might)\b[^.;]{3,70}\b(?:where|if|when|as) (?:\w+ ){0,2}?(?:appropriate|necessary|needed|required|possible|suitable|indicated|justified|advisable)\b"  # noqa: E501
_SURELY = r"\b(?:every|each|all|always|automatically|guaranteed|ends? with|will (?:get|receive|leave|have)|comes? with|without fail|is yours)\b"  # noqa: E501
_OPEN = r"\b(?:can|may|might|could|if|where|when|appropriate|necessary|needed|suitable|possible)\b"


def _every_time(evidence: Evidence) -> bool:
    """Return whether what can be done where appropriate is told to be done every time."""
    text = evidence.sentence.text
    if not has(_SURELY, text) or has(_OPEN, text):
        return False
    return any(has(_WHERE_FIT, p.text) and _telling(p, evidence) for p in evidence.passages)


_HELPS = r"\b(?:contributes? to|supports?|helps? (?:to )?(?:maintain|support|keep)|normal function|plays? a (?:role|part) in)\b"  # noqa: E501
_SHIELD = (
    r"\b(?:(?:will|do|does) not|never|no longer|no more|not) (?:\w+ )?(?:catch|get|have|suffer|fall|feel|be|come down)\b[^.;]{0,30}"  # noqa: E501
    r"\b(?:colds?|flu|ill|sick|infections?|bugs?|tired|aches?|pains?|fractures?|deficien\w+|stress\w*|sneez\w+)\b|"
    r"\b(?:keeps?|wards?|fights?|holds?)\b[^.;]{0,25}\b(?:colds?|flu|illness|infections?|bugs|disease)\b|"
    r"\b(?:goodbye to|no more|free of|immune to|protects? (?:you )?(?:from|against)|prevents?|cures?|stops?)\b[^.;]{0,20}\b(?:colds?|flu|illness|sickness|infections?|bugs|disease|tiredness|sneez\w+)\b"  # noqa: E501
)


def _shields(evidence: Evidence) -> bool:
    """Return whether what contributes to a function of the body is told to keep an illness off."""
    return has(_SHIELD, evidence.sentence.text) and has(_HELPS, evidence.low) and not has(_SHIELD, evidence.low)
