"""The bundled corpus of the sample shop, with its dates made real on the day it is installed.

A sample that carried fixed dates would be wholly expired a year later. So its documents say *when in the year* they
hold, and installing them writes ordinary dates, into the front matter and into the text, for one reference date:

``validity: yearly 11-20..11-30``  the occurrence that is running on the reference date, else the next one
``validity: rolling 40``           from 30 days before to the end of the month that lies 40 days ahead
``validity: past 30``              a window that ended 30 days before
``validity: future 60``            a window that starts 60 days ahead
``approved_at: before 40``         09:00 UTC, 40 days before, or 40 days before the window opens if that is earlier

``<until>`` and ``<until_day>`` in a text become ``31 August 2026`` and ``31 August``. A shop's own documents carry
plain dates and go through none of this.
"""

from __future__ import annotations

import calendar
import re
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from app.domain.content import ContentDocument
from app.domain.errors import UserFixable
from plugins.retrieval.documents import load_folder, spoken_day, with_hash

SAMPLE_ORIGIN = "sample"
VALIDITY = re.compile(r"^validity: *(\w+) +(.+)$", re.MULTILINE)
APPROVED = re.compile(r"^approved_at: *before +(\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Window:
    """The first and the last day on which a document holds."""

    first: date
    last: date


def load_sample(folder: Path, reference: date) -> list[ContentDocument]:
    """Return the bundled documents with the dates they have when installed on ``reference``, marked as sample."""
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(folder.rglob("*.md")):
            target = Path(scratch) / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(with_dates(path.read_text(encoding="utf-8"), reference), encoding="utf-8")
        found = load_folder(Path(scratch))
    return [with_hash(d.model_copy(update={"origin": f"{SAMPLE_ORIGIN}/{d.origin}"})) for d in found]


def with_dates(text: str, reference: date) -> str:
    """Return a sample document with its validity, approval time and placeholders made concrete."""
    said = VALIDITY.search(text)
    opened = reference
    if said:
        window = resolve(said[1], said[2].strip(), reference)
        opened = min(reference, window.first)
        dates = f"valid_from: {window.first.isoformat()}\nvalid_until: {window.last.isoformat()}"
        text = VALIDITY.sub(dates, text)
        day = spoken_day(window.last)
        text = text.replace("<until>", day).replace("<until_day>", day.rsplit(" ", 1)[0])
    approved = APPROVED.search(text)
    if approved:
        moment = min(reference, opened) - timedelta(days=int(approved[1]))
        text = APPROVED.sub(f"approved_at: {moment.isoformat()}T09:00:00Z", text)
    return text


def resolve(kind: str, argument: str, reference: date) -> Window:
    """Return the window that a ``validity`` line means on ``reference``; ``UserFixable`` for one it cannot read."""
    if kind == "yearly":
        first, last = argument.split("..")
        return _yearly(first, last, reference)
    days = timedelta(days=int(argument))
    if kind == "rolling":
        return Window(reference - timedelta(days=30), _month_end(reference + days))
    if kind == "past":
        return Window(reference - days - timedelta(days=90), reference - days)
    if kind == "future":
        return Window(reference + days, _month_end(reference + days + timedelta(days=30)))
    raise UserFixable(f"validity {kind!r} is not known.", hint="Use yearly, rolling, past or future.")


def _yearly(first: str, last: str, reference: date) -> Window:
    for year in (reference.year - 1, reference.year, reference.year + 1):
        start = _day(year, first)
        end = _day(year, last)
        end = end if end >= start else _day(year + 1, last)
        if end >= reference:
            return Window(start, end)
    raise UserFixable(f"validity yearly {first}..{last} has no occurrence.")


def _day(year: int, month_day: str) -> date:
    month, day = (int(part) for part in month_day.split("-"))
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
