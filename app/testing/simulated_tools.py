"""A believable tool backend without data: every kernel function answers at once, from the state of one conversation.

For measuring the planner alone. Figures are derived from hashes of the arguments, so that they are stable and never
look like real ones being reused; nothing here is shown to a person.
"""
# ruff: noqa: E501, SIM905 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.llm.offline.decide import decide
from app.llm.offline.messages import STATE_PREFIX, Call, Decision, Message, Understood

Json = dict[str, Any]
TOTAL = 10_000
PRESET = [{"field": "lifecycle", "op": "eq", "value": "lapsed"}, {"field": "value_tier", "op": "eq", "value": "high"}]
MAX_ROUNDS = 12


def figure(*parts: object, low: int = 50, high: int = 4000) -> int:
    """Return a stable number for its arguments."""
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).digest()
    return low + int.from_bytes(digest[:4], "big") % (high - low)


@dataclass
class SimulatedTools:
    """The state of one conversation and the answers of every function."""

    campaign: Json | None = None
    audience: Json | None = None
    experiment_id: str | None = None
    rows: list[Json] = field(default_factory=list[Json])
    pending: list[Json] = field(default_factory=list[Json])
    made: int = 0

    def prepare(self, context: str, blocked: Sequence[str] = ("C",)) -> None:
        """Set up a context preset: fresh, draft, results or history."""
        if context in ("draft", "results"):
            self.audience = {"audience_id": "aud-preset", "words": "lapsed, high value", "conditions": PRESET}
            variants = {
                label: {"variant_id": f"var-{label}", "decision": "block" if label in blocked else "allow"}
                for label in "ABCD"
            }
            self.campaign = {"campaign_id": "cam-preset", "name": "Winback", "state": "draft", "theme": "winback", "channels": ["email"],
                             "variants": variants, "has_results": context == "results"}  # fmt: skip
            self.experiment_id = "exp-preset"

    def state_note(self) -> str:
        """Return the state as the system note of a conversation."""
        notes: Json = {"pending_approval": self.pending[-1]["kind"]} if self.pending else {}
        return STATE_PREFIX + json.dumps(
            {"campaign": self.campaign, "audience": self.audience, "experiment_id": self.experiment_id, "notes": notes}
        )

    def call(self, name: str, arguments: Json) -> Json:
        """Answer a call."""
        answer = _ANSWERS.get(name)
        return answer(self, arguments) if answer else {"ok": False, "error": "unknown_function"}

    def approve(self) -> list[str]:
        """Carry out what waits, as a person's button would; return the kinds."""
        done = [str(item["kind"]) for item in self.pending]
        self.pending.clear()
        if "launch" in done and self.campaign:
            self.campaign = {**self.campaign, "state": "running"}
        return done

    def new_id(self, prefix: str) -> str:
        """Return the next id of this conversation."""
        self.made += 1
        return f"{prefix}-{self.made:04d}"


def _ok(summary: str, data: Json | None = None, handle: Json | None = None) -> Json:
    return {"ok": True, "summary": summary, "data": data or {}, "handle": handle or {}, "warnings": [], "next": []}


def _no_campaign() -> Json:
    return {"ok": False, "error": "no_campaign", "message": "No campaign is open yet: write a brief first."}


def _counts(conditions: Sequence[Json]) -> Json:
    matched = figure(list(conditions))
    eligible = matched - figure("out", list(conditions), low=1, high=40)
    words = (
        ", ".join(f"{c.get('field', 'condition')} {c.get('op', '')} {c.get('value', '')}" for c in conditions)
        or "everybody"
    )
    return {"words": words, "matched": matched, "eligible": eligible, "share": round(matched / TOTAL, 4), "total_customers": TOTAL,
            "as_of": "2026-06-15", "funnel": [{"reason": "no_consent", "words": "no consent", "removed": matched - eligible, "remaining": eligible}],
            "sensitivity": [], "thresholds": {}, "sample": [{"customer_id": f"C-{figure(i, list(conditions)):05d}", "reasons": ["matches"]} for i in range(3)]}  # fmt: skip


def _find(tools: SimulatedTools, arguments: Json) -> Json:
    data = _counts(arguments.get("conditions") or [])
    tools.audience = {
        "audience_id": tools.new_id("aud"),
        "words": data["words"],
        "conditions": arguments.get("conditions") or [],
    }
    return _ok(f"{data['matched']} match.", {**data, "before": None}, {"audience_id": tools.audience["audience_id"]})


def _refine(tools: SimulatedTools, arguments: Json) -> Json:
    before = _counts((tools.audience or {}).get("conditions") or [])["matched"]
    result = _find(tools, {"conditions": arguments.get("change") or []})
    after = result["data"]["matched"]
    result["data"].update(before=before, after=after, joined=max(after - before, 0), left=max(before - after, 0))
    return result


def _count(tools: SimulatedTools, arguments: Json) -> Json:
    data = _counts(arguments.get("conditions") or [])
    return _ok(
        f"{data['matched']} match.",
        {key: data[key] for key in ("matched", "eligible", "share", "total_customers", "words", "as_of")},
    )


def _segments(tools: SimulatedTools, arguments: Json) -> Json:
    names = ("champions", "loyal", "promising", "at risk", "hibernating")
    tools.rows = [
        {
            "number": i,
            "name": name,
            "customers": figure(name),
            "share": 0.2,
            "spend_share": 0.2,
            "rule": [{"field": "orders_count", "op": "gt", "value": i}]
            if arguments.get("method") == "rfm"
            else f"like group {i}",
        }
        for i, name in enumerate(names, 1)
    ]
    return _ok(
        "Five segments.",
        {
            "method": arguments.get("method", "rfm"),
            "as_of": "2026-06-15",
            "customers": TOTAL,
            "segments": tools.rows,
            "left_out": {},
        },
    )


def _profile(tools: SimulatedTools, arguments: Json) -> Json:
    return _ok(
        "Profile.",
        {
            "customers": figure(arguments),
            "share": 0.1,
            "spend_share": 0.2,
            "avg_order_value": 42.5,
            "median_last_purchase_days": 81,
        },
    )


def _base(tools: SimulatedTools, arguments: Json) -> Json:
    return _ok(
        "Base.", {"customers": TOTAL, "orders": 60000, "as_of": "2026-06-15", "lifecycle": {"new": 400, "lapsed": 4100}}
    )


def _member(tools: SimulatedTools, arguments: Json) -> Json:
    return _ok(
        "Member.",
        {
            "customer_id": arguments.get("customer_id", "C-00001"),
            "member": True,
            "excluded_by": None,
            "deciding": "All conditions hold.",
            "facts": [],
        },
    )


def _search(tools: SimulatedTools, arguments: Json) -> Json:
    tools.rows = [
        {
            "id": f"doc-{i}",
            "title": f"Text {word}",
            "type": "copy",
            "snippet": "Free returns on every order.",
            "score": 0.5,
        }
        for i, word in enumerate("one two three".split(), 1)
    ]
    return _ok("Three found.", {"engine": "local", "query": arguments.get("query"), "hits": tools.rows})


def _brief(tools: SimulatedTools, arguments: Json) -> Json:
    tools.campaign = {"campaign_id": tools.new_id("cam"), "name": str(arguments.get("theme") or "campaign").replace("_", " ").title(), "state": "draft",
                      "theme": arguments.get("theme"), "channels": arguments.get("channels") or ["email"], "variants": {}, "has_results": False}  # fmt: skip
    data = {"name": tools.campaign["name"], "theme": arguments.get("theme"), "offer": None, "channels": tools.campaign["channels"], "tones": ["friendly"],
            "primary_metric": "conversion_rate", "assumptions": ["channel e-mail"], "missing": [], "question": None}  # fmt: skip
    return _ok("Brief.", data, {"brief_id": tools.new_id("bri"), "campaign_id": tools.campaign["campaign_id"]})


def _draft(tools: SimulatedTools, arguments: Json) -> Json:
    if tools.campaign is None:
        return _no_campaign()
    labels = "ABCDEFGH"[: arguments.get("count", 3)]
    variants = [{"label": label, "variant_id": tools.new_id("var"), "tone": "friendly", "factor": "tone", "hypothesis": "", "subject": f"Hello {label}", "words": 40,
                 "decision": "block" if label == "C" else "allow", "reasons": [], "sources": [{"id": "doc-1", "title": "Text one"}]} for label in labels]  # fmt: skip
    tools.campaign["variants"] = {
        row["label"]: {"variant_id": row["variant_id"], "decision": row["decision"]} for row in variants
    }
    return _ok(
        "Written.",
        {"channel": "email", "variants": variants, "sources_used": 1, "problems": [], "nothing_found": False},
        {"campaign_id": tools.campaign["campaign_id"]},
    )


def _revise(tools: SimulatedTools, arguments: Json) -> Json:
    if tools.campaign is None:
        return _no_campaign()
    labels = arguments.get("variants") or list(tools.campaign["variants"]) or ["A"]
    return _ok(
        "Revised.",
        {
            "variants": [
                {
                    "label": label,
                    "decision": "allow",
                    "reasons": [],
                    "changed_fields": ["body"],
                    "diff": [],
                    "subject": "Hello",
                }
                for label in labels
            ]
        },
    )


def _check(tools: SimulatedTools, arguments: Json) -> Json:
    variants: Json = (tools.campaign or {}).get("variants") or {}
    checked = [{"label": label, "decision": row["decision"], "findings": []} for label, row in variants.items()]
    if arguments.get("text"):
        checked = [
            {
                "label": "text",
                "decision": "block",
                "findings": [
                    {"rule": "claim", "category": "legal", "severity": 4, "start": 0, "end": 3, "fix": "drop it"}
                ],
            }
        ]
    blocked = sum(row["decision"] == "block" for row in checked)
    return _ok(
        "Checked.",
        {"checked": checked, "allowed": len(checked) - blocked, "held": 0, "blocked": blocked, "screened_by": "rules"},
    )


def _verdict(tools: SimulatedTools, arguments: Json) -> Json:
    finding = {
        "field": "subject",
        "rule": "urgency-1",
        "category": "urgency",
        "severity": 4,
        "start": 0,
        "end": 5,
        "fix": "say less",
    }
    return _ok(
        "Blocked.",
        {
            "label": arguments.get("variant", "C"),
            "decision": "block",
            "findings": [finding],
            "screened_by": "rules",
            "decision_id": "dec-1",
        },
    )


def _power(tools: SimulatedTools, arguments: Json) -> Json:
    data = {"feasible": True, "n": 3000, "arms": arguments.get("arms") or 3, "n_per_arm": 900, "n_per_arm_needed": 1200, "baseline": 0.03, "alpha": 0.05,
            "power": 0.8, "mde_lift": 0.4, "words": "A lift of 40% can be found.", "alternatives": [], "days_needed": 14, "daily_volume": 200}  # fmt: skip
    return _ok("Power.", data)


def _plan(tools: SimulatedTools, arguments: Json) -> Json:
    if tools.campaign is None:
        return _no_campaign()
    tools.experiment_id = tools.new_id("exp")
    data = {"arms": [{"name": "A", "share": 0.45, "people": 450}, {"name": "control", "share": 0.1, "people": 100}], "primary_metric": "conversion_rate",
            "guardrails": ["unsubscribe_rate"], "duration_days": 14, "power": {"words": "A lift of 40% can be found.", "alternatives": []}}  # fmt: skip
    return _ok("Planned.", data, {"experiment_id": tools.experiment_id})


def _launch(tools: SimulatedTools, arguments: Json) -> Json:
    if tools.campaign is None:
        return _no_campaign()
    tools.pending.append({"id": tools.new_id("app"), "kind": "launch"})
    return _ok(
        "Ready.",
        {"summary": "The launch is ready.", "people": 900, "blockers": []},
        {"approval_id": tools.pending[-1]["id"]},
    )


def _results(tools: SimulatedTools, arguments: Json) -> Json:
    arms = [
        {"arm": name, "n": 900, "conversion_rate": 0.03 + 0.01 * i} for i, name in enumerate(("control", "A", "B", "C"))
    ]
    data = {"campaign": "Winback", "synthetic": False, "simulated": False, "arms": arms, "winner": "C", "reason": "C is better than control.",
            "comparisons": [{"arm": "C", "outcome": "conversion_rate", "lift": 1.0, "lift_ci": [0.4, 1.6], "p_adjusted": 0.004}], "caveats": [], "calculation_id": "calc-1"}  # fmt: skip
    return _ok("C won.", data, {"readout_id": "calc-1", "campaign_id": (tools.campaign or {}).get("campaign_id", "")})


def _simulate(tools: SimulatedTools, arguments: Json) -> Json:
    if tools.campaign is None:
        return _no_campaign()
    tools.campaign = {**tools.campaign, "has_results": True}
    result = _results(tools, arguments)
    result["data"]["simulated"] = True
    return result


def _compare(tools: SimulatedTools, arguments: Json) -> Json:
    return _ok(
        "Compared.",
        {
            **arguments,
            "difference": 0.01,
            "lift": 0.2,
            "lift_ci": [-0.1, 0.5],
            "p_adjusted": 0.2,
            "words": "No difference can be claimed.",
            "calculation_id": "calc-2",
        },
    )


def _drivers(tools: SimulatedTools, arguments: Json) -> Json:
    return _ok(
        "Drivers.",
        {
            "attributes": [
                {"attribute": "tone", "level": "friendly", "effect": 0.01, "ci": [0.0, 0.02], "p_adjusted": 0.04}
            ],
            "headline": "Friendly tone did best.",
            "association_only": True,
        },
    )


def _export(tools: SimulatedTools, arguments: Json) -> Json:
    tools.pending.append({"id": tools.new_id("app"), "kind": "export"})
    return _ok("The export is ready.", {}, {"approval_id": tools.pending[-1]["id"]})


def _list(tools: SimulatedTools, arguments: Json) -> Json:
    names = ("Summer", "Spring", "Easter", "Halloween")
    tools.rows = [
        {
            "number": i,
            "campaign_id": f"cam-{i}",
            "name": name,
            "state": "analysed",
            "channel": "email",
            "variants": 3,
            "changed_at": "2026-05-01",
            "winner": "B",
        }
        for i, name in enumerate(names, 1)
    ]
    return _ok("Four campaigns.", {"campaigns": tools.rows})


def _overlap(tools: SimulatedTools, arguments: Json) -> Json:
    if tools.audience is None and not arguments.get("conditions_a"):
        return {"ok": False, "error": "no_audience", "message": "There is no audience yet."}
    sides = [_counts(arguments.get(name) or [{"field": name}]) for name in ("conditions_a", "conditions_b")]
    a, b = ({"audience_id": None, "words": side["words"], "matched": side["matched"]} for side in sides)
    matched = [int(side["matched"]) for side in sides]
    both = min(matched) // 2
    data = {"a": a, "b": b, "both": both, "only_a": matched[0] - both, "only_b": matched[1] - both}
    return _ok(f"{both} customers are in both.", data)


def _document(tools: SimulatedTools, arguments: Json) -> Json:
    name = arguments.get("content_id")
    data = {
        "id": name,
        "title": "Returns",
        "type": "policy",
        "status": "approved",
        "body": "Free returns on every order.",
    }
    return _ok("Returns.", {**data, "approved_by": "Legal"}, {"content_id": str(name)})


def _preview(tools: SimulatedTools, arguments: Json) -> Json:
    if tools.campaign is None:
        return _no_campaign()
    label = arguments.get("variant") or "A"
    cases = [{"case": "longest name", "customers": 1, "effect": "the subject is cut"}]
    data = {"label": label, "rendered": {"subject": "Hello"}, "customer_id": arguments.get("customer_id"), "inbox": {}}
    return _ok("Preview.", {**data, "worst_cases": cases, "unresolved_tags": 0, "recipients": 900})


def _rules(tools: SimulatedTools, arguments: Json) -> Json:
    rule = {"id": "urgency-1", "category": "urgency", "severity": 4, "decision": "block", "words": "no false urgency"}
    return _ok("One rule.", {"rules": [{**rule, "jurisdictions": [], "fix": "say less"}], "total": 1})


def _open(tools: SimulatedTools, arguments: Json) -> Json:
    tools.campaign = {"campaign_id": tools.new_id("cam"), "name": str(arguments.get("ref", "")).title(), "state": "analysed", "theme": None,
                      "channels": ["email"], "variants": {}, "has_results": True}  # fmt: skip
    return _ok("Open.", tools.campaign, {"campaign_id": tools.campaign["campaign_id"]})


def _plain(tools: SimulatedTools, arguments: Json) -> Json:
    return _ok("Done.", {"words": "Done."})


_ANSWERS: dict[str, Callable[[SimulatedTools, Json], Json]] = {
    "segmentation-describe_customers": _base, "segmentation-count_audience": _count, "segmentation-find_audience": _find,
    "segmentation-refine_audience": _refine, "segmentation-segment_customers": _segments, "segmentation-profile_audience": _profile,
    "segmentation-explain_membership": _member, "segmentation-compare_audiences": _overlap, "retrieval-search_content": _search,
    "retrieval-get_content": _document, "generation-write_brief": _brief, "generation-draft_variants": _draft,
    "generation-revise_variant": _revise, "generation-preview_variant": _preview, "safety-check_copy": _check,
    "safety-explain_verdict": _verdict, "safety-list_rules": _rules, "experiment-estimate_sample_size": _power,
    "experiment-plan_experiment": _plan, "experiment-request_launch": _launch, "experiment-read_results": _results,
    "experiment-compare_variants": _compare, "experiment-compare_campaigns": _compare, "experiment-explain_drivers": _drivers,
    "experiment-simulate_results": _simulate, "experiment-request_export": _export, "experiment-list_campaigns": _list,
    "history-open_campaign": _open, "history-undo_change": _plain, "history-show_trace": _plain,
    "history-make_report": _plain,
}  # fmt: skip
FUNCTIONS = frozenset(_ANSWERS)


@dataclass(frozen=True)
class SimulatedCall:
    """One call of a simulated turn."""

    plugin: str
    function: str
    arguments: Json
    ok: bool
    result: Json


@dataclass(frozen=True)
class SimulatedTurn:
    """One turn: what ``app.evaluation`` reads of a turn of the product."""

    reply: str
    calls: tuple[SimulatedCall, ...]
    pending_approvals: tuple[Json, ...]
    understood: Understood


class SimulatedAgent:
    """The offline planner in its loop over simulated tools; one instance holds any number of conversations."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._tools: dict[str, SimulatedTools] = {}
        self._messages: dict[str, list[Message]] = {}

    async def prepare(self, conversation_id: str, context: str, today: date, named: frozenset[str]) -> None:
        """Set up a context preset; the variants named in questions are the blocked ones."""
        self.today = today
        self._tools[conversation_id] = SimulatedTools()
        self._tools[conversation_id].prepare(context, tuple(sorted(named & set("BCD"))) or ("C",))
        self._messages[conversation_id] = []

    async def approve(self, conversation_id: str) -> list[str]:
        """Press the button on everything that waits."""
        return self._tools[conversation_id].approve()

    async def reply(self, conversation_id: str, text: str) -> SimulatedTurn:
        """Run one turn."""
        tools, history = self._tools[conversation_id], self._messages[conversation_id]
        history.append(Message("user", text))
        calls: list[SimulatedCall] = []
        decision, note = Decision(), Message("system", tools.state_note())
        for _ in range(MAX_ROUNDS):
            decision = decide([note, *history], FUNCTIONS, self.today)
            if not decision.calls:
                break
            history.append(Message("assistant", calls=decision.calls))
            calls += [self._run(tools, history, call) for call in decision.calls]
        history.append(Message("assistant", decision.reply))
        return SimulatedTurn(decision.reply, tuple(calls), tuple(tools.pending), decision.understood)

    def _run(self, tools: SimulatedTools, history: list[Message], call: Call) -> SimulatedCall:
        result = tools.call(call.name, call.arguments)
        history.append(Message("tool", call_id=call.call_id, name=call.name, result=json.dumps(result)))
        plugin, function = call.name.split("-", 1)
        return SimulatedCall(plugin, function, call.arguments, bool(result.get("ok")), result)
