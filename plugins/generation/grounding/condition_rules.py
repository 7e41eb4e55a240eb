"""Rules about conditions: who may have an offer, when, from which sum, on what, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.certainty_rules import SAMPLE
from plugins.generation.grounding.dates import without
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.lexicon import CALENDAR, concept, is_empty
from plugins.generation.grounding.matching import matches
from plugins.generation.grounding.passages import Passage

# condition: how a source states it | how a copy keeps it (empty: the same words)
_CONDITIONS: tuple[tuple[str, str, str], ...] = (
    ("who", r"\bnew (?:customers?|members?|users?|subscribers?|clients?|accounts?|patients?|sign-?ups?)\b|\bfirst[- ](?:time )?(?:order|purchase|booking|customers?|visit|ride|buyers?|members?|guests?|donors?|visitors?|users?)\b|\b(?:free|discounted) (?:first|initial|introductory) \w+", r"\binitial|\bintroductory|\bnew(?:comers?)?\b|\bfirst\b(?! (?:[\w-]+ )?(?:days?|weeks?|months?|years?|hours?|minutes?|floor|class)\b)|\bwelcome\b|\bjust joined\b"),  # noqa: E501
    ("who", r"\bexisting (?:customers?|members?|users?)\b", r"\bexisting|already|current\b|as an? (?:customer|member)"),
    ("who", r"(?<!new )\bmembers?\b|\bloyalty\b(?! points?\b)", r"\bmembers?|membership|\bjoining fee|loyalty|club|insider|rewards|gold|plus|premium|vip\b"),  # noqa: E501
    ("who", r"\bsubscribers?\b", r"\bsubscri|\bsign(?:ing)? up|\bjoin|\bnew (?:to|here)\b|\b(?:premium|plus|pro|gold)\b"),  # noqa: E501
    ("who", r"\bstudents?\b", r"\bstudent|university|college|campus|uni\b"),
    ("who", r"\b(?:seniors?|over[- ]?6[05]s?|pensioners?)\b", r"\bseniors?|over|pensioner|6[05]\b"),
    ("who", r"\b(?:aged? \d+|over[- ]?(?:18|21)s?|(?:18|21)\+|(?:18|21) (?:or|and) over|adults only)\b", r"\bage|aged|over|adult|older|\bup\b|18|21\b"),  # noqa: E501
    ("who", r"\b(?:children|kids|youngsters|people|pupils|juniors)(?: aged)? (?:under|over|up to|below) \d+", r"\b(?:under|over|below|up to|age[ds]?|years?|younger|older)\b"),  # noqa: E501
    ("who", r"\b(?:gold|platinum|silver|premium|plus|pro|business|enterprise|elite) (?:plan|card|tier|member\w*|account|customer|subscriber|user|cardholder)s?\b", r"\b(?:gold|platinum|silver|premium|plus|pro|business|enterprise|elite)\b"),  # noqa: E501
    ("who", r"\b(?:teachers?|nurses?|nhs|veterans?|military|employees?|freelancers?)\b", r"\b(?:teachers?|nurses?|nhs|veterans?|military|employees?|freelancers?)\b"),  # noqa: E501
    ("when", r"\bweekdays?\b|\bmonday (?:to|through|-) ?(?:friday|thursday)\b|\bmondays?\b|\btuesdays?\b|\bwednesdays?\b|\bthursdays?\b|\bfridays?\b", r"\bweekdays?|mid-?week|\b(?:these|those|both|school|work(?:ing)?) days\b|working week|\b(?:mon|tue|wed|thu|fri)"),  # noqa: E501
    ("when", r"\bweekends?\b|\bsaturdays?\b|\bsundays?\b", r"\bweekend|sat|sun|fri\w* .{0,20}mon"),
    ("when", r"\b(?:before|after|until|by|between) (?:noon|midday|midnight|\d{1,2}(?::\d\d)? ?[ap]\.?m|\d{1,2}:\d\d)", r"\b(?:before|after|until|till|by|between|from|early|late|noon|midday|morning|lunch|evening|[ap]\.?m|cut-?off|-)"),  # noqa: E501
    ("when", r"\boff[- ]peak\b", r"off[- ]peak"),
    ("when", r"\bfirst (?:\w+ )?(?:month|year|week|\d+ days|days|billing)s?\b|\bfor (?:the first|\w+) (?:months?|years?|weeks?)\b", r"\bfirst|intro|start|for (?:\w+ )?\w+ (?:month|year|week)|weeks?\b|months?\b|year|quarter|to begin"),  # noqa: E501
    ("when", r"(?<!expire )(?<!expires )(?<!lapse )(?<!again )\bafter (?:the |your |their |his )?(?:\w+ ){0,2}(?:months?|years?|weeks?|orders?|purchases?|visits?|payments?|stays?|rides?|bookings?)\b", r"\bafter|once|when|following|then|complete|within|of\b|in\b"),  # noqa: E501
    ("contract", r"\b(?:contract|minimum term|commitment|24-month|12-month|18-month|annual plan|billed annually|billed yearly|paid annually|prepay)\b", r"contract|term|commit|\d+[- ]months?\b|annual|year|prepay"),  # noqa: E501
    ("minimum", r"\b(?:orders?|purchases?|spend\w*|baskets?|bookings?|transactions?|bills?|stays?|rides?) (?:of |over |above |totall?ing |worth |more than |at least |is |are |exceeding |from )+(?:at least )?[$\u00a3\u20ac]|\bspend|\bminimum (?:order|spend|purchase|stay)|\bminimum\b(?! (?:term|contract))", r"\bspend|over|above|minimum|or more|at least|\bfrom\b|worth|\d\+|\bmore than|reach|hit|orders? of|exceed|of [$\u00a3\u20ac]|\band up|start(?:s|ing) at"),  # noqa: E501
    ("quantity", r"\bwhen you (?:buy|order|book|purchase|add) (?:any )?(?:two|three|four|[234])\b|\b(?:buy|with) (?:any )?(?:two|three|2|3) ", r"\btwo|three|four|\b[234]\b|pair|both|second|third|twice"),  # noqa: E501
    ("scope", r"\bselected\b|\bparticipating\b|\bcertain\b|\bsome\b(?! of)|\beligible\b|(?<!your )\bchosen (?!by\b|for\b)", r"selected|participating|certain|some|eligible|chosen|hand-?picked|choice of|selection"),  # noqa: E501
    ("scope", r"\bfull[- ]price\b", r"full[- ]price|not .{0,12}sale"),
    ("scope", r"\bonline only\b|\bonly online\b|\bonline(?: orders| purchases)?\b|\bon(?:line)? our (?:web)?site\b|\bat [\w-]+\.com\b", r"online|website|web|site|click|\.com|app"),  # noqa: E501
    ("scope", r"\bin-store only\b|\bonly in-store\b|\bin-store\b|\bin (?:our |participating )?(?:stores|branches|shops)\b", r"in-store|store|shop|branch|boutique|visit|come in|counter"),  # noqa: E501
    ("scope", r"\b(?:in|through|via|with|on) (?:the|our) (?:\w+ )?app\b|\bapp[- ]only\b|\bin-app\b", r"\bapp\b|in-app"),
    ("scope", r"\b(?:standard|economy|basic|ground)\b(?= (?:shipping|delivery|fares?|returns?|postage|room|class|tickets?))", r"standard|economy|basic|ground"),  # noqa: E501
    ("scope", r"\b(?:direct debit|autopay|paperless|paypal|credit card|debit card)\b", r"direct debit|auto-?pay|paperless|paypal|card"),  # noqa: E501
    ("scope", r"\b(?:mainland|continental|contiguous)\b", r"\b(?:mainland|continental|contiguous|lower 48)\b"),
    ("scope", r"\b(?:within|in|to|across) (?:the )?(?:UK|US|USA|EU|mainland|continental|domestic|contiguous|Germany|France|London)\b", r"\b(?:uk|us|usa|eu|mainland|continental|domestic|contiguous|germany|france|london|british|britain|europe|nationwide)\b"),  # noqa: E501
    ("frequency", r"\b(?:once|one|1|single[- ]use|limit(?:ed to)?(?: of)? (?:one|1|two|2)|max(?:imum)? (?:one|1|two)) (?:use |offer |redemption |order |voucher |code |item |ticket |claim )?per (?:person|customer|household|member|account|order|guest)\b|\bsingle use\b", r"once|one|single|limit|per (?:person|customer|household|member|account|order|guest)"),  # noqa: E501
    ("state", r"\b(?:unused|unworn|unopened|undamaged|original packaging|with (?:the |a )?receipt|tags attached|proof of purchase)\b", r"unused|unworn|unopened|undamaged|original|receipt|tags|proof|untouched|not (?:used|worn)|condition"),  # noqa: E501
    ("state", r"\b(?:subject to (?:\w+ )?(?:approval|availability|status|credit checks?|eligibility)|credit approval|conditions apply|if approved|eligibility)\b", r"subject to|approv|availab|eligib|conditions|terms|t&cs|status"),  # noqa: E501
)  # fmt: skip


_CONDITIONS_RE = tuple((n, re.compile(a, re.I), re.compile(b, re.I)) for n, a, b in _CONDITIONS)


_OPENER = re.compile(
    r"^(?:[\w-]+ only(?=[.!]?$)|excludes?|excluding|valid (?:only|on|for|in)|only (?:valid|available|for|in|on|applies)|minimum|members only|online only|in-store only|for (?:new|members|students|existing)|"  # noqa: E501
    r"available (?:only|to|in|for|on)|applies (?:only|to)|not valid|requires?|must|new customers|open to|limited to|"
    r"(?:the |this )?(?:offer|discount|code|deal|promotion|price|it|rate) (?:is )?(?:only )?(?:valid|applies|requires|available|is for|excludes|open|limited)|(?:the |this |our )?\w+ (?:is|are) (?:only )?(?:for|open to|available (?:only )?(?:to|for|in|on)|limited to))\b",  # noqa: E501
    re.I,
)


def threshold_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``dropped_condition`` when ``N or more`` bounds an offer and the copy never says N."""
    said = [f for s in evidence.case.sentences for f in s.figures]
    for passage in _binding(evidence) if _states(evidence.sentence) else []:
        if not has(_BENEFIT, passage.text) or has(SAMPLE, passage.text):
            continue
        bounds = [f for f in passage.figures if f.hedge == "min" and f.kind in ("money", "count", "time", "months")]
        if any(not any(matches(q, f) for q in said) for f in bounds) and not has(
            r"\bminimum\b|\bthreshold\b", evidence.case.low
        ):
            yield "dropped_condition"
            return


_BENEFIT = r"\b(?:off|free|gets?|earns?|discount|saves?|price|voucher|refund|credit|bonus|points|reduced|gift)\b"


def condition_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``dropped_condition`` for a condition of an aligned statement that the whole copy never mentions."""
    sentence, low = evidence.sentence, evidence.case.low
    told = [f for s in evidence.case.sentences for f in s.figures]
    if not _states(sentence):
        return
    numbers = set(re.findall(r"\d+", low))
    for passage in _binding(evidence):
        for name, stated, kept in _CONDITIONS_RE:
            found = stated.search(passage.text)
            if found and name == "who" and (digits := set(re.findall(r"\d+", found[0]))) and digits <= numbers:
                continue
            if found and not kept.search(low) and not _not_needed(name, passage, sentence):
                yield "dropped_condition"
                return
        if _place_lost(passage, low):
            yield "dropped_condition"
            return
        alone = re.match(r"^([\w-]+) only[.!]?$", passage.text)
        if alone and concept(alone[1].lower()) not in {concept(w) for w in re.findall(r"[a-z]+", low)}:
            yield "dropped_condition"
            return
        for phrase in re.findall(
            r"\b(?:(?:everyone|everybody|anyone|all|those|(?:customers|members|guests|students|drivers|visitors|clients|subscribers|owners|families|couples|employees|passengers|travellers|parents|donors|patients|residents|learners)) who|only (?:for|to|on|in|at|with|when|if)|if|unless|provided|as long as|exclusively (?:for|to)|valid (?:only )?(?:in|at|on|with|for)|excluding|except(?: for| on)?|with (?:the )?purchase of|with (?:an? (?:paying|valid|full-paying|accompanying)|any|every|each)|when (?:an?|the|your?|booked|bought|paired|combined|paid|ordered)) ([^,.;:()]{3,60})",  # noqa: E501
            without(
                passage.text,
                [
                    (f.start, f.end)
                    for f in passage.figures
                    if f.kind in ("time", "months") and any(matches(q, f) for q in told)
                ],
            ),
            re.I,
        ):
            stems = {
                concept(w)
                for w in re.findall(r"[a-z]+", _UNDATED.split(_GIVEN.split(phrase.lower())[0])[0])
                if not _plain(w)
            }
            known = {concept(w) for w in re.findall(r"[a-z]+", low)}
            digits = set(re.findall(r"\d+", phrase))
            if (stems and not stems & known) or (not stems and digits and not digits & set(re.findall(r"\d+", low))):
                yield "dropped_condition"
                return


_WHERE = re.compile(
    r"\b(?i:available|offered|valid|open|deliver(?:y|ies|ed)?|ship(?:ping|s|ped)?|install(?:ed|ation)?) (?i:only )?"
    r"(?i:in|within|to|across|throughout) (?:(?i:the|greater|central|mainland) )?(?P<place>[A-Z][a-z]+)"
    r"|\b(?:in|at) (?:our|the) (?P<house>[A-Z][a-z]+)(?: [A-Z][a-z]+)? (?:shop|store|branch|showroom)\b"
)


def _place_lost(passage: Passage, low: str) -> bool:
    """Return whether a benefit that is given in one place is told without the place."""
    found = _WHERE.search(passage.text) if has(_BENEFIT, passage.text) else None
    place = (found["place"] or found["house"]).lower() if found else ""
    return bool(place) and place not in CALENDAR and place not in low


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
    }


def _states(sentence: Passage) -> bool:
    return bool(sentence.figures or sentence.days or sentence.clocks or len(sentence.stems) >= 2)


def _binding(evidence: Evidence) -> list[Passage]:
    """Return the passages whose conditions bind the sentence: what it speaks of, and conditions said on their own."""
    aligned = evidence.aligned[:2]
    if len(aligned) == 2 and not _adds(evidence.sentence, aligned[0], aligned[1]):
        aligned = aligned[:1]
    aligned = list(dict.fromkeys([*aligned, *(passage for _, passage in evidence.by_clause)]))
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
    said_of = {concept(w.lower()) for w in re.findall(r"[A-Za-z]+", found[0])[:2] if not is_empty(w.lower())}
    return first in ("the", "this", "it", "offer") or not (
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


def _not_needed(name: str, passage: Passage, sentence: Passage) -> bool:
    if name in ("minimum",) and has(r"\bno minimum|without minimum", passage.text):
        return True
    if name == "when" and passage.days and not has(_RECURRING, passage.text):
        return True
    if name == "who" and has(r"\baged\b", passage.text) and has(SAMPLE, passage.text):
        return True
    if name == "who" and has(r"\bsubscribers?\b", passage.text) and not has(_BENEFIT, passage.text):
        return True
    if name == "frequency":
        return passage.concepts.isdisjoint(sentence.concepts)
    if name == "scope" and has(
        r"\bin-store and online|online and in-store|online or in-store|in-store or online", passage.text
    ):
        return True
    return bool(name == "who" and has(r"\b(?:all|every|any|non-?)\s?members?\b|everyone", passage.text))
