"""Echo of what was understood, in words and without figures: the cheapest defence against a silent misreading."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.conditions import Condition
from app.llm.offline.meaning import Context, Meaning

FIELD_WORDS = {
    "lifecycle": "lifecycle",
    "value_tier": "value tier",
    "country": "country",
    "city": "city",
    "age": "age",
    "gender": "gender",
    "last_purchase_days": "days since last purchase",
    "orders_count": "number of orders",
    "total_spend": "total spend",
    "avg_order_value": "average order value",
    "favourite_category": "favourite category",
    "channel_preference": "preferred channel",
    "consent": "consent",
    "email_open_rate": "e-mail open rate",
    "last_open_days": "days since last open",
    "loyalty_tier": "loyalty tier",
    "signup_days": "days since sign-up",
}
_OPS = {
    "eq": "",
    "ne": "not ",
    "in": "",
    "not_in": "not ",
    "gt": "more than ",
    "gte": "at least ",
    "lt": "less than ",
    "lte": "at most ",
}
_INTERPRETED = ("lifecycle", "value_tier", "loyalty_tier", "consent", "country", "email_open_rate")


def condition_words(condition: Condition) -> str:
    """Return 'value tier high', 'country not DE'."""
    if condition.field == "raw":
        return "a condition kept as it was"
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if condition.op == "top_percent":
        return f"{FIELD_WORDS.get(condition.field, condition.field)} in the top {condition.value} percent"
    return f"{FIELD_WORDS.get(condition.field, condition.field)} {_OPS.get(condition.op, '')}{' or '.join(str(value).replace('_', ' ') for value in values)}"


def read_back(meaning: Meaning, context: Context) -> str:
    """Say how ambiguous words were read, and what was not; phrases with digits are left to the tool's own words."""
    out: list[str] = []
    for words, condition in meaning.readings:
        shown = condition_words(condition)
        if (
            condition.field == "country"
            and isinstance(condition.value, str)
            and len(words) > 3
            and condition.op == "eq"
        ):
            continue
        if condition.field in _INTERPRETED and not re.search(r"\d", words + shown) and words and words not in shown:
            out.append(f"'{words}' as {shown}")
    out = list(dict.fromkeys(out))[:4]
    said = [f"I read {', '.join(out)}."] if out else []
    missed = [f"'{words}'" for words in meaning.unread if not re.search(r"\d", words)]
    if meaning.unread:
        what = ", ".join(missed) or "a part of that"
        said.append(f"**I could not read {what}: nobody was chosen by it.**")
    return " ".join(said)
