"""Conditions that a copy keeps without their words: by an example, by a name, by the other way, by a case of its own.

``Children aged 6 to 15 pay half`` is kept by "your ten-year-old", ``excludes online orders`` by "in store", and
``Larder Card members`` by "scan your Larder Card".
"""

from __future__ import annotations

import re

from plugins.generation.grounding.conditions.other_words import numbers_said
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity
from plugins.generation.grounding.wording.certainty_rules import SAMPLE


def kept_otherwise(name: str, found: re.Match[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether a condition of the sort ``name``, found in a passage, is kept or asked for nothing."""
    if name == "who":
        return _body_named(found, evidence) or _age_within(passage, evidence) or _only_members_earn(passage, evidence)
    if name in ("scope", "when") and has(SAMPLE, passage.text) and not has(r"\bfree\b|% off\b", passage.text):
        return True
    if name == "scope":
        return _one_of_several_ways(found) or _kept_out_told(found, evidence) or _places_told(found, evidence)
    if name == "when":
        return _hours_told(passage, evidence) or _end_computed(found, passage, evidence)
    return name == "minimum" and _sum_within(passage, evidence)


def _body_named(found: re.Match[str], evidence: Evidence) -> bool:
    """Return whether the copy has the card or the scheme whose members are meant: ``Larder Card members``."""
    before = re.search(r"(?:[A-Z][\w'-]+ )*([A-Z][\w'-]+) $", found.string[: found.start()])
    after = re.match(r" of (?:the |our )?(?:[A-Z][\w'-]+ )*([A-Z][\w'-]+)", found.string[found.end() :])
    named = (
        before
        if (before is not None and before.start() > 0) or (before is not None and " " in before[0][:-1])
        else None
    )
    return any(m is not None and has(rf"\b{re.escape(m[1])}\b", evidence.case.low) for m in (named, after))


_EARNS = r"\b(?:earns?|collects?|gathers?|gets?|receives?) [^.;]{0,25}\b(?P<unit>points?|miles|stamps?|stars?|beans?)\b"


def _only_members_earn(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a sentence tells of points, which none but members collect: ``Members earn 2 points per $1``."""
    found = re.search(_EARNS, passage.text, re.I)
    return found is not None and has(rf"\b{found['unit'].removesuffix('s')}s?\b", evidence.sentence.text)


_AGE_RANGE = re.compile(r"\b(?:aged?|ages|from|between) (?P<low>\d{1,2})(?: years)? (?:to|and|-) (?P<high>\d{1,2})\b|"
                        r"\b(?:under|below) (?P<below>\d{1,2})\b|\b(?:over|aged) (?P<above>\d{1,2})(?: (?:or|and) over)?\b")  # fmt: skip  # noqa: E501
_HAS_AGE = r"\b(?:\w+|\d+)-year-olds?\b|\baged?\b|\bturn(?:s|ed|ing)?\b|\byears? old\b|\bbirthday\b|'s (?:\d+|\w+)\b"


def _age_within(passage: Passage, evidence: Evidence) -> bool:
    """Return whether the copy has an age within the range that is asked for: "your ten-year-old" of 6 to 15."""
    if not has(_HAS_AGE, evidence.case.low):
        return False
    said = {int(n) for n in numbers_said(evidence.case) if n.isdigit()}
    for found in _AGE_RANGE.finditer(passage.text):
        least = int(found["low"] or found["above"] or 0)
        most = int(found["high"] or (int(found["below"]) - 1 if found["below"] else 120))
        if any(least <= age <= most for age in said):
            return True
    return False


_WAY = r"(?:call\w*|ring\w*|by|in|at|over|through|via|collect|pick|visit|on the phone|from our)\b"


def _one_of_several_ways(found: re.Match[str]) -> bool:
    """Return whether a way is one of several that are open to all: ``Enroll online or call us``."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    return has(rf"^,? or {_WAY}", after) or has(
        r"\b(?:call|ring|phone|visit|post|person|shops?|stores?)[^.;]{0,20} or $", before
    )


_KEEPS_OUT = r"\b(?:exclud\w+|except(?: for)?|not (?:valid|available|apply|include)(?: \w+)?|other than) (?:[\w-]+ )?$"
_IN_SHOP = r"\b(?:in[- ]store|at the (?:till|counter|desk)|(?:in|at|to) (?:our|the|any|your|all) (?:\w+ )?(?:shops?|stores?|branch\w*|showrooms?))\b"  # noqa: E501


def _kept_out_told(found: re.Match[str], evidence: Evidence) -> bool:
    """Return whether what is kept out is kept out by the other way: ``excludes online orders``, "in store"."""
    return (
        "online" in found[0].lower()
        and has(_KEEPS_OUT, found.string[: found.start()])
        and has(_IN_SHOP, evidence.case.low)
    )


def _places_told(found: re.Match[str], evidence: Evidence) -> bool:
    """Return whether the copy has the towns of shops in place of the shops: ``in our shops in Lyon and Ghent``."""
    named = re.match(
        r" (?:in|at) (?:the )?(?P<names>[A-Z]\w+(?:(?:, | and |, and | or )[A-Z]\w+)*)", found.string[found.end() :]
    )  # noqa: E501, RUF100
    names = re.findall(r"[A-Z]\w+", named["names"]) if named else []
    return bool(names) and all(has(rf"\b{name}\b", evidence.case.low) for name in names)


def _hours_told(passage: Passage, evidence: Evidence) -> bool:
    """Return whether the copy has the hours that a source gives for off-peak: "9am to 4pm on weekdays"."""
    if not has(r"\boff[- ]peak\b", passage.text):
        return False
    hours = {minutes for p in evidence.passages if has(r"\boff[- ]peak\b", p.text) for minutes in p.clocks}
    return bool(hours) and hours <= {minutes for s in evidence.case.sentences for minutes in s.clocks}


def _end_computed(found: re.Match[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether a term is told by the month in which it ends: ``for 18 months from purchase``, "until June 2027"."""  # noqa: E501
    span = [f for f in passage.figures if f.kind == "months" and found.start() <= f.start < found.end()]
    if len(span) != 1:
        return False
    month = evidence.case.as_of.year * 12 + evidence.case.as_of.month - 1 + round(span[0].value)
    name = evidence.case.as_of.replace(year=month // 12, month=month % 12 + 1, day=1).strftime("%B %Y").lower()
    return name in evidence.case.low


def _sum_within(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a sum of the copy lies in the range that is asked for: "a $200 jacket" of $50 to $600."""
    sums = [f.value for f in passage.figures if f.kind == "money"]
    told = [q.value for s in evidence.case.sentences for q in s.figures if q.kind == "money"]
    ranged = re.search(
        r"(?:\bfrom |\bbetween )?[$\u00a3\u20ac][\d,.]+ (?:to|and) [$\u00a3\u20ac][\d,.]+|[$\u00a3\u20ac][\d,.]+-",
        passage.text,
    )
    if ranged and len(sums) > 1:
        low, high = sums[0], sums[1]
        return any(low <= value <= high for value in told)
    least = [f.value for f in passage.figures if f.kind == "money" and has(r"\bminimum\b", passage.text[: f.start])]
    return bool(least) and bool(told) and max(told) > max(least)


def example_reaches(bound: Quantity, evidence: Evidence) -> bool:
    """Return whether the copy has an example of its own that reaches a least: "three donkeys" of two or more."""
    known = [f for p in evidence.passages for f in p.figures]
    return any(
        q.kind == bound.kind
        and not q.hedge
        and q.value > bound.value
        and (q.kind != "count" or not bound.noun or not q.noun or concept(q.noun) == concept(bound.noun))
        and (q.kind != "count" or bool(q.noun))
        and not any(matches(q, f) for f in known)
        for s in evidence.case.sentences
        for q in s.figures
    )


_ENDS_ITEM = re.compile(r"(?:,|;|\band\b|\bplus\b|\bincluding\b)(?P<item>[^,;]*)$", re.I)


def bounds_an_item(found: re.Match[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether a condition stands behind the last of several things, and the sentence has no word of that one.

    ``15% off dining, free breakfast, and 2 p.m. checkout subject to availability``: the breakfast is not.
    """
    item = _ENDS_ITEM.search(found.string[: found.start()])
    if item is None:
        return False
    figures = [f for f in passage.figures if item.start("item") <= f.start < found.start()]
    if any(matches(q, f) for q in evidence.sentence.figures for f in figures):
        return False
    words = {concept(w) for w in re.findall(r"[a-z]{3,}", item["item"].lower()) if w not in STOP and not is_empty(w)}
    return bool(words) and not words & evidence.sentence.concepts
