"""What customers did and when: purchases, opens, sign-ups. Read first, because these phrases hold 'not' and numbers."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from datetime import date

from app.llm.offline.conditions import Condition, Scan, whole
from app.llm.offline.spans import DATE, DURATION, bounds, current_period, days_of, days_since, range_of

_BUY = (
    r"(?:bought|buy|buys|buying|purchased?|purchases|purchasing|ordered|orders?|ordering|shopped|shops?|shopping|transacted|spent(?: (?:anything|money|a penny))?|been (?:back|active|in touch|shopping|seen)"
    r"|(?:made|make|placed?|had|completed?|done) (?:a |any |an |another |their last |us an )?(?:single )?(?:purchases?|orders?|transactions?)|come back|came back|returned|visited|checked out|seen|bought from us)"
)
_FILL = r"(?: (?:anything|something|any|with us|from us|from the shop|again|online|at all|stuff|here|from|a thing|since|it|at least once|once|our (?:shop|store)))*"
_IN = r"(?: (?:in|for|within|over|during|inside|throughout|in like|in about))?(?: (?:over|more than|at least|about|around|roughly|the|last|past|previous|well over|nearly|almost|>|up to|all|least|latest|trailing|prior|recent))*"
_NOT = r"(?:(?:have|has|had|did|do|does|who|are|were|is|with|that) )*(?:not|never|no longer)(?: (?:yet|actually|been|even|really|ever|recently))*"
_OPEN = r"(?:opened|opens?|opening|clicked(?: on)?|clicks?|engaged(?: with)?|engage with|interacted(?: with)?|read|looked at|responded to|reacted to)"
_MAIL = r"(?: (?:an?|any|our|one|the|at least|of|single|last|my|your|1|\d+|on|with|with us|us|anything|something))*(?: (?:emails?|newsletters?|messages?|mails?|mailings?|campaigns?|comms|communications?|sends?))?(?: (?:from us|of ours|we sent|at all|links?))*"
_JOIN = r"(?:signed[- ]?up|sign(?:ing)? up|signups?|sign[- ]ups?|joined|joining|registered|subscribed|became (?:a )?(?:customers?|members?)|enrolled|acquired|came on board|created (?:an |their )?accounts?|opened (?:an )?accounts?)"
_PERIOD = r"(?:this (?:calendar )?(?:week|month|quarter|year)|today)"


def _c(field: str, op: str, value: int | float) -> list[Condition]:
    return [Condition(field, op, value)]


_LAST = r"(?:last|latest|most recent|previous)[- ](?:purchased?|orders?|ordered|bought|transactions?|shopped|buy|shop|seen)(?: (?:date|was|is|were|being|at|made|placed|they made|from us|with us|dates?|has been|took place))*"
_NUM_DAYS = r"\d+(?:\.\d+)?"
_GAP = [
    whole(r"(?P<d>\d+\+?[- ](?:days?|months?|weeks?|years?))(?=[- ](?:lapsed|dormant|churned))"),
    whole(rf"{_NOT} {_BUY}{_FILL}{_IN} (?P<d>{DURATION})"),
    whole(rf"(?:with )?(?:no|zero|without(?: an?| any)?|w/o) (?:recorded |recent )?(?:purchases?|orders?|activity|transactions?|sales|buying|ordering|purchasing|shopping|spend){_FILL}{_IN} (?P<d>{DURATION})"),
    whole(rf"(?:been |gone |has been |have been )?(?:inactive|silent|quiet|absent|away|cold|idle|not active|missing|off the radar|no show|asleep|not seen|unseen|off)(?: (?:customers?|people|ones|shoppers?))?(?: (?:for|since|over|in|more than)|(?= ?>))(?: (?:over|more than|at least|about|around|the|last|past))* ?(?:>=? ?)?(?P<d>{DURATION})(?: or more|\+| plus)?"),
    whole(rf"(?P<d>{DURATION})(?: or more|\+| plus)? (?:or more )?(?:since|without|with no|after|from)(?: (?:their|the|a|an|any|his|last|latest))* (?:purchase|order|buying|ordering|purchasing|shopping|transaction|bought)s?"),
    whole(r"(?P<d>\d+\+?[- ](?:days?|months?|weeks?|years?)\+?)[- ](?:inactives?|non-?buyers?|inactive (?:customers?|people)|gap|absence)"),
    whole(rf"(?:it has been|it is been)(?: (?:over|more than|at least))* (?P<d>{DURATION}) since (?:they|their)(?: last)? {_BUY}"),
    whole(rf"(?:bought|purchased|ordered|shopped|{_LAST})(?: (?:something|anything|with us|from us))?(?: (?:more than|over|at least|>|>=|longer than|greater than|above|was over|about|around))* (?P<d>{DURATION})(?: or more|\+)? (?:ago|back|or more ago|before|or longer ago|earlier)"),
    whole(rf"{_LAST} ?(?:more than|over|at least|>=?|longer than|greater than|above|older than) ?(?P<d>{DURATION}|{_NUM_DAYS}(?: days)?)"),
    whole(rf"(?:recency|last[_ ]purchase[_ ]days|days since (?:last )?(?:purchase|order))(?: (?:of|is|score))*(?: ?(?:more than|over|at least|>=?|greater than|above|beyond|higher than)) ?(?P<d>{DURATION}|{_NUM_DAYS}(?: days)?)"),
]  # fmt: skip
_RECENT = [
    whole(r"recent (?:buyers?|purchasers?|customers?|shoppers?|orders?)(?:,? \(?(?:say|meaning|that is|so|like|i mean))? (?P<d>\d+ (?:days?|weeks?|months?))\)?"),
    whole(r"(?P<d>recent (?:buyers?|purchasers?))"),
    whole(rf"{_LAST} ?(?:in|within|less than|under|<=?|during|not more than|at most|inside|in under|no more than|below)(?: (?:the|last|past))* ?(?P<d>{DURATION}|{_NUM_DAYS}(?: days)?)(?: ago)?"),
    whole(rf"(?:recency|last[_ ]purchase[_ ]days|days since (?:last )?(?:purchase|order))(?: (?:of|is))*(?: ?(?:less than|under|<=?|below|within|at most|up to)) ?(?P<d>{DURATION}|{_NUM_DAYS}(?: days)?)"),
    whole(rf"(?:who |that |have |has |had |which )*{_BUY}{_FILL}(?: (?:in|within|during|over|inside))(?: (?:the|our|their|last|past|previous|recent|latest|trailing|prior|under|less than|about|around))* (?P<d>{DURATION})"),
    whole(rf"(?:bought|purchased|ordered|shopped)(?: (?:something|anything|with us|from us))? (?:less than|under|within|no more than|fewer than) (?P<d>{DURATION}) ago"),
    whole(rf"(?:active|shopping|purchases?|orders?|activity|transactions?|buyers?|purchasers?|shoppers?|actives|converted)(?: (?:in|within|during|over|from|of))(?: (?:the|last|past|previous))+ (?P<d>{DURATION})"),
    whole(r"(?:last |past )?(?P<d>\d+[- ](?:days?|months?|weeks?|years?))[- ](?:buyers?|purchasers?|actives?|shoppers?|active (?:customers?|buyers?)|active)"),
    whole(r"(?:bought|purchased|ordered|shopped)(?: (?:something|anything|with us|from us))? (?:last|past) (?P<d>\d+ (?:days?|months?|weeks?|years?))"),
]  # fmt: skip
_SINCE = whole(
    rf"(?P<neg>{_NOT} |no (?=purchase|order)|without (?:a |any )?)?(?P<verb>{_BUY}|{_OPEN}{_MAIL}|{_JOIN}){_FILL} (?:(?P<rel>since|after|before|prior to)) (?P<date>{DATE})(?! (?:and|to) \d)"
)
_THIS = whole(
    rf"(?P<neg>{_NOT} )?(?P<verb>{_BUY}|{_OPEN}{_MAIL}|{_JOIN}){_FILL}(?: (?:during|in|within|earlier))? (?P<p>{_PERIOD})"
)
_LAST_PERIOD = whole(
    rf"(?P<neg>{_NOT} )?(?P<verb>{_BUY}|{_OPEN}{_MAIL}|{_JOIN}){_FILL}(?: (?:during|in|within))? last (?P<p>week|month|quarter|year)"
)
_BETWEEN_AGO = whole(
    rf"(?P<verb>{_LAST}|{_BUY}{_FILL}|{_JOIN}|{_OPEN}{_MAIL})(?: (?:was|were|is))? (?:between |from |somewhere between )?(?P<lo>\d+)(?:[- ]?(?P<u1>days?|weeks?|months?|years?))? ?(?:and|to|-) ?(?P<hi>\d+)[- ](?P<u2>days?|weeks?|months?|years?)(?: ago| back| old)?"
)


_GAP_RANGE = whole(
    rf"{_NOT} {_BUY}{_FILL}{_IN} (?:between )?(?P<lo>\d+) ?(?:-|to|and) ?(?P<hi>\d+)[- ](?P<u>days?|weeks?|months?|years?)"
)


def read_behaviour(scan: Scan, today: date) -> None:
    """Read purchase, open and sign-up windows into conditions on days."""
    scan.take(_BETWEEN_AGO, _between_ago)
    scan.take(_GAP_RANGE, _gap_range)
    _read_opens(scan)
    _read_signups(scan)
    scan.take(_SINCE, lambda match: _since(match, today))
    scan.take(_THIS, lambda match: _window(match, current_period(match["p"], today) or 30))
    scan.take(
        _LAST_PERIOD, lambda match: _window(match, {"week": 14, "month": 45, "quarter": 165, "year": 530}[match["p"]])
    )
    for pattern in _GAP:
        scan.take(pattern, lambda match: _gap(match))
    for pattern in _RECENT:
        scan.take(pattern, lambda match: _c("last_purchase_days", "lte", days_of(match["d"]) or 30))


def _gap_range(match: re.Match[str]) -> list[Condition]:
    low, high = (days_of(f"{match[name]} {match['u']}") for name in ("lo", "hi"))
    return [Condition("last_purchase_days", "gte", low), Condition("last_purchase_days", "lte", high)]


def _gap(match: re.Match[str]) -> list[Condition]:
    return _c("last_purchase_days", "gte", days_of(match["d"]))


def _field_of(verb: str) -> str:
    if re.match(_JOIN, verb):
        return "signup_days"
    return "last_open_days" if re.match(_OPEN, verb) else "last_purchase_days"


def _between_ago(match: re.Match[str]) -> list[Condition]:
    low = days_of(f"{match['lo']} {match['u1'] or match['u2']}")
    high = days_of(f"{match['hi']} {match['u2']}")
    field = _field_of(match["verb"])
    return [Condition(field, "gte", low), Condition(field, "lte", high)]


def _since(match: re.Match[str], today: date) -> list[Condition]:
    days = days_since(match["date"], today)
    if days is None:
        return []
    before = match["rel"] in ("before", "prior to")
    field = _field_of(match["verb"])
    older = bool(match["neg"]) != before
    return _c(field, "gte" if older else "lte", days)


def _window(match: re.Match[str], days: int) -> list[Condition]:
    return _c(_field_of(match["verb"]), "gte" if match["neg"] else "lte", days)


_PCT = r"\d+(?:\.\d+)?%?"
_OPEN_RATE = whole(rf"(?:(?:e-?mail )?open(?:ing)?[- ]rates?(?: (?:of|is|are|was|being|that is))*) ?{range_of(_PCT)}")
_OPEN_SHARE = whole(
    rf"(?:opens?|opened|opening|read) {range_of(_PCT)} of (?:our |the |their |all )*(?:e-?mails?|messages?|newsletters?|mails?|campaigns?)"
)
_RATE_FIRST = whole(rf"(?:with )?(?:an? )?{range_of(_PCT)} (?:e-?mail )?open(?:ing)? rates?")
_NEVER_OPEN = whole(
    rf"(?:never (?:{_OPEN}){_MAIL}|(?:do|does|did|have|has|who|are) not (?:ever )?(?:open|opened|read|opening|reading|engage with|engaged with|opens){_MAIL}(?! (?:in|for|since|within|over))|no (?:e-?mail )?opens|zero opens|non-?openers|open rate of zero|not opened? (?:a single|any|our) (?:e-?mails?|newsletters?)(?! (?:in|for|since|within|over)))"
)
_OPENS = [
    ("gte", whole(rf"(?:{_NOT}|no|without) {_OPEN}{_MAIL}{_IN} (?P<d>{DURATION})")),
    ("gte", whole(rf"(?:no|without|zero)(?: an?| any)? (?:e-?mail )?(?:opens?|engagement|clicks?|opening|interaction){_IN} (?P<d>{DURATION})")),
    ("gte", whole(rf"last (?:e-?mail )?open(?:ed)?(?: (?:was|is|an e-?mail))* ?(?:more than|over|at least|>=?|longer than) ?(?P<d>{DURATION})(?: ago)?")),
    ("lte", whole(rf"last (?:e-?mail )?open(?:ed)?(?: (?:was|is|an e-?mail))* ?(?:in|within|less than|under|<=?)(?: (?:the|last|past))* ?(?P<d>{DURATION})(?: ago)?")),
    ("lte", whole(rf"(?:who |that |have |has |had )*{_OPEN}{_MAIL} (?:in|within|during|over)(?: (?:the|our|last|past|previous|recent))* (?P<d>{DURATION})")),
    ("lte", whole(rf"(?:e-?mail )?(?:openers?|clickers?|readers?|engagers?|opens|email[- ]engaged)(?: customers?)?(?: (?:in|within|from|over|of))(?: (?:the|last|past))* (?P<d>{DURATION})")),
    ("lte", whole(r"(?P<d>\d+[- ](?:days?|months?|weeks?))[- ](?:openers?|engagers?|clickers?|engaged|email[- ]engaged)")),
]  # fmt: skip


def _read_opens(scan: Scan) -> None:
    for pattern in (_OPEN_RATE, _OPEN_SHARE, _RATE_FIRST):
        scan.take(pattern, _rate)
    for op, pattern in _OPENS:
        scan.take(pattern, lambda match, op=op: _c("last_open_days", op, days_of(match["d"])))
    scan.take(_NEVER_OPEN, lambda match: _c("email_open_rate", "lte", 0.0))


def _rate(match: re.Match[str]) -> list[Condition]:
    out: list[Condition] = []
    for op, number in bounds(match, "gte"):
        value = float(number.rstrip("%"))
        out.append(
            Condition(
                "email_open_rate", "gte" if op == "eq" else op, value / 100 if value > 1 or "%" in number else value
            )
        )
    return out


_SIGNUPS = [
    ("lte", whole(rf"(?:who |that |have |has |had |only )*{_JOIN}(?: (?:with us|up|our list|the list|to (?:the|our) (?:newsletter|list)|the (?:club|programme|program)))*(?: (?:in|within|during|over|inside|from))?(?: (?:the|last|past|previous|recent|less than|under|no more than))+ (?P<d>{DURATION})(?: ago)?")),
    ("lte", whole(rf"(?:(?:been )?(?:with us|a (?:customer|member)|customers?|members?|signed up|joined)|tenure|account age)(?: (?:for|of))? (?:less than|under|<|fewer than|not more than|at most) (?P<d>{DURATION})(?: ago)?")),
    ("gte", whole(rf"(?:who |that |have |has |had )*(?:{_JOIN}|became customers)(?: (?:with us|up))*(?: (?:more than|over|at least|>|longer than|about))+ (?P<d>{DURATION})(?: ago)?")),
    ("gte", whole(rf"(?:(?:been |being )?(?:with us|around|a (?:customer|member)|loyal to us|customers|members|on (?:the|our) list|subscribed|subscribers|signed up)|tenure|account age|relationship)(?: (?:for|of))?(?: (?:over|more than|at least|longer than|>=?|a minimum of|for))+ (?P<d>{DURATION})")),
    ("gte", whole(rf"{_JOIN} (?P<d>{DURATION})(?: or more|\+)? ago")),
]  # fmt: skip
_NEW_WINDOW = whole(
    rf"(?:new (?:customers?|signups?|sign[- ]ups?|joiners?|members?|subscribers?|users?)|joiners|signups|sign-ups|registrations)(?: (?:in|within|from|of|over))(?: (?:the|last|past|previous))* (?P<d>{DURATION})"
)
_NEW_THIS = whole(
    rf"(?:new (?:customers?|signups?|sign[- ]ups?|joiners?|members?|subscribers?|users?)|joiners|signups|sign-ups)(?: (?:from|of))? (?P<p>{_PERIOD})"
)


def _read_signups(scan: Scan) -> None:
    for op, pattern in _SIGNUPS:
        scan.take(pattern, lambda match, op=op: _c("signup_days", op, days_of(match["d"])))
    scan.take(
        _NEW_WINDOW,
        lambda match: [Condition("lifecycle", "eq", "new"), Condition("signup_days", "lte", days_of(match["d"]))],
    )
    scan.take(_NEW_THIS, lambda match: [Condition("lifecycle", "eq", "new"), Condition("signup_days", "lte", 30)])
