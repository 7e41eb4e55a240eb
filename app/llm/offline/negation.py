"""What a 'not' reaches: from the negator to the end of its clause, and which conditions a correction drops."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from dataclasses import replace

from app.llm.offline.conditions import Hit

_VERB = r"(?:leav(?:e|ing)|tak(?:e|ing)|keep(?:ing)?|cut(?:ting)?|strip(?:ping)?|filter(?:ing)?|kick(?:ing)?|throw(?:ing)?|left|took)(?= [^.;!?]{2,40}\bout\b)|throw(?:ing)? out|chuck(?:ing)? out|toss(?:ing)? out|dropped|removed|excluded|left out|took out|skipped|exclud(?:e|es|ed|ing)|leav(?:e|ing) (?:\w+ )?out|drop(?:ping)?|remov(?:e|es|ing)|omit(?:ting)?|skip(?:ping)?|tak(?:e|ing) (?:\w+ )?out|strip(?:ping)? out|get rid of|filter(?:ing)? out|cut(?:ting)?(?: out)?|ditch|lose|kick out|dump|suppress|weed out|knock out|ignore|avoid|minus|do not (?:include|target|contact|send to|email|message|text|want|add|reach)|not (?:include|includ(?:ing)|target(?:ing)?)|no need for|stop targeting|stop including|hold out"
_PREP = r"not|no|without|except(?: for)?|but not|other than|apart from|aside from|outside(?: of)?|non|none of|anyone but|everyone but|everybody but|anybody but|everywhere but|nobody|no one|no-one|never|nor|all but|bar"
NEGATOR = re.compile(rf"(?<![\w])(?:(?P<verb>{_VERB})|(?P<prep>{_PREP}))(?![\w])")
INSTEAD_OF = re.compile(r"(?<![\w])(?:instead of|rather than|in place of|as opposed to)(?![\w])")
_BREAK = re.compile(
    r"[.;!?]|,? (?:but|and|then)? ?(?:only|keep|include|target|make|use|build|create|who (?:have|are|do|did|like|buy|bought|prefer|live)|with|write|send|we want|tell|show|how many|count|focus on|just|that (?:have|are|like|buy))\b|\bbut\b(?! not)|,? and (?:have|are|like|prefer|buy)\b"
)
SWAPPED = re.compile(
    r"(?<![\w])(?:swap|replace|substitute|exchange|trade)(?:ping|ing)?(?: out)? (?=(?P<old>[^.;!?]{2,40}?) (?:for|with|by)\b)"
)
CORRECTION = re.compile(
    r"(?<![\w])(?:no,? wait|wait,? no|wait|i mean(?:t)?|actually,? (?:no|make|change|sorry)|sorry,? (?:i mean(?:t)?|no|make)|scratch that|or rather|make that|correction|no,? sorry|strike that|on second thought|no,? (?:make|use|for|let us)|hang on|hmm,? no)(?![\w])"
)


def resolve(text: str, hits: list[Hit]) -> list[Hit]:
    """Apply negators, 'instead of' and corrections to the hits of a message; order of mention is kept."""
    ordered = sorted(hits, key=lambda hit: (hit.start, hit.end))
    ordered = _without_replaced(text, ordered)
    ordered = _corrected(text, ordered)
    flips: dict[int, int] = {}
    corrections = [match.span() for match in CORRECTION.finditer(text)]
    for match in NEGATOR.finditer(text):
        if any(start <= match.start() < end for start, end in corrections):
            continue
        for index in _reached(text, ordered, match):
            flips[index] = flips.get(index, 0) + 1
    return [_flip(hit) if flips.get(index, 0) % 2 else hit for index, hit in enumerate(ordered)]


def _flip(hit: Hit) -> Hit:
    return replace(hit, condition=hit.condition.negated(), negated=True)


def _reached(text: str, hits: list[Hit], negator: re.Match[str]) -> list[int]:
    """Return the indexes of the hits in the scope of a negator."""
    if any(hit.start <= negator.start() < hit.end for hit in hits):
        return []
    found: list[int] = []
    previous: Hit | None = None
    spans = {(hit.start, hit.end) for hit in hits}
    for index, hit in enumerate(hits):
        if hit.start < negator.end():
            continue
        between = _outside(text, negator.end() if previous is None else previous.end, hit.start, spans)
        inner = re.sub(r"\boutside(?: of)?\b", "", between) if previous is None else between
        if _BREAK.search(between) or NEGATOR.search(inner):
            break
        if (
            previous is not None
            and hit.start >= previous.end
            and negator["prep"]
            and not _continues(between, previous, hit)
        ):
            break
        if previous is None and negator["prep"] and len(between) > 34:
            break
        found.append(index)
        previous = hit
    return found


def _outside(text: str, start: int, end: int, spans: set[tuple[int, int]]) -> str:
    return text[start:end]


def _continues(between: str, previous: Hit, hit: Hit) -> bool:
    """Say whether 'not A, B' goes on to B: the same field, or no more than a blank between the two."""
    if hit.condition.field == previous.condition.field:
        return True
    return not re.search(r",|\band\b|\bor\b|\bplus\b|\bin\b", between) and len(between.strip()) < 12


def _without_replaced(text: str, hits: list[Hit]) -> list[Hit]:
    """Drop what stands after 'instead of' up to the end of the clause."""
    for match in SWAPPED.finditer(text):
        hits = [hit for hit in hits if not match.end() <= hit.start < match.end() + len(match["old"])]
    for match in INSTEAD_OF.finditer(text):
        stop = re.search(r"[.;!?,]| and (?:make|use|only|then|also)", text[match.end() :])
        end = match.end() + stop.start() if stop else len(text)
        hits = [hit for hit in hits if not match.end() <= hit.start < end]
    return hits


def _corrected(text: str, hits: list[Hit]) -> list[Hit]:
    """After 'no wait', a later value of the same field takes the place of the earlier one."""
    for match in CORRECTION.finditer(text):
        if match.start() < 4:
            continue
        later = {hit.condition.field for hit in hits if hit.start >= match.start()}
        hits = [hit for hit in hits if hit.start >= match.start() or hit.condition.field not in later]
    return hits
