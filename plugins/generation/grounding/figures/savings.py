"""What two prices of a source differ by: £30 off where £159 became £129, £25 less than three day tickets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.arithmetic import spoken_of
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity, unit_size

_SAVED_BEFORE = r"\b(?:sav(?:e|es|ed|ing|ings)|discount|reduction|drop|cut|difference)(?: you| your\w*)?(?: of| is)?(?: another| an extra| a full| a further)? $"  # noqa: E501
_LESS_BEHIND = r"^ ?(?:each |apiece |a \w+ |per \w+ )?(?:off\b|less\b|cheaper\b|lower\b|below\b|saved\b|saving\b)"
_MORE_BEHIND = r"^ ?(?:a \w+ |per \w+ )?(?:more\b|extra\b|dearer\b|above\b|on top\b|higher\b)"
_CENT = 0.006
_FEW = 12


def is_difference(q: Quantity, sentence: Passage) -> bool:
    """Return whether a sum of money is told as what is saved or paid on top: ``save £6``, ``£20 less``."""
    return q.kind == "money" and (
        has(_SAVED_BEFORE, sentence.text[: q.start]) or has(_LESS_BEHIND + "|" + _MORE_BEHIND, sentence.text[q.end :])
    )


def differs_by(q: Quantity, evidence: Evidence) -> bool:
    """Return whether two prices of the cited sources, one of them several times perhaps, differ by ``q``."""
    return is_difference(q, evidence.sentence) and any(
        abs(value - q.value) < _CENT or (q.hedge == "approx" and abs(value - q.value) <= _LOOSE * q.value)
        or (q.hedge == "min" and q.value < value <= _ABOVE * q.value)
        for value in _differences(q, evidence)
    )  # fmt: skip


_LOOSE = 0.05
_ABOVE = 1.12


def _differences(q: Quantity, evidence: Evidence) -> Iterator[float]:
    text = evidence.sentence.text
    pool = [f for p in evidence.passages for f in p.figures]
    known = [*spoken_of([f for f in pool if f.kind == "money"], evidence), *_usual(evidence)]
    prices = sorted({f.value for f in known if f.unit == q.unit})
    counts = {f.value for f in [*pool, *evidence.sentence.figures] if f.kind in ("count", "multibuy")}
    counts |= {f.value / unit_size(f.unit) for f in pool if f.kind in ("time", "months") and f.unit}
    summed = any(has(_SINGLY, p.text) and not has(r"\b(?:each|apiece)\b", p.text) for p in evidence.passages)
    singly = has(_SINGLY, text) and not summed
    counts |= (
        {2.0} if not has(_SINGLY, text) and has(r"\b(?:two|both|pair|couple|joint|apiece|singles?)\b", text) else set()
    )
    few = {n for n in counts if 1 < n <= _FEW}
    for a in prices:
        for b in prices:
            if a != b:
                if not singly:
                    yield abs(a - b)
                yield from (abs(n * a - b) for n in few)
                yield from (n * abs(a - b) for n in few)
    yield from (a + b - c for a, b in combinations(prices, 2) for c in prices if max(a, b) < c < a + b)


def _usual(evidence: Evidence) -> Iterator[Quantity]:
    """Yield the prices of the sources that are the usual ones: ``after that the standard price of | £29``."""
    for passage in evidence.passages:
        for price in passage.figures:
            left, right = passage.clause(price.start, price.end)
            if price.kind == "money" and has(_USUALLY, passage.text[left:right]):
                yield price


_USUALLY = (
    r"\b(?:usual\w*|normal\w*|standard|regular\w*|full|list|rrp|original\w*|was|were|reduced|down|later|after\w*|"
    r"otherwise|thereafter|on the (?:door|day)|at the (?:gate|door)|other customers|everyone else)\b"
)


def wrong_saving(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``save £6`` is told where two prices of one sentence of the source make another saving.

    Only of a saving by number (``three for £18`` at £7.50 each), which no other sum explains.
    """
    if not has(_SAVED_BEFORE, evidence.sentence.text[: q.start]) or q.kind != "money" or q.hedge:
        return False
    if not has(_SINGLY, evidence.sentence.text):
        return False
    return not any(abs(value - q.value) < _CENT for value in _differences(q, evidence))


def multiplies(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a number says of how many a saving is: ``£25 less than three day tickets``."""
    sentence = evidence.sentence
    before = sentence.text[: q.start]
    if q.kind not in ("count", "time") or not has(
        r"\b(?:less|cheaper|more|off|on|against|saving)\b[^.;]{0,30} $", before
    ):
        return False
    n = q.value / (unit_size(q.unit) if q.unit else 1)
    prices = [f for p in evidence.passages for f in p.figures if f.kind == "money"]
    told = [f for f in sentence.figures if is_difference(f, sentence) and f.end <= q.start]
    return any(
        abs(abs(n * a.value - b.value) - f.value) < _CENT
        for f in told for a in prices for b in prices if a.unit == b.unit == f.unit
    )  # fmt: skip


_POINT = 0.51
_SINGLY = r"\b(?:singly|one by one|individually|separately|one at a time|on their own|each on its own)\b"
_THAN = re.compile(
    r"\b(?P<way>more|dearer|less|cheaper)(?: \w+){0,2}? than (?:the |our |its )?(?:[a-z-]+ ){0,2}?\W?$", re.I
)
_INSTEAD = re.compile(r"\b(?:than|instead of|down from|was|usually|normally|against)\b[^.;]*?\W?$", re.I)


def compared_rightly(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a price of the sentence and the difference told with it give another price of the source.

    ``£15 more than the standard £35 one`` where a version is £50; ``£79 rather than £126: a saving of £47``.
    """
    sentence = evidence.sentence
    prices = {f.value for p in evidence.passages for f in p.figures if f.kind == "money" and f.unit == q.unit}
    if q.kind not in ("money", "percent"):
        return False
    mine = [f.value for f in sentence.figures if f.kind == "money" and f.value]
    shares = [f.value for f in sentence.figures if f.kind == "percent"]
    if any(abs((a - b) / a * 100 - s) < _POINT for a in mine for b in mine for s in shares if a > b):
        return bool(_INSTEAD.search(sentence.text))
    for told in (f for f in sentence.figures if f is not q and is_difference(f, sentence)):
        than = _THAN.search(sentence.text[told.end : q.start]) if told.end < q.start else None
        if than:
            more = than["way"].lower() in ("more", "dearer")
            return any(abs(q.value + (told.value if more else -told.value) - p) < _CENT for p in prices)
        others = [f.value for f in sentence.figures if f.kind == "money" and f not in (q, told)]
        return any(abs(abs(q.value - o) - told.value) < _CENT for o in others) and bool(
            _INSTEAD.search(sentence.text[: max(f.start for f in sentence.figures if f is not told)])
        )
    return False
