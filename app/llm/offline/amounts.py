"""Numbers of orders, money and ages."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.conditions import Condition, Scan, whole
from app.llm.offline.spans import DURATION, bounds, days_of, range_of

_CUR = r"(?:usd|eur|gbp|euros?|dollars?|pounds?|quid|bucks)"
MONEY = rf"(?:[£$€] ?\d+(?:\.\d+)?|\d+(?:\.\d+)?(?: ?[£$€]| {_CUR}\b)?)(?:ish)?"
_SIGNED = rf"(?:[£$€] ?\d+(?:\.\d+)?|\d+(?:\.\d+)?(?: ?[£$€]| ?{_CUR}\b))"
_INT = r"\d+"
_SPEND_WORD = r"(?:total(?:ly)? (?:lifetime )?(?:spend|spent|spending|value|revenue|order value)|lifetime (?:spend|value|spending|revenue)|(?:customer )?lifetime value|cltv|clv|ltv|monetary(?: value)?|spend(?:ing)? (?:total|level)|spent|spend(?:ing|s)?|paid|worth|brought in|generated|dropped)"
_SPENT = [
    whole(rf"(?:who |that |have |has |had )*{_SPEND_WORD}(?: (?:us|of|is|a total of|in total|with us|has been|was|value|are|=|lifetime|so far|total|altogether|overall|cumulatively|somewhere|anywhere|have been))* ?{range_of(MONEY)}(?: (?:with us|in total|total|overall|altogether|lifetime|in all|so far|all time|to date|on our (?:site|shop|store)))*"),
    whole(rf"{range_of(_SIGNED)}(?: (?:in|of|or more in))?(?: (?:total|lifetime))* ?(?:spenders?|spent|spend|ltv|clv|lifetime value|in purchases|in total|in orders|total)"),
    whole(rf"(?:customers?|people|shoppers?|buyers?) (?:worth|with|over|above) {range_of(_SIGNED)}"),
    whole(rf"{range_of(MONEY)}(?: in)?(?: (?:total|lifetime|overall))* (?:spend(?!ers?\w)|spent|spending|ltv|clv)"),
]  # fmt: skip
_AOV_WORD = r"(?:aov|(?:average|avg|mean|typical)[- ](?:order|basket|purchase|transaction|ticket|cart|spend per order)s?(?:[- ](?:value|size|spend|amount))?|order values?|basket(?:s| size| value)?|(?:average )?spend per (?:order|basket|visit)|spend(?:ing)? per order|average spend)"
_AOV = [
    whole(rf"{_AOV_WORD}(?: (?:of|is|was|value|are|being|that is|=|somewhere))* ?{range_of(MONEY)}"),
    whole(rf"(?:an? )?{range_of(_SIGNED)} (?:aov|average order(?: value)?s?|average basket|baskets?|avg order(?: value)?)"),
    whole(rf"(?:spend(?:s|ing)?|spent) {range_of(MONEY)} (?:(?:per|an|each|every|on average per|on average an) (?:order|time|basket|purchase)|on average|in an average (?:order|basket))"),
    whole(rf"(?:spend(?:s|ing)?|spent) (?:on average |an average of ){range_of(MONEY)}(?: per order)?"),
]  # fmt: skip
_TIMES = r"(?:orders?|purchases?|times?|transactions?|buys|bookings)"
_BOUGHT = r"(?:bought|purchased|ordered|shopped|placed|made|have|has|had|with|completed|done|buy|order|purchase)"
_ONCE = {"once": 1, "twice": 2, "thrice": 3}
_ORDERS_RANGE = [
    whole(rf"(?:{_BOUGHT} )*(?:from us |with us )?{range_of(_INT)} (?:different |separate |past |previous |total |completed )?{_TIMES}(?P<end> or (?:more|less|fewer)| plus| minimum)?"),
    whole(rf"(?:order count|orders count|number of (?:orders|purchases)|orders[_ ]count|purchase count|frequency|orders|order frequency)(?: (?:of|is|are|score))* ?{range_of(_INT)}"),
]  # fmt: skip
_ORDERS_ONCE = whole(
    rf"(?:{_BOUGHT} )(?:from us |with us |something |anything )?(?P<cmp>only |just |exactly |more than |at least |over |less than )?(?P<w>once|twice|thrice)(?P<post> or more| plus| only)?"
)
_ORDERS_EQ: list[tuple[str, int, re.Pattern[str]]] = [
    ("eq", 1, whole(r"(?:one|1|single|first)[- ](?:time|off|order|purchase)[- ](?:buyers?|customers?|shoppers?|purchasers?|orderers?|people|ones|only)|(?:one|1)[- ](?:timers?|offs?)|one[- ]and[- ]done(?: customers?)?|(?:only |just )?(?:made|placed|have|had|with) (?:only |just )?(?:their first|a single|a first|one|1) (?:purchase|order)|single purchasers?|first[- ](?:time )?purchasers?|bought (?:only|just)? ?(?:the )?once|only ever bought once|(?:only|just) (?:one|1|a single) (?:order|purchase)|1x buyers?|first[- ]order customers?|haven't come back after (?:their )?first order|first[- ]time customers?")),
    ("eq", 2, whole(r"(?:2|second|two)[- ]time[- ](?:buyers?|customers?|shoppers?)")),
    ("eq", 0, whole(r"(?:have |has |had |who |that |but |did )*(?:not|never|yet to)(?: (?:yet|actually|even|ever))* (?:bought|buy|purchased?|ordered|order|placed? an order|made? (?:a|any) (?:purchase|order)s?|convert(?:ed)?|made (?:a|their) first (?:purchase|order)|shopped)(?: (?:anything|something|a thing|yet|so far|from us|with us|at all|once|ever|a single (?:thing|item)))*(?! (?:in|for|since|within|over|during|from|\x00))|(?:no|zero|without any|without an?|with no|0) (?:orders?|purchases?)(?: (?:yet|so far|at all|on record|ever))*(?! (?:in|for|since|within))|non-?buyers?|non-?purchasers?|never[- ](?:bought|ordered|purchased) (?:customers?|people|ones)|yet to (?:buy|order|purchase|convert)|browsers who never bought|prospects(?: only)?|leads who never bought")),
    ("gte", 2, whole(r"(?:repeat|returning|multi[- ]?(?:time|order|purchase)?|repeated|recurring)[- ](?:buyers?|customers?|purchasers?|shoppers?|orderers?|clients?)|multi-?buyers?|repeaters|(?:bought|ordered|purchased) (?:from us )?(?:repeatedly|multiple times|several times|again and again)|(?:made|placed|with|have) (?:multiple|several|repeat) (?:orders|purchases)")),
]  # fmt: skip


def _number(text: str) -> float | int:
    value = float(re.sub(r"[^\d.]", "", text) or 0)
    return int(value) if value == int(value) else value


def _conditions(field: str, match: re.Match[str], default: str) -> list[Condition]:
    return [Condition(field, op, _number(number)) for op, number in bounds(match, default)]


def _spent(match: re.Match[str]) -> list[Condition]:
    return [
        Condition(c.field, "gte" if c.op == "eq" else c.op, c.value) for c in _conditions("total_spend", match, "gte")
    ]


def read_amounts(scan: Scan) -> None:
    """Read basket size, spend and order counts."""
    for pattern in _AOV:
        scan.take(pattern, lambda match: _conditions("avg_order_value", match, "gte"))
    for op, count, pattern in _ORDERS_EQ:
        scan.take(pattern, lambda _, op=op, count=count: [Condition("orders_count", op, count)])
    for pattern in _ORDERS_RANGE:
        scan.take(pattern, _orders)
    scan.take(_ORDERS_ONCE, _once)
    for pattern in _SPENT:
        scan.take(pattern, _spent)
    _read_window_after(scan)


_WINDOW_AFTER = re.compile(
    rf"(?<=\x00) (?:in|within|over|during)(?: the)? (?:last|past|previous) (?P<d>{DURATION})(?!\w)"
)


def _read_window_after(scan: Scan) -> None:
    """'ordered twice in the last six months' also bounds the last purchase."""
    if any(hit.condition.field in ("orders_count", "total_spend") for hit in scan.hits):
        scan.take(_WINDOW_AFTER, lambda match: [Condition("last_purchase_days", "lte", days_of(match["d"]))])


def read_window_of_category(scan: Scan) -> None:
    """'bought shoes in the last year' also bounds the last purchase."""
    bought = re.compile(r"\b(?:bought|purchased|ordered|buyers)\b")
    if any(hit.condition.field == "favourite_category" and bought.search(hit.words) for hit in scan.hits):
        scan.take(_WINDOW_AFTER, lambda match: [Condition("last_purchase_days", "lte", days_of(match["d"]))])


def _orders(match: re.Match[str]) -> list[Condition]:
    found = _conditions("orders_count", match, "eq")
    end = match.groupdict().get("end") or ""
    if end and len(found) == 1:
        return [Condition("orders_count", "lte" if "less" in end or "fewer" in end else "gte", found[0].value)]
    return found


def _once(match: re.Match[str]) -> list[Condition]:
    count = _ONCE[match["w"]]
    words = (match["cmp"] or "").strip()
    op = {"more than": "gt", "over": "gt", "at least": "gte", "less than": "lt"}.get(words, "eq")
    return [Condition("orders_count", "gte" if match["post"] and "only" not in match["post"] else op, count)]


_PARTS = {"decile": 10, "tenth": 10, "quintile": 20, "fifth": 20, "quartile": 25, "quarter": 25, "half": 50}
_TOP_SHARE = whole(
    r"(?:top|best|highest|biggest|upper|leading|most valuable) (?:(?P<n>\d+(?:\.\d+)?) ?(?:%|percent|per ?cent|pct)(?! (?:off|discount|deal|voucher|code|coupon|saving))|"
    rf"(?P<part>{'|'.join(_PARTS)}))(?: (?:of|by|in terms of|on|our|the|all|total|lifetime|overall|average|customer(?:s|'s)?|people|spenders?|buyers?|shoppers?|clients?|spend(?:ing)?|revenue|value|sales|ltv|clv|orders?|order count|frequency|purchases|number of|basket|aov|base))*"
)


def read_top_shares(scan: Scan) -> None:
    """Read 'top 10 % of spenders' and 'best quartile by orders'; spend unless orders or baskets are named."""
    scan.take(_TOP_SHARE, _top_share)


def _top_share(match: re.Match[str]) -> list[Condition]:
    share = float(match["n"]) if match["n"] else _PARTS[match["part"]]
    words = match[0]
    basket = re.search(r"average|basket|aov|order value", words)
    often = re.search(r"orders?\b|frequency|purchases", words)
    field = "avg_order_value" if basket else "orders_count" if often else "total_spend"
    return [Condition(field, "top_percent", _number(f"{share:g}"))] if 0 < share < 100 else []


_AGE = r"[1-9]\d"
_WHO = r"(?:women|men|people|customers?|shoppers?|buyers?|ladies|females?|males?|members?|adults?|anyone|anybody|everyone|those|folks|users?|guys|clients?|subscribers?)"
_DECADES = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70}
_AGES = [
    whole(rf"(?:aged?|ages|age (?:of|is|between|range|group|bracket|band)|age)(?: (?:is|of|from|group|range|are))* ?{range_of(_AGE)}(?: (?:years?(?: old| of age)?|yo))?"),
    whole(rf"(?:who are |are )?{range_of(_AGE)}[- ]?(?:years?[- ]olds?|yrs?[- ]?olds?|year olds|y/?os?|years of age|years old|years)(?! (?:ago|with|since|or more ago))"),
    whole(rf"(?:who are |are )?(?P<cmp>over|under|above|below)(?:[- ]the[- ]age[- ]of[- ]|[- ])(?P<n>{_AGE})'?s(?! \w*[%£$€])"),
    whole(rf"(?:who are |are )?(?P<cmp>older than|younger than|over the age of|under the age of|above the age of|below the age of) (?P<n>{_AGE})"),
    whole(rf"(?P<lo>{_AGE})(?:-| to )(?P<hi>{_AGE})'?s?(?: (?:age )?(?:group|bracket|range|demographic|crowd|band))"),
    whole(rf"(?P<lo>{_AGE})(?:-| to )(?P<hi>{_AGE})s"),
]  # fmt: skip
_DECADE = whole(
    r"in (?:their|her|his) (?:(?P<part>early|mid|late)[- ])?(?P<d>[2-8]0'?s|twenties|thirties|forties|fifties|sixties|seventies)|(?P<d2>[2-8]0|twenty|thirty|forty|fifty)[- ]?somethings?"
)
_BARE_AGE = [
    whole(rf"(?<=\x00, )(?P<lo>{_AGE}) ?(?:-|to) ?(?P<hi>{_AGE})(?=,|$|;|\.| and)"),
    whole(rf"(?P<who>{_WHO}|\x00|many)(?: (?:who are|that are|are|aged))? (?:between )?(?P<lo>{_AGE}) ?(?:-|to|and) ?(?P<hi>{_AGE})(?! ?[%£$€]| ?(?:orders|days|weeks|months|times|purchases|pounds|euros|dollars))"),
    whole(rf"(?P<who>{_WHO}|\x00|^|,|and|but|only|not|just|the|or|exclude|for|to)(?: (?:who are|that are|are|aged))? ?(?P<cmp>over|under|above|below|older than|younger than) (?P<n>{_AGE})'?s?(?! ?[%£$€]|\.\d|\d| ?(?:orders|days|weeks|months|times|purchases|pounds|euros|dollars|quid|characters|chars|words|people|customers|percent|eur|usd|gbp|on average|in total|variants))"),
    whole(rf"(?P<who>{_WHO}|\x00|and|,) (?P<n>{_AGE})(?P<post>\+)(?! ?(?:days|weeks|months|orders|times))|(?<![\d£$€-])(?P<n2>[4-8][05])\+(?! ?(?:days|weeks|months|orders|times|quid|euros|customers))"),
    whole(rf"(?<!last )(?<!past )(?<!\d)(?P<lo>{_AGE})-(?P<hi>{_AGE})(?! ?[%£$€]|-?\d| ?(?:orders|days?|weeks?|months?|times|purchases|pounds|euros|dollars|split|char|people|variants))(?= |$|,|\.)"),
]  # fmt: skip
_GENERATIONS: list[tuple[str, tuple[tuple[str, int], ...]]] = [
    (r"millennials?", (("gte", 30), ("lte", 45))), (r"gen(?:eration)?[- ]?z(?:ers?)?|zoomers?", (("gte", 18), ("lte", 29))),
    (r"gen(?:eration)?[- ]?x(?:ers?)?", (("gte", 46), ("lte", 61))), (r"(?:baby[- ])?boomers?", (("gte", 62), ("lte", 80))),
    (r"pensioners?|retirees?|senior citizens?|seniors|retired (?:people|customers)|the elderly|older adults", (("gte", 65),)),
    (r"minors|under-?age(?:d)? (?:people|customers|persons)", (("lt", 18),)),
    (r"young adults", (("gte", 18), ("lte", 25))),
]  # fmt: skip


def read_ages(scan: Scan) -> None:
    """Read ages, decades and generations."""
    for words, limits in _GENERATIONS:
        scan.take(whole(words), lambda _, limits=limits: [Condition("age", op, value) for op, value in limits])
    scan.take(_DECADE, _decade)
    for pattern in _AGES:
        scan.take(pattern, _age)


def read_bare_ages(scan: Scan) -> None:
    """Read 'over 50' and '30-45' where nothing else claimed the number; call it after money and windows."""
    for pattern in _BARE_AGE:
        scan.take(pattern, _age)


def _age(match: re.Match[str]) -> list[Condition]:
    groups = match.groupdict()
    if groups.get("n2"):
        return [Condition("age", "gte", int(groups["n2"]))]
    if groups.get("cmp") and not groups.get("lo") and not groups.get("lo2"):
        word = groups["cmp"]
        op = {"over": "gt", "above": "gt", "under": "lt", "below": "lt"}.get(word) or (
            "gt"
            if word.startswith(("older", "over", "above"))
            else "lt"
            if word.startswith(("younger", "under", "below"))
            else ""
        )
        if op:
            return [Condition("age", op, int(groups["n"]))]
    return [Condition("age", op, int(float(re.sub(r"\D", "", number)))) for op, number in bounds(match, "eq")]


def _decade(match: re.Match[str]) -> list[Condition]:
    word = match["d"] or match["d2"]
    start = (
        _DECADES.get(word)
        or {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}.get(word)
        or int(re.sub(r"\D", "", word))
    )
    low, high = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get(match["part"] or "", (0, 9))
    return [Condition("age", "gte", start + low), Condition("age", "lte", start + high)]
