"""From a reading and its context to a meaning: gate, intents, follow-ups, the audience in force."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from dataclasses import replace

from app.llm.offline.border import from_plugin_conditions
from app.llm.offline.change import audience_after
from app.llm.offline.conditions import Condition, merged, whole
from app.llm.offline.followup import follow_up
from app.llm.offline.intents import intents_of
from app.llm.offline.meaning import NO_CALL, Context, Meaning
from app.llm.offline.reading import Reading
from app.llm.offline.refusals import refuse
from app.llm.offline.reports import wants_report
from app.llm.offline.wishes import Wishes

_AUDIENCE_INTENTS = {"build_campaign", "set_audience", "size_audience", "describe_segments"}


def understand(reading: Reading, context: Context) -> Meaning:
    """Say what a message means. Pure: the same reading and context give the same meaning."""
    refused = refuse(reading, context)
    if refused:
        return _settled(Meaning((refused[0],), _focused(reading), topic=refused[1], text=reading.text), context)
    followed = None if wants_report(reading.text) else follow_up(reading, context)
    meaning = followed or _from_text(reading, context)
    return _settled(_resolved(meaning, reading, context), context)


def _from_text(reading: Reading, context: Context) -> Meaning:
    intents, topic = intents_of(reading, context)
    return Meaning(intents, reading.wishes, topic=topic, text=reading.text)


def _focused(reading: Reading) -> Wishes:
    """Keep only the variants of a refused message: 'fix it' may follow."""
    return Wishes(variant_refs=reading.wishes.variant_refs)


def _settled(meaning: Meaning, context: Context) -> Meaning:
    if not meaning.said:
        return replace(meaning, conditions=context.conditions, listed=context.listed)
    return replace(meaning, listed=tuple(c for c in meaning.listed or context.listed if c in meaning.conditions))


_FRESH_VARIANTS = {"power_analysis", "design_experiment", "draft_copy", "build_campaign"}


def _resolved(meaning: Meaning, reading: Reading, context: Context) -> Meaning:
    """Prune the wishes to what the intents can use, and work out the audience."""
    if set(meaning.intents) <= NO_CALL:
        return replace(meaning, wishes=_focused(reading))
    wishes = pruned(meaning.wishes, set(meaning.intents), reading, context)
    meaning = replace(meaning, wishes=wishes)
    if "compare_audiences" in meaning.intents:
        return replace(meaning, compared=_compared(reading))
    if not meaning.said:
        meaning = _with_audience(meaning, reading, context)
    if not meaning.said and meaning.intents == ("describe_segments",) and _nobody_chosen(meaning, reading):
        return _which_people(reading)
    return meaning


def _nobody_chosen(meaning: Meaning, reading: Reading) -> bool:
    """Say whether a message names people and nothing of that could be read."""
    pointed = meaning.wishes.segment_ref or meaning.wishes.customer_id
    return bool(reading.unread) and not reading.audience.conditions and not pointed


def _which_people(reading: Reading) -> Meaning:
    """Ask which people are meant: everybody would be the wrong answer."""
    return Meaning(("ambiguous",), _focused(reading), topic="unread", text=reading.text, unread=reading.unread)


def _with_audience(meaning: Meaning, reading: Reading, context: Context) -> Meaning:
    """Give the audience in force where the turn names conditions or asks about the audience."""
    intents = set(meaning.intents)
    pointed = meaning.wishes.segment_ref
    if pointed is None and not reading.audience.conditions and _anaphoric(reading):
        pointed = context.acted_wishes.segment_ref
    rule = context.segment_rule(pointed)
    if not rule and context.segment(pointed) and intents & {"set_audience", "build_campaign"}:
        return Meaning(("ambiguous",), topic="cluster", text=reading.text)
    if rule and intents & {"set_audience", "build_campaign", "size_audience"}:
        conditions = tuple(from_plugin_conditions(rule))
        changed = conditions != context.conditions
        return replace(meaning, conditions=conditions, said=True, changed=changed, listed=conditions)
    said = bool(reading.audience.conditions)
    asks = bool(intents & {"size_audience"}) and not meaning.wishes.segment_ref
    if not (intents & _AUDIENCE_INTENTS):
        said = said and bool(intents & {"power_analysis", "draft_copy", "simulate_results", "design_experiment"})
    if not said and not asks and not (intents & {"set_audience"}):
        if "build_campaign" in intents and _anaphoric(reading) and context.conditions:
            return replace(meaning, conditions=context.conditions, said=True)
        return meaning
    conditions = audience_after(reading, context, meaning.intents)
    readings = tuple((hit.words, hit.condition) for hit in reading.audience.hits)
    if not conditions and _nobody_chosen(meaning, reading):
        return _which_people(reading)
    return replace(
        meaning,
        conditions=conditions,
        said=True,
        changed=conditions != context.conditions,
        readings=readings,
        unread=reading.unread,
    )


_AGAINST = re.compile(r"\b(?:vs|with|to|against|and|or)\b")


def _compared(reading: Reading) -> tuple[tuple[Condition, ...], ...]:
    """Return the audiences a comparison names: one group, or two where 'with' or 'against' stands between them."""
    hits = reading.audience.hits
    if not hits:
        return ()
    both = re.search(r"\b(?:overlap\w*|both|common)\b", reading.text) and not re.search(
        r"\b(?:them|it|these|they)\b", reading.text
    )
    for match in _AGAINST.finditer(reading.text):
        left = [hit.condition for hit in hits if hit.end <= match.start()]
        right = [hit.condition for hit in hits if hit.start >= match.end()]
        clash = {condition.field for condition in left} & {condition.field for condition in right}
        if left and right and (clash or both or match[0] in ("vs", "against", "with")):
            return merged(left), merged(right)
    return (merged([hit.condition for hit in hits]),)


_ANAPHORA = whole(
    r"them|those|these|that (?:group|audience|segment|list|lot)|this (?:group|audience|segment|list|lot)|same (?:people|audience|group|ones|list|customers|segment)|they|the same|ones|it for|(?:on|for|with|to) (?:that|this)(?= ?$|[?.!])|the audience|that audience|my audience|this audience"
)


def _anaphoric(reading: Reading) -> bool:
    return bool(_ANAPHORA.search(reading.text))


_DESIGN = {"n_variants", "control_share", "metric", "duration_days", "power", "alpha", "baseline_rate", "mde"}
_KEEP: dict[str, set[str]] = {
    "build_campaign": {
        "theme",
        "channels",
        "tone",
        "n_variants",
        "control_share",
        "metric",
        "discount_pct",
        "duration_days",
        "product",
        "text",
        "launch_date",
        "segment_ref",
        "max_length",
        "baseline_rate",
        "mde",
        "power",
        "alpha",
    },
    "set_audience": {"segment_ref", "theme"},
    "size_audience": {"segment_ref", "channels"},
    "describe_segments": {"segment_ref"},
    "find_content": {"text", "theme", "product", "channels", "campaign_refs"},
    "draft_copy": {
        "theme",
        "channels",
        "tone",
        "n_variants",
        "discount_pct",
        "max_length",
        "text",
        "product",
        "variant_refs",
        "launch_date",
        "segment_ref",
    },
    "revise_copy": {
        "tone",
        "channels",
        "edits",
        "variant_refs",
        "discount_pct",
        "max_length",
        "text",
        "product",
        "n_variants",
    },
    "check_copy": {"variant_refs", "text"},
    "explain_block": {"variant_refs"},
    "design_experiment": _DESIGN,
    "power_analysis": _DESIGN | {"people"},
    "launch_experiment": {"launch_date"},
    "simulate_results": {"duration_days", "metric", "mde", "n_variants"},
    "read_results": {"metric", "variant_refs", "campaign_refs", "segment_ref"},
    "compare_variants": {"metric", "variant_refs"},
    "compare_campaigns": {"metric", "campaign_refs"},
    "explain_driver": {"metric", "variant_refs", "campaign_refs"},
    "export": {"export_what", "export_format", "variant_refs"},
    "show_trace": set(),
    "preview_copy": {"variant_refs"},
    "list_rules": set(),
    "read_document": {"text", "theme", "product", "channels", "segment_ref"},
    "compare_audiences": set(),
    "open_campaign": {"campaign_refs", "text"},
    "list_campaigns": {"theme"},
}


def pruned(wishes: Wishes, intents: set[str], reading: Reading, context: Context) -> Wishes:
    """Keep the wishes that one of the intents can use; the customer asked about always stays."""
    kept = set().union(*(_KEEP.get(intent, set[str]()) for intent in intents))
    changes: dict[str, object] = {}
    for name, value in wishes.said().items():
        if name not in kept and name not in ("customer_id", "people"):
            changes[name] = () if isinstance(value, list) else None
    if "export" in intents and wishes.export_what is None:
        changes["export_what"] = _what_to_export(context)
    if "revise_copy" in intents:
        changes.update(_revision(wishes, reading, context))
    if intents & {"read_results", "compare_variants"} and re.search(r"\bwinner|won|win\b", reading.text):
        changes["variant_refs"] = tuple(label for label in wishes.variant_refs if label != "winner")
    if "build_campaign" in intents and wishes.edits:
        changes["edits"] = ()
    return replace(wishes, **changes)  # type: ignore[arg-type]


def _what_to_export(context: Context) -> str | None:
    last = set(context.acted)
    if last & {"read_results", "compare_variants", "compare_campaigns", "explain_driver", "simulate_results"}:
        return "results"
    if last & {"draft_copy", "revise_copy", "check_copy", "build_campaign", "explain_block"}:
        return "approved_copy"
    if last & {"set_audience", "size_audience"}:
        return "audience"
    return "trace" if "show_trace" in last else None


def _revision(wishes: Wishes, reading: Reading, context: Context) -> dict[str, object]:
    """The free words count only beside 'mention'; 'it' means the variant last spoken of after a block."""
    changes: dict[str, object] = {}
    if (
        not set(wishes.edits) & {"mention", "remove_mention", "add_cta", "change_cta", "change_subject"}
        and not reading.normal.quoted
    ):
        changes["text"] = None
    if (
        not wishes.variant_refs
        and context.focus
        and len(context.focus) == 1
        and whole(r"it|that|this|that one|this one").search(reading.text)
    ):
        changes["variant_refs"] = context.focus
    if wishes.n_variants and "new_options" not in wishes.edits:
        changes["n_variants"] = None
    return changes
