"""Values of a customer as they may stand in a message or in a merge column of a send list."""

from __future__ import annotations

import re
from typing import Any

INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
BRACES = re.compile(r"\{+[{%]?|[%}]?\}+|\*\|[^|]*\|\*")
LONGEST = 60


def clean_value(value: Any) -> str | None:
    """Return a value fit to be merged, or ``None`` when nothing is left.

    Control and direction characters and anything a template language would read as a tag are taken out, white space is
    folded, and it is cut at 60 characters.
    """
    if value is None:
        return None
    plain = BRACES.sub("", INVISIBLE.sub("", str(value)))
    return " ".join(plain.split())[:LONGEST] or None
