"""What is said to make no difference although the source makes it one: whatever, with or without, one or more.

"Whatever its condition" goes against ``a working phone``, "with or without a booking" against ``must be booked``, and
"even for a single night" against ``a minimum stay of 3 nights``.
"""

from __future__ import annotations

import re

from plugins.generation.grounding.conditions.other_words import said_otherwise
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_NO_MATTER = re.compile(
    r"\b(?:(?:what|which|how|who|where|when)ever|no matter (?:what|which|how|who|where|when)|regardless of|irrespective of|"  # noqa: E501
    r"independent(?:ly)? of|(?:does not|doesn't) (?:matter|depend on))\b(?P<what>[^,;.:!?]*)",
    re.I,
)
_DEPENDS = re.compile(r"\b(?:depend(?:s|ing)? (?:up)?on|var(?:y|ies) (?:with|by)|according to)\b(?P<what>[^;.]*)", re.I)
_NO_DIFFERENCE = (
    r"\b(?:what|which|how|who)(?:so)?ever\b|\bno matter\b|\bregardless\b|\birrespective\b|\bindependent(?:ly)? of\b|"
    r"\b(?:any|all|every|each|both|flat)\b|\bwhether\b|\bor not\b|\bsame\b|\bunlimited\b"
)
_STATE = r"\b(?:condition|state|shape|wear)\b"
_SOUND = r"\b(?:working|undamaged|unused|unworn|unopened|intact|original|good|sealed|clean|complete|functioning|unscratched|new|as new)\b"  # noqa: E501
_WITH_OR_WITHOUT = re.compile(
    r"\b(?:with or without|with and without|whether or not you(?:'ve| have| hold| own)(?: got)?|even without)(?: (?:an?|the|any|your))? "  # noqa: E501
    r"(?P<what>(?:[\w-]+ ?){1,3})|"
    r"(?<!not )(?<!with or )(?<!even )\bwithout (?:an?|the|any|your) (?P<lacking>[\w-]+)|"
    r"\bno (?P<none>(?:[\w'-]+ ){1,4}?)(?:is |are )?(?:needed|required|necessary)\b",
    re.I,
)
_ASKS = r"\b(?:must|requires?|required|needs?|needed|have to|has to|only|holders?|if|unless|with (?:an?|their|your|the)|who|compulsory)\b"  # noqa: E501
_FOR_SOME = r"^\W*(?:\w+ )?(?:members?|subscribers?|holders?|owners?|customers?|guests?)\b"
_BUYS = re.compile(
    r"\b(?:buy|buys|order|orders|book|books|purchase|purchases|take|takes|choose|chooses|add|adds|hire|hires|rent|rents)"
    r"(?: any| at least)? (?P<many>two|three|four|five|six|seven|eight|ten|twelve|[2-9]|1[0-2])\b",
    re.I,
)
_ONE_IS_ENOUGH = r"\b(?:one|1|a single) or more\b|\beven (?:for |if (?:it is|it's) )?(?:just |only )?(?:a single|one|1)\b|\b(?:just|only) (?:one|a single) (?:is enough|will do)\b|\bany number\b|\bas (?:few|little) as one\b|\bno minimum\b"  # noqa: E501


def made_no_difference(evidence: Evidence) -> bool:
    """Return whether a sentence says that something makes no difference on which the source lets it depend."""
    tests = (
        *(_whatever, _with_or_without, _one_is_enough, _any_age, _either_way, _either_state, _any_at_all),
        *(_alone, _at_the_last_minute, _beyond_only),
    )
    return any(test(evidence) for test in tests)


def _whatever(evidence: Evidence) -> bool:
    """Return whether "whatever" counts out what the source names: the contract, the address, the condition of a thing."""  # noqa: E501
    sentence = evidence.sentence
    for found in _NO_MATTER.finditer(sentence.text):
        named = _named(found["what"])
        for passage in evidence.passages:
            if has(_NO_DIFFERENCE, passage.text):
                continue
            hangs = _DEPENDS.search(passage.text)
            if hangs and (named & _named(hangs["what"]) or _tells_figure(sentence, passage)):
                return True
            if named & passage.concepts and has(_SUM, found["what"]) and _least_sum(passage, sentence):
                return True
            if passage not in evidence.aligned:
                continue
            if has(_STATE, found["what"]) and has(_SOUND, passage.text):
                return True
            if has(_CHOSEN, found["what"]) and named & passage.concepts and _counted(named, passage):
                return True
    return False


_SUM = r"\b(?:costs?|price[sd]?|spend|pay|value|worth|bill|order|amount)\b"


def _least_sum(passage: Passage, sentence: Passage) -> bool:
    """Return whether a passage asks for a least sum that the sentence does not say."""
    least = [f for f in passage.figures if f.kind == "money" and f.hedge == "min"]
    return bool(least) and not any(matches(q, f) for q in sentence.figures for f in least)


_CHOSEN = r"\b(?:you|they|we|your|length|kind|type|size|sort)\b"


def _counted(named: set[str], passage: Passage) -> bool:
    """Return whether a passage narrows what is named by a figure before it: a ``12-month contract``."""
    return any(
        stem in named and any(0 <= at - f.end <= 1 and f.kind in ("time", "months") for f in passage.figures)
        for stem, (at, _) in zip(passage.stems, passage.spans, strict=True)
    )


def _tells_figure(sentence: Passage, passage: Passage) -> bool:
    return any(matches(q, f) for q in sentence.figures for f in passage.figures)


def _with_or_without(evidence: Evidence) -> bool:
    """Return whether what a passage asks for is said not to be needed: "with or without a booking"."""
    for found in _WITH_OR_WITHOUT.finditer(evidence.sentence.text):
        if found["lacking"] and has(
            _NOT_ASKED + r"|\b(?:if|when|anyone|those|who)\b", evidence.sentence.text[: found.start()]
        ):
            continue
        what = _named(found["what"] or found["none"] or found["lacking"])
        asking = [
            p for p in evidence.passages if what & p.concepts and not has(r"\b(?:with or without|whether)\b", p.text)
        ]
        if any(has(_NOT_ASKED, p.text) for p in asking):
            continue
        for passage in asking:
            if found["lacking"] and not has(_DEMANDED, passage.text):
                continue
            of_group = has(_FOR_SOME, passage.text) and passage in evidence.aligned
            if what <= passage.concepts and (has(_ASKS, passage.text) or of_group):
                return True
    return False


_DEMANDED = r"\b(?:only with|must|requires?|required|needs?|needed|compulsory|mandatory|obligatory)\b"
_NOT_ASKED = r"\b(?:no|not|without|never|nor|neither)\b|n't\b"


def _one_is_enough(evidence: Evidence) -> bool:
    """Return whether one is said to do where the source asks for more: "one or more" of ``buy four``."""
    text = evidence.sentence.text
    if not has(_ONE_IS_ENOUGH, text):
        return False
    said = {f.value for f in evidence.sentence.figures}
    for passage in evidence.aligned:
        least = [f for f in passage.figures if f.value > 1 and f.kind in ("count", "time") and f.value not in said]
        if _BUYS.search(passage.text) or any(
            f.hedge == "min" or has(r"\bminimum\b[^.;]{0,25}$", passage.text[: f.start]) for f in least
        ):
            return True
    return False


_ANY_AGE = r"\b(?:of |at )?(?:any|every|whatever|all) ages?\b|\bno (?:upper )?age limit\b|\bhowever old\b"
_AGES = r"\b(?:aged|ages|between|from)\b[^.;]{0,20}\bto\b|\b(?:up to|under|over|at least|maximum|minimum)\b[^.;]{0,12}\b(?:years?|months?|age)\b|\baged? (?:under|over|up to|at least)?\b"  # noqa: E501


def _any_age(evidence: Evidence) -> bool:
    """Return whether any age is admitted where the source has an age from and to."""
    return has(_ANY_AGE, evidence.sentence.text) and any(
        has(_AGES, p.text)
        and not has(_ANY_AGE, p.text)
        and any(f.kind in ("time", "months", "count") for f in p.figures)
        for p in evidence.aligned
    )


_SHOPS = r"(?:in[- ]stores?|(?:in|at|to) (?:all |any of )?(?:our|the|your (?:local|nearest)) (?:\w+ )?(?:stores?|shops?|branch(?:es)?|boutiques?|counters?))"  # noqa: E501
_WAYS = (
    r"(?:online|on (?:our|the) (?:web)?site|in (?:our|the) (?:web ?shop|online shop))",
    _SHOPS,
    r"(?:(?:by|over the) (?:tele)?phone)",
    r"(?:dine[- ]in|dining in|eat(?:ing)?[- ](?:in|here)|sit[- ]in|in the (?:restaurant|cafe|dining room))",
    r"(?:take[- ]?(?:away|out)|takeaways?|to go|carry[- ]?out|take (?:it|them|yours|one|some) (?:home|away|with you))",
)
"""Ways to buy or to redeem, of which a source may allow one only."""


def _either_way(evidence: Evidence) -> bool:
    """Return whether a copy offers two ways where a source allows one only: ``online only``, "online or in our shops"."""  # noqa: E501
    text = evidence.sentence.text
    for one in _WAYS:
        if not any(
            has(rf"\b{one} only\b|\bonly (?:\w+ )?{one}\b|\bexclusively {one}\b", p.text) for p in evidence.passages
        ):
            continue
        for other in _WAYS:
            joined = r"\b(?:or|and|as well as|both)\b(?: [\w']+){0,3} "
            if other is not one and (
                has(rf"\b{one}\b[^.;]*{joined}{other}\b", text) or has(rf"\b{other}\b[^.;]*{joined}{one}\b", text)
            ):
                return not has(rf"(?:{_NOT_ASKED})[^.;]*{other}\b", text)
    return False


_STATES = tuple(
    tuple(side.split("|") for side in pair.split("/"))
    for pair in """working|running|functioning|intact/broken|dead|faulty|damaged|cracked|not
    new/used|old|second-hand|vintage unused|unworn|unopened|sealed/used|worn|opened full-price/reduced|discounted
    member|members/non-member|non-members|not full-time/part-time weekday|weekdays/weekend|weekends
    registered/unregistered|not peak/off-peak domestic/international indoor/outdoor""".split()  # noqa: SIM905
)
"""States and kinds that shut each other out: a source that asks for one does not take both."""


def _either_state(evidence: Evidence) -> bool:
    """Return whether a copy takes both of two states where the source names one: ``any working phone``, "working or not"."""  # noqa: E501
    text = evidence.sentence.text
    for pair in _STATES:
        for one, other in (pair, pair[::-1]):
            mine, theirs = "|".join(one), "|".join(other)
            if has(rf"\b(?:{mine}),? or (?:{theirs})\b|\b(?:{theirs}),? or (?:{mine})\b", text) and any(
                has(rf"\b(?:{mine})\b", p.text) for p in evidence.aligned
            ):
                return not has(rf"\b(?:{theirs})\b(?<!not)", evidence.low)
    return False


_ANY_SUCH = re.compile(
    r"\b(?:any|every|each|all) (?P<what>[a-z]+(?:-[a-z]+)*) (?P<rest>(?:[a-z-]+ )?(?P<noun>[a-z]{3,}))\b"
)


def _any_at_all(evidence: Evidence) -> bool:
    """Return whether ``any working phone`` has become "any phone", and the copy says nowhere what it has to be."""
    known = {concept(w) for w in re.findall(r"[a-z]+(?:-[a-z]+)*", evidence.case.low)}
    for passage in evidence.aligned:
        for found in _ANY_SUCH.finditer(passage.text):
            what = found["what"]
            if what in STOP or is_empty(what) or {concept(w) for w in (what, *what.split("-"))} & known:
                continue
            rest = rf"\b(?:any|every|each|all) (?:of )?(?:(?:our|the|your) )?(?:{found['rest']}|{found['noun']})"
            if has(rest, evidence.sentence.text) and not said_otherwise({concept(what)}, evidence.case.low):
                return True
    return False


_TOGETHER = r"\b(?:when|if|only|and) (?:\w+ )?(?:booked|bought|ordered|purchased|combined|taken|hired|added|paired) (?:together )?(?:with|alongside)\b|\b(?:when|if) you (?:also )?(?:book|buy|order|add|take|hire) (?:it |them )?(?:together )?with\b"  # noqa: E501
_ALONE = r"\b(?:on (?:its|their) own|by (?:itself|themselves)|alone|all you (?:buy|book|order|hire|take)|(?:and )?nothing else)\b"  # noqa: E501


def _alone(evidence: Evidence) -> bool:
    """Return whether what is given for two things together is given for one "on its own"."""
    text = evidence.sentence.text
    return has(_ALONE, text) and not has(_NOT_ASKED, text) and any(has(_TOGETHER, p.text) for p in evidence.aligned[:2])


_NOTICE = r"\b(?:up to|until|till|at least|no later than|not later than|more than|minimum of) (?:[\w-]+ ){1,3}(?:before|in advance|ahead|prior|beforehand)\b"  # noqa: E501
_LATE = r"\b(?:(?:at|until|till|to|in) the (?:very )?last (?:minute|moment|second)|last[- ]minute|on the day(?: itself)?\b(?! (?:before|after|of (?:issue|purchase)))|(?:an|one|half an|a few) (?:hours?|minutes?) before(?:hand)?|(?:that|the same|on the) (?:very )?morning|(?:minutes|moments|right|just) before|right up (?:to|until)|the (?:day|night|evening) before(?! (?:until|by)))\b"  # noqa: E501
_PAYING = (
    r"(?<!free )(?<!without a )(?<!no )\b(?:fee|charged?|charges|half|late|pay|pays|cost of|due|"
    r"lose|forfeit)\b|[$\u00a3\u20ac%]"
)


def _at_the_last_minute(evidence: Evidence) -> bool:
    """Return whether what may be done up to so long before is said to be free or open at the last minute."""
    text = evidence.sentence.text
    if not has(_LATE, text) or has(r"\b(?:not|never|only|unless)\b", text):
        return False
    if has(_PAYING, text) and not has(_STILL_COSTS, text):
        return False
    told = [f for s in evidence.case.sentences for f in s.figures]
    for passage in evidence.aligned[:2]:
        leads = [f for f in passage.figures if f.kind == "time" and has(_NOTICE, passage.text)]
        if leads and not any(matches(q, f) for q in told for f in leads):
            return True
    return False


_STILL_COSTS = (
    r"\b(?:still|only|just|nonetheless|even so) (?:be |is |are )?(?:\w+ )?(?:costs?|pays?|at|for)? ?[$\u00a3\u20ac]\d"
)
"""A price that is told to hold even so late: ``and eight days still cost £64``."""
_X_ONLY = re.compile(
    r"\b(?:covers?|for|on|to|includes?|fits|applies to|valid (?:for|on|in)) (?P<what>[^,;:.]{3,60}) only\b", re.I
)
_COORDINATED = re.compile(
    r"\b(?:(?P<list>[\w-]+(?:, [\w-]+)+),? (?:and|or) (?P<end>[\w-]+)|"
    r"both (?P<one>[\w-]+)(?: [\w-]+)? and (?P<two>[\w-]+))"
)


def _beyond_only(evidence: Evidence) -> bool:
    """Return whether a list has one thing more than ``covers classic bikes only``: "both classic bikes and e-bikes"."""
    for found in _COORDINATED.finditer(evidence.sentence.text):
        words = [*re.split(r", ", found["list"]), found["end"]] if found["list"] else [found["one"], found["two"]]
        items = {concept(w.lower()) for w in words}
        for passage in evidence.passages:
            allowed = {
                concept(w.lower()) for m in _X_ONLY.finditer(passage.text) for w in re.findall(r"[\w-]+", m["what"])
            }
            if items & allowed and items - passage.concepts and not has(_NOT_ASKED, evidence.sentence.text):
                return True
    return False


def _named(text: str) -> set[str]:
    words = re.findall(r"[a-z][a-z-]{2,}", text.lower())
    return {concept(w) for w in words if w not in STOP and (not is_empty(w) or len(w) > _SHORT)}


_SHORT = 4
