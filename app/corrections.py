"""A person's correction of a proposed mapping, in words: "Land is the country", "ignore Notes"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.domain.errors import UserFixable

IGNORED = "ignore"
LONGEST_FIELD = 3
"""Words; what is longer speaks of something else and only begins like a column's name."""
_LEAVES = r"(?:please )?(?:ignore|skip|drop|leave out|do not read|don't read)(?: the)?(?: column)? {column}[ .!]*"
_MEANS = (
    r"(?:please )?(?:(?:read|use|take|treat|map) )?(?:the )?(?:column )?{column} ?"
    r"(?:is read as|should be|holds|means|is|are|as|=|:|->) ?(?:the |an? )?(?P<field>.+?)[ .!]*"
)


def correction(columns: Sequence[str], fields: Mapping[str, Sequence[str]], words: str) -> dict[str, str] | None:
    """Return the ``{column: field}`` that these words ask for, or None when they are about no column.

    ``fields`` names each field's usual column names, by which it may be called too.

    Raises ``UserFixable`` when a column is named, and the few words on what it should be are no field.
    """
    said = " ".join(words.split())
    for column in sorted(columns, key=len, reverse=True):
        quoted = rf"""["'`]?{re.escape(" ".join(column.split()))}["'`]?"""
        if re.fullmatch(_LEAVES.format(column=quoted), said, re.IGNORECASE):
            return {column: IGNORED}
        if meant := re.fullmatch(_MEANS.format(column=quoted), said, re.IGNORECASE):
            field = _field_called(fields, meant["field"])
            return {column: field} if field else None
    return None


def _field_called(fields: Mapping[str, Sequence[str]], words: str) -> str | None:
    plain = _plain(words)
    if plain in (IGNORED, "ignored", "notread"):
        return IGNORED
    for field, names in fields.items():
        if plain == _plain(field) or plain in map(_plain, names):
            return field
    if len(words.split()) > LONGEST_FIELD:
        return None
    raise UserFixable(f"There is no field {words!r}.", hint=f"Fields: {', '.join(fields)}.")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
