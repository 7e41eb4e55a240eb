"""What a sentence affirms although another sentence of the source denies it, or puts a price on it."""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.dates import weekdays
from plugins.generation.grounding.reading.lexicon import CALENDAR, STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_NOT = re.compile(
    r"\b(?:(?:is|are|was|can|may|must|do|does|will|should) not|not (?:yet )?(?=(?:suitable|available|offered|included|allowed|"  # noqa: E501
    r"permitted|sold|valid|covered|eligible|accepted|intended|meant|fitted|recommended|safe)\b))(?: be)?\b(?! only| just| more| less)"  # noqa: E501
    r"|\b(?:is|are) (?:excluded|excepted|exempt)\b",
    re.I,
)
_BOUNDED = re.compile(
    r"\b(?:unless|until|till|before|after|than|only|if|when|more|less|under|over|without|between|at the same time|together|"  # noqa: E501
    r"combined?|with other|on top|in conjunction|per|each|every|all|both|replace|guarantee\w*|necessar\w+|always|yet)\b|\d",  # noqa: E501
    re.I,
)
"""What makes a denial hold only for a part: ``not before 9.30``, ``not suitable under 3 years``."""
CAPABLE = frozenset(
    map(
        concept,
        """use used useful apply valid safe suitable proof friendly compatible fit fitted allow allowed permit permitted
        available accept accepted offer offered sell sold work eligible cover covered include included intend intended
        mean meant recommend recommended spend redeem claim return refund exchange provide provided supply supplied
        deliver delivered serve served come go get part possible able ready approve approved allowed put take
        extend extends""".split(),  # noqa: SIM905
    )
)
"""Verbs and adjectives that only say that a thing may be had or done: what is denied is the thing beside them."""
_ALSO = r"\b(?:goes for|true (?:of|for)|appl(?:y|ies) to|holds for|count(?:s|ed)? too|including|even|also|too|as well|no exceptions?|and so (?:is|are|do|does|can)|likewise|equally)\b"  # noqa: E501
_WHICHEVER = r"\b(?:what|which|how|where|who)(?:so)?ever\b|\bno matter (?:what|which|how|where|who)\b|\bregardless of\b|\bany (?:kind|sort|type) of\b"  # noqa: E501
_KEPT_OFF = r"\b(?:(?:keep|keeps|kept|stay|stays|steer|hold)\b[^.;]{0,20}?\b(?:off|out of|away from|clear of)|avoid\w*|(?:leave|leaves|left)\b[^.;]{0,30}\b(?:out|off|at home|behind|outside)|(?:take|lift|pull|slip|whip)s?\b[^.;]{0,20}\boff\b|skips?|forbidden|banned|off[- ]limits|off the menu|(?:yours|theirs) to keep|(?:is|are) final|spare|save it from|hates?|dislikes?|hand[- ]wash(?:ed|ing)?|the exceptions?|stays? full price|at full price|miss(?:es)? out|sits? out|outside|aside(?! from)|not part of|left aside|apart)\b"  # noqa: E501
"""How a copy keeps a thing out without a negation: ``keep it off the hob``, ``leave the dog at home``."""
_PLACED = r"\b(?:in|into|for|on|onto|over|to|with|by|through|of|at|and|or|even|including|use|using|plus)(?: (?:the|a|an|our|your|any|all|every|both|each))?(?: [\w'-]+)?\W*$"  # noqa: E501
"""What stands before a thing that is affirmed: ``into the dishwasher``, ``over cake in our cafes``."""


def affirms_denied(evidence: Evidence, denied: list[set[str]]) -> bool:
    """Return whether the sentence affirms what a passage denies; ``denied`` is what the copy denies somewhere."""
    sentence = evidence.sentence
    for passage in evidence.passages:
        word_for_word = passage.text.rstrip(".!").lower() in sentence.text.lower()
        if word_for_word or other_days(passage, sentence):
            continue
        for match in _NOT.finditer(passage.text):
            if in_the_other_case(passage, match, sentence) or _priced(passage, match, sentence):
                continue
            things, subject = _sides(passage, match)
            if (
                _is_affirmed(things, evidence, passage, denied)
                and not _subject_apart(subject, things, sentence)
                and any(has(_PLACED, sentence.text[:at]) for at in _places(sentence, things))
            ):
                return True
            if (
                (things or subject)
                and not has(_KEPT_OFF, sentence.text)
                and any(
                    _is_affirmed({name}, evidence, passage, denied)
                    and any(has(_PLACED, sentence.text[:at]) for at in _places(sentence, {name}))
                    for name in _names_denied(passage, match)
                )
            ):
                return True
            if has(_ALSO + "|" + _WHICHEVER, sentence.text) and _is_affirmed(subject, evidence, passage, denied):
                return True
            if _whichever(sentence) & subject and _told(things or subject, sentence, denied):
                return True
    return False


def in_the_other_case(passage: Passage, match: re.Match[str], sentence: Passage) -> bool:
    """Return whether a passage affirms in one case what it denies in another, and the sentence is of the first.

    ``Breakfast is included when you book with us, and is not included with other bookings``.
    """
    cut = [m.end() for m in re.finditer(r"[,;] |\b(?:and|but|while) ", passage.text[: match.start()])]
    if not cut:
        return False
    words = list(zip(passage.words, passage.stems, passage.spans, strict=True))
    there = {s for w, s, (at, _) in words if at >= match.end() and not is_empty(w)}
    here = {s for w, s, (at, _) in words if at < cut[-1] and not is_empty(w)}
    marks, own = there - here, here - there
    return bool(there & here and marks and own) and not marks & sentence.concepts and bool(own & sentence.concepts)


def _priced(passage: Passage, match: re.Match[str], sentence: Passage) -> bool:
    """Return whether the sentence has the price of what a denial leaves out: ``$12 for the helmet``."""
    prices = [f for f in passage.figures if f.kind == "money" and f.start >= match.end()]
    return any(matches(q, price) for q in sentence.figures for price in prices)


_NAME_ALONE = re.compile(r"(?:^|(?<=[a-z,'] )|(?<= '))[A-Z][a-z]{2,}(?=[,']? (?:and|or|is|are)\b|,|[.;']|$)")


def _names_denied(passage: Passage, match: re.Match[str]) -> set[str]:
    """Return the names each of which a denial is of: ``Switzerland and Norway are not included``."""
    before = re.split(r"[;:]|\. ", passage.text[: match.end()])[-1]
    behind = re.split(r"[;:]|\. ", passage.text[match.end() :])[0]
    found = _NAME_ALONE.findall(before + behind)
    return {concept(name.lower()) for name in found if name.lower() not in CALENDAR | STOP}


_NEITHER = re.compile(r"\b(?:(?:can|may|will|is|are|do|does) not|cannot|(?:can|may|is|are) (?:be )?neither)\b", re.I)
_NO = r"\b(?:not?|never|neither|nor|none|cannot|unable|without|except\w*|unless|only|but)\b|n't\b"


def affirms_of_the_denied(evidence: Evidence) -> bool:
    """Return whether the sentence affirms of the one what the source affirms of another and denies of this one.

    ``Flex tickets can be rebooked. Saver tickets cannot be rebooked``: "rebook your Saver ticket".
    """
    sentence = evidence.sentence
    if has(_NO, sentence.text):
        return False
    for passage in evidence.passages:
        for found in _NEITHER.finditer(passage.text):
            deeds, subject = _sides(passage, found)
            deeds = {s for s in deeds if not is_empty(s)} & sentence.concepts
            others = [p for p in evidence.passages if p is not passage and deeds & p.concepts]
            own = subject - frozenset[str]().union(*(p.concepts for p in others))
            if deeds and others and own and own <= sentence.concepts:
                return True
    return False


_CLOSED = re.compile(r"\b(?:closed|shut)(?: (?:on|over|during|for|at))? (?P<when>[^.;:]+)", re.I)


def opens_when_closed(evidence: Evidence) -> bool:
    """Return whether the sentence opens on days on which a passage has it closed: "on public holidays too"."""
    sentence = evidence.sentence
    if not has(r"\bopen\b", sentence.text) or has(_NO + r"|\b(?:closed?|closes|shut|bar|outside)\b", sentence.text):
        return False
    for passage in evidence.passages:
        for found in _CLOSED.finditer(passage.text):
            shut = {d.day for d in passage.days if found.start() <= d.start < found.end()}
            if shut & {d.day for d in sentence.days}:
                return True
            for item in re.split(r",|\b(?:and|or)\b", found["when"]):
                words = [w for w in re.findall(r"[a-z]{3,}", item.lower()) if w not in STOP]
                if words and not weekdays(item) and {concept(w) for w in words} <= sentence.concepts:
                    return True
    return False


def _subject_apart(subject: set[str], things: set[str], sentence: Passage) -> bool:
    """Return whether the sentence names that of which a thing is denied, and only in clauses without the thing.

    ``Delivery is not discounted``: "20% off each box; delivery stays at full price" says so.
    """
    named = subject & sentence.concepts - things
    beside = {s for at in _places(sentence, things) for s in sentence.near(at, at)}
    return bool(named) and len(named & beside) <= len(named) / 2


def _told(things: set[str], sentence: Passage, denied: list[set[str]]) -> bool:
    return bool(things & sentence.concepts) and not any(things & scope for scope in denied)


def _whichever(sentence: Passage) -> set[str]:
    """Return what is said to make no difference: ``however you book``, ``whatever the formula``."""
    spans = [m.span() for m in re.finditer(rf"(?:{_WHICHEVER})[^,;.]*", sentence.text, re.I)]
    return {s for s, (at, _) in zip(sentence.stems, sentence.spans, strict=True) if any(a <= at < b for a, b in spans)}


def other_days(passage: Passage, sentence: Passage) -> bool:
    """Return whether the denial is of weekdays that the sentence leaves out: not on Sundays, so Monday to Saturday."""
    mine, theirs = weekdays(sentence.text), weekdays(passage.text)
    return bool(mine and theirs) and not mine & theirs


def kept_off(things: set[str], sentence: Passage) -> bool:
    """Return whether the clause that names one of ``things`` keeps it out: ``keep it out of the dishwasher``."""
    text = sentence.text
    clauses = [sentence.clause(at, at) for at in _places(sentence, things)]
    return any(has(_KEPT_OFF, text[start:end]) or has(_OUT, text[end:]) for start, end in clauses)


_OUT = r"^\s*[:,]?\s*(?:out|no|not|extra|excluded)\W*(?:$|[.;,])"
"""What a telegraph puts behind the thing it keeps out: ``Whitening: out``."""


def _sides(passage: Passage, match: re.Match[str]) -> tuple[set[str], set[str]]:
    """Return what stands behind a denial and before it, without what only says that a thing may be had."""
    start, end = passage.clause(match.start(), match.end())
    if _BOUNDED.search(passage.text, match.end(), end):
        return set(), set()
    words = list(zip(passage.words, passage.stems, passage.spans, strict=True))
    behind = {s for w, s, (at, _) in words if match.end() <= at < end and not _says_little(w, s)}
    before = {s for w, s, (at, _) in words if start <= at < match.start() and not _says_little(w, s)}
    return behind, before


def _says_little(word: str, stem: str) -> bool:
    return stem in CAPABLE or (is_empty(word) and len(word) < _LONG)


_LONG = 4


def _places(sentence: Passage, things: set[str]) -> list[int]:
    return [at for stem, (at, _) in zip(sentence.stems, sentence.spans, strict=True) if stem in things]


def _is_affirmed(things: set[str], evidence: Evidence, passage: Passage, denied: list[set[str]]) -> bool:
    """Return whether the sentence names all of ``things``, which nothing else affirms and the copy nowhere denies."""
    sentence = evidence.sentence
    if not things or not things <= sentence.concepts or any(things & scope for scope in denied):
        return False
    if kept_off(things, sentence):
        return False
    elsewhere = {s for p in evidence.passages if p is not passage for s in p.stems}
    return not things & elsewhere and len(sentence.concepts & evidence.stems - things) >= (
        1 if any(has(_COMES_WITH, sentence.text[:at]) for at in _places(sentence, things)) else _SAME_MATTER
    )


_SAME_MATTER = 2
_COMES_WITH = (
    r"\b(?:comes?|arrives?|ships?|complete|supplied|packed|delivered|sold|boxed|together) with(?: [\w'-]+){0,2} $"
)
