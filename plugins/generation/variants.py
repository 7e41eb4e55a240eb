"""From drafts to variants: checked against the audience, screened field by field, stored released or sealed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.audience import Channel
from app.domain.content import Citation, Variant
from app.domain.entities import derived_id
from app.domain.safety import STRICTNESS, Decision, Draft, Finding, Screen, ScreenedDraft, Surface, VerdictRecord
from app.workspace import Workspace
from plugins.generation.eligibility import Entitlement
from plugins.generation.offline_writer import Copy

WHOLE = {"email": Surface.EMAIL, "sms": Surface.SMS, "push": Surface.PUSH}


@dataclass(frozen=True)
class Origin:
    """Where a variant comes from: who wrote it, from which version of prompts or grammar, at what cost."""

    written_by: str = "offline writer"
    prompt_version: str = ""
    seed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0


@dataclass(frozen=True)
class Screened:
    """A stored variant with the reasons of its verdict, in plain words, each once."""

    variant: Variant
    reasons: tuple[str, ...]


def whole_message(channel: str, fields: Mapping[str, str]) -> str:
    """Return the message as one text, in the order in which it is read."""
    if channel == "email":
        return (
            f"Subject: {fields['subject']}\n{fields['preheader']}\n\n{fields['body']}\n\n{fields['cta']}: "
            f"{fields['link']}\n\n{fields['footer']}"
        )
    if channel == "push":
        return f"{fields['title']}\n{fields['body']}\n{fields['link']}"
    return fields["text"]


def store_variant(
    workspace: Workspace,
    screen: Screen,
    copy: Copy,
    *,
    channel: Channel,
    campaign_id: str,
    label: str,
    factor: str,
    hypothesis: str,
    origin: Origin,
    serial: int,
    violations: Sequence[Entitlement] = (),
    extra: Sequence[Finding] = (),
    parent_id: str | None = None,
    edits: tuple[str, ...] = (),
) -> Screened:
    """Screen every field and the whole message, put the verdicts and the variant into the workspace."""
    fields = dict(copy.fields)
    names = [*fields, "whole"]
    drafts = [Draft(text=text, surface=Surface.COPY) for text in fields.values()]
    drafts.append(Draft(text=whole_message(channel, fields), surface=WHOLE[channel]))
    screened = list(screen(drafts))
    variant_id = derived_id(
        "var", {"campaign": campaign_id, "label": label, "fields": fields, "parent": parent_id, "serial": serial}
    )
    findings = [v.finding("body", len(drafts[-1].text)) for v in violations] + list(extra)
    records = _records(variant_id, campaign_id, names, drafts, screened, findings)
    decision = max((r.decision for r in records), key=lambda d: STRICTNESS[d])
    for name, done in zip(fields, screened, strict=False):
        if done.verdict.decision is Decision.REDACT:
            fields[name] = done.verdict.text
    released = decision in (Decision.ALLOW, Decision.REDACT)
    verdict = screened[-1].verdict
    variant = Variant(
        id=variant_id,
        campaign_id=campaign_id,
        label=label,
        channel=channel,
        tone=copy.tone,
        factor=factor,
        hypothesis=hypothesis,
        fields=fields if released else {},
        citations=copy.citations if released else (),
        sealed="" if released else workspace.seal(sealed_form(fields, copy.citations)),
        decision=decision,
        verdict_ids=tuple(r.id for r in records),
        screened_by=verdict.screened_by,
        policy_hash=verdict.policy_hash,
        prompt_version=origin.prompt_version,
        written_by=origin.written_by,
        seed=origin.seed,
        tokens_in=origin.tokens_in,
        tokens_out=origin.tokens_out,
        cost=origin.cost,
        parent_id=parent_id,
        edits=edits,
    )
    for record in records:
        workspace.put(record)
    workspace.put(variant)
    return Screened(variant, reasons_of(records))


def _records(
    variant_id: str,
    campaign_id: str,
    names: Sequence[str],
    drafts: Sequence[Draft],
    screened: Sequence[ScreenedDraft],
    extra: Sequence[Finding],
) -> list[VerdictRecord]:
    records: list[VerdictRecord] = []
    for name, draft, done in zip(names, drafts, screened, strict=True):
        findings = tuple(done.verdict.findings) + (tuple(extra) if name == "whole" else ())
        decision = max(
            [done.verdict.decision, *(f.decision for f in (extra if name == "whole" else ()))],
            key=lambda d: STRICTNESS[d],
        )
        records.append(
            VerdictRecord(
                id=derived_id("vdt", {"variant": variant_id, "field": name}),
                campaign_id=campaign_id,
                subject=variant_id,
                field=name,
                decision=decision,
                findings=findings,
                screened_by=done.verdict.screened_by,
                policy_hash=done.verdict.policy_hash,
                decision_id=done.decision_id,
                text_sha256=hashlib.sha256(draft.text.encode()).hexdigest(),
            )
        )
    return records


def reasons_of(records: Sequence[VerdictRecord]) -> tuple[str, ...]:
    """Return what stands against a variant: rule and fix, each once, strictest first."""
    found = {f.rule: f for r in records for f in r.findings if STRICTNESS[f.decision] >= STRICTNESS[Decision.REDACT]}
    ordered = sorted(found.values(), key=lambda f: (-STRICTNESS[f.decision], f.rule))
    return tuple(f"{f.rule}: {f.fix}" if f.fix else f.rule for f in ordered)[:6]


def sealed_form(fields: Mapping[str, str], citations: Sequence[Citation]) -> str:
    """Return what is encrypted of a message that was not released."""
    return json.dumps({"fields": dict(fields), "citations": [c.model_dump(mode="json") for c in citations]})


def copy_of(workspace: Workspace, variant: Variant) -> tuple[dict[str, str], tuple[Citation, ...]]:
    """Return fields and citations of a stored variant, unsealed where needed: a draft again, never to be shown."""
    if not variant.sealed:
        return dict(variant.fields), variant.citations
    loaded = json.loads(workspace.unseal(variant.sealed))
    return dict(loaded["fields"]), tuple(Citation.model_validate(c) for c in loaded["citations"])
