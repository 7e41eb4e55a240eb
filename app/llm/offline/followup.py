"""Short messages that live from what came before: 'and in France?', 'why?', 'the second one', 'make that 120', 'yes'."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace

from app.llm.offline.continuation import COPY, LEAD, RESULT, as_said, one_of, word_count
from app.llm.offline.followup_numbers import duration_only, number_only, setting_only
from app.llm.offline.frames import frame_scores
from app.llm.offline.intents import VAGUE, asked_about
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.ramp import ramp_up
from app.llm.offline.reading import Reading
from app.llm.offline.references import asks_membership
from app.llm.offline.results_questions import (
    breakdown,
    compared,
    leave_out,
    part_of_the_people,
    with_campaign,
)
from app.llm.offline.wishes import Wishes

_AUDIENCE = {"set_audience", "size_audience", "describe_segments", "build_campaign"}
_YES = re.compile(
    r"^(?:(?:yes|yep|yeah|yup|ye|aye|sure|ok|okay|absolutely|definitely|of course|please|please do|do it|go ahead|go for it|go|confirm(?:ed)?|approved?|i approve|i confirm|approve it|confirm it|proceed|correct|right|that is (?:right|fine|correct|it)|fine|sounds good|looks good|perfect|great|send it|launch it|launch|ship it|make it so|all good|you (?:can|may)|happy to (?:proceed|go)|let us (?:go|do it)|good to go|i am sure|affirmative|yes please|green light|carry on|continue|by all means|agreed|i do|i (?:am )?agree(?:d)?(?: with (?:it|that|this))?|granted|it is approved|as planned|now|and send|and launch|with it|with that|that|it|launch now|send now|i have approved it|i (?:hereby )?approve(?: (?:it|this|the launch))?|confirming|go live)(?:[\s,.!]+|$))+$"
)


def follow_up(reading: Reading, context: Context) -> Meaning | None:
    """Read a message as a continuation; None when it stands on its own."""
    for rule in _RULES:
        meaning = rule(reading, context)
        if meaning is not None:
            return replace(meaning, text=reading.text)
    return None


def _yes(reading: Reading, context: Context) -> Meaning | None:
    if not _YES.match(reading.text) and not _YES.match(reading.normal.bare):
        return None
    asked = context.last is not None and "launch_experiment" in context.last.intents
    again = bool(re.search(r"\b(?:launch|send|ship|go live)\b", reading.text))
    if context.pending == "launch" or (asked and not again):
        return as_said(reading, "launch_experiment", topic="yes", launch_date=None)
    if re.search(r"\b(?:launch|send|ship|go live)\b", reading.text):
        return as_said(reading, "launch_experiment")
    if re.search(r"approv|confirm", reading.text):
        return as_said(reading, "launch_experiment", topic="yes")
    if context.last and context.last.kind == "ambiguous":
        return as_said(reading, "ambiguous", topic=context.last.topic or "open")
    return as_said(reading, "smalltalk")


_WHY = re.compile(
    r"^(?:but |and |so |ok |hmm |really |oh )*(?:why(?: (?:is that|so|was that|that|do you think(?: so)?|did that happen|exactly|though|not|is it))?|how come|for what reason|what happened|reason|explain(?: (?:why|that|this|it))?|what (?:is|was) the reason|why (?:did|does) (?:it|that|this)(?: (?:win|one))?|any idea why|do we know why)[\s?.!]*$"
)


def _why(reading: Reading, context: Context) -> Meaning | None:
    if not _WHY.match(reading.text):
        return None
    last = set(context.acted)
    if last & RESULT:
        return as_said(reading, "explain_driver")
    if last & {"check_copy", "explain_block"} or (last & COPY and context.blocked):
        return as_said(reading, "explain_block", variant_refs=reading.wishes.variant_refs or context.focus[:1])
    if context.last and context.last.kind in ("unsafe_request", "out_of_scope"):
        return as_said(reading, "help", topic="why_refused")
    if context.has_results:
        return as_said(reading, "explain_driver")
    return as_said(reading, "show_trace") if last else as_said(reading, "ambiguous", topic="open")


_PICK = re.compile(
    r"^(?:and |ok |so |what about |how about |let us (?:see|look at|use) |show me |tell me (?:more )?about |open |load |re-?open |switch to |go to |read |read out |use |go with |pick |take |choose |describe |more (?:on|about) |with |for |i (?:want|choose|pick|like) )*(?:the )?(?:number |no\.? ?|#)?(?P<o>first|second|third|fourth|fifth|last|top|1st|2nd|3rd|4th|5th|\d)(?: (?:one|segment|group|campaign|option|result|cluster|on the list|in the list|variant|version))?(?: (?:please|then|instead|looks good|in detail))?[\s?.!]*$"
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
        return as_said(reading, intent, variant_refs=())
    if context.shown == "campaigns" and "list_campaigns" in context.acted:
        opens = re.search(r"\b(?:open|load|reopen|switch to|go to)\b", reading.text)
        intent = "open_campaign" if opens else "read_results"
        return as_said(reading, intent, campaign_refs=(match["o"],), metric=None, variant_refs=(), segment_ref=None)
    if context.shown == "content" and "find_content" in context.acted:
        return as_said(reading, "read_document", variant_refs=())
    last = [intent for intent in context.acted if intent in RESULT | {"explain_block", "check_copy", "revise_copy"}]
    if last and reading.wishes.variant_refs:
        return replace(as_said(reading, last[0], segment_ref=None))
    if reading.wishes.variant_refs and context.has_copy and set(context.acted) & {"build_campaign", "draft_copy"}:
        return as_said(reading, "preview_copy", segment_ref=None)
    return None if context.has_copy else as_said(reading, "ambiguous", topic="list")


_USE_CONTENT = re.compile(
    r"^(?:use|take|put|add|insert|include|go with|work in|bring in|apply)\b.*\b(?:first|second|third|that|this|it|the)\b.*\b(?:variant|version|copy|email|message|[a-h]|them|all|sms|push)\b"
)


def _use_content(reading: Reading, context: Context) -> Meaning | None:
    if "find_content" in context.acted and _USE_CONTENT.match(reading.text):
        letters = re.findall(r"(?:variant |version |in |into |for )([a-h])\b", reading.text)
        return as_said(
            reading, "revise_copy", variant_refs=tuple(letter.upper() for letter in letters), segment_ref=None, edits=()
        )
    return None


def _member(reading: Reading, context: Context) -> Meaning | None:
    """'why is C00003 in it?', 'is C00120 part of it?'."""
    if not reading.wishes.customer_id or not asks_membership(reading.text):
        return None
    return as_said(reading, "describe_segments", variant_refs=(), segment_ref=None)


_EARLIER = re.compile(
    r"^(?:and |now |how does (?:it|that|this) )?compare(?:d|s)?(?: (?:it|that|this|them|the 2|both|the audiences?|to|with|against|and))*(?: (?:the|our|my))? (?:previous|last|earlier|old|first|original|other)? ?(?:audience|one|ones|group|segment|list|version)?s?(?: (?:before|from before|we had(?: before)?|earlier))*[\s?.!]*$"
)


def _compare_before(reading: Reading, context: Context) -> Meaning | None:
    """'compare it with the one before' where audiences were spoken of last."""
    spoken_of = set(context.acted) & {"set_audience", "size_audience", "compare_audiences"}
    about = re.search(r"\b(?:audience|group|segment|list)s?\b", reading.text)
    if len(context.audiences) < 2 or not (spoken_of or about) or not _EARLIER.match(reading.text):
        return None
    return as_said(reading, "compare_audiences", campaign_refs=(), variant_refs=(), segment_ref=None)


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
        return as_said(reading, "revise_copy", variant_refs=refs, edits=("fix_block",))
    return None


_AGAIN = re.compile(
    r"^(?:and |ok |now |please |then )*(?:(?:check|run|try|do|screen|test|count|search|simulate)(?: (?:it|that|this|them|the (?:check|checks|test|simulation|numbers)))? (?:again|once more|one more time)|again|once more|one more time|re-?check(?: (?:it|that|them))?|re-?run(?: (?:it|that|them))?|repeat(?: that)?|refresh)[\s?.!]*$"
)


def _again(reading: Reading, context: Context) -> Meaning | None:
    if not _AGAIN.match(reading.text):
        return None
    if re.search(r"check|screen", reading.text):
        return as_said(reading, "check_copy", variant_refs=context.focus if len(context.focus) == 1 else ())
    if re.search(r"simulat", reading.text):
        return as_said(reading, "simulate_results")
    if re.search(r"try again", reading.text) and set(context.acted) & {"draft_copy", "revise_copy"}:
        return as_said(reading, "revise_copy", edits=("new_options",))
    return as_said(reading, *context.acted) if context.acted else None


_UNDO = re.compile(
    r"^(?:(?:hmm+|no|oh|actually|ok|please|wait|sorry)[\s,]+)*(?:undo|revert|go back|roll ?back|change it back|put it back|bring (?:it|that) back|take (?:it|that) back|restore|(?:remove|take|drop|delete) (?:it|that|them|this)(?: out| off| back)? again|(?:not|no|do not want) that (?:change|one|edit))(?: (?:that|it|this|one step|a step|the last (?:change|step|one)|please|to (?:the )?(?:previous|last|original|old|first|earlier|before)(?: (?:version|one))?|to how it was(?: before)?|last change|my last change|everything))*[\s.!?]*$"
)


def _undo(reading: Reading, context: Context) -> Meaning | None:
    if not _UNDO.match(reading.text):
        return None
    if context.campaign is None and context.before is not None:
        intent = "size_audience" if "size_audience" in context.acted else "set_audience"
        return Meaning((intent,), conditions=context.before, said=True, changed=True)
    return as_said(reading, "revise_copy", edits=("undo",), topic="undo")


_SAME_FOR = re.compile(
    r"^(?:(?:now |and |ok )*(?:the )?same(?: (?:thing|again|one|campaign|for|but|with|question|here))*|do (?:the same|it|that|one)(?: again)?|(?:now )?(?:one|another)|repeat (?:that|it)|again|how about|what about|and)\b.*"
)


def _theme_only(reading: Reading, context: Context) -> Meaning | None:
    """'same for Easter', 'and one for Christmas' - another theme for what was just made."""
    if not reading.wishes.theme or not _SAME_FOR.match(reading.text) or word_count(reading) > 9:
        return None
    made = [
        intent
        for intent in context.acted
        if intent in ("build_campaign", "draft_copy", "find_content", "read_results", "compare_campaigns")
    ]
    if not made:
        return None
    if made[0] in ("read_results", "compare_campaigns"):
        return as_said(reading, made[0])
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
    if not refs or rest.strip() or word_count(reading) > 8:
        return None
    if re.search(r"\b(?:vs|versus|compare)\b", reading.text):
        return as_said(reading, "compare_variants")
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
    return as_said(reading, able[0])


def _audience_only(reading: Reading, context: Context) -> Meaning | None:
    """'and in France?', 'only the UK', 'same but for VIPs', 'not Germany', 'without the UK'."""
    if not reading.audience.conditions or not _short_change(reading) or _asks_what_happened(reading, context):
        return None
    if _asks_of_results(reading, context):
        last = reading.audience.conditions[-1]
        return as_said(
            reading,
            "read_results",
            topic=f"by:{last.field}:{last.value}",
            campaign_refs=context.acted_wishes.campaign_refs,
        )
    intent = _intent_of_change(reading, context)
    if intent == "build_campaign":
        return Meaning((intent,), _over(context.acted_wishes, reading.wishes))
    return as_said(reading, intent) if intent else None


def _asks_of_results(reading: Reading, context: Context) -> bool:
    """'and in France?' after results asks how it went there; it does not change the audience of a finished test."""
    asked = bool(set(context.acted) & {"read_results", "compare_variants", "explain_driver"})
    asked = asked and bool(context.has_results or context.spoken_of)
    return asked and bool(
        re.match(r"(?:and|what about|how about|in|for|among|but)\b(?!.*\b(?:only|exclude|add|remove)\b)", reading.text)
    )


def _over(before: Wishes, now: Wishes) -> Wishes:
    """Lay what is said now over what was said before: 'same but for gold members' keeps theme, channel and offer."""
    said = {item.name: value for item in fields(now) if (value := getattr(now, item.name)) not in (None, ())}
    return replace(before, **said)


def _asks_what_happened(reading: Reading, context: Context) -> bool:
    """'how many unsubscribed?' is a question about results where there are some."""
    asked = r"how many (?:people |customers |of them )?(?:have )?(?:unsubscribed|opted out|opened|clicked|bought)"
    return context.has_results and bool(re.search(asked, reading.text))


_SAME_ORDER = ("build_campaign", "size_audience", "describe_segments", "power_analysis", "draft_copy", "set_audience")


def _intent_of_change(reading: Reading, context: Context) -> str | None:
    """Return what a change of the audience alone asks for, by what was asked before."""
    last, text = set(context.acted), reading.text
    if re.search(r"\bhow (?:many|big)\b|\bcount\b", text):
        return "size_audience"
    if (
        re.match(r"^(?:same|do the same|again|repeat)\b", text)
        and last
        and not last & (RESULT | {"show_trace", "list_campaigns"})
    ):
        return one_of(last, *_SAME_ORDER) or "set_audience"
    if "size_audience" in last:
        return "size_audience"
    if "describe_segments" in last and not re.match(r"^(?:exclude|remove|only|drop|without|leave|add)", text):
        return "describe_segments"
    if "power_analysis" in last and re.match(r"^(?:and|what about|how about|what if)\b", text):
        return "power_analysis"
    if last == {"build_campaign"} and re.match(r"^(?:actually |no,? |sorry,? )*make it\b", text):
        return "build_campaign"
    return "set_audience" if last or context.campaign or context.conditions else None


def _short_change(reading: Reading) -> bool:
    left = LEAD.sub("", reading.shape)
    left = re.sub(
        r"aud_|num_|theme_|\b(?:the|a|an|in|for|to|from|of|with|and|or|but|not|no|only|just|also|too|as well|instead|ones?|people|customers?|same|those|them|who|are|is|that|have|please|exclude|excluding|without|except|remove|drop|leave|out|add|include|including|what|about|if|how|many|only|it|make|then|now|actually|i|mean|meant|all|thing|again|time|rather|than|this|at|least|keep|limit|restrict|narrow|down|change|switch|use|swap|we|want|should|be|be just|focus|on|target|first|anyone|anybody|everyone|us|there|were|took|looked|look|you|plus|ok|do|one|another|campaign|audience|list|segment|bit|more|live|based|living|located|sorry|wait|so|further|over|group|base|shoppers|buyers|by|can|let|say|men|go|after|back|yes|hmm|oh)\b|[\W\d_]",
        " ",
        left,
    )
    return not left.split()


def _channel_only(reading: Reading, context: Context) -> Meaning | None:
    """'use SMS instead', 'no, I meant SMS', 'and by push?'."""
    if not reading.wishes.channels or word_count(reading) > 9 or reading.audience.conditions:
        return None
    rest = re.sub(
        r"\b(?:use|make|do|it|that|this|an?|the|sms|text|texts|push|email|e-mail|emails|notifications?|messages?|instead|rather|than|of|not|no|i|mean|meant|said|wanted|want|by|via|on|with|for|to|and|what|about|how|switch|change|try|go|please|in|as|let us|actually|sorry|send|them|now|same|version|campaign|channel|over|wait|should|be|prefer|would|like|move|convert|turn|into|same thing|again|too|one|we|is|put|also|but|my|bad|you|can)\b|[\W]",
        " ",
        reading.text,
    )
    if rest.split():
        return None
    open_copy = context.has_copy or context.campaign is not None
    corrected = re.search(r"instead|rather|meant|switch|change", reading.text)
    if "size_audience" in context.acted and not (corrected and open_copy):
        return as_said(reading, "size_audience")
    if "find_content" in context.acted:
        return Meaning(("find_content",), replace(context.acted_wishes, channels=reading.wishes.channels))
    if context.has_copy or set(context.acted) & COPY or context.campaign:
        return as_said(reading, "revise_copy", edits=(), n_variants=None)
    return as_said(reading, "ambiguous", topic="campaign") if corrected and context.acted else None


_SIGNIFICANT = re.compile(
    r"^(?:and |but |so |is (?:it|that|this|the (?:result|difference|lift|uplift)) |was (?:it|that) |are (?:they|those) |how |really |statistically |by how much|significant(?:ly)?|sure|confident|certain|are (?:we|you) |with what confidence|what (?:is the )?(?:p-?value|confidence(?: interval)?|margin)|reliable|real|solid|conclusive|how much|enough|can (?:we|i) trust (?:it|that|this)|a fluke|luck|chance|just|noise|by much|by|margin|was|the|it|that|be|about|of)+[\s?.!]*$"
)


def _about_results(reading: Reading, context: Context) -> Meaning | None:
    if (
        set(context.acted) & (RESULT - {"compare_campaigns"})
        and _SIGNIFICANT.match(reading.text)
        and word_count(reading) <= 9
        and not reading.wishes.variant_refs
    ):
        return as_said(
            reading,
            "compare_variants" if context.acted == ("compare_variants",) and "much" in reading.text else "read_results",
        )
    if set(context.acted) & {"compare_campaigns"} and _SIGNIFICANT.match(reading.text):
        return as_said(reading, "compare_campaigns")
    return None


_HOW_MANY = re.compile(
    r"^(?:and |so |ok |now |then )*(?:how (?:many|big|large)(?: (?:people|customers?|is (?:that|it|this)|are (?:there|they|left|we)|would that be|does (?:that|it) (?:leave|make|reach|cover)|is (?:the|my|our) audience|in total|now|of them|left|remain(?:ing)?|is that now|of those|do we have|are in it|that is|in there|would (?:that|it) (?:reach|be)))*|what is the (?:size|count|number|total|reach)(?: now)?|(?:the )?(?:count|size|total|reach|headcount|number)(?: now| of (?:that|them|it))?)[\s?.!]*$"
)


def _how_many(reading: Reading, context: Context) -> Meaning | None:
    if not _HOW_MANY.match(reading.text):
        return None
    if set(context.acted) & {"list_campaigns"} and not re.search(r"people|customers|audience", reading.text):
        return as_said(reading, "list_campaigns")
    return as_said(reading, "size_audience", n_variants=None)


def _how_big_ordinal(reading: Reading, context: Context) -> Meaning | None:
    if reading.wishes.segment_ref and context.shown == "segments":
        if re.search(r"\bhow (?:many|big|large)\b|\bsize\b|\bcount\b", reading.text):
            return as_said(reading, "size_audience", variant_refs=())
        scores = frame_scores(reading.shape, reading.text)
        if scores.get("build_campaign", 0) < 4 and re.search(
            r"target|use|audience|go with|focus|take|pick", reading.text
        ):
            return as_said(reading, "set_audience", variant_refs=())
    return None


def _pronoun_export(reading: Reading, context: Context) -> Meaning | None:
    if re.match(
        r"^(?:export|download|save)(?: (?:it|that|this|them|those|these|please|as|to|a|csv|excel|in|file|now))*$",
        reading.text,
    ):
        return as_said(reading, "export", export_what=None, variant_refs=())
    return None


_CAMPAIGN_FOR_THEM = re.compile(
    r"\b(?:campaign|mailing|something|promo|one)\b(?: \w+)? (?:for|to|with|on) (?:them|those|these|that|this)\b"
)


def _vague(reading: Reading, context: Context) -> Meaning | None:
    """A vague verb with a vague object: ask."""
    wishes = reading.wishes
    if reading.audience.conditions or wishes.edits or wishes.tone or wishes.variant_refs or wishes.theme:
        return None
    if not VAGUE.match(reading.text) or word_count(reading) > 9:
        return None
    if _CAMPAIGN_FOR_THEM.search(reading.text) and (context.conditions or context.rows or context.audience_id):
        return None
    if re.match(r"^(?:check|show|give|run|export|send|start|set|get|review)\b", reading.text):
        scores = frame_scores(reading.shape, reading.text)
        if scores and max(scores.values()) >= 5:
            return None
    return as_said(reading, "ambiguous", topic=asked_about(reading.text))


def _what_happened(reading: Reading, context: Context) -> Meaning | None:
    """'what happened with C' after a check."""
    if set(context.acted) & {"check_copy"} and re.match(
        r"^(?:so |and |but )?what (?:happened|is up|is the matter|went wrong|about the (?:other|rest|blocked))\b",
        reading.text,
    ):
        return as_said(reading, "explain_block")
    return None


def _compare_listed(reading: Reading, context: Context) -> Meaning | None:
    """'compare the first two' after a list of campaigns."""
    if (
        context.shown != "campaigns"
        or "list_campaigns" not in context.acted
        or not re.search(r"\bcompare|\bvs\b|against", reading.text)
    ):
        return None
    found = re.findall(r"\b(first|second|third|fourth|fifth|last)\b", reading.text)
    if re.search(r"first (?:2|two)\b", reading.text):
        found = ["first", "second"]
    return (
        as_said(reading, "compare_campaigns", campaign_refs=tuple(found[:2]), variant_refs=(), n_variants=None)
        if found
        else None
    )


def _more_of_a_list(reading: Reading, context: Context) -> Meaning | None:
    """'and drafts?' after a list of campaigns, 'and 20011?' after one customer."""
    last = set(context.acted)
    if (
        "list_campaigns" in last
        and word_count(reading) <= 5
        and re.match(
            r"^(?:and|what about|how about|only|just|show|also)\b.*\b(?:drafts?|running|live|finished|old|older|active|completed|approved|past|scheduled|ended)\b",
            reading.text,
        )
    ):
        return as_said(reading, "list_campaigns")
    if (
        "describe_segments" in last
        and context.acted_wishes.customer_id
        and (
            match := re.match(
                r"^(?:and |what about |how about )*(?:customer )?#?(\S*\d{3,})[\s?]*$", reading.normal.original.lower()
            )
        )
    ):
        return as_said(reading, "describe_segments", customer_id=match[1].rstrip("?"))
    return None


_Rule = Callable[[Reading, Context], "Meaning | None"]
_RULES: tuple[_Rule, ...] = (
    _member,
    _yes,
    _why,
    leave_out,
    part_of_the_people,
    breakdown,
    compared,
    with_campaign,
    ramp_up,
    _what_happened,
    duration_only,
    _compare_listed,
    _compare_before,
    _more_of_a_list,
    _undo,
    _how_big_ordinal,
    _use_content,
    _pick,
    _fix,
    _again,
    _how_many,
    _pronoun_export,
    _about_results,
    _variant_only,
    number_only,
    _theme_only,
    _channel_only,
    _audience_only,
    setting_only,
    _vague,
)
