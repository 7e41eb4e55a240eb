"""Words such as "any" and "everything else" where they widen nothing: of what costs extra, of what is denied, of the rest."""  # noqa: E501

from __future__ import annotations

import re

from plugins.generation.grounding.denials.polarity_rules import NEGATOR
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import concept

_CHARGED = (
    r"\b(?:billed|charge[sd]?|chargeable|costs?|pay|pays|paid|payable|extra|separate|separately|on top|surcharge|invoiced|added|"  # noqa: E501
    r"on (?:the|your) bill|at (?:your|their|the \w+'s) (?:own )?(?:cost|expense)|not (?:included|covered|part of)|excluded)\b"  # noqa: E501
)
_GIVEN = r"\b(?:free|%|discount\w*|included(?<!not included)|sav\w+|refund\w*|cashback|points|gift|bonus)\b"
_BEFORE_CHARGED = r"\b(?:plus|before|excluding|not including|without|minus|pay for|charge for|extra for) $"
"""What stands before "any" in what is to be paid: ``plus any postage``."""
_NEGATED = r"\b(?:not|no|never|nor|nobody|none|nothing|without|hardly|scarcely|neither)\b[^,;:.]*$"
_NARROWED = r"^(?:anyone|anybody|any \w+) (?:under|over|above|below|aged|younger|older|with|without|who|whose|not|but|except|outside)\b"  # noqa: E501
_MORE = r"^any (?P<kind>further|other|additional|extra|remaining|later|subsequent|leftover|spare|more|outstanding|unused) (?P<what>[a-z-]{3,})"  # noqa: E501
_THE_REST = r"\b(?:others?|elsewhere|rest|otherwise|remaining|remainder|everyone else|anyone else)\b"


_DUTY = r"\b(?:must|needs?|needed|(?:have|has) to|required|requires?|compulsory|mandatory|obligatory)\b"
"""What is asked of all: ``like everyone on our tours you need boots`` gives nothing away."""


_ALWAYS_BOUND = r"^always (?:charge|bill|ask|need|require|take|allow)\w*(?: \w+){0,3} (?:at least|a minimum|no less)\b"
"""What is asked at the least is asked every time: ``we always charge for at least three hours``."""


def widens_nothing(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``found`` (any, anyone, anywhere else ...) says no more than the source does."""
    sentence = evidence.sentence
    before, after = sentence.text[: found.start()], sentence.text[found.start() :]
    if has(r"^\s*else\b", sentence.text[found.end() :]):
        clause = re.split(r"[,;:]", before)[-1] + re.split(r"[,;:]", after)[0]
        return has(_THE_REST, evidence.low) and not has(_GIVEN, clause)
    if has(_DUTY, after) and has(_DUTY, evidence.low):
        return True
    if (found[0].strip().lower() == "all" and has(r"\bin $", before)) or _asked_at_least(evidence, after):
        return True
    if not found[0].lower().startswith("any"):
        return False
    clause = re.split(r"[;:!?]|\.(?!\d)", after)[0]
    charged = has(_BEFORE_CHARGED, before) or (has(_CHARGED, clause) and not has(_GIVEN, clause))
    return charged or _denied(evidence, before, after) or _more_of_it(evidence, after)


def _asked_at_least(evidence: Evidence, after: str) -> bool:
    """Return whether "always" stands before a least that a source asks as well."""
    least = [f for p in evidence.passages for f in p.figures if f.hedge == "min"]
    mine = [q for q in evidence.sentence.figures if q.hedge == "min"]
    return has(_ALWAYS_BOUND, after) and bool(mine) and all(any(matches(q, f) for f in least) for q in mine)


def _denied(evidence: Evidence, before: str, after: str) -> bool:
    """Return whether ``any`` stands in a denial of what the source speaks of: ``you won't find any nuts in it``.

    "We don't sell it to anyone" may deny more than the source; "to anyone under eighteen" does not.
    """
    if not has(_NEGATED, before):
        return False
    if has(_NARROWED, after):
        return True
    noun = re.match(r"any (?:[a-z-]+ )??(?P<what>[a-z-]{3,})\b", after, re.I)
    return noun is not None and concept(noun["what"].lower()) in evidence.stems


def _more_of_it(evidence: Evidence, after: str) -> bool:
    """Return whether ``any further purchase`` says what the source says of ``further purchases``."""
    more = re.match(_MORE, after, re.I)
    if more is None:
        return False
    said = {concept(more["kind"].lower()), concept(more["what"].lower())}
    return any(said <= p.concepts and not NEGATOR.search(p.text) for p in evidence.passages)
