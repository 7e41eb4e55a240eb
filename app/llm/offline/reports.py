"""Wishes for a report of a campaign: its sheet, or what came of it. What they look like."""
# ruff: noqa: E501 - patterns are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.conditions import whole

INTENT = "make_report"
_SHEET = whole(
    r"(?:campaign|fact|summary) ?sheets?|one[- ]?pagers?|sheet (?:of|for|on|about) (?:it|this|that|(?:the|my|our) campaign)"
)
_RESULTS = whole(
    r"(?:results?|test|experiment|final) reports?|report (?:of|on|about|for) (?:the )?(?:results?|test|experiment|outcome)"
)
_EITHER = whole(
    r"campaign reports?|reports? (?:of|on|about|for) (?:it|this|that|them|(?:the|my|our|this) \w+)|(?:make|give|write|create|produce|prepare|generate|print|export|send|need|want|get|download)(?: me| us)?(?: an?| the)?(?: printable| pdf| html)? report"
)
_AS_DATA = whole(r"csv|excel|xlsx?|spreadsheets?|json")
_NEGATED = re.compile(r"\b(?:no|not|without)\b")


def wants_report(text: str) -> bool:
    """Say whether a message asks for a report as a page; a table of figures is an export."""
    named = _SHEET.search(text) or _RESULTS.search(text) or _EITHER.search(text)
    return bool(named) and not _AS_DATA.search(text) and not _NEGATED.search(text)


def report_kind(text: str, *, has_results: bool) -> str:
    """Return ``sheet`` or ``results``: the one that is named; a bare 'report' is about results where there are some."""
    named = _RESULTS.search(text) or (not _SHEET.search(text) and has_results)
    return "results" if named else "sheet"
