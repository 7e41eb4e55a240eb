"""Which intents a message has: clause by clause, trigger words and the classifier together."""
# ruff: noqa: E501, SIM905 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from app.llm.offline.classifier import probabilities, trained_words
from app.llm.offline.conditions import whole
from app.llm.offline.frames import frame_scores
from app.llm.offline.meaning import NO_CALL, Context
from app.llm.offline.reading import Reading
from app.llm.offline.reports import INTENT as REPORT
from app.llm.offline.reports import wants_report

CLASSIFIER_WEIGHT = 5.0
SURE = 3.4
READ_ONLY = {"size_audience", "describe_segments", "find_content", "check_copy", "explain_block", "power_analysis", "read_results",
             "compare_variants", "compare_campaigns", "explain_driver", "show_trace", "list_campaigns", "preview_copy", "list_rules", "read_document",
             "compare_audiences"}  # fmt: skip
_SWALLOWED = {
    "build_campaign": {"explain_driver", "read_results", "set_audience", "draft_copy", "check_copy", "design_experiment", "revise_copy", "find_content", "describe_segments", "launch_experiment", "power_analysis", "list_campaigns", "compare_campaigns"},
    "size_audience": {"set_audience", "describe_segments", "read_results"},
    "compare_variants": {"read_results"},
    "compare_campaigns": {"read_results", "compare_variants", "list_campaigns", "explain_driver"},
    "simulate_results": {"read_results", "launch_experiment", "design_experiment"},
    "explain_driver": {"compare_variants", "describe_segments"},
    "explain_block": {"check_copy", "show_trace"},
    "export": {"find_content", "list_campaigns", "launch_experiment", "describe_segments", "draft_copy", "show_trace"},
    "power_analysis": {"size_audience"},
    "draft_copy": {"revise_copy", "find_content"},
    "preview_copy": {"check_copy", "describe_segments", "find_content", "size_audience", "draft_copy", "simulate_results"},
    "list_rules": {"check_copy", "find_content", "explain_block"},
    "read_document": {"find_content"},
    "compare_audiences": {"size_audience", "set_audience", "describe_segments", "compare_campaigns", "compare_variants"},
    "open_campaign": {"list_campaigns", "read_results", "build_campaign"},
    "revise_copy": {"draft_copy", "set_audience"},
}  # fmt: skip
_VERB = r"(?:build|create|write|draft|check|run|show|tell|give|make|set|export|download|launch|send|schedule|simulate|compare|explain|list|find|exclude|remove|add|include|count|size|keep|use|hold|design|plan|split|screen|rewrite|shorten|how|what|which|who|why|when|is|are|do|did|save|estimate|forecast|target|change|swap|drop|then|describe|pull|let|put)"
_SPLIT = re.compile(
    rf"(?<=[a-z0-9_%'\"])[.;!?]+\s+(?=\S)|,?\s+(?:and then|then|and also|and|also|plus|but first|& then|&|afterwards|after that)[\s,]+(?={_VERB}\b)|,\s+(?={_VERB}\b)"
)


def clauses_of(text: str) -> list[str]:
    """Cut a text where a new wish begins."""
    return [part.strip(" ,") for part in _SPLIT.split(text) if part and part.strip(" ,")]


def intents_of(reading: Reading, context: Context) -> tuple[tuple[str, ...], str]:
    """Return the intents, and the topic of a no-call turn (what to ask, or what it is outside of)."""
    if wants_report(reading.text):
        return (REPORT,), ""
    values = scores(reading.shape, reading.text, context)
    if _campaign_in_outline(reading, context):
        values["build_campaign"] = values.get("build_campaign", 0.0) + (
            3.0 if re.match(r"(?:exclude|only|leave|remove|drop|add|without|not)\b", reading.text) else 6.0
        )
    for intent, weight in evidence(reading, context).items():
        values[intent] = values.get(intent, 0.0) + weight
    if values.get("help", 0.0) >= 6:
        return ("help",), "capabilities"
    callable_values = {intent: value for intent, value in values.items() if intent not in NO_CALL}
    if callable_values and max(callable_values.values()) >= SURE:
        return _several(reading, context, callable_values), ""
    return _unsure(reading, context, callable_values)


_SETTINGS_SAY = (
    (("alpha", "control_share"), "design_experiment", 1.5),
    (("power", "mde", "baseline_rate"), "power_analysis", 1.5),
    (("export_format",), "export", 2.0),
)
_SHOWN_TO = re.compile(
    r"\b(?:preview\w*|render\w*|looks?|see|sees|show|gets?|receives?|read|reads|merged?|personali[sz]ed?)\b(?!.*\b(?:why|included|excluded|belongs?|member)\b)"
)
_MORE_THAN = re.compile(
    r"\b(?:respond|react|better|more|convert|like|prefer|buy|engage)\w*\b.*\b(?:than|more|most|better|best)\b|\bmore\b.*\bthan\b"
)


def evidence(reading: Reading, context: Context) -> dict[str, float]:
    """Return what the slots themselves say about the intent: an edit means a revision, an alpha means a test."""
    out: dict[str, float] = {
        intent: weight
        for names, intent, weight in _SETTINGS_SAY
        if any(getattr(reading.wishes, name) is not None for name in names)
    }
    if reading.wishes.customer_id is not None:
        out["preview_copy" if _SHOWN_TO.search(reading.text) else "describe_segments"] = 8.0
    for intent, weight in (*_copy_evidence(reading, context), *_audience_evidence(reading, context)):
        out[intent] = out.get(intent, 0.0) + weight
    return out


def _copy_evidence(reading: Reading, context: Context) -> list[tuple[str, float]]:
    wishes = reading.wishes
    plain = not reading.audience.conditions and not wishes.theme
    written = context.has_copy or context.campaign is not None
    found = (
        ("revise_copy", 2.0, bool(wishes.edits) and plain and written),
        ("revise_copy", 1.0, wishes.tone is not None and plain and context.has_copy),
        ("revise_copy", 2.0, wishes.max_length is not None and context.has_copy),
        ("read_results", 1.5, wishes.metric is not None and plain and context.has_results),
        (
            "launch_experiment",
            1.5,
            wishes.launch_date is not None
            and context.campaign is not None
            and plain
            and bool(re.search(r"\b(?:it|this|that|them|send|campaign)\b", reading.text)),
        ),
    )
    return [(intent, weight) for intent, weight, holds in found if holds]


def _audience_evidence(reading: Reading, context: Context) -> list[tuple[str, float]]:
    out: list[tuple[str, float]] = []
    if reading.audience.conditions:
        out.append(("set_audience", 1.0))
        if context.has_results and _MORE_THAN.search(reading.text):
            out.append(("explain_driver", 6.0))
    if (
        reading.wishes.theme
        and not context.campaign
        and not context.acted
        and re.match(r"(?:an? |the )?theme_", reading.shape)
    ):
        out.append(("build_campaign", 2.5))
    return out


def _campaign_in_outline(reading: Reading, context: Context) -> bool:
    """A theme and people, and nothing open yet: that is a campaign in outline."""
    return (
        bool(reading.wishes.theme and reading.audience.conditions)
        and not context.campaign
        and not re.match(r"(?:how many|count|who|what|which|find|write|draft|compose)\b", reading.text)
    )


def scores(shape: str, text: str, context: Context) -> dict[str, float]:
    """Return the score of every intent that has one."""
    out = dict(frame_scores(shape, text))
    for intent, probability in probabilities(shape).items():
        if probability > 0.04:
            out[intent] = out.get(intent, 0.0) + CLASSIFIER_WEIGHT * probability
    return _adjusted(out, shape, text, context)


def _several(reading: Reading, context: Context, whole_scores: Mapping[str, float]) -> tuple[str, ...]:
    """Return the best intent of the whole and those of its clauses, after swallowing."""
    top = _best(whole_scores)
    if re.search(r"\bwho won and why\b|\b(?:won|winner|best|results?)\b.{0,20}\band why\b", reading.text):
        return ("read_results", "explain_driver")
    parts = clauses_of(reading.text)
    shapes = clauses_of(reading.shape)
    found = [top]
    if len(parts) > 1:
        if len(shapes) != len(parts):
            shapes = parts
        for part, shape in zip(parts, shapes, strict=True):
            own = scores(shape, part, context)
            if own and max(own.values()) >= 5.5:
                best = _best(own)
                if best not in found and whole_scores.get(best, 0) >= 2:
                    found.append(best)
    return _merged(found, reading)


def _best(values: Mapping[str, float]) -> str:
    return max(values.items(), key=lambda item: (item[1], item[0] in READ_ONLY, item[0]))[0]


def _merged(found: list[str], reading: Reading) -> tuple[str, ...]:
    kept = [intent for intent in found if not any(intent in _SWALLOWED.get(other, set()) for other in found)]
    if not kept:
        kept = found[:1]
    return tuple(dict.fromkeys(kept[:3]))


_RESULT_WORDS = whole(
    r"bought|opened|clicked|converted|ordered from (?:it|the campaign)|responded|unsubscribed|received|got (?:it|the)"
)


def _adjusted(out: dict[str, float], shape: str, text: str, context: Context) -> dict[str, float]:
    """Settle what neighbouring intents share: articles, contexts, the kind of 'how many'."""
    for holds, changes in _standing(shape, text):
        if holds(context):
            for intent, change in changes.items():
                if intent in out or change > 0:
                    out[intent] = out.get(intent, 0.0) + change
    return {intent: value for intent, value in out.items() if value > 0.5}


@dataclass(frozen=True)
class _Trigger:
    """Words, on the shape or the plain text, and the contexts in which they count."""

    stands: Callable[[str, str], bool]
    holds: Callable[[Context], bool] = lambda _: True


@lru_cache(maxsize=2048)
def _standing(shape: str, text: str) -> tuple[tuple[Callable[[Context], bool], dict[str, float]], ...]:
    """Return the rules whose words stand in a message; kept, for every turn reads the turns before it again."""
    return tuple((trigger.holds, changes) for trigger, changes in _RULES if trigger.stands(shape, text))


def _rx(words: str) -> _Trigger:
    pattern = whole(words)
    return _Trigger(lambda shape, text: bool(pattern.search(shape) or pattern.search(text)))


def _in(words: str, holds: Callable[[Context], bool]) -> _Trigger:
    return replace(_rx(words), holds=holds)


_NO_COPY_NOUN = re.compile(
    r"^(?:write|draft|compose|pen|word|prepare|create)\b(?!.*(?:copy|message|variant|e-?mail|sms|text|push|notification|subject|headline|tagline|newsletter|theme_|aud_|about|offer|line\b|them\b|it\b|draft|version|campaign|slogan|blurb|option|something|launch|sale|promo|invit|reminder|content))"
)
_RULES: tuple[tuple[_Trigger, dict[str, float]], ...] = (
    (_rx(r"^(?!who|which|what|find|show|search|do we|any)(?:\S+ ){0,4}(?:approved|signed off|okayed) (?:this|it|by|the (?:launch|campaign|send))(?: .*)?"), {"launch_experiment": 7, "find_content": -9, "check_copy": -3, "show_trace": -6}),
    (_rx(r"(?:not|did not|does not|never) (?:go|get|make it|come) through|(?:did|does|do) not pass"), {"explain_block": 6, "explain_driver": -5}),
    (_rx(r"(?:might|would|could|will|may) (?:\S+ )?(?:turn out|end up|pan out|play out|perform)"), {"simulate_results": 6, "show_trace": -8, "read_results": -3}),
    (_rx(r"driven by|due to|thanks to|because of|was it (?:the|our|down to|because)"), {"explain_driver": 7, "read_results": -5, "revise_copy": -5}),
    (_rx(r"(?:is|are) (?:anything|something|any|there anything|which ones|they|one|any of them)(?: \S+){0,2} (?:running|live|active|going on|in flight|out there)|(?:which|what)(?: ones?)?(?: campaigns| tests)? (?:is|are|were)(?: still| currently| now)* (?:running|live|active|finished|open|in draft)|(?:everything|all the things|what) we (?:have )?(?:done|ran|run|sent|launched)(?: so far)?"), {"list_campaigns": 8, "show_trace": -4, "read_results": -3}),
    (_in(r"verdict|conclusion|bottom line|upshot", lambda c: c.has_results), {"read_results": 5, "explain_block": -4}),
    (_rx(r"(?:say|claim|write|promise) (?:about|on|regarding)"), {"find_content": 5, "check_copy": -6}),
    (_rx(r"(?:does|do|did|is|are) (?:\S+ ){0,3}(?:break|violate|breach|breaking|violating|contravene|against|go against) (?:\S+ ){0,3}(?:rules?|guidelines?|polic\w+|law|regulations?|brand)"), {"check_copy": 6, "find_content": -7, "explain_block": -3}),
    (_in(r"(?:respond|responded|react|reacted|convert|converted|engage|buy|click|open)(?:ed)? (?:more|better|most|best|less)", lambda c: c.has_results), {"explain_driver": 6, "read_results": -4}),
    (_Trigger(lambda shape, _: bool(_NO_COPY_NOUN.search(shape))), {"draft_copy": -6, "build_campaign": -2}),
    (_rx(r"(?:build|create|make|do|set up|start|plan|prepare|run) (?:it|one|that|this|something|a campaign|the campaign) (?:for|to) (?:them|these|those|this|that|the (?:group|audience|segment|same))"), {"build_campaign": 7}),
    (_rx(r"^how (?:did|was|has|is) (?:the|our|my|that|this) (?:last|previous|latest|newest|most recent) (?:campaign|test|mailing|experiment|one|send|e-?mail)(?: (?:go|going|gone|do|doing|done|perform|work|turn out|end|fare|it))*[\s?.!]*$"), {"read_results": 9, "compare_campaigns": -9}),
    (_rx(r"(?:which|what) (?:one )?of (?:my|our|the|these|those|all) (?:\S+ )?campaigns"), {"compare_campaigns": 6, "list_campaigns": -6}),
    (_rx(r"variant_ (?:\S+ ){0,3}(?:better|worse|best|stronger|ahead) (?:as|than|then|to) (?:the )?variant_"), {"compare_variants": 8, "revise_copy": -8}),
    (_rx(r"^who (?:buys?|bought|purchas\w+|orders?|ordered|likes?|loves?)"), {"describe_segments": 5, "explain_driver": -4}),
    (_rx(r"(?:lik(?:e|ed)|prefer(?:red)?) (?:it|that|the \w+|this)(?: \w+)? (?:better |more )?(?:before|how it was|as it was|earlier|the way it was)"), {"revise_copy": 9, "compare_campaigns": -9, "read_results": -4}),
    (_rx(r"(?:margin|gap|distance) between"), {"compare_variants": 6, "design_experiment": -3}),
    (_rx(r"(?:any|are there|have we|show|list) (?:\S+ )?(?:finished|running|open|live|active|completed|old|planned|scheduled) (?:tests?|campaigns?|experiments?)"), {"list_campaigns": 7, "check_copy": -3}),
    (_rx(r"who (?:gave|has given|okayed|ok'd|signed|cleared|approved)"), {"show_trace": 7, "explain_driver": -5}),
    (_rx(r"(?:do|does|will|would) (?:i|we) (?:need|have) to (?:know|install|pay|log|sign|code|learn)"), {"help": 8}),
    (_rx(r"would (?:our |the |my )?(?:\S+ )?(?:team|lawyers?|legal|brand|boss|regulator|compliance) (?:\S+ ){0,2}(?:happy|ok|fine|approve|accept|like|mind|object)|past (?:legal|compliance|the lawyers)"), {"check_copy": 7, "power_analysis": -4, "find_content": -3}),
    (_rx(r"(?:run|do|set up|make|start) (?:the |a |this |our )?(?:test|experiment) (?:with|using|on|between) (?:only )?(?:variant_|[a-h] )"), {"design_experiment": 5, "compare_variants": -7}),
    (_rx(r"how (?:would|should|do|could) (?:you|we|i) (?:split|divide|allocate)(?! (?:our|the|my) (?:base|customers|database|shoppers))"), {"design_experiment": 6, "describe_segments": -6}),
    (_rx(r"need (?:\S+ )?more (?:people|customers|data|volume|users|contacts)|need a (?:bigger|larger) (?:audience|sample|list|group)"), {"power_analysis": 6, "design_experiment": -4, "set_audience": -3}),
    (_rx(r"how (?:big|large|long|many people|many customers|many|much)(?: \S+){0,3} (?:the |a |this |our )?(?:test|experiment|trial|sample)(?: \S+){0,3} (?:be|need|have to|take|run|require|want|should)\b|how (?:big|large) (?:a |an |of a )?(?:test|sample|experiment)"), {"power_analysis": 7, "size_audience": -8, "design_experiment": -3}),
    (_rx(r"(?:do|change|try|improve|differently) (?:\S+ ){0,2}next time|for next time"), {"explain_driver": 5, "help": -3}),
    (_rx(r"what (?:made|makes|got|gets|caused) (?:\S+ )?(?:people|them|customers)"), {"explain_driver": 5, "read_results": -3}),
    (_rx(r"how (?:big|large|many people|many) (?:\S+ ){0,4}(?:each|every|per) (?:group|arm|variant|cell)|each group"), {"power_analysis": 5, "size_audience": -7}),
    (_rx(r"(?:base|customers|database|shoppers|buyers) (?:\S+ ){0,2}(?:split|distributed|spread|divided|broken down|made up)|(?:split|distribution|mix|spread) of (?:our |the |my )?(?:base|customers|database)"), {"describe_segments": 6, "design_experiment": -6}),
    (_rx(r"(?:do we have|is there|are there|any|something|anything) (?:\S+ ){0,4}(?:signed off|approved|cleared|on file)"), {"find_content": 5, "show_trace": -8}),
    (_rx(r"(?:reason|why)(?: \S+){0,5} (?:came (?:first|last|top|out)|on top|ahead|behind|came)"), {"explain_driver": 6, "explain_block": -5}),
    (_in(r"summary|overview|recap|top ?line|headline|report|wrap[- ]up|debrief", lambda c: c.has_results and not c.acted), {"read_results": 4}),
    (_rx(r"(?:write|draft) (?:an? |the )?(?:shorter|longer|friendlier|simpler|better|new|different|funnier) (?:variant_|version|[a-h])"), {"draft_copy": -7, "revise_copy": 3}),
    (_rx(r"(?:put|line|stack|set|lay)(?: \S+){0,3} (?:next to each other|side by side|up against)"), {"compare_variants": 6, "design_experiment": -6}),
    (_rx(r"(?:with|for|among|on|in) (?:who|whom|which (?:group|segment|customers|people|countries|country))(?: \S+){0,4} (?:work|best|respond|perform|do)"), {"explain_driver": 7, "read_results": -4}),
    (_rx(r"how (?:did|does|do|was|is) (?:the |our )?theme_ (?:\S+ ){0,3}(?:vs|against|versus|compared?|compare|relative|next to)"), {"compare_campaigns": 3, "read_results": -4}),
    (_rx(r"(?:results?|audience|copy|messages?|report|numbers) (?:to|as|in|into) (?:an? )?(?:csv|excel|file|spreadsheet|json|html|pdf)"), {"export": 8, "read_results": -3}),
    (_rx(r"get (?:\S+ ){1,5}out of (?:it|variant_|variant|the)"), {"export": -8, "revise_copy": 6, "launch_experiment": -3}),
    (_rx(r"\d+ arms|num_ arms|set (?:it|this|that) up"), {"design_experiment": 2, "launch_experiment": -3}),
    (_rx(r"(?:is|are) (?:it|this|that|they|these) (?:really |actually )?(?:statistically|solid|sound|reliable|robust|real|meaningful|trustworthy)"), {"read_results": 4, "check_copy": -2}),
    (_rx(r"(?:who|which|what) wins"), {"read_results": 6}),
    (_rx(r"(?:word|phrase|line|sentence|quote_) (?:\S+ ){0,3}(?:in|from|out of|into|with) "), {"revise_copy": 1, "find_content": -1}),
    (_rx(r"(?:launch|start|run|send|do|schedule|kick off|set up|plan|prepare) (?:an? |another |new |our (?:new )?)(?:\S+ ){0,4}(?:campaign|promo|promotion|mailing|series|flow|push|drive)"), {"launch_experiment": -5, "build_campaign": 2}),
    (_rx(r"how many (?:\w+ )?(?:campaigns|tests|experiments)"), {"list_campaigns": 4, "size_audience": -6}),
    (_rx(r"how many (?:\w+ )?(?:variants|messages|versions|of them|emails|drafts|copies)(?: \w+){0,3} (?:pass|passed|blocked|fail\w*|approved|cleared|rejected|flagged|ok|got through)"), {"check_copy": 5, "size_audience": -6, "explain_block": -4}),
    (_rx(r"how many (?:variants|versions|arms)(?: \w+){0,3} (?:should|can|could|do|would)"), {"power_analysis": 4, "size_audience": -6}),
    (_rx(r"how many (?:days|weeks|months)"), {"power_analysis": 4, "size_audience": -8}),
    (_rx(r"how many segments|how many clusters|how many groups"), {"describe_segments": 4, "size_audience": -6}),
    (_rx(r"per (?:arm|variant|group|cell)|in each (?:arm|group|variant)|enough (?:people|customers|data|volume|power)|sample size|big enough|large enough|detect"), {"power_analysis": 4, "size_audience": -4, "design_experiment": -2, "read_results": -3}),
    (_in(r"how many (?:people |customers |of them |users )?(?:actually |did |have )?(?:bought|opened|clicked|converted|responded|unsubscribed|open|click|buy|convert|unsubscribe)(?! in| more| at| \d|.*(?:days|weeks|months))", lambda c: c.has_results), {"read_results": 6, "size_audience": -5}),
    (_rx(r"why|how come|what (?:made|drove)"), {"read_results": -3, "compare_variants": -3, "check_copy": -3, "revise_copy": -2, "set_audience": -3, "draft_copy": -3, "launch_experiment": -4}),
    (_rx(r"(?:why|how come|reason)(?: \w+){0,8} (?:block\w*|reject\w*|flagg\w*|held|not pass\w*|not approved|refused|banned|not allowed|fail(?:ed)? (?:the )?(?:check|screen|compliance|review)\w*)"), {"explain_block": 4, "explain_driver": -5}),
    (_rx(r"(?:why|how come|reason)(?: \w+){0,8} (?:won|win|lost|lose|better|worse|perform\w*|beat|convert\w*|uplift|lift|work\w*)"), {"explain_driver": 4, "explain_block": -5}),
    (_rx(r"(?:why|how come) (?:is|was|are|isn't|were)? ?(?:not )?(?:customer|client)|(?:customer|client) \S*\d+ (?:in|included|not in|part)"), {"size_audience": 0, "describe_segments": 6, "explain_block": -6, "explain_driver": -6}),
    (_rx(r"what (?:could|can|should|would) we (?:say|write|send)"), {"simulate_results": -5}),
    (_rx(r"subject lines?|headlines?|taglines?"), {"describe_segments": -3, "list_campaigns": -4, "launch_experiment": -3}),
    (_rx(r"(?:last|previous|past|prior|earlier|other) (?:time|campaigns?|one|test|year's?|month's|send)|theme_ (?:vs|versus|and|against|compared|or) (?:the |our |last |last year's )*theme_"), {"compare_campaigns": 1}),
    (_rx(r"compar\w+|vs|versus|against|side by side|better than|worse than|stack up"), {"list_campaigns": -4, "show_trace": -4, "describe_segments": -2, "explain_driver": -1}),
    (_rx(r"variant_ variant_|(?:compare|vs|versus|between|or) (?:\w+ ){0,2}variant_"), {"compare_variants": 2, "compare_campaigns": -3}),
    (_rx(r"^(?:write|draft|compose)\b"), {"draft_copy": 3, "build_campaign": -2.5, "revise_copy": -2}),
    (_rx(r"campaign"), {"draft_copy": -1.5}),
    (_in(r"aud_", lambda c: True), {"size_audience": 0.0}),
    (_rx(r"how many|audience size|headcount|how big"), {"build_campaign": -1.5, "set_audience": -3, "list_campaigns": -1}),
    (_rx(r"export|download|csv|excel|spreadsheet"), {"build_campaign": -3, "set_audience": -3, "draft_copy": -3, "revise_copy": -3, "launch_experiment": -4, "check_copy": -3, "find_content": -3, "read_results": -2}),
    (_rx(r"simulat\w+|dry run|what would happen|pretend|forecast"), {"design_experiment": -4, "launch_experiment": -4, "read_results": -3, "power_analysis": -3, "build_campaign": -2, "show_trace": -4}),
    (_rx(r"rewrite|rephrase|reword|shorten"), {"draft_copy": -4, "check_copy": -2, "explain_block": -4}),
    (_rx(r"control group|holdout|hold ?out|hold back|a ?/ ?b test|split"), {"revise_copy": -3, "set_audience": -3, "build_campaign": -0.5, "describe_segments": -2}),
    (_rx(r"beat (?:the )?control|(?:vs|against|over) (?:the )?control|control group (?:do|perform|convert)"), {"design_experiment": -5, "read_results": 3}),
    (_rx(r"(?:approved|brand|library|guidelines?|on file|in the library)"), {"find_content": 1, "draft_copy": -2, "list_campaigns": -3}),
    (_rx(r"how (?:did|do) you|where (?:did|does|do) (?:you|that|this|it|these)|what did you"), {"read_results": -5, "compare_campaigns": -5, "find_content": -2}),
    (_rx(r"sources?|audit|trace|steps"), {"read_results": -2, "describe_segments": -3, "list_campaigns": -3}),
    (_rx(r"list|which campaigns|what campaigns|all (?:my|our|the) campaigns"), {"build_campaign": -3, "compare_campaigns": -1}),
    (_rx(r"(?:will|would|should|could|can) (?:we|it|i) (?:need|have to)|needed|required"), {"read_results": -2}),
    (_rx(r"(?:is|are|was|were) (?:it|this|that|they|variant_|variant [a-h]|[a-h]|all|everything|the (?:copy|variants|messages)) (?:\w+ )?(?:compliant|safe|legal|ok to|allowed|approved|blocked|on brand)"), {"check_copy": 2, "explain_block": -3, "find_content": -4}),
    (_rx(r"segments?|rfm|clusters?|cohorts?"), {"build_campaign": -1, "set_audience": -1}),
    (_rx(r"campaign for|campaign to|campaign about|campaign targeting|campaign aimed"), {"build_campaign": 2, "launch_experiment": -3}),
    (_in(r"significant|confident|sure", lambda c: c.has_results), {"read_results": 2, "power_analysis": -3}),
    (_in(r"how long|enough people|sample size", lambda c: True), {"simulate_results": -2}),
)  # fmt: skip

_DOMAIN = whole(
    r"campaigns?|audience|customers?|segments?|variants?|copy|emails?|sms|push|message|subject|launch|test|control|results?|export|winner|won|conversion|click|open rate|lapsed|vips?|loyalty|discount|content|brand|approved|blocked|marketing|shoppers?|buyers?|people|list|offer|promo|sale|metric|lift|uplift|data|numbers|report|send|tone|emoji|cta|theme_|aud_|variant_|performance|revenue|sample|group|draft|checks?|compliance"
)
_VAGUE_VERB = r"(?:make|do|fix|improve|change|update|clean|optimi[sz]e|sort|handle|tweak|adjust|help|get|give|show|use|run|try|set|work|finish|start|prepare|deal|boost|increase|send|put|add|remove|go|take|switch|move|redo|refresh|process|review|look|enhance|fiddle|tidy|reorgani[sz]e|play|upgrade|manage|revamp|continue|check|swap|transform|push|polish|rework|maximi[sz]e|better|more)"


_SMALL_WORDS = frozenset(
    "with that this what have from they them there then than your about would could should will does into just like some make more want need show give tell take these those which when where were been being also only over under again here even very much such each other know think please look well good".split()
)


def _strange(reading: Reading) -> float:
    """Return the share of content words that no training sentence and no lexicon entry holds (0 to 1)."""
    known = trained_words()
    words = [word for word in re.findall(r"[a-z]{4,}", reading.shape) if word not in _SMALL_WORDS]
    words = [word for word in words if f"{word}_" not in reading.shape]
    return sum(not _stem_known(word, known) for word in words) / len(words) if words else 0.0


def _stem_known(word: str, known: frozenset[str]) -> bool:
    return word in known or any(
        word.endswith(end) and (word[: -len(end)] in known or word[: -len(end)] + "e" in known)
        for end in ("s", "es", "ed", "ing", "ly", "er")
    )


def _unsure(reading: Reading, context: Context, values: Mapping[str, float]) -> tuple[tuple[str, ...], str]:
    """Decide what to do with a message that no intent is sure of: the best guess, a question, or not our subject."""
    shares = probabilities(reading.shape)
    outside = shares.get("out_of_scope", 0.0)
    known = bool(_DOMAIN.search(reading.shape) or _DOMAIN.search(reading.text))
    strange = _strange(reading)
    inside = bool(context.campaign or context.acted)
    best = _best(values) if values else ""
    value = values.get(best, 0.0)
    for kind in ("help", "ambiguous"):
        if shares.get(kind, 0.0) > max(0.5, value / CLASSIFIER_WEIGHT):
            return (kind,), "capabilities" if kind == "help" else asked_about(reading.text)
    floor = 0.9 if inside else 1.2
    foreign = outside * CLASSIFIER_WEIGHT >= max(value, 1.5) or strange > (0.67 if known or inside else 0.5)
    if value >= (floor if best in READ_ONLY else floor + 0.4) and (known or inside or value >= 2.4) and not foreign:
        return (best,), ""
    if reading.audience.conditions and strange <= 0.67:
        return ("size_audience" if "size_audience" in context.acted else "set_audience",), ""
    if (strange > 0.5 and not known) or outside >= (0.45 if inside else 0.3):
        return ("out_of_scope",), "subject"
    if value >= 0.6 and (known or inside) and best in READ_ONLY and strange <= 0.5:
        return (best,), ""
    if known or inside or re.match(rf"^{_VAGUE_VERB}\b", reading.text) or len(reading.text.split()) <= 3:
        return ("ambiguous",), asked_about(reading.text)
    return ("out_of_scope",), "subject"


def asked_about(text: str) -> str:
    for topic, words in (("audience", r"audience|list|segment|customers?|people|targeting"), ("copy", r"copy|messages?|emails?|text|it sound|variants?|words|subject"),
                         ("results", r"numbers|results|data|report|performance|figures|stats"), ("test", r"test|experiment|control"),
                         ("campaign", r"campaign|it|this|that")):  # fmt: skip
        if whole(words).search(text):
            return topic
    return "open"


VAGUE = re.compile(
    rf"^{_VAGUE_VERB}(?: (?:up|out|on|with|for))*(?: (?:it|this|that|them|these|those|things?|stuff|everything|something|anything|the|my|our|a|an|some|better|different(?:ly)?|more|again|right|nicer|good|great|work|campaign|audience|list|segments?|copy|messages?|emails?|variants?|test|numbers?|data|results?|targeting|customers?|people|performance|the usual|usual thing|magic|bit|little|thing|ones?|properly|efficient|effective|faster|bigger|smaller|now|please|up|out|like (?:last time|before)|one|metrics?|conversions?|sales|roi|report|settings?|setup|plan|strategy|content|nice|pop|perfect|database|base|engagement|best|optimal|interesting|experiment|offer|way|as (?:usual|before|always)|over|around|of|in|all|most|same|for|to|and|is|be|at|else|well|job|further|somehow|next|step|what (?:you|we) (?:can|did|think is best)|you think))*[.!?]*$"
)
