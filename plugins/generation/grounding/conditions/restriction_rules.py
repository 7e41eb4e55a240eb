"""Rules about what narrows a statement: whom it speaks of, and the words behind a figure or a benefit.

"Gold members may bring a guest" says nothing of members; "70 km in eco mode" says nothing of 70 km.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.conditions.other_words import BODIES, numbers_said, said_otherwise
from plugins.generation.grounding.conditions.sides import sides_told
from plugins.generation.grounding.conditions.unbound import of_another_thing
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.examples import bounds_met
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.figures.owner_rules import names_in
from plugins.generation.grounding.reading.dates import weekdays, without
from plugins.generation.grounding.reading.lexicon import CALENDAR, STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import numeral, unit_size
from plugins.generation.grounding.wording.wider_words import stands_for

_VERB = (
    r"(?:is|are|was|were|may|can|could|will|must|gets?|has|have|receives?|earns?|pays?|enjoys?|enters?|travels?|saves?|"
    r"stays?|eats?|comes?|ships?|costs?|contains?|fits?|includes?|holds?|carr(?:y|ies)|runs?|takes?|starts?|plays?|"
    r"lasts?|reads?|opens?|looks?|gives?|needs?|weighs?|seats?|drinks?|sleeps?|rides?|do|does|qualif(?:y|ies)|visits?|"
    r"park|board|swim|join|train|ski|dine|fly|sail|climb|borrow|return|choose|renew|who|that)"
)
_SUBJECT = re.compile(rf"^\W*(?P<subject>(?:[\w'-]+ ){{1,9}}?)(?P<verb>{_VERB})\b", re.I)
_GROUP = (
    r"\b(?:members?|customers?|guests?|people|children|kids|adults|students?|subscribers?|visitors|drivers|riders|users|"
    r"buyers|shoppers|clients|patients|passengers|travellers|couples|families|siblings|players|donors|rooms?|suites?|"
    r"orders?|tickets?|parcels?|items?|products?|bookings?|accounts?|plans?|stores?|shops?|branches|clubs?|flights?|"
    r"\w+s)$"
)
_TRAILER = re.compile(
    r"^\s*,?\s*(?:(?:a|per) (?:year|month|week|day|night) )?"
    r"(?:in|on|with|for|from|when|if|to|during|outside|except|except (?:in|on|at|for|during)|alongside|together with) (?!(?<=to )(?:all|any|every) (?!\w*(?:members|holders|residents|guests|students)\b))"  # noqa: E501
    r"(?:(?:an?|the|our|your|their|its|all|any) )?(?P<what>[\w'\u2019-]+(?: [\w'\u2019-]+){0,4})",
    re.I,
)
_GOODS = re.compile(
    r"^ ?(?:off|discount on|reduction on) (?:(?:all|our|the|any|every|selected) )*(?:[a-z][\w-]+ ){1,3}?(?=(?:in|from|by|with|made of) )",  # noqa: E501
    re.I,
)
"""The goods between a discount and what narrows them: ``25% | off novels | in the crime section``."""
_NEXT = re.compile(r"\b(?:on|in|at|from|with|when|if|who|during|until|every|each|per|to|for|and|but)\b", re.I)
"""Where the first thing that narrows ends: ``Marlham residents | on the first Sunday``."""
_DAYS = frozenset(map(concept, CALENDAR)) | frozenset(concept(f"{day}s") for day in CALENDAR)
"""Days have a rule of their own."""
_OPENING = re.compile(
    r"^(?:(?:on|in|at|from|until|for|with|during) [^,.]{3,40}?(?:, | (?=(?:all|every|each|the|our) )))?"
    r"(?:(?:all|every|each|the|our|a|an|any|as an?) )?",
    re.I,
)
_BENEFIT = re.compile(r"\b(?:free|half price|discount)\b", re.I)
_RESTRICTING = ("percent", "money", "length", "energy", "multibuy", "factor", "mass", "power", "time")
_NARROW = frozenset(["simple", "basic", "standard", "small", "large", "selected", "working", "eligible", "single"])
_RANKS = frozenset(("new", "first", "second", "existing"))
_RANKED = r"\b(?:new|first|second|existing|simple|basic|standard|selected|eligible) (?:\w+ )?\w+$"
_NO_LIMIT = frozenset(
    concept(word)
    for word in """sale stock store shop request purchase demand place time end start share ticket offer charge
    battery total sum addition fact practice""".split()  # noqa: SIM905
)


def restriction_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``dropped_condition`` or ``roles_swapped`` where the copy widens whom or what a statement speaks of."""
    sentence = evidence.sentence
    if not sentence.cited or not evidence.aligned or (has(_OF_READER, sentence.text) and not sentence.figures):
        return
    told = [f for s in evidence.case.sentences for f in s.figures]
    figures = {f"{f.value + _STEP.get(f.hedge, 0):g}" for f in told} | {f"{f.value:g}" for f in told}
    figures |= {f"{f.value / unit_size(f.unit):g}" for f in told} | numbers_said(evidence.case)
    said = _concepts(evidence.case.low) | figures | bounds_met(evidence.aligned[0], evidence)
    yield from _subject_problems(evidence, said)
    if any(_trailer_lost(passage, evidence, said) for passage in evidence.aligned[:1]):
        yield "dropped_condition"
    if any(_narrowed(passage, evidence.sentence, said) for passage in evidence.aligned[:1]):
        yield "dropped_condition"
    if any(
        _range_lost(p, sentence, said) or _others_apart(p, evidence, said) or _one_of_both(p, sentence, said)
        for p in evidence.aligned[:1]
    ):
        yield "dropped_condition"
    if any(_kind_lost(passage, evidence, said) for passage in evidence.aligned[:1]):
        yield "dropped_condition"
    if any(_compared_with_nothing(passage, sentence, said) for passage in evidence.aligned[:1]):
        yield "dropped_condition"
    if has(_DAILY, sentence.text) and _not_daily(evidence.low):
        yield "day_not_in_source"


_DAILY = r"\bdaily\b(?!(?: of the week)? (?:but|bar|except|excluding|apart from|other than)\b)"
_STEP = {"max": 1, "under": -1}
"""``9 and under`` also says 10, as in ``under 10``."""
_OF_READER = r"^\W*you (?:have|had|did|do|are|were|used)\b"
"""What a sentence opens with that tells the reader something of the reader: ``You have not ordered for a while``."""
_MODIFIED = re.compile(r"\b(?P<what>^[A-Z][a-z]+ed|[a-z]+(?:-[a-z]+)*) (?P<noun>[a-z]{3,}s)\b")


def _narrowed(passage: Passage, sentence: Passage, said: frozenset[str]) -> bool:
    """Return whether an offer for ``oak frames`` has become one for ``frames``."""
    if not any(f.kind in ("money", "percent", "multibuy") and any(matches(q, f) for q in sentence.figures)
               for f in passage.figures):  # fmt: skip
        return False
    nouns = {w for w in re.findall(r"[a-z]{3,}s\b", sentence.text.lower())}  # noqa: C416
    for found in _MODIFIED.finditer(without(passage.text, [(f.start, f.end) for f in passage.figures])):
        what, noun = found["what"].lower(), found["noun"]
        if noun not in nouns or {what, noun} & STOP or is_empty(what) or what in _UNITS_OF or noun in _UNITS_OF:
            continue
        if what in _OPENS_LIST or (noun == "members" and what in BODIES):
            continue
        if has(_PRICE_OF_ANOTHER, passage.text[found.end() :]) or _listed_as_given(passage, found.start()):
            continue
        if not _restricting(what) & said and _restricting(what):
            return True
    return False


def _listed_as_given(passage: Passage, at: int) -> bool:
    """Return whether a thing stands among those that come with another: what it is like bounds nothing then.

    A plan that includes ``daily contact lenses`` includes lenses; 20% off contact lenses is not 20% off lenses.
    """
    start = max((m.end() for m in re.finditer(r"[;:.]", passage.text[:at])), default=0)
    given = re.search(_COMES_WITH, passage.text[start:at], re.I)
    return given is not None and not has(r"% off|\bdiscount|\bfree\b|\bhalf price\b", passage.text[start:at])


_COMES_WITH = r"\b(?:includ(?:es?|ing)|comes? with|contains?|consists? of|made up of|holds?|together with)\b"
_PRICE_OF_ANOTHER = r"^[^.;]{0,30}\b(?:requires?|needs?|takes)\b|\bwith (?:the|our|an?) [^.;]{0,25}\b(?:plan|subscription|package|pass|membership)\b"  # noqa: E501
"""Behind a noun, what says that the price is that of something else: ``clips | requires the Basic plan at £3``."""
_KIND = re.compile(r"\b(?P<what>[A-Za-z]+(?:-[a-z]+)*)(?= (?P<noun>[a-z]{3,})\b)")


def _kind_lost(passage: Passage, evidence: Evidence, said: frozenset[str]) -> bool:
    """Return whether ``coloured ink`` has become ``ink`` where another sentence says ``Black ink is excluded``."""
    sentence = evidence.sentence
    shared = [
        f for f in passage.figures if f.kind in ("money", "percent") and any(matches(q, f) for q in sentence.figures)
    ]
    others = [p for s in evidence.sources if passage in s.passages for p in s.passages if p is not passage]
    kept_out = frozenset[str]().union(*(p.concepts for p in others if has(_KEPT_OUT, p.text)))
    for found in _KIND.finditer(passage.text) if shared and kept_out else ():
        what, noun = found["what"].lower(), concept(found["noun"])
        if what in STOP or is_empty(what) or what.endswith("s") or noun not in sentence.concepts & kept_out:
            continue
        if found.start() and found["what"][0].isupper():
            continue
        if not _restricting(what) & said:
            return True
    return False


_RANGE = re.compile(
    r"\b(?P<goods>[a-z]{3,}s) (?:of|in|from) (?:the|our) (?P<name>(?:[A-Z][\w'-]*|[a-z-]+)(?: [A-Z][\w'-]*)*) "
    r"(?:series|range|collection|line|family|section|department|aisle)\b"
)


def _range_lost(passage: Passage, sentence: Passage, said: frozenset[str]) -> bool:
    """Return whether 20% off ``baths of the Silva series`` has become 20% off ``baths``."""
    found = _RANGE.search(passage.text)
    given = _same_price(passage, sentence) or (has(_GETS, passage.text) and has(_GETS, sentence.text))
    if found is None or concept(found["goods"]) not in sentence.concepts or not given:
        return False
    return not _restricting(found["name"]) & said


_GETS = r"\b(?:free|half price|for the price of|on us|discount|voucher|gift)\b"
_BOTH_KINDS = re.compile(
    r"\b(?:combined|both|joint) (?P<one>[a-z-]{3,}) and (?P<two>[a-z-]{3,}) (?P<what>[a-z]{3,})\b|"
    r"\bboth (?:an? |the |our |their )?(?P<first>[a-z-]{3,})(?: [a-z-]+)? and (?:an? |the |our |their )?(?P<second>[a-z-]{3,})",  # noqa: E501
    re.I,
)
_TAKES = (
    r"\b(?:buy|buys|book|books|order|orders|take|takes|choose|chooses|get|gets|have|has|hold|holds|who|with|if|when)\b"
)


def _one_of_both(passage: Passage, sentence: Passage, said: frozenset[str]) -> bool:
    """Return whether what two things together get is told of one: ``combined buildings and contents cover``."""
    given = _same_price(passage, sentence) or (has(_GETS, passage.text) and has(_GETS, sentence.text))
    for found in _BOTH_KINDS.finditer(passage.text) if given else ():
        pair = (found["one"] or found["first"], found["two"] or found["second"])
        one, two = ({concept(word.lower())} for word in pair)
        if has(_TAKES, passage.text[: found.start()]) and bool(one & said) != bool(two & said):
            return True
    return False


_OTHERS = re.compile(
    r"^\W*(?:all |any |our |the )*(?:other|remaining) (?:[\w-]+ )*?(?P<goods>[a-z]{3,})\b"
    r"(?= (?:is|are|do|does|stay|stays|remain|remains|keep|keeps|cost|costs|cannot|can)\b)",
    re.I,
)


def _others_apart(passage: Passage, evidence: Evidence, said: frozenset[str]) -> bool:
    """Return whether an offer for some goods is told of the goods that the next sentence sets apart from them.

    ``10% off hardback atlases. Other books stay at full price``: 10% off books is too much.
    """
    sentence = evidence.sentence
    if not _same_price(passage, sentence):
        return False
    goods = {
        concept(found["goods"])
        for source in evidence.sources
        if passage in source.passages
        for p in source.passages
        if p is not passage and (found := _OTHERS.match(p.text))
    }
    if not goods & sentence.concepts:
        return False
    words = zip(passage.words, passage.stems, strict=True)
    offered = {s for word, s in words if not is_empty(word) and s not in goods and word not in _OPENS_LIST}
    named = {concept(word) for word in names_in(passage)}
    return bool(offered) and not (offered & _before_goods(passage, goods, offered)) & said and not named & said


def _before_goods(passage: Passage, goods: set[str], offered: set[str]) -> set[str]:
    """Return the words right before the goods in a passage, or all that it offers where it calls them otherwise."""
    at = next((n for n, stem in enumerate(passage.stems) if stem in goods), None)
    return offered if at is None else set(passage.stems[max(0, at - 3) : at])


_KEPT_OUT = r"\b(?:excluded|excepted|exempt|not (?:included|eligible)|do(?:es)? not apply|full price)\b"
_UNITS_OF = frozenset(
    """days weeks months hours minutes years times nights costs pays earns gets comes ships starts weighs measures
    includes contains covers holds takes lasts runs opens closes offers gives has needs saves begins ends arrives
    applies receives delivers stands reaches fits serves sells makes works seats sleeps carries pounds dollars euros
    pence cents people grams litres metres inches feet miles""".split()  # noqa: SIM905
)


_OPENS_LIST = frozenset("including covering containing featuring excluding buying adding using".split())  # noqa: SIM905
"""Words before a noun that open a list rather than narrow the noun: ``including materials``."""


_THAN = re.compile(
    r"^\s*(?:less|more|fewer|[a-z]+er)\b[^.;]{0,40}?\b(?:than|compared (?:with|to)) (?P<what>[^,.;:]+)", re.IGNORECASE
)
_COMPARES = r"\b(?:than|compared|versus|vs|instead|against|rather)\b"


def _compared_with_nothing(passage: Passage, sentence: Passage, said: frozenset[str]) -> bool:
    """Return whether ``30% less sugar than our classic range`` lost what it is compared with."""
    for figure in passage.figures:
        found = _THAN.match(passage.text[figure.end :]) if figure.kind == "percent" else None
        if found and any(matches(q, figure) for q in sentence.figures) and not has(_COMPARES, sentence.text):
            return not _restricting(found["what"]) & said
    return False


def _not_daily(low: str) -> bool:
    if "daily" in low or "24 hours" in low:
        return False
    return bool(weekdays(low)) and len(weekdays(low)) < 7


def _concepts(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z][a-z0-9]*(?:'s)?|\d+[a-z]*", text.lower())
    return frozenset(concept(w) for w in words) | frozenset(concept(w.removesuffix("s")) for w in words)


def _restricting(phrase: str) -> set[str]:
    phrase = phrase.replace("-", " ")
    words = [w.strip("'") for w in re.findall(r"[a-z][a-z0-9'-]+|\d+[a-z]*", phrase.lower())]
    words = [numeral(w) for w in words]
    return {concept(w) for w in words if w in _RANKS or (w not in STOP and (len(w) > 2 or w[0].isdigit()))}


def _subject(passage: Passage) -> tuple[str, str] | None:
    found = _SUBJECT.match(_OPENING.sub("", passage.text))
    if not found:
        return None
    parts = re.split(
        r"\b(?:on|in|with|from|of|aged|under|over|at|between|who|for|up|weighing|measuring)\b",
        found["subject"].strip(),
        maxsplit=1,
    )
    return parts[0].strip(), found["subject"].strip()


_IS_NAME = re.compile(r"(?:[A-Z][\w'-]* )+[A-Z][\w'-]*")
"""A thing by its name, which is the same thing wherever it is: ``Cry Baby Club at the Regal``."""


def _may_bound(subject: str, evidence: Evidence) -> bool:
    """Return whether a subject names a group or a kind, and not one thing by its name, which the copy has too."""
    named = _IS_NAME.fullmatch(subject) and subject.lower() in evidence.case.low
    return not named and (has(_GROUP, subject) or has(_RANKED, subject))


def _subject_problems(evidence: Evidence, said: frozenset[str]) -> Iterator[str]:
    sentence = evidence.sentence
    passage = _source_of(sentence, evidence)
    theirs = _subject(passage) if passage else None
    if passage and theirs and has(r"^(?:its|their) ", theirs[1]):
        owned = _restricting(theirs[0])
        if owned and not owned & said:
            yield "roles_swapped"
        return
    if passage is None or theirs is None or not _may_bound(theirs[0], evidence):
        return
    head = concept(theirs[0].split()[-1].lower())
    limits = _limits(theirs, head, passage, sentence)
    names = {concept(w) for w in names_in(passage)}
    mine = _subject(sentence)
    if mine and limits and head in _concepts(mine[0]):
        others = (_restricting(mine[1]) - {head}) - limits
        elsewhere = frozenset[str]().union(*(p.concepts for p in evidence.passages if p is not passage))
        if not (_restricting(mine[1]) & limits) and others and others & elsewhere and not limits & said:
            yield "roles_swapped"
            return
    bound = has(_PEOPLE, theirs[0]) or _same_price(passage, sentence)
    before = (_restricting(" ".join(theirs[0].split()[:-1][-2:])) if bound else set[str]()) & limits
    if _binds_no_more(theirs[0], limits, passage, evidence) or said_otherwise(limits, evidence.case.low):
        return
    known = head in said or said_otherwise({head}, evidence.case.low) or _does_it(passage, said)
    if not known and not limits & said and _left_out(theirs[0], head, limits, passage, sentence):
        yield "dropped_condition"
        return
    narrow = {concept(w) for w in theirs[0].lower().split()[:-1] if w in _NARROW}
    unsaid = bool(limits) and (not limits & said or bool(before and not before & said))
    if (narrow - said and head in said) or (unsaid and (head in said or names & limits)):
        yield "dropped_condition"


_WHO = re.compile(r"\bwho (?P<deed>[a-z]{3,})\b(?! (?:is|are|has|have)\b)")


def _does_it(passage: Passage, said: frozenset[str]) -> bool:
    """Return whether the copy has the reader do what makes one of the group: ``donors who give £10``, "give £10"."""
    found = _WHO.search(passage.text)
    return found is not None and found["deed"] not in STOP and concept(found["deed"]) in said


def _binds_no_more(subject: str, limits: set[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether the subject of a passage does not narrow what the sentence tells, which is of something else."""
    sentence = evidence.sentence
    if _another_side_told(passage, sentence) or _time_label_told(limits, passage, sentence):
        return True
    return not has(_PEOPLE, subject) and (
        of_another_thing(passage, evidence) or not _states_its_figures(passage, evidence)
    )


def _another_side_told(passage: Passage, sentence: Passage) -> bool:
    """Return whether a sentence tells a later side of a passage only: ``Foot passengers pay £6; bicycles go free``."""
    _, at, mine = sides_told(0, passage, sentence)
    return bool(mine) and at not in mine


_TIME_LABEL = frozenset(
    map(
        concept,
        """early bird advance presale pre sale last minute late introductory launch opening seasonal season off peak
        summer winter spring autumn holiday promotional""".split(),  # noqa: SIM905
    )
)
"""What names a price after the time in which it holds: ``early-bird tickets``."""


def _time_label_told(limits: set[str], passage: Passage, sentence: Passage) -> bool:
    """Return whether the only limit lost names a time that the sentence has as a day: "book by 30 April"."""
    days = {d.day for d in passage.days} & {d.day for d in sentence.days}
    return bool(limits & _TIME_LABEL and days) and limits - _TIME_LABEL <= sentence.concepts


def _states_its_figures(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a sentence with figures of the sources has one of this passage, where the passage has figures."""
    said = [q for q in evidence.sentence.figures if any(matches(q, f) for p in evidence.passages for f in p.figures)]
    return not said or not passage.figures or any(matches(q, f) for q in said for f in passage.figures)


def _limits(theirs: tuple[str, str], head: str, passage: Passage, sentence: Passage) -> set[str]:
    """Return what narrows the group or the thing of a subject: a body one is a member of does not."""
    people = has(_PEOPLE, theirs[0])
    if has(r"\b(?:we|us|our|here)\b", sentence.text):
        theirs = (theirs[0], re.sub(_WITH_US, "", theirs[1]))
    limits = _restricting(theirs[1] if people or _same_price(passage, sentence) else _behind(theirs)) - {head}
    if people and head in _ANYONE and re.match(r"(?:[A-Z][\w'-]+ ){2,}[a-z]+$", theirs[0]):
        return set()
    if people:
        limits -= {concept(w.lower()) for w in re.findall(r"\b(?:of|at|with|from) (?:the )?([A-Z][\w-]+)", passage.raw)}
    if head == concept("members"):
        limits -= {concept(w) for w in theirs[0].lower().split() if w in BODIES}
    return limits


_WITH_US = r"\b(?:with|at|from|in|by) our [a-z]+$"
"""What the copy says with "us": ``deposits with our bank``."""


def _left_out(subject: str, head: str, limits: set[str], passage: Passage, sentence: Passage) -> bool:
    """Return whether a tariff or a group that alone has a price or a benefit is said nowhere."""
    given = _same_price(passage, sentence) or (_BENEFIT.search(passage.text) and _BENEFIT.search(sentence.text))
    if has(_PEOPLE, subject):
        before = _restricting(" ".join(subject.split()[:-1]))
        return bool(given) and (head not in _ANYONE or (bool(before) and not has(r"\bwho\b", passage.text)))
    return has(_TARIFF, subject) and bool(limits) and _same_price(passage, sentence)


_PEOPLE = (
    r"\b(?:members?|customers?|guests?|people|children|kids|adults|students?|subscribers?|visitors|drivers|riders|users|"
    r"buyers|shoppers|clients|patients|passengers|travellers|couples|families|siblings|players|donors|holders|residents|"
    r"learners|owners|tenants|pensioners|cardholders|apprentices|beginners|carers|graduates|employees|teachers|nurses|"
    r"volunteers|tradespeople|locals|parents|seniors|veterans|ticketholders|homeowners|leaseholders|workers|walkers|"
    r"runners|swimmers|campers|hikers|anglers|golfers|skiers|sailors|gardeners|farmers|commuters|renters|freelancers|"
    r"lecturers|researchers|trainees|attendees|retirees|newlyweds|expectant mothers|mothers|fathers|grandparents|nurseries|"  # noqa: E501
    r"firefighters|paramedics|doctors|vets|dentists|pilots|actors|dancers|singers|charities|businesses|[a-z]{3,}(?:ists|icians|arians))$"
)
_ANYONE = frozenset(
    map(
        concept,
        (
            "customers",
            "guests",
            "visitors",
            "shoppers",
            "people",
            "buyers",
            "users",
            "clients",
            "couples",
            "families",
            "owners",
            "homeowners",
            "learners",
            "passengers",
            "travellers",
            "patients",
            "players",
            "drivers",
            "riders",
            "parents",
            "adults",
        ),
    )
)
"""Groups that a copy may address as ``you``."""


def _behind(subject: tuple[str, str]) -> str:
    """Return what narrows a thing behind its name (``on the third floor``); what stands before often only describes."""
    behind = subject[1].removeprefix(subject[0]).strip()
    return "" if behind.startswith("of ") else behind


_TARIFF = r"\b(?:plan|fare|tier|package|pass|subscription|rate|tariff)s?$"


def _same_price(passage: Passage, sentence: Passage) -> bool:
    return any(f.kind in ("money", "percent") and matches(q, f) for f in passage.figures for q in sentence.figures)


def _source_of(sentence: Passage, evidence: Evidence) -> Passage | None:
    """Return the passage that shares most with what the sentence says of its subject."""
    subject = _subject(sentence)
    told = sentence.concepts - (_restricting(subject[1]) if subject else set[str]())
    scored = [(len(told & p.concepts), -at, p) for at, p in enumerate(evidence.passages)]
    best = max(scored, key=lambda item: item[:2], default=None)
    return best[2] if best and best[0] >= min(2, len(told)) and best[0] else None


_ANYONE_WHO = re.compile(r"(?:customers|guests|visitors|people|anyone|those) (?:who|that|with)\b", re.I)
"""Whom the words after "who" narrow, not the group: ``free for customers who spend £150``."""


def _trailer_lost(passage: Passage, evidence: Evidence, said: frozenset[str]) -> bool:
    """Return whether words that bound a figure or a benefit of the passage are nowhere in the copy.

    A figure among those words keeps them where the copy says it: ``free for people over 65`` as "free if you are 65".
    """
    sentence = evidence.sentence
    told = [f for s in evidence.case.sentences for f in s.figures]
    inner = [f.start for f in passage.figures if any(matches(q, f) for q in told)]
    ends = [
        f.end for f in passage.figures
        if f.kind in _RESTRICTING and any(matches(q, f) for q in sentence.figures)
    ]  # fmt: skip
    if _BENEFIT.search(sentence.text):
        ends += [m.end() for m in _BENEFIT.finditer(passage.text)]
    said_too = [(f.start, f.end) for f in passage.figures if any(matches(q, f) for q in sentence.figures)]
    text = without(passage.text, said_too + [(d.start, d.end) for d in passage.days])
    for end in ends:
        goods = _GOODS.match(text[end:])
        end += goods.end() if goods else 0
        found = _TRAILER.match(text[end:])
        if found is None or _ANYONE_WHO.match(found["what"]) or _binds_nobody(text[end:]):
            continue
        what, rest = (*_NEXT.split(found["what"], maxsplit=1), "")[:2]
        if rest and _and_with(text[end + found.start("what") + len(what) :], said, evidence.case.low):
            return True
        begin = end + found.start("what")
        named = _restricting(what) - (_DAYS - _RANKS)
        if not named & _RANKS and any(begin <= at <= begin + len(what) + _ROOM for at in inner):
            continue
        if _country_told(what, evidence.case.low):
            continue
        if named - _NO_LIMIT and not named & said and not said_otherwise(named, evidence.case.low):
            return True
    return False


def _binds_nobody(behind: str) -> bool:
    """Return whether what stands behind a figure or a benefit leaves nobody out: ``for all customers``, ``free to attend``."""  # noqa: E501
    return has(r"^ (?:for|to) (?:all|every|each|any) (?:\w+ )?(?:customers?|guests?|visitors?|users?|clients?|one)\b|"
               r"^ to (?:attend|enter|join|use|visit|view|watch|open|try|take|download|hear|see)\b", behind)  # fmt: skip  # noqa: E501


def _country_told(what: str, low: str) -> bool:
    """Return whether the copy has the adjective of a country that a limit names: ``in Germany``, "German addresses"."""
    return any(stands_for(name.lower(), low, "") for name in re.findall(r"\b[A-Z][a-z]+", what))


def _and_with(rest: str, said: frozenset[str], low: str) -> bool:
    """Return whether a second thing that one must have is lost: ``free for nurses | with a staff card``."""
    found = _WITH.match(rest)
    named = _restricting(found["what"]) if found else set[str]()
    return bool(named - _NO_LIMIT) and not named & said and not said_otherwise(named, low)


_WITH = re.compile(
    r"^(?:with|holding|carrying|showing) (?:an? |their )(?!total|minimum|maximum|choice)(?P<what>[a-z]+(?: [a-z]+)?)",
    re.I,
)
_ROOM = 12
"""Characters between the words behind a figure and a figure that they lead to: ``if they tell us at least | five days``."""  # noqa: E501
