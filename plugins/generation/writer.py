"""The hosted writer: a model writes the rhetoric, code fills in the facts, and nothing it typed itself counts as one.

The model answers in JSON. Facts are slots (``{{fact:off-winback20.np}}``) that code fills from approved phrasings, and
each cited quote must stand word for word in its document. What breaks a rule is fed back at most twice; then the
sentence is dropped, and the variants' problems say so.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from app.domain.content import Citation, ContentDocument
from app.domain.errors import Unavailable, UserFixable
from plugins.generation import channels
from plugins.generation.copy_quality import flaws_of
from plugins.generation.grammar import Sentence
from plugins.generation.material import CopyRequest, Material
from plugins.generation.offline_writer import Copy, Plan, footer_of, spoken_day
from plugins.generation.variants import Origin

MAX_REPAIRS = 2
FACT = re.compile(r"\{\{\s*fact:([a-z0-9-]+)\.([A-Za-z0-9_.]+)\s*\}\}")
MERGE = re.compile(r"\{\{(?!\s*fact:).*?\}\}")
FREE_FIGURE = re.compile(
    r"\d|[$£€%]|\b(?:per ?cent|half price|January|February|March|April|June|July|August|September|October|November"
    r"|December|twice|dozen|hundred|thousand|million)\b"
)
MERGE_TAG = "{{ first_name | default: 'there' }}"
VARIABLE = re.compile(r"\{\{\$(\w+)\}\}")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Message:
    """One message to the model: ``role`` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True)
class Completion:
    """What the model answered and what it cost (US dollars)."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0


class Complete(Protocol):
    """Ask the chat service once for JSON of a form. Called from a worker thread; raises ``Unavailable``."""

    def __call__(self, messages: Sequence[Message], form: type[BaseModel]) -> Completion: ...


def _without_defaults(schema: dict[str, Any]) -> None:
    """Take the defaults out of a schema: services that enforce one refuse them. Reading stays lenient."""
    for described in schema["properties"].values():
        described.pop("default", None)


class _Quote(BaseModel):
    model_config = ConfigDict(extra="ignore", json_schema_extra=_without_defaults)
    doc_id: str
    quote: str


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="ignore", json_schema_extra=_without_defaults)
    text: str
    citations: list[_Quote] = []


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", json_schema_extra=_without_defaults)
    subject: str = ""
    preheader: str = ""
    title: str = ""
    cta: str = ""
    paragraphs: list[list[_Sentence]]


@dataclass(frozen=True)
class Prompts:
    """The prompt files of the writer; ``version`` names them with a hash of their bytes."""

    templates: Mapping[str, str]
    version: str

    @classmethod
    def load(cls, folder: Path) -> Prompts:
        """Read the three prompt files of ``folder``; ``UserFixable`` when one cannot be used."""
        digest = hashlib.sha256()
        templates: dict[str, str] = {}
        for name in ("write_email", "write_short", "repair"):
            path = folder / f"{name}.yaml"
            try:
                raw = path.read_text(encoding="utf-8")
                templates[name] = str(yaml.safe_load(raw)["template"])
            except (OSError, KeyError, TypeError, yaml.YAMLError):
                raise UserFixable(
                    f"The prompt file {path.name} cannot be read.", hint="It needs a `template`."
                ) from None
            digest.update(raw.encode())
        return cls(templates, f"generation@{digest.hexdigest()[:8]}")

    def fill(self, name: str, **values: str) -> str:
        """Return a template with its variables; a variable that was not given becomes empty."""
        return VARIABLE.sub(lambda m: values.get(m[1], ""), self.templates[name])


@dataclass
class _Spent:
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    problems: list[str] = field(default_factory=list[str])


class HostedWriter:
    """Writes with a chat service. ``name`` is shown as the author of each variant."""

    def __init__(self, complete: Complete, prompts: Prompts, *, name: str) -> None:
        self._complete = complete
        self._prompts = prompts
        self._name = name

    def write_set(
        self, material: Material, request: CopyRequest, plans: Sequence[Plan], *, seed: int
    ) -> tuple[list[Copy], Origin, list[str]]:
        """Return one message for each plan, their origin (tokens and cost summed) and what had to be dropped."""
        spent = _Spent()
        copies = [self._write(material, request, plan, spent) for plan in plans]
        share = max(1, len(copies))
        origin = Origin(
            self._name,
            self._prompts.version,
            seed,
            spent.tokens_in // share,
            spent.tokens_out // share,
            spent.cost / share,
        )
        return copies, origin, spent.problems

    def _write(self, material: Material, request: CopyRequest, plan: Plan, spent: _Spent) -> Copy:
        facts = fact_slots(material, request)
        messages = [Message("system", self._brief(material, request, plan, facts)), Message("user", "Write it now.")]
        answer: _Answer | None = None
        findings: list[str] = []
        for _ in range(MAX_REPAIRS + 1):
            done = self._complete(messages, _Answer)
            spent.tokens_in += done.tokens_in
            spent.tokens_out += done.tokens_out
            spent.cost += done.cost
            parsed = parse_answer(done.text)
            answer = parsed or answer
            findings = (
                findings_of(parsed, facts, material, request) if parsed else ["The answer is not the JSON asked for."]
            )
            if not findings:
                break
            told = "\n".join(f"- {finding}" for finding in findings)
            messages += [Message("assistant", done.text), Message("user", self._prompts.fill("repair", findings=told))]
        if answer is None:
            raise Unavailable(self._name, "gave no usable answer after two repairs", retryable=True)
        return _built(answer, facts, material, request, plan, spent)

    def _brief(self, material: Material, request: CopyRequest, plan: Plan, facts: Mapping[str, str]) -> str:
        name = "write_email" if request.channel == "email" else "write_short"
        sources = "\n".join(f"[{d.id}] {d.title}: {d.body}" for d in material.citable())
        slots = "\n".join(f"{{{{fact:{slot}}}}} = {value}" for slot, value in facts.items())
        return self._prompts.fill(
            name,
            brand=str(material.brand.facts["name"]),
            tone=plan.tone,
            goal=request.goal or "a campaign",
            theme=(request.theme or "none").replace("_", " "),
            example="{{fact:" + next(iter(facts), "id.role") + "}}",
            slots=slots,
            sources=sources,
            merge=MERGE_TAG,
            channel=request.channel,
            lead=f"Begin with the {plan.lead}." if plan.lead else "",
            about=f"The message is to be about {material.subject.title}: say what [{material.subject.id}] says."
            if material.subject
            else "",
        )


def fact_slots(material: Material, request: CopyRequest) -> dict[str, str]:
    """Return the approved wording of every slot the model may use."""
    slots: dict[str, str] = {}
    for document in material.citable():
        for role, phrases in document.say.items():
            if phrases:
                slots[f"{document.id}.{role}"] = phrases[0]
    offer = material.offer
    if offer and offer.valid_until:
        slots[f"{offer.id}.until"] = spoken_day(offer.valid_until)
        slots[f"{offer.id}.day"] = spoken_day(offer.valid_until, year=offer.valid_until.year != request.on.year)
    return slots


def parse_answer(text: str) -> _Answer | None:
    """Return the model's JSON, or None when it is not what was asked for."""
    start, end = text.find("{"), text.rfind("}")
    try:
        return _Answer.model_validate(json.loads(text[start : end + 1]))
    except (ValueError, ValidationError):
        return None


def findings_of(answer: _Answer, facts: Mapping[str, str], material: Material, request: CopyRequest) -> list[str]:
    """Return what is wrong with an answer, in words that tell the model how to mend it."""
    known = {d.id: d for d in material.citable()}
    found: list[str] = []
    for name in ("subject", "preheader", "title", "cta"):
        found += [f"{name}: {problem}" for problem in _text_problems(getattr(answer, name), facts)]
    for sentence in (s for p in answer.paragraphs for s in p):
        found += [f"'{sentence.text[:60]}': {problem}" for problem in sentence_problems(sentence, facts, known)]
    cited = {c.doc_id for p in answer.paragraphs for s in p for c in s.citations}
    if material.subject and material.subject.id not in cited:
        found.append(f"The message was to be about {material.subject.title!r}: say what [{material.subject.id}] says.")
    if request.channel == "email" and not found:
        fields = _fields(answer, facts, material, request, Plan("friendly"))
        found += [f"{flaw.field}: {flaw.problem}" for flaw in flaws_of(fields) if flaw.level == "error"]
    return found


def sentence_problems(sentence: _Sentence, facts: Mapping[str, str], known: Mapping[str, ContentDocument]) -> list[str]:
    """Return what is wrong with one sentence: figures typed freely, unknown slots, missing or false quotes."""
    problems = _text_problems(sentence.text, facts)
    cited = {c.doc_id for c in sentence.citations}
    for document_id, _ in FACT.findall(sentence.text):
        if document_id in known and document_id not in cited:
            problems.append(f"uses a fact of {document_id} without citing it")
    for citation in sentence.citations:
        document = known.get(citation.doc_id)
        if document is None:
            problems.append(f"cites {citation.doc_id}, which is not among the sources")
        elif not citation.quote.strip() or _folded(citation.quote) not in _folded(document.body):
            problems.append(f"the quote from {citation.doc_id} does not stand there word for word")
    return problems


def _text_problems(text: str, facts: Mapping[str, str]) -> list[str]:
    problems = [
        f"the slot {document}.{role} does not exist"
        for document, role in FACT.findall(text)
        if f"{document}.{role}" not in facts
    ]
    if FREE_FIGURE.search(MERGE.sub("", FACT.sub("", text))):
        problems.append("has a figure, date, price or code that is not a slot")
    return problems


def _folded(text: str) -> str:
    return SPACE.sub(" ", text).strip()


def _filled(text: str, facts: Mapping[str, str]) -> str:
    return FACT.sub(lambda m: facts.get(f"{m[1]}.{m[2]}", ""), text).strip()


def _fields(
    answer: _Answer, facts: Mapping[str, str], material: Material, request: CopyRequest, plan: Plan
) -> dict[str, str]:
    body = "\n\n".join(" ".join(_filled(s.text, facts) for s in p) for p in answer.paragraphs if p)
    site = str(material.brand.facts["site"])
    link = channels.tracked_link(site, medium=request.channel, campaign=request.campaign, content=plan.label)
    if request.channel == "sms":
        return {"text": channels.fold_quotes(f"{body} {link} Reply STOP to opt out.".replace("\n\n", " "))}
    if request.channel == "push":
        return {"title": _filled(answer.title, facts), "body": body, "link": link}
    alt = material.products[0].title if material.products else f"Logo of {material.brand.facts['name']}"
    return {
        "subject": _filled(answer.subject, facts),
        "preheader": _filled(answer.preheader, facts),
        "body": body,
        "cta": _filled(answer.cta, facts) or "Go to the shop",
        "link": link,
        "alt": alt,
        "footer": footer_of(material.brand),
    }


def _built(
    answer: _Answer, facts: Mapping[str, str], material: Material, request: CopyRequest, plan: Plan, spent: _Spent
) -> Copy:
    known = {d.id: d for d in material.citable()}
    kept: list[list[_Sentence]] = []
    dropped = 0
    for paragraph in answer.paragraphs:
        good = [s for s in paragraph if not sentence_problems(s, facts, known)]
        dropped += len(paragraph) - len(good)
        kept.append(good)
    if dropped:
        spent.problems.append(
            f"{plan.tone}: {dropped} sentence(s) dropped, still unsupported after {MAX_REPAIRS} repairs."
        )
    parts: dict[str, Any] = {"paragraphs": [p for p in kept if p]}
    for name, fallback in (
        ("subject", f"A note from {material.brand.facts['name']}"),
        ("preheader", ""),
        ("title", ""),
        ("cta", ""),
    ):
        text = getattr(answer, name)
        parts[name] = fallback if _text_problems(text, facts) else text
    clean = answer.model_copy(update=parts)
    fields = _fields(clean, facts, material, request, plan)
    sentences = tuple(
        Sentence(_filled(s.text, facts), tuple(c.doc_id for c in s.citations)) for p in clean.paragraphs for s in p
    )
    citations = tuple(
        Citation(
            sentence=_filled(s.text, facts),
            document_id=c.doc_id,
            title=known[c.doc_id].title,
            quote=c.quote,
            content_hash=known[c.doc_id].content_hash,
        )
        for p in clean.paragraphs
        for s in p
        for c in s.citations
    )
    return Copy(plan.tone, fields, sentences, citations, 0.0, plan.lead)
