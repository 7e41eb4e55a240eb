"""Dates as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.experiment.send_date import parse_day

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-12-10", date(2026, 12, 10)),
        ("10 december", date(2026, 12, 10)),
        ("on 10 Dec 2027", date(2027, 12, 10)),
        ("June 3rd", date(2027, 6, 3)),
        ("3rd of June", date(2027, 6, 3)),
        ("tomorrow", date(2026, 11, 22)),
        ("next Friday", date(2026, 11, 27)),
        ("saturday", date(2026, 11, 28)),
        ("in 2 weeks", date(2026, 12, 5)),
        ("30 February", None),
        ("soon", None),
    ],
)
def test_a_day_is_understood_or_not_at_all(said: str, meant: date | None) -> None:
    assert parse_day(said, TODAY) == meant
