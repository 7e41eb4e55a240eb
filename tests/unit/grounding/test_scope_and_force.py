"""How far a statement reaches and how firmly it holds: limits, parts of a whole, moments, bounds, exclusions."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.generation.grounding.checker import check_copy

_DAY = date(2026, 7, 10)


def _reasons(copy: str, source: str) -> set[str]:
    return {finding.reason for finding in check_copy(f"{copy.removesuffix('.')} [s].", {"s": source}, _DAY)}


_WIDENED = {
    "where": (
        "Dinner is included in the cabins but not on the open deck.",
        "Dinner is included in the cabins.",
        "Wherever you sleep, dinner is included.",
    ),
    "who": (
        "The boiler has a 9-year warranty when fitted by an approved engineer.",
        "Have an approved engineer fit it, and the boiler has a 9-year warranty.",
        "Whoever fits it, the boiler has a 9-year warranty.",
    ),
    "country": (
        "Repairs from UK addresses are posted free; overseas customers pay their own postage.",
        "Repairs from UK addresses are posted free.",
        "Repairs are posted free wherever in the world you are.",
    ),
    "towns": (
        "Bring a lamp with a rug and the rewiring costs £12. The offer is available at our Derby and Stoke shops only.",
        "Bring a lamp with a rug to our Derby or Stoke shop and the rewiring costs £12.",
        "Bring a lamp with a rug to any of our shops nationwide and the rewiring costs £12.",
    ),
    "what happens": (
        "The tent is guaranteed for 4 years. Storm damage is not covered.",
        "The tent is guaranteed for 4 years, storm damage aside.",
        "Whatever happens to the tent, the 4-year guarantee covers it.",
    ),
    "either way": (
        "There is no booking fee for seats bought online; telephone bookings carry a £3 booking fee.",
        "Buy your seats online and there is no booking fee.",
        "No booking fee on your seats, whether you buy online or call us.",
    ),
    "days": (
        "The ferry runs at weekends from May to September.",
        "From May to September the ferry runs at weekends.",
        "From May to September the ferry runs every day of the week.",
    ),
    "condition denied": (
        "Dogs stay free with a booked parking space.",
        "Book a parking space and your dog stays free.",
        "Dogs stay free, whether or not you have booked a parking space.",
    ),
    "either is enough": (
        "You get a £30 voucher when you spend £200 and register your address.",
        "Spend £200, register your address, and you get a £30 voucher.",
        "You get a £30 voucher for either spending £200 or registering your address.",
    ),
    "second kind": (
        "Ten stamps can be exchanged for any white loaf.",
        "Swap ten stamps for any white loaf.",
        "Swap ten stamps for any white or seeded loaf.",
    ),
    "part of all": (
        "The inn has 31 rooms, 9 of which have a balcony.",
        "Of the 31 rooms at the inn, 9 have a balcony.",
        "Every room at the inn has a balcony.",
    ),
    "part as most": (
        "The inn has 31 rooms, 9 of which have a balcony.",
        "9 of the inn's 31 rooms have a balcony.",
        "Most of the rooms at the inn have a balcony.",
    ),
    "so many": (
        "The trust is offering 15 grants of £800 to village choirs.",
        "The trust is offering village choirs 15 grants of £800.",
        "Every village choir gets a grant of £800.",
    ),
}


@pytest.mark.parametrize(("source", "right", "wrong"), _WIDENED.values(), ids=_WIDENED)
def test_no_more_is_told_than_the_limits_of_the_source_allow(source: str, right: str, wrong: str) -> None:
    assert _reasons(right, source) == set()
    assert _reasons(wrong, source)


_FIRMER = {
    "for good": (
        "The gym costs £20 a month for the first 6 months, then £32 a month.",
        "The gym is £20 a month for the first 6 months, then £32.",
        "The gym is £20 a month, and that price will never go up.",
    ),
    "fixed": (
        "The Oak account pays 3.6% interest, which is variable.",
        "The Oak account pays 3.6% variable.",
        "Lock in a fixed 3.6% with the Oak account.",
    ),
    "at least": (
        "The pump fills a tyre up to four times faster than a hand pump.",
        "Fill a tyre up to four times faster than with a hand pump.",
        "Fill a tyre at least four times faster than with a hand pump.",
    ),
    "exactly": (
        "The film cuts glare by up to 50%.",
        "The film cuts glare by up to half.",
        "The film cuts glare by exactly half.",
    ),
    "every time": (
        "Our vets can take an X-ray where needed during the £45 check-up.",
        "During the £45 check-up our vets can take an X-ray where needed.",
        "Every £45 check-up comes with an X-ray.",
    ),
    "shield": (
        "Each capsule contains 80 mg of vitamin C, which contributes to the normal function of the immune system.",
        "Each capsule contains 80 mg of vitamin C.",
        "With 80 mg of vitamin C in each capsule you won't catch a cold.",
    ),
    "shortlist": (
        "The bakery won Best Loaf at the 2024 Crumb Awards. In 2025 it was shortlisted again.",
        "The bakery won Best Loaf at the 2024 Crumb Awards and was shortlisted in 2025.",
        "The bakery won Best Loaf at the Crumb Awards in 2024 and 2025.",
    ),
}


@pytest.mark.parametrize(("source", "right", "wrong"), _FIRMER.values(), ids=_FIRMER)
def test_nothing_holds_more_firmly_than_in_the_source(source: str, right: str, wrong: str) -> None:
    assert _reasons(right, source) == set()
    assert _reasons(wrong, source)


_MOMENTS = {
    "counted from": (
        "Rugs can be returned within 40 days of dispatch.",
        "You have 40 days from dispatch to return a rug.",
        "You have 40 days from the day it arrives to return a rug.",
    ),
    "over when": (
        "Frames leave our workshop within 3 days of payment.",
        "Frames leave our workshop within 3 days of payment.",
        "Frames are on your doorstep within 3 days of payment.",
    ),
    "used early": (
        "Spend $80 in July and receive a $10 card. The card is valid from August 3, 2026.",
        "Spend $80 in July and receive a $10 card, valid from August 3.",
        "Spend $80 in July and use your $10 card this very afternoon.",
    ),
}


@pytest.mark.parametrize(("source", "right", "wrong"), _MOMENTS.values(), ids=_MOMENTS)
def test_a_time_counts_from_the_moment_of_the_source(source: str, right: str, wrong: str) -> None:
    assert _reasons(right, source) == set()
    assert _reasons(wrong, source)


_KEPT_OUT = {
    "excluded goods": (
        "Nurses get 20% off full-price coats. The discount does not apply to boots.",
        "Nurses get 20% off full-price coats.",
        "Nurses get 20% off full-price boots.",
    ),
    "not combined": (
        "First-time guests get 15% off a massage. The offer cannot be combined with any other discount.",
        "First-time guests get 15% off a massage.",
        "First-time guests get 15% off a massage, together with any other discount.",
    ),
    "in part": (
        "The jam has no added sugar and costs £4.",
        "At £4, the jam has no added sugar.",
        "At £4, the jam contains no sugar.",
    ),
    "other plan": (
        "The Solo plan costs £8 a month. Weekend support is available on the Crew plan only.",
        "The Solo plan costs £8 a month.",
        "The Solo plan costs £8 a month and includes weekend support.",
    ),
    "another way": (
        "A lesson can be cancelled free until the day before, in the app only.",
        "Cancel a lesson free until the day before in the app.",
        "Cancel a lesson free until the day before, by phone or in the app.",
    ),
    "must stay": (
        "Clay Club is free for children aged 5 to 9. A parent must stay throughout.",
        "Clay Club is free for children aged 5 to 9, and a parent must stay.",
        "Clay Club is free for children aged 5 to 9: drop the kids and go shopping elsewhere.",
    ),
    "quotation": (
        'Camp magazine wrote: "The lightest stove under £90 that we have used."',
        'Camp magazine: "The lightest stove under £90 that we have used."',
        'Camp magazine: "The lightest stove that we have used."',
    ),
}


@pytest.mark.parametrize(("source", "right", "wrong"), _KEPT_OUT.values(), ids=_KEPT_OUT)
def test_what_the_source_keeps_out_stays_out(source: str, right: str, wrong: str) -> None:
    assert _reasons(right, source) == set()
    assert _reasons(wrong, source)


_KEPT = {
    "the other way": (
        "Garden Card members save 12% on bulbs in all our shops. The offer excludes online orders.",
        "Scan your Garden Card at the till in store and save 12% on bulbs.",
    ),
    "an age of one's own": (
        "Children under 5 swim free and those aged 5 to 14 pay £3.",
        "Your nine-year-old pays £3.",
    ),
    "an example above the least": (
        "A second helmet is free on hires of four days or more.",
        "Off on a nine-day tour? The second helmet is free.",
    ),
    "the hours": (
        "Off-peak membership costs £19 a month. Off-peak members can climb from 10am to 3pm, Monday to Friday.",
        "Climb 10am to 3pm on weekdays for £19 a month.",
    ),
    "another thing of the list": (
        "Captains get 10% off meals, a free locker, and a late berth subject to availability.",
        "Captains get 10% off meals and a free locker.",
    ),
    "outlasting": (
        "A chain service takes about 30 minutes. Until June 20, 2026, a full service includes a free lock.",
        "A chain service takes about 30 minutes.",
    ),
}


@pytest.mark.parametrize(("source", "right"), _KEPT.values(), ids=_KEPT)
def test_a_condition_is_kept_in_another_way(source: str, right: str) -> None:
    assert not _reasons(right, source) & {"dropped_condition", "generality_added", "expired_source", "not_started"}
