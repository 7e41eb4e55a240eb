"""A figure, a day or a superlative that the source does not say is found, whatever it is; one it says passes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plugins.generation.grounding.checker import check_copy

_DAY = date(2026, 7, 10)
_TEMPLATES = {
    "percent": "Members get {}% off all lamps.",
    "money": "The Alder lamp costs ${}.",
    "per month": "The Basic plan costs €{} a month.",
    "minutes": "The Alder lamp charges in {} minutes.",
    "days": "We deliver within {} days.",
    "grams": "The Alder lamp weighs {} grams.",
    "centimetres": "The Alder lamp is {} cm tall.",
    "count": "The Alder set has {} pieces.",
    "rating": "Buyers rate the Alder lamp {}%.",
    "code": "Members get a gift with code LAMP{}.",
}
_FIGURES = {"number_not_in_source", "code_not_in_source", "number_out_of_context", "dropped_qualifier"}


def _reasons(copy: str, source: str) -> set[str]:
    return {finding.reason for finding in check_copy(f"{copy.removesuffix('.')} [s].", {"s": source}, _DAY)}


@given(kind=st.sampled_from(sorted(_TEMPLATES)), true=st.integers(2, 999), said=st.integers(1, 999))
def test_a_changed_figure_is_found_and_an_unchanged_one_passes(kind: str, true: int, said: int) -> None:
    assume(true != said)
    template = _TEMPLATES[kind]
    assert _reasons(template.format(said), template.format(true)) & _FIGURES
    assert not _reasons(template.format(true), template.format(true))


@given(price=st.decimals(1, 900, places=2), other=st.decimals(1, 900, places=2))
def test_a_changed_price_with_cents_is_found(price: float, other: float) -> None:
    assume(price != other)
    assert "number_not_in_source" in _reasons(f"The Alder lamp costs £{other}.", f"The Alder lamp costs £{price}.")


@given(true=st.integers(0, 300), said=st.integers(0, 300))
def test_a_changed_day_is_found(true: int, said: int) -> None:
    assume(true != said)
    last, other = (date(2026, 7, 20) + timedelta(days=days) for days in (true, said))
    source, copy = (f"Lamps are half price until {day:%d %B %Y}." for day in (last, other))
    assert "date_not_in_source" in _reasons(copy, source)
    assert not _reasons(source, source)


@given(back=st.integers(1, 140))
def test_what_has_ended_is_found(back: int) -> None:
    text = f"Lamps are half price until {_DAY - timedelta(days=back):%d %B %Y}."
    assert "expired_source" in _reasons(text, text)


@pytest.mark.parametrize(
    "word", ["best", "cheapest", "lightest", "largest", "fastest", "safest", "brightest", "quietest", "toughest", "#1"]
)
def test_a_superlative_of_the_copy_alone_is_found(word: str) -> None:
    assert "stronger_than_source" in _reasons(
        f"The Alder is the {word} lamp and weighs 300 g.", "The Alder lamp weighs 300 g."
    )


@pytest.mark.parametrize(
    ("copy", "source"),
    [
        ("Lamps are half price.", "Lamps are 50% off."),
        ("Try it for two weeks.", "You can try it for 14 days."),
        ("It charges in one and a half hours.", "It charges in 90 minutes."),
        ("The lamp weighs 0.3 kg.", "The lamp weighs 300 g."),
        ("Open from 9 to 5pm.", "Open from 9am to 5pm."),
        ("Doors open at half past seven.", "Doors open at 7:30pm."),
        ("Pay €58 rather than €72 until 20 September.", "It costs €58 instead of €72 until 20 September 2026."),
        ("The Alder lamp is for children aged 7 and over.", "The Alder lamp is for children from 7 years."),
        ("There is no joining fee.", "The joining fee is $0."),
    ],
)
def test_the_same_figure_said_in_another_way_passes(copy: str, source: str) -> None:
    assert not _reasons(copy, source)


@pytest.mark.parametrize(
    ("copy", "source"),
    [
        ("The joining fee is €72 until 20 September.", "It costs €58 until 20 September 2026."),
        ("Children aged 1 to 5 are welcome.", "Children aged 2 to 5 are welcome."),
        ("The first month is free.", "The first seven days are free."),
        ("The webinar lasts an hour.", "The webinar lasts 45 minutes."),
        ("We bring a bag every week.", "We bring a bag every two weeks."),
        ("Dogs travel free until Christmas.", "Dogs travel free until 28 November 2026."),
    ],
)
def test_a_figure_in_words_is_held_against_the_source(copy: str, source: str) -> None:
    assert _reasons(copy, source) & (_FIGURES | {"date_not_in_source"})
