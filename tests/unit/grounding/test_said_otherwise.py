"""What is said in other words: quotations, denials, places of the making, and everyday words that add nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.generation.grounding.checker import check_copy
from plugins.generation.grounding.reading.lexicon import CLAIMS, DEEDS, STRONG
from plugins.generation.grounding.reading.neutral import NEUTRAL

_DAY = date(2026, 7, 10)
_QUOTE = "The most cheerful kettle that I have owned in twenty years"


def _reasons(copy: str, source: str) -> set[str]:
    return {finding.reason for finding in check_copy(f"{copy.removesuffix('.')} [s].", {"s": source}, _DAY)}


@pytest.mark.parametrize(
    ("copy", "altered"),
    [
        (f'"{_QUOTE}," writes Priya N. of the Corvid kettle.', False),
        (f"\u201c{_QUOTE},\u201d writes Priya N. of the Corvid kettle.", False),
        (f"'{_QUOTE}', writes Priya N. of the Corvid kettle.", False),
        ('"The most cheerful kettle that I have owned\u2026" writes Priya N. of the Corvid kettle.', False),
        ('"The most cheerful kettle in twenty years," writes Priya N. of the Corvid kettle.', True),
        ('"The best kettle I have ever owned," writes Priya N. of the Corvid kettle.', True),
    ],
)
def test_a_quotation_has_the_words_of_the_source(copy: str, altered: bool) -> None:
    source = f'Review by Priya N., May 2026: "{_QUOTE}." The Corvid kettle holds 1.5 litres.'
    assert ("quote_altered" in _reasons(copy, source)) is altered


@given(left_out=st.integers(1, 9))
def test_a_quotation_without_one_of_its_words_is_altered(left_out: int) -> None:
    words = _QUOTE.split()
    shorter = " ".join((*words[:left_out], *words[left_out + 1 :]))
    assert "quote_altered" in _reasons(f'"{shorter}," says Priya N.', f'Priya N. said: "{_QUOTE}."')


@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        (
            "The lamp weighs 2 kg without bulbs. Bulbs are not included.",
            "Choose a bulb you like, as the lamp comes without any.",
            "The lamp comes with bulbs.",
        ),
        (
            "Earrings cannot be returned unless faulty.",
            "We can only take earrings back if they are faulty.",
            "Earrings can be returned.",
        ),
        (
            "We cannot ship live plants to Guernsey or Jersey.",
            "Guernsey and Jersey: we cannot ship live plants to you.",
            "We ship live plants to Guernsey and Jersey.",
        ),
        (
            "The Start plan has no phone support. The Grow plan costs $9 a month and includes phone support.",
            "For $9 a month, Grow gives you phone support.",
            "The Start plan gives you phone support.",
        ),
        (
            "Linen curtains are $12 a pair to clean. We cannot clean velvet curtains.",
            "We clean linen curtains for $12 a pair.",
            "We clean velvet curtains for $12 a pair.",
        ),
        (
            "The lantern needs two AAA batteries, which are not supplied.",
            "The lantern takes two AAA batteries, which don't come with it.",
            "The lantern comes with two AAA batteries.",
        ),
        (
            "The show has 40 drawings, 11 of them on public view for the first time.",
            "Eleven of the 40 drawings in the show had never been on public view until now.",
            "Twelve of the 40 drawings in the show had never been on public view until now.",
        ),
    ],
)
def test_a_denial_in_other_words_is_the_same_denial(source: str, right: str, wrong: str) -> None:
    assert not _reasons(right, source)
    assert _reasons(wrong, source)


@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        (
            "The scarf is knitted from alpaca wool and sewn in Galway.",
            "The alpaca scarf is sewn in Galway.",
            "The scarf is knitted from alpaca raised in Galway.",
        ),
        (
            "The chair is designed in Turin and assembled in Porto.",
            "The chair is designed in Turin.",
            "The chair is made in Turin.",
        ),
        (
            "Our tea is grown in Nilgiri and packed in Hull.",
            "Our tea is grown in Nilgiri and packed in Hull.",
            "Our tea is grown in Hull.",
        ),
        (
            "The bowl is cut and engraved in Waterford.",
            "The bowl is made in Waterford.",
            "The bowl is designed in Waterford.",
        ),
    ],
)
def test_each_step_of_the_making_has_its_place(source: str, right: str, wrong: str) -> None:
    assert not _reasons(right, source)
    assert "roles_swapped" in _reasons(wrong, source)


def test_no_neutral_word_is_a_claim() -> None:
    assert not NEUTRAL & (CLAIMS | DEEDS | STRONG)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        ("We aim to restore 40 ponds in 2027.", "Our goal for 2027 is 40 restored ponds."),
        ("Take two capsules a day.", "Two capsules a day is the dose."),
        ("The guide comes in English, Welsh and Polish.", "Described in English, Welsh and Polish: that is our guide."),
    ],
)
def test_words_that_only_talk_of_a_fact_are_no_news(source: str, copy: str) -> None:
    assert not _reasons(copy, source)
