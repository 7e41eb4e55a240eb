"""Denials that hold up to a bound or from it on: ``not before 6 pm`` says yes from 6 pm on, and no before.

What is denied before a bound may be affirmed from it on, and the reverse; affirmed on the denied side, it is wrong.
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.dates import clocks
from plugins.generation.grounding.reading.lexicon import STOP, concept
from plugins.generation.grounding.reading.passages import Passage

_NOT = re.compile(r"\b(?:not|no|never|nobody|none)\b(?! (?:only|just|more|less|later|earlier|longer))", re.I)
_SIDES = (
    ("before", r"before|prior to|ahead of|until|till|up to|by"),
    ("after", r"from|after|once|as soon as|following|past|beyond"),
    ("at", r"at|when|on"),
    ("during", r"during|throughout|while|in the middle of"),
    ("within", r"in|inside|within"),
    ("outside", r"outside|out of"),
)
_BOUND = re.compile(r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _SIDES) + r")\b", re.I)
_DENIED_ON = {"before": ("before",), "after": ("after",), "during": ("during", "within"), "within": ("within",)}
_REST = {
    "before": ("after", "at"),
    "after": ("before",),
    "during": ("before", "after", "outside"),
    "within": ("outside", "before", "after"),
}
"""On which sides of a bound a denial leaves the thing open."""
_SAYS_NO = (
    r"\b(?:not?|never|nobody|none|without|nor|neither|wait\w*|hold|held|stays?|keeps?|kept|shut|closed?|locked|miss\w*|"
    r"leave|only|until|unless|refuse\w*|ban\w*|forbid\w*|forbidden|outside|too (?:early|late|soon)|sorry|instead)\b"
)
_MAY = r"\b(?:can|may|could|will|'ll|let|lets|allow\w*|welcome\w*|admit\w*|able|free|possible|we|you|is|are|do|does|get|gets)\b"  # noqa: E501
_REACH = 45
"""Characters behind a preposition in which its bound stands."""
_Bounds = dict[str, set[str]]


def denied_side(passage: Passage, match: re.Match[str]) -> tuple[str, set[str]] | None:
    """Return the side of a bound on which ``match`` denies, and what marks the bound: ``before``, 6 pm."""
    if not _NOT.match(passage.text, match.start()):
        return None
    _, end = passage.clause(match.end(), match.end())
    bounds = {m.lastgroup or "": m for m in reversed(list(_BOUND.finditer(passage.text, match.end(), end)))}
    side = next((side for side in _DENIED_ON if side in bounds), None)
    if side is None:
        return None
    found = bounds[side]
    marks = _marks(passage.text[found.end() : found.end() + _REACH])
    return (side, marks) if marks else None


def told_beyond(side: str, marks: set[str], sentence: Passage) -> bool:
    """Return whether a sentence affirms only on the side that a denial leaves open: ``from 6 pm``."""
    bounds = _bounds(sentence)
    return any(bounds.get(rest, set()) >= marks for rest in _REST[side]) and not any(
        bounds.get(denied, set()) >= marks for denied in _DENIED_ON[side]
    )


_WITHOUT = re.compile(r"\b(?:not?|never|nobody|none)\b[^.;]*?\bwithout (?P<what>[^.,;]+)", re.I)


def met(passage: Passage, match: re.Match[str], sentence: Passage) -> bool:
    """Return whether a sentence has what a denial asks for: ``not without an adult``, so "with an adult"."""
    found = _WITHOUT.search(passage.text)
    if found is None or not found.start() <= match.start() < found.start("what") or has(_SAYS_NO, sentence.text):
        return False
    asked = _marks(found["what"])
    return bool(asked) and asked <= sentence.concepts


def affirms_within_bound(evidence: Evidence) -> bool:
    """Return whether the sentence affirms on the very side that the source denies: ``we let you in before the interval``."""  # noqa: E501
    sentence = evidence.sentence
    if has(_SAYS_NO, sentence.text) or not has(_MAY, sentence.text):
        return False
    bounds = _bounds(sentence)
    for passage in evidence.aligned:
        for match in _NOT.finditer(passage.text):
            denied = denied_side(passage, match)
            if denied and any(bounds.get(side, set()) >= denied[1] for side in _DENIED_ON[denied[0]]):
                return True
    return False


def _bounds(sentence: Passage) -> _Bounds:
    out: _Bounds = {}
    for found in _BOUND.finditer(sentence.text):
        side = found.lastgroup or ""
        out.setdefault(side, set()).update(_marks(sentence.text[found.end() : found.end() + _REACH]))
    return out


def _marks(behind: str) -> set[str]:
    """Return the clock times and the words right behind a preposition, up to the next one."""
    phrase = re.split(r"[,;:!?()]|\.(?!\d)", behind)[0]
    times = clocks(phrase)
    if times:
        return {f"{times[0][0]}"}
    phrase = re.split(r"\b(?:and|or|but|if|we|you|they|it|is|are|on|in|at|for|with|to)\b", phrase)[0]
    phrase = re.sub(r"\b20\d\d\b", "", phrase)
    words = [w for w in re.findall(r"[a-z]+|\d+", phrase.lower()) if w not in STOP or w in ("first", "second", "third")]
    return {concept(w) for w in words[:3]}
