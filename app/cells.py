"""Cells of exported tables: what no spreadsheet may read as a formula, and what is a well-formed address."""

from __future__ import annotations

import re
import unicodedata

E_MAIL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._%+'-]{0,63}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}")
TELEPHONE = re.compile(r"\+[1-9]\d{6,14}")
LEADING = "\u200b\u200c\u200d\ufeff\u2060 \u00a0'\""
STARTS_FORMULA = tuple("=+-@|")


def formula_safe(text: str) -> str:
    """Return a cell that no spreadsheet reads as a formula: ``'`` before what begins like one (ASVS 1.2.10)."""
    start = unicodedata.normalize("NFKC", text).lstrip(LEADING)
    if text[:1] in ("\t", "\r", "\n") or start[:1] in STARTS_FORMULA:
        return "'" + text
    return text


def is_contact(cell: object) -> bool:
    """Return whether a cell is one well-formed e-mail address or international telephone number."""
    text = "" if cell is None else str(cell)
    return E_MAIL.fullmatch(text) is not None or TELEPHONE.fullmatch(text) is not None
