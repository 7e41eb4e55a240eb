"""Who does what to whom, whose a figure is, and which marker stands behind which fact."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plugins.generation.grounding.checker import check_copy

_DAY = date(2026, 7, 10)


def _reasons(copy: str, source: str) -> set[str]:
    return {finding.reason for finding in check_copy(f"{copy.removesuffix('.')} [s].", {"s": source}, _DAY)}


_DEEDS = {
    "gift": (
        "Restaurants donate meals to Kindly.",
        "Kindly donates meals to restaurants.",
        "Meals are donated to Kindly by restaurants.",
    ),
    "purchase": (
        "Larkspur acquired Bayside in 2024.",
        "Bayside acquired Larkspur in 2024.",
        "Bayside was acquired by Larkspur in 2024.",
    ),
    "any verb": (
        "Retired professionals mentor school leavers.",
        "School leavers mentor retired professionals.",
        "School leavers are mentored by retired professionals.",
    ),
    "two doers": (
        "The lender sets the price and the borrower pays a deposit.",
        "The borrower sets the price and the lender pays a deposit.",
        "The price is set by the lender and the borrower pays a deposit.",
    ),
    "two rewards": (
        "Your friend gets a £20 card and you get a free month.",
        "You get a £20 card and your friend gets a free month.",
        "A free month for you, a £20 card for your friend.",
    ),
    "credits": (
        "The play was written by Moira and directed by Kwame.",
        "The play was written by Kwame and directed by Moira.",
        "The play was directed by Kwame and written by Moira.",
    ),
}


@pytest.mark.parametrize(("source", "swapped", "kept"), _DEEDS.values(), ids=_DEEDS)
def test_who_does_what_to_whom_is_kept(source: str, swapped: str, kept: str) -> None:
    assert "roles_swapped" in _reasons(swapped, source)
    assert "roles_swapped" not in _reasons(kept, source)


@given(st.integers(2, 90), st.integers(2, 90), st.integers(100, 900), st.integers(100, 900))
def test_a_figure_stays_with_its_thing(hours: int, other: int, grams: int, weight: int) -> None:
    assume(hours != other and grams != weight)
    small = f"The Orbit lamp shines for {hours} hours and weighs {grams} g."
    source = f"{small} The Orbit Max lamp shines for {other} hours and weighs {weight} g."
    assert not _reasons(small, source)
    assert "number_of_other_product" in _reasons(f"The Orbit lamp, at {grams} g, shines for {other} hours.", source)


@given(price=st.integers(2, 400), count=st.integers(2, 60), wrong=st.integers(2, 25_000))
def test_a_product_is_followed_and_a_wrong_one_found(price: int, count: int, wrong: int) -> None:
    assume(wrong not in (price * count, price, count) and wrong != price * 12 and wrong * count != price)
    source = f"A ticket costs ${price} per person. A coach seats {count} people."
    assert not _reasons(
        f"For all {count} people it comes to ${price * count} in total, at ${price} per person.", source
    )
    assert "number_not_in_source" in _reasons(f"For all {count} people it comes to ${wrong} in total.", source)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        ("The desk was $400 and is now $300.", "The desk is now $300, down from $400, a saving of $100."),
        ("The desk was $400 and is now $300.", "The desk is now $300, down from $400, a 25% saving."),
        ("A pass for four people costs $96 a year.", "At $96 a year for four people, the pass works out at $24 each."),
        ("The oven was built in 1926.", "The oven is a century old."),
        ("Doors open at 18:30 and close at 21:00.", "Doors are open for two and a half hours."),
        ("The tour covers 10 sessions of 90 minutes.", "The tour covers 10 sessions, 15 hours in all."),
        ("A session lasts 1 hour 30 minutes.", "A session lasts 90 minutes."),
        ("41 of 46 graduates found work.", "89% of the graduates found work."),
        ("Two of our four ports are fast.", "50% of our four ports are fast."),
        ("Bake it at 85 °C.", "Bake it at 185 °F."),
        ("The bag weighs 6 kg.", "The bag weighs about 13 pounds."),
    ],
)
def test_what_follows_from_the_source_passes(source: str, copy: str) -> None:
    assert not _reasons(copy, source)


def test_each_marker_stands_behind_its_own_fact() -> None:
    sources = {"hours": "The gallery opens from 11 am to 6 pm.", "lunch": "The café serves lunch from noon to 3 pm."}
    right = "We open from 11 am to 6 pm [hours], and lunch is served from noon to 3 pm [lunch]."
    assert not check_copy(right, sources, _DAY)
    wrong = right.replace("[hours]", "[x]").replace("[lunch]", "[hours]").replace("[x]", "[lunch]")
    assert "wrong_citation" in {finding.reason for finding in check_copy(wrong, sources, _DAY)}
