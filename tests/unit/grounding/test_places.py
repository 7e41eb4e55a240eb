"""A new word is a problem where it gives the thing a property, and none where it only says how something is done."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.generation.grounding.checker import check_copy

_DAY = date(2026, 7, 10)
_SOURCE = (
    "The Alder tent weighs 2 kg and has two doors. "
    "Members get a free mug with orders over £40. The offer cannot be combined with other offers."
)


def _problems(copy: str) -> set[str]:
    return {finding.reason for finding in check_copy(f"{copy.removesuffix('.')} [s].", {"s": _SOURCE}, _DAY)}


@pytest.mark.parametrize(
    "copy",
    [
        "Members who order over £40 will bag a free mug.",
        "On members' orders over £40 we'll tuck in a free mug.",
        "The offer requires members' orders over £40 and can't be combined with other offers.",
        "Campers, the Alder tent weighs 2 kg and has two doors.",
        "The shelter weighs 2 kg and has two doors.",
        "The Alder tent weighs 2 kg and has two doors, so bedtime is sorted.",
        "The Alder tent weighs 2 kg and has two doors, rain or shine.",
        "One more reason to smile - the Alder tent weighs 2 kg and has two doors.",
    ],
)
@pytest.mark.statement("S41")
def test_a_word_that_only_says_how_passes(copy: str) -> None:
    assert not _problems(copy)


@pytest.mark.parametrize(
    "copy",
    [
        "The freestanding Alder tent weighs 2 kg and has two doors.",
        "The Alder tent weighs 2 kg and has two mesh-panelled doors.",
        "The Alder tent weighs 2 kg, has two doors and is washable.",
        "The Alder tent weighs 2 kg and has two doors and a groundsheet.",
        "The Alder tent weighs 2 kg, has two doors and repels mosquitoes.",
    ],
)
@pytest.mark.statement("S41")
def test_a_word_that_is_a_property_is_found(copy: str) -> None:
    assert _problems(copy) & {"low_support", "feature_not_in_source"}
