"""What a sentence says without bounds that its source bounds, and what it carries to or from the reader besides.

``Insured however much it is worth``, where the source insures "up to £500"; ``your old bed goes to be recycled``, where
the source speaks of the new one alone.
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.lexicon import concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_HOWEVER = re.compile(
    r"\b(?:however|no matter how|regardless of how|never mind how|it does not matter how) "
    r"(?P<degree>much|many|high|long|far|large|big|small|little|heavy|great|valuable|expensive|few|low|late|old|young)\b|"
    r"\b(?:whatever|no matter|regardless of|irrespective of)(?: what)? (?:is |are )?(?:the|its|their|your) (?:\w+ )?"
    r"(?P<measure>size|amount|value|length|weight|number|total|sum|price|distance|height|age|quantity|balance)\b",
    re.I,
)
"""What takes every bound away: ``however much you save``, ``whatever the size of your order``."""
_BOUND = (
    r"\b(?:up to|at (?:least|most)|no (?:more|less|fewer) than|not (?:more|less|fewer) than|or (?:more|over|less|under|fewer)|"  # noqa: E501
    r"(?:and|or) (?:over|above|older|younger|up|under)|minimum|maximum|limited to|capped at|within|below|above|over|under|"  # noqa: E501
    r"exceed\w*|between|from)\b"
)
"""What bounds a figure of the source."""


def knows_no_bounds(evidence: Evidence) -> bool:
    """Return whether the sentence takes a bound away that a passage it speaks of sets: ``however high the value``."""
    found = _HOWEVER.search(evidence.sentence.text)
    if found is None or _HOWEVER.search(evidence.low):
        return False
    if any(
        has(_BOUND, evidence.sentence.text[max(0, f.start - _NEAR) : f.end + _NEAR]) for f in evidence.sentence.figures
    ):
        return False
    return any(_bounded(passage) and _same_matter(evidence, passage) for passage in evidence.passages)


_NEAR = 14
"""Letters around a figure within which its bound stands."""


def _bounded(passage: Passage) -> bool:
    """Return whether a passage sets a bound to a figure: ``on orders of €60 or more``."""
    return any(
        f.kind != "time" and has(_BOUND, passage.text[max(0, f.start - _NEAR) : f.end + _NEAR]) for f in passage.figures
    )


def _same_matter(evidence: Evidence, passage: Passage) -> bool:
    """Return whether a passage shares two telling concepts with the sentence, or one if it is the likest."""
    shared = {root for root in evidence.sentence.concepts & passage.concepts if not is_empty(root)}
    return len(shared) >= (1 if passage in evidence.aligned[:1] else _SHARED)


_SHARED = 2
_YOUR_OLD = re.compile(r"\byour (?:old|existing|previous|former|worn|used|worn-out) (?P<thing>[a-z]+)", re.I)
_AWAY = (
    r"\b(?:tak(?:e|es|en|ing)|haul\w*|remov\w+|dispos\w+|recycl\w+|carr(?:y|ies|ied)|collect\w*|pick\w*|cart\w*|scrap\w*|"
    r"goes? (?:back|away|off|with)|leaves? with|fetch\w*|rid of)\b"
)
"""What becomes of an old thing that somebody fetches."""
_OLD = r"\b(?:old|existing|previous|former|worn|used|trade[- ]in|traded|part[- ]exchange)\b"


def takes_the_old_away(evidence: Evidence) -> bool:
    """Return whether an old thing of the reader's is taken away of which no source speaks: ``your old bed goes too``."""  # noqa: E501
    text = evidence.sentence.text
    return (
        _YOUR_OLD.search(text) is not None
        and has(_AWAY, text)
        and has(
            r"\b(?:we|us|our|they|them|free|cost|charge|included|drivers?|couriers?|crew|team|fitters?|engineers?)\b",
            text,
        )
        and not has(r"\b(?:not|never|n't)\b", text)
        and not has(_OLD, evidence.low)
    )


_ANOTHER = re.compile(
    r"\b(?:with|and|plus|,|includes?|including|gets?|receive) (?:an? |one |your )?(?P<more>second|third|additional|spare|further|"  # noqa: E501
    r"replacement|extra) (?P<thing>[a-z]+)(?: [a-z]+)?(?= (?:is |are |come |comes )?(?:included|free|at no|for free|for nothing|on us))",  # noqa: E501
    re.I,
)
"""One more of a thing, given: ``and a second driver included``."""
_MORE = r"\b(?:second|third|additional|spare|further|replacement|extra|another|two|both|three|pair)\b"


_AHEAD = (
    r"\b(?:days?|hours?|weeks?|minutes?|earlier|first|sooner|early) (?:before|ahead of|than) "
    r"(?:\w+ (?:opens?|goes on sale|is open) to )?"
    r"(?:everyone|everybody|anyone|anybody|others|other \w+s|the (?:general )?public|the rest)\b"
)
"""What puts the reader before others: ``a day before everyone else``."""
_FIRST = r"\b(?:before|early|earlier|ahead|first|priority|advance|pre-?sale|preview|head start|exclusive\w*)\b"
_FREE_TOO = re.compile(
    r"\b(?:plus|and(?: get| receive)?|with|gets?|gives? you|receive) an? (?:free |complimentary )?(?P<thing>(?:bag|box|pack|bottle|glass|cup|jar|tin|pair|set|bunch|basket|slice|piece|sample) of (?:your |our )?(?P<of>[a-z]+))",  # noqa: E501
    re.I,
)
"""So much of a thing that is given: ``plus a free bag of treats``."""


def puts_first(evidence: Evidence) -> bool:
    """Return whether the reader is put before others though no source tells of an order: ``a day before the public``."""  # noqa: E501
    return has(_AHEAD, evidence.sentence.text) and not has(_FIRST, evidence.low)


def gives_so_much(evidence: Evidence) -> bool:
    """Return whether a packet of something is given that no source has: ``plus a free bag of treats``."""
    known = evidence.stems
    return any(
        concept(found["of"].lower()) not in known and concept(found["thing"].split()[0].lower()) not in known
        for found in _FREE_TOO.finditer(evidence.sentence.text)
    )


def gives_another(evidence: Evidence) -> bool:
    """Return whether one more of a thing is given though no source tells of more: ``a second driver included``."""
    return _ANOTHER.search(evidence.sentence.text) is not None and not has(_MORE, evidence.low)
