"""Merge tags: Liquid, parsed and rendered by python-liquid; only known variables, each with a default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import Environment
from liquid.exceptions import LiquidError

from app.domain.merge_values import clean_value

VARIABLES = frozenset({"first_name", "city", "loyalty_tier", "favourite_category", "unsubscribe_url"})
FILTERS = frozenset({"default", "capitalize", "downcase", "upcase", "escape", "strip"})
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


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
    return _parsed(text, html).render(**{name: clean_value(values.get(name)) for name in VARIABLES})


def unresolved(text: str) -> int:
    """Count tags that are still there after merging."""
    return len(TAG.findall(text)) + text.count("{{") - sum("{{" in t for t in TAG.findall(text))


@lru_cache(maxsize=512)
def _parsed(text: str, html: bool) -> Any:
    return _environment(html).from_string(text)


@lru_cache(maxsize=2)
def _environment(html: bool) -> Environment:
    return Environment(autoescape=html)
