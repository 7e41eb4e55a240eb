"""Cells of an exported file: what a spreadsheet would run as a formula (CWE-1236, ASVS 1.2.10)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from app.domain.safety import Surface
from plugins.safety.reading import Mark, Reading

NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[ ,.']\d{3})+|\d+)?(?:[.,]\d+)?(?:e[+-]?\d+)?\s?[%€$£]?\Z", re.IGNORECASE)
PHONE = re.compile(r"\+\d[\d ()-]{6,18}\Z")
TRIGGERS = frozenset("=+-@|%")
LEADERS = ' "\u00a0\u3000;,'
AFTER_BREAK = re.compile(r"[\t\r\n;]\s*\"?[=@]|[\t\r\n]\s*\"?[+-][a-z(@=]|^sep=", re.IGNORECASE)
CALL = re.compile(
    r"\b(?:hyperlink|importxml|importdata|importrange|webservice|image|dde|cmd|rundll32|msexcel)\s*[(|]", re.I
)


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield a mark when the cell starts like a formula, also behind quotes, spaces, invisible and wide characters."""
    if reading.surface is not Surface.CSV_CELL:
        return
    text = unicodedata.normalize("NFKC", reading.text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf" and c != "\x00")
    if not text or text.startswith("'"):
        return  # a leading apostrophe is how an export makes a formula harmless
    if text[0] in "\t\r\n" and text.strip():
        yield Mark("cell.formula", 0, len(reading.text))
        return
    start = text.lstrip(LEADERS + "\t\r\n")
    harmless = NUMBER.match(start) or PHONE.match(start)
    if (
        (start[:1] in TRIGGERS and not harmless)
        or start[:1] == "\u2212"
        or AFTER_BREAK.search(text)
        or CALL.search(text)
    ):
        yield Mark("cell.formula", 0, len(reading.text))
