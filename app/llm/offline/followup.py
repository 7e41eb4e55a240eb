"""Short messages that live from what came before: 'and in France?', 'why?', 'the second one', 'make that 120', 'yes'."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from app.llm.offline.conditions import Condition, whole
from app.llm.offline.frames import frame_scores
from app.llm.offline.intents import VAGUE, _asked_about
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.reading import Reading
from app.llm.offline.wishes import Wishes

_LEAD = re.compile(
    r"^(?:and|but|or|so|then|ok|now|what about|how about|what if|and what about|how about for|same(?: thing| again)?|also|plus|just|only|no|yes|yeah|actually|make (?:it|that|them)|change (?:it|that) to|let us say|say|try|with|for|in|by|instead|rather|i mean(?:t)?|sorry|go with|use)\b[\s,]*"
)
_RESULT = {"read_results", "compare_variants", "simulate_results", "compare_campaigns", "explain_driver"}
_COPY = {"draft_copy", "revise_copy", "check_copy", "build_campaign", "explain_block"}
_AUDIENCE = {"set_audience", "size_audience", "describe_segments", "build_campaign"}
_YES = re.compile(
    r"^(?:(?:yes|yep|yeah|yup|ye|aye|sure|ok|okay|absolutely|definitely|of course|please|please do|do it|go ahead|go for it|go|confirm(?:ed)?|approved?|i approve|i confirm|approve it|confirm it|proceed|correct|right|that is (?:right|fine|correct|it)|fine|sounds good|looks good|perfect|great|send it|launch it|launch|ship it|make it so|all good|you (?:can|may)|happy to (?:proceed|go)|let us (?:go|do it)|good to go|i am sure|affirmative|yes please|green light|carry on|continue|by all means|agreed|i do|i agree|granted|it is approved|as planned|now|and send|and launch|with it|with that|that|it|launch now|send now|i have approved it|i (?:hereby )?approve(?: (?:it|this|the launch))?|confirming|go live)(?:[\s,.!]+|$))+$"
)


def follow_up(reading: Reading, context: Context) -> Meaning | None:
    """Read a message as a continuation; None when it stands on its own."""
    for rule in _RULES:
        meaning = rule(reading, context)
        if meaning is not None:
            return replace(meaning, text=reading.text)
    return None


def _as(reading: Reading, *intents: str, **changes: object) -> Meaning:
    topic = str(changes.pop("topic", ""))
    return Meaning(intents, replace(reading.wishes, **changes), topic=topic)  # type: ignore[arg-type]


def _words(reading: Reading) -> int:
    return len(reading.text.split())


def _yes(reading: Reading, context: Context) -> Meaning | None:
    if not _YES.match(reading.text) and not _YES.match(reading.normal.bare):
        return None
    if context.pending == "launch":
        return _as(reading, "launch_experiment", topic="yes", launch_date=None)
    if re.search(r"\b(?:launch|send|ship|go live)\b", reading.text):
        return _as(reading, "launch_experiment")
    if re.search(r"approv|confirm", reading.text):
        return _as(reading, "launch_experiment", topic="yes")
    if context.last and context.last.kind == "ambiguous":
        return _as(reading, "ambiguous", topic=context.last.topic or "open")
    return _as(reading, "smalltalk")


_WHY = re.compile(
    r"^(?:but |and |so |ok |hmm |really |oh )*(?:why(?: (?:is that|so|was that|that|do you think(?: so)?|did that happen|exactly|though|not|is it))?|how come|for what reason|what happened|reason|explain(?: (?:why|that|this|it))?|what (?:is|was) the reason|why (?:did|does) (?:it|that|this)(?: (?:win|one))?|any idea why|do we know why)[\s?.!]*$"
)


def _why(reading: Reading, context: Context) -> Meaning | None:
    if not _WHY.match(reading.text):
        return None
    last = set(context.acted)
    if last & _RESULT:
        return _as(reading, "explain_driver")
    if last & {"check_copy", "explain_block"} or (last & _COPY and context.blocked):
        return _as(reading, "explain_block", variant_refs=reading.wishes.variant_refs or context.focus[:1])
    if context.last and context.last.kind in ("unsafe_request", "out_of_scope"):
        return _as(reading, "help", topic="why_refused")
    if context.has_results:
        return _as(reading, "explain_driver")
    return _as(reading, "show_trace") if last else _as(reading, "ambiguous", topic="open")


_PICK = re.compile(
    r"^(?:and |ok |so |what about |how about |let us (?:see|look at|use) |show me |tell me (?:more )?about |open |use |go with |pick |take |choose |describe |more (?:on|about) |with |for |i (?:want|choose|pick|like) )*(?:the )?(?:number |no\.? ?|#)?(?P<o>first|second|third|fourth|fifth|last|top|1st|2nd|3rd|4th|5th|\d)(?: (?:one|segment|group|campaign|option|result|cluster|on the list|in the list|variant|version))?(?: (?:please|then|instead|looks good|in detail))?[\s?.!]*$"
)


def _pick(reading: Reading, context: Context) -> Meaning | None:
    """'the second one' after a list."""
    match = _PICK.match(reading.text)
    if not match or re.match(r"^(?:use |with )?\d$", reading.text):
        return None
    if (
        context.shown == "segments"
        and "segments"
        and set(context.acted) & {"describe_segments", "size_audience", "set_audience"}
    ):
        intent = (
            "size_audience"
            if "size_audience" in context.acted
            else "set_audience"
            if re.search(r"\b(?:use|go with|pick|take|choose|target)\b", reading.text)
            else "describe_segments"
        )
        return _as(reading, intent, variant_refs=())
    if context.shown == "campaigns" and "list_campaigns" in context.acted:
        return _as(reading, "read_results", campaign_refs=(match["o"],), variant_refs=(), segment_ref=None)
    if context.shown == "content" and "find_content" in context.acted:
        return _as(reading, "find_content", variant_refs=(), segment_ref=None)
    last = [intent for intent in context.acted if intent in _RESULT | {"explain_block", "check_copy", "revise_copy"}]
    if last and reading.wishes.variant_refs:
        return replace(_as(reading, last[0], segment_ref=None))
    return None


_USE_CONTENT = re.compile(
    r"^(?:use|take|put|add|insert|include|go with|work in|bring in|apply)\b.*\b(?:first|second|third|that|this|it|the)\b.*\b(?:variant|version|copy|email|message|[a-h]|them|all|sms|push)\b"
)


def _use_content(reading: Reading, context: Context) -> Meaning | None:
    if "find_content" in context.acted and _USE_CONTENT.match(reading.text):
        letters = re.findall(r"(?:variant |version |in |into |for )([a-h])\b", reading.text)
        return _as(
            reading, "revise_copy", variant_refs=tuple(letter.upper() for letter in letters), segment_ref=None, edits=()
        )
    return None


_FIX = re.compile(
    r"^(?:can you |could you |please |then |ok |fine |just |so |and )*(?:fix|correct|sort|repair|mend|rectify|resolve|amend|rewrite|change|address|clean)(?: (?:it|that|this|them|those|these|both|all|the (?:problem|issue|blocked (?:one|ones)|copy|message)s?|[a-h]|variant [a-h]|up|out|so (?:that )?it passes))*[\s.!?]*$"
)


def _fix(reading: Reading, context: Context) -> Meaning | None:
    if not _FIX.match(reading.text):
        return None
    blocked_talk = set(context.acted) & {"explain_block", "check_copy"} or (
        context.last and context.last.kind == "unsafe_request" and context.last.topic == "blocked"
    )
    if blocked_talk or reading.wishes.edits == ("fix_block",):
        refs = reading.wishes.variant_refs or context.focus
        return _as(reading, "revise_copy", variant_refs=refs, edits=("fix_block",))
    return None


_AGAIN = re.compile(
    r"^(?:and |ok |now |please |then )*(?:(?:check|run|try|do|screen|test|count|search|simulate)(?: (?:it|that|this|them|the (?:check|checks|test|simulation|numbers)))? (?:again|once more|one more time)|again|once more|one more time|re-?check(?: (?:it|that|them))?|re-?run(?: (?:it|that|them))?|repeat(?: that)?|refresh)[\s?.!]*$"
)


def _again(reading: Reading, context: Context) -> Meaning | None:
    if not _AGAIN.match(reading.text):
        return None
    if re.search(r"check|screen", reading.text):
        return _as(reading, "check_copy", variant_refs=context.focus if len(context.focus) == 1 else ())
    if re.search(r"simulat", reading.text):
        return _as(reading, "simulate_results")
    if re.search(r"try again", reading.text) and set(context.acted) & {"draft_copy", "revise_copy"}:
        return _as(reading, "revise_copy", edits=("new_options",))
    return _as(reading, *context.acted) if context.acted else None


_UNDO = re.compile(
    r"^(?:(?:hmm+|no|oh|actually|ok|please|wait|sorry)[\s,]+)*(?:undo|revert|go back|roll ?back|change it back|put it back|bring (?:it|that) back|take (?:it|that) back|restore|(?:remove|take|drop|delete) (?:it|that|them|this)(?: out| off| back)? again|(?:not|no|do not want) that (?:change|one|edit))(?: (?:that|it|this|one step|a step|the last (?:change|step|one)|please|to (?:the )?(?:previous|last|original|old|first|earlier|before)(?: (?:version|one))?|to how it was(?: before)?|last change|my last change|everything))*[\s.!?]*$"
)


def _undo(reading: Reading, context: Context) -> Meaning | None:
    if not _UNDO.match(reading.text):
        return None
    return _as(reading, "revise_copy", edits=("undo",), topic="undo")


_SAME_FOR = re.compile(
    r"^(?:(?:now |and |ok )*(?:the )?same(?: (?:thing|again|one|campaign|for|but|with|question|here))*|do (?:the same|it|that|one)(?: again)?|(?:now )?(?:one|another)|repeat (?:that|it)|again|how about|what about|and)\b.*"
)


def _theme_only(reading: Reading, context: Context) -> Meaning | None:
    """'same for Easter', 'and one for Christmas' - another theme for what was just made."""
    if not reading.wishes.theme or not _SAME_FOR.match(reading.text) or _words(reading) > 9:
        return None
    made = [
        intent
        for intent in context.acted
        if intent in ("build_campaign", "draft_copy", "find_content", "read_results", "compare_campaigns")
    ]
    if not made:
        return None
    if made[0] in ("read_results", "compare_campaigns"):
        return _as(reading, made[0])
    kept = bool(context.conditions) and made[0] == "build_campaign" and not reading.audience.conditions
    return Meaning((made[0],), reading.wishes, conditions=context.conditions, said=kept)


def _variant_only(reading: Reading, context: Context) -> Meaning | None:
    """'what about C?', 'and B', 'do the same for B'."""
    refs = reading.wishes.variant_refs
    rest = re.sub(
        r"\b(?:variant|version|option|message|[a-h]|second|third|first|fourth|one|too|as well|same|thing|do|the|for|to|it|that|please|and|what|how|about|is|versus|vs|also|with|then|now|only|just|winner|ok|compare|to the|against)\b|['?.,!]",
        " ",
        reading.text,
    )
    if not refs or rest.strip() or _words(reading) > 8:
        return None
    if re.search(r"\b(?:vs|versus|compare)\b", reading.text):
        return (
            _as(reading, "compare_variants")
            if not (set(context.acted) & {"read_results"} and len(refs) == 1)
            else _as(reading, "compare_variants")
        )
    able = [
        i
        for i in context.acted
        if i
        in (
            "compare_variants",
            "read_results",
            "explain_block",
            "explain_driver",
            "revise_copy",
            "check_copy",
            "draft_copy",
        )
    ]
    if not able:
        return None
    if able[0] == "revise_copy":
        before = context.acted_wishes
        return Meaning(("revise_copy",), replace(before, variant_refs=refs))
    return _as(reading, able[0])


def _audience_only(reading: Reading, context: Context) -> Meaning | None:
    """'and in France?', 'only the UK', 'same but for VIPs', 'not Germany', 'without the UK'."""
    if not reading.audience.conditions or not _short_change(reading):
        return None
    last = set(context.acted)
    if context.has_results and re.search(r"how many (?:people |customers |of them )?(?:have )?(?:unsubscribed|opted out|opened|clicked|bought)", reading.text):
        return None
    if re.search(r"\bhow (?:many|big)\b|\bcount\b", reading.text):
        return _as(reading, "size_audience")
    if (
        re.match(r"^(?:same|do the same|again|repeat)\b", reading.text)
        and context.acted
        and not last & (_RESULT | {"show_trace", "list_campaigns"})
    ):
        intent = next(
            (
                i
                for i in (
                    "build_campaign",
                    "size_audience",
                    "describe_segments",
                    "power_analysis",
                    "draft_copy",
                    "set_audience",
                )
                if i in last
            ),
            "set_audience",
        )
        return _as(reading, intent)
    if "size_audience" in last:
        return _as(reading, "size_audience")
    if "describe_segments" in last and not re.match(r"^(?:exclude|remove|only|drop|without|leave|add)", reading.text):
        return _as(reading, "describe_segments")
    if "power_analysis" in last and re.match(r"^(?:and|what about|how about|what if)\b", reading.text):
        return _as(reading, "power_analysis")
    if last & {"build_campaign"} and re.match(
        r"^(?:actually |no,? |sorry,? )*(?:make (?:it|that)|i mean|i meant|change (?:it|that) to|for)\b", reading.text
    ):
        return (
            _as(reading, "build_campaign")
            if re.match(r"^(?:actually |no,? |sorry,? )*make it\b", reading.text)
            and context.turn <= 99
            and last == {"build_campaign"}
            else _as(reading, "set_audience")
        )
    if last or context.campaign or context.conditions:
        return _as(reading, "set_audience")
    return None


def _short_change(reading: Reading) -> bool:
    left = _LEAD.sub("", reading.shape)
    left = re.sub(
        r"aud_|num_|theme_|\b(?:the|a|an|in|for|to|from|of|with|and|or|but|not|no|only|just|also|too|as well|instead|ones?|people|customers?|same|those|them|who|are|is|that|have|please|exclude|excluding|without|except|remove|drop|leave|out|add|include|including|what|about|if|how|many|only|it|make|then|now|actually|i|mean|meant|all|thing|again|time|rather|than|this|at|least|keep|limit|restrict|narrow|down|change|switch|use|swap|we|want|should|be|be just|focus|on|target|first|anyone|anybody|everyone|us|there|were|took|looked|look|you|plus|ok|do|one|another|campaign|audience|list|segment|bit|more|live|based|living|located|sorry|wait|so|further|over|group|base|shoppers|buyers|by|can|let|say|men|go|after|back|yes|hmm|oh)\b|[\W\d_]",
        " ",
        left,
    )
    return not left.split()


_NUMBER = re.compile(
    r"^(?:and |no |ok |actually |sorry |i mean(?:t)? |wait |what about |how about |what if |let us say |try |now |with |make (?:it|that|them) |[<>]=? ?|at least |more than |less than |change (?:it|that) to |say |go with |set (?:it|that) to |only |up (?:it|that) to |bump (?:it|that) (?:up )?to |raise (?:it|that) to |lower (?:it|that) to |drop (?:it|that) to |(?:it |that )?should be |at |for |we (?:use|take|do|had|have|ran|run) |if |use |it is |was |to |a |over |under |more like |about |rather |if it (?:is|was|were) |we (?:wanted|want) )*[£$€]?(?P<n>\d+(?:\.\d+)?)(?P<pct> ?%)?(?: ?(?P<unit>days?|weeks?|months?|years?|variants?|versions?|arms?|orders?|purchases?|people|euros?|pounds?|dollars?|eur|gbp|usd|£|\$|€|per ?cent|points?|messages?|options?|groups?|characters?|chars?|weeks?|lift|power|control|holdout))?(?: (?:instead|then|please|rather|max|or more|now|of them|lift|uplift|power|control|not \d+))*[\s?.!]*$"
)


def _number_only(reading: Reading, context: Context) -> Meaning | None:
    """'make that 120', 'and with 4?', 'make it 3 weeks', 'what about 5%?'."""
    match = _NUMBER.match(reading.text)
    if not match or not context.acted:
        return None
    number, unit, last = float(match["n"]), match["unit"] or "", set(context.acted)
    if unit.startswith(("day", "week", "month", "year")) and "simulate_results" in last:
        return _as(reading, "simulate_results", n_variants=None)
    if unit.startswith(("day", "week", "month", "year")) and not (
        last & {"power_analysis", "simulate_results", "design_experiment"}
    ):
        return _new_window(reading, context, unit, number)
    if unit.startswith(("variant", "version", "arm", "option", "message", "group")):
        return _as(
            reading,
            _of(last, "power_analysis", "design_experiment", "draft_copy", "build_campaign") or "draft_copy",
            n_variants=int(number),
        )
    if unit.startswith("char"):
        return _as(reading, "revise_copy", max_length=int(number))
    return _bare_number(reading, context, number, bool(match["pct"]) or unit.startswith("per"), unit)


def _of(last: set[str], *intents: str) -> str | None:
    return next((intent for intent in intents if intent in last), None)


def _new_window(reading: Reading, context: Context, unit: str, number: float) -> Meaning | None:
    days = int(number * {"d": 1, "w": 7, "m": 30, "y": 365}[unit[0]])
    return _renumbered(reading, context, days, ("last_purchase_days", "last_open_days", "signup_days"))


def _renumbered(reading: Reading, context: Context, number: float, fields: tuple[str, ...]) -> Meaning | None:
    found = [c for c in context.conditions if c.field in fields and c.op != "raw"]
    if not found:
        return None
    target = found[-1]
    value = int(number) if number == int(number) else number
    changed = tuple(replace(c, value=value) if c is target else c for c in context.conditions)
    intent = _of(set(context.acted), "size_audience", "set_audience", "build_campaign", "describe_segments")
    intent = "set_audience" if intent in (None, "build_campaign", "describe_segments") else intent
    wishes = Wishes()
    return Meaning((intent,), wishes, conditions=changed, said=True, changed=True)


def _bare_number(reading: Reading, context: Context, number: float, percent: bool, unit: str) -> Meaning | None:
    last, before = set(context.acted), context.acted_wishes
    share = number / 100 if percent or number >= 1 else number
    if intent := _of(last, "power_analysis", "design_experiment"):
        if percent or unit in ("lift", "power", "control", "holdout") or unit.startswith("point"):
            name = (
                "power"
                if unit == "power"
                else "mde"
                if unit.startswith("point") or unit == "lift"
                else _last_share(before, intent)
            )
            blank = {
                "n_variants": None,
                "control_share": None,
                "mde": None,
                "baseline_rate": None,
                "power": None,
                "alpha": None,
                "discount_pct": None,
            }
            return Meaning((intent,), replace(reading.wishes, **{**blank, name: round(share, 4)}))  # type: ignore[arg-type]
        return (
            _as(reading, intent, n_variants=int(number)) if number <= 12 else _as(reading, intent, people=int(number))
        )
    if percent and last & _COPY:
        return _as(reading, "revise_copy", discount_pct=number, control_share=None, edits=())
    if percent:
        return _renumbered(reading, context, share, ("email_open_rate",))
    if "draft_copy" in last and number <= 12:
        return _as(reading, "draft_copy", n_variants=int(number))
    if "simulate_results" in last and not context.conditions:
        return _as(reading, "simulate_results", duration_days=int(number))
    every = (
        "last_purchase_days",
        "total_spend",
        "orders_count",
        "avg_order_value",
        "age",
        "last_open_days",
        "signup_days",
    )
    return _renumbered(reading, context, number, every)


def _last_share(before: Wishes, intent: str) -> str:
    if intent == "design_experiment":
        return "control_share"
    for name in ("mde", "baseline_rate", "power", "alpha", "control_share"):
        if getattr(before, name) is not None:
            return name
    return "mde"


def _setting_only(reading: Reading, context: Context) -> Meaning | None:
    """'at 90% power?', 'with a 5 point lift?', 'for three weeks' - one more setting for the last question."""
    wishes, last = reading.wishes, set(context.acted)
    if reading.wishes.metric and (last & _RESULT or (context.has_results and not last)) and _words(reading) <= 4 and not re.search(r"\b(?:change|set|use|optimi[sz]e|judge|make)\b", reading.text):
        return _as(reading, "compare_campaigns" if "compare_campaigns" in last else "read_results")
    if not _LEAD.match(reading.text) or _words(reading) > 9 or reading.audience.conditions:
        return None
    test = any(
        getattr(wishes, name) is not None
        for name in ("control_share", "power", "alpha", "mde", "baseline_rate", "n_variants", "duration_days")
    )
    scores = frame_scores(reading.shape, reading.text)
    strong = max(
        (v for k, v in scores.items() if k not in ("design_experiment", "power_analysis", "simulate_results")),
        default=0,
    )
    if test and strong < 5 and (intent := _of(last, "power_analysis", "design_experiment", "simulate_results")):
        return _as(reading, intent)
    if (
        wishes.metric
        and strong < 7
        and (
            intent := _of(
                last,
                "read_results",
                "compare_variants",
                "compare_campaigns",
                "explain_driver",
                "design_experiment",
                "power_analysis",
                "simulate_results",
            )
        )
    ):
        return _as(reading, "read_results" if intent == "simulate_results" else intent)
    return None


def _channel_only(reading: Reading, context: Context) -> Meaning | None:
    """'use SMS instead', 'no, I meant SMS', 'and by push?'."""
    if not reading.wishes.channels or _words(reading) > 9 or reading.audience.conditions:
        return None
    rest = re.sub(
        r"\b(?:use|make|do|it|that|this|an?|the|sms|text|texts|push|email|e-mail|emails|notifications?|messages?|instead|rather|than|of|not|no|i|mean|meant|said|wanted|want|by|via|on|with|for|to|and|what|about|how|switch|change|try|go|please|in|as|let us|actually|sorry|send|them|now|same|version|campaign|channel|over|wait|should|be|prefer|would|like|move|convert|turn|into|same thing|again|too|one|we|is|put|also|but|my|bad|you|can)\b|[\W]",
        " ",
        reading.text,
    )
    if rest.split():
        return None
    if "size_audience" in context.acted and not re.search(r"instead|rather|meant|switch|change", reading.text):
        return _as(reading, "size_audience")
    if context.has_copy or set(context.acted) & _COPY or context.campaign:
        return _as(reading, "revise_copy", edits=(), n_variants=None)
    return None


_SIGNIFICANT = re.compile(
    r"^(?:and |but |so |is (?:it|that|this|the (?:result|difference|lift|uplift)) |was (?:it|that) |are (?:they|those) |how |really |statistically |by how much|significant(?:ly)?|sure|confident|certain|are (?:we|you) |with what confidence|what (?:is the )?(?:p-?value|confidence(?: interval)?|margin)|reliable|real|solid|conclusive|how much|enough|can (?:we|i) trust (?:it|that|this)|a fluke|luck|chance|just|noise|by much|by|margin|was|the|it|that|be|about|of)+[\s?.!]*$"
)


def _about_results(reading: Reading, context: Context) -> Meaning | None:
    if (
        set(context.acted) & (_RESULT - {"compare_campaigns"})
        and _SIGNIFICANT.match(reading.text)
        and _words(reading) <= 9
        and not reading.wishes.variant_refs
    ):
        return _as(
            reading,
            "compare_variants" if context.acted == ("compare_variants",) and "much" in reading.text else "read_results",
        )
    if set(context.acted) & {"compare_campaigns"} and _SIGNIFICANT.match(reading.text):
        return _as(reading, "compare_campaigns")
    return None


_HOW_MANY = re.compile(
    r"^(?:and |so |ok |now |then )*(?:how (?:many|big|large)(?: (?:people|customers?|is (?:that|it|this)|are (?:there|they|left|we)|would that be|does (?:that|it) (?:leave|make|reach|cover)|is (?:the|my|our) audience|in total|now|of them|left|remain(?:ing)?|is that now|of those|do we have|are in it|that is|in there|would (?:that|it) (?:reach|be)))*|what is the (?:size|count|number|total|reach)(?: now)?|(?:the )?(?:count|size|total|reach|headcount|number)(?: now| of (?:that|them|it))?)[\s?.!]*$"
)


def _how_many(reading: Reading, context: Context) -> Meaning | None:
    if not _HOW_MANY.match(reading.text):
        return None
    if set(context.acted) & {"list_campaigns"} and not re.search(r"people|customers|audience", reading.text):
        return _as(reading, "list_campaigns")
    return _as(reading, "size_audience", n_variants=None)


def _how_big_ordinal(reading: Reading, context: Context) -> Meaning | None:
    if reading.wishes.segment_ref and context.shown == "segments":
        if re.search(r"\bhow (?:many|big|large)\b|\bsize\b|\bcount\b", reading.text):
            return _as(reading, "size_audience", variant_refs=())
        scores = frame_scores(reading.shape, reading.text)
        if scores.get("build_campaign", 0) < 4 and re.search(
            r"target|use|audience|go with|focus|take|pick", reading.text
        ):
            return _as(reading, "set_audience", variant_refs=())
    return None


def _pronoun_export(reading: Reading, context: Context) -> Meaning | None:
    if re.match(
        r"^(?:export|download|save)(?: (?:it|that|this|them|those|these|please|as|to|a|csv|excel|in|file|now))*$",
        reading.text,
    ):
        return _as(reading, "export", export_what=None, variant_refs=())
    return None


def _vague(reading: Reading, context: Context) -> Meaning | None:
    """A vague verb with a vague object: ask."""
    wishes = reading.wishes
    if reading.audience.conditions or wishes.edits or wishes.tone or wishes.variant_refs or wishes.theme:
        return None
    if not VAGUE.match(reading.text) or _words(reading) > 9:
        return None
    if re.match(r"^(?:check|show|give|run|export|send|start|set|get|review)\b", reading.text):
        scores = frame_scores(reading.shape, reading.text)
        if scores and max(scores.values()) >= 5:
            return None
    return _as(reading, "ambiguous", topic=_asked_about(reading.text))


def _what_happened(reading: Reading, context: Context) -> Meaning | None:
    """'what happened with C' after a check."""
    if set(context.acted) & {"check_copy"} and re.match(r"^(?:so |and |but )?what (?:happened|is up|is the matter|went wrong|about the (?:other|rest|blocked))\b", reading.text):
        return _as(reading, "explain_block")
    return None


def _duration_only(reading: Reading, context: Context) -> Meaning | None:
    """'and with a month?' after a simulation or a test."""
    if reading.wishes.duration_days and _words(reading) <= 5 and not reading.audience.conditions:
        intent = _of(set(context.acted), "simulate_results", "power_analysis", "design_experiment")
        return _as(reading, intent, n_variants=None) if intent and _LEAD.match(reading.text) else None
    return None


def _compare_listed(reading: Reading, context: Context) -> Meaning | None:
    """'compare the first two' after a list of campaigns."""
    if context.shown != "campaigns" or "list_campaigns" not in context.acted or not re.search(r"\bcompare|\bvs\b|against", reading.text):
        return None
    found = re.findall(r"\b(first|second|third|fourth|fifth|last)\b", reading.text)
    if re.search(r"first (?:2|two)\b", reading.text):
        found = ["first", "second"]
    return _as(reading, "compare_campaigns", campaign_refs=tuple(found[:2]), variant_refs=(), n_variants=None) if found else None


def _more_of_a_list(reading: Reading, context: Context) -> Meaning | None:
    """'and drafts?' after a list of campaigns, 'and 20011?' after one customer."""
    last = set(context.acted)
    if "list_campaigns" in last and _words(reading) <= 5 and re.match(r"^(?:and|what about|how about|only|just|show|also)\b.*\b(?:drafts?|running|live|finished|old|older|active|completed|approved|past|scheduled|ended)\b", reading.text):
        return _as(reading, "list_campaigns")
    if "describe_segments" in last and context.acted_wishes.customer_id and (match := re.match(r"^(?:and |what about |how about )*(?:customer )?#?(\S*\d{3,})[\s?]*$", reading.normal.original.lower())):
        return _as(reading, "describe_segments", customer_id=match[1].rstrip("?"))
    return None


_Rule = Callable[[Reading, Context], "Meaning | None"]
_RULES: tuple[_Rule, ...] = (
    _yes, _why, _what_happened, _duration_only, _compare_listed, _more_of_a_list, _undo, _how_big_ordinal, _use_content, _pick, _fix, _again, _how_many, _pronoun_export, _about_results,
    _variant_only, _number_only, _theme_only, _channel_only, _audience_only, _setting_only, _vague,
)  # fmt: skip
__all__ = ["Condition", "follow_up", "whole"]
