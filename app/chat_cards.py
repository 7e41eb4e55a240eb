"""What a turn made, as cards: plain data for the elements in ``public/elements``, the same live and in history.

A card is made from what is stored, so that a conversation opened again shows the present state: an approval that was
decided meanwhile has no buttons. Nothing here is released; the view and the history pass every card through the gate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.audience import Audience
from app.domain.campaign import Campaign
from app.domain.content import Citation, Variant
from app.domain.conversation import PendingApproval, ToolCall, Turn
from app.domain.experiment import Experiment, Readout, Simulation
from app.domain.safety import VerdictRecord
from plugins.experiment.design import Question, power_at
from plugins.generation.channels import inbox_preview, sms_size
from plugins.generation.rendering import render_fields

if TYPE_CHECKING:
    from app.store import Store
    from app.wiring import Application

CURVE_LIFTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0)
TRACE = "how this answer is made"
"""The name of the step that holds the calls of a turn."""
MOST_SOURCES = 12
READING_ORDER = ("subject", "preheader", "title", "alt", "body", "text", "cta", "link", "footer")


@dataclass(frozen=True)
class Card:
    """``element`` names a file of ``public/elements``; ``props`` is JSON."""

    element: str
    props: dict[str, Any]


def cards_of(application: Application, turn: Turn) -> list[Card]:
    """Return the cards of a stored turn in the order they are shown."""
    store = application.store
    made = {kind: [a.id for a in turn.artifacts if a.kind == kind] for kind in {a.kind for a in turn.artifacts}}
    cards: list[Card] = []
    cards += [audience_card(found) for i in made.get(Audience.kind, [])[-1:] if (found := store.get(Audience, i))]
    variants = [found for i in made.get(Variant.kind, []) if (found := store.get(Variant, i))]
    cards += [variants_card(application, variants)] if variants else []
    cards += [plan_card(found) for i in made.get(Experiment.kind, [])[-1:] if (found := store.get(Experiment, i))]
    cards += [results_card(found) for found in _readouts(store, turn.calls)]
    cards += [approval_card(store, approval) for approval in turn.pending_approvals]
    campaign = next((store.campaign(i) for i in made.get(Campaign.kind, [])[-1:]), None) or _read_campaign(store, turn)
    return [*cards, turn_card(turn, campaign)]


def _readouts(store: Store, calls: Sequence[ToolCall]) -> list[Readout | Simulation]:
    handles: list[Mapping[str, str]] = [call.result.get("handle") or {} for call in calls if call.ok]
    read = dict.fromkeys(h["readout_id"] for h in handles if "readout_id" in h)
    guessed = dict.fromkeys(h["simulation_id"] for h in handles if "simulation_id" in h)
    found = [*(store.get(Readout, i) for i in read), *(store.get(Simulation, i) for i in guessed)]
    return [entity for entity in found if entity is not None]


def _read_campaign(store: Store, turn: Turn) -> Campaign | None:
    handles: list[Mapping[str, str]] = [call.result.get("handle") or {} for call in turn.calls if call.ok]
    named = [h["campaign_id"] for h in handles if "campaign_id" in h]
    return store.campaign(named[-1]) if named else None


# --- one card each


def audience_card(audience: Audience) -> Card:
    """Return who is meant: counts, the funnel, other readings of ambiguous words, the digest of the ids."""
    steps = [step.model_dump(mode="json") for step in audience.funnel]
    return Card("AudienceCard", {
        "id": audience.id, "words": audience.words, "channel": audience.channel, "as_of": audience.as_of.isoformat(),
        "total": audience.total_customers, "matched": audience.matched, "eligible": audience.eligible, "funnel": steps,
        "sensitivity": [s.model_dump(mode="json") for s in audience.sensitivity],
        "warnings": list(audience.warnings), "ids_sha256": audience.ids_sha256,
    })  # fmt: skip


def variants_card(application: Application, variants: Sequence[Variant]) -> Card:
    """Return the messages side by side as somebody without a name on file gets them, with verdicts and sources."""
    return Card("VariantsCard", {"variants": [_variant(application, variant) for variant in variants]})


def _variant(application: Application, variant: Variant) -> dict[str, Any]:
    merged = render_fields(variant.fields, {})
    fields = {name: merged[name] for name in sorted(merged, key=_reading_order)}
    shown: dict[str, Any] = {
        "id": variant.id, "label": variant.label, "channel": variant.channel, "tone": variant.tone,
        "factor": variant.factor, "hypothesis": variant.hypothesis, "decision": variant.decision.value,
        "screened_by": variant.screened_by, "written_by": variant.written_by, "fields": fields,
        "checks": _checks(application.store, variant), "sources": _sources(application, variant.citations),
        "inbox": None, "sms": None,
    }  # fmt: skip
    if "subject" in fields:
        shown["inbox"] = inbox_preview(fields["subject"], fields.get("preheader", ""))
    if variant.channel == "sms" and fields.get("text"):
        size = sms_size(fields["text"])
        shown["sms"] = {"encoding": size.encoding, "units": size.units, "segments": size.segments}
    return shown


def _reading_order(field: str) -> tuple[int, str]:
    return (READING_ORDER.index(field) if field in READING_ORDER else len(READING_ORDER), field)


def _checks(store: Store, variant: Variant) -> list[dict[str, Any]]:
    records = [found for i in variant.verdict_ids if (found := store.get(VerdictRecord, i))]
    return [
        {
            "field": record.field, "decision": record.decision.value, "decision_id": record.decision_id,
            "reasons": [f"{f.category}: {f.fix}" if f.fix else f.category for f in record.findings],
        }
        for record in records
    ]  # fmt: skip


def _sources(application: Application, citations: Sequence[Citation]) -> list[dict[str, Any]]:
    """Return each cited document with its approved text and the sentences that rest on it."""
    by_document: dict[str, list[Citation]] = {}
    for citation in citations:
        by_document.setdefault(citation.document_id, []).append(citation)
    sources: list[dict[str, Any]] = []
    for document_id, cited in list(by_document.items())[:MOST_SOURCES]:
        document = application.content.get(document_id)
        unchanged = document is not None and document.content_hash == cited[0].content_hash
        sources.append({
            "id": document_id, "title": cited[0].title, "unchanged": unchanged,
            "text": document.body if document else "", "approved_by": document.approved_by if document else None,
            "cited": [{"sentence": c.sentence, "quote": c.quote} for c in cited],
        })  # fmt: skip
    return sources


def plan_card(experiment: Experiment) -> Card:
    """Return the plan: arms with people, what can be found, and the chance to find each lift (the power curve)."""
    answer = experiment.power_answer
    return Card("PlanCard", {
        "id": experiment.id, "words": experiment.words, "metric": experiment.primary_metric,
        "guardrails": list(experiment.guardrails), "days": experiment.duration_days, "alpha": experiment.alpha,
        "power": experiment.power, "baseline": experiment.baseline, "baseline_source": experiment.baseline_source,
        "feasible": answer.feasible, "mde_lift": answer.mde_lift, "n_per_arm": answer.n_per_arm,
        "answer": answer.words, "alternatives": list(answer.alternatives), "eligible": experiment.eligible,
        "arms": [
            {"name": a.name, "share": a.weight, "receives": a.receives, "people": round(a.weight * experiment.eligible)}
            for a in experiment.arms
        ],
        "curve": power_curve(experiment),
    })  # fmt: skip


def power_curve(experiment: Experiment) -> list[dict[str, float]]:
    """Return (lift, power) pairs for the planned arms; empty where the baseline is no rate."""
    if not 0 < experiment.baseline < 1:
        return []
    control = next((arm.weight for arm in experiment.arms if arm.is_control), None)
    sent = sum(arm.weight for arm in experiment.arms)
    question = Question(
        n=experiment.eligible, arms=len(experiment.arms), baseline=experiment.baseline, alpha=experiment.alpha,
        power=experiment.power, holdout=experiment.holdout_share,
        control_share=control / sent if control is not None and sent else None,
    )  # fmt: skip
    reachable = [lift for lift in CURVE_LIFTS if experiment.baseline * (1 + lift) < 1]
    return [{"lift": lift, "power": round(power_at(question, lift), 4)} for lift in reachable if lift > 0]


def results_card(readout: Readout | Simulation) -> Card:
    """Return a stored readout: every arm with n, every comparison with its interval; never a bare winner."""
    body = readout.body
    primary = str(body["primary"])
    rows = [row for row in body["comparisons"] if row["outcome"] == primary]
    kept = ("arm", "versus", "lift", "lift_ci", "difference", "difference_ci", "p_adjusted_text", "p_text", "words")
    return Card("ResultsCard", {
        "id": readout.id, "simulated": isinstance(readout, Simulation) or readout.simulated,
        "synthetic": isinstance(readout, Readout) and readout.synthetic, "metric": primary,
        "calculated_at": readout.calculated_at.isoformat()[:16],
        "arms": [_arm(arm, primary) for arm in body["arms"]],
        "comparisons": [{name: row.get(name) for name in kept} for row in rows],
        "winner": body["decision"]["winner"], "reason": body["decision"]["reason"], "srm": body["srm"]["words"],
        "caveats": list(body["caveats"]),
    })  # fmt: skip


def _arm(arm: Mapping[str, Any], primary: str) -> dict[str, Any]:
    outcome: Mapping[str, Any] = (arm.get("outcomes") or {}).get(primary) or {}
    rate = "rate" in outcome
    return {
        "name": arm["name"], "is_control": arm.get("is_control", False), "n": outcome.get("n", arm.get("n")),
        "events": outcome.get("events"), "value": outcome.get("rate" if rate else "mean"),
        "interval": outcome.get("rate_ci" if rate else "mean_ci"), "unit": "rate" if rate else "money",
    }  # fmt: skip


def approval_card(store: Store, approval: PendingApproval) -> Card:
    """Return a pending approval, or how it was decided, as it stands now."""
    row = store.approval(approval.id) or {"status": "pending"}
    return Card("ApprovalCard", {
        "id": approval.id, "kind": approval.kind, "digest": approval.digest, "summary": approval.summary,
        "status": row["status"], "decided_by": row.get("decided_by"), "decided_at": row.get("decided_at"),
        "requested_by": row.get("requested_by"), "expires_at": row.get("expires_at"),
        "screened_by": row.get("screened_by"),
    })  # fmt: skip


def turn_card(turn: Turn, campaign: Campaign | None) -> Card:
    """Return the line under a reply: what it took, its verdict, and what to ask for: the trace, the reports."""
    shown = None
    if campaign is not None:
        state = campaign.state.value
        shown = {"id": campaign.id, "name": campaign.name, "state": state, "version": campaign.version}
    return Card("TurnCard", {
        "turn": turn.id, "calls": len(turn.calls), "duration_ms": turn.duration_ms, "cost": turn.cost,
        "tokens": turn.tokens_in + turn.tokens_out, "decision": turn.verdict.decision.value,
        "decision_id": turn.verdict.decision_id, "screened_by": turn.verdict.screened_by, "planner": turn.planner,
        "campaign": shown,
    })  # fmt: skip


def turn_trace(turn: Turn) -> dict[str, Any]:
    """Return the trace of a turn as it is downloaded: every call with arguments, result, milliseconds and verdict."""
    return {
        "turn": turn.id, "conversation": turn.conversation_id, "planner": turn.planner,
        "started_at": turn.started_at.isoformat(), "duration_ms": turn.duration_ms, "tokens_in": turn.tokens_in,
        "tokens_out": turn.tokens_out, "cost_usd": turn.cost, "stopped": turn.stopped, "message": turn.user_text,
        "reply": turn.reply, "verdict": turn.verdict.model_dump(mode="json"),
        "calls": [call.model_dump(mode="json") for call in turn.calls],
    }  # fmt: skip


def trace_title(turn: Turn) -> str:
    """Return the line over the calls of a turn."""
    verdict = f"verdict {turn.verdict.decision.value} ({turn.verdict.decision_id})"
    calls = "1 call" if len(turn.calls) == 1 else f"{len(turn.calls)} calls"
    return f"{calls}, {turn.duration_ms:,.0f} ms, {verdict}, `cpo trace {turn.id}`"


def call_facts(call: ToolCall) -> dict[str, Any]:
    """Return what the trace shows of one call besides its arguments."""
    return {
        "ok": call.ok, "milliseconds": call.duration_ms, "verdict": call.decision.value, "decision": call.decision_id,
        "screened_by": call.screened_by, "result": call.result,
    }  # fmt: skip
