"""The final reply: one section for every result, filled with values found there, then what can be said next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.llm.offline.agenda import nothing_written
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.noncall import reply_without_calls
from app.llm.offline.readback import read_back
from app.llm.offline.sections_audience import SECTIONS as AUDIENCE
from app.llm.offline.sections_copy import SECTIONS as COPY
from app.llm.offline.sections_lookups import SECTIONS as LOOKUPS
from app.llm.offline.sections_results import SECTIONS as TEST
from app.llm.offline.state import Outcome
from app.llm.offline.steps import Got

LABEL = "_I am the offline planner: rules and local data, no language model._"
Section = Callable[[Outcome, Meaning, Context], str]
_SECTIONS: Mapping[str, Section] = {**AUDIENCE, **COPY, **LOOKUPS, **TEST}
_NEXT: dict[str, Sequence[str]] = {
    "build_campaign": ("preview A", "make B friendlier", "launch it"),
    "set_audience": ("who are they?", "only the UK", "go back"),
    "size_audience": ("and in France?", "build a campaign for them"),
    "describe_segments": ("how big is the second one?", "build a campaign for them"),
    "find_content": ("use the first one in variant A", "draft an email about it"),
    "draft_copy": ("make B friendlier", "run the checks"),
    "revise_copy": ("run the checks", "go back"),
    "check_copy": ("why was it blocked?", "fix it"),
    "explain_block": ("fix it", "check again"),
    "design_experiment": ("how long would the test have to run?", "launch it"),
    "power_analysis": ("set up the test", "launch it"),
    "simulate_results": ("how big would the test need to be?", "launch it"),
    "read_results": ("compare A and B", "and by country?", "export the results"),
    "compare_variants": ("why?", "is it significant?"),
    "compare_campaigns": ("what did we learn?", "list my campaigns"),
    "explain_driver": ("compare A and B", "export the results"),
    "export": ("show the steps",),
    "show_trace": ("export the trace",),
    "make_report": ("export the results", "show the steps"),
    "list_campaigns": ("open the first one", "compare the first two"),
    "preview_copy": ("make it shorter", "run the checks"),
    "list_rules": ("run the checks", "which legal rules apply?"),
    "read_document": ("use it in variant A", "draft an email about it"),
    "compare_audiences": ("tell me more about them", "build a campaign for them"),
    "open_campaign": ("how did it do?", "list my campaigns"),
}
_NEXT_AFTER: dict[str, Sequence[str]] = {
    "profile": ("build a campaign for them", "how many of them can get an SMS?"),
    "member": ("who are they?", "how many are in it?"),
    "base": ("how many VIPs do we have?", "tell me more about the first one"),
    "segments": ("tell me more about the second one", "build a campaign for the first one"),
}
"""What can be said next where the result, not the wish, decides."""
_ORDER = (
    "brief",
    "base",
    "segments",
    "audience",
    "count",
    "profile",
    "member",
    "overlap",
    "opened",
    "content",
    "document",
    "rules",
    "drafts",
    "preview",
    "revise",
    "undo",
    "check",
    "verdict",
    "plan",
    "power",
    "launch",
    "launch2",
    "simulation",
    "results",
    "compare",
    "compare1",
    "campaigns",
    "drivers",
    "export",
    "report",
    "trace",
    "list",
)


def reply_to(meaning: Meaning, context: Context, got: Got, missing: Sequence[str]) -> str:
    """Return the reply in Markdown. ``missing`` names functions that were needed and not on offer."""
    if meaning.kind or not (got or missing):
        body = reply_without_calls(meaning, context)
    else:
        parts = [read_back(meaning, context)]
        shown = [key for key in _ORDER if key in got and not (key == "launch" and "launch2" in got)]
        parts += [_section(key, got[key], meaning, context, got) for key in shown]
        parts.append(_not_offered(missing))
        parts.append(_next(meaning, got))
        body = "\n\n".join(part for part in parts if part)
    return body if context.introduced else f"{LABEL}\n\n{body}"


def _section(key: str, outcome: Outcome, meaning: Meaning, context: Context, got: Got) -> str:
    if not outcome.ok:
        return failure(outcome)
    if key == "content" and ("drafts" in got or "document" in got):
        return ""
    if key == "check" and "drafts" in got:
        return ""
    section = _SECTIONS.get(key.rstrip("12"), _SECTIONS.get(key))
    body = section(outcome, meaning, context) if section else str(outcome.result.get("summary", ""))
    warnings = [str(warning) for warning in outcome.result.get("warnings") or []]
    return "\n".join([body, *(f"> Note: {warning}" for warning in warnings[:3])])


def failure(outcome: Outcome) -> str:
    """Quote what a function said about why it did not work."""
    result = outcome.result
    code = str(result.get("error") or "failed")
    words = str(result.get("message") or result.get("summary") or "")
    if code == "invalid_arguments":
        details = [str(detail.get("msg", "")) for detail in result.get("details") or [] if isinstance(detail, dict)]
        words = "I asked for something the function does not take: " + "; ".join(details[:2])
    elif code == "no_campaign":
        words = "No campaign is open yet. Start one, for instance: build a summer campaign for lapsed VIPs."
    elif code == "no_results":
        words = (
            words.split(" They are loaded")[0] + ' Say "simulate the results" for a rehearsal with invented figures.'
        )
    elif code == "no_audience":
        words = 'No audience is chosen yet. Say who is meant, for instance "target lapsed VIPs".'
    elif code == "unavailable":
        words = f"The service {result.get('service', '')} did not answer, so this step was not done."
    elif not words:
        words = f"This step did not work (reference {result.get('reference', 'none')})."
    hint = str(result.get("hint") or "")
    if "no test plan" in words and not hint:
        hint = 'Say "set up the test" first.'
    return f"**Not done:** {words}" + (f" {hint}" if hint else "")


def _not_offered(missing: Sequence[str]) -> str:
    return f"I stopped there: {', '.join(missing)} is not on offer in this conversation." if missing else ""


def _next(meaning: Meaning, got: Got) -> str:
    if not any(outcome.ok for outcome in got.values()):
        return ""
    after = next((words for key, words in _NEXT_AFTER.items() if key in got and got[key].ok), None)
    phrases = list(after or [phrase for intent in meaning.intents for phrase in _next_phrases(intent, got)][:3])
    return "You can say: " + ", ".join(f'"{phrase}"' for phrase in phrases) + "." if phrases else ""


def _next_phrases(intent: str, got: Got) -> Sequence[str]:
    """Return what fits after an intent; nothing about copy that was not written, or a block that was none."""
    if intent == "build_campaign" and nothing_written(got.get("drafts")):
        return ("who are they?", "what approved content do we have?")
    checked = got["check"].data if "check" in got else {}
    if intent == "check_copy" and checked and not (checked.get("blocked") or checked.get("held")):
        return ("preview A", "launch it")
    if intent == "explain_block" and "verdict" in got and str(got["verdict"].data.get("decision")).lower() == "allow":
        return ("preview A", "run the checks")
    return _NEXT.get(intent, ())
