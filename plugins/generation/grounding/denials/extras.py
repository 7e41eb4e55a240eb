"""What does not come with a thing: told in other words ("billed separately"), or given all the same ("in the box")."""

from __future__ import annotations

import re

from plugins.generation.grounding.denials.affirmations import kept_off
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_LEFT_OUT = re.compile(
    r"\b(?:(?:is|are) (?:also |both |all )?not|not) (?:be |yet )?(?:included|part of|covered|in the (?:price|fee|rate|box|pack)|"  # noqa: E501
    r"provided|supplied)\b|\b(?:is|are|comes?|costs?|charged|billed) (?:as )?(?:an? )?(?:optional )?extras?\b|\b(?:sold|charged|billed|priced|bought|available) separately\b|"  # noqa: E501
    r"\b(?:is|are) (?:excluded|charged separately)\b",
    re.I,
)
"""How a source says that something does not come with the thing; what it is stands before it."""
_CHARGED = r"\b(?:on top|plus|extra|separately|additional(?:ly)?|pay for|pays for|charged?|at (?:your|their) own|(?:bill|price|charge|fee) of (?:its|their) own|(?:its|their) own (?:bill|price|charge|fee)|for a fee|cost)\b"  # noqa: E501
_PRICED = (
    r"\b(?:separate|costs?|billed|payable|chargeable|optional|add|adds|added|adding|(?:on|to) (?:the|your) (?:bill|total|price)|"  # noqa: E501
    r"(?:is|are|for|at|from|add|another) (?:just |only |an? |another )*[$\u00a3\u20ac]\d)|"
    r"\bbefore (?:\w+ ){0,2}(?:tax(?:es)?|vat|fees?|charges|dut(?:y|ies)|delivery|shipping|postage|surcharges?|gratuit\w+|tips?)\b|"  # noqa: E501
    r"[$\u00a3\u20ac]\d[\d.]* (?:extra|more|each|a|per|buys|gets)\b"
)
"""How a clause says that the thing it names is to be paid for: ``a footprint can be added for £45``."""
_YES = r"\b(?:free|included|no|not)\b"
_GIVEN_BEHIND = re.compile(
    r"^[^;.:!?]{0,45}?\b(?:included|(?:in|inside) the (?:box|pack|price|package|deal|fee|rate|ticket)|supplied|provided|covered|"  # noqa: E501
    r"thrown in|part of (?:the|your|it)|on us|(?:comes?|arrives?|ships?) with|yours|free)\b",
    re.I,
)
_GIVEN_BEFORE = re.compile(
    r"\b(?:includ(?:es?|ing)|(?:comes?|complete|together|along) with|covers|covering|(?:we|you) (?:get|provide|supply|throw in))\b"  # noqa: E501
    r"[^;.:!?]{0,60}$",
    re.I,
)
_BARS = r"\b(?:not?|never|nor|neither|without|except\w*|exclud\w+|but|bar|apart|aside|extra|separate\w*|optional|only|unless|minus|before|your own|while|whereas|though|although)\b|n't\b|[$\u00a3\u20ac]\d"  # noqa: E501
"""What between a thing and "included" may keep it out or price it."""
_CHARGED_BEHIND = re.compile(
    r"(?: (?!(?:and|or|but)\b)[\w'-]+){0,2} "
    r"(?:(?:is |are )?(?:charged|billed|sold|priced|bought|available|payable) (?:separately|extra)|"
    r"(?:is |are |costs? |as an? )?(?:optional )?extras?\b(?! (?:cost|charge)))",
    re.I,
)
"""What prices a thing of a list that began with "including": ``including VAT, with design work | charged separately``."""  # noqa: E501
_NOT_RIGHT_BEFORE = r"(?:\b(?:not|never|nor|neither|no longer|without|excluding)|n't)(?: \w+ly)? $"
"""What turns "include" into its opposite: ``does not | include the sauna``."""
_Item = tuple[tuple[str, ...], tuple[str, ...]]
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|you|we)\b", re.I)
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[a-z]")


def told_as_extra(match: re.Match[str], scope: set[str], sentence: Passage, passage: Passage) -> bool:
    """Return whether the copy has a price or a charge for what the negation ``match`` of a passage leaves out."""
    word, behind = match[0].lower(), passage.text[match.start() :]
    short = _SHORT_NOT.match(behind) and has(r"\bincluded\b", passage.text[: match.start()])
    if not (word.endswith(("extra", "separately")) or _LEFT_OUT.match(behind) or short):
        return False
    for clause in re.split(r"[,;:.](?!\d)|\b(?:and|but|while)\b", sentence.text):
        names = {concept(w.lower()) for w in _WORD.findall(clause)} & scope
        charged = has(_CHARGED, clause) or (names and has(_PRICED, clause))
        if charged and not has(_YES, clause):
            return True
    return False


_SHORT_NOT = re.compile(r"not(?=\s*(?:$|[.;,)]))", re.I)
"""A denial that leaves out "included", said before: ``dinner is included; drinks are not``."""


def left_out_things(evidence: Evidence) -> set[str]:
    """Return what the sources leave out of a price, so that the copy may call it an extra.

    ``Modem rental is $10 a month and is not included`` bears "modem rental is extra at $10", though the verb stands
    far from its subject. What the clause gives before is none of it: ``the case is included and the strap is not``.
    """
    out: set[str] = set()
    for passage in evidence.passages:
        for found in _LEFT_OUT.finditer(passage.text):
            start, end = _clause(passage, found)
            given = list(_AFFIRMED.finditer(passage.text, start, end))
            start = given[-1].end() if given else start
            out |= {s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if start <= at < end}
    return {stem for stem in out if not is_empty(stem)}


_AFFIRMED = re.compile(r"\b(?:included|includes?|including|comes? with|free)\b", re.I)


def given_anyway(evidence: Evidence) -> bool:
    """Return whether the sentence gives what a passage leaves out: ``batteries are not included``, "in the box"."""
    sentence = evidence.sentence
    return any(
        _given(item, evidence, _stems_beside(passage, found))
        for passage in evidence.passages
        for found in _LEFT_OUT.finditer(passage.text)
        if not has(r"\b(?:neither|nor|not?|never|nothing|none)\b", passage.text[slice(*_clause(passage, found))])
        for item in _items(passage.text[slice(*_clause(passage, found))])
        if not kept_off(set(item[0]), sentence)
    )


_NO_FEE = re.compile(
    r"\b(?:no|zero|without(?: an?| any)?) (?P<what>(?!extra|additional|further|hidden|other|more|such|need)[a-z-]{3,}) "
    r"(?:fees?|charges?|deposits?|surcharges?|penalty|penalties)\b",
    re.I,
)


def fee_denied(evidence: Evidence) -> bool:
    """Return whether the copy promises that there is "no joining fee" where no cited source speaks of joining."""
    return any(
        concept(found["what"].lower()) not in evidence.stems and found["what"].lower() not in evidence.low
        for found in _NO_FEE.finditer(evidence.sentence.raw)
    )


def _clause(passage: Passage, found: re.Match[str]) -> tuple[int, int]:
    start = max((m.end() for m in re.finditer(r"[;:]|\.\s|, but\b|\bbut\b", passage.text[: found.start()])), default=0)
    return start, found.start()


def _items(text: str) -> list[_Item]:
    """Return the things of a list, each with the words of its head and those of a clause behind it."""
    out: list[_Item] = []
    for part in re.split(r",|\b(?:and|or|nor)\b", text):
        head, behind = (*_RELATIVE.split(_VERB.split(part, maxsplit=1)[0], maxsplit=1), "")[:2]
        out.append((_stems(head), _stems(behind)))
    return [item for item in out if item[0]]


_VERB = re.compile(r"\b(?:is|are|can|may|must|will|costs?|needs?)\b", re.I)


def _stems(text: str) -> tuple[str, ...]:
    words = [w.lower() for w in _WORD.findall(text) if w.lower() not in STOP]
    return tuple(concept(w) for w in words if not is_empty(w)) or tuple(map(concept, words[-1:]))


def _stems_beside(passage: Passage, found: re.Match[str]) -> set[str]:
    """Return what a passage says before and behind the clause that leaves something out, where that tells two apart."""
    start, _ = _clause(passage, found)
    return {s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if at < start or at >= found.end()}


def _given(item: _Item, evidence: Evidence, beside: set[str]) -> bool:
    """Return whether the sentence has a thing right before or behind a word that gives it.

    It is the same thing by its last word (``car parking``, "your parking space") where no passage affirms another.
    """
    head, behind = set(item[0]), set(item[1])
    sentence = evidence.sentence
    if not head <= sentence.concepts:
        head = {item[0][-1]}
    if not head <= sentence.concepts or (behind and not behind & sentence.concepts):
        return False
    spans = [span for stem, span in zip(sentence.stems, sentence.spans, strict=True) if stem in head | behind]
    for start, end in spans:
        after, before = _GIVEN_BEHIND.match(sentence.text[end:]), _GIVEN_BEFORE.search(sentence.text[:start])
        if before is not None and has(_NOT_RIGHT_BEFORE, sentence.text[: before.start()]):
            continue
        if _CHARGED_BEHIND.match(sentence.text[end:]):
            continue
        near = sentence.near(start, end)
        if 2 * len(head & near) <= len(head) or not (head - beside or head) & near:
            continue
        if any(found is not None and not has(_BARS, found[0]) for found in (after, before)):
            return not _affirmed(head | behind, evidence)
    return False


def _affirmed(things: set[str], evidence: Evidence) -> bool:
    """Return whether a passage without any denial speaks of the things as well, not by a name (``Hatherley Park``)."""
    plain = (
        {concept(w) for w in re.findall(r"(?<![A-Za-z])[a-z][a-z'-]*[a-z]", p.text[:1].lower() + p.text[1:])}
        for p in evidence.passages
        if not _LEFT_OUT.search(p.text)
    )
    return any(things <= stems for stems in plain)
