"""Rules about what is denied: negations dropped or added, and words turned into their opposite."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from itertools import pairwise

from plugins.generation.grounding.denials.affirmations import (
    CAPABLE,
    affirms_denied,
    affirms_of_the_denied,
    in_the_other_case,
    kept_off,
    opens_when_closed,
    other_days,
)
from plugins.generation.grounding.denials.bounded_denials import affirms_within_bound, denied_side, met, told_beyond
from plugins.generation.grounding.denials.denials import cancelled, denied_by_word, denies_nothing, echoed
from plugins.generation.grounding.denials.extras import fee_denied, given_anyway, left_out_things, told_as_extra
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.owner_rules import names_in
from plugins.generation.grounding.reading.dates import WEEKDAYS
from plugins.generation.grounding.reading.lexicon import ANTONYMS, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

NEGATOR = re.compile(r"\b(?:(?<!or )not(?! (?:only|just|to mention|a (?:day|moment)))|no(?!-|\. ?\d| (?:more|later|less|fewer|earlier|matter|wonder|doubt|longer than) ?)|never(?! (?:more|longer|later|over|less|fewer|higher) than)|nothing(?! but\b)|nobody|none(?![^,.;]* more than)|(?<!with or )without|unless|(?:everywhere|everything|anything|all|(?:any|every|each|all) (?:\w+ ){1,3}?) ?but(?= (?:(?:in|on|at|for|the|our|an?|your|this|these|those)\b|(?-i:[A-Z])))|(?:any|every|each|all) (?:day|time|week|month|hour|season|evening|morning)s? but\b|except(?:ing)?|excluding|excludes?|excluded|excepted|nor|neither|sits? (?:this|that|it) (?:one )?out|(?:is|are|costs?|comes?|charged|billed|sold|priced) (?:as |an? )?(?:optional )?extras?|(?:sold|available|charged|priced|bought) separately|non|zero|cannot|unable|fail(?:s|ed)? to|apart from|other than|does not|lacks?)\b|(?<=\w)-free\b|\bfree of\b|(?:(?<=is )|(?<=are )|(?<=and )|(?<=, )|(?<=% )|(?<=ly )|^)free from\b(?! (?:\d|noon|midday|midnight|now|today|tomorrow|(?:the )?age|birth|opening|start|\w+day\b|half\b|quarter\b|(?:early |late |mid-)?(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b))|\bnon(?=-?\w)|\bun(?=(?:scented|flavoured|sweetened|available|insured|suitable)\b)", re.I)  # fmt: skip  # noqa: E501


def _scope(passage: Passage, match: re.Match[str]) -> set[str]:
    """Return the concepts that a negator governs: up to four after it in its clause, or those before a bare participle."""  # noqa: E501
    word = match[0].lower()
    if word == "non":
        joined = re.match(r"-?([a-z]+)", passage.text[match.end() :], re.I)
        return {concept(joined[1].lower())} if joined else set()
    close = re.compile(
        r"[,;:.()]|\b(?:but|and then|while|so|because|due to|since)\b|\band (?=(?:it |they )?(?:is|are|has|can|may|comes?|works?)\b|(?:the|an?|our|your|this|these) (?:\w+ )?(?:is|are|has|have|can|may|must|will|costs?)\b)"  # noqa: E501
    )
    if (
        word in ("-free", "excluded", "excepted")
        or word.startswith("sit")
        or word.endswith(("extra", "extras", "separately"))
    ):
        before = [
            s
            for s, (at, _) in zip(passage.stems, passage.spans, strict=True)
            if at < match.start() + (5 if word.startswith(("exc", "sit")) else 0)
        ]
        before = [s for s in before if s != "free"]
        return set(before[-1:]) if word == "-free" else set(before[-3:])
    stop = close.search(passage.text, match.end())
    if word == "without":
        stop = min(
            filter(None, (stop, _SUBJECT.search(passage.text, match.end()))), key=lambda m: m.start(), default=stop
        )
    listed = _LISTED.match(passage.text, stop.start()) if stop else None
    if listed:
        stop = close.search(passage.text, listed.end())
    limit = stop.start() if stop else len(passage.text)
    after = [
        s
        for s, (at, _) in zip(passage.stems, passage.spans, strict=True)
        if match.start() < at < limit and at >= match.end() - 1
    ]
    if word == "not" or len(after) <= (0 if word in ("no", "without", "nothing") else 1):
        starts = [m.end() for m in close.finditer(passage.text, 0, match.start())]
        left = max(starts, default=0)
        after = [s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if left <= at < match.start()][
            -2:
        ] + after
    return set(after[: 7 if listed else 4])


_SUBJECT = re.compile(r"\b(?:you|we|they|it|he|she|one|nobody|everyone)\b", re.I)
"""What begins the main clause behind "without": ``Without an appointment | you may have to wait``."""
_LISTED = re.compile(r"(?:, [\w'-]+(?: [\w'-]+){0,2})*,? (?:or|nor) ")


def _negators(passage: Passage, other: str) -> list[re.Match[str]]:
    """Return the negators of ``passage``; a compound such as ``gluten-free`` that both texts have is a name."""
    found = NEGATOR.finditer(passage.text)
    kept = (m for m in found if m[0].lower() != "-free" or _compound(passage.text, m.end()) not in other.lower())
    return [m for m in kept if not (_ZERO_SHARE.match(passage.text, m.start()) and has(_NO_SHARE, other))]


_ZERO_SHARE = re.compile(r"zero[ -]?(?:%|per ?cent\b)", re.I)
_NO_SHARE = r"(?<![\d.,])0(?:\.0+)? ?(?:%|per ?cent\b)|\bzero[ -](?:%|per ?cent\b)"
"""A share of nothing as a figure: where both texts have it (``0% interest``), "zero per cent" denies nothing new."""


def _compound(text: str, end: int) -> str:
    return re.split(r"[^\w-]", text[:end].lower())[-1]


def polarity_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``negation_dropped``, ``negation_added`` or ``contradiction``."""
    sentence = evidence.sentence
    mine = [
        _scope(sentence, m)
        for m in _negators(sentence, evidence.low)
        if not _ON_CONDITION.search(sentence.text[: m.start()])
        and not denies_nothing(sentence, m, evidence)
        and _denies_the_said(sentence, m, evidence)
        and not _leaves_out_the_same(sentence, m, evidence)
    ]
    told = set[str]().union(*(s.concepts for s in evidence.case.sentences))
    whole = _BARE.search(sentence.text) or has(_NOT_THEN, sentence.text) or has(_TAKEN_UP, sentence.text)
    denied = [set(sentence.concepts)] if whole else []
    denied += [_scope(s, m) for s in evidence.case.sentences for m in _negators(s, evidence.low) if not cancelled(s, m)]
    for passage in evidence.passages:
        found = _negators(passage, evidence.case.low)
        theirs = [_scope(passage, m) for m in found]
        for match, scope in zip(found, theirs, strict=True):
            hit = scope & sentence.concepts - _whole(passage, match)
            if (
                other_days(passage, sentence)
                or _unspoken(passage, match, sentence)
                or _of_another(passage, match, told)
                or told_as_extra(match, scope, sentence, passage)
                or _told_otherwise(match, sentence)
                or _only_then(passage, sentence)
                or _of_another_kind(scope, passage, evidence)
                or in_the_other_case(passage, match, sentence)
                or (
                    has(_STILL_NEEDED, sentence.text)
                    and has(r"^\W*(?:replace|substitute|include|cover)\b", passage.text[match.end() :])
                )
                or (_WHICH_NOT.search(passage.text, match.start()) and not scope <= sentence.concepts)
                or kept_off(hit, sentence)
                or denied_by_word(passage, match, sentence)
                or _beyond(passage, match, sentence)
            ):
                continue
            positive = passage.concepts - set[str]().union(*theirs)
            if (
                _reversed(scope, hit, sentence, passage)
                and not any(hit & m for m in denied)
                and not (scope <= positive)
                and not _affirmed_of_another(hit, scope, passage, evidence)
            ):
                yield "negation_dropped"
                return
    against = set[str]().union(*(_scope(p, m) for p in evidence.passages for m in NEGATOR.finditer(p.text)))
    against |= {concept(w[2:]) for p in evidence.passages for w in p.words if w.startswith("un")}
    against |= _left_out(evidence) | left_out_things(evidence)
    for scope in mine:
        real = {s for s in scope if not is_empty(s)} or scope
        real = real - _HAD or real
        known = real & evidence.stems
        of_it = _where_said(known, evidence)
        if (
            known
            and len(known) >= 0.6 * len(real)
            and not (scope - _LOOSE_SCOPE or scope) & against
            and not _denied_together(real, evidence)
            and not all(has(r"\b(?:only|cancel|(?<!-)free|any|all|limit)\b", text) for text in of_it)
        ):
            yield "negation_added"
            return
    if (
        _echo_denies(evidence)
        or _need_denied(evidence)
        or fee_denied(evidence)
        or _denied_of_the_one(evidence)
        or _denied_of_the_wrong(evidence)
    ):
        yield "negation_added"
        return
    if (
        affirms_denied(evidence, denied)
        or affirms_within_bound(evidence)
        or given_anyway(evidence)
        or affirms_of_the_denied(evidence)
        or opens_when_closed(evidence)
        or _booking_demanded(evidence)
    ):
        yield "negation_dropped"
        return
    if _antonyms_in_clauses(evidence):
        yield "contradiction"


def _where_said(known: set[str], evidence: Evidence) -> list[str]:
    """Return the passages that have some of what is denied, and the clauses in which one says all of it."""
    clauses = [
        p.text[start:end]
        for p in evidence.passages
        if len(known) >= _TELLING and known <= p.concepts
        for start, end in {p.clause(*span) for stem, span in zip(p.stems, p.spans, strict=True) if stem in known}
        if known <= p.near(start, start)
    ]
    whole = " ".join(p.text for p in evidence.aligned if known & p.concepts)
    return [whole or evidence.aligned_text, *([" ".join(clauses)] if clauses else [])]


def _whole(passage: Passage, match: re.Match[str]) -> set[str]:
    """Return the words of what something does not come with: the steak of ``lobster is not included with a steak``."""
    whole = _NOT_WITH.match(passage.text, match.start())
    words = zip(passage.stems, passage.spans, strict=True)
    return {s for s, (at, _) in words if whole and whole.start("whole") <= at < whole.end()}


_NOT_WITH = re.compile(
    r"not (?:included|provided|supplied|offered|sold) (?:with|in) (?:an?|the|any|your|our) (?P<whole>[^,;:.]+)", re.I
)
_NOT_THEN = r"\b(?:and|but),? not (?:after|before|on|at|in|from|later|beyond|for|with|by|then|otherwise)\b"
"""What denies once more, for another time, what the sentence has just said: ``until 1 May, and not after that``."""


_TAKEN_UP = (
    r"\bwithout (?:any|it|them|one|those)\b\W*(?:$|[,;.])|"
    r":\W*(?:sorry,? |but )?(?:we|you|they|it) (?:can ?not|do not|does not|is not|are not|will not|never)\b"
)
"""What denies the thing named before: ``bring pedals, as the bike comes without any``, ``Hawaii: we cannot ...``."""


def _only_then(passage: Passage, sentence: Passage) -> bool:
    """Return whether what is denied with an exception is told as the exception: ``cannot be returned unless faulty``.

    "We only take it back if it is faulty" says the same.
    """
    exception = _UNLESS.search(passage.text)
    if exception is None or not has(_ONLY_IF, sentence.text):
        return False
    words = zip(passage.words, passage.stems, passage.spans, strict=True)
    case = {s for w, s, (at, _) in words if exception.start("case") <= at < exception.end() and not is_empty(w)}
    return bool(case & sentence.concepts)


def _of_another_kind(scope: set[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether one kind of a thing is denied and the sentence has another that a source has: kitchen, ceramic knives."""  # noqa: E501
    denied = {(kind, thing) for kind, thing in _kinds(passage) if {kind, thing} <= scope}
    told = {pair for p in evidence.passages if p is not passage for pair in _kinds(p)}
    mine = _kinds(evidence.sentence)
    return any(
        not any(k == kind for k, _ in mine) and any(t == thing and (k, t) in told for k, t in mine)
        for kind, thing in denied
    )


def _kinds(passage: Passage) -> set[tuple[str, str]]:
    """Return each telling word right before another: ``(kitchen, knife)``."""
    words = zip(passage.stems, passage.spans, strict=True)
    return {(kind, thing) for (kind, (_, end)), (thing, (at, _)) in pairwise(words) if at == end + 1}


_STILL_NEEDED = r"\bstill (?:need|have to|want)\b"
"""What says that a thing does not stand in for another: ``you will still need a Level 1 course``."""


_WHICH_NOT = re.compile(
    r"(?<=[a-z]s )not \w+(?:ed|en|wn)\b[^,.;]*? (?:needs?|costs?|pays?|must|requires?|gets?)\b", re.I
)
"""What only says which things are meant: ``Pianos not tuned in the last two years need ...``."""
_UNLESS = re.compile(r"\b(?:unless|except (?:if|when|where)|other than (?:if|when))\b(?P<case>[^.;]*)", re.I)
_ONLY_IF = r"\bonly\b[^.;]*\b(?:if|when|where|once|with)\b|\b(?:if|when)\b[^.;]*\bonly\b"


def _leaves_out_the_same(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether a thing is said not to come with another that a source leaves out: "batteries, which don't come with it"."""  # noqa: E501
    if not _COMES_NOT.match(sentence.text, match.end()):
        return False
    before = {s for s, (at, _) in zip(sentence.stems, sentence.spans, strict=True) if at < match.start()}
    return bool(before & left_out_things(evidence))


_COMES_NOT = re.compile(
    r"\s*(?:come|ship|arrive|be (?:included|supplied)|included|supplied|provided|part of|in the)\b", re.I
)


def _asks(passage: Passage) -> bool:
    """Return whether a passage asks something of the reader, by a verb or as a command: ``Choose one cheese``."""
    return has(_DUTY, passage.text) or bool(re.match(r"[A-Z][a-z]+ (?:an?|one|two|your|the|\d)\b", passage.text))


_DUTY = r"\b(?:must|requires?|required|needs?|have to|has to|necessary|compulsory|mandatory|should|ought to)\b"
_NEAR_BY = 16
_NOT_NEEDED = r"^(?:no need|not (?:need|have) to|nobody (?:needs|has|need)(?: to)?|never (?:need|have) to)\b"
"""A denial of a duty, which goes against nothing but a duty: ``you need not buy the whole wheel``."""
_HAVING = frozenset(
    map(
        concept,
        """find see get have contain include come need want require ask expire lapse end charge pay cost add use
        take make bring keep drop trace hint sign""".split(),  # noqa: SIM905
    )
)
"""Verbs of having, asking and ending, behind which the denied thing only follows: ``you won't find any solvent``."""


def _denies_the_said(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether what is denied first is something the source speaks of.

    "A spot of rain won't stop us" denies no word of ``the walk goes ahead in light rain``.
    """
    _, end = sentence.clause(match.end(), match.end())
    words = zip(sentence.words, sentence.stems, sentence.spans, strict=True)
    head = next(((w, s) for w, s, (at, _) in words if match.end() <= at < end), None)
    if has(_NOT_NEEDED, sentence.text[match.start() : match.end() + _NEAR_BY]) or has(
        r"\bneeds? $", sentence.text[: match.start()]
    ):
        return head is not None and any(head[1] in p.concepts and _asks(p) for p in evidence.passages)
    return head is None or head[1] in evidence.stems | CAPABLE | _HAVING


def _beyond(passage: Passage, match: re.Match[str], sentence: Passage) -> bool:
    """Return whether a sentence speaks of the side of a bound that a denial leaves open: ``not before 6``, ``from 6``."""  # noqa: E501
    denied = denied_side(passage, match)
    return (denied is not None and told_beyond(*denied, sentence)) or met(passage, match, sentence)


def _echo_denies(evidence: Evidence) -> bool:
    """Return whether a denial takes up what the source affirms: ``Some halls have a lift. Ours doesn't.``"""
    if NEGATOR.search(evidence.text):
        return False
    sentence = evidence.sentence
    taken_up = [echoed(sentence, m, evidence) for m in _negators(sentence, evidence.low)]
    return any(told is not None and told & evidence.stems for told in taken_up)


def _affirmed_of_another(hit: set[str], scope: set[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether the sentence speaks of what the source affirms of another thing: paint, not tinted paint.

    Or of another by its name: ``Basic has no roaming, Plus includes it``.
    """
    sentence = evidence.sentence
    plain = [p for p in evidence.passages if p is not passage and not NEGATOR.search(p.text)]
    if any(hit <= p.concepts and _named_there(sentence, p) - passage.concepts for p in plain):
        return True
    apart = {s for s in scope - hit if not is_empty(s)} - _LOOSE_SCOPE
    return bool(apart) and any(
        hit <= p.concepts
        and len(p.concepts & evidence.sentence.concepts) > len(passage.concepts & evidence.sentence.concepts)
        for p in evidence.passages
        if p is not passage and not NEGATOR.search(p.text)
    )


def _named_there(sentence: Passage, passage: Passage) -> set[str]:
    """Return the names in a sentence that a passage has, too."""
    return {concept(name.lower()) for name in names_in(sentence)} & {concept(n.lower()) for n in names_in(passage)}


def _denied_together(real: set[str], evidence: Evidence) -> bool:
    """Return whether one passage denies something of what the sentence speaks of: "they are not in the kit"."""
    said = evidence.sentence.concepts
    return any(
        real <= p.concepts
        and any(not is_empty(s) for m in NEGATOR.finditer(p.text) for s in _scope(p, m) & said - real)
        for p in evidence.passages
    )


_NO_NEED = re.compile(
    r"\b(?:no|without)(?: an?| any)? (?P<what>(?:[\w-]+ ){1,3}?)(?:is |are )?(?:needed|required|necessary|asked for)\b",
    re.I,
)
_NEED = re.compile(r"\b(?:must|requires?|required|needs?|have to|has to|necessary|compulsory|mandatory)\b", re.I)


def _need_denied(evidence: Evidence) -> bool:
    """Return whether "no ticket needed" is said where the source asks for one."""
    for found in _NO_NEED.finditer(evidence.sentence.text):
        what = {concept(w) for w in found["what"].lower().split()}
        asking = [p for p in evidence.passages if what <= p.concepts]
        if asking and all(_NEED.search(p.text) and not NEGATOR.search(p.text) for p in asking):
            return True
    return False


_NO_BOOKING = r"\b(?:no|without(?: an?)?) (?:prior |advance )?(?:appointments?|bookings?|reservations?|tickets?)(?: (?:is|are))?\b|\bno need to book\b|\b(?:do|does|need) not (?:need to |have to )?(?:book|reserve)\b|\bwalk-ins? (?:are )?welcome"  # noqa: E501
_BOOK_FIRST = r"\b(?:must|have to|has to|needs? to|be sure to) (?:\w+ )?(?:book|reserve|make an? (?:appointment|booking|reservation)|arrange|get an? (?:slot|appointment))\b|\b(?:by appointment|bookings? (?:is |are )?(?:essential|required|needed|necessary|only)|(?:appointments?|reservations?) (?:is |are )?(?:essential|required|needed|necessary|only))\b"  # noqa: E501


def _booking_demanded(evidence: Evidence) -> bool:
    """Return whether a booking is asked for where the source says that none is: ``no appointment is needed``."""
    text = evidence.sentence.text
    found = re.search(_BOOK_FIRST, text, re.I)
    if found is None or has(_NO_BOOKING, text) or has(r"\b(?:not?|never|nobody)\b[^,;.]*$", text[: found.start()]):
        return False
    free = [p for p in evidence.passages if has(_NO_BOOKING, p.text)]
    return bool(free) and not any(has(_BOOK_FIRST, p.text) for p in evidence.passages if p not in free)


_BARE = re.compile(r"\b(?:do|does|did|is|are|can|could|will|would|must|may|has|have) not\b\W*(?:$|[,;.])", re.I)
"""A denial that leaves out what it denies: ``Basic shows adverts; Reader does not``."""


def _denied_of_the_wrong(evidence: Evidence) -> bool:
    """Return whether the subject of a denial is one of which the source affirms it: Basic shows adverts, Reader not."""
    sentence = evidence.sentence
    for match in _negators(sentence, evidence.low):
        if _ON_CONDITION.search(sentence.text[: match.start()]) or denies_nothing(sentence, match, evidence):
            continue
        start, end = sentence.clause(match.start(), match.end())
        words = list(zip(sentence.stems, sentence.spans, strict=True))
        subject = {s for s, (at, _) in words if start <= at < match.start()}
        what = {s for s, (at, _) in words if match.end() <= at < end}
        if not what and _BARE.search(sentence.text, start, min(end + 1, len(sentence.text))):
            what = {s for s, (at, _) in words if at < start}
        negative = [p for p in evidence.passages if NEGATOR.search(p.text) or _OUTSIDE.search(p.text)]
        denying = [p for p in negative if what & p.concepts]
        only = subject - set[str]().union(*(p.concepts for p in negative))
        if (
            what
            and denying
            and only
            and any(
                only <= p.concepts and what & p.concepts >= what & denying[0].concepts - only
                for p in evidence.passages
                if p not in negative
            )
        ):
            return True
    return False


def _denied_of_the_one(evidence: Evidence) -> bool:
    """Return whether the sentence denies of one thing what the source denies of another: adverts on which screen."""
    sentence = evidence.sentence
    theirs = [(p, _scope(p, m)) for p in evidence.passages for m in NEGATOR.finditer(p.text)]
    for match in _negators(sentence, evidence.low):
        scope = {s for s in _scope(sentence, match) if not is_empty(s)}
        if _ON_CONDITION.search(sentence.text[: match.start()]) or denies_nothing(sentence, match, evidence):
            continue
        shared = set[str]().union(*(scope & other for _, other in theirs))
        where = scope - shared
        negative = {id(p) for p, _ in theirs}
        if (
            shared
            and len(where) >= _TELLING
            and any(
                scope <= p.concepts and id(p) not in negative and not _OUTSIDE.search(p.text) for p in evidence.passages
            )
        ):
            return not any(where & p.concepts for p, _ in theirs)
    return False


_TELLING = 2
_HAD = frozenset(map(concept, ("accept", "allow", "permit", "welcome", "admit", "offer", "provide", "sell")))
"""Verbs of letting and giving, which a source may have in another word: "we do not accept dogs", ``dogs are welcome``."""  # noqa: E501
_LOOSE_SCOPE = frozenset(map(concept, ("included", "available", "needed", "required")))
"""What is denied of many things: it does not tell which."""


def _unspoken(passage: Passage, match: re.Match[str], sentence: Passage) -> bool:
    """Return whether the sentence does not speak of what is denied: the thing after ``without``, any word after ``not``."""  # noqa: E501
    after = [s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if at >= match.end()]
    bounded = has(r"\b(?:more|longer|larger|bigger|later|older|heavier|higher) than\b", passage.text[match.end() :])
    if has(_GOT_ELSEWHERE, sentence.text):
        return True
    if match[0].lower() == "without" and not match.start() and has(r"\bwith\b", sentence.text):
        return True
    if bounded and any(f.hedge == "max" for f in sentence.figures):
        return True
    if match[0].lower() in ("no", "without", "free of", "free from"):
        return bool(after) and after[0] not in sentence.concepts
    if match[0].lower() in ("not", "never", "cannot", "does not"):
        names = {concept(name) for name in names_in(passage)}
        told = [s for s in after if s not in names and s not in _LOOSE_SCOPE][:4]
        return bool(told) and not set(told) & sentence.concepts
    return False


def _of_another(passage: Passage, match: re.Match[str], told: set[str]) -> bool:
    """Return whether "no" is said of a thing that the copy does not name: ``Gift cards earn no points``."""
    if match[0].lower() == "no" and has(r"^ other\b", passage.text[match.end() :]):
        return True
    start, _ = passage.clause(match.start(), match.start())
    words = zip(passage.stems, passage.spans, strict=True)
    subject = [s for s, (at, _) in words if start <= at < match.start()][:-1]
    return match[0].lower() == "no" and bool(subject) and not set(subject) & told


def _left_out(evidence: Evidence) -> set[str]:
    """Return what a source leaves out without a negation: ``outside school holidays``, so "not in the holidays"."""
    return {
        stem
        for passage in evidence.passages
        for match in _OUTSIDE.finditer(passage.text)
        for stem, (at, _) in zip(passage.stems, passage.spans, strict=True)
        if match.end() <= at < match.end() + len(re.split(r"[,;:()]|\.\s", passage.text[match.end() :])[0])
    }


_OUTSIDE = re.compile(
    r"\b(?:closed(?: (?:on|for|over|during))?|outside(?: of)?|unlike|away from|instead of|rather than|beyond|short of)\b",  # noqa: E501
    re.I,
)
_ELSE = r"\bor not\b|\b(?:every|any)(?:one|body) else\b|\bothers\b|\ball other\b|\bthe rest\b|\bif you(?: are|'re) not\b|\bnot (?:yet )?an?\b"  # noqa: E501


def _told_otherwise(match: re.Match[str], sentence: Passage) -> bool:
    """Return whether a denial is told in other words: "everybody else" for ``non-``."""
    return match[0].lower() == "non" and has(_ELSE, sentence.text)


_GOT_ELSEWHERE = r"\b(?:get|buy|order|bring|purchase)\b[^.;]* (?:separately|your own)\b|\b(?:bring|need) your own\b"
"""How a copy says that something does not come with the thing."""
_ON_CONDITION = re.compile(
    r"\b(?:if|should|when|unless|until|whether|in case|provided|providing|assuming|supposing|(?:as|so) long as|on condition|in the event)\b[^,.;:]*$",  # noqa: E501
    re.I,
)
"""What stands before a negation that only tells a condition: ``should the bulbs not bloom``."""


def _reversed(scope: set[str], hit: set[str], sentence: Passage, passage: Passage) -> bool:
    """Return whether the sentence speaks of what the passage denies, in a text about the same thing."""
    if not scope or not hit:
        return False
    if hit >= (scope - _LOOSE_SCOPE) and has(
        r"\b(?:please|must|need to|required|have to|by \w+ only)\b", sentence.text
    ):
        return True
    told = hit & {s for s, (at, _) in zip(sentence.stems, sentence.spans, strict=True) if _given(sentence, at)}
    if told and hit >= (scope - _LOOSE_SCOPE) and scope & _LOOSE_SCOPE:
        return True
    if len(hit) < 0.6 * len(scope):
        return False
    return any(not is_empty(s) for s in hit) or len(sentence.concepts & passage.concepts) >= 3


def _given(sentence: Passage, at: int) -> bool:
    """Return whether the word at ``at`` is what something comes with."""
    return has(r"\b(?:comes? with|complete with|together with|includes?|including) [\w' -]{0,20}$", sentence.text[:at])


def _antonyms_in_clauses(evidence: Evidence) -> bool:
    """Return whether a word stands with the days and figures that the source gives to its opposite.

    ``Lessons are outdoors from May to August and indoors from September`` makes "indoors from May to August" wrong.
    """
    if NEGATOR.search(evidence.sentence.text):
        return False
    said = _marks(evidence.sentence.text)
    for passage in evidence.aligned:
        clauses = [
            _marks(c) for c in re.split(r"[;,]|\b(?:and|but|while|whereas)\b(?! \w+day)", passage.text) if c.strip()
        ]
        if len(clauses) < 2:
            continue
        for pair in ANTONYMS:
            for one, other in ((pair[0], pair[1]), (pair[1], pair[0])):
                ones, others = [c for c in clauses if c & one], [c for c in clauses if c & other]
                if len(ones) != 1 or len(others) != 1 or ones == others or not said & one or said & other:
                    continue
                mine, theirs = ones[0] - others[0] - one, others[0] - ones[0] - other
                if _dated(theirs) and _dated(theirs) <= said and _dated(mine) and not mine & said:
                    return True
    return False


def _marks(text: str) -> set[str]:
    return {
        w if w.islower() or w.isdigit() else (w if w in _MONTHS else w.lower())
        for w in re.findall(r"[A-Za-z]+(?:-[a-z]+)*|\d+", text)
    }


_MONTHS = frozenset(calendar.month_name[1:])


def _dated(marks: set[str]) -> set[str]:
    """Return the figures, months and weekdays among the words of a clause."""
    return {m for m in marks if m.isdigit() or m in _MONTHS or m.removesuffix("s") in WEEKDAYS}
