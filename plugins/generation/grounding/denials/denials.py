"""Denials that deny nothing the source says: turns of phrase, disclaimers, and two negations that make a yes."""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.dates import weekdays
from plugins.generation.grounding.reading.lexicon import concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_ONLY_JUST = r"\s*(?:(?:more|less) [\w-]+ than|[\w-]+er than|other than|short of|in the world|if not)\b|\s+like\b"
"""Behind ``nothing``: ``nothing grander than oats`` is oats."""
_WE = r"\b(?:we|i)(?:'(?:ll|d|re|m|ve))?(?: (?:will|would|do|can|could|are|am|shall|should|have|had|did|were))?\s*$"
_TALK = r"\s*(?:ever |going to |here to |about to |trying to )?(?:claim|pretend|say|swear|boast|brag|suggest|imply|insist|mark(?:ing)? our own|bore|name names|blame|judge|mind|tell a soul|make this up|making this up|exaggerat\w+|kid\w*|jok\w+|think|believe|expect|wonder|dream)\b"  # noqa: E501
"""What a sender says of its own words: ``we will not claim that it was the plan alone``."""
_TELLS = r"\s*(?:yet )?(?:tell|show|say|prove|explain|establish|reveal|settle|answer|know|demonstrate|separate|pin|put it down)\b"  # noqa: E501
_TOLD_NOT = r"\b(?:not|no|never|cannot|without|neither)\b[^.;]*\b(?:shows?|prov\w+|tells?|establish\w*|explain\w*|demonstrat\w+|measur\w+|conclu\w+|caus\w+|control\w*|means?|identif\w+|examin\w+|compar\w+|ask\w*|study|studied|test\w*|look\w*)\b"  # noqa: E501
"""How a source says that it does not know: ``The survey does not show the cause``."""
_CHOICE = re.compile(
    r"\s*(?:one |body )?(?:(?:will |would |should |ever |even )*(?:has|have|having|needs?|must|gets?|is forced|are forced|asked)?\s*)(?:to )?"  # noqa: E501
    r"(choose|pick|decide|compromise|argue|fight|quarrel|squabble|bicker|agonise|agonize|guess|wonder|worry|panic|fret|"
    r"stress|sulk|complain|toss|draw straws|take sides|play favourites|settle for)\b",
    re.I,
)
"""What nobody has to do because both are there: ``nobody has to pick``."""
_NOBODY = r"\b(?:no|not|never|nobody|none|cannot|nothing)\b"
_WAITS = re.compile(r"\b(?:until|till|unless|without|before)\b", re.I)
_ORDERED = r"\b(?:before|prior to|ahead of|until|till|unless|must|requires?|required|only|first|once|after|if|without|needs?|have to|has to|depends?|subject to)\b"  # noqa: E501
_FROM = r"\b(?:from|opens?|starts?|begins?|after|as of|at)\W*$"
_CANCELS = re.compile(
    r"\b(?:(?<=is )without|(?<=are )without|(?<=goes )without|(?<=comes )without|(?<=leaves )without|(?<=be )without|(?<=go )without|"  # noqa: E501
    r"(?<=come )without|(?<=leave )without|fail(?:s|ed|ing)? to|lacks?|goes? missing|(?:is|are) left out|misses out)\b",
    re.I,
)
_WITHOUT_IT = r"-free\b|\bfree (?:of|from)\b|\b(?:no|without|not|nor|zero)\b"
_REACH = 60
"""Characters between two negations that speak of one thing."""


def denies_nothing(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether the negator ``match`` of ``sentence`` takes nothing away that the source says."""
    before, after = sentence.text[: match.start()], sentence.text[match.end() :]
    word = match[0].lower()
    if word == "nothing" and has("^" + _ONLY_JUST, after):
        return True
    if word == "not" and has(r"^\s*(?:every|all|each|everyone|everybody|everything)\b", after):
        return not has(r"\b(?:every|all|each|everyone|everybody|everything|any|always)\b", evidence.low)
    if word in ("not", "never") and has(_WE, before) and has("^" + _TALK, after):
        return True
    if word == "not" and has(r"^\s*(?:been )?since\b", after):
        return True
    if word == "none" and has(_WITHOUT_IT, evidence.low):
        return True
    if word in ("not", "cannot", "never") and has("^" + _TELLS, after) and has(_TOLD_NOT, evidence.low):
        return True
    return (
        _no_choice(word, after, evidence)
        or echoes_nothing(sentence, match, evidence)
        or cancelled(sentence, match)
        or _waits(sentence, match, evidence)
        or _starts_then(sentence, match, evidence)
        or _lasts_till(sentence, match, evidence)
        or _bounds_the_same(sentence, match, evidence)
        or _opposite_told(sentence, match, evidence)
        or _first_time(sentence, match, evidence)
    )


def _first_time(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether what never was until now is there for the first time: ``never on display before``."""
    until_now = has(
        r"^[^.;]*\b(?:until|till|before)\b(?: (?:now|today|this|the)\b|\W*$|[,;] )", sentence.text[match.end() :]
    )
    return until_now and has(r"\bfirst (?:time|ever|public|chance)\b|\bdebut|\bpremi[e\u00e8]re|\bnew\b", evidence.low)


_ECHO = re.compile(
    r"\b(?:do|does|did|is|are|was|were|can|could|will|would|has|have|had) not\b\W*(?:$|(?=[,;:.!?]))|"
    r"(?:^|[;:.!?] )\W*(?:neither|nor) (?:do|does|did|is|are|was|were|can|could|will|would|has|have|had) (?:\w+ ){1,4}?(?=\w+\W*(?:[,;:.!?]|$))|"  # noqa: E501
    r"^\W*not (?:us|we|me|here|ours?|this one|the \w+|so)\b",
    re.I,
)
"""A denial of what the sentence before says: ``Fashions fade. The choir hasn't:``, ``Neither does our helpline:``."""


def echoed(sentence: Passage, match: re.Match[str], evidence: Evidence) -> set[str] | None:
    """Return what the sentence before says, where the negator ``match`` only takes that up."""
    at = next((n for n, other in enumerate(evidence.case.sentences) if other is sentence), 0)
    spans = [m.span() for m in _ECHO.finditer(sentence.text)]
    start, _ = sentence.clause(match.start(), match.end())
    if not at or evidence.case.sentences[at - 1].cited or not any(a <= match.start() < b for a, b in spans):
        return None
    said = {
        s for s, (where, _) in zip(sentence.stems, sentence.spans, strict=True) if start <= where < match.start()
    } & evidence.stems
    told = {s for w, s in zip(*_words(evidence.case.sentences[at - 1]), strict=True) if not is_empty(w)}
    return told - said


def _words(passage: Passage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return passage.words, passage.stems


def echoes_nothing(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether a denial takes up a sentence that speaks of nothing in the sources."""
    told = echoed(sentence, match, evidence)
    return told is not None and not told & evidence.stems


def _no_choice(word: str, after: str, evidence: Evidence) -> bool:
    """Return whether nobody has to choose, in a text that asks for no choice."""
    found = _CHOICE.match(after) if word in ("nobody", "no", "not", "never") else None
    return found is not None and concept(found[1].split()[0].lower()) not in evidence.stems


def cancelled(sentence: Passage, match: re.Match[str]) -> bool:
    """Return whether another negation of the same clause turns this one into a yes: ``no room is without a view``."""
    start, end = sentence.clause(match.start(), match.end())
    word = match[0].lower()
    if word in ("no", "not", "never", "none", "nobody", "nothing", "neither"):
        return _CANCELS.search(sentence.text, match.end(), min(end, match.end() + _REACH)) is not None and not has(
            r"^\s*(?:only|available)\b", sentence.text[match.end() :]
        )
    before = sentence.text[max(start, match.start() - _REACH) : match.start()]
    return _CANCELS.match(sentence.text, match.start()) is not None and has(
        r"\b(?:no|not|never|none|nobody|nothing)\b", before
    )


def _waits(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether the source asks for what the sentence waits for: ``nobody dives until they are briefed``.

    "Before" in the source must have the same thing on its left: what comes first there, is waited for here.
    """
    start, end = sentence.clause(match.start(), match.end())
    if match[0].lower() in ("without", "unless"):
        waits = match if has(_NOBODY, sentence.text[start : match.start()]) else None
    else:
        waits = _WAITS.search(sentence.text, match.end(), end) if has(_NOBODY, match[0]) else None
    if waits is None:
        return False
    first = _told(sentence, waits.end(), end)
    if not first:
        return False
    for passage in evidence.passages:
        shared = first & passage.concepts
        order = re.search(r"\b(?:before|prior to|ahead of|until|till)\b", passage.text, re.I)
        ordered = (
            _ORDERED if waits[0].lower() not in ("without", "unless") else _ORDERED + r"|\b(?:every|each|all|always)\b"
        )
        if len(shared) < max(1, len(first) // 2) or not has(ordered, passage.text):
            continue
        if order is None or len(first & _told(passage, 0, order.start())) >= len(
            first & _told(passage, order.end(), len(passage.text))
        ):
            return True
    return False


def _starts_then(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether what does not begin before a time begins then in the source: ``does not open until 6 pm``."""
    _, end = sentence.clause(match.end(), match.end())
    waits = _WAITS.search(sentence.text, match.end(), end)
    if waits is None or waits[0].lower() in ("unless", "without"):
        return False
    days = {d.day for d in sentence.days if d.start >= waits.end()}
    if not days and not sentence.clocks:
        return False
    for passage in evidence.passages:
        starts = [d.start for d in passage.days if d.day in days]
        if any(has(_FROM + "|" + r"\b(?:from|on)\b[^,;]{0,12}$", passage.text[:at]) for at in starts):
            return True
        if set(sentence.clocks) & set(passage.clocks) and has(
            r"\b(?:from|opens?|starts?|begins?|after)\b", passage.text
        ):
            return not has(r"\b(?:until|till|before|by)\b", passage.text)
    return False


_CLOSES = re.compile(r"\s*(?:close|shut|end|finish|stop|be over)\w*(?: \w+){0,3}? (?:before|until|till)\b", re.I)


def _lasts_till(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether what does not close before a time is open until then: ``won't close before 9``."""
    found = _CLOSES.match(sentence.text, match.end())
    return found is not None and any(
        has(r"\b(?:open|opens|runs?|lasts?|stays?)\b[^.;]*\b(?:until|till|to)\b", p.text) for p in evidence.aligned
    )


def _told(passage: Passage, start: int, end: int) -> set[str]:
    """Return the telling concepts between two places of a sentence."""
    return {
        stem
        for word, stem, (at, _) in zip(passage.words, passage.stems, passage.spans, strict=True)
        if start <= at < end and not is_empty(word)
    }


_BELOW = re.compile(r"\b(?:less|fewer|under|below|shorter|smaller|lower|sooner|later)(?: than)?\W*$", re.I)
_ABOVE = re.compile(r"\b(?:more|over|above|beyond|longer|larger|bigger|higher|further)(?: than)?\W*$", re.I)
_LEAST = r"\b(?:at least|minimum|no (?:less|fewer|later) than|from|or more|ahead|in advance|starts?)\b"
_MOST = r"\b(?:within|inside|at most|maximum|up to|no more than|limit\w*|or (?:less|fewer)|capped)\b"


def _bounds_the_same(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether a denial sets the bound that the source sets: "not less than 24 hours ahead" is "at least"."""
    if match[0].lower() not in ("no", "not", "never", "cannot", "nobody", "none", "nothing"):
        return False
    for figure in sentence.figures:
        between = sentence.text[match.end() : figure.start]
        if figure.start < match.end() or len(between) > _REACH:
            continue
        for pattern, bound in ((_BELOW, _LEAST), (_ABOVE, _MOST)):
            if pattern.search(between) and any(
                f.kind == figure.kind and f.value == figure.value and has(bound, p.text)
                for p in evidence.passages
                for f in p.figures
            ):
                return True
    return False


_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{negative})\b", re.I), re.compile(rf"\b(?:{positive})\b", re.I))
    for negative, positive in (
        (r"closed|closes|shuts?", r"open|opens|opened|opening"),
        (
            r"banned|forbidden|prohibited|barred|off[- ]limits",
            r"allow\w*|permit\w*|welcome|bring|enter|allowed|use|take",
        ),
        (r"refus\w+|declin\w+|reject\w+", r"accept\w*|take|grant\w*|give"),
        (r"optional|voluntary|needless|unnecessary", r"need\w*|must|ha(?:ve|s) to|requir\w+|oblig\w+|compulsory"),
        (r"sold out|out of stock|discontinued", r"available|left|in stock|sell|buy|remain\w*"),
        (r"waived?|waives|free", r"pay|charge\w*|cost"),
        (r"exempt\w*", r"appl(?:y|ies)|pay|charge\w*|affect\w*|need\w*"),
        (r"vacant|empty", r"occupied|taken|full"),
        (r"suspended|cancelled|postponed", r"runs?|running|take place|go ahead|happen\w*"),
        (r"silent|noiseless", r"noise|sound|hum"),
        (r"dropped|removed|discontinued|withdrawn", r"includes?|contains?|offers?|has|have|sell"),
    )
)
"""A word that denies without a negation, and what it denies: ``closed on Mondays`` is "not open on Mondays"."""


def denied_by_word(passage: Passage, match: re.Match[str], sentence: Passage) -> bool:
    """Return whether the sentence denies by a word what the source denies by "not": ``keep it shut`` for "not opened"."""  # noqa: E501
    _, end = passage.clause(match.end(), match.end())
    behind = passage.text[match.end() : end]
    return any(
        positive.search(behind) and negative.search(sentence.text) and not positive.search(sentence.text)
        for negative, positive in _OPPOSITES
    )


def _opposite_told(sentence: Passage, match: re.Match[str], evidence: Evidence) -> bool:
    """Return whether the source denies by a word of its own, on the same days, what the sentence denies by "not"."""
    start, end = sentence.clause(match.start(), match.end())
    clause, about = sentence.text[start : max(end, match.end())], sentence.near(match.start(), match.end())
    mine = set(weekdays(sentence.text))
    nearest = max((len(about & p.concepts) for p in evidence.passages), default=0)
    return any(
        positive.search(clause)
        and negative.search(p.text)
        and mine <= set(weekdays(p.text))
        and len(about & p.concepts) >= nearest
        for negative, positive in _OPPOSITES
        for p in evidence.aligned
    )
