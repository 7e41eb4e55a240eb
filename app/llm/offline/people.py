"""Who customers are: places, tiers, lifecycle, gender, loyalty, what they buy, how they may be reached."""
# ruff: noqa: E501, SIM905 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from collections.abc import Mapping

from app.llm.offline import lexicon
from app.llm.offline.conditions import Condition, Scan, whole

_CHANNEL = r"(?P<ch>e-?mails?|sms(?:es)?|texts?(?: messages?)?|push(?: notifications?)?|app notifications?|text messaging|mail)"
_ANY = r"(?:marketing|us|anything|all comms|all communications|everything|contact)"
_PREFER = [
    whole(rf"(?:who |that |and )*(?:prefer(?:s|red|ring)?|favou?r(?:s|ing)?|would rather (?:get|have|receive)|like to be contacted (?:by|via|on|through))(?: (?:to (?:get|receive|be (?:contacted|reached) (?:by|via))|being contacted (?:by|via)|communication by|contact by|getting|receiving|our|the))* {_CHANNEL}(?! tone)"),
    whole(rf"{_CHANNEL}[- ](?:preferr(?:ing|ers?)|lovers|first|preference)(?: (?:customers?|people))?"),
    whole(rf"(?:preferred channel|channel preference|preference)(?: (?:is|of|=|being|for|set to))* {_CHANNEL}"),
    whole(rf"{_CHANNEL} (?:is|as) (?:their|the) (?:preferred|favou?rite) channel"),
]  # fmt: skip
_NO_CONSENT = [
    whole(rf"(?:who |that |have |has |had |they )*(?:opted[- ]out|unsubscribed|opt(?:ing)?[- ]out|withdrawn consent|withdrew consent|revoked consent|said no|(?:who|that|they) do not want|did not (?:opt[- ]in|consent|agree)|not (?:opted[- ]in|consented|subscribed|agreed)|have not (?:opted[- ]in|consented)|no consent|without consent|not (?:given|got) (?:us )?(?:consent|permission))(?: (?:of|from|to|for|any|our|receiving|getting|us|the|by))*(?: (?:{_CHANNEL}|(?P<any>{_ANY})))?(?: (?:marketing|messages|list|comms))*"),
    whole(rf"(?:{_CHANNEL} )?(?:un-?subscribers|unsubscribes|unsubs|opt-?outs)"),
]  # fmt: skip
_CONSENT = [
    whole(rf"(?:who |that |have |has |are |is |all |only |we |you )*(?:opted[- ]in|ok(?:ay)? (?:to|with)|consented|agreed|signed up to|happy (?:to (?:get|receive)|with)|subscribed|given (?:us )?(?:consent|permission)|gave (?:us )?(?:consent|permission)|consent(?:ing)?|allow(?:s|ed)?|accept(?:s|ed|ing)?|said yes|permission|opt(?:s)? in|fine with|willing to (?:get|receive))(?: (?:to|for|with|receiving|receive|getting|get|our|be contacted|being contacted|us|by|via|on|the))* (?:{_CHANNEL}|(?P<any>{_ANY}))(?: (?:marketing|messages|comms|list))*"),
    whole(rf"{_CHANNEL}[- ](?:opted[- ]in|opt[- ]?ins?|consent(?:ed|ing)?|subscribers?|permission|contactable|reachable|enabled|marketable|eligible)(?: (?:customers?|people|subscribers?|ones))?"),
    whole(rf"(?:with|have|has|having|give|given|got)(?: (?:an?|valid|active|our|marketing|us))* {_CHANNEL} (?:consent|permission|opt-?in|enabled|turned on|on)"),
    whole(rf"opted[- ]in (?:{_CHANNEL} )?(?:subscribers|customers|people|members)|(?:can|we can|may|could)(?: (?:be|legally|actually|we|i|reach|contact))* (?:contacted|reached|reachable|contactable|contact|reach|email(?:ed)?|text(?:ed)?|push(?:ed)?)(?: (?:them|people|customers))?(?: (?:by|via|on|through|with) {_CHANNEL.replace('?P<ch>', '?P<ch2>')})?"),
    whole(r"(?P<emailable>e-?mailable|mailable)|(?P<textable>textable)|(?P<pushable>pushable)|(?P<contactable>contactable|marketable|opted[- ]in)"),
]  # fmt: skip
_CONSENT.insert(
    0,
    whole(
        rf"(?:contactable|reachable|marketable|opted[- ]in)(?: (?:customers|people|contacts|members|subscribers))? (?:by|via|on|through|for|to) {_CHANNEL}"
    ),
)
_LOYAL = r"bronze|silver|gold|platinum"
_LOYALTY_UP = whole(
    rf"(?:loyalty (?:tier|level) )?(?P<t>{_LOYAL})(?:[- ](?:tier|level|members?|status|customers?|card ?holders?))?(?:\+| (?:and|or|&) (?:above|up|higher|better|upwards|over)| upwards| or better| plus(?! \w)| minimum)|(?:at least|minimum|min|above and including) (?P<t2>{_LOYAL})(?:[- ](?:tier|level|members?|status))?"
)
_LOYALTY_DOWN = whole(
    rf"(?P<t>{_LOYAL})(?:[- ](?:tier|level|members?|status))?(?: (?:and|or) (?:below|lower|under|down|less)| or worse)|(?P<lt>below|under|less than|lower than) (?P<t2>{_LOYAL})(?: (?:tier|level|members?|status))?"
)
_LOYALTY_OVER = whole(rf"(?:above|over|higher than|better than) (?P<t2>{_LOYAL})(?: (?:tier|level|members?|status))?")
_LOYALTY = whole(
    rf"(?:loyalty (?:tier|level) (?:is |of |= ?)?)?(?P<t>{_LOYAL})(?:[- ](?:tier|level|members?|status|customers?|card ?holders?|loyalty members?|ones?|club))*"
)
_LOYALTY_ANY = whole(
    r"(?:loyalty(?:[- ](?:club|scheme|program(?:me)?|card))?|rewards?|club|card|scheme|program(?:me)?)[- ](?:members?|holders?|customers?)|members of (?:our|the) (?:loyalty )?(?:club|scheme|program(?:me)?)|(?:in|on|enrolled in|joined) (?:our|the) (?:loyalty|rewards?) (?:club|scheme|program(?:me)?)|loyalty people"
)
_LOYALTY_NONE = whole(
    r"non-?members|(?:customers |people )?(?:without|with no|outside|not (?:in|on|part of|enrolled in)|no) (?:a |our |the |any )?(?:loyalty)(?: (?:card|tier|club|scheme|program(?:me)?|membership|status))?|non-loyalty(?: (?:members|customers))?|loyalty tier none"
)


def read_consent(scan: Scan) -> None:
    """Read how people may be reached; call it before channels."""
    for pattern in _PREFER:
        scan.take(pattern, lambda match: [Condition("channel_preference", "eq", channel_of(match["ch"]))])
    for pattern in _NO_CONSENT:
        scan.take(pattern, lambda match: [Condition("consent", "ne", _consent(match))])
    for pattern in _CONSENT:
        scan.take(pattern, lambda match: [Condition("consent", "eq", _consent(match))])


def channel_of(words: str) -> str:
    """Return email, sms or push."""
    return "push" if re.match("push|app", words) else "sms" if re.match("sms|text", words) else "email"


def _consent(match: re.Match[str]) -> str:
    groups = match.groupdict()
    for name, channel in (("emailable", "email"), ("textable", "sms"), ("pushable", "push")):
        if groups.get(name):
            return channel
    words = groups.get("ch") or groups.get("ch2")
    if words:
        return channel_of(words)
    if verb := re.search(r"\b(e-?mail|text|push)", match[0]):
        return channel_of(verb[1])
    return "any"


def read_tiers(scan: Scan) -> None:
    """Read loyalty tiers, value tiers, lifecycle and gender."""
    tiers = lexicon.LOYALTY_TIERS
    scan.take(_LOYALTY_NONE, lambda _: [Condition("loyalty_tier", "eq", "none")])
    scan.take(_LOYALTY_UP, lambda m: _tiers(tiers[tiers.index(m["t"] or m["t2"]) :]))
    scan.take(_LOYALTY_OVER, lambda m: _tiers(tiers[tiers.index(m["t2"]) + 1 :]))
    scan.take(
        _LOYALTY_DOWN, lambda m: _tiers(("none", *tiers)[: ("none", *tiers).index(m["t"] or m["t2"]) + (not m["lt"])])
    )
    scan.take(_LOYALTY, lambda m: [Condition("loyalty_tier", "eq", m["t"])])
    scan.take(_LOYALTY_ANY, lambda _: [Condition("loyalty_tier", "ne", "none")])
    _table(scan, "value_tier", lexicon.VALUE_TIERS)
    _table(scan, "lifecycle", lexicon.LIFECYCLES)
    _table(scan, "gender", lexicon.GENDERS)


def _tiers(values: tuple[str, ...]) -> list[Condition]:
    return (
        [Condition("loyalty_tier", "in", values)]
        if len(values) > 1
        else [Condition("loyalty_tier", "eq", values[0])]
        if values
        else []
    )


def _table(scan: Scan, field: str, table: Mapping[str, str]) -> None:
    for words, value in table.items():
        scan.take(_compiled(words), lambda _, value=value: [Condition(field, "eq", value)])


_CACHE = {
    words: whole(words)
    for table in (lexicon.VALUE_TIERS, lexicon.LIFECYCLES, lexicon.GENDERS, lexicon.COUNTRIES, lexicon.REGIONS)
    for words in table
}


def _compiled(words: str) -> re.Pattern[str]:
    return _CACHE[words]


_CODE_AFTER = re.compile(rf"(?<![A-Za-z])({'|'.join(lexicon.ISO_CODES)})(?![A-Za-z])")
_FOREIGN = whole(
    r"(?:overseas|international|foreign|abroad|non-?uk)(?: (?:customers?|shoppers?|buyers?|people|markets))?"
)


def read_places(scan: Scan, original: str) -> None:
    """Read countries, regions and the capital letters of ISO codes (never in a message that is all capitals)."""
    for words, codes in lexicon.REGIONS.items():
        scan.take(_compiled(words), lambda _, codes=codes: [Condition("country", "in", codes)])
    for words, code in lexicon.COUNTRIES.items():
        scan.take(_compiled(words), lambda _, code=code: [Condition("country", "eq", code)])
    letters = [letter for letter in original if letter.isalpha()]
    if letters and sum(letter.isupper() for letter in letters) > 0.7 * len(letters) and len(letters) > 6:
        seen: set[str] = {"UK", "USA"}
    else:
        seen = set(_CODE_AFTER.findall(original))
    for code in sorted(seen):
        country = {"UK": "GB", "USA": "US"}.get(code, code)
        scan.take(whole(code.lower()), lambda _, country=country: [Condition("country", "eq", country)])


_CITY_NAME = r"[A-Z][a-z\u00df-\u00ff'-]{2,}(?:[ -](?:upon|on|de|la|am|le|the|[A-Z][a-z\u00df-\u00ff'-]+))*(?<! on)(?<! de)(?<! the)"
_CITIES = re.compile(
    rf"\b(?:in|from|near|around|outside|[Ii]n|[Ff]rom|[Nn]ot|[Oo]nly)\s+(?P<names>{_CITY_NAME}(?:(?:\s*,\s*|\s+(?:and|or)\s+){_CITY_NAME})*)"
)
_NOT_A_CITY = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday spring summer autumn winter fall easter christmas xmas halloween valentine valentines "
    "english german french spanish italian dutch excel csv json html pdf email sms push klaviyo mailchimp braze hubspot "
    "salesforce instagram facebook google shopify tiktok linkedin whatsapp black cyber variant version option control "
    "vips vip gold silver platinum bronze lapsed active new marketing sales legal finance europe africa asia america "
    "please thanks women men people customers general total particular high mid low mothers fathers mother father".split()
)
_SOMEBODY = re.compile(
    r"\b(?:people|persons?|customers?|clients?|shoppers?|buyers?|members?|subscribers?|users?|women|men|ladies|those|everyone|everybody|anyone|folks|ones|who|living|live|based|audience|target|vips?)\b"
)


def _names_no_city(name: str) -> bool:
    first, *more = name.lower().split()
    return first in _NOT_A_CITY and not (first == "new" and more)


def read_cities(scan: Scan, original: str) -> None:
    """Read towns written with a capital after 'in' or 'from', where people are spoken of or little else is said."""
    letters = [letter for letter in original if letter.isalpha()]
    if letters and sum(letter.isupper() for letter in letters) > 0.7 * len(letters):
        return
    if not (scan.hits or _SOMEBODY.search(scan.text) or len(scan.text.split()) <= 4):
        return
    for match in _CITIES.finditer(original):
        bare = match[0].split()[0].lower() in ("not", "only")
        for name in re.split(r"\s*,\s*|\s+(?:and|or)\s+", match["names"]):
            if _names_no_city(name) or (bare and not scan.hits and len(scan.text.split()) > 3):
                continue
            pattern = re.compile(
                rf"(?:(?:who )?(?:live|living|based|located) )?(?:\b(?:in|from|near|around) )?\b{re.escape(name.lower())}\b"
            )
            scan.take(pattern, lambda _, name=name: [Condition("city", "eq", name)])


_CATEGORY = "|".join(
    sorted((c if "?" in c else re.escape(c).replace(r"\ ", " ") for c in lexicon.CATEGORIES), key=len, reverse=True)
)
_LIKES = r"(?:(?:who |that |have |has |regularly |often |mostly |mainly |usually |only |typically |also )*(?:bought|buys?|buying|purchas(?:e|ed|es|ing)|ordered|order(?:s|ing)?|shop(?:s|ped|ping)? (?:for|in|our)|shopped|likes?|loves?|adores?|enjoys?|into|interested in|keen on|fans? of|fond of|crazy about|mad about|favou?rite categor(?:y|ies)(?: is| are| of| =)?|(?:top |main |preferred )categor(?:y|ies)(?: is| are| of)?|browse|spend(?:s|ing)? (?:most |mostly |mainly )?on|spent (?:most |money |mostly )?on|(?:buyers?|shoppers?|lovers?|fans?|purchasers?|customers?) (?:of|in(?: the)?)))"
_BUYS_KNOWN = whole(
    rf"{_LIKES}(?: (?:our|the|from|from the|in|in the|some|any|a|an|new))* (?P<c>{_CATEGORY})(?: (?:products?|items?|category|department|range|stuff|section|things))?"
)
_KNOWN_BUYERS = whole(
    rf"(?P<c>{_CATEGORY})(?:[- ](?:category|product|department|section))?[- ](?:buyers?|shoppers?|lovers?|fans?|purchasers?|customers?|enthusiasts?|people|addicts?|drinkers?|eaters?|wearers?|collectors?|crowd|fanatics?|owners?|category|folks|audience|segment)"
)
_BUYS_ANY = whole(
    r"(?:who |that |have |has |usually |mostly |mainly )*(?:buys?|bought|purchased|ordered|likes?|loves?|are into|fans of|interested in|keen on)(?: (?:our|the|from the|some|any))* (?P<c>(?!(?:it|them|us|this|that|these|those|again|more|less|from|in|on|at|for|with|something|anything|nothing|once|twice|the|a|an|over|under|to|least|most|our|often|and|or|but|recently|before|online|not|only|since|during|within|last|emails?|sms|push|when|stuff|things)\b)[a-z][a-z&'-]{2,}(?: (?!(?:in|on|at|for|with|who|that|and|or|but|from|last|this|since|over|under|during|within|again|recently|please|before|by|to|not|as|online|aged?|using|via|when|more|less|than|are|is|instead|too|only|have|has|we|i|so)\b)[a-z][a-z&'-]{2,})?)(?: (?:category|department|range|section))?"
)
_ANY_BUYERS = whole(
    r"(?P<c>(?!(?:the|our|all|more|new|our|best|repeat|time|first|recent|loyal|previous|past|frequent|regular|many|of|for|to|and|these|those|are|any|vip|last|other|my|email|sms|push|big|potential|existing|online|store|party|day|month|heavy|only|high|low|most|target|as|that|people|heavy|active|lapsed|most|from|in|with|not|window|every|summer|winter|spring|christmas|sale|discount|week|between|exclude|include|how|are|other)\b)[a-z][a-z&'-]{2,})[- ](?:buyers|lovers|fans|purchasers|enthusiasts|addicts|fanatics|shoppers)"
)
_AND_MORE = re.compile(rf"^(?: (?:and|or|&|,)|,)+ (?:the )?(?P<c>{_CATEGORY})\b")


def read_categories(scan: Scan, *, listed: bool) -> None:
    """Read what people buy or like into ``favourite_category`` (a substring match, lower case).

    ``listed`` reads the known categories; call it again without, after the tiers, for words nobody listed.
    """
    for pattern in (_BUYS_KNOWN, _KNOWN_BUYERS) if listed else (_BUYS_ANY, _ANY_BUYERS):
        for match in scan.each(pattern):
            if "\x00" in match["c"]:
                continue
            end, values = match.end(), [match["c"].strip()]
            while more := _AND_MORE.match(scan.rest[end:]):
                values.append(more["c"])
                end += more.end()
            scan.take(
                re.compile(re.escape(scan.rest[match.start() : end])),
                lambda _, values=values: [Condition("favourite_category", "eq", value) for value in values],
            )
