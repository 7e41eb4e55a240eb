"""Stages of the agendas on tests, results, approvals and housekeeping."""

from __future__ import annotations

from app.llm.offline.attributes import attribute_of
from app.llm.offline.border import to_plugin_conditions
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.ramp import ROLLOUT
from app.llm.offline.steps import Got, Step, campaign_meant, channel_of, given


def design_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    wishes = meaning.wishes
    return [
        Step(
            "plan",
            "experiment-plan_experiment",
            given(
                control_share=wishes.control_share,
                metric=wishes.metric,
                arms=wishes.n_variants,
                duration_days=wishes.duration_days,
                alpha=wishes.alpha,
                power=wishes.power,
                baseline=wishes.baseline_rate,
                mde=wishes.mde,
            ),
        )
    ]


def people_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Count the people of a question such as 'and with VIPs only?'; the audience in use stays."""
    if not (meaning.said and meaning.changed and meaning.conditions) or meaning.wishes.people:
        return []
    arguments = {"conditions": to_plugin_conditions(meaning.conditions), "channel": _channel(meaning, context)}
    return [Step("count", "segmentation-count_audience", arguments)]


def _channel(meaning: Meaning, context: Context) -> str:
    return channel_of(meaning) or next(iter((context.campaign or {}).get("channels") or ()), "email")


def power_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    wishes = meaning.wishes
    lift = wishes.mde
    counted = got["count"].data if "count" in got else {}
    people = wishes.people or counted.get("eligible") or counted.get("matched")
    return [
        Step(
            "power",
            "experiment-estimate_sample_size",
            given(
                n=people,
                arms=wishes.n_variants,
                baseline=wishes.baseline_rate,
                lift=lift,
                power=wishes.power,
                alpha=wishes.alpha,
                metric=wishes.metric,
                duration_days=wishes.duration_days,
            ),
        )
    ]


def launch_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    if meaning.topic == "yes":
        return []
    return [Step("launch", "experiment-request_launch", given(send_on=meaning.wishes.launch_date), needed=False)]


def ramp_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Ask for the share to reach first, or next, or for the winner's roll-out; each waits for a person."""
    campaign = given(campaign_id=campaign_meant(meaning, context))
    if meaning.topic == ROLLOUT:
        return [Step("export", "experiment-request_export", {"what": "rollout"} | campaign)]
    share = {"ramp_share": round(float(meaning.topic.partition(":")[2]), 6)}
    if campaign or (context.campaign or {}).get("state") in ("running", "analysed"):
        return [Step("export", "experiment-request_export", {"what": "ramp"} | share | campaign)]
    return [Step("launch", "experiment-request_launch", share)]


def replan_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Plan the test again where the launch was refused because something changed after it was planned."""
    if "launch" not in got or got["launch"].ok or "plan it again" not in str(got["launch"].result):
        return []
    return [Step("plan", "experiment-plan_experiment", {})]


def relaunch_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Ask for the launch once more, with the new plan."""
    if "plan" not in got or "launch" not in got or got["launch"].ok:
        return []
    again = {**got["launch"].call.arguments} | given(send_on=meaning.wishes.launch_date)
    return [Step("launch2", "experiment-request_launch", again)]


def simulate_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    return [Step("simulation", "experiment-simulate_results", given(effect=meaning.wishes.mde))]


# --- results
def read_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    by = meaning.topic.split(":")[1] if meaning.topic.startswith("by:") else attribute_of(meaning.text)
    return [
        Step(
            "results",
            "experiment-read_results",
            given(metric=meaning.wishes.metric, campaign_id=campaign_meant(meaning, context), by=by or None),
        )
    ]


def compare_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    labels = [ref for ref in meaning.wishes.variant_refs if len(ref) == 1]
    about = given(metric=meaning.wishes.metric, campaign_id=campaign_meant(meaning, context))
    if len(labels) == 1:
        others = [ref for ref in context.focus if ref not in labels]
        labels = [others[0] if others else "control", labels[0]]
    if len(labels) < 2:
        return [
            Step("results", "experiment-read_results", about),
            Step("compare", "experiment-compare_variants", {"variant_a": "A", "variant_b": "B"} | about),
        ]
    return [
        Step(
            f"compare{i or ''}",
            "experiment-compare_variants",
            {"variant_a": labels[0], "variant_b": other} | about,
        )
        for i, other in enumerate(labels[1:3])
    ]


def campaigns_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    refs = list(meaning.wishes.campaign_refs)
    arguments = given(metric=meaning.wishes.metric)
    if len(refs) < 2 and (spoken_of := context.spoken_of):
        arguments = {"campaign_a": spoken_of} | arguments
    if len(refs) >= 2:
        return [
            Step(
                "campaigns", "experiment-compare_campaigns", {"campaign_a": refs[0], "campaign_b": refs[1]} | arguments
            )
        ]
    return [
        Step("campaigns", "experiment-compare_campaigns", given(campaign_b=refs[0] if refs else "previous") | arguments)
    ]


def drivers_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    labels = [ref for ref in meaning.wishes.variant_refs if len(ref) == 1]
    return [
        Step(
            "drivers",
            "experiment-explain_drivers",
            given(variant=labels[0] if labels else None, campaign_id=campaign_meant(meaning, context)),
        )
    ]


# --- housekeeping
def export_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    wishes = meaning.wishes
    what = wishes.export_what or "approved_copy"
    formats = {"xlsx": "csv", "pdf": "html", "docx": "html"}
    name = wishes.export_format or {"approved_copy": "html", "trace": "json"}.get(what, "csv")
    return [Step("export", "experiment-request_export", {"what": what, "format": formats.get(name, name)})]


def trace_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    return [Step("trace", "history-show_trace", {})]


def list_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    states = (
        ("draft", "draft"),
        ("running", "running"),
        ("live", "running"),
        ("active", "running"),
        ("in flight", "running"),
        ("finished", "analysed"),
        ("completed", "analysed"),
        ("approved", "approved"),
    )
    state = next(
        (value for word, value in states if word in meaning.text.split() or f"{word}s" in meaning.text.split()), None
    )
    return [
        Step(
            "list",
            "experiment-list_campaigns",
            given(state=state, query=(meaning.wishes.theme or "").replace("_", " ") or None),
        )
    ]
