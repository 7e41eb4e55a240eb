"""What is said to hold wherever, whoever, whatever, on any day or either way, though the source sets a limit to it.

``Breakfast is included in sleeping cars only`` goes against "wherever you sit, breakfast is included", and ``telephone
orders carry a £15 fee`` against "whether you order online or ring us".
"""

from __future__ import annotations

import re
from itertools import pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.dates import weekdays
from plugins.generation.grounding.reading.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import numeral

_CONCESSIVE = re.compile(
    r"\b(?:(?:wherever|whoever|whomever|whatever|whichever|no matter (?:where|who|what|which)|regardless of|irrespective of|"  # noqa: E501
    r"never mind (?:where|who|what)|come what may)\b(?! (?:you|they) (?:like|want|wish|please|need|prefer|fancy)\b)(?! (?:suits|works|comes)\b)|"  # noqa: E501
    r"(?:anywhere|everywhere) (?:in|on|around|across) (?:the )?(?:world|globe|earth|planet|country|nation)|"
    r"(?:anywhere|wherever) you (?:are|live|go|choose|happen)|nationwide|worldwide|countrywide|coast to coast|"
    r"(?:all over|around|across|throughout) the (?:world|globe|country|nation)|"
    r"at any (?:point|stage|moment)|without exception)\b",
    re.I,
)
"""What says that a thing makes no difference, unless it only leaves the choice open: ``whenever you like``."""
_LIMIT = re.compile(
    r"\b(?P<mark>only|but not|(?:is|are|does|do) not (?:available|valid|covered|included|apply|eligible|offered)|"
    r"can ?not be (?:returned|used|combined|refunded|exchanged|delivered|sent|shipped)|exclud(?:es|ed|ing)|except(?: for| on| in)?|unless|"  # noqa: E501
    r"limited to|restricted to|depend(?:s|ing)? on|pay (?:their|its|your) own|by appointment|"
    r"(?:when|if|where|provided (?:it is|they are)) (?:\w+ ){0,2}?(?:\w{3,}ed|bought|made|done|taken|sent|paid|held|kept) (?:by|with|at|in|through|from|on|within))\b",  # noqa: E501
    re.I,
)
_ALL_ALIKE = (
    r"\b(?:whichever|whatever|wherever|whoever|regardless|irrespective|no matter|any|all|every|each|both|worldwide|"
    r"nationwide|anywhere|everywhere)\b(?! other\b)"
)


def holds_whatever(evidence: Evidence) -> bool:
    """Return whether a sentence lets something hold without regard to what its source makes it depend on."""
    tests = (_no_matter, _either_of_rivals, _every_day, _or_not, _at_any_time, _one_of_two_is_enough, _other_kind_too)
    return any(test(evidence) for test in tests)


def _no_matter(evidence: Evidence) -> bool:
    """Return whether "wherever", "whoever", "nationwide" stands where the source has a limit that the copy leaves out."""  # noqa: E501
    found = _CONCESSIVE.search(evidence.sentence.text)
    if found is None or has(_ALL_ALIKE_HERE, evidence.aligned_text):
        return False
    own = _words(re.split(r"[,;:.!?]", evidence.sentence.text[found.end() :])[0])
    if any(own & _words(m["what"]) for p in evidence.passages for m in _HANGS_ON.finditer(p.text)):
        return True
    if any(_kept_out(passage, found, evidence) for passage in evidence.passages):
        return True
    return any(_limit_lost(passage, own, evidence) for passage in _about(evidence))


_HANGS_ON = re.compile(r"\b(?:depend(?:s|ing)? (?:up)?on|var(?:y|ies) (?:with|by))\b(?P<what>[^;.]*)", re.I)
_ABROAD = (
    r"\b(?:international|overseas|abroad|foreign|outside (?:the )?[A-Z]\w+|(?-i:UK|US|USA|EU)|mainland|domestic)\b"
)
_HOME = r"\b(?:abroad|overseas|international|in the (?:uk|us|usa|eu)|uk|mainland|domestic)\b"
_PLACES = r"\b(?:where|world|globe|country|nation|planet|earth)"
_OUT = r"\b(?:not|never|exclud\w+|except\w*|pay (?:their|your) own|only|charged?|unavailable|from|to)\b"


def _kept_out(passage: Passage, found: re.Match[str], evidence: Evidence) -> bool:
    """Return whether a passage on the matter keeps out those abroad, or what happens to a thing: ``wear is not covered``."""  # noqa: E501
    shared = _telling(passage, evidence)
    if has(_PLACES, found[0] + evidence.sentence.text[found.end() : found.end() + 14]):  # noqa: SIM102
        if shared and has(_ABROAD, passage.text) and has(_OUT, passage.text) and not has(_HOME, evidence.case.low):
            return True
    never = has(r"\b(?:is|are|does|do) not (?:cover(?:ed)?|include[d]?)\b|\bexclud", passage.text)
    anything = has(r"\b(?:whatever|no matter what|come what may)\b", found[0])
    return anything and never and bool(shared) and not has(_EXCEPTS, evidence.case.low)


_EXCEPTS = r"\b(?:not|never|except\w*|exclud\w*|apart|aside|unless|only|but)\b"


_ALL_ALIKE_HERE = r"\b(?:whichever|whatever|wherever|whoever|regardless|irrespective|no matter|worldwide|nationwide|anywhere|everywhere)\b"  # noqa: E501


def _about(evidence: Evidence) -> list[Passage]:
    """Return the passages that a sentence speaks of, and those that share two telling words with it."""
    near = [p for p in evidence.passages if len(_telling(p, evidence)) >= _SHARED or has(_OF_OFFER, p.text)]
    return list(dict.fromkeys([*evidence.aligned[:1], *(p for _, p in evidence.by_clause), *near]))


_SHARED = 2
_OF_OFFER = r"^(?:the |this )?(?:offer|discount|deal|code|promotion|price|rate)s? (?:is|are|applies|apply|holds?)\b"


def _telling(passage: Passage, evidence: Evidence) -> set[str]:
    return {root for root in evidence.sentence.concepts & passage.concepts if not is_empty(root)}


def _limit_lost(passage: Passage, own: set[str], evidence: Evidence) -> bool:
    """Return whether a limit of the passage is said nowhere: none of the words behind it, or before a last ``only``."""
    known = {concept(w) for w in re.findall(r"[a-z]+", evidence.case.low)}
    for found in _LIMIT.finditer(passage.text):
        start, _ = passage.clause(found.start(), found.end())
        after = re.split(r"[,;:.]", passage.text[found.end() :])[0]
        before = passage.text[start : found.start()]
        last = found["mark"].lower() == "only" and not _words(after)
        bound = _words(re.split(r"\b(?:is|are|has|have|may|can|will|must|be)\b", before)[-1] if last else after)
        if has(r"\bnot\b|exclud|except", found["mark"]) and not last:
            bound |= set() if has(r"\bbut not\b", found["mark"]) else _words(before) - evidence.sentence.concepts
        named = (
            {concept(w.lower()) for w in re.findall(r"(?<=[a-z,;] )[A-Z]\w+", passage.text[: found.start()])}
            if last
            else set[str]()
        )
        if (bound and not bound & (known - own)) or (named and not named & known):
            return True
    return False


def _words(text: str) -> set[str]:
    return {concept(w) for w in re.findall(r"[a-z]{3,}", text.lower()) if w not in STOP}


_EITHER = re.compile(
    r"\bwhether (?:you |it |they |it's |it is |you're |you are |they are )?(?P<one>[^,.;:?!]{3,40}?) or (?:you |by |in |on |at |with |through )*(?P<two>[^,.;:?!]{2,40})|"  # noqa: E501
    r", (?P<first>[\w-]+(?: [\w-]+)?) or (?P<second>[\w-]+(?: [\w-]+)?),|"
    r"\b(?P<left>[\w-]+(?: [\w-]+)?) (?:and|or) (?P<right>[\w-]+(?: [\w-]+)?) alike\b",
    re.I,
)
_PHONE = re.compile(r"\b(?:ring|call|telephone|phone|dial)\w*\b", re.I)


def _either_of_rivals(evidence: Evidence) -> bool:
    """Return whether what one side of a source has is told of both: "whether you order online or ring us"."""
    sentence = evidence.sentence
    for found in _EITHER.finditer(sentence.text):
        one = _side_words(found["one"] or found["first"] or found["left"])
        two = _side_words(found["two"] or found["second"] or found["right"])
        one, two = one - two, two - one
        if not one or not two or any(numeral(word).isdigit() for word in one | two):
            continue
        rest = sentence.concepts - one - two
        sides = [side for passage in evidence.passages for side in _sides(passage)]
        for mine, theirs in ((one, two), (two, one)):
            if _told_of_one(mine, theirs, rest, sides):
                return True
    return False


def _side_words(text: str) -> set[str]:
    return _words(_PHONE.sub("phone", text)) - {concept(w) for w in ("order", "buy", "book", "choose", "come", "take")}


def _sides(passage: Passage) -> list[set[str]]:
    """Return the words of each side of a passage: what ``;``, "but" or "while" parts."""
    text = _PHONE.sub("phone", passage.text)
    cuts = [0, *(m.end() for m in re.finditer(r"[;:]|, (?:but|while|whereas|and)\b|\bbut\b", text)), len(text)]
    return [_words(text[a:b]) for a, b in pairwise(cuts)]


def _told_of_one(mine: set[str], theirs: set[str], rest: frozenset[str], sides: list[set[str]]) -> bool:
    """Return whether a side has what is told and one rival, and another side sets the other rival apart."""
    telling = {root for root in rest if not is_empty(root)}
    apart = [side for side in sides if theirs & side and (not mine & side or len(telling & side) < _SHARED)]
    holds = [side for side in sides if mine <= side and not theirs & side and telling & side]
    both = bool(holds) and any(
        mine & side and theirs & side and len(telling & side) >= len(telling & holds[0]) for side in sides
    )
    return (
        bool(apart and holds) and not both and not any(len(telling & side) > len(telling & holds[0]) for side in apart)
    )


_ALL_DAYS = r"\b(?:daily|every (?:single )?day|all week|seven days|any day|each day|week-?round|every night|day in,? day out)\b(?! (?:in|of) (?:august|july|june|may|december)|[^.;,]{0,12}\b(?:from|between|monday|tuesday|tues|bar|but|except|apart)\b)"  # noqa: E501
_SOME_DAYS = r"\b(?:weekends?|weekdays?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
_ALL_WEEK = 7


def _every_day(evidence: Evidence) -> bool:
    """Return whether what the source has on some days of the week only is told of every day."""
    sentence = evidence.sentence
    if (
        not has(_ALL_DAYS, sentence.text)
        or has(_SOME_DAYS, sentence.text)
        or has(r"\b(?:hours?|minutes|tablet|capsule|dose|times?) (?:daily|a day)", sentence.text)
    ):  # noqa: E501, RUF100
        return False
    set_apart = [p for p in evidence.passages if _sets_weekends_apart(p) and _telling(p, evidence)]
    for passage in dict.fromkeys([*set_apart, *_about(evidence)[:2]]):
        days = weekdays(passage.text)
        contrast = passage in set_apart
        some = has(_SOME_DAYS, passage.text) and (not days or len(days) < _ALL_WEEK or contrast)
        if (
            some
            and not has(r"\b(?:daily|every day|seven days|all week)\b(?! in\b)", passage.text)
            and len(_telling(passage, evidence)) >= (1 if contrast else _SHARED)
        ):  # noqa: E501, RUF100
            return not any(has(_SOME_DAYS, s.text) for s in evidence.case.sentences)
    return False


def _sets_weekends_apart(passage: Passage) -> bool:
    """Return whether a passage has one thing for weekdays and another for weekends."""
    both = has(r"\bweekdays?\b", passage.text) and has(r"\bweekends?\b", passage.text)
    return both and has(r";|\bbut\b|\bwhile\b|\bwhereas\b", passage.text)


_WHETHER_OR_NOT = re.compile(
    r"\b(?:whether or not (?:you |they |it |he |she )?(?P<after>[^,.;:]{3,60})|whether (?:you |they |it )?(?P<mid>[^,.;:]{3,60}?) or not\b|"  # noqa: E501
    r"(?P<before>[\w-]+(?: [\w-]+)?) or no(?:t| [\w-]+))",
    re.I,
)
_CONDITION = re.compile(
    r"\b(?:with (?:an?|the|their|your)|if|when|only|must|unless|provided|requires?|for|accompanied by)\b(?P<what>[^,;.]*)",  # noqa: E501
    re.I,
)  # noqa: E501, RUF100


def _or_not(evidence: Evidence) -> bool:
    """Return whether what the source asks for is said to be no matter: "whether or not they come with an adult"."""
    found = _WHETHER_OR_NOT.search(evidence.sentence.text)
    if found is None or not (found["after"] or found["mid"]):
        return False
    asked = _words(found["after"] or found["mid"])
    return any(
        len(asked & _words(m["what"])) >= min(_SHARED, len(asked))
        for passage in evidence.passages
        if not has(r"\b(?:whether|or not|regardless|even if)\b", passage.text)
        for m in _CONDITION.finditer(passage.text)
    ) and bool(asked)


_ANY_MOMENT = r"\bat any (?:point|stage|moment|time)\b|\bno matter when\b|\bhowever (?:late|long)\b|\bwhenever\b(?! (?:you|they) (?:like|want|wish|please|need|prefer|fancy)\b)"  # noqa: E501
_NO_LATER = r"\b(?:within|no later than|not later than|in the first|for the first|up to|until|must)(?: the first)? $"


def _at_any_time(evidence: Evidence) -> bool:
    """Return whether what must be done within a time is open "at any point"."""
    if not has(_ANY_MOMENT, evidence.sentence.text):
        return False
    told = [q for s in evidence.case.sentences for q in s.figures]
    return any(
        f.kind in ("time", "months")
        and has(_NO_LATER, passage.text[: f.start])
        and has(r"\b(?:only|must|can ?not|not)\b", passage.text)
        and _telling(passage, evidence)
        and not any(matches(q, f) for q in told)
        for passage in evidence.passages
        if not has(r"\bany ?time\b|\bat any\b", passage.text)
        for f in passage.figures
    )


_EITHER_OR = re.compile(r"\beither (?P<one>[^,.;:]{3,60}?),? or (?P<two>[^,.;:]{3,60})", re.I)
_IF_BOTH = re.compile(r"\b(?:when|if|who|must|once|provided)\b(?P<one>[^.;:]{3,80}?) and (?P<two>[^.;:]{3,80})", re.I)


def _one_of_two_is_enough(evidence: Evidence) -> bool:
    """Return whether two things that are both asked for are told as a choice: "either spend £50 or join"."""
    for mine in _EITHER_OR.finditer(evidence.sentence.text):
        one, two = _words(mine["one"]), _words(mine["two"])
        for passage in evidence.passages:
            for theirs in _IF_BOTH.finditer(passage.text):
                left, right = _words(theirs["one"]), _words(theirs["two"])
                if one & left - right and two & right - left and not has(r"\bor\b|\beither\b", theirs[0]):
                    return True
    return False


_KINDS = re.compile(
    r"\b(?:any|every|all|each|your|our|a|an|free) (?P<one>[a-z-]{3,}),? (?:or|and|and also) (?P<two>[a-z-]{3,}) (?P<noun>[a-z]{3,})\b",  # noqa: E501
    re.I,
)


def _other_kind_too(evidence: Evidence) -> bool:
    """Return whether a second kind of a thing is let in of which no source speaks: "any hot or iced drink"."""
    for found in _KINDS.finditer(evidence.sentence.text):
        pair = (found["one"].lower(), found["two"].lower())
        noun = re.escape(found["noun"].lower().removesuffix("s"))
        for one, two in (pair, pair[::-1]):
            known = has(rf"\b(?:any|every|all|each|an?|free|for|one) {re.escape(one)} {noun}", evidence.aligned_text)
            if known and two not in STOP and not is_empty(two) and concept(two) not in evidence.stems:
                return True
    return False
