"""Reply sections on the brief, content, copy and its verdicts."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

from app.llm.offline.figures import Row, rows_of, table, text
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.state import Outcome

_DECISIONS = {"allow": "passed", "redact": "passed, redacted", "hold": "held for review", "block": "blocked"}


def decision_words(value: object) -> str:
    """Return a decision in plain words."""
    return _DECISIONS.get(str(value).lower(), text(value))


def _brief(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    facts = [
        ("Theme", text(data.get("theme")).replace("_", " ")),
        ("Offer", text(data.get("offer"))),
        ("Channels", text(data.get("channels"))),
        ("Tones", text(data.get("tones"))),
        ("Measured by", text(data.get("primary_metric")).replace("_", " ")),
    ]
    lines = [
        f"## {text(data.get('name')) or 'Campaign'}",
        " - ".join(f"**{name}:** {value}" for name, value in facts if value),
    ]
    assumptions = data.get("assumptions") or []
    if assumptions:
        lines.append("Assumed: " + "; ".join(text(item).rstrip(".") for item in assumptions) + ".")
    if data.get("question"):
        lines.append(f"**One question:** {text(data['question'])}")
    return "\n".join(lines)


def _content(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    hits = rows_of(outcome.data, "hits")
    if not hits:
        return "Nothing approved was found for that. I do not write from anything else."
    lines = ["Approved content:", ""]
    for hit in hits:
        until = f" (valid until {text(hit.get('valid_until'))})" if hit.get("valid_until") else ""
        lines.append(f"- **{text(hit.get('title'))}** `{text(hit.get('id'))}`{until}: {text(hit.get('snippet'))}")
    return "\n".join(lines)


def _headline(row: Row) -> str:
    return text(row.get("subject") or row.get("title") or row.get("text") or "")


def _drafts(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    variants = rows_of(data, "variants")
    if data.get("nothing_found") or not variants:
        return "No copy was written: nothing approved was found to write from. Add approved content, or name another theme."
    rows = [
        [
            text(row.get("label")),
            text(row.get("tone")),
            _headline(row) or "(withheld)",
            decision_words(row.get("decision")),
            _sources(row),
        ]
        for row in variants
    ]
    lines = [
        f"**Variants ({text(data.get('channel'))})**",
        "",
        table(("", "Tone", "Message", "Checks", "Sources"), rows),
    ]
    lines += _reasons(variants)
    return "\n".join(lines)


def _sources(row: Row) -> str:
    return ", ".join(text(source.get("title") or source.get("id")) for source in rows_of(row, "sources")[:3])


def _reasons(variants: list[Row]) -> list[str]:
    out: list[str] = []
    for row in variants:
        reasons = row.get("reasons") or []
        if str(row.get("decision", "")).lower() in ("block", "hold") and reasons:
            out.append(f"\n{text(row.get('label'))} is {decision_words(row.get('decision'))}: {text(reasons)}.")
    return out


def _revise(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    lines: list[str] = []
    for row in rows_of(outcome.data, "variants"):
        changed = text(row.get("changed_fields")) or "nothing"
        lines.append(
            f"- **{text(row.get('label'))}** changed ({changed}), {decision_words(row.get('decision'))}: {_headline(row) or '(withheld)'}"
        )
        lines += [f"  {text(change)}" for change in (row.get("diff") or [])[:4] if not isinstance(change, dict)]
    lines += _reasons(rows_of(outcome.data, "variants"))
    return "\n".join(["**Revised:**", "", *lines]) if lines else str(outcome.result.get("summary", ""))


def _undo(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    return str(outcome.result.get("summary") or "The last change is taken back.").replace("_", " ")


def _check(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    rows = [
        [text(row.get("label")) or "text", decision_words(row.get("decision")), _findings(row)]
        for row in rows_of(data, "checked")
    ]
    counts = f"{text(data.get('allowed'))} passed, {text(data.get('held'))} held, {text(data.get('blocked'))} blocked; screened by {text(data.get('screened_by'))}."
    return "\n".join([counts, "", table(("", "Verdict", "Findings"), rows)]).rstrip()


def _findings(row: Row) -> str:
    return "; ".join(f"{_kind_words(f)}: {text(f.get('rule'))}" for f in rows_of(row, "findings")[:3])


def _kind_words(finding: Row) -> str:
    """Return the kind of a finding in words that the checks themselves let through."""
    category = text(finding.get("category"))
    return "harmful content" if category in HARM else category.replace("_", " ")


def _verdict(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    if str(data.get("decision", "")).lower() == "allow" and not data.get("findings"):
        return f"**{text(data.get('label')) or 'The text'}** was not blocked: it passed every check (screened by {text(data.get('screened_by'))})."
    lines = [
        f"**{text(data.get('label')) or 'The text'}** is {decision_words(data.get('decision'))}, screened by {text(data.get('screened_by'))}."
    ]
    for finding in rows_of(data, "findings"):
        where = f" in the {text(finding.get('field'))}" if finding.get("field") else ""
        fix = f" Fix: {text(finding.get('fix'))}" if finding.get("fix") else ""
        lines.append(
            f"- {_kind_words(finding)}{where}: rule `{text(finding.get('rule'))}`, severity {text(finding.get('severity'))}.{fix}"
        )
    if data.get("decision_id"):
        lines.append(f"Decision `{text(data.get('decision_id'))}`.")
    return "\n".join(lines)


HARM = frozenset({"hate", "self_harm", "sexual", "violence"})
SECTIONS = {
    "brief": _brief,
    "content": _content,
    "drafts": _drafts,
    "revise": _revise,
    "undo": _undo,
    "check": _check,
    "verdict": _verdict,
}
