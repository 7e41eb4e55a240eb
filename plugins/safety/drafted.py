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
    r"(?:you asked for|you wanted|for \w+|could read|would be|reads)|"
    r"(?:variant|version|option|arm|alternative|headline|caption|tagline|slogan|subject(?: line)?|preheader|title|"
    r"button|cta|push|control(?: text)?)\b[^\n:.!?\"“]{0,40}(?::|[\"“]|reads|says))",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[\"“„«](?P<double>[^\"“”„«»]{15,600})[\"”“»]|(?<!\w)[‘'](?P<single>[^\n]{15,600}?)[’'](?!\w)")
AFTER_COLON = re.compile(r":\s+(?P<rest>[^\n]{15,600})")
REPORTED = re.compile(
    r"\W{0,3}\s?(?:was|were|is|has been|have been|got|did not|didn't)\s(?:\w+\s)?"
    r"(?:held|blocked|stopped|withheld|rejected|refused|flagged|pass|removed)",
    re.IGNORECASE,
)
REPORTS = re.compile(
    r"(?:held|blocked|stopped|withheld|rejected|refused|flagged|removed)\s(?:for|because of|over|due to)[\s:]{0,2}\Z",
    re.IGNORECASE,
)
REPORT_BEFORE = 40
LEAST_WORDS = 3


def proposals(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a chat reply that are copy it proposes."""
    offered = OFFERS.search(text)
    if offered is None:
        return
    found = False
    for match in QUOTED.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        found = True
        if text.count(" ", start, end) >= LEAST_WORDS - 1 and not _reported(text, match):
            yield start, end
    after = None if found else AFTER_COLON.search(text, offered.start())
    if after is not None:
        yield after.span("rest")


def _reported(text: str, quoted: re.Match[str]) -> bool:
    """Tell whether a quotation is there to say that it was stopped."""
    before = text[max(0, quoted.start() - REPORT_BEFORE) : quoted.start()]
    return bool(REPORTED.match(text, quoted.end()) or REPORTS.search(before))
