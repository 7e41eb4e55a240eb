"""The hosted writer: facts only through slots, quotes word for word, two repairs, then the sentence goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from app.domain.content import ContentDocument
from app.domain.errors import Unavailable
from plugins.generation.material import CopyRequest, Material, choose_material
from plugins.generation.offline_writer import Plan
from plugins.generation.writer import Completion, HostedWriter, Message, Prompts, fact_slots
from plugins.retrieval.embedded_index import EmbeddedIndex

ROOT = Path(__file__).resolve().parents[3]
REQUEST = CopyRequest(channel="email", on=date(2026, 6, 15), campaign="Summer 2026-06", theme="summer")
QUOTE = "Take 15% off towels, coolers and camping gear on orders of $50 or more"
FILLER = (
    "We have set out the details in the order in which you will want them, and left out what you can do without, "
    "so that you can read this in a quiet moment and decide for yourself what is worth your time and what is not."
)


class Script:
    """Answers in turn and remembers what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[list[Message]] = []

    def __call__(self, messages: Sequence[Message], form: type[BaseModel]) -> Completion:
        assert "paragraphs" in form.model_json_schema()["properties"]
        self.asked.append(list(messages))
        return Completion(self.answers.pop(0), 100, 50, 0.01)


def answer(*sentences: dict[str, Any], subject: str = "Something for your summer outdoors") -> str:
    opening = {"text": "Hello {{ first_name | default: 'there' }}, this is a note for the season.", "citations": []}
    filler = [{"text": FILLER.replace("quiet", word), "citations": []} for word in ("quiet", "calm", "slow", "free")]
    body = {"subject": subject, "preheader": "A short note with the details of what is on offer.", "cta": "Have a look"}
    return json.dumps(body | {"paragraphs": [[opening], list(sentences), filler]})


GOOD = {"text": "You can {{fact:off-summer15.vp}}.", "citations": [{"doc_id": "off-summer15", "quote": QUOTE}]}
FIGURE = {"text": "You can take 40% off everything.", "citations": [{"doc_id": "off-summer15", "quote": QUOTE}]}
MISQUOTED = {"text": "It is {{fact:off-summer15.np}}.", "citations": [{"doc_id": "off-summer15", "quote": "40% off"}]}


@pytest.fixture
def material(index: EmbeddedIndex) -> Material:
    def plain(document: ContentDocument) -> bool:
        return not document.eligibility

    return choose_material(index, REQUEST, plain)


def writer(script: Script) -> HostedWriter:
    return HostedWriter(script, Prompts.load(ROOT / "prompts" / "generation"), name="model-x")


def test_slots_are_filled_with_approved_words_and_cited(material: Material) -> None:
    script = Script(answer(GOOD))
    copies, origin, problems = writer(script).write_set(material, REQUEST, [Plan("friendly")], seed=1)
    assert "take 15% off towels, coolers and camping gear on orders of $50 or more" in copies[0].fields["body"]
    assert [c.document_id for c in copies[0].citations] == ["off-summer15"]
    assert (origin.written_by, origin.tokens_in, origin.cost, problems) == ("model-x", 100, 0.01, [])
    assert origin.prompt_version.startswith("generation@")


@pytest.mark.parametrize("bad", [FIGURE, MISQUOTED])
def test_what_is_wrong_is_fed_back_and_mended(material: Material, bad: dict[str, Any]) -> None:
    script = Script(answer(bad), answer(GOOD))
    copies, _, problems = writer(script).write_set(material, REQUEST, [Plan("friendly")], seed=1)
    assert len(script.asked) == 2
    assert "broke these rules" in script.asked[1][-1].content
    assert "40%" not in copies[0].fields["body"] and problems == []


def test_after_two_repairs_the_sentence_is_dropped_and_said(material: Material) -> None:
    script = Script(answer(GOOD, FIGURE), answer(GOOD, FIGURE), answer(GOOD, FIGURE))
    copies, _, problems = writer(script).write_set(material, REQUEST, [Plan("friendly")], seed=1)
    assert len(script.asked) == 3
    assert "40%" not in copies[0].fields["body"] and "15% off" in copies[0].fields["body"]
    assert "1 sentence(s) dropped" in problems[0]


def test_a_subject_with_a_typed_figure_is_not_used(material: Material) -> None:
    wrong = answer(GOOD, subject="Only 3 days left for 90% off!")
    copies, _, _ = writer(Script(wrong, wrong, wrong)).write_set(material, REQUEST, [Plan("friendly")], seed=1)
    assert copies[0].fields["subject"] == "A note from Harbor & Pine"


def test_a_message_that_says_nothing_of_what_was_asked_for_is_written_again(index: EmbeddedIndex) -> None:
    request = replace(REQUEST, about="free returns")
    material = choose_material(index, request, lambda document: not document.eligibility)
    quote = "You can send unused items back within 60 days for a full refund; clearance items are excepted."
    asked_for = {"text": "{{fact:pol-returns.s}}.", "citations": [{"doc_id": "pol-returns", "quote": quote}]}
    script = Script(answer(GOOD), answer(GOOD, asked_for))
    copies, _, problems = writer(script).write_set(material, request, [Plan("friendly")], seed=1)
    assert "is to be about Returns" in script.asked[0][0].content
    assert "to be about 'Returns'" in script.asked[1][-1].content
    assert "pol-returns" in {c.document_id for c in copies[0].citations} and problems == []


def test_no_usable_answer_is_unavailable_not_a_stand_in(material: Material) -> None:
    with pytest.raises(Unavailable):
        writer(Script("no", "{}", "[]")).write_set(material, REQUEST, [Plan("friendly")], seed=1)


def test_the_end_date_is_a_slot_too(material: Material) -> None:
    assert fact_slots(material, REQUEST)["off-summer15.until"] == "31 August 2026"
