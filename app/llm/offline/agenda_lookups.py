"""Stages of the agendas that look something up: a preview, the rules, a document, an overlap, an earlier campaign."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.border import to_plugin_conditions
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.references import ORDINALS
from app.llm.offline.reports import report_kind
from app.llm.offline.steps import Args, Got, Step, channel_of, given

_RULE_GROUPS = (
    (r"legal|law|regulat|gdpr|compliance", "legal"),
    (r"\blinks?\b|\burls?\b", "link"),
    (r"personal data|privacy|pii", "personal_data"),
    (r"brand|tone", "brand"),
    (r"hate", "hate"),
    (r"violen", "violence"),
    (r"urgen|pressure", "urgency"),
)


_LETTER = re.compile(
    r"\b(?:preview|see|show me|render|read|does|variant|version) ([a-h])(?= (?:as|for|in|on|look|say|to|like|please)\b|[\s?.!]*$)"
)


def preview_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Show a variant as one customer gets it; 'preview it' means the one variant last spoken of."""
    labels = [ref for ref in meaning.wishes.variant_refs if len(ref) == 1]
    if not labels and (said := _LETTER.search(meaning.text)):
        labels = [said[1].upper()]
    if not labels and len(context.focus) == 1:
        labels = list(context.focus)
    wanted = given(variant=labels[0] if labels else None, customer_id=meaning.wishes.customer_id)
    return [Step("preview", "generation-preview_variant", wanted)]


def rules_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """List the rules, of one kind where one is named."""
    kind = next((name for words, name in _RULE_GROUPS if re.search(words, meaning.text)), None)
    return [Step("rules", "safety-list_rules", given(category=kind))]


def document_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Read the document meant in the list shown, or the first that a search finds."""
    if context.shown == "content" and context.rows and not meaning.wishes.theme:
        position = meaning.wishes.segment_ref or _ordinal(meaning.text) or 1
        row = context.rows[min(position, len(context.rows)) - 1 if position > 0 else -1]
        return [_document(str(row.get("id", "")))]
    if named := re.search(r"\b[a-z]{2,5}-[a-z0-9]+(?:-[a-z0-9]+)*\b", meaning.text):
        return [_document(named[0])]
    wishes = meaning.wishes
    query = wishes.text or wishes.product or (wishes.theme or "").replace("_", " ") or meaning.text
    arguments = given(theme=wishes.theme, channel=channel_of(meaning))
    return [Step("content", "retrieval-search_content", {"query": query[:200]} | arguments)]


def found_document_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Read the first hit of a search."""
    hits = got["content"].data.get("hits") if "content" in got else None
    return [_document(str(hits[0].get("id", "")))] if hits else []


def _document(content_id: str) -> Step:
    return Step("document", "retrieval-get_content", {"content_id": content_id})


def _ordinal(text: str) -> int | None:
    match = re.search(rf"\b({'|'.join(sorted(ORDINALS, key=len, reverse=True))})\b", text)
    return ORDINALS[match[1]] if match else None


def overlap_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Compare two audiences without changing either: conditions said, the audience in force, the one before it."""
    said = [to_plugin_conditions(group) for group in meaning.compared]
    if len(said) >= 2:
        arguments: Args = {"conditions_a": said[0], "conditions_b": said[1]}
    elif said:
        here: Args = given(audience_a=context.audience_id)
        if not here and context.conditions:
            here = {"conditions_a": to_plugin_conditions(context.conditions)}
        arguments = here | {"conditions_b": said[0]}
    else:
        earlier = [found for found in context.audiences if found != context.audience_id]
        arguments = given(audience_a=context.audience_id, audience_b=earlier[-1] if earlier else None)
    return [Step("overlap", "segmentation-compare_audiences", arguments)]


def open_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Open the campaign that is named, numbered or quoted; without any of these, the previous one."""
    refs = meaning.wishes.campaign_refs
    ordinal = re.search(
        rf"\b({'|'.join(sorted(ORDINALS, key=len, reverse=True))})\b(?: (?:one|campaign))?", meaning.text
    )
    name = _name(meaning.text)
    if refs and refs[0] != "previous":
        more = name is not None and re.search(rf"\b{re.escape(refs[0])}\b(?!')", name)
        ref = name if name and more else refs[0]  # 'the summer picnic test' says more than its theme
    elif context.shown == "campaigns" and ordinal and ordinal[1] != "last":
        ref = ordinal[1]
    else:
        ref = meaning.wishes.text or name or "previous"
    return [Step("opened", "history-open_campaign", {"ref": ref})]


_NAME = re.compile(
    r"\b(?:open|reopen|load|switch to|go (?:back )?to|back to|resume|bring up|work on|return to)\b(?: (?:up|the|my|our|an?|with|on|again|old|draft|earlier|previous|last|campaign|called|named))*\s+(?P<name>[\w' -]{3,60}?)(?: (?:campaign|one|again|draft|please))*[\s?.!]*$"
)


def _name(text: str) -> str | None:
    match = _NAME.search(text)
    words = (match["name"].strip() if match else "") or ""
    return (
        words if words and words not in ("one", "campaign", "it", "that", "draft", "again", "last", "before") else None
    )


def report_stage(meaning: Meaning, context: Context, got: Got) -> list[Step]:
    """Make the report of the open campaign that was named."""
    kind = report_kind(meaning.text, has_results=context.has_results)
    return [Step("report", "history-make_report", {"kind": kind})]
