"""A person's correction of a proposed mapping, in words: "Land is the country", "ignore Notes"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.errors import UserFixable
from plugins.segmentation.column_names import COLUMN_NAMES
from plugins.segmentation.mapping import Kind, plain_name

IGNORED = "ignore"
LONGEST_FIELD = 3
"""Words; what is longer speaks of something else and only begins like a column's name."""
_LEAVES = r"(?:please )?(?:ignore|skip|drop|leave out|do not read|don't read)(?: the)?(?: column)? {column}[ .!]*"
_MEANS = (
    r"(?:please )?(?:(?:read|use|take|treat|map) )?(?:the )?(?:column )?{column} ?"
    r"(?:is read as|should be|holds|means|is|are|as|=|:|->) ?(?:the |an? )?(?P<field>.+?)[ .!]*"
)


def correction(columns: Sequence[str], kind: Kind, words: str) -> dict[str, str] | None:
    """Return the ``{column: field}`` that these words ask for, or None when they are about no column.

    Raises ``UserFixable`` when a column is named, and the few words on what it should be are no field.
    """
    said = " ".join(words.split())
    for column in sorted(columns, key=len, reverse=True):
        quoted = rf"""["'`]?{re.escape(" ".join(column.split()))}["'`]?"""
        if re.fullmatch(_LEAVES.format(column=quoted), said, re.IGNORECASE):
            return {column: IGNORED}
        if meant := re.fullmatch(_MEANS.format(column=quoted), said, re.IGNORECASE):
            field = _field_called(kind, meant["field"])
            return {column: field} if field else None
    return None


def _field_called(kind: Kind, words: str) -> str | None:
    plain = plain_name(words)
    if plain in (IGNORED, "ignored", "notread"):
        return IGNORED
    for field, names in COLUMN_NAMES[kind].items():
        if plain == plain_name(field) or plain in names:
            return field
    if len(words.split()) > LONGEST_FIELD:
        return None
    raise UserFixable(f"There is no field {words!r}.", hint=f"Fields: {', '.join(COLUMN_NAMES[kind])}.")
