"""What to call for a meaning: a frame of stages for every intent; each stage may use the results of those before."""
# ruff: noqa: E501, SIM905 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from collections.abc import Sequence

from app.llm.offline.agenda_lookups import (
    document_stage,
    found_document_stage,
    open_stage,
    overlap_stage,
    preview_stage,
    report_stage,
    rules_stage,
)
from app.llm.offline.agenda_results import (
    campaigns_stage,
    compare_stage,
    design_stage,
    drivers_stage,
    export_stage,
    launch_stage,
    list_stage,
    people_stage,
    power_stage,
    ramp_stage,
    read_stage,
    relaunch_stage,
    replan_stage,
    simulate_stage,
    trace_stage,
)
from app.llm.offline.border import to_plugin_conditions
from app.llm.offline.divisions import division
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.references import asks_membership
from app.llm.offline.reports import INTENT
from app.llm.offline.state import Outcome
from app.llm.offline.steps import Args, Got, Stage, Step, channel_of, given


# --- building
def _assumed_audience(meaning: Meaning, context: Context) -> list[Args]:
    """Return the conditions of a build: those in force, else what the theme implies, else everybody."""
    conditions = meaning.conditions if meaning.said else ()
    if not conditions and not meaning.said and context.audience_id and context.conditions:
        conditions = context.conditions
    if conditions:
        return to_plugin_conditions(conditions)
    return [
        {"field": "lifecycle", "op": "eq", "value": value} for value in _IMPLIED.get(meaning.wishes.theme or "", ())
    ]


_IMPLIED = {"winback": ("lapsed",), "welcome": ("new",)}


def _build_audience(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    if (
        context.audience_id
        and not meaning.changed
        and meaning.said
        and meaning.conditions == context.conditions
        and not context.campaign
    ):
        return [_search(meaning)]
    conditions = context.segment_rule(meaning.wishes.segment_ref) or _assumed_audience(meaning, context)
    return [_find_people(meaning, conditions), _search(meaning)]


def _search(meaning: Meaning) -> Step:
    wishes = meaning.wishes
    words = " ".join(
        part
        for part in (
            (wishes.theme or "").replace("_", " "),
            wishes.text or "",
            wishes.product or "",
            *_categories(meaning),
        )
        if part
    )
    return Step(
        "content",
        "retrieval-search_content",
        given(query=words or meaning.text[:120] or "offer", channel=channel_of(meaning), theme=wishes.theme),
        needed=False,
    )


def _categories(meaning: Meaning) -> list[str]:
    return [str(c.value) for c in meaning.conditions if c.field == "favourite_category" and c.op == "eq"]


def _find_people(meaning: Meaning, conditions: list[Args]) -> Step:
    return Step(
        "audience", "segmentation-find_audience", {"conditions": conditions} | given(channel=channel_of(meaning))
    )


def _audience_of(context: Context, got: Got) -> object:
    return got["audience"].handle.get("audience_id") if "audience" in got else context.audience_id


def _build_brief(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    wishes = meaning.wishes
    arguments = given(
        theme=wishes.theme,
        channels=wishes.channels,
        tone=wishes.tone,
        discount_pct=wishes.discount_pct,
        send_on=wishes.launch_date,
        metric=wishes.metric,
        audience_id=_audience_of(context, got),
    )
    return [Step("brief", "generation-write_brief", {"goal": meaning.text[:300] or "campaign"} | arguments)]


def _build_drafts(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    wishes = meaning.wishes
    count = wishes.n_variants or 3
    return [
        Step(
            "drafts",
            "generation-draft_variants",
            {"count": min(max(count, 1), 8)}
            | given(channel=channel_of(meaning), tone=wishes.tone, about=wishes.product or wishes.text),
        )
    ]


def _build_checks(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    if nothing_written(got.get("drafts")):
        return []
    wishes = meaning.wishes
    plan = given(
        control_share=wishes.control_share,
        metric=wishes.metric,
        duration_days=wishes.duration_days,
        alpha=wishes.alpha,
        power=wishes.power,
        baseline=wishes.baseline_rate,
        mde=wishes.mde,
    )
    check = Step("check", "safety-check_copy", {"variants": []}, needed=False)
    return [check, Step("plan", "experiment-plan_experiment", plan, needed=False)]


def nothing_written(drafts: Outcome | None) -> bool:
    """Say whether the writer had no approved content to write from."""
    return drafts is None or bool(drafts.data.get("nothing_found")) or not drafts.data.get("variants")


# --- audience
def _set_audience(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    rule = context.segment_rule(meaning.wishes.segment_ref)
    conditions = rule or to_plugin_conditions(meaning.conditions)
    if context.audience_id:
        return [
            Step(
                "audience",
                "segmentation-refine_audience",
                {"change": conditions, "mode": "replace_all"} | given(channel=channel_of(meaning)),
            )
        ]
    return [_find_people(meaning, conditions)]


_NARROWS = re.compile(r"^(?:only|just|exclude|without|remove|drop|leave|not|add|include|limit|restrict|keep|no)\b")
"""A change said with an open campaign is a change of its audience, even right after a question about its size."""


def _size(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    channel = channel_of(meaning) or next(iter((context.campaign or {}).get("channels") or ()), None)
    if (row := context.segment(meaning.wishes.segment_ref)) is not None:
        rule = context.segment_rule(meaning.wishes.segment_ref)
        if not rule:
            return [Step("profile", "segmentation-profile_audience", {"segment": str(row.get("name", ""))})]
        return [Step("count", "segmentation-count_audience", {"conditions": rule} | given(channel=channel))]
    if "audience" in got:
        return []
    if context.campaign and context.audience_id and meaning.changed and _NARROWS.match(meaning.text):
        return _set_audience(meaning, context, got)
    return [
        Step(
            "count",
            "segmentation-count_audience",
            {"conditions": to_plugin_conditions(meaning.conditions)} | given(channel=channel),
        )
    ]


def _describe(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    if meaning.wishes.customer_id or asks_membership(meaning.text):
        return [Step("member", "segmentation-explain_membership", given(customer_id=meaning.wishes.customer_id))]
    if (row := context.segment(meaning.wishes.segment_ref)) is not None:
        return [Step("profile", "segmentation-profile_audience", {"segment": str(row.get("name", ""))})]
    if meaning.conditions and meaning.said:
        return [
            Step("profile", "segmentation-profile_audience", {"conditions": to_plugin_conditions(meaning.conditions)})
        ]
    if (
        any(
            word in meaning.text
            for word in ("who are they", "who are these", "about them", "audience", "in it", "this group", "that group")
        )
        and context.audience_id
    ):
        return [Step("profile", "segmentation-profile_audience", {"audience_id": context.audience_id})]
    divided = division(meaning.text)
    if (
        any(word in meaning.text for word in ("customer base", "overview", "our customers", "my customers", "database"))
        and "rfm" not in meaning.text
        and "segment" not in meaning.text
    ):
        return [
            Step("base", "segmentation-describe_customers", {}),
            Step("segments", "segmentation-segment_customers", divided, needed=False),
        ]
    return [Step("segments", "segmentation-segment_customers", divided)]


# --- content and copy
def _find(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    wishes = meaning.wishes
    query = wishes.text or wishes.product or (wishes.theme or "").replace("_", " ") or meaning.text
    return [
        Step(
            "content",
            "retrieval-search_content",
            {"query": query[:200]} | given(theme=wishes.theme, channel=channel_of(meaning)),
        )
    ]


def _draft_audience(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Find the people that copy is asked for by name ("an SMS for lapsed customers"), unless a campaign has its own."""
    if context.campaign or context.audience_id or not (meaning.said and meaning.conditions):
        return []
    return [_find_people(meaning, to_plugin_conditions(meaning.conditions))]


def _draft_brief(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    wishes = meaning.wishes
    new_matter = wishes.theme and wishes.theme != (context.campaign or {}).get("theme")
    if context.campaign and not new_matter:
        return []
    arguments = given(
        theme=wishes.theme,
        channels=wishes.channels,
        tone=wishes.tone,
        discount_pct=wishes.discount_pct,
        audience_id=_audience_of(context, got),
    )
    return [Step("brief", "generation-write_brief", {"goal": meaning.text[:300]} | arguments)]


def _draft(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    wishes = meaning.wishes
    count = wishes.n_variants or (1 if wishes.variant_refs else 3)
    arguments = given(channel=channel_of(meaning), tone=wishes.tone, about=wishes.product or wishes.text)
    return [Step("drafts", "generation-draft_variants", {"count": min(max(count, 1), 8)} | arguments)]


_EDITS_KNOWN = frozenset(
    "shorter longer simpler friendlier more_urgent more_formal more_playful less_pushy add_emoji remove_emoji add_cta change_cta change_subject shorter_subject "
    "add_discount remove_discount fix_block add_personalisation mention remove_mention undo new_options change_tone change_channel".split()
)


def _revise(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    wishes = meaning.wishes
    if meaning.topic == "undo" or wishes.edits == ("undo",):
        return [Step("undo", "history-undo_change", {})]
    edits = [edit for edit in wishes.edits if edit in _EDITS_KNOWN and edit != "undo"]
    if wishes.tone and "change_tone" not in edits:
        edits.append("change_tone")
    if wishes.channels and _changes_channel(meaning, context):
        edits.append("change_channel")
    if wishes.discount_pct and not set(edits) & {"add_discount", "remove_discount"}:
        edits = [edit for edit in edits if edit != "mention"] + ["add_discount"]
    mention = _mentioned(meaning, context) if "mention" in edits or _adopts(meaning, context) else None
    if mention and "mention" not in edits:
        edits.append("mention")
    if not edits and wishes.max_length:
        edits.append("shorter")
    labels = [ref for ref in wishes.variant_refs if len(ref) == 1]
    arguments = given(
        tone=wishes.tone,
        channel=channel_of(meaning) if "change_channel" in edits else None,
        max_length=wishes.max_length,
        discount_pct=wishes.discount_pct,
        mention=mention,
        remove=wishes.text if "remove_mention" in edits else None,
    )
    return [
        Step("revise", "generation-revise_variant", {"variants": labels, "edits": edits or ["new_options"]} | arguments)
    ]


def _changes_channel(meaning: Meaning, context: Context) -> bool:
    current = (context.campaign or {}).get("channels") or []
    return not current or meaning.wishes.channels[0] != current[0]


def _adopts(meaning: Meaning, context: Context) -> bool:
    return (
        "find_content" in context.acted
        and context.shown == "content"
        and not meaning.wishes.edits
        and not meaning.wishes.tone
    )


def _mentioned(meaning: Meaning, context: Context) -> str | None:
    if meaning.wishes.text:
        return meaning.wishes.text
    if context.shown == "content" and context.rows:
        return str(context.rows[0].get("title") or context.rows[0].get("id") or "") or None
    return None


def _check(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    if meaning.wishes.text and ("'" in meaning.wishes.text or "quote_" in meaning.text or not context.has_copy):
        return [Step("check", "safety-check_copy", {"variants": [], "text": meaning.wishes.text})]
    return [
        Step("check", "safety-check_copy", {"variants": [ref for ref in meaning.wishes.variant_refs if len(ref) == 1]})
    ]


def _block(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    labels = (
        [ref for ref in meaning.wishes.variant_refs if len(ref) == 1]
        or list(context.blocked[:1])
        or list(context.focus[:1])
    )
    return [Step("verdict", "safety-explain_verdict", given(variant=labels[0] if labels else None))]


AGENDAS: dict[str, tuple[Stage, ...]] = {
    "build_campaign": (_build_audience, _build_brief, _build_drafts, _build_checks),
    "set_audience": (_set_audience,),
    "size_audience": (_size,),
    "describe_segments": (_describe,),
    "find_content": (_find,),
    "draft_copy": (_draft_audience, _draft_brief, _draft),
    "revise_copy": (_revise,),
    "check_copy": (_check,),
    "explain_block": (_block,),
    "design_experiment": (design_stage,),
    "power_analysis": (people_stage, power_stage),
    "launch_experiment": (launch_stage, replan_stage, relaunch_stage),
    "ramp_up": (ramp_stage, replan_stage, relaunch_stage),
    "simulate_results": (simulate_stage,),
    "read_results": (read_stage,),
    "compare_variants": (compare_stage,),
    "compare_campaigns": (campaigns_stage,),
    "explain_driver": (drivers_stage,),
    "export": (export_stage,),
    "show_trace": (trace_stage,),
    INTENT: (report_stage,),
    "list_campaigns": (list_stage,),
    "preview_copy": (preview_stage,),
    "list_rules": (rules_stage,),
    "read_document": (document_stage, found_document_stage),
    "compare_audiences": (overlap_stage,),
    "open_campaign": (open_stage,),
}
FUNCTIONS = frozenset(
    {
        "segmentation-describe_customers",
        "segmentation-count_audience",
        "segmentation-find_audience",
        "segmentation-refine_audience",
        "segmentation-segment_customers",
        "segmentation-profile_audience",
        "segmentation-explain_membership",
        "segmentation-compare_audiences",
        "retrieval-search_content",
        "retrieval-get_content",
        "generation-write_brief",
        "generation-draft_variants",
        "generation-revise_variant",
        "generation-preview_variant",
        "safety-check_copy",
        "safety-list_rules",
        "safety-explain_verdict",
        "experiment-estimate_sample_size",
        "experiment-plan_experiment",
        "experiment-request_launch",
        "experiment-read_results",
        "experiment-compare_variants",
        "experiment-compare_campaigns",
        "experiment-explain_drivers",
        "experiment-simulate_results",
        "experiment-request_export",
        "experiment-list_campaigns",
        "history-make_report",
        "history-open_campaign",
        "history-show_trace",
        "history-undo_change",
    }
)
"""Every function that some frame can call."""


def next_steps(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Return the calls that are missing now: the first stage of each intent whose results are not all there."""
    out: dict[str, Step] = {}
    for intent in meaning.intents:
        for step in _of_frame(AGENDAS.get(intent, ()), meaning, context, got):
            out.setdefault(step.key, step)
    return list(out.values())


def _of_frame(stages: Sequence[Stage], meaning: Meaning, context: Context, got: Got) -> list[Step]:
    for stage in stages:
        steps = stage(meaning, context, got)
        missing = [step for step in steps if step.key not in got]
        if missing:
            return missing
        if any(step.needed and not got[step.key].ok for step in steps):
            return []
        if any(step.key == "audience" and got[step.key].data.get("matched") == 0 for step in steps):
            return []
    return []
