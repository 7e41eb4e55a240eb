"""The compliance paths of the first specification: a message checked, in that specification's shape."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.domain.safety import Surface
from app.rest.access import Worker
from app.rest.answers import ReleasedRoute, answer
from app.rest.errors import errors, problem_of_call
from app.rest.functions import called
from app.rest.screening import judged

router = APIRouter(route_class=ReleasedRoute, tags=["first paths"])
Id = Annotated[str, Field(min_length=1, max_length=200)]


class Sent(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Rules(BaseModel):
    """The rules that copy is checked against."""

    summary: str
    data: dict[str, Any]


SAFETY = {"hate": "hate_speech", "violence": "violence", "self_harm": "self_harm", "sexual": "sexual"}
BRAND = frozenset({"brand", "language", "urgency", "structure", "size"})


class MessageToCheck(Sent):
    """A message as it would be sent."""

    message_id: Id
    channel: Literal["copy", "email", "sms", "push"] = "copy"
    subject: str | None = Field(None, max_length=2000)
    body: str = Field(min_length=1, max_length=50_000)


class SafetyCheck(BaseModel):
    """Severity 0 to 7 of what was found; null where the screener gave no score."""

    passed: bool
    hate_speech: float | None = None
    violence: float | None = None
    self_harm: float | None = None
    sexual: float | None = None


class BrandCheck(BaseModel):
    """Brand rules. ``tone_match`` is always null: nothing measures it."""

    passed: bool
    tone_match: None = None
    keyword_compliance: bool


class LegalCheck(BaseModel):
    """Legal rules: the rules that missed something required, and those that found a prohibited claim."""

    passed: bool
    required_disclaimers: list[str]
    prohibited_claims: list[str]


class Checks(BaseModel):
    """The findings by kind; every other kind (links, personal data, markup ...) is in ``other``."""

    content_safety: SafetyCheck
    brand_compliance: BrandCheck
    legal_compliance: LegalCheck
    other: list[str]


class MessageChecked(BaseModel):
    """``status`` is approved, changes_needed (redact), held or rejected. ``report_url`` is always null."""

    message_id: str
    status: str
    checks: Checks
    recommendations: list[str]
    report_url: None = None
    screened_by: str
    decision_id: str


class Batch(Sent):
    """Messages to check."""

    messages: list[MessageToCheck] = Field(min_length=1, max_length=50)


class BatchChecked(BaseModel):
    """The answers in the order of the messages."""

    results: list[MessageChecked]


STATUS_WORDS = {"allow": "approved", "redact": "changes_needed", "hold": "held", "block": "rejected"}


@router.post("/compliance/validate", response_model=MessageChecked, responses=errors(), operation_id="validate")
async def validate(request: Request, _person: Worker, sent: MessageToCheck) -> Response:
    """Check a message. Scores are the severities of findings; nothing is scored that nobody measured."""
    return await answer(request, await _checked(request, sent))


@router.post("/compliance/batch", response_model=BatchChecked, responses=errors(), operation_id="validate_batch")
async def validate_batch(request: Request, _person: Worker, sent: Batch) -> Response:
    """Check many messages."""
    return await answer(request, {"results": [await _checked(request, message) for message in sent.messages]})


@router.get("/compliance/rules", response_model=Rules, responses=errors(), operation_id="compliance_rules")
async def compliance_rules(request: Request, person: Worker) -> Response:
    """List the rules that copy is checked against."""
    _, result = await called(request, person, "safety-list_rules", {})
    if not result.get("ok"):
        return await problem_of_call(request, result)
    return await answer(request, {"summary": result["summary"], "data": result["data"]})


async def _checked(request: Request, sent: MessageToCheck) -> dict[str, Any]:
    text = "\n".join(part for part in (sent.subject, sent.body) if part)
    verdict = await judged(request, text, Surface(sent.channel))
    findings: list[dict[str, Any]] = verdict["findings"]
    strict = [f for f in findings if f["decision"] != "allow"]
    scores = {ours: _severity(findings, theirs) for theirs, ours in SAFETY.items()}
    legal = [f["rule"] for f in strict if f["category"] == "legal"]
    brand = [f for f in strict if f["category"] in BRAND]
    known = {*SAFETY, *BRAND, "legal"}
    return {
        "message_id": sent.message_id,
        "status": STATUS_WORDS[verdict["decision"]],
        "checks": {
            "content_safety": {"passed": not any(f["category"] in SAFETY for f in strict), **scores},
            "brand_compliance": {
                "passed": not brand, "tone_match": None,
                "keyword_compliance": not any(f["category"] == "brand" for f in brand),
            },
            "legal_compliance": {
                "passed": not legal,
                "required_disclaimers": [rule for rule in legal if _is_duty(rule)],
                "prohibited_claims": [rule for rule in legal if not _is_duty(rule)],
            },
            "other": sorted({f["rule"] for f in strict if f["category"] not in known}),
        },
        "recommendations": list(dict.fromkeys(f["fix"] for f in strict if f["fix"])),
        "report_url": None,
        "screened_by": verdict["screened_by"],
        "decision_id": verdict["decision_id"],
    }  # fmt: skip


def _severity(findings: list[dict[str, Any]], category: str) -> float | None:
    found = [float(f["severity"]) for f in findings if f["category"] == category]
    return max(found) if found else None


def _is_duty(rule: str) -> bool:
    return any(word in rule for word in ("missing", "duty", "required", "opt-out", "opt_out", "address"))
