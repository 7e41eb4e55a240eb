"""Two cases of a source, each with its own value: neither is told with the value of the other, nor both with one."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.generation.grounding.checker import check_copy

_TABLE: list[tuple[str, list[str], list[str]]] = [
    (
        "The hull is guaranteed for eight years and the sails for three.",
        ["The hull is guaranteed for eight years and the sails for three.", "Hull guaranteed for eight years."],
        ["The sails are guaranteed for eight years.", "Hull and sails are guaranteed for eight years."],
    ),
    (
        "The lantern burns up to 40 hours with the dimmer on and up to 15 hours with it off.",
        ["With the dimmer on, the lantern burns up to 40 hours.", "With the dimmer off it burns up to 15 hours."],
        ["With the dimmer off, the lantern burns up to 40 hours.", "With the dimmer on, it burns up to 15 hours."],
    ),
    (
        "Storage costs £9 a month when paid annually, or £12 a month when paid monthly.",
        ["Paid annually, storage costs £9 a month.", "Storage costs £12 a month when paid monthly."],
        ["No annual commitment: pay month by month and storage costs £9 a month."],
    ),
    (
        "Clearance rugs can be exchanged within 7 days. Regular rugs can be exchanged within 28 days.",
        ["Clearance rugs can be exchanged within 7 days.", "You can exchange regular rugs within 28 days."],
        ["You can exchange clearance rugs within 28 days."],
    ),
    (
        "Joiners get 25% off the first crate and 5% off every crate after that.",
        ["Joiners get 25% off their first crate."],
        ["Joiners get 25% off every crate."],
    ),
    (
        "Entry to the herb garden is free; the palm house costs £6.",
        ["Entry to the herb garden is free.", "The palm house costs £6, the herb garden nothing."],
        ["See the palm house for free."],
    ),
    (
        "The blade carries a 10-year warranty for private use and a 2-year warranty for rental use.",
        ["In private use the blade carries a 10-year warranty."],
        ["The blade carries a 10-year warranty, whether at home or in a hire shop."],
    ),
    (
        "The barge has 30 cabins, 12 of which have a balcony.",
        ["Twelve of the barge's 30 cabins have a balcony.", "Some of the 30 cabins have a balcony."],
        ["Every cabin on the barge has a balcony.", "Most of the cabins on the barge have a balcony."],
    ),
    (
        "A Basic Polish costs £40 and includes a wash and a 12-point check. "
        "A Grand Polish costs £75 and adds a wax coat and a leather treatment.",
        ["A Basic Polish includes a wash and a 12-point check.", "A Grand Polish costs £75 and adds a wax coat."],
        ["A Basic Polish includes a wash, a 12-point check and a leather treatment."],
    ),
]


@pytest.mark.parametrize(("source", "copy"), [(source, copy) for source, right, _ in _TABLE for copy in right])
def test_own_value(source: str, copy: str) -> None:
    found = check_copy(f"{copy[:-1]} [s].", {"s": source}, date(2026, 3, 2))
    assert not [f.reason for f in found if f.reason == "number_of_other_product"]


@pytest.mark.parametrize(("source", "copy"), [(source, copy) for source, _, wrong in _TABLE for copy in wrong])
def test_value_of_the_other_case(source: str, copy: str) -> None:
    assert check_copy(f"{copy[:-1]} [s].", {"s": source}, date(2026, 3, 2))


_LISTS = {
    "old": "Workshop rates, spring 2025: sharpening a chainsaw costs £14.",
    "new": "Workshop rates from 1 January 2026, replacing all earlier lists: sharpening a chainsaw costs £17.",
}


def test_replaced_price() -> None:
    reasons = [f.reason for f in check_copy("Sharpening a chainsaw costs £14 [old].", _LISTS, date(2026, 3, 2))]
    assert "expired_source" in reasons
    assert not check_copy("Sharpening a chainsaw costs £17 [new].", _LISTS, date(2026, 3, 2))
    assert not check_copy("Sharpening a chainsaw costs £14 [old].", _LISTS, date(2025, 12, 2))
