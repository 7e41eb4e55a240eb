"""SMS segments, links, merge tags, HTML."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.merge_values import clean_value
from plugins.generation.channels import inbox_preview, sms_size, tracked_link
from plugins.generation.merge_tags import merge, problems_of, unresolved
from plugins.generation.preview import worst_cases
from plugins.generation.rendering import render_html, render_text

FIELDS = {
    "subject": "Hello {{ first_name | default: 'there' }}",
    "preheader": "Short",
    "body": "One.\n\nTwo & three.",
    "cta": "Go",
    "link": "https://a.example/?utm_source=a&utm_medium=email",
    "alt": 'A "towel"',
    "footer": "1 Road\nUnsubscribe",
}


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("\u20ac" * 80, "GSM-7", 1),
        ("\u20ac" * 81, "GSM-7", 2),
        ("a" * 152 + "\u20ac" + "a" * 10, "GSM-7", 2),
        ("\u0142" * 70, "UCS-2", 1),
        ("\u0142" * 71, "UCS-2", 2),
        ("\U0001f600" * 35, "UCS-2", 1),
        ("\U0001f600" * 36, "UCS-2", 2),
    ],
)
def test_sms_segments(text: str, encoding: str, segments: int) -> None:
    size = sms_size(text)
    assert (size.encoding, size.segments) == (encoding, segments)


@given(st.text(max_size=400), st.text(max_size=50))
def test_segments_never_shrink_when_text_is_added(text: str, more: str) -> None:
    assert sms_size(text + more).segments >= sms_size(text).segments


def test_links_carry_the_campaign_and_no_person() -> None:
    link = tracked_link("http://shop.example/sale", medium="sms", campaign="Summer & Sun 2026", content="A")
    assert link == "https://shop.example/sale?utm_source=shop&utm_medium=sms&utm_campaign=summer-sun-2026&utm_content=a"


def test_merge_tags_need_a_known_variable_and_a_default() -> None:
    assert problems_of("{{ first_name | default: 'there' }}") == []
    assert "no default" in problems_of("{{ first_name }}")[0]
    assert "unknown merge variable email" in problems_of("{{ email | default: 'x' }}")[0]
    assert "cannot be read" in problems_of("{{ first_name | ")[0]
    assert any("not allowed" in p for p in problems_of("{{ first_name | append: 'x' | default: 'y' }}"))


@given(st.text(max_size=80))
@pytest.mark.statement("S49")
def test_no_value_leaves_a_tag_behind_or_becomes_markup(value: str) -> None:
    text = "Hello {{ first_name | default: 'there' }}!"
    assert unresolved(merge(text, {"first_name": value})) == 0
    page = render_html(FIELDS, {"first_name": "<script>" + value})
    assert "<script" not in page


@pytest.mark.statement("S49")
def test_direction_marks_and_tags_in_values_are_taken_out() -> None:
    assert clean_value("\u202eAda{{ x }}\u200b") == "Ada x"


def test_html_and_text_say_the_same() -> None:
    page, text = render_html(FIELDS, {}), render_text(FIELDS, {})
    assert "Two &amp; three." in page and "Two & three." in text
    assert "utm_source=a&amp;utm_medium=email" in page and "Unsubscribe" in text
    assert 'aria-label="A &quot;towel&quot;"' in page


def test_the_inbox_cuts_between_words() -> None:
    cut = inbox_preview("A subject line that is longer than any phone will show in full", "x")["subject"]
    assert len(cut) <= 38 and cut.endswith("\u2026") and "phone" not in cut


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=30))
def test_the_worst_cases_count_everybody_and_leave_no_tag(people: list[tuple[str, str]]) -> None:
    fields = {"text": "{{ first_name | default: 'Hi' }}, see you in {{ city | default: 'the shop' }}. STOP to end"}
    rows = [{"first_name": name or None, "city": city or None} for name, city in people]
    cases, left_over = worst_cases(fields, rows)
    counts = {case.case: case.customers for case in cases}
    assert left_over == 0 and counts["all recipients"] == len(people)
    assert counts.get("missing name", 0) == sum(not name for name, _ in people)
    assert counts.get("missing city", 0) == sum(not city for _, city in people)
    assert counts.get("emoji in city", 0) == sum(
        any(unicodedata.category(c) == "So" for c in city) for _, city in people
    )
    flipped = sum(sms_size(merge(fields["text"], row)).encoding != "GSM-7" for row in rows)
    assert counts.get("value flips the SMS to UCS-2", 0) == flipped
