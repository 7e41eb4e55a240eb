"""What a person says about the columns of a file."""

from __future__ import annotations

import pytest

from app.corrections import correction
from app.domain.errors import UserFixable
from plugins.segmentation.column_names import COLUMN_NAMES

COLUMNS = ("Client No", "Land", "Landline", "Notes", "Campaign", "a+b (c)")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Client No is the customer id", {"Client No": "customer_id"}),
        ("client  no = customer_id.", {"Client No": "customer_id"}),
        ("please read 'Land' as country", {"Land": "country"}),
        ("the column Landline is a phone number", {"Landline": "phone"}),
        ("Landline: mobile", {"Landline": "phone"}),
        ("a+b (c) is the first name!", {"a+b (c)": "first_name"}),
        ("ignore the column Notes", {"Notes": "ignore"}),
        ("Notes should be ignored", {"Notes": "ignore"}),
        ("Please skip Notes.", {"Notes": "ignore"}),
        ("how big is the audience?", None),
        ("Land ahoy", None),
        ("Campaign is for people who have not ordered lately", None),
        ("", None),
    ],
)
def test_words_about_a_column(words: str, expected: dict[str, str] | None) -> None:
    assert correction(COLUMNS, COLUMN_NAMES["customers"], words) == expected


def test_a_field_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(UserFixable, match="no field 'planet'") as refused:
        correction(COLUMNS, COLUMN_NAMES["customers"], "Land is the planet")
    assert "country" in refused.value.hint
