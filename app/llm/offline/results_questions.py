"""What is asked about the test just spoken of: split by an attribute, how it went for some, who is better left alone."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.attributes import asked_attribute, attribute_of
from app.llm.offline.conditions import whole
from app.llm.offline.continuation import RESULT, as_said, word_count
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.reading import Reading

LEAVE_OUT = "leave_out"
"""The topic of a question about who should not be mailed."""
_OBSERVED = RESULT - {"simulate_results"}
_RESULT_NOUNS = whole(
    r"results?|effects?|uplifts?|lifts?|readout|outcomes?|winner|won|win|conversions?|responses?|performance"
)
_NOT_A_QUESTION = whole(
    r"how (?:many|big|large)|(?:what|which|audience|sample) size|count|build|write|draft|campaign for|test for|target|only|exclude|remove|add|variants? for|messages? for|copy|enough|sample|export|download|launch|send"
)


def breakdown(reading: Reading, context: Context) -> Meaning | None:
    """'and per gender?', 'split it by loyalty tier', 'is it different for each age group?', 'men vs women?'."""
    spoken_of = bool(set(context.acted) & _OBSERVED)
    named = bool(context.has_results or context.spoken_of) and bool(_RESULT_NOUNS.search(reading.text))
    if not (spoken_of or named) or word_count(reading) > 14 or _NOT_A_QUESTION.search(reading.text):
        return None
    by = asked_attribute(reading) if spoken_of else attribute_of(reading.text)
    return as_said(reading, "read_results", topic=f"by:{by}", variant_refs=()) if by else None


_HOW_IT_WENT = whole(
    r"(?:how|what) (?:\w+ ){0,2}(?:it|that|this|they|b|a|c|d) ?(?:look|go|do|work|perform|fare|turn|like|for|in|with|among)\w*|how (?:looks?|goes|does|did|do|is|was|were|are) (?:it|that|this|they|the (?:results?|effects?|lifts?|winner|numbers|mail|mailing|campaign|e-?mail))|(?:did|does|do|has|have|is|was|were) (?:it|that|this|they|the (?:mail|mailing|campaign|e-?mail|winner|results?|effects?|lifts?)|[a-h])(?: \w+){0,5} (?:for|in|among|with|on|at|to)|(?:results?|effects?|lifts?|uplifts?|numbers?|outcome|winner|difference) (?:for|in|among|with|of|on)|same (?:thing |question |again )?(?:for|in|among|with)"
)


def part_of_the_people(reading: Reading, context: Context) -> Meaning | None:
    """'how does it look for women?', 'did it work in France too?' - the stored results at one level."""
    known = bool(context.has_results or context.spoken_of) and bool(_RESULT_NOUNS.search(reading.text))
    if not (known or set(context.acted) & _OBSERVED) or not reading.audience.conditions or word_count(reading) > 14:
        return None
    if _NOT_A_QUESTION.search(reading.text) or not _HOW_IT_WENT.search(reading.text):
        return None
    last = reading.audience.conditions[-1]
    return as_said(reading, "read_results", topic=f"by:{last.field}:{last.value}", variant_refs=())


_CONTACT = r"(?:e-?mail|mail|message|text|sms|contact|write|send|target|reach|approach|bother|disturb|address|include|push|spam|campaign|get|receive|have|be|hear)(?:s|ed|ing|t|led|ling)?"
_PEOPLE = r"(?:people|customers?|persons?|group|groups|segments?|ones|part|parts|kind|kinds|sort|type|recipients?|audience|folks|clients?|buyers?|shoppers?|countr(?:y|ies)|tiers?)"
_WHOM = rf"(?:who|whom|(?:which|what)(?: \w+){{0,2}} {_PEOPLE}|(?:is|are|was|were) there (?:\w+ ){{0,2}}(?:anyone|anybody|people|customers|someone|somebody|group|groups|segments?|ones?|who)|(?:any|some)(?:one|body)|any {_PEOPLE}|(?:did|does|do|is|are|was|were|has|have)(?: \w+){{0,6}} (?:any(?:one|body)|some(?:one|body)|people|customers)|(?:name|list|show|tell|find|give)(?: \w+){{0,4}} (?:who|whom|{_PEOPLE}))"
_OUGHT = r"(?:should|shall|must|ought to|do|does|would|could|can|may|need to|have to|has to|had better|better|to|will)"
_SPARE = r"(?:leave|left|let|keep|take|drop|skip|spare|exclude|omit|cut|remove|stop|avoid|stay away|hold back|suppress|save)(?:d|ing|s|ped|ping|ting)?"
_HURT = r"(?:put(?:s|ting)? (?:\w+ )?off|turn(?:ed|s|ing)? (?:\w+ )?off|annoy\w*|irritat\w*|bother\w*|harm\w*|hurt\w*|offend\w*|alienat\w*|upset\w*|dislik\w*|hate\w*|scared? (?:off|away)|driv(?:e|es|en|ing) (?:\w+ )?away|backfir\w*|(?:did|do|does|doing|done|react\w*|respond\w*|buy|buys|bought|convert\w*|worked|works|work|went|goes|get|got|perform\w*) (?:\w+ ){0,3}(?:worse|badly|negative(?:ly)?|less(?! than)|the opposite)|worse off|better off without|counter-?productive|(?:did|do|does|would|may|might) not (?:\w+ )?(?:like|enjoy|appreciate|welcome|want|care for)|negative(?:ly)? (?:\w+ )?(?:effects?|uplifts?|lifts?|impact|responses?|react\w*)|no (?:point|use|sense|good)|not worth|wast(?:e|es|ed|ing)(?: on)?|lost? on)"
_LEAVE_OUT = re.compile(
    rf"(?:(?<!\w){_WHOM}\b(?:\W+\w+){{0,5}}?\W+(?:{_OUGHT}(?:\W+\w+){{0,3}}?\W+(?:not|never|no longer)\b(?:\W+\w+){{0,3}}?\W+{_CONTACT}\b"
    rf"|(?:not|never|no longer)(?: \w+)? {_CONTACT}\b"
    rf"|{_OUGHT}(?:\W+\w+){{0,3}}?\W+{_SPARE}\b(?:\W+\w+){{0,3}}(?:\W+(?:out|away|alone|off|aside|mail\w*|e-?mail\w*|messag\w*|contact\w*|send\w*|back|them|next time|in peace|be)\b|[\s?.!]*$)"
    rf"|{_HURT}|{_HURT}))"
    rf"|(?:^|\b(?:and|but|so) )(?:did|does|do|is|was|has) (?:the |this |that |our |it|any )?(?:\w+ ){{0,4}}?{_HURT} (?:any|some|people|customers|for)"
)


_MAIL = whole(r"e-?mail\w*|mail\w*|message\w*|campaign\w*|newsletter\w*|text\w*|push\w*")
"""What somebody may dislike that is no category of goods."""


def leave_out(reading: Reading, context: Context) -> Meaning | None:
    """'who should not be mailed?', 'who is put off by the mail?', 'which people must we leave out next time?'."""
    people = [
        c for c in reading.audience.conditions if not (c.field == "favourite_category" and _MAIL.search(str(c.value)))
    ]
    if people or reading.wishes.customer_id or word_count(reading) > 18:
        return None
    if not _LEAVE_OUT.search(reading.text):
        return None
    return as_said(reading, "explain_driver", topic=LEAVE_OUT, metric=None)


_BETTER = r"(?:better|worse|stronger|weaker|higher|lower|ahead|more|less|superior|nicer|gooder|best|beat(?:s|en|ing)?|outperform\w*|w[io]n(?:s|ning)? (?:over|against|from)|lost? (?:to|against))"
_COMPARED = whole(
    rf"(?:than|as|then|to|like|over|against|from|of)(?: the)? (?:variant |version )?[a-h]|{_BETTER} (?:the )?(?:variant |version )?[a-h]"
)
_WRITES = whole(r"make|write|rewrite|draft|change|turn|sound|reads?|tone|shorter|longer|friendlier|wording|copy|use")


def compared(reading: Reading, context: Context) -> Meaning | None:
    """'did the A was better as the B?': two variants and a comparative, whatever the grammar around them."""
    labels = {ref for ref in reading.wishes.variant_refs if len(ref) == 1}
    if len(labels) < 2 or _WRITES.search(reading.text) or not (context.has_results or set(context.acted) & RESULT):
        return None
    if not re.search(rf"\b{_BETTER}\b", reading.text) or not _COMPARED.search(reading.text):
        return None
    return as_said(reading, "compare_variants")


_WITH_CAMPAIGN = re.compile(
    r"^(?:and |but |so |now |how (?:does|did|is|was) (?:it|that|this) |(?:was|is|did|does) (?:it|that|this) )*(?:compared?|comparing|stack up|do|did|doing|go|better|worse|any better|any worse|more|measure up|hold up|perform)?(?: (?:it|this|that|results?|them))?(?: (?:do|did|go|work|perform))?(?: (?:better|worse))? (?:with|to|against|than|then|vs|as|versus)(?: (?:the|our|my|your|that|those of the))* (?P<name>[\w'-]+(?: [\w'-]+){0,3}?) (?:campaign|one|test|mailing|experiment|send|promo|promotion)[\s?.!]*$"
)
_NO_NAME = whole(
    r"last|previous|prior|earlier|past|first|second|third|old|older|original|other|before|control|audiences?|groups?|segments?|variants?|variant_|[a-h]|new|next|same|whole|winning|best|current|this|that"
)


def with_campaign(reading: Reading, context: Context) -> Meaning | None:
    """'compare it with the picnic one': another campaign, by words of its name."""
    if not set(context.acted) & _OBSERVED or reading.audience.conditions:
        return None
    found = _WITH_CAMPAIGN.match(reading.text)
    if not found or _NO_NAME.search(found["name"]):
        return None
    named = reading.wishes.campaign_refs or (found["name"],)
    return as_said(reading, "compare_campaigns", campaign_refs=named, variant_refs=())


PATTERNS = tuple(
    pattern.pattern.replace("\\b", " ").replace("\\w", " ")
    for pattern in (_LEAVE_OUT, _HOW_IT_WENT, _COMPARED, _RESULT_NOUNS, _WITH_CAMPAIGN)
)
"""The patterns as written: their words are right as they stand (vocabulary.py)."""
