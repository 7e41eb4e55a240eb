"""Rules about conditions: who may have an offer, when, from which sum, on what, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.conditions.condition_kept import bounds_an_item, example_reaches, kept_otherwise
from plugins.generation.grounding.conditions.day_conditions import days_kept
from plugins.generation.grounding.conditions.other_words import ages_said, numbers_said, said_otherwise
from plugins.generation.grounding.conditions.sides import sides_told, span_of_another_clause, worth_of
from plugins.generation.grounding.conditions.unbound import clock_told, denied, in_name, of_another_thing
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.examples import kept_by_example, meets
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.dates import months, weekdays, without
from plugins.generation.grounding.reading.lexicon import CALENDAR, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity
from plugins.generation.grounding.wording.certainty_rules import SAMPLE

# condition: how a source states it | how a copy keeps it (empty: the same words)
_CONDITIONS: tuple[tuple[str, str, str], ...] = (
    ("who", r"\bnew (?:customers?|members?|users?|subscribers?|clients?|accounts?|patients?|sign-?ups?|students?|learners?|pupils?|guests?|riders?|drivers?|cardholders?)\b|\bfirst[- ](?:time )?(?:order|purchase|booking|customers?|visit|ride|buyers?|members?|guests?|donors?|visitors?|users?)\b|\b(?:free|discounted) (?:first|initial|introductory) \w+", r"\binitial|\bintroductory|\bnew(?:comers?)?\b|\b(?:yet to|never|not (?:yet )?|haven't (?:yet )?|hasn't (?:yet )?)(?:been |ordered|shopped|bought|booked|tried|visited|ridden|flown|sailed|stayed|donated|given)|\b(?:have|has|'ve|'s) (?:never|not|yet)\b|\bdebut\b|\bmaiden\b|\b(?:never|not)\b[^.?!]{0,40}\b(?:before|yet|previously|until now|till now|so far)\b|\b(?:when|if|once|as) you join\b|\bfirst\b(?! (?:[\w-]+ )?(?:days?|weeks?|months?|years?|hours?|minutes?|floor|class)\b)|\bwelcome\b|\bjust joined\b"),  # noqa: E501
    ("who", r"\bexisting (?:customers?|members?|users?)\b", r"\bexisting|already|current\b|as an? (?:customer|member)|returning|loyal|\bwith us\b"),  # noqa: E501
    ("who", r"(?<!new )(?<!first-time )(?<!first time )(?<!team )(?<!family )(?<!crew )(?<!staff )(?<!household )(?<!band )(?<!cast )(?<!panel )(?<!board )(?<!group )(?<!audience )\bmembers?\b|\bloyalty\b(?! points?\b)", r"\bmembers?|membership|\bbelong|\bjoining fee|loyalty|club|insider|rewards|gold|plus|premium|vip\b"),  # noqa: E501
    ("who", r"\bsubscribers?\b", r"\bsubscri|\bsign(?:ing)? up|\bjoin|\bnew (?:to|here)\b|\b(?:premium|plus|pro|gold)\b"),  # noqa: E501
    ("who", r"(?<!first-time )(?<!first time )(?<!beginner )(?<!returning )(?<!new )\bstudents?\b", r"\bstudent|university|college|campus|\buni\b|graduate|\bstudying|\benrolled|\bdegree\b|\bmaster's|\bbachelor's|\bphd\b|\blessons?\b|\bclass(?:es)?\b|\bcourse\b"),  # noqa: E501
    ("who", r"\b(?:seniors?|over[- ]?6[05]s?|pensioners?)\b", r"\bseniors?|over|pension|6[05]\b|\bsixt(?:y|ies)|\bretire|\bolder\b|\bconcession"),  # noqa: E501
    ("who", r"\b(?:aged? \d+|over[- ]?(?:18|21)s?|(?:18|21)\+|(?:18|21) (?:or|and) over|adults only)\b", r"\bage[ds]?\b|\b(?:and|or) (?:over|above|up)\b|\bover[- ](?:\d|the age|eighteen|twenty|thirty|forty|fifty|sixty|seventy)|\badult|\bolder\b|\byoung|\b(?:18|21)\b|\bgrown-?ups?\b|\beighteen|\btwenty|\bbirthday|\bturn(?:ed|s|ing)?\b|\b(?:teen|twenties|thirties|forties|fifties|sixties|seventies)|\bpension|\bretire|\bseniors?\b|\bbetween \d"),  # noqa: E501
    ("who", r"\b(?:children|kids|youngsters|people|pupils|juniors)(?: aged)? (?:under|over|up to|below) \d+", r"\b(?:\w+-year-old|under|over|below|up to|age[ds]?|years?|younger|older|turn(?:ed|s|ing)?|birthday|at (?:least|most))\b"),  # noqa: E501
    ("who", r"\b(?:gold|platinum|silver|premium|plus|pro|business|enterprise|elite) (?:plan|card|tier|member\w*|account|customer|subscriber|user|cardholder)s?\b", r"\b(?:gold|platinum|silver|premium|plus|pro|business|enterprise|elite)\b"),  # noqa: E501
    ("who", r"\b(?:teachers?|nurses?|nhs|veterans?|military|employees?|freelancers?)\b", r"\b(?:teach\w*|classroom|nurs\w+|nhs|veterans?|military|armed forces|served|employees?|staff|work(?:s|ing)? (?:for|at|with)|freelanc\w+|self-employed)\b"),  # noqa: E501
    ("when", r"\bweekdays?\b|\bmonday (?:to|through|-) ?(?:friday|thursday)\b|\bmondays?\b|\btuesdays?\b|\bwednesdays?\b|\bthursdays?\b|\bfridays?\b", r"\bweekdays?|\bweek ?nights?|mid-?week|\b(?:these|those|both|school|work(?:ing)?) days\b|\bworkdays?\b|working week|\b(?:in|during) the week\b|\b(?:every day|daily) (?:but|bar|except|apart)|\bsix days\b|\b(?:not|never|outside|except|bar|excluding)(?: at| on| for)?(?: the)? weekends?|\b(?:start|beginning|middle) of the week|\bearly in the week|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri)(?:s|days?)?\b"),  # noqa: E501
    ("when", r"\bweekends?\b(?!')|\bsaturdays?\b|\bsundays?\b", r"\bweekend|\bsat(?:ur)?(?:days?)?\b|\bsun(?:days?)?\b|\bend of the week|fri\w* .{0,20}mon"),  # noqa: E501
    ("when", r"\b(?:before|after|until|by|between) (?:noon|midday|midnight|\d{1,2}(?::\d\d)? ?[ap]\.?m|\d{1,2}:\d\d)", r"\b(?:before|after|until|till|by|between|from|early|late|noon|midday|morning|lunch|evening|midnight|night|til|latest|past|(?:\d ?)?[ap]\.?m|cut-?off|-)"),  # noqa: E501
    ("when", r"\boff[- ]peak\b", r"off[- ]peak|\b(?:outside|avoid|beat|not (?:at|in|during)) (?:the )?(?:peak|busy|busiest|rush)|\bquiet(?:er)? (?:times?|hours?|trains?|days?)"),  # noqa: E501
    ("when", r"\bfirst (?:\w+ )?(?:month|year|week|\d+ days|days|billing)s?\b|\bfor (?:the first|\w+) (?:months?|years?|weeks?)\b", r"\bfirst|intro|start|for (?:\w+ )?\w+ (?:month|year|week)|weeks?\b|months?\b|year|quarter|to begin"),  # noqa: E501
    ("when", r"(?<!expire )(?<!expires )(?<!lapse )(?<!again )\bafter (?:the |your |their |his )?(?:\w+ ){0,2}(?:months?|years?|weeks?|orders?|purchases?|visits?|payments?|stays?|rides?|bookings?)\b", r"\bafter|once|when|following|then|complete|within|of\b|in\b|\b(?:place|make|finish|pay|book|order|settle|send) (?:\w+ ){1,4}and\b"),  # noqa: E501
    ("when", r"\b(?:orders?|ordered|book(?:ed|ings?)?|bought|reserved|placed|paid|reservations?)(?: made)? (?:at least )?\w+ (?:hours?|days?|weeks?|months?)(?: or more)? (?:ahead|in advance|before(?:hand)?|early)\b", r"\bahead|\badvance|\bbefore|\bearly\b|\bnotice\b|\bat least\b|\bprior\b|\bpre-?order|\blatest\b|\bby\b"),  # noqa: E501
    ("contract", r"\b(?:contract|minimum term|commitment|24-month|12-month|18-month|annual plan|billed annually|billed yearly|paid annually|prepay)\b", r"contract|term|commit|\d+[- ]months?\b|annual|year|prepay|\bsign"),  # noqa: E501
    ("minimum", r"\b(?:orders?|purchases?|spend\w*|baskets?|bookings?|transactions?|bills?|stays?|rides?) (?:of |over |above |totall?ing |worth |more than |at least |is |are |exceeding |from )+(?:at least )?[$\u00a3\u20ac]|\bspend|\bminimum (?:order|spend|purchase|stay)|\bminimum\b(?! (?:term|contract))", r"\bspend|over|above|minimum|or more|at least|\bfrom\b|worth|\d\+|\bmore than|reach|hit|orders? of|exceed|of [$\u00a3\u20ac]|\band up|\bupwards|start(?:s|ing) at|\btops?\b|\bpass(?:es)?\b|\bbeyond\b|\bpast\b|\bthreshold|\bcomes? to\b|\btotal"),  # noqa: E501
    ("quantity", r"\bwhen you (?:buy|order|book|purchase|add) (?:any )?(?:two|three|four|[234])\b|\b(?:buy|with) (?:any )?(?:two|three|2|3) ", r"\btwo|three|four|\b[234]\b|pair|both|second|third|twice|\banother\b|\bduo\b|\btrio\b|\bcouple\b"),  # noqa: E501
    ("scope", r"\bselected\b|\bparticipating\b|\bcertain\b|\bsome (?=(?:\w+ ){0,2}\w+s\b(?! of))(?!(?:\w+ )?(?:of|is|was|has|this|us|days|weeks|years|months|hours|minutes)\b)|\beligible\b|(?<!your )(?<!be )(?<!is )(?<!are )(?<!been )\bchosen (?!by\b|for\b)", r"select|participating|taking part|certain|some|several|various|eligible|qualif|chosen|hand-?picked|choice of|\bpicks\b|\ba (?:few|number|handful|range) of\b|\bspecific\b|\bparticular\b|\bmarked\b|\bmany\b|\bnot (?:all|every)\b"),  # noqa: E501
    ("scope", r"\bfull[- ]price\b", r"full[- ]price|regular[- ]price|\bundiscounted|not .{0,12}sale|\bnot (?:already |yet )?(?:reduced|discounted|marked)|\bnon-sale|\bsale (?:items?|lines?|stock|goods|pieces) (?:\w+ )?(?:aside|excluded|excepted|apart|out)"),  # noqa: E501
    ("scope", r"\bonline only\b|\bonly online\b|(?<!not )(?<!nor )\bonline\b(?! (?:account|form|portal|calendar|dashboard|diary|planner|profile|chat|help|tool|system)\b)(?: orders| purchases)?|\bon(?:line)? our (?:web)?site\b|\bat [\w-]+\.com\b", r"online|website|web|site|click|\.com|app|\blog(?:ged|ging)? ?in|\binternet|\bbrowser|\bportal|\bvirtual"),  # noqa: E501
    ("scope", r"\bonly in[- ]store\b|(?<!not )\bin[- ]store\b|\bin (?:our |participating )?(?:stores|branches|shops)\b", r"in[- ]store|store|shop|branch|boutique|visit|come in|counter|\bin person\b|\b(?:drop|pop|call|walk|nip) in\b|\bat the till"),  # noqa: E501
    ("scope", r"\b(?:in|through|via|with|on) (?:the|our) (?:\w+ )?app\b|\bapp[- ]only\b|\bin-app\b", r"\bapp\b|in-app"),
    ("scope", r"\b(?:standard|economy|basic|ground)\b(?= (?:shipping|delivery|fares?|returns?|postage|room|class|tickets?))", r"standard|economy|basic|ground"),  # noqa: E501
    ("scope", r"\b(?:direct debit|autopay|paperless|paypal|credit card|debit card)\b", r"direct debit|\bdebit\b|auto-?pay|paperless|paypal|card"),  # noqa: E501
    ("scope", r"\b(?:mainland|continental|contiguous)\b", r"\b(?:mainland|continental|contiguous|lower 48)\b"),
    ("scope", r"\b(?:within|in|to|across) (?:the )?(?:UK|US|USA|EU|mainland|continental|domestic|contiguous|Germany|France|London)\b", r"\b(?:uk|us|usa|eu|mainland|continental|domestic|contiguous|lower 48|united (?:kingdom|states)|america|germany|france|london|british|britain|england|europe|nationwide)\b"),  # noqa: E501
    ("frequency", r"\b(?:once|one|1|single[- ]use|limit(?:ed to)?(?: of)? (?:one|1|two|2)|max(?:imum)? (?:one|1|two)) (?:use |offer |redemption |order |voucher |code |item |ticket |claim )?per (?:person|customer|household|member|account|order|guest)\b|\bsingle use\b", r"once|one|single|limit|apiece|\b(?:per|each|every) (?:person|customer|household|member|account|order|guest|head)"),  # noqa: E501
    ("state", r"\b(?:unused|unworn|unopened|undamaged|original packaging|with (?:the |a )?receipt|tags attached|proof of purchase)\b", r"unused|unworn|unopened|undamaged|original|receipt|\binvoice|\btags?\b|\blabels?\b|proof|untouched|\b(?:has|have) (?:not|never) \w+|(?:not|never|no|nor|neither|without|un)\b[^.;:]{0,25}\b(?:used?|worn|wear|open\w*|damage\w*|soiled|washed|stains?|marks?|scratch\w*)\b|\bpristine|\bas new\b|\blike new|\bmint\b|\bsealed|\bintact|\bsame box|\bthe box\b|condition"),  # noqa: E501
    ("state", r"\b(?:subject to (?:an? )?(?:\w+ )?(?:approval|availability|status|checks?|eligibility)|credit approval|conditions apply|if approved|eligibility)\b", r"subject to|approv|availab|eligib|conditions|terms|t&cs|status|\bchecks?\b|\baccept|\bqualif|\bwhile\b|\bif (?:there|we|one|your|you're)\b|\bdepend|\ballowing\b|\bpermitting\b|\bwhere possible\b|\bspace\b"),  # noqa: E501
)  # fmt: skip


_CONDITIONS_RE = tuple((n, re.compile(a, re.I), re.compile(b, re.I)) for n, a, b in _CONDITIONS)


_OPENER = re.compile(
    r"^(?:[\w-]+ only(?=[.!]?$)|excludes?|excluding|valid (?:only|on|for|in)|only (?:valid|available|for|in|on|applies)|minimum|members only|online only|in-store only|for (?:new|members|students|existing)|"  # noqa: E501
    r"available (?:only|to|in|for|on)|applies (?:only|to)|not valid|requires?|must|new customers|open to|limited to|"
    r"(?:the |this |these )?(?:offers?|discounts?|codes?|deals?|promotions?|prices?|it|they|both|rates?|tickets?|vouchers?|passes) (?:is |are )?(?:only )?(?:valid|applies|requires|available|is for|excludes|open|limited)|(?:the |this |our )?\w+ (?:is|are) (?:only )?(?:for|open to|available (?:only )?(?:to|for|in|on)|limited to))\b",  # noqa: E501
    re.I,
)


def threshold_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``dropped_condition`` when ``N or more`` bounds an offer and the copy never says N."""
    said = [f for s in evidence.case.sentences for f in s.figures]
    for passage in _binding(evidence) if _states(evidence.sentence) else []:
        sample = has(SAMPLE, passage.text) and not has(r"\bfree\b|% off\b|\bdiscount\b", passage.text)
        if not has(_BENEFIT, passage.text) or sample or not _benefit_told(passage, evidence):
            continue
        bounds = [
            f
            for f in passage.figures
            if (f.hedge == "min" and f.kind in ("money", "count", "time", "months"))
            or (
                f.hedge in ("under", "max")
                and f.kind in ("money", "mass")
                and has(_GOODS_UP_TO, passage.text[: f.start])
            )
        ]
        bounds = [f for f in bounds if not span_of_another_clause(f.start, passage, evidence.sentence)]
        bounds = [f for f in bounds if not (meets(f, passage, evidence) or example_reaches(f, evidence))]
        ages = ages_said(evidence.case.low)
        bounds = [f for f in bounds if f"{f.value / (12 if f.unit.startswith('y') else 1):g}" not in ages]
        if any(not any(_bound_said(q, f, evidence.case.low) for q in said) for f in bounds) and not (
            has(r"\bminimum\b|\bthreshold\b", evidence.case.low) or _price_reaches(bounds, evidence)
        ):
            yield "dropped_condition"
            return


def _benefit_told(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a sentence tells what a passage gives from a least on: ``free for those aged 60 or over``."""
    sentence = evidence.sentence
    if has(_BENEFIT + _NOTHING_TO_PAY, sentence.text):
        return True
    if re.fullmatch(r"(?:it|this|they|these) (?:is|are) free [^.;]*\.?", passage.text, re.I):
        return False
    return any(matches(q, f) for q in sentence.figures for f in passage.figures)


_GOODS_UP_TO = (
    r"\b[a-z]{3,}s (?:(?:that|which) )?(?:priced|cost|costing|worth|valued|weigh|weighing|selling|sold)(?: at)? "
    r"(?:under|below|less than|up to|no more than|at most) \W?$"
)
"""What stands before the most that goods may cost or weigh to be in an offer: ``tools priced under £20``."""


def _price_reaches(bounds: list[Quantity], evidence: Evidence) -> bool:
    """Return whether the one price that a sentence tells is itself above the least sum: £33, free over £30."""
    prices = {f.value: f for f in evidence.sentence.figures if f.kind == "money"}
    stated = any(
        matches(q, f) for q in prices.values() for p in evidence.passages for f in p.figures if f.hedge in ("", "min")
    )
    return len(prices) == 1 and stated and all(f.kind == "money" and f.value <= min(prices) for f in bounds)


def _bound_said(q: Quantity, bound: Quantity, low: str) -> bool:
    """Return whether the copy says a least or a most; ``for two`` of people is no least of two nights."""
    bare = q.kind == "count" and q.spelled and q.value <= _FEW and not q.noun and not q.hedge
    if bare and bound.noun in _SPANS and bound.noun.removesuffix("s") not in low:
        return False
    return matches(q, bound)


_FEW = 6
_SPANS = frozenset(("night", "nights", "day", "days", "week", "weeks", "month", "months", "year", "years"))
_BENEFIT = (
    r"\b(?:off|for the price|free|gets?|earns?|receives?|discount|saves?|price|voucher|refund|credit|bonus|points|"
    r"reduced|gift|reward|cash)\b"
)


def condition_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``dropped_condition`` for a condition of an aligned statement that the whole copy never mentions."""
    if not _states(evidence.sentence):
        return
    lost = (_listed_lost, _place_lost, _alone_lost, _phrase_lost, _season_lost)
    if any(test(passage, evidence) for passage in _binding(evidence) for test in lost):
        yield "dropped_condition"


def _listed_lost(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a condition of the list above is stated in the passage and kept by no word of the copy."""
    sentence, low = evidence.sentence, evidence.case.low
    if not _tells_the_worth(passage, evidence):
        return False
    numbers = numbers_said(evidence.case)
    for name, stated, kept in _CONDITIONS_RE:
        found = stated.search(passage.text)
        if found is None or (kept.search(low) and not _tells_both(found, passage, low)):
            continue
        digits = set(re.findall(r"\d+", found[0]))
        bounded = name == "minimum" or (name == "who" and digits)
        if bounded and kept_by_example(passage, evidence):
            continue
        if name == "who" and ((digits and digits <= numbers) or _tier_told(found, passage, evidence)):
            continue
        if not (
            _not_needed(name, passage, sentence)
            or in_name(found)
            or denied(name, found)
            or _binds_nothing(name, found, passage, evidence)
            or (name == "when" and clock_told(found, evidence))
            or (name == "when" and days_kept(found, passage, evidence))
            or (name == "minimum" and (_bounds_told(passage, evidence) or _sum_reached(passage, evidence)))
            or kept_otherwise(name, found, passage, evidence)
            or (name in ("state", "when", "contract") and bounds_an_item(found, passage, evidence))
            or _of_another_clause(found, passage, sentence)
        ):
            return True
    return False


_BY_CHOICE = r"\b(?:can|may|could) (?:also |be |even )*\w+(?: [\w'-]+){0,4} online$"
"""A way that is open to the reader, which asks for nothing: ``you can cancel at any time online``."""
_HAPPENS = (
    r"\b(?:meets?|(?:is|are) (?:\w+ )?(?:made|baked|brewed|roasted|picked|harvested|cut|cooked|prepared|published|"
    r"written|recorded|filmed|built|smoked|hand-?made|caught|landed|bottled|packed|printed|posted|announced|drawn|updated|cleaned)|"
    r"we (?:\w+ )?(?:make|bake|brew|roast|pick|harvest|smoke|bottle|pack|publish|update|clean)s?)\b[^,;:]*$"
)
"""What happens on a day, and bounds nothing that the reader gets: ``the sausages are made on | Tuesdays``."""


def _binds_nothing(name: str, found: re.Match[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether a day only says when something is done, a way is one of several, or who joins."""
    before, upto = passage.text[: found.start()], passage.text[: found.end()]
    if has(r"\bonly\b", passage.text):
        return False
    if name == "scope":
        return has(_BY_CHOICE, upto)
    if name == "when":
        daily = has(r"\b(?:(?:every|any|each) (?:\w+ )?(?:day|morning|night)|daily|all week)\b", evidence.case.low)
        return bool(weekdays(found[0])) and has(_HAPPENS, before) and not daily
    return name == "who" and "member" in found[0].lower() and _membership_sold(evidence)


def _membership_sold(evidence: Evidence) -> bool:
    """Return whether the copy tells the price of being a member, so that its reader is one from then on."""
    prices = [f for p in evidence.passages if has(r"\bmembership\b", p.text) for f in p.figures if f.kind == "money"]
    told = (q for s in evidence.case.sentences for q in s.figures if q.kind == "money")
    return any(matches(q, f) for q in told for f in prices)


_WORTH = (
    r"\b(?:off|free|discount\w*|sav(?:e|es|ing)|voucher|refund\w*|return\w*|exchange\w*|credit|bonus|points?|reward\w*|"
    r"cashback|half|gift|price|cost\w*|pay\w*|rate)\b|% "
)


def _tells_the_worth(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a sentence tells what a condition bounds: a figure of the passage, or the benefit it speaks of.

    Who only says where the pool is, or that a dentist can be looked up, need not say who may and when.
    """
    sentence = evidence.sentence
    if any(matches(q, f) for f in passage.figures for q in sentence.figures):
        return True
    on_its_own = _OPENER.search(passage.text) is not None and passage not in evidence.aligned
    return (passage in evidence.aligned[:1] or on_its_own) and has(_WORTH, sentence.text)


_TIER = re.compile(
    r"\b(?P<tier>(?:Bronze|Copper|Silver|Gold|Platinum|Titanium|Diamond|Ruby|Emerald|Sapphire|Pearl|Jade|Amber|Crystal|"
    r"Elite|Prime|Premier|Select|Classic|Essential|Basic|Standard))(?: tier)? $"
)


def _tier_told(found: re.Match[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether the copy has the tier in place of its members: ``Travelling Silver?`` for ``Silver members``."""
    tier = _TIER.search(passage.text[: found.start()])
    return tier is not None and any(re.search(rf"\b{tier['tier']}\b", s.raw) for s in evidence.case.sentences)


def _tells_both(found: re.Match[str], passage: Passage, low: str) -> bool:
    """Return whether the passage sets members apart from others and the copy has no word of members."""
    return (
        "member" in found[0].lower()
        and has(r"\bnon-?members?\b", passage.text)
        and not has(r"\b(?:members?(?:hip)?|belong|join\w*)\b", low)
    )


def _bounds_told(passage: Passage, evidence: Evidence) -> bool:
    """Return whether the copy says every least sum of the passage, in whatever words."""
    told = [f for s in evidence.case.sentences for f in s.figures]
    bounds = [f for f in passage.figures if f.hedge == "min"]
    return bool(bounds) and all(any(matches(q, f) for q in told) or meets(f, passage, evidence) for f in bounds)


def _sum_reached(passage: Passage, evidence: Evidence) -> bool:
    """Return whether the price that is told reaches every least sum of the passage."""
    bounds = [f for f in passage.figures if f.hedge == "min"]
    return bool(bounds) and _price_reaches(bounds, evidence)


def _of_another_clause(found: re.Match[str], passage: Passage, sentence: Passage) -> bool:
    """Return whether a condition stands with a price or benefit of its own, and the sentence tells another one.

    ``Pre-orders get 10% off, and orders over £49 ship free``: who tells the 10% need not tell the £49. What opens or
    ends a sentence may bind all of it (``10% off boots and 20% off tents for members``), unless the side that is told
    has a condition of the same sort (``£95 from Monday to Thursday and £115 at weekends``).
    """
    if span_of_another_clause(found.start(), passage, sentence):
        return True
    sides, at, mine = sides_told(found.start(), passage, sentence)
    if at in mine or not worth_of(sides[at], passage):
        return False
    return any(_bound_alike(found, passage.text[slice(*sides[n])]) for n in mine)


def _bound_alike(found: re.Match[str], side: str) -> bool:
    """Return whether a side of a sentence has a condition of the sort that was found in another side."""
    sort = next((name for name, stated, _ in _CONDITIONS_RE if stated is found.re), "")
    return any(name == sort and stated.search(side) for name, stated, _ in _CONDITIONS_RE)


def _alone_lost(passage: Passage, evidence: Evidence) -> bool:
    """Return whether what stands before a last ``only`` is said nowhere."""
    known = {concept(w) for w in re.findall(r"[a-z]+", evidence.case.low)}
    for found in _ONLY.finditer(passage.text):
        stems = {concept(w) for w in re.findall(r"[a-z]+", found["what"].lower()) if not _plain(w)}
        if stems and not stems & known and not said_otherwise(stems, evidence.case.low):
            return True
    return False


_SEASON = r"\b(?:in|during|from|between|throughout) (?:early |late |mid-)?(?:january|february|march|april|(?-i:May)|june|july|august|september|october|november|december)\b(?! \d{1,2}\b)"  # noqa: E501
_SOME_TIME = r"\b(?:month|\w+days?|spring|summer|autumn|fall|winter|season|easter|christmas|now|today|right|until|till|before|by)\b"  # noqa: E501


def _season_lost(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a price of some months (``20% lower in January and February``) is told of no time at all."""
    sentence, low = evidence.sentence, evidence.case.low
    priced = any(f.kind in ("money", "percent") and matches(q, f) for f in passage.figures for q in sentence.figures)
    if not priced or passage.days or has(SAMPLE, passage.text) or not has(_SEASON, passage.text):
        return False
    raw = " ".join(s.raw for s in evidence.case.sentences)
    return not (months(raw) or any(s.days for s in evidence.case.sentences) or has(_SOME_TIME, low))


_ONLY = re.compile(r"(?:^|[,;(] )(?P<what>[A-Za-z' -]{3,40}) only(?=[.!,;)]|$)", re.I)
"""``Weekdays only.`` and ``..., hand luggage only``."""


_BOUND_PHRASE = re.compile(
    r"\b(?:(?:everyone|everybody|anyone|all|those|(?:customers|members|guests|students|drivers|visitors|clients|subscribers|owners|families|couples|employees|passengers|travellers|parents|donors|patients|residents|learners)) who|only (?:for|to|on|in|at|with|when|if)|(?<!even )(?<!as )if|unless|provided|as long as|^with(?= (?:the|your|our|an?) (?:[\w'-]+ ){0,3}(?:pass|card|ticket|code|voucher|coupon|membership|subscription|receipt|badge|permit|licence|railcard|wristband|letter)\b[^,]{0,30},)|exclusively (?:for|to)|valid (?:only )?(?:in|at|on|with|for)|excluding|except(?: for| on)?|with (?:the )?purchase of|with (?:an? (?:paying|valid|full-paying|accompanying)|any|every|each)|(?<!even )(?:when|while)(?= \w+ing\b)|(?<!even )(?<!than )when (?:they|customers|members|guests|visitors|passengers|an?|the|your?|booked|bought|paired|combined|paid|ordered)) (?P<what>[^,.;:()]{3,60})",  # noqa: E501
    re.I,
)


_NEAR = 4
_IF_SUBJECT = re.compile(
    r"^(?:the|your|an?|their|its|our|they|it|you|we)(?: [\w'-]+){0,3}? (?:is|are|has|have|was|were)(?: been)? (?=[a-z]{4})",  # noqa: E501
    re.I,
)
"""Of what a condition speaks; what it asks stands behind: ``if the mixer is | registered within 28 days``."""


def _phrase_lost(passage: Passage, evidence: Evidence) -> bool:
    """Return whether no word of what stands behind ``if``, ``only for``, ``with every`` ... is in the copy."""
    low, told = evidence.case.low, [f for s in evidence.case.sentences for f in s.figures]
    known = {concept(w.removeprefix("pre")) for w in re.findall(r"[a-z]+", low)} | {
        concept(w) for w in re.findall(r"[a-z]+", low)
    }
    spans = [
        (f.start, f.end) for f in passage.figures if f.kind in ("time", "months") and any(matches(q, f) for q in told)
    ]
    for found in _BOUND_PHRASE.finditer(without(passage.text, spans)):
        phrase = _IF_SUBJECT.sub("", found["what"]) or found["what"]
        words = re.findall(r"[a-z]+", _UNDATED.split(_GIVEN.split(phrase.lower())[0])[0])
        stems = {concept(w) for w in words if not _plain(w)}
        digits = set(re.findall(r"\d+", phrase))
        bounds = [f for f in passage.figures if f.hedge and found.start() <= f.start < found.end() + _NEAR]
        told_in = any(matches(q, f) for f in bounds for q in told)
        told_in = told_in or _time_told(found, passage, evidence)
        loosens = found[0].lower().startswith(("unless", "except")) and has(_DENIED, passage.text[: found.start()])
        exempt = loosens and has(_DENIED + r"|\b(?:aside|apart|without|but|except\w*|exclud\w+)\b", low)
        if exempt or told_in or has(r"\b(?:required|permitted|allowed|provided) by law\b", phrase):
            continue
        unsaid = stems and not stems & known and not said_otherwise(stems, low)
        if (unsaid or (not stems and digits and not digits & numbers_said(evidence.case))) and not _of_another_clause(
            found, passage, evidence.sentence
        ):
            return True
    return False


_DENIED = r"\b(?:not|never|no|nobody|cannot)\b"
"""What stands before an exception that only loosens: ``cannot be returned | unless faulty``."""


def _time_told(found: re.Match[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether one sentence of the copy has the time in a condition and the price that it bears.

    ``An exit fee of £75 applies if you leave within the 24 months``: "leaving before the two years are over costs £75".
    """
    times = [f for f in passage.figures if f.kind in ("time", "months") and found.start() <= f.start < found.end()]
    prices = [f for f in passage.figures if f.kind in ("money", "percent")]
    told = [f for s in evidence.case.sentences for f in s.figures]
    return bool(times and prices) and all(any(matches(q, f) for q in told) for f in (*times, *prices))


_WHERE = re.compile(
    r"\b(?i:available|offered|valid|open|deliver(?:y|ies|ed)?|ship(?:ping|s|ped)?|install(?:ed|ation)?) (?i:only )?"
    r"(?i:free(?: of charge)? )?(?i:in|within|to|across|throughout) (?:(?i:the|greater|central|mainland) )?"
    r"(?:(?i:city|town|county|district|region|state|area|village|borough|province|canton|island|municipality) of )?(?P<place>[A-Z][a-z]+)"  # noqa: E501
    r"|\b(?:in|at) (?:our|the) (?P<house>[A-Z][a-z]+)(?: [A-Z][a-z]+)? (?:shop|store|branch|showroom)\b"
)


def _place_lost(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a benefit that is given in one place is told without the place."""
    low = evidence.case.low
    found = _WHERE.search(passage.text) if has(_BENEFIT, passage.text) else None
    place = (found["place"] or found["house"]).lower() if found else ""
    return bool(place) and place not in CALENDAR and not has(rf"\b{place}\b", low)


_GIVEN = re.compile(r"\b(?:gets?|receives?|earns?|pays?|saves?|may|can|will|enjoys?|enters?|travels?)\b")
_UNDATED = re.compile(r"\b(?:until|from|through|between)\b")


def _plain(word: str) -> bool:
    return len(word) < 3 or word in {
        "you",
        "your",
        "the",
        "our",
        "and",
        "any",
        "are",
        "for",
        "with",
        "not",
        "they",
        "all",
        "when",
        "than",
        "have",
        "has",
        "had",
        "did",
        "does",
        "was",
        "were",
        "will",
        "can",
    }


def _states(sentence: Passage) -> bool:
    return bool(sentence.figures or sentence.days or sentence.clocks or len(sentence.stems) >= 2)


def _binding(evidence: Evidence) -> list[Passage]:
    """Return the passages whose conditions bind the sentence: what it speaks of, and conditions said on their own."""
    aligned = evidence.aligned[:2]
    if len(aligned) == 2 and not _adds(evidence.sentence, aligned[0], aligned[1]):
        aligned = aligned[:1]
    aligned = list(dict.fromkeys([*aligned, *(passage for _, passage in evidence.by_clause)]))
    aligned = [p for p in aligned if not of_another_thing(p, evidence)]
    loose: list[Passage] = []
    for source in evidence.sources:
        if any(p in source.passages for p in aligned):
            loose += [p for p in source.passages if p not in aligned and _binds(p, evidence.sentence)]
    return aligned + loose


def _binds(passage: Passage, sentence: Passage) -> bool:
    """Return whether a condition said on its own is about what the sentence is about."""
    found = _OPENER.search(passage.text)
    if not found:
        return False
    first = passage.text.split()[0].lower()
    if has(r"^(?:the |this )?(?:offer|discount|code|deal|promotion)\b", passage.text) and not has(
        _BENEFIT + _NOTHING_TO_PAY, sentence.text
    ):
        return False
    of = [w.lower() for w in re.findall(r"[A-Za-z]+", found[0])[:2] if not is_empty(w.lower())]
    if "membership" in of and not has(r"\bmemberships?\b", sentence.text):
        return False
    said_of = {concept(w) for w in of}
    return first in ("the", "this", "it", "offer", "they", "these", "both") or not (
        _OWN_SUBJECT.match(passage.text) and not said_of & sentence.concepts
    )


_NOTHING_TO_PAY = (
    r"|\bno (?:\w+ ){0,2}(?:fees?|charges?|deposit)\b|\d ?%|\bhalf\b|\bcode\b|\boffers?\b|\bsale\b|\bwaived?\b"
)
_OWN_SUBJECT = re.compile(
    r"^(?!(?:offer|discount|code|deal|promotion|price|it|rate)s?\b)(?:our )?\w+ (?:is|are) ", re.I
)


def _adds(sentence: Passage, first: Passage, second: Passage) -> bool:
    if {(f.kind, f.value) for f in second.figures} & {(f.kind, f.value) for f in sentence.figures}:
        return True
    names = {concept(w.lower()) for w in re.findall(r"(?<=\w )[A-Z]\w+", second.text)}
    extra = (second.concepts - first.concepts - names) & sentence.concepts
    return len(extra) >= 2 or any(not is_empty(s) for s in extra)


_RECURRING = r"only|weekday|weekend|first|before|after|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b"


_AS_IT_WAS = r"\b(?:unused|unworn|unopened|undamaged)\b"
_GIVEN_BACK = (
    r"\b(?:return\w*|refund\w*|exchange\w*|sen[dt]|money|credit\w*|accept\w*|tak(?:e|en)|bring|brought|swap\w*)\b"
)
"""What unused things are asked for; "unused pages roll over" asks for nothing."""
_ON_PLAN = re.compile(
    r"\b(?:members?|customers?|subscribers?|users?|clients?|students?) (?:on|with|of|holding) (?:the|our|an?|any) "
    r"(?P<name>[\w' -]{2,30}?(?:plan|subscription|membership|account|tariff|package|pass|card))\b",
    re.I,
)
_OWN_CONTRACT = re.compile(
    r"\b(?:members?|subscribers?|customers?) (?:may|can|are free to) (?:also )?(?P<act>cancel|pause|freeze|suspend|skip|end|leave|renew|"  # noqa: E501
    r"downgrade|upgrade|reactivate)\b",
    re.I,
)


_REFER = r"(?:refer\w*|invit\w+|recommend\w*|introduc\w+|nominat\w+|sponsor\w*|br(?:ing|ought)|sign(?:ed)? up)"
_REFERRED_BY = rf"\b{_REFER} by (?:an?|the|our|another|any|existing) (?:\w+ )?\w+"
_YOU_REFER = rf"\byou(?:'ve| have)? {_REFER}\b|\byour referral"
"""Who is told of the friend whom "you" refer is the member who refers."""


_BENEFIT_FOR_ALL = r"\b(?:free|discount|half price)\b|% off"
_MEMBERS_OWN = re.compile(
    r"\b(?:members?|subscribers?|customers?|users?) (?:may|can) (?:[\w-]+ ){1,3}?their (?:own |current |full |remaining )?"  # noqa: E501
    r"(?P<own>(?:[\w-]+ )?(?:account|points?|miles|balance|tier|status|profile|membership|statements?|expiry|stamps?|plan|subscription|"  # noqa: E501
    r"bookings?|orders?|invoices?|details|rewards?|credits?|history|password|usage|data|card)\b)",
    re.I,
)
"""What only those have who have joined: ``Members can check their points balance``."""


def _holders_of(passage: Passage, sentence: Passage) -> bool:
    """Return whether the sentence speaks to members by what only they have: ``on the Sprint plan``, ``cancel the plan``."""  # noqa: E501
    if has(_REFERRED_BY, passage.text) and has(_YOU_REFER, sentence.text):
        return True
    own = _MEMBERS_OWN.search(passage.text)
    if (
        own
        and not has(_BENEFIT_FOR_ALL, passage.text)
        and has(rf"\byour (?:[\w-]+ ){{0,2}}{own['own'].split()[-1]}", sentence.text)
    ):
        return True
    plan, act = _ON_PLAN.search(passage.text), _OWN_CONTRACT.search(passage.text)
    if plan and plan["name"].lower() in sentence.text.lower():
        return True
    return act is not None and concept(act["act"].lower()) in sentence.concepts


_SHOPS = r"(?:in[- ]store|in (?:all |any of )?(?:our |the )?(?:\w+ )?(?:stores?|shops?|branch(?:es)?|boutiques?))"
_EVERY_WAY = rf"\bonline,? (?:and|or|as well as|and also) {_SHOPS}|\b{_SHOPS},? (?:and|or|as well as|and also) online\b"
"""Both ways to buy, so that neither is a condition: ``online and in stores``."""


def _one_way_told(passage: Passage, sentence: Passage) -> bool:
    """Return whether a passage says how it goes online and how in a shop, and the sentence tells one of them."""
    online, shop = r"(?<!not )(?<!nor )\bonline\b(?! only)", rf"(?<!not )(?<!nor )\b{_SHOPS}(?! only)"
    both = has(online, passage.text) and has(shop, passage.text) and not has(r"\bonly\b", passage.text)
    return both and (has(online, sentence.text) or has(shop, sentence.text))


def _not_needed(name: str, passage: Passage, sentence: Passage) -> bool:
    if name in ("minimum",) and has(r"\bno minimum|without minimum", passage.text):
        return True
    if name == "when" and passage.days and not has(_RECURRING, passage.text):
        return True
    if name == "who" and has(r"\baged\b", passage.text) and has(SAMPLE, passage.text):
        return True
    if name == "who" and has(r"\bsubscribers?\b", passage.text) and not has(_BENEFIT, passage.text):
        return True
    if name == "state" and has(_AS_IT_WAS, passage.text) and not has(_GIVEN_BACK, passage.text):
        return True
    if name == "who" and _holders_of(passage, sentence):
        return True
    if name == "frequency":
        return passage.concepts.isdisjoint(sentence.concepts)
    if name == "scope" and (has(_EVERY_WAY, passage.text) or _one_way_told(passage, sentence)):
        return True
    if name == "who" and has(r"\beach member\b", passage.text) and not has(_BENEFIT, passage.text):
        return True
    return bool(name == "who" and has(r"\b(?:all|every|any|non-?)\s?members?\b|everyone", passage.text))
