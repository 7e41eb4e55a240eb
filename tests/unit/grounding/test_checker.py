"""The grounding checker on labelled copy, and on lines that are no cases at all."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plugins.generation.grounding.bulk import check, ground_lines
from plugins.generation.grounding.checker import CitedSentence, check_copy

_HERE = Path(__file__).parent
_SOURCES = {
    "off": "Members get 25% off one order of $80 or more until 31 August 2026.",
    "cool": "The Frost cooler keeps ice for up to 48 hours.",
}
_DAY = date(2026, 7, 10)


_MOST = 400
"""Cases of one file that are checked here; of longer files every second, third ... one, so that the test stays fast."""


def _cases(name: str) -> list[dict[str, Any]]:
    cases = [json.loads(line) for line in (_HERE / name).read_text(encoding="utf-8").splitlines()]
    return cases[:: 1 + (len(cases) - 1) // _MOST]


@pytest.mark.parametrize(
    ("name", "caught", "alarms"),
    [
        ("cases_tuned.jsonl", 0.95, 0.05),
        ("cases_held_out.jsonl", 0.97, 0.05),
        ("cases_strangers.jsonl", 0.92, 0.06),
        ("cases_plain.jsonl", 0.92, 0.04),
        ("cases_reworded.jsonl", 0.97, 0.07),
        ("cases_free.jsonl", 0.88, 0.10),
        ("cases_dense.jsonl", 0.90, 0.20),
        ("cases_literary.jsonl", 0.84, 0.22),
        ("cases_siblings.jsonl", 0.92, 0.05),
        ("cases_unmended.jsonl", 0.86, 0.17),  # seen once and not mended by: what to expect of strangers' copy
    ],
)
@pytest.mark.statement("S41")
def test_labelled_copy_is_told_apart(name: str, caught: float, alarms: float) -> None:
    cases = _cases(name)
    flagged = {case["id"]: not check(case)["grounded"] for case in cases}
    wrong = [flagged[case["id"]] for case in cases if not case["grounded"]]
    right = [flagged[case["id"]] for case in cases if case["grounded"]]
    assert sum(wrong) / len(wrong) >= caught
    assert sum(right) / len(right) <= alarms


@pytest.mark.parametrize(
    ("copy", "reason"),
    [
        ("Members get 30% off one order of $80 or more [off].", "number_not_in_source"),
        ("Members get 25% off one order of $80 or more [of].", "unknown_citation"),
        ("Members get 25% off [off].", "dropped_condition"),
        ("The Frost cooler keeps ice for 48 hours [cool].", "dropped_qualifier"),
        ("The Frost cooler keeps ice for up to 48 hours.", "missing_citation"),
        ("Last chance: members get 25% off one order of $80 or more [off].", "invented_deadline"),
    ],
)
@pytest.mark.statement("S40", "S41")
def test_each_mistake_has_its_reason(copy: str, reason: str) -> None:
    assert reason in {finding.reason for finding in check_copy(copy, _SOURCES, _DAY)}


@pytest.mark.parametrize(
    ("source", "right", "wrong", "reason"),
    [
        (
            "Customer review, Ann: 'This rug never sheds and feels like a cloud.'",
            "Ann writes that this rug never sheds [a].",
            "This rug never sheds and feels like a cloud [a].",
            "opinion_as_fact",
        ),
        (
            "Children under 10 eat free on Sundays.",
            "Kids aged 9 and under eat free on Sundays [a].",
            "Kids aged 10 and under eat free on Sundays [a].",
            "number_not_in_source",
        ),
        (
            "The lamp is £40, reduced from £55.",
            "The lamp is down from £55 to £40, so you save £15 [a].",
            "The lamp is down from £40 to £55 [a].",
            "number_out_of_context",
        ),
        (
            "Our chutney was shortlisted for the Pantry Prize.",
            "Our chutney made the Pantry Prize shortlist [a].",
            "Our chutney won the Pantry Prize [a].",
            "stronger_than_source",
        ),
        (
            "The shop opens at 10am on Sundays and at 8am on Saturdays.",
            "On Sundays the shop opens at ten in the morning [a].",
            "The shop opens at 8am on Sundays [a].",
            "time_not_in_source",
        ),
        (
            "In a survey of 300 parents, 45% said their child slept better.",
            "45% of the 300 parents we asked said their child slept better [a].",
            "Most of the 300 parents we asked said their child slept better [a].",
            "stretched_statistic",
        ),
    ],
)
@pytest.mark.statement("S40", "S41")
def test_a_rewording_passes_and_its_wrong_sibling_does_not(source: str, right: str, wrong: str, reason: str) -> None:
    assert not check_copy(right, {"a": source}, _DAY)
    assert reason in {finding.reason for finding in check_copy(wrong, {"a": source}, _DAY)}


def _word_for_word(text: str) -> str:
    """Return ``text`` as a copy that cites it behind each sentence."""
    return " ".join(f"{s.rstrip('.!')} [a]." for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text) if s)


@pytest.mark.parametrize("tail", ["", ", so you can put your feet up", ", and that's a promise"])
@pytest.mark.statement("S41")
def test_a_copy_that_says_its_source_word_for_word_passes(tail: str) -> None:
    texts = {s["text"]: case["as_of"] for case in _cases("cases_plain.jsonl") for s in case["sources"]}
    alarms = [
        (finding.reason, finding.sentence)
        for text, day in list(texts.items())[::8]
        for finding in check_copy(_word_for_word(text.rstrip(".!") + tail), {"a": text}, date.fromisoformat(day))
        if finding.reason not in ("expired_source", "not_started", "opinion_as_fact")
    ]
    assert not alarms


def test_an_offer_is_expired_on_the_day_after_its_last() -> None:
    copy = "Members get 25% off one order of $80 or more [off]."
    assert not check_copy(copy, _SOURCES, date(2026, 8, 31))
    assert "expired_source" in {finding.reason for finding in check_copy(copy, _SOURCES, date(2026, 9, 1))}


def test_sentences_with_citations_are_read_like_markers() -> None:
    sentence = CitedSentence("The Frost cooler keeps ice for up to 72 hours.", ("cool",))
    (finding,) = check_copy([sentence], _SOURCES, _DAY)
    assert (finding.reason, finding.cited, finding.severity) == ("number_not_in_source", ("cool",), "hard")


def test_the_name_of_the_sender_needs_no_source() -> None:
    said = [CitedSentence("At Fjordlykke the Frost cooler keeps ice for up to 48 hours.", ("cool",))]
    assert "name_not_in_source" in {f.reason for f in check_copy(said, _SOURCES, _DAY)}
    assert not check_copy(said, _SOURCES, _DAY, sender="Fjordlykke")


@pytest.mark.parametrize("copy", ["Fjordlykke: {}", "{} The Fjordlykke team", "Welcome to Fjordlykke!\n{}"])
def test_a_name_that_signs_the_message_needs_no_source(copy: str) -> None:
    body = "The Frost cooler of Fjordlykke keeps ice for up to 48 hours [cool]."
    assert not check_copy(copy.format(body), _SOURCES, _DAY)


def test_a_bad_line_is_answered_in_its_place() -> None:
    good = json.dumps({"id": "g", "as_of": "2026-07-10", "channel": "sms", "sources": [], "copy": "Hello!"})
    lines = [good, "{", "[1]", '{"id": 7}', '{"id": 8, "as_of": "soon", "sources": [], "copy": ""}', good]
    answers = [json.loads(line) for line in ground_lines(lines)]
    assert [answer["grounded"] for answer in answers] == [True, False, False, False, False, True]
    assert [answer["id"] for answer in answers] == ["g", None, None, 7, 8, "g"]
    assert all(answer["problems"][0]["reason"] for answer in answers[1:5])


@pytest.mark.parametrize("piece", ["1 to 2 ", "one ", "from ", "if a ", "[off] ", "9"])
def test_a_hostile_text_is_answered_quickly(piece: str) -> None:
    text = piece * 1_500
    assert isinstance(check_copy(text + " [off]", {"off": text}, _DAY), list)
