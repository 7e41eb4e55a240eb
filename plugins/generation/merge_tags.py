"""Merge tags: Liquid, parsed and rendered by python-liquid; only known variables, each with a default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import Environment
from liquid.exceptions import LiquidError

VARIABLES = frozenset({"first_name", "city", "loyalty_tier", "favourite_category", "unsubscribe_url"})
FILTERS = frozenset({"default", "capitalize", "downcase", "upcase", "escape", "strip"})
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
MAX_VALUE = 60


def problems_of(text: str) -> list[str]:
    """Return what is wrong with the tags of a text: syntax, unknown variables or filters, a missing default."""
    try:
        template = _parsed(text, False)
    except LiquidError as error:
        return [f"merge tag cannot be read: {str(error).splitlines()[0]}"]
    found = [f"unknown merge variable {name}" for name in sorted(set(template.global_variables()) - VARIABLES)]
    found += [f"filter {name} is not allowed" for name in sorted(set(template.filter_names()) - FILTERS)]
    found += [f"merge tag {tag} has no default" for tag in TAG.findall(text) if "default:" not in tag]
    return found


def merge(text: str, values: Mapping[str, Any], *, html: bool = False) -> str:
    """Return ``text`` for one person; values are cleaned and, for HTML, escaped. Raises ``LiquidError``."""
    return _parsed(text, html).render(**{name: clean(values.get(name)) for name in VARIABLES})


def clean(value: Any) -> str | None:
    """Return a value fit to be merged: no control or direction characters, no tags of its own, at most 60 long."""
    if value is None:
        return None
    plain = INVISIBLE.sub("", str(value)).replace("{{", "").replace("}}", "").replace("{%", "").replace("%}", "")
    return " ".join(plain.split())[:MAX_VALUE] or None


def unresolved(text: str) -> int:
    """Count tags that are still there after merging."""
    return len(TAG.findall(text)) + text.count("{{") - sum("{{" in t for t in TAG.findall(text))


@lru_cache(maxsize=512)
def _parsed(text: str, html: bool) -> Any:
    return _environment(html).from_string(text)


@lru_cache(maxsize=2)
def _environment(html: bool) -> Environment:
    return Environment(autoescape=html)
