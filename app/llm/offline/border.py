"""Conditions at the border to the segmentation plugin, both ways. Fields and values are the same but for categories."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

from app.llm.offline.conditions import Condition

Json = dict[str, Any]


def to_plugin_conditions(conditions: Iterable[Condition]) -> list[Json]:
    """Return the conditions as the plugin takes them: a flat list that must all hold."""
    return [_leaf(condition) for condition in conditions]


def _leaf(condition: Condition) -> Json:
    if condition.field == "raw":
        return cast("Json", json.loads(str(condition.value)))
    out = condition.as_dict()
    if condition.field != "favourite_category":
        return out
    values = out["value"] if isinstance(out["value"], list) else [out["value"]]
    leaves: list[Json] = [{"field": "favourite_category", "op": "contains", "value": value} for value in values]
    held: Json = leaves[0] if len(leaves) == 1 else {"any_of": leaves}
    return {"not": held} if condition.op in ("ne", "not_in") else held


def from_plugin_conditions(leaves: Iterable[Any]) -> list[Condition]:
    """Read conditions that stand in the state note; what has no flat form is carried along untouched."""
    return [_condition(cast("Json", leaf)) for leaf in leaves if isinstance(leaf, dict)]


def _condition(leaf: Json) -> Condition:
    given = {key: value for key, value in leaf.items() if value is not None}
    if given.get("op") == "contains" and given.get("field") == "favourite_category":
        return Condition("favourite_category", "eq", given["value"])
    inner = given.get("not")
    if isinstance(inner, dict) and "favourite_category" in inner.values() and inner.get("op") == "contains":
        return Condition("favourite_category", "ne", inner["value"])
    several = [
        _condition(cast("Json", item))
        for item in cast("list[Any]", given.get("any_of") or [])
        if isinstance(item, dict)
    ]
    if several and all(item.field == "favourite_category" and item.op == "eq" for item in several):
        return Condition("favourite_category", "in", tuple(item.value for item in several))
    if set(given) - {"field", "op", "value"} or "value" not in given or "field" not in given:
        return Condition("raw", "eq", json.dumps(given, sort_keys=True))
    value = given["value"]
    return Condition(given["field"], given.get("op", "eq"), tuple(value) if isinstance(value, list) else value)
