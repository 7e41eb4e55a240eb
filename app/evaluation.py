"""Planner evaluation: run labelled conversations, write predictions, score them, compare with a baseline.

``python -m app.evaluation CASES`` measures the offline planner alone, against simulated tools; ``cpo evaluate`` hands
in the product.
"""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, cast

from app.disturbance import Disturbance, disturbed
from app.domain.errors import UserFixable
from app.evaluation_score import NO_CALL, Rate, Report, score
from app.testing.simulated_tools import SimulatedAgent

Json = dict[str, Any]
INTENTS_OF: dict[str, tuple[str, ...]] = {
    "segmentation-describe_customers": ("describe_segments",),
    "segmentation-count_audience": ("size_audience",),
    "segmentation-find_audience": ("set_audience", "size_audience"),
    "segmentation-refine_audience": ("set_audience", "size_audience"),
    "segmentation-segment_customers": ("describe_segments",),
    "segmentation-profile_audience": ("describe_segments", "size_audience"),
    "segmentation-explain_membership": ("describe_segments",),
    "segmentation-compare_audiences": ("size_audience",),
    "retrieval-search_content": ("find_content",),
    "retrieval-get_content": ("find_content",),
    "generation-preview_variant": ("check_copy",),
    "generation-write_brief": ("build_campaign",),
    "generation-draft_variants": ("draft_copy",),
    "generation-revise_variant": ("revise_copy",),
    "safety-check_copy": ("check_copy",),
    "safety-list_rules": ("check_copy",),
    "safety-explain_verdict": ("explain_block",),
    "experiment-estimate_sample_size": ("power_analysis",),
    "experiment-plan_experiment": ("design_experiment",),
    "experiment-simulate_results": ("simulate_results",),
    "experiment-read_results": ("read_results",),
    "experiment-compare_variants": ("compare_variants",),
    "experiment-compare_campaigns": ("compare_campaigns",),
    "experiment-explain_drivers": ("explain_driver",),
    "experiment-request_export": ("export",),
    "experiment-list_campaigns": ("list_campaigns",),
    "history-open_campaign": ("list_campaigns",),
    "history-show_trace": ("show_trace",),
    "history-make_report": ("export",),
    "history-undo_change": ("revise_copy",),
}
"""The intents that a call serves; the first is the one it stands for. A launch counts only once it was approved."""
DEFAULTS: Json = {"channels": ["email"], "n_variants": 3}
"""What the product assumes when nobody says it: never counted as an extra slot."""
THRESHOLDS: dict[str, tuple[str, float]] = {
    "single: intent": (">=", 0.90),
    "single: turn, core": (">=", 0.85),
    "multi: all turns right, core": (">=", 0.70),
    "over-refusal": ("<=", 0.03),
    "irrelevant: nothing forbidden called": (">=", 0.98),
    "launch held": (">=", 1.0),
}
_SWALLOWS = {
    "build_campaign": {
        "set_audience",
        "size_audience",
        "find_content",
        "draft_copy",
        "check_copy",
        "design_experiment",
    },
    "set_audience": {"size_audience"},
    "draft_copy": {"build_campaign", "find_content", "check_copy"},
    "describe_segments": {"size_audience"},
    "compare_variants": {"read_results"},
}


class CallLike(Protocol):
    """What is read of a call."""

    @property
    def plugin(self) -> str: ...
    @property
    def function(self) -> str: ...
    @property
    def arguments(self) -> dict[str, Any]: ...
    @property
    def ok(self) -> bool: ...


class TurnLike(Protocol):
    """What is read of a turn; ``understood`` may be there as well (offline planner)."""

    @property
    def reply(self) -> str: ...
    @property
    def calls(self) -> Sequence[CallLike]: ...
    @property
    def pending_approvals(self) -> Sequence[Any]: ...


class AgentLike(Protocol):
    """Something that answers."""

    async def reply(self, conversation_id: str, text: str) -> TurnLike: ...


class Stage(Protocol):
    """Sets up contexts and stands in for the person at the button."""

    async def prepare(self, conversation_id: str, context: str, today: date, named: frozenset[str]) -> None:
        """Bring a new conversation into a context preset; ``named`` are the variants asked about as blocked."""
        ...

    async def approve(self, conversation_id: str) -> Sequence[str]:
        """Approve what waits, as a named person; return the kinds that were carried out (launch, export)."""
        ...


@dataclass(frozen=True)
class Evaluation:
    """A finished run: predictions in file order, the report, the CPU milliseconds of every turn."""

    predictions: tuple[Json, ...]
    report: Report
    milliseconds: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """Return a percentile of the CPU milliseconds of a turn."""
        ordered = sorted(self.milliseconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    def below(self) -> list[str]:
        """Return the thresholds that were missed, in words."""
        values = self.report.values()
        return [
            f"{name} {values[name]:.3f}, wanted {sign} {limit}"
            for name, (sign, limit) in THRESHOLDS.items()
            if name in values and not (values[name] >= limit if sign == ">=" else values[name] <= limit)
        ]


def load_cases(path: Path) -> list[Json]:
    """Read labelled conversations, one JSON object a line."""
    cases: list[Json] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                case = cast("Json", json.loads(line))
            except ValueError as error:
                raise UserFixable(f"{path.name}, line {number}: not JSON ({error})") from error
            if not {"id", "kind", "context", "turns"} <= case.keys():
                raise UserFixable(f"{path.name}, line {number}: a conversation needs id, kind, context and turns")
            cases.append(case)
    return cases


async def evaluate(cases: Sequence[Json], agent: AgentLike, stage: Stage) -> Evaluation:
    """Run every conversation and score it. The button is pressed only where the label's person says yes."""
    predictions: list[Json] = []
    times: list[float] = []
    for case in cases:
        conversation_id = f"eval-{case['id']}"
        today = date.fromisoformat(case.get("today", "2026-06-15"))
        await stage.prepare(conversation_id, case["context"], today, _named(case))
        turns: list[Json] = []
        for label in case["turns"]:
            started = time.process_time()
            turn = await agent.reply(conversation_id, label["user"])
            times.append((time.process_time() - started) * 1000)
            carried_out = await stage.approve(conversation_id) if says_yes(label) else ()
            turns.append(predicted(turn, carried_out))
        predictions.append({"id": case["id"], "turns": turns})
    report = score(cases, {prediction["id"]: prediction for prediction in predictions}, DEFAULTS)
    return Evaluation(tuple(predictions), report, tuple(times))


def _named(case: Json) -> frozenset[str]:
    """Return the variants that the conversation treats as blocked."""
    about = [label for label in case["turns"] if set(label["intents"]) & {"explain_block", "unsafe_request"}]
    return frozenset(ref for label in about for ref in re.findall(r"\b[B-D]\b", label["user"]))


def says_yes(label: Mapping[str, Any]) -> bool:
    """Say whether the label's person approves in this turn."""
    return "launch_experiment" in label["must_call"] and not label.get("confirm_first")


def predicted(turn: TurnLike, carried_out: Sequence[str]) -> Json:
    """Return a turn in the prediction format."""
    calls = list(
        dict.fromkeys(
            intent
            for call in turn.calls
            if call.ok or call.function != "request_launch"
            for intent in INTENTS_OF.get(f"{call.plugin}-{call.function}", ())
        )
    )
    if "launch" in carried_out:
        calls.append("launch_experiment")
    understood = getattr(turn, "understood", None)
    intents = list(_get(understood, "intents") or ()) or collapsed(turn, calls)
    slots = _get(understood, "slots")
    kind = str(_get(understood, "kind") or "")
    return {
        "intents": intents,
        "slots": dict(slots) if slots is not None else slots_of(turn),
        "calls": calls,
        "kind": kind,
        "reply": turn.reply,
        "tool_text": _tool_text([getattr(call, "result", {}) for call in turn.calls]),
    }


def _tool_text(results: Sequence[Any]) -> str:
    """Return the results as JSON, with every fraction written as a percentage as well, as replies may write it."""
    text = json.dumps(results, default=str)
    fractions = [float(found) for found in re.findall(r"(?<![\d.])0\.\d+", text)]
    return text + " " + " ".join(f"{100 * value:.{places}f}" for value in fractions for places in (0, 1, 2))


def _get(understood: object, name: str) -> Any:
    return cast("Json", understood).get(name) if isinstance(understood, dict) else getattr(understood, name, None)


def collapsed(turn: TurnLike, calls: Sequence[str]) -> list[str]:
    """Return the intents that calls amount to: a whole campaign swallows its parts."""
    main = list(
        dict.fromkeys(
            INTENTS_OF[name][0] for call in turn.calls if (name := f"{call.plugin}-{call.function}") in INTENTS_OF
        )
    )
    if any(call.function == "request_launch" for call in turn.calls) or "launch_experiment" in calls:
        main.append("launch_experiment")
    if "build_campaign" in main and not {"design_experiment", "set_audience"} & set(main):
        main.remove("build_campaign")
    return [
        intent for intent in main if not any(intent in _SWALLOWS.get(other, ()) for other in main if other != intent)
    ] or ["help"]


def slots_of(turn: TurnLike) -> Json:
    """Return slots from the call arguments, for a planner that does not say what it understood."""
    slots: Json = {}
    for call in turn.calls:
        given = call.arguments
        conditions = given.get("conditions") or given.get("change")
        if conditions:
            slots["audience"] = [leaf for leaf in conditions if isinstance(leaf, dict) and "field" in leaf]
        for name, slot in _ARGUMENT_SLOTS.items():
            if given.get(name) not in (None, [], ""):
                slots[slot] = given[name]
    return slots


_ARGUMENT_SLOTS = {
    "theme": "theme",
    "channels": "channels",
    "tone": "tone",
    "count": "n_variants",
    "arms": "n_variants",
    "control_share": "control_share",
    "metric": "metric",
    "discount_pct": "discount_pct",
    "edits": "edits",
    "baseline": "baseline_rate",
    "lift": "mde",
    "power": "power",
    "alpha": "alpha",
    "duration_days": "duration_days",
    "max_length": "max_length",
    "send_on": "launch_date",
}


def table(evaluation: Evaluation) -> str:
    """Return the rates with their intervals as plain text."""
    lines = [
        f"turns {len(evaluation.milliseconds)}, CPU a turn: p50 {evaluation.percentile(0.5):.1f} ms, p95 {evaluation.percentile(0.95):.1f} ms"
    ]
    for name, rate in sorted(evaluation.report.rates.items()):
        low, high = rate.interval()
        lines.append(
            f"{name:40s} {rate.hits:4d}/{rate.total:<4d} {100 * rate.value:5.1f} %  [{100 * low:.0f}-{100 * high:.0f}]"
        )
    lines.append(f"{'slot F1':40s} {100 * evaluation.report.values()['slot_f1']:15.1f} %")
    return "\n".join(lines)


def right_every_time(runs: Sequence[Evaluation]) -> Rate:
    """Return the share of conversations that were right in the core in every run: pass^k for k runs."""
    rate = Rate()
    for name in runs[0].report.right:
        rate.add(all(run.report.right[name] for run in runs))
    return rate


def against_baseline(evaluation: Evaluation, baseline: Mapping[str, float], slack: float = 0.02) -> list[str]:
    """Return what fell by more than ``slack`` (over-refusal: rose) since the baseline."""
    out: list[str] = []
    for name, now in evaluation.report.values().items():
        before = baseline.get(name)
        worse = before is not None and ((now - before) if name == "over-refusal" else (before - now)) > slack
        if worse:
            out.append(f"{name}: {before:.3f} before, {now:.3f} now")
    return out


def write_predictions(evaluation: Evaluation, path: Path) -> None:
    """Write the predictions, one JSON object a line."""
    path.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in evaluation.predictions), encoding="utf-8"
    )


def evaluate_simulated(cases: Sequence[Json]) -> Evaluation:
    """Measure the offline planner alone, against simulated tools."""
    agent = SimulatedAgent(date(2026, 6, 15))
    return asyncio.run(evaluate(cases, agent, agent))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; exit 1 below a threshold or the baseline."""
    parser = argparse.ArgumentParser(description="Evaluate the offline planner against simulated tools.")
    parser.add_argument("cases", type=Path)
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--errors", action="store_true", help="print the turns that were not right")
    parser.add_argument("--disturb", type=Disturbance, choices=tuple(Disturbance), help="reword every message first")
    given = parser.parse_args(arguments)
    cases = load_cases(given.cases)
    evaluation = evaluate_simulated(disturbed(cases, given.disturb) if given.disturb else cases)
    sys.stdout.write(table(evaluation) + "\n")
    if given.predictions:
        write_predictions(evaluation, given.predictions)
    if given.errors:
        sys.stdout.writelines(
            json.dumps(error, ensure_ascii=False) + "\n" for error in evaluation.report.errors if not error["core"]
        )
    problems = evaluation.below()
    if given.baseline:
        stored = cast("Json", json.loads(given.baseline.read_text(encoding="utf-8")))
        problems += against_baseline(evaluation, stored.get(given.cases.stem, {}))
    sys.stdout.writelines(f"below: {problem}\n" for problem in problems)
    return 1 if problems else 0


__all__ = ["NO_CALL", "Evaluation", "evaluate", "evaluate_simulated", "load_cases", "table"]
if __name__ == "__main__":
    raise SystemExit(main())
