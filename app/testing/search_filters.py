"""A real evaluator for the part of OData ``$filter`` that an index is asked with: what it lets through is what we see.

Comparisons, ``and``/``or``/``not``, parentheses, ``null``, ``collection/any(x: ...)`` and ``search.in``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d\d-\d\dT[\d:.]+Z)|(?P<number>-?\d+(?:\.\d+)?)|(?P<text>'(?:[^']|'')*')"
    r"|(?P<name>[A-Za-z_][\w.]*(?:/any)?)|(?P<sign>[():,]))"
)
OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le")


class FilterError(ValueError):
    """The filter cannot be read, as a service would answer with 400."""


def evaluate(text: str, document: Mapping[str, Any]) -> bool:
    """Return whether ``document`` passes the filter; ``FilterError`` when the filter is not one."""
    reader = _Reader(_tokens(text), document)
    found = reader.either()
    if reader.peek() is not None:
        raise FilterError(f"unexpected {reader.peek()!r} in the filter")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(text.rstrip()):
        match = TOKEN.match(text, position)
        if not match:
            raise FilterError(f"cannot read the filter at {text[position : position + 12]!r}")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        position = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], document: Mapping[str, Any]) -> None:
        self._tokens = tokens
        self._at = 0
        self._scope: dict[str, Any] = dict(document)

    def peek(self) -> str | None:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def _take(self, wanted: str | None = None) -> tuple[str, str]:
        if self._at >= len(self._tokens) or (wanted is not None and self._tokens[self._at][1] != wanted):
            raise FilterError(f"expected {wanted or 'more'}, found {self.peek()!r}")
        self._at += 1
        return self._tokens[self._at - 1]

    def either(self) -> bool:
        found = self._both()
        while self.peek() == "or":
            self._take()
            right = self._both()
            found = found or right
        return found

    def _both(self) -> bool:
        found = self._one()
        while self.peek() == "and":
            self._take()
            right = self._one()
            found = found and right
        return found

    def _one(self) -> bool:
        if self.peek() == "not":
            self._take()
            return not self._one()
        if self.peek() == "(":
            self._take()
            found = self.either()
            self._take(")")
            return found
        name = self._take()[1]
        if name == "search.in":
            return self._member()
        if name.endswith("/any"):
            return self._any(name.removesuffix("/any"))
        return self._compared(self._value(name))

    def _value(self, name: str) -> Any:
        if name not in self._scope:
            raise FilterError(f"there is no field {name!r}")
        return self._scope[name]

    def _compared(self, left: Any) -> bool:
        operator = self._take()[1]
        if operator not in OPERATORS:
            raise FilterError(f"unknown operator {operator!r}")
        right = self._literal()
        if operator in ("eq", "ne"):
            return (left == right) is (operator == "eq")
        if left is None or right is None:
            return False
        return {"gt": left > right, "ge": left >= right, "lt": left < right, "le": left <= right}[operator]

    def _literal(self) -> Any:
        kind, raw = self._take()
        if kind == "text":
            return raw[1:-1].replace("''", "'")
        if kind == "number":
            return float(raw) if "." in raw else int(raw)
        if kind == "name" and raw in ("null", "true", "false"):
            return {"null": None, "true": True, "false": False}[raw]
        if kind == "date":
            return raw
        raise FilterError(f"{raw!r} is not a value")

    def _member(self) -> bool:
        self._take("(")
        value = self._value(self._take()[1])
        self._take(",")
        listed = str(self._literal())
        separator = ","
        if self.peek() == ",":
            self._take()
            separator = str(self._literal())
        self._take(")")
        return value in listed.split(separator)

    def _any(self, name: str) -> bool:
        items = self._value(name) or []
        self._take("(")
        variable = self._take()[1]
        self._take(":")
        start, outer, found = self._at, dict(self._scope), False
        for item in [*items, None]:
            self._at = start
            self._scope = {**outer, variable: item}
            holds = self.either()
            found = found or (holds and item is not None)
        self._scope = outer
        self._take(")")
        return found
