"""What the rules for short messages share."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from dataclasses import replace

from app.llm.offline.meaning import Meaning
from app.llm.offline.reading import Reading

LEAD = re.compile(
    r"^(?:and|but|or|so|then|ok|now|what about|how about|what if|and what about|how about for|same(?: thing| again)?|also|plus|just|only|no|yes|yeah|actually|make (?:it|that|them)|change (?:it|that) to|let us say|say|try|with|for|in|by|instead|rather|i mean(?:t)?|sorry|go with|use)\b[\s,]*"
)
RESULT = {"read_results", "compare_variants", "simulate_results", "compare_campaigns", "explain_driver"}
COPY = {"draft_copy", "revise_copy", "check_copy", "build_campaign", "explain_block"}


def as_said(reading: Reading, *intents: str, **changes: object) -> Meaning:
    topic = str(changes.pop("topic", ""))
    return Meaning(intents, replace(reading.wishes, **changes), topic=topic)  # type: ignore[arg-type]


def word_count(reading: Reading) -> int:
    return len(reading.text.split())


def one_of(last: set[str], *intents: str) -> str | None:
    return next((intent for intent in intents if intent in last), None)
