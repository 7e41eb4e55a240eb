"""Numbers that the source does not say but shows: how many things it lists, how many its kinds make together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.lexicon import STOP, concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity

_ITEM = r"[\w'\u2019-]+(?: [\w'\u2019-]+){0,2}?"
_ROW = re.compile(rf"\b(?P<items>{_ITEM}(?:, {_ITEM})*,? (?:and|or|&) [\w'\u2019-]+)", re.I)
_NAMES = frozenset(
    concept(word)
    for word in """countries country cities city towns states counties locations stores branches shops places
    languages islands resorts airports stations regions venues days months apples grapes varieties""".split()  # noqa: SIM905
)
"""What is counted by its names, which are written with capitals."""
_MOST = 12
_PAIR = 2


def listed_in_source(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a source lists as many things as a spelled number says: ``three countries``.

    Things with names have to be names; of a thing that the source itself counts, no list says how many.
    """
    if q.kind != "count" or not 1 < q.value <= _MOST or q.hedge not in ("", "from") or not q.noun:
        return False
    if has(r"\b(?:left|remain\w*|to go)\b", evidence.sentence.text[q.end :]):
        return False
    counted = {concept(f.noun) for p in evidence.passages for f in p.figures if f.kind == "count" and f.noun}
    if concept(q.noun) in counted:
        return False
    named = concept(q.noun) in _NAMES
    if not named and (q.value == 2 or not re.search(r"[^s]s$", q.noun)):
        return False
    return any(
        len(items) == q.value and (not named or all(item[:1].isupper() for item in items))
        for passage in evidence.passages
        if passage in evidence.aligned or q.value > _PAIR
        for items in _lists(passage)
    )


def counts_a_list_at(start: int, evidence: Evidence) -> bool:
    """Return whether the word at a place is what a number counts that a list of the source makes."""
    text = evidence.sentence.text
    return any(
        f.end < start <= f.end + len(f.noun) + _NEAR
        and text.lower().startswith(f.noun, start)
        and listed_in_source(f, evidence)
        for f in evidence.sentence.figures
        if f.noun
    )


_NEAR = 12


def _lists(passage: Passage) -> Iterator[list[str]]:
    """Yield the lists of a sentence, each item by its last words: ``moss, slate and rust``."""
    for found in _ROW.finditer(passage.text):
        items: list[str] = []
        for at, item in enumerate(part for part in re.split(r",? (?:and|or|&) |, ", found["items"]) if part):
            words = item.split()
            opens = len(words) > 1 and words[0].lower() in STOP
            items = [words[-1]] if opens or not at else [*items, item]
        yield items


def kinds_together(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a number is that of all kinds of one sentence: eleven winners, one grand and ten second prizes.

    One of the kinds has to bear the name of what is counted.
    """
    if q.kind != "count" or q.value < 2 or q.hedge or not q.noun:
        return False
    for passage in evidence.passages:
        counts = [f for f in passage.figures if f.kind == "count" and f.spelled and not f.hedge]
        if len(counts) < 2 or sum(f.value for f in counts) != q.value:
            continue
        behind = [list(map(concept, re.findall(r"[a-z]+", passage.text[f.end :].lower())[:3])) for f in counts]
        mine = list(map(concept, re.findall(r"[a-z]+", evidence.sentence.text[q.end :].lower())[:2]))
        if any(concept(q.noun) in words for words in behind) and not any(words[:2] == mine for words in behind):
            return True
    return False


_SHARE_WORD = re.compile(
    r"\b(?P<word>(?:the )?(?:vast |great )?majority|most|more than half|over half|nearly all|almost all|half)"
    r"(?! (?:likely|famous|popular|of all|[a-z]+(?:ed|ing|ful|ous|able)))(?: of)?(?: (?:the|our|its|their|all))* (?P<n>\d+ )?(?P<what>[a-z']+(?: [a-z']+){0,2})",  # noqa: E501
    re.I,
)
_HALF = 0.5


def overstated_share(evidence: Evidence) -> bool:
    """Return whether ``most rooms`` is told of 18 of the 42 rooms of the source.

    The counts are those of the noun and of a part of it that the sentence speaks of.
    """
    for found in _SHARE_WORD.finditer(evidence.sentence.text):
        nouns, word = set(map(concept, found["what"].lower().split())), found["word"].lower()
        for whole, part, words in _parts(evidence):
            if concept(whole.noun) not in nouns or not words & evidence.sentence.concepts:
                continue
            share = part.value / whole.value
            if (word == "half" and abs(share - _HALF) > 0.04) or (word != "half" and share <= _HALF):
                return True
    return False


def _parts(evidence: Evidence) -> Iterator[tuple[Quantity, Quantity, frozenset[str]]]:
    """Yield a number of the source, the number of some of them, and the words of what these are."""
    for source in evidence.sources:
        for passage in source.passages:
            counts = [f for f in passage.figures if f.kind == "count" and not f.hedge]
            for whole in counts:
                for part in counts:
                    behind = passage.text[part.end :]
                    if whole.noun and part.start > whole.start and part.value < whole.value and (
                        has(r"^ (?:of (?:which|them|whom|these|those)|have|has|are|face|offer|with|come)\b", behind)
                    ):  # fmt: skip
                        left, right = passage.clause(part.start, part.end)
                        yield (
                            whole,
                            part,
                            frozenset(
                                s
                                for s, (at, _) in zip(passage.stems, passage.spans, strict=True)
                                if part.end <= at < max(right, left)
                            )
                            - {concept(whole.noun)},
                        )
