"""What lies outside a bound of the source, and what follows from its figures without a word for the sum."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.generation.grounding.checker import check_copy

_TABLE: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "2026-03-04",
        "The tram tour is open to passengers up to and including age 70. It leaves from the depot.",
        ("Aged 68? You can join the tram tour, which leaves from the depot.",),
        ("Aged 73? You can join the tram tour, which leaves from the depot.",),
    ),
    (
        "2026-03-04",
        "The climbing hall runs beginner lessons from Monday to Thursday. Shoes can be hired at the desk.",
        (
            "Free on a Tuesday? The climbing hall runs beginner lessons.",
            "Beginner lessons run Monday to Thursday at the climbing hall.",
        ),
        (
            "Free on a Saturday? The climbing hall runs beginner lessons.",
            "Join us this Sunday for beginner lessons at the climbing hall.",
        ),
    ),
    (
        "2026-11-11",
        "The lake ferry runs from April to October. It takes bicycles.",
        ("The lake ferry runs from April to October and takes bicycles.",),
        ("Bring your bicycle on the lake ferry this weekend.",),
    ),
    (
        "2026-05-06",
        "Ferry tours depart every Friday and Saturday from May 8 through September 26, 2026.",
        ("Ferry tours depart every Friday and Saturday through September 26.",),
        ("Ferry tours depart every Friday, Saturday and Sunday through September 26.",),
    ),
    (
        "2026-03-04",
        "Two tablets contain 300 mg of magnesium. Each tube holds 20 tablets.",
        ("Two tablets contain 300 mg of magnesium.",),
        ("Each tablet contains 300 mg of magnesium.",),
    ),
    (
        "2026-03-04",
        "Since 2019 our bakeries have given a total of 40,000 loaves to shelters.",
        ("Our bakeries have given 40,000 loaves to shelters since 2019.",),
        ("Our bakeries give 40,000 loaves to shelters every year.",),
    ),
    (
        "2026-03-04",
        "The archive opened in 2020 with 30 maps. In 2025 we added 10 further maps to the archive.",
        ("The archive now has 40 maps.",),
        ("The archive now has 50 maps.", "The archive has tripled its maps since it opened."),
    ),
    (
        "2026-03-04",
        "Collect one stamp for each loaf. On Mondays you collect double stamps.",
        ("On Mondays each loaf brings you two stamps.",),
        ("On Mondays each loaf brings you three stamps.",),
    ),
    (
        "2026-03-04",
        "One litre of primer covers 8 square metres per coat. Apply two coats.",
        ("A 16 square metre wall in two coats takes 4 litres of primer.",),
        ("A 16 square metre wall in two coats takes 7 litres of primer.",),
    ),
    (
        "2026-03-04",
        "A bicycle trailer costs £7 a day. Lessons can be cancelled up to 24 hours before the start.",
        (
            "Hiring a bicycle trailer for a week comes to £49.",
            "You can cancel a lesson two days before the start.",
        ),
        ("Hiring a bicycle trailer for a week comes to £46.",),
    ),
    (
        "2026-03-04",
        "A quarter of our heat comes from the river; the rest comes from waste.",
        ("Three quarters of our heat comes from waste.",),
        ("Half of our heat comes from waste.",),
    ),
    (
        "2026-03-04",
        "Forty of our 96 libraries lend tools. In 2025 we polled 310 readers.",
        ("We polled 310 readers in 2025.",),
        ("We polled more than 2,000 readers in 2025.",),
    ),
    (
        "2026-06-09",
        "Entry is £12 through May 31, 2026, and £18 after that.",
        ("Entry is now £18.",),
        ("Entry is now £12.",),
    ),
    (
        "2026-03-04",
        "The canoe glides up to 12 miles on one charge.",
        ("The canoe glides up to 12 miles on one charge.",),
        ("The canoe never glides fewer than 12 miles on one charge.",),
    ),
)


@pytest.mark.parametrize(
    ("as_of", "source", "copy"), [(day, source, text) for day, source, right, _ in _TABLE for text in right]
)
def test_what_follows_is_grounded(as_of: str, source: str, copy: str) -> None:
    assert not check_copy(_cited(copy), {"a": source}, date.fromisoformat(as_of))


@pytest.mark.parametrize(
    ("as_of", "source", "copy"), [(day, source, text) for day, source, _, wrong in _TABLE for text in wrong]
)
def test_what_lies_outside_is_reported(as_of: str, source: str, copy: str) -> None:
    assert check_copy(_cited(copy), {"a": source}, date.fromisoformat(as_of))


def _cited(copy: str) -> str:
    return f"{copy.removesuffix('.')} [a]."
