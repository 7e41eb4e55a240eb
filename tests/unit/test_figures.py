"""Numbers come from tools: which figures of a reply count as grounded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.figures import sources_of, ungrounded

RESULTS: list[dict[str, Any]] = [
    {
        "data": {
            "matched": 1234,
            "share": 0.07312,
            "p": 0.00042,
            "as_of": "2026-06-15",
            "drop": -3.6,
            "rows": [1, 2, 3, 4, 5],
        }
    },
    {"summary": "392 lapsed customers, 25% off one order of $80 or more"},
]


@pytest.mark.parametrize(
    "reply",
    [
        "1,234 people match, 7.3% of all (0.073).",
        "p = 0.00042, and 0.0004 when rounded.",
        "As of 15 June 2026.",
        "It fell by 3.6 points.",
        "25% off one order of $80 or more, for 392 people.",
        "About 1.2k people.",
        "5 rows.",
        "Audience `aud-0123456789` and cmp-99.",
        "1. first\n2. second",
        "No figures at all.",
    ],
)
def test_grounded(reply: str) -> None:
    assert ungrounded(reply, sources_of(RESULTS)) == []


@pytest.mark.parametrize(
    ("reply", "missing"),
    [
        ("1,235 people match.", ["1,235"]),
        ("7.4% of all.", ["7.4"]),
        ("30% off!", ["30"]),
        ("About 1.3k people.", ["1.3"]),
        ("We expect 17 more sales.", ["17"]),
        ("p = 0.0005", ["0.0005"]),
    ],
)
def test_not_grounded(reply: str, missing: list[str]) -> None:
    assert ungrounded(reply, sources_of(RESULTS)) == missing


@given(st.integers(min_value=100, max_value=10**9))
def test_every_result_can_be_said_with_separators(number: int) -> None:
    assert ungrounded(f"There are {number:,} people.", sources_of([{"n": number}])) == []


@given(st.floats(min_value=0.0001, max_value=0.9999))
def test_every_share_can_be_said_as_a_per_cent(share: float) -> None:
    assert ungrounded(f"That is {share:.1%}.", sources_of([{"share": share}])) == []
