"""Reply sections of what was looked up: a preview, the rules, a document, an overlap, an earlier campaign."""

from __future__ import annotations

from app.llm.offline.figures import Row, number, rows_of, table, text
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.sections_copy import HARM, decision_words
from app.llm.offline.state import Outcome

_PARTS = {
    "subject": "Subject", "preheader": "Preview line", "title": "Title", "body": "Text", "text": "Text",
    "cta": "Button", "footer": "Footer",
}  # fmt: skip
"""The parts a reader sees, in the order in which they are seen; addresses of links and pictures are not shown."""


def _preview(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    whom = f"customer `{text(data.get('customer_id'))}`" if data.get("customer_id") else "an example without data"
    lines = [f"**Variant {text(data.get('label'))}, as {whom} gets it**", ""]
    rendered = data.get("rendered")
    if isinstance(rendered, dict):
        for name, title in _PARTS.items():
            if rendered.get(name):
                lines += [f"**{title}:** {_quoted(rendered[name])}", ""]
    inbox = data.get("inbox")
    if isinstance(inbox, dict) and inbox:
        rows = [[text(place).replace("_", " ").capitalize(), text(words)] for place, words in inbox.items()]
        lines += ["How the inbox line is cut:", "", table(("Screen", "Shown"), rows), ""]
    rows = [
        [text(row.get("case")), number(row.get("customers")), text(row.get("effect"))]
        for row in rows_of(data, "worst_cases")
    ]
    if rows:
        lines += ["The hardest cases of the audience:", "", table(("Case", "Customers", "What happens"), rows), ""]
    if data.get("recipients") is not None:
        left = data.get("unresolved_tags") or 0
        checked = f"Checked over {number(data['recipients'])} recipients: "
        lines.append(checked + ("every name is filled in." if not left else f"{number(left)} names are not filled in."))
    return "\n".join(lines).strip()


def _quoted(words: object) -> str:
    """Return copy of several lines as a quotation."""
    shown = str(words).strip()
    return shown if "\n" not in shown else "\n\n" + "\n".join(f"> {line}".rstrip() for line in shown.splitlines())


def _rules(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    rules = rows_of(outcome.data, "rules")
    rows = [
        [
            text(row.get("category")).replace("_", " "),
            text(row.get("words")),
            decision_words(row.get("decision")),
            text(row.get("fix")),
        ]
        for row in rules
        if row.get("category") not in (*HARM, "unavailable")
    ]
    if any(row.get("category") in HARM for row in rules):
        rows.insert(0, ["harmful content", "Harm to anybody, slurs and explicit words.", "blocked", "Remove it."])
    total = outcome.data.get("total")
    head = f"The copy is checked against **{number(total)}** rules" if total is not None else "The rules"
    head += "; the strictest:" if isinstance(total, int) and len(rules) < total else ":"
    return "\n".join([head, "", table(("Kind", "Rule", "Such copy is", "How to mend it"), rows)]).rstrip()


def _document(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    until = f", valid until {text(data['valid_until'])}" if data.get("valid_until") else ""
    by = f"approved by {text(data['approved_by'])}" if data.get("approved_by") else text(data.get("status"))
    lines = [f"**{text(data.get('title'))}** (`{text(data.get('id'))}`, {by}{until})", ""]
    lines += [
        f"> {line}".rstrip() for line in str(data.get("body") or outcome.result.get("summary") or "").splitlines()
    ]
    return "\n".join(lines)


def _overlap(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    first, second = data.get("a"), data.get("b")
    if not isinstance(first, dict) or not isinstance(second, dict):
        return str(outcome.result.get("summary", ""))
    rows = [
        [f"First: {text(first.get('words'))}", number(first.get("matched")), number(data.get("only_a"))],
        [f"Second: {text(second.get('words'))}", number(second.get("matched")), number(data.get("only_b"))],
    ]
    both = f"**{number(data.get('both'))}** customers are in both. The audience in use is unchanged."
    return "\n".join([table(("Audience", "Customers", "Only here"), rows), "", both])


def _opened(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data: Row = outcome.data
    state = text(data.get("state"))
    facts = [
        ("Theme", text(data.get("theme")).replace("_", " ")),
        ("Channels", text(data.get("channels"))),
        ("Variants", text(list(data["variants"])) if isinstance(data.get("variants"), dict) else ""),
    ]
    lines = [
        f"**{text(data.get('name'))}** is open ({state}).",
        " - ".join(f"{name}: {value}" for name, value in facts if value),
    ]
    if data.get("has_results"):
        lines.append('It has results: ask "how did it do?".')
    return "\n".join(line for line in lines if line)


def _report(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    campaign = outcome.handle.get("campaign_id", "")
    option = " --results" if outcome.data.get("kind") == "results" else ""
    summary = str(outcome.result.get("summary", ""))
    return f"{summary} In the chat it is the file below; in a terminal, `cpo report {campaign}{option}` writes it."


SECTIONS = {
    "report": _report,
    "preview": _preview,
    "rules": _rules,
    "document": _document,
    "overlap": _overlap,
    "opened": _opened,
}
