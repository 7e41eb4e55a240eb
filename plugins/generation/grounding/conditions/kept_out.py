"""What a source keeps out and a copy lets in: excluded goods, other offers, ways that are not open, an absence in part.

``Excludes delivery`` goes against "delivered to your door", ``can not be combined with other offers`` against "use it
together with them", and ``no added sugar`` does not mean "no sugar".
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.lexicon import CALENDAR, STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_LISTED = re.compile(
    r"\b(?:exclud(?:es|ing)|(?:does|do) not (?:apply|extend) to|not (?:valid|suitable|intended|eligible) (?:for|to|on|in|with)|not available (?:to|for)|"  # noqa: E501
    r"can ?not be (?:combined|used|redeemed|exchanged|spent) (?:together )?(?:with|for|on|in|against))\b(?P<what>[^.;:]{3,80})",  # noqa: E501
    re.I,
)
_SUBJECT = re.compile(
    r"(?:^|[;,] |\band |\bbut )(?P<what>[A-Za-z][\w ,'-]{2,60}?) (?:is|are) (?:not (?:covered|eligible)|excluded)\b",  # noqa: E501, RUF100
    re.I,
)
_COMBINES = (
    r"\b(?:together with|combin\w+ (?:it )?with|on top of|combined with|alongside|stack(?:s|ed|able)?(?: it)? (?:on|with)|along with|as well as|plus) "  # noqa: E501
    r"(?:any |all |our |the |your |of |other |another |current )*(?:offers?|promotions?|discounts?|deals?|codes?|vouchers?|coupons?|sale)\b"  # noqa: E501
)
_NOT_COMBINED = r"\b(?:can ?not|can't|may not|not|never) be (?:combined|used (?:together|in conjunction)|stacked)\b"
_DENIES = (
    r"\b(?:no|not|never|nor|neither|none|without|except\w*|exclud\w*|excluding|apart|aside|bar|barring|but|unless|only|other than|"  # noqa: E501
    r"instead|separate\w*|extra|sorry|outside|out|minus|another|add(?:s|ed)?|keep|away|avoid\w*|skip\w*|different)\b|n't\b"
)


def lets_in(evidence: Evidence) -> bool:
    """Return whether a sentence tells an offer of what its source keeps out of it, or an absence in part as a whole."""
    tests = (_excluded_told, _absence_widened, _left_alone, _only_elsewhere, _another_way)
    return any(test(evidence) for test in tests)


def _excluded_told(evidence: Evidence) -> bool:
    sentence = evidence.sentence
    if has(_DENIES, sentence.text) or sentence.raw.endswith("?"):
        return False
    if has(_COMBINES, sentence.text) and has(_NOT_COMBINED, evidence.low):
        return True
    for passage in evidence.passages:
        if not _same_offer(passage, evidence) or has(r"\bunless\b", passage.text):
            continue
        for what in _kept_out_of(passage):
            for part in re.split(r",| and | or | nor ", what):
                item = _telling(part)
                head = concept(re.findall(r"[a-z]+", part.lower())[-1]) if item else ""
                if item and head in sentence.concepts and _has_all(item, sentence) and not _excepted(item, evidence):
                    return True
    return False


def _has_all(item: set[str], sentence: Passage) -> bool:
    """Return whether the words of an item stand in the sentence themselves, not only words of their kind."""
    return all(
        concept(word) in sentence.concepts and any(said.startswith(word[:_LETTERS]) for said in sentence.words)
        for word in item
    )


def _excepted(item: set[str], evidence: Evidence) -> bool:
    """Return whether another sentence of the copy keeps the item out as well: ``prepaid plans excluded``."""
    return any(has(_DENIES, s.text) and _has_all(item, s) for s in evidence.case.sentences)


_LETTERS = 4


def _kept_out_of(passage: Passage) -> list[str]:
    """Return what a passage keeps out of an offer."""
    return [m["what"] for pattern in (_LISTED, _SUBJECT) for m in pattern.finditer(passage.text)]


def _telling(text: str) -> set[str]:
    words = re.findall(r"[a-z]{3,}(?:-[a-z]+)*", text.lower())
    return {w for w in words if w not in STOP and w not in _SAYS_NOTHING and not is_empty(w)}


_SAYS_NOTHING = frozenset(
    "other any our the items item products product people with those these offer offers same".split()  # noqa: SIM905
)  # noqa: RUF100, SIM905


def _same_offer(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a passage stands in the source of what the sentence tells, and is of its offer."""
    best = evidence.aligned[:1]
    return any(best[0] in s.passages and passage in s.passages for s in evidence.sources) if best else False


_IN_PART = re.compile(
    r"\b(?:no|without|free from|not contain(?: any)?) (?P<kind>added|artificial|refined|synthetic|processed|saturated|trans|hydrogenated|"  # noqa: E501
    r"[a-z]+-containing) (?P<what>[a-z]{3,})",
    re.I,
)


def _absence_widened(evidence: Evidence) -> bool:
    """Return whether ``no added sugar`` has become "no sugar"."""
    text = evidence.sentence.text
    for passage in evidence.passages:
        for found in _IN_PART.finditer(passage.text):
            what, kind = found["what"].lower().removesuffix("s"), found["kind"].split("-")[0]
            thing = kind if found["kind"].endswith("containing") else what
            none = rf"\b(?:no|zero|without(?: any)?|minus the|free (?:of|from)(?: any)?|not contain(?: any)?) {thing}s?\b|\b{thing}s?[- ]free\b"  # noqa: E501
            if (
                has(none, text)
                and not has(rf"\b{kind}\b(?! ?-?free)", re.sub(none, " ", text, flags=re.I))
                and not has(none, passage.text)
            ):
                return True
    return False


_STAYS = r"\b(?:must|has to|have to|needs? to|required to|should) (?:\w+ )?(?:stay|remain|be present|accompany|supervise|be accompanied|be supervised|attend)\b"  # noqa: E501
_GOES = (
    r"\bdrop (?:\w+ ){0,3}(?:off|kids?|children|son|daughter|little|at)\b|\bleave (?:them|the kids|the children|your \w+) (?:with us|to|here|there|at)\b|"  # noqa: E501
    r"\b(?:elsewhere|while you (?:shop|are away|are gone)|by themselves|on their own|unaccompanied|without (?:you|an adult|a parent)|time (?:off|to yourself)|pop out|slip away)\b"  # noqa: E501
)


def _left_alone(evidence: Evidence) -> bool:
    """Return whether somebody who must stay is told to go: "drop the kids and shop"."""
    return (
        has(_GOES, evidence.sentence.text)
        and not has(r"\b(?:not|never|must|stay\w*|with you)\b", evidence.sentence.text)
        and any(has(_STAYS, p.text) for p in evidence.passages)
    )


_ONLY = re.compile(
    r"^(?:the |our |all )?(?P<thing>[A-Za-z][\w -]{2,40}?) (?:is|are) (?:only )?(?:available|included|offered|possible|open|provided|sold|free)? ?"  # noqa: E501
    r"(?:only )?(?P<where>(?:on|in|at|with|for|to|from|by|through|via) [^,.;:]{3,50})",
    re.I,
)


def _only_elsewhere(evidence: Evidence) -> bool:
    """Return whether a thing that one plan or place alone has is told with no word of it: ``on the Business plan only``."""  # noqa: E501
    sentence = evidence.sentence
    if has(_DENIES, sentence.text):
        return False
    known = {concept(w) for w in re.findall(r"[a-z]+", evidence.case.low)}
    for passage in evidence.passages:
        found = _ONLY.match(passage.text) if has(r"\bonly\b", passage.text) else None
        if found is None:
            continue
        thing = {concept(w) for w in re.findall(r"[a-z]{3,}", found["thing"].lower()) if w not in STOP}
        where = {concept(w) for w in _telling(found["where"].replace("only", ""))}
        if len(thing) > 1 and thing <= sentence.concepts and where and not where & known:
            return True
        tier = {w for w in re.findall(r"[A-Z]\w+", found["where"]) if w.lower() not in CALENDAR}
        if (
            len(thing) > 1
            and thing <= sentence.concepts
            and tier
            and not any(w.lower() in evidence.case.low for w in tier)
        ):
            return True
    return False


_WAY = r"(?:by|in|at|on|over|through|via) (?:the |your |our |any )?"
_WAY_ONLY = re.compile(rf"\b{_WAY}(?P<way>[\w ]{{3,30}}?) only\b|\bonly {_WAY}(?P<after>[\w ]{{3,30}})", re.I)
_TWO_WAYS = re.compile(
    rf"\b{_WAY}(?P<one>[\w]+(?: [\w]+)?),? (?:or|and) (?:also )?{_WAY}(?P<two>[\w]+(?: [\w]+)?)", re.I
)


def _another_way(evidence: Evidence) -> bool:
    """Return whether a way is added to the only one that there is: ``in the app only``, "by phone or in the app"."""
    for mine in _TWO_WAYS.finditer(evidence.sentence.text):
        pair = (_telling(mine["one"]), _telling(mine["two"]))
        for passage in evidence.passages:
            for theirs in _WAY_ONLY.finditer(passage.text):
                way = _telling(theirs["way"] or theirs["after"])
                for one, two in (pair, pair[::-1]):
                    if one and two and one & way and not two & way and not {concept(w) for w in two} & evidence.stems:
                        return not has(_DENIES, evidence.sentence.text)
    return False
