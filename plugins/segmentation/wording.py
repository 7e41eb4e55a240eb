"""A definition in plain words, and back. Both ways are stable: words -> definition -> words changes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from app.domain.audience import AudienceDefinition, Condition
from app.domain.errors import UserFixable
from plugins.segmentation.fields import FIELDS

EVERYBODY = "all customers"
_OP_WORDS = {
    "eq": "is", "ne": "is not", "gt": "is over", "gte": "is at least", "lt": "is under", "lte": "is at most",
    "contains": "contains",
}  # fmt: skip
_PLAIN = re.compile(r"[A-Za-z_][\w-]*\Z")
_KEYWORDS = frozenset(
    {"and", "or", "not", "true", "false", "known", "unknown", "one", "none", "from", "to", "at", "in", "the", "of",
     "over", "under", "nan", "infinity", "null", "product", "category", "anything", "least", "most", "is"}
)  # fmt: skip


def in_words(definition: AudienceDefinition) -> str:
    """Return the definition in words."""
    said = " and ".join(condition_in_words(c) for c in definition.all_of) or EVERYBODY
    return said if definition.limit is None else f"{said}, limited to the {definition.limit} highest spenders"


def condition_in_words(condition: Condition) -> str:
    """Return one condition in words."""
    form = condition.form()
    if form == "not" and condition.not_ is not None:
        return f"not ({condition_in_words(condition.not_)})"
    if form in ("any_of", "all_of"):
        inner = (condition.any_of if form == "any_of" else condition.all_of) or []
        return f"({(' or ' if form == 'any_of' else ' and ').join(condition_in_words(c) for c in inner)})"
    if form == "audience":
        return f"in audience {_said(condition.audience)}"
    return _behaviour(condition, form) if form != "field" else _field(condition)


def _behaviour(condition: Condition, form: str) -> str:
    if form == "bought":
        wanted = condition.bought
        parts = [f"category {_said(wanted.category)}"] if wanted and wanted.category else []
        parts += [f"product {json.dumps(wanted.product, ensure_ascii=False)}"] if wanted and wanted.product else []
        said = f"bought {' '.join(parts) or 'anything'}"
    else:
        said = "opened an e-mail" if form == "opened" else "clicked a link"
    times = f" at least {condition.at_least} times" if condition.at_least else ""
    return said + times + (f" in the last {condition.within_days} days" if condition.within_days else "")


def _field(condition: Condition) -> str:
    name, op, value = FIELDS[condition.field or ""].words, condition.op or "eq", condition.value
    if op == "is_null":
        return f"{name} is {'known' if value is False else 'unknown'}"
    if op == "top_percent":
        return f"{name} is in the top {value} %"
    if isinstance(value, list) and op == "between":
        return f"{name} is from {_said(value[0])} to {_said(value[1])}"
    if isinstance(value, list):
        return f"{name} is {'one' if op == 'in' else 'none'} of {', '.join(_said(v) for v in value)}"
    return f"{name} {_OP_WORDS[op]} {_said(value)}"


def _said(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.match(value) and value.lower() not in _KEYWORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


# --- back again
_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[(),%]|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w-])|[^\s(),"%]+)')
_FIELD_BY_WORDS = {tuple(spec.words.split()): name for name, spec in FIELDS.items()}


def parse_words(words: str) -> AudienceDefinition:
    """Return the definition that ``in_words`` wrote; raise ``UserFixable`` at the first word it did not write."""
    said, limit = words.strip(), None
    found = re.fullmatch(r"(.*), limited to the (\d+) highest spenders", said, re.DOTALL)
    if found:
        said, limit = found[1], int(found[2])
    if said == EVERYBODY:
        return AudienceDefinition(limit=limit)
    reader = _Reader(_TOKEN.findall(said))
    conditions = reader.joined("and")
    if reader.left():
        raise reader.lost()
    return AudienceDefinition(all_of=tuple(conditions), limit=limit)


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = list(tokens)
        self._at = 0

    def left(self) -> int:
        return len(self._tokens) - self._at

    def lost(self) -> UserFixable:
        around = " ".join(self._tokens[max(0, self._at - 3) : self._at + 3])
        return UserFixable(f"These words are not a definition, near: {around!r}.", hint="Use the words cpo prints.")

    def joined(self, word: str) -> list[Condition]:
        conditions = [self.condition()]
        while self.accept(word):
            conditions.append(self.condition())
        return conditions

    def accept(self, *words: str) -> bool:
        if tuple(self._tokens[self._at : self._at + len(words)]) != words:
            return False
        self._at += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise self.lost()

    def value(self) -> Any:
        if not self.left():
            raise self.lost()
        token = self._tokens[self._at]
        self._at += 1
        try:
            return json.loads(token)
        except ValueError:
            return token

    def text(self) -> str:
        return str(self.value())

    def condition(self) -> Condition:
        if self.accept("not", "("):
            return self._closing({"not": self.condition()})
        if self.accept("("):
            return self._group()
        if self.accept("in", "audience"):
            return Condition(audience=self.text())
        for form, opening in (("opened", ("opened", "an", "e-mail")), ("clicked", ("clicked", "a", "link"))):
            if self.accept(*opening):
                return Condition.model_validate({form: True, **self._counted()})
        if self.accept("bought"):
            return self._bought()
        return self._field()

    def _closing(self, content: dict[str, Any]) -> Condition:
        self.expect(")")
        return Condition.model_validate(content)

    def _group(self) -> Condition:
        first = self.condition()
        word = "or" if self._tokens[self._at : self._at + 1] == ["or"] else "and"
        self.expect(word)
        return self._closing({"any_of" if word == "or" else "all_of": [first, *self.joined(word)]})

    def _counted(self) -> dict[str, int]:
        counted: dict[str, int] = {}
        if self.accept("at", "least"):
            counted["at_least"] = int(self.value())
            self.expect("times")
        if self.accept("in", "the", "last"):
            counted["within_days"] = int(self.value())
            self.expect("days")
        return counted

    def _bought(self) -> Condition:
        wanted: dict[str, str] = {}
        if not self.accept("anything"):
            if self.accept("category"):
                wanted["category"] = self.text()
            if self.accept("product"):
                wanted["product"] = self.text()
            if not wanted:
                raise self.lost()
        return Condition.model_validate({"bought": wanted, **self._counted()})

    def _field(self) -> Condition:
        for length in (5, 4, 3, 2, 1):
            name = _FIELD_BY_WORDS.get(tuple(self._tokens[self._at : self._at + length]))
            if name:
                self._at += length
                return Condition.model_validate({"field": name, **self._compared()})
        raise self.lost()

    def _compared(self) -> dict[str, Any]:
        if self.accept("contains"):
            return {"op": "contains", "value": self.value()}
        self.expect("is")
        if self.accept("known") or self.accept("unknown"):
            return {"op": "is_null", "value": self._tokens[self._at - 1] == "unknown"}
        if self.accept("in", "the", "top"):
            share = self.value()
            self.expect("%")
            return {"op": "top_percent", "value": share}
        if self.accept("from"):
            low = self.value()
            self.expect("to")
            return {"op": "between", "value": [low, self.value()]}
        for word, op in (("one", "in"), ("none", "not_in")):
            if self.accept(word, "of"):
                return {"op": op, "value": self._listed()}
        for words, op in ((("at", "least"), "gte"), (("at", "most"), "lte"), (("over",), "gt"), (("under",), "lt"),
                          (("not",), "ne")):  # fmt: skip
            if self.accept(*words):
                return {"op": op, "value": self.value()}
        return {"op": "eq", "value": self.value()}

    def _listed(self) -> list[Any]:
        values = [self.value()]
        while self.accept(","):
            values.append(self.value())
        return values
