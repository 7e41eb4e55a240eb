"""What a message does to the audience in force: replaces it, adds to it, takes away from it."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.llm.offline.conditions import LISTED, Condition, merged, whole
from app.llm.offline.meaning import Context
from app.llm.offline.reading import Reading

_ADD = whole(
    r"also|add|adding|plus|include|including|as well(?: as)?|too|and also|throw in|bring in|extend(?: it| this)? to|expand|widen|open (?:it )?(?:up )?to|on top|back in|back|both|or"
)
_FRESH = whole(
    r"start over|from scratch|new audience|fresh audience|forget (?:that|it|them|those|about)|scrap (?:that|the audience)|different audience|instead (?:of (?:that|them|those|this|these))|replace the audience|the whole (?:base|list|database)|all (?:our |my |the )?customers|everyone|everybody|entire (?:base|list)"
)
_NARROW = whole(
    r"(?:of|among|within|from|out of) (?:those|them|these|that|which|this (?:group|audience|segment|list))|those|them|these|they|that (?:group|audience|segment)|this (?:group|audience|segment)|of which|the ones|ones|same|narrow|restrict|limit|only|just|further|audience|also|filter|keep|within that|on top|additionally|who also|out of these"
)
_REMOVE = re.compile(
    r"\b(?:remove|drop|ignore|lift|clear|forget(?: about)?|delete|lose|get rid of|without|relax|reset|scrap|regardless of|any|all|no|do not (?:limit|filter|restrict) by|not limit by|undo|skip)\b[\w ]{0,20}?\b(?P<f>country|countries|city|cities|town|location|geograph\w+|region|age|ages|gender|sex|tier|value|loyalty|lifecycle|category|categories|product|spend|spending|order|orders|purchase|recency|consent|channel|open rate|opens|basket|aov|sign-?up)s?\b(?: (?:filter|condition|restriction|criteri(?:a|on)|limit|requirement|rule|exclusion|bit|part|constraint|cap|range)s?)?"
)
_NEEDS_NOUN = re.compile(
    r"filter|condition|restriction|criteri|limit|requirement|rule|exclusion|constraint|regardless|any |all |bit|part|cap|range|undo"
)
_FIELDS = (
    ("countr|locat|geogr|region", ("country", "city")),
    ("cit|town", ("city",)),
    ("age", ("age",)),
    ("gender|sex", ("gender",)),
    ("loyalty", ("loyalty_tier",)),
    ("tier|value", ("value_tier", "loyalty_tier")),
    ("lifecycle", ("lifecycle",)),
    ("categor|product", ("favourite_category",)),
    ("spend", ("total_spend",)),
    ("order", ("orders_count",)),
    ("purchase|recency", ("last_purchase_days",)),
    ("consent", ("consent",)),
    ("channel", ("channel_preference", "consent")),
    ("open", ("email_open_rate", "last_open_days")),
    ("basket|aov", ("avg_order_value",)),
    ("sign", ("signup_days",)),
)


def audience_after(reading: Reading, context: Context, intents: Sequence[str]) -> tuple[Condition, ...]:
    """Return the complete audience after a message: said conditions laid over those in force."""
    old = context.conditions
    said = _in_the_same_breath(reading, context)
    if removed := removed_fields(reading.text):
        kept = tuple(condition for condition in old if condition.field not in removed)
        return laid_over(kept, said, reading, context) if said else kept
    if not old:
        return said
    if not said:
        return () if _FRESH.search(reading.text) and "set_audience" in intents else old
    if _FRESH.search(reading.text):
        return said
    if _stands_alone(reading, context, intents):
        return said
    return laid_over(old, said, reading, context)


def removed_fields(text: str) -> set[str]:
    """Return the fields whose conditions are to go ('drop the country filter', 'any age')."""
    out: set[str] = set()
    for match in _REMOVE.finditer(text):
        if _NEEDS_NOUN.search(match[0]):
            out |= {name for words, names in _FIELDS if re.match(words, match["f"]) for name in names}
    return out


_BARE_AND = re.compile(r"^(?:and|or|plus|also)\b(?!.*\b(?:not|exclude|without|add|include|only|remove|instead)\b)")
_TOOK_AWAY = re.compile(r"\b(?:exclud\w*|remove|drop|without|not|leave|no|except|take out|skip)\b")


def _in_the_same_breath(reading: Reading, context: Context) -> tuple[Condition, ...]:
    """'and Spain' after 'exclude Italy' excludes Spain too; 'not Germany, Austria' puts Austria in its place."""
    said = reading.audience.conditions
    last = context.last.text if context.last else ""
    if _BARE_AND.match(reading.text) and _TOOK_AWAY.search(last) and not re.search(r"how many", last):
        fields = {c.field for c in context.conditions if c.op in ("ne", "not_in")}
        return tuple(c.negated() if c.field in fields and c.op in ("eq", "in") else c for c in said)
    hits = reading.audience.hits
    if re.match(r"^(?:no,? )?not \S+(?: \S+)?, \S+(?: \S+)?$", reading.text) and len(hits) == 2:
        first, second = hits
        wrong = any(first.condition.value == c.value and c.op == "eq" for c in context.conditions)
        if wrong and second.negated:
            return (second.condition.negated(),)
    return said


_LINK = whole(
    r"^(?:and|but|or|what about|how about|also|only|just|not|no|without|exclude|excluding|except|same|now|then|plus|make (?:it|that|them)|actually|instead|rather|add|remove|drop|include|limit|restrict|narrow|keep|change|switch|leave|take|swap|use)"
)


def _stands_alone(reading: Reading, context: Context, intents: Sequence[str]) -> bool:
    """Say whether a message describes an audience of its own instead of changing the one in force."""
    text = reading.text
    if _LINK.search(text) or _NARROW.search(text) or ("set_audience" in intents and _ADD.search(text)):
        return False
    if "build_campaign" in intents:
        return True
    if "set_audience" in intents:
        negative = all(hit.negated for hit in reading.audience.hits)
        if negative or re.search(r"\binstead\b", text):
            overlap = {c.field for c in reading.audience.conditions} & {c.field for c in context.conditions}
            return not negative and not overlap
        return (
            bool(re.search(r"\b(?:target|audience is|audience should|go after|i want|aim at|focus on|reach)\b", text))
            and len(reading.audience.conditions) > 1
        )
    return len(text.split()) > 4 or bool(re.search(r"how (?:many|big)|count|number of", text))


def laid_over(
    old: Sequence[Condition], said: Sequence[Condition], reading: Reading, context: Context
) -> tuple[Condition, ...]:
    """Lay said conditions over old ones: the same field is replaced, unless the message adds to it or takes from it."""
    last = context.last.text if context.last else ""
    carried_on = bool(_BARE_AND.match(reading.text)) and bool(
        re.match(r"(?:also |please )*(?:add|include|plus)\b", last)
    )
    adding = (carried_on or bool(_ADD.search(reading.text))) and not re.search(
        r"\binstead\b|\bonly include\b", reading.text
    )
    out = list(old)
    for condition in said:
        out = _laid(out, condition, adding=adding)
    return merged(out)


def _laid(old: list[Condition], new: Condition, *, adding: bool) -> list[Condition]:
    if new.field in LISTED and new.op in ("ne", "not_in"):
        return _taken_away(old, new)
    if new.field in LISTED and adding:
        return _widened(old, new)
    if new.field in LISTED:
        return [*(c for c in old if c.field != new.field), new]
    same_side = {"gt": "g", "gte": "g", "lt": "l", "lte": "l"}
    keep = [
        c
        for c in old
        if c.field != new.field or (same_side.get(c.op) != same_side.get(new.op) and "eq" not in (c.op, new.op))
    ]
    return [*keep, new]


def _values(condition: Condition) -> list[object]:
    return list(condition.value) if isinstance(condition.value, tuple) else [condition.value]


def _taken_away(old: list[Condition], new: Condition) -> list[Condition]:
    out: list[Condition] = []
    gone = _values(new)
    taken = False
    for condition in old:
        if condition.field == new.field and condition.op in ("eq", "in"):
            left = [value for value in _values(condition) if value not in gone]
            if left and len(left) < len(_values(condition)):
                taken = True
                out.append(
                    replace(
                        condition, op="eq" if len(left) == 1 else "in", value=left[0] if len(left) == 1 else tuple(left)
                    )
                )
                continue
            if not left:
                continue
        out.append(condition)
    return out if taken else [*out, new]


def _widened(old: list[Condition], new: Condition) -> list[Condition]:
    gained = _values(new)
    out: list[Condition] = []
    for condition in old:
        if condition.field == new.field and condition.op in ("ne", "not_in"):
            left = [value for value in _values(condition) if value not in gained]
            if left:
                out.append(
                    replace(
                        condition,
                        op="ne" if len(left) == 1 else "not_in",
                        value=left[0] if len(left) == 1 else tuple(left),
                    )
                )
            gained = []
        elif condition.field == new.field and condition.op in ("eq", "in"):
            values = [*_values(condition), *(value for value in gained if value not in _values(condition))]
            out.append(replace(condition, op="in", value=tuple(values)))
            gained = []
        else:
            out.append(condition)
    return [*out, new] if gained else out
