"""Copy that a chat reply drafts: what it proposes in quotation marks, or after a colon, is read as copy is.

A reply that only quotes what was held, to say so, proposes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

OFFERS = re.compile(
    r"\b(?:suggest\w*|propos(?:e|ed|al|ing)|draft\w*|rewr(?:ite|itten|ote)|re-?word(?:ed|ing)?|rephras\w*|soften\w*|"
    r"(?:how|what) about|i(?:'d|'ll| would| will|'ve| have| can) (?:write|written|go with|say|send|put|post|use|try)|"
    r"here(?:'s| is| are) (?:the|your|a|an|my|some|one|two|three)|as (?:you )?(?:asked|requested)|happy to help|"
    r"(?:line|copy|text|headline|caption|tagline|slogan|post|message|reply|push|sms|teaser|opener) "
    r"(?:you asked for|you wanted|for \w+|could read|would be|reads))",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[\"“„«](?P<double>[^\"“”„«»]{15,600})[\"”“»]|(?<!\w)[‘'](?P<single>[^\n]{15,600}?)[’'](?!\w)")
AFTER_COLON = re.compile(r":\s+(?P<rest>[^\n]{15,600})")
REPORTED = re.compile(
    r"\W{0,3}\s?(?:was|were|is|has been|have been|got|did not|didn't)\s(?:\w+\s)?"
    r"(?:held|blocked|stopped|withheld|rejected|refused|flagged|pass|removed)",
    re.IGNORECASE,
)
LEAST_WORDS = 4


def proposals(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a chat reply that are copy it proposes."""
    offered = OFFERS.search(text)
    if offered is None:
        return
    found = False
    for match in QUOTED.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        found = True
        if text.count(" ", start, end) >= LEAST_WORDS - 1 and not REPORTED.match(text, match.end()):
            yield start, end
    after = None if found else AFTER_COLON.search(text, offered.start())
    if after is not None:
        yield after.span("rest")
