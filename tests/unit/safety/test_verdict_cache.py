"""What a verdict may be taken from: this exact text, this surface, this screening, a short while ago. Nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.safety import Decision, Draft, Surface
from plugins.safety.local_rules import LocalRules
from plugins.safety.policy import Policy
from plugins.safety.screening import Screening
from plugins.safety.verdict_cache import VerdictCache

CALM = "Fresh bread from seven."


@given(st.text(), st.text(), st.sampled_from(Surface), st.sampled_from(Surface))
def test_s22_only_the_same_text_on_the_same_surface_is_known(
    text: str, other: str, surface: Surface, elsewhere: Surface
) -> None:
    cache = VerdictCache()
    cache.add(text, surface)
    assert cache.allows(other, elsewhere) is ((text, surface) == (other, elsewhere))


def test_s22_it_forgets_by_age_and_by_number() -> None:
    now = 0.0
    cache = VerdictCache(seconds=10, entries=2, clock=lambda: now)
    cache.add("first", Surface.CHAT)
    now = 9.9
    assert cache.allows("first", Surface.CHAT)
    now = 10.0
    assert not cache.allows("first", Surface.CHAT)
    for text in ("first", "second", "third"):
        cache.add(text, Surface.CHAT)
    assert [cache.allows(text, Surface.CHAT) for text in ("first", "second", "third")] == [False, True, True]


def test_s22_an_allowed_text_is_read_once_and_a_stopped_one_each_time(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    whole = LocalRules.read

    def counted(rules: LocalRules, text: str, surface: Surface, until: float) -> object:
        read.append(text)
        return whole(rules, text, surface, until)

    monkeypatch.setattr(LocalRules, "read", counted)
    screening = Screening(policy)
    stopped = "Pay with card 4111 1111 1111 1111 today."
    for text in (CALM, stopped) * 2:
        screening.screen_local(Draft(text=text, surface=Surface.CHAT))
    assert read == [CALM, stopped, stopped]


def test_s22_customers_loaded_later_are_found_in_a_text_that_passed_before(policy: Policy) -> None:
    bare = Screening(policy)
    draft = Draft(text="Thea Quillington would like the new bread.", surface=Surface.COPY)
    assert bare.screen_local(draft).decision is Decision.ALLOW
    knowing = bare.knowing([{"customer_id": "C1", "first_name": "Thea", "last_name": "Quillington"}], b"k" * 32)
    assert knowing.screen_local(draft).decision is not Decision.ALLOW
