"""Conditions on customers, as the planner reads them, and the masked string the matchers work on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

CLOSED: dict[str, tuple[str, ...]] = {
    "lifecycle": ("new", "active", "at_risk", "lapsed"),
    "value_tier": ("low", "mid", "high"),
    "gender": ("female", "male"),
    "loyalty_tier": ("none", "bronze", "silver", "gold", "platinum"),
    "channel_preference": ("email", "sms", "push"),
}
LISTED = (*CLOSED, "country", "city", "favourite_category", "consent")
"""Fields whose values in one message are alternatives: Germany and France means either."""
OPPOSITE = {"eq": "ne", "ne": "eq", "in": "not_in", "not_in": "in", "gt": "lte", "gte": "lt", "lt": "gte", "lte": "gt"}

Value = str | float | int | tuple[Any, ...]


@dataclass(frozen=True)
class Condition:
    """One leaf in the planner's own vocabulary; ``field`` ``raw`` carries a condition it cannot read (kept as JSON)."""

    field: str
    op: str
    value: Value

    def negated(self) -> Condition:
        """Return the opposite condition; a range stays as it is (it has no flat opposite)."""
        return replace(self, op=OPPOSITE.get(self.op, self.op))

    def as_dict(self) -> dict[str, Any]:
        """Return ``{field, op, value}`` with lists for tuples."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"field": self.field, "op": self.op, "value": value}


@dataclass(frozen=True)
class Hit:
    """A condition found at ``start``..``end`` of the normal text, with the words it was read from."""

    start: int
    end: int
    condition: Condition
    words: str
    negated: bool = False


class Scan:
    """A text whose matched parts are blanked out, so that no phrase is read twice. One use per message."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rest = text
        self.hits: list[Hit] = []
        self.tags: list[tuple[int, int, str]] = []

    def each(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the matches in what is left; the caller blanks what it takes."""
        position = 0
        while match := pattern.search(self.rest, position):
            position = max(match.end(), position + 1)
            yield match

    def blank(self, start: int, end: int, tag: str) -> None:
        """Blank a span and remember its tag."""
        kept = self.rest[start:end]
        lead, tail = len(kept) - len(kept.lstrip()), len(kept) - len(kept.rstrip())
        start, end = start + lead, end - tail
        self.rest = self.rest[:start] + "\x00" * (end - start) + self.rest[end:]
        self.tags.append((start, end, tag))

    def take(self, pattern: re.Pattern[str], make: Callable[[re.Match[str]], list[Condition]]) -> None:
        """Record the conditions that ``make`` reads from each match (none = not a match after all)."""
        for match in self.each(pattern):
            conditions = make(match)
            if not conditions:
                continue
            for condition in conditions:
                self.hits.append(Hit(match.start(), match.end(), condition, match[0].replace("\x00", "").strip()))
            self.blank(match.start(), match.end(), "aud_")

    def delexicalised(self) -> str:
        """Return the text with every matched span replaced by its tag."""
        parts: list[str] = []
        position = 0
        for start, end, tag in sorted(self.tags):
            if start >= position:
                parts += [self.text[position:start], f" {tag} "]
                position = end
        parts.append(self.text[position:])
        return re.sub(r"\s+", " ", re.sub(r"\d+(?:\.\d+)?", " num_ ", "".join(parts))).strip()


def whole(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that may not start or end inside a word."""
    return re.compile(rf"(?<![\w]){'(?:' + pattern + ')'}(?![\w])")


def merged(conditions: list[Condition]) -> tuple[Condition, ...]:
    """Join the alternatives of listed fields (eq, eq -> in; ne, ne -> not_in) and drop repeats, in order of mention."""
    groups: dict[tuple[str, bool], list[Any]] = {}
    out: list[Condition | tuple[str, bool]] = []
    for condition in conditions:
        if condition.field in LISTED and condition.op in ("eq", "ne", "in", "not_in"):
            key = (condition.field, condition.op in ("eq", "in"))
            if key not in groups:
                groups[key] = []
                out.append(key)
            values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
            groups[key] += [value for value in values if value not in groups[key]]
        elif condition not in out:
            out.append(condition)
    for field, positive in list(groups):
        if positive and (banned := groups.get((field, False))):
            kept = [value for value in groups[field, True] if value not in banned]
            if kept and len(kept) < len(groups[field, True]):
                groups[field, False] = [value for value in banned if value not in groups[field, True]]
                groups[field, True] = kept
    return tuple(
        item if isinstance(item, Condition) else _joined(item, groups[item])
        for item in out
        if isinstance(item, Condition) or groups[item]
    )


def _joined(key: tuple[str, bool], values: list[Any]) -> Condition:
    field, positive = key
    if len(values) == 1:
        return Condition(field, "eq" if positive else "ne", values[0])
    return Condition(field, "in" if positive else "not_in", tuple(values))
