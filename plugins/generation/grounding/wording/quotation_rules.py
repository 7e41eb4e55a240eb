"""Rules about quotations: what stands between quotation marks was said in these words, or it is no quotation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, has

_QUOTED = re.compile(
    r"[\"\u201c](?P<double>[^\"\u201c\u201d]+)[\"\u201d]|(?<![\w'])['\u2018](?P<single>(?:[^'\u2018\u2019]|['\u2019](?=\w))+)['\u2019](?!\w)"
)
_SAYS = (
    r"[\"\u201c\u201d]|(?<!\w)['\u2018][A-Z][^'\u2019]{12}|\b(?:reviews?|reviewed|testimonial|quot\w+|said|says?|wrote|writes|told|"
    r"calls?|called|comment\w*)\b"
)
"""How a source gives the words of a person or a paper."""
_SHORTEST = 4
"""Words; fewer are a name or a word that is held at arm's length: ``our 'quiet' carriages``."""
_LEFT_OUT = re.compile(r"\u2026|\.\.\.|\[[^\]]*\]")
"""What shows in a quotation that something was left out or put in."""


def quotation_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``quote_altered`` where words between quotation marks are not those of the cited sources.

    ``"The best holiday of our lives," says Margaret T.`` for ``"The best walking week we have had in years."``
    """
    if not has(_SAYS, " ".join(p.raw for p in evidence.passages)):
        return
    told = _plain(" ".join(p.raw for p in evidence.passages))
    for found in _QUOTED.finditer(evidence.sentence.raw):
        quoted = found["double"] or found["single"]
        if quoted.rstrip().endswith("?") or len(quoted.split()) < _SHORTEST:
            continue
        if any(_plain(part) not in told for part in _LEFT_OUT.split(quoted) if part.strip(" .,")):
            yield "quote_altered"
            return


def _plain(text: str) -> str:
    """Return the words of ``text`` alone, as they can be compared: small letters, single spaces."""
    return f" {' '.join(_WORD.findall(re.sub(_APOSTROPHE, '', text.lower())))} "


_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = r"['\u2019]"
