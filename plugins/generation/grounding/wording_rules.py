"""Rules about words: quantifiers, polarity, certainty, strength, names, and words with nothing behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.dates import months
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.lexicon import ANTONYMS, CALENDAR, STOP, STRONG, concept, is_empty, stem
from plugins.generation.grounding.owner_rules import names_in
from plugins.generation.grounding.passages import Passage

_GENERAL = re.compile(
    r"\b(?:all (?!\d|(?:two|three|four|five|six|seven|eight|nine|ten)\b|that|this|included|together|with|by|via|through|at|on|without|you|there is|set|about|the (?:way|while|details)|yours|day|night|summer|winter|season|weekend|year|week|ready|that|this|of (?:us|it|that)|in all|in one|from|in\b|at once|good|for)|every (?!bite|sip|step|day\b|week|month|year|hour|time|moment|now|occasion|mile|night|morning|detail|adventure|(?:\d+|two|three|four|five|six|other|few) )|"  # noqa: E501
    r"everything(?! (?:you need|else|is ready))|everyone(?! else)|anyone(?! else)|anybody|everybody|any (?!\w+ (?:between|from|up)|time|questions?|longer|more|worries|luck|plans|trouble|idea)|always (?!some|happy|here|love|wanted|glad|there|a pleasure|been)|"  # noqa: E501
    r"sitewide|site-wide|storewide|everywhere(?! but)|anywhere(?! (?:in|on|within))|anytime|any time|no matter what|as (?:often|many|much|long) as you (?:like|want|wish|please)|the whole (?!way|day|summer|family|weekend|time|story|truth)\w+|your (?:whole|entire) \w+|whatever you (?:buy|order|spend)|when(?:ever)? you (?:like|want|wish|please)|right away|whenever(?=\s*(?:[,.;!]|$))|unlimited|no strings|unconditional\w*|no minimum|no exceptions?|no (?:conditions|limits?|exclusions)|entire (?:range|store|collection|site|order)|whole (?:range|store|collection|site|shop))",  # noqa: E501
    re.I,
)
_UNIVERSAL = r"\b(?:all|every(?! (?:second|third|other|two|three|\d))|each|any|anytime|of your choice|everything|everyone|anyone|always|entire|whole|unlimited|everywhere|anywhere|sitewide|no minimum|no limit|no exclusions|no matter|whatever|worldwide|everybody|regardless)\b"  # noqa: E501
_NEGATOR = re.compile(r"\b(?:not(?! (?:only|just|to mention|a (?:day|moment)))|no(?!-| (?:more|later|less|fewer|earlier|matter|wonder|doubt|longer than) ?)|never(?! (?:more|longer|later|over|less|fewer|higher) than)|nothing(?! but\b)|nobody|none(?![^,.;]* more than)|without|unless|(?:everywhere|everything|anything|all|any \w+) but(?= (?:in|on|at|for|the|our)\b)|except(?:ing)?|excluding|excludes?|excluded|excepted|nor|neither|sits? (?:this|that|it) (?:one )?out|(?:is|are|costs?|come) extra|(?:sold|available|charged|priced|bought) separately|non|zero|cannot|unable|apart from|other than|does not|lacks?)\b|(?<=\w)-free\b|\bfree of\b|(?:(?<=is )|(?<=are )|(?<=and )|(?<=, )|(?<=% )|(?<=ly )|^)free from\b|\bnon(?=-?\w)|\bun(?=(?:scented|flavoured|sweetened|available|insured|suitable|limited)\b)", re.I)  # fmt: skip  # noqa: E501
_POSSIBLE = r"\b(?:(?-i:may)|might|could|possibl[ey]|potential\w*|perhaps|chance)\b"
_HELP = r"\b(?:helps?|helping|supports?|supporting|designed to|aims? to|intended to|developed to|contributes? to|made to|suited)\b"  # noqa: E501
_ALLOWED = r"\b(?:you|\w*holders?|customers?|members?|guests?|visitors|students|participants|passengers|subscribers|drivers|users|children|dogs|couples|residents|patients|anyone|everyone|players|owners|drivers|riders|families|kids|teams|pupils|patients|tenants|diners|campers) may\b|\bmay (?:also )?(?:bring|use|take|cancel|return|book|choose|invite|enter|swap|borrow|park|transfer|exchange|add|visit|pay|collect|keep|join|switch|pause)\b"  # noqa: E501
_LINK = r"\b(\w{4,}) (?:who|that|using|with|in)\b.*\bthan (?:\1|those|others|the rest|non)\b|\bthan other \w+s\b|\b(?:fewer|more) \w+ (?:had|reported|were|showed|felt|slept|developed|got)\b|\bwho (?:used|use|took|take|ate|eat|drank|drink|slept|wore|wear|tried|switched|joined|had)\b[^.]*\b(?:more|fewer|less|better|higher|lower|longer)\b|\b\w+s with [\w -]{3,40}? (?:had|have|report(?:ed)?|saw|see|show(?:ed)?) (?:more|fewer|less|higher|lower)\b|\b(?:say|said|report(?:ed)?|told us) (?:that )?they\b|\b(?:associated with|linked (?:to|with)|correlat\w+|tended to|tend to)\b"  # noqa: E501
_PARTLY = r"\b(?:typically|usually|generally|often|sometimes|average|averages|most|many|some|mostly|normally|expected|estimated|in most cases|partly|partially|in (?:lab|laboratory|our own) tests?|in tests|not all|several|a few|almost all|selected)\b"  # noqa: E501
_CHANGED = (
    r"\b(?:went (?:up|down)|rose|risen|fell|fallen|grew|grown|improved|dropped|increased|decreased|doubled|halved)\b"
)
_OWED = r"\b(?:thanks to|because of|due to)\b"
_CAUSE = r"\b(?:causes?|makes?|thanks to|because|leads? to|results? in|boosts?|improves?|reduces?|cuts?|lowers?|increases?|prevents?|means?|gives?|gets? you|protects?|fights?|makes?|grows?)\b"  # noqa: E501
SAMPLE = r"\b(?:in (?:a|an|our) (?:\w+ )?test|testers?|participants?|respondents?|panel\w*|volunteers?|surveyed|survey|study|trial|pilot|reviewers?|asked|sample|users? (?:tested|in)|women|men|people tested|reported|said|agreed|(?:verified|of|among|by) (?:\w+ )?(?:buyers|customers|users|guests|members|subscribers))\b"  # noqa: E501
_MOST = r"\b(?:most (?:people|customers|users|of (?:you|us|them)|buyers|guests|women|men|members|travell?ers|shoppers|testers|teams|patients|drivers)|nearly everyone|almost everyone|everyone (?:loves?|agrees?|says)|people (?:love|agree|everywhere)|customers (?:love|agree|everywhere)|the majority|experts agree|users love|overwhelming|countless|millions of|thousands of|hundreds of)\b"  # noqa: E501
_SUPERLATIVE = re.compile(
    r"#1|\bnumber one\b|\bno\. ?1\b|\bthe only\b|\blike no other\b|\bsecond to none\b|\bworld's\b|\b(?:the|our|your) (?:most|least) \w+|\bdoctors? recommend|\bof all time\b|\b(?:100|one hundred) ?%|\bmost \w+ (?:ever|yet|in the)\b|\b\w+est (?:[\w-]+ ){0,2}(?:on|in) (?:the|its|their) (?:market|world|class|city|town|country|industry|region)\b",  # noqa: E501
    re.I,
)
_SOFT_BEST = r"\b(?:(?:do|does|know|knows|works?|taste|tastes|goes|go|like|love)(?: it)? best|best (?:wishes|regards|part|bit|of all|friend|to|time|day|way|news|thing|summer|self|season|weekend)|at its best|your best|all the best|feel your best|see you)\b"  # noqa: E501


def generality_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``generality_added`` for all, every, anyone, always ... where the source sets limits or says nothing."""
    if any(test(evidence) for test in (_refund_widened, _fees_widened, _part_made_whole, _new_or_not)):
        yield "generality_added"
        return
    found = _GENERAL.search(evidence.sentence.text)
    if found and has(rf"\b{re.escape(found[0].split()[0])}\b", evidence.text):
        return
    if found and (_plural_in(evidence, found) or _generic(evidence, found) or _opens(evidence, found)):
        return
    if found and has(
        r"^\W*(?:bring|invite|gather|treat|call|calling|hello|hi|hey|round up) $",
        evidence.sentence.text[: found.start()],
    ):
        return
    spoken_of = " ".join((evidence.aligned_text, *(p.text for _, p in evidence.by_clause)))
    if found and not has(_UNIVERSAL, spoken_of) and (evidence.sentence.cited or evidence.sentence.figures):
        yield "generality_added"


_COUNTED = ("ratio", "percent", "count")
_NARROWING = (
    "from|who|that|which|with|aged|filed|made|over|under|priced|booked|bought|ordered|placed|above|below|on|worth"
)


def _opens(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether the word stands before the colon, in an opening that says nothing of the source: ``Catch every smile:``."""  # noqa: E501
    sentence = evidence.sentence
    colon = sentence.text.find(":", found.end())
    if colon < 0 or len(sentence.text[colon:].split()) < 4:
        return False
    said = {s for s, (at, _) in zip(sentence.stems, sentence.spans, strict=True) if at < colon}
    return not any(s in evidence.stems and not is_empty(s) for s in said)


def _plural_in(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``every fare`` says what the source says of ``fares``, and the source limits it in no way."""
    if has(SAMPLE, evidence.aligned_text) and any(f.kind in _COUNTED for p in evidence.aligned for f in p.figures):
        return False
    if not found[0].lower().startswith(("every ", "each ", "any ", "all ")) or has(
        r"\bevery (?:second|other|third)\b|\b(?:one|two|three|four|some|half) of (?:which|them)\b",
        evidence.aligned_text,
    ):
        return False
    words = re.findall(r"[a-z]+", evidence.sentence.text[found.start() :].lower())[1:5]
    plural = any(
        re.search(rf"\b{re.escape(_plural(w))}\b(?! (?:{_NARROWING})\b)", evidence.aligned_text, re.I)
        or _narrowed_alike(w, evidence)
        for w in words
        if len(w) > 2
    )
    return (
        plural
        and not _NEGATOR.search(evidence.aligned_text)
        and not has(_PARTLY + r"|\bselected\b|\bcertain\b|\bparticipating\b|\bonly\b", evidence.aligned_text)
    )


def _generic(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``every box`` says what the source says of ``the box``, or ``every pair`` what it says ``per pair``."""  # noqa: E501
    noun = re.match(r"(?:every|each|any) (?P<noun>[a-z]{3,})\b", evidence.sentence.text[found.start() :], re.I)
    if not noun:
        return False
    subject = rf"^\W*(?:the|our|an?|this) {noun['noun']} \w+"
    return has(rf"\bper {noun['noun']}\b", evidence.aligned_text) or any(
        has(subject, p.text) and not _NEGATOR.search(p.text) and not has(_PARTLY, p.text) for p in evidence.aligned
    )


def _refund_widened(evidence: Evidence) -> bool:
    """Return whether a refund of a part has become a full one."""
    return (
        has(r"\bfull refund\b|\brefund(?:ed|s)? (?:you )?in full\b", evidence.sentence.text)
        and not has(r"\bfull\b|\bmoney[- ]back\b|\bentire\b|\bwhole\b", evidence.low)
        and has(
            r"\brefund\w* (?:\w+ ){0,3}(?:half|part|\d+ ?%)|\b(?:partial|half)\b|\b(?:minus|less|credit|voucher)\b|% of",  # noqa: E501
            evidence.low,
        )
    )


_ALL_YEAR = r"\b(?:all year|year-round|every month|365 days|the whole year|all twelve months)\b"
_WHOLLY = r"\b(?:fully|completely|entirely|wholly)\b"


def _part_made_whole(evidence: Evidence) -> bool:
    """Return whether some months have become all the year, or a share the whole."""
    text = evidence.sentence.text
    if has(_ALL_YEAR, text) and not has(_ALL_YEAR, evidence.low):
        return bool(months(evidence.aligned_text)) or has(r"\b(?:spring|summer|autumn|winter)\b", evidence.aligned_text)
    shares = [f for p in evidence.aligned[:1] for f in p.figures if f.kind == "percent" and f.value < _WHOLE]
    return (
        has(_WHOLLY, text) and bool(shares) and not has(_WHOLLY, evidence.low)
        and not any(f.kind == "percent" for f in evidence.sentence.figures)
    )  # fmt: skip


_EITHER_NEW = (
    r"\bnew\b[^.]{0,40}\b(?:or|and)\b[^.]{0,20}\b(?:already|existing|current|returning|loyal|not)\b|"
    r"\b(?:already|existing|current|returning|loyal)\b[^.]{0,40}\b(?:or|and)\b[^.]{0,20}\bnew\b"
)
_ONE_KIND = (
    r"\b(?:new|existing|current|returning) (?:customers?|members?|subscribers?|users?|clients?|patients?|accounts?)\b"
)


def _new_or_not(evidence: Evidence) -> bool:
    """Return whether an offer for new customers has become one ``whether you're new or already with us``."""
    return (
        has(_EITHER_NEW, evidence.sentence.text)
        and has(_ONE_KIND, evidence.aligned_text)
        and not has(_EITHER_NEW, evidence.aligned_text)
    )


_WHOLE = 100
_FEES = r"\b(?:no|zero|without(?: any)?) (?:(?P<which>[a-z]+) )?(?:fees?|charges?)\b(?! (?:for|to|on|when|if))"


def _fees_widened(evidence: Evidence) -> bool:
    """Return whether ``no entry fee`` has become ``no fees``."""
    mine = re.search(_FEES, evidence.sentence.raw, re.I)
    theirs = [m for p in evidence.aligned for m in re.finditer(_FEES, p.raw, re.I)]
    return bool(mine and not mine["which"] and theirs) and all(m["which"] for m in theirs)


def _plural(word: str) -> str:
    if word.endswith(("ss", "sh", "ch", "x")):
        return word + "es"
    return word[:-1] + "ies" if re.search(r"[^aeiou]y$", word) else word.removesuffix("s") + "s"


def _narrowed_alike(word: str, evidence: Evidence) -> bool:
    """Return whether ``any order over £40`` is narrowed by the figure or the word that narrows ``orders`` in the source."""  # noqa: E501
    place = re.search(rf"\b{re.escape(word)} (?:in|within|across) (?:the )?([A-Z]\w+)", evidence.sentence.text)
    if place and place[1] in evidence.aligned_text:
        return True
    said = re.search(rf"\b{re.escape(word)} (?:{_NARROWING}|of|in) (?P<how>[^,;]+)", evidence.sentence.text, re.I)
    if not said:
        return False
    theirs = re.search(
        rf"\b{re.escape(_plural(word))} (?:{_NARROWING}|of|in) (?P<how>[^,;]+)", evidence.aligned_text, re.I
    )
    mine = set(re.findall(r"\w+", said["how"].lower()))
    return theirs is not None and any(
        concept(w) in {concept(m) for m in mine} for w in re.findall(r"\w{2,}", theirs["how"].lower()) if w not in STOP
    )


def _scope(passage: Passage, match: re.Match[str]) -> set[str]:
    """Return the concepts that a negator governs: up to four after it in its clause, or those before a bare participle."""  # noqa: E501
    word = match[0].lower()
    if word == "non":
        joined = re.match(r"-?([a-z]+)", passage.text[match.end() :], re.I)
        return {concept(joined[1].lower())} if joined else set()
    close = re.compile(r"[,;:.()]|\b(?:but|and then|while|so|because|due to|since)\b")
    if word in ("-free", "excluded", "excepted") or word.startswith("sit") or word.endswith(("extra", "separately")):
        before = [
            s
            for s, (at, _) in zip(passage.stems, passage.spans, strict=True)
            if at < match.start() + (0 if word.endswith("separately") else 5)
        ]
        before = [s for s in before if s != "free"]
        return set(before[-1:]) if word == "-free" else set(before[-3:])
    stop = close.search(passage.text, match.end())
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


_LISTED = re.compile(r"(?:, [\w'-]+(?: [\w'-]+){0,2})*,? (?:or|nor) ")


def _negators(passage: Passage, other: str) -> list[re.Match[str]]:
    """Return the negators of ``passage``; a compound such as ``gluten-free`` that both texts have is a name."""
    found = _NEGATOR.finditer(passage.text)
    return [m for m in found if m[0].lower() != "-free" or _compound(passage.text, m.end()) not in other.lower()]


def _compound(text: str, end: int) -> str:
    return re.split(r"[^\w-]", text[:end].lower())[-1]


def polarity_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``negation_dropped``, ``negation_added`` or ``contradiction``."""
    sentence = evidence.sentence
    mine = [_scope(sentence, m) for m in _negators(sentence, evidence.low)]
    denied = [_scope(s, m) for s in evidence.case.sentences for m in _negators(s, evidence.low)]
    for passage in evidence.passages:
        found = _negators(passage, evidence.case.low)
        theirs = [_scope(passage, m) for m in found]
        for match, scope in zip(found, theirs, strict=True):
            hit = scope & sentence.concepts
            if _unspoken(passage, match, sentence):
                continue
            positive = passage.concepts - set[str]().union(*theirs)
            if (
                _reversed(scope, hit, sentence, passage)
                and not any(hit & m for m in denied)
                and not (scope <= positive)
            ):
                yield "negation_dropped"
                return
    against = set[str]().union(*(_scope(p, m) for p in evidence.passages for m in _NEGATOR.finditer(p.text)))
    against |= {s.removeprefix("un") for s in evidence.stems if s.startswith("un")}
    for scope in mine:
        real = {s for s in scope if not is_empty(s)} or scope
        known = real & evidence.stems
        of_it = " ".join(p.text for p in evidence.aligned if known & p.concepts) or evidence.aligned_text
        if (
            known
            and len(known) >= 0.6 * len(real)
            and not (scope - _LOOSE_SCOPE or scope) & against
            and not has(r"\b(?:only|cancel|(?<!-)free|any|all|limit)\b", of_it)
        ):
            yield "negation_added"
            return
    yield from _antonyms(evidence)


_LOOSE_SCOPE = frozenset(map(concept, ("included", "available", "needed", "required")))
"""What is denied of many things: it does not tell which."""


def _unspoken(passage: Passage, match: re.Match[str], sentence: Passage) -> bool:
    """Return whether the sentence does not speak of what is denied: the thing after ``without``, any word after ``not``."""  # noqa: E501
    after = [s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if at >= match.end()]
    bounded = has(r"\b(?:more|longer|larger|bigger|later|older|heavier|higher) than\b", passage.text[match.end() :])
    if bounded and any(f.hedge == "max" for f in sentence.figures):
        return True
    if match[0].lower() in ("no", "without", "free of", "free from"):
        return bool(after) and after[0] not in sentence.concepts
    if match[0].lower() in ("not", "never", "cannot"):
        names = {concept(name) for name in names_in(passage)}
        told = [s for s in after if s not in names][:4]
        return bool(told) and not set(told) & sentence.concepts
    return False


def _reversed(scope: set[str], hit: set[str], sentence: Passage, passage: Passage) -> bool:
    """Return whether the sentence speaks of what the passage denies, in a text about the same thing."""
    if not scope or not hit:
        return False
    if hit >= (scope - _LOOSE_SCOPE) and has(
        r"\b(?:please|must|need to|required|have to|by \w+ only)\b", sentence.text
    ):
        return True
    if len(hit) < 0.6 * len(scope):
        return False
    return any(not is_empty(s) for s in hit) or len(sentence.concepts & passage.concepts) >= 3


def _antonyms(evidence: Evidence) -> Iterator[str]:
    mine = set(re.findall(r"[a-z'-]+", evidence.sentence.text.lower()))
    theirs = set(re.findall(r"[a-z'-]+", evidence.aligned_text.lower()))
    known = set(re.findall(r"[a-z'-]+", evidence.low))
    denied = _NEGATOR.search(evidence.sentence.text) and not _NEGATOR.search(evidence.aligned_text)
    for pair in ANTONYMS:
        for one, other in ((pair[0], pair[1]), (pair[1], pair[0])):
            if mine & one and not known & one and theirs & other and not mine & other and not denied:
                yield "contradiction"
                return


def certainty_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``hedge_dropped`` where the statement behind the sentence is only possible, partial or a correlation."""
    sentence = evidence.sentence
    if not evidence.aligned:
        return
    best = next((p for p in evidence.aligned if len(p.concepts & sentence.concepts) >= 2), evidence.aligned[0])
    passages = dict.fromkeys([best, *(passage for _, passage in evidence.by_clause)])
    yield from dict.fromkeys(problem for passage in passages for problem in _surer(sentence, passage))
    if (
        has(_OWED, sentence.text)
        and (any(f.kind == "percent" for f in sentence.figures) or has(_CHANGED, sentence.text))
        and not has(_OWED + "|" + _CAUSE, evidence.low)
    ):
        yield "correlation_as_cause"
    yield from _statistics(evidence, best)


def _surer(sentence: Passage, passage: Passage) -> Iterator[str]:
    text, clause = sentence.text, re.sub(_ALLOWED, "", _clause_for(passage, sentence), flags=re.I)
    hedged = has(_POSSIBLE + r"|\bcan\b|\bup to\b", text)
    possible = has(_POSSIBLE + r"|\bcan (?:help|reduce|improve|support|cause|vary)", clause) or (
        has(_MEANT, clause) and not has(_MEANT, text)
    )
    if (possible and not hedged and not has(r"^(?:may|might)", text)) or _help_made_sure(clause, text, hedged):
        yield "hedge_dropped"
    elif has(_LINK, clause) and not has(_LINK + r"|\bwho\b", text) and not hedged:
        yield "correlation_as_cause"
    elif (
        has(_PARTLY, clause)
        and not _era_told(clause, text)
        and not has(_PARTLY + r"|\babout\b|\baround\b|\broughly\b|\bup to\b|\bsome\b|\bcan\b", text)
    ):
        yield "hedge_dropped"


_MEANT = (
    r"\b(?:aims?|aiming|tr(?:y|ies)|hopes?|plans?|strives?|expects?|intends?) to\b|\b(?:is|are) (?:thought|believed|said|expected|reported) to\b|"  # noqa: E501
    r"\b(?:seems?|appears?) to\b|\bgoal\b|\btarget\b"
)
"""What is only meant or thought to be so."""


def _help_made_sure(clause: str, text: str, hedged: bool) -> bool:
    """Return whether what only helps now does it: ``helps reduce weeds``, ``stops weeds``."""
    if not has(_HELP, clause):
        return False
    parts = re.split(r"[,;:]|\b(?:and|while|but)\b", text)
    if not has(_ENDS, clause) and any(has(_ENDS, p) and not has(_HELP + "|" + _POSSIBLE, p) for p in parts):
        return True
    sure = has(_CAUSE + r"|\bwill\b|\bcures?\b|\bends?\b|\beliminat|\bstops?\b|\bfix", text)
    return sure and not hedged and not has(_HELP, text)


_ENDS = r"\b(?:stops?|ends?|cures?|eliminates?|prevents?|fixes|banishes|removes?|gets? rid of|puts? an end to|heals?|kills?|erases?|wipes? out|smooths? away|vanish\w*|disappear\w*)\b"  # noqa: E501
"""What something does that only helped."""


def _era_told(clause: str, text: str) -> bool:
    """Return whether ``normally costs`` became ``down from``: the usual price is told as the former one."""
    return has(r"\b(?:normally|usually) (?:costs?|sells?|is|are|[$\u00a3\u20ac])", clause) and has(
        r"\b(?:down from|was|were|instead of|rather than|sav(?:e|ing)|reduced|off|usual|normal|waived?|free|no)\b", text
    )


def _clause_for(passage: Passage, sentence: Passage) -> str:
    parts = [p for p in re.split(r"[;:]|, (?:and|but|while)|\.\s", passage.text) if p.strip()]
    best = max(
        parts,
        key=lambda part: sum(concept(w) in sentence.concepts for w in re.findall(r"[a-z-]+", part.lower())),
        default="",
    )
    return best


def _statistics(evidence: Evidence, best: Passage) -> Iterator[str]:
    text = evidence.sentence.text
    if _most_of_fewer(text, evidence):
        yield "stretched_statistic"
        return
    if has(_MOST, text) and not has(_MOST + r"|\bmost\b|million|thousand|hundred", evidence.low):
        yield "stretched_statistic"
        return
    shares = [f for f in best.figures if f.kind in ("ratio", "percent")]
    if not shares or not has(SAMPLE, best.text):
        return
    shared = {(f.kind, f.value) for f in shares} & {(f.kind, f.value) for f in evidence.sentence.figures}
    worded = has(r"\b(?:agree|love|said|report|prefer|recommend|noticed|felt|saw)", text)
    if (
        (shared or worded)
        and not has(
            SAMPLE
            + r"|\bof you\b|\b(?:customers|buyers|users|guests|members|us|reviews?|owners|shoppers|teams|rating)\b",
            text,
        )
    ) or (
        shared
        and has(r"\bafter (?:\w+|\d+) (?:days?|weeks?|months?|hours?|nights?|uses?)", best.text)
        and not has(r"\b(?:days?|weeks?|months?|hours?|nights?|fortnight|uses?)\b", text)
    ):
        yield "stretched_statistic"


_MAJORITY = (
    r"\b(?:most of|most (?!\w+ (?:ever|yet|in the)\b)(?=[a-z]+s\b|people\b)|(?:the|a) (?:vast )?majority|more than half|over half|"  # noqa: E501
    r"nearly all|almost all|nearly everyone|almost everyone)\b"
)


def _most_of_fewer(text: str, evidence: Evidence) -> bool:
    """Return whether a share of half or less has become most."""
    shares = [f.value / 100 if f.kind == "percent" else f.value for p in evidence.aligned[:2] if has(SAMPLE, p.text)
              for f in p.figures if f.kind in ("ratio", "percent")]  # fmt: skip
    return has(_MAJORITY, text) and bool(shares) and max(shares) <= _HALF


_HALF = 0.5
_SUPERLATIVE_WORD = re.compile(
    r"(?!(?:gu|for|inter|requ|hon|har|inv|sugg|mod|dig|cont|ear|prot|conqu|lat|near|new|arr|tru|unt|att|b|r|t|w|n|ch|qu|cr|v|z|p|l)est)[a-z]{3,}est"
)


_IN_THE_RUNNING = (
    r"\b(?:short-?listed|long-?listed|nominated|nominees?|nominations?|finalists?|runners?-up|entered (?:for|in))\b"
)
_NAMED_ONLY = re.compile(
    r"\b(?:named|voted|chosen)(?: as)?(?: an?| one of the)? (?=runner|finalist|nominee|short|long)"
)
_WON = (
    r"\b(?:w[io]ns?|winners?|winning|crowned|awarded|(?:was|were|been|is) (?:named|voted|chosen as)|took (?:home )?(?:the|first|gold)|"  # noqa: E501
    r"takes? (?:home|first)|award-winning)\b"
)
_THAN_ALL = r"\bthan (?:ever|any|the (?:rest|competition|others|leading)|other|most|all)\b"


def strength_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``stronger_than_source`` for superlatives, proofs and guarantees that the source does not give."""
    text = re.sub(_SOFT_BEST, " ", evidence.sentence.text, flags=re.I)
    low = evidence.low
    for word in re.findall(r"[#a-z0-9][a-z']+|[a-z]+(?:-[a-z]+)+", text.lower()):
        if (word in STRONG or _SUPERLATIVE_WORD.fullmatch(word)) and not re.search(rf"\b{re.escape(word[:6])}", low):
            yield "stronger_than_source"
            return
    if (
        (
            has(r"(?<!-)\bfree\b(?! (?:from|up|your|of|time)|-)", text)
            and not any(f.kind == "multibuy" for p in evidence.passages for f in p.figures)
            and not has(
                r"\bfree\b|\bno (?:\w+ ){0,2}(?:fee|charge|cost|price)|includ|\bgift\b|[$\u00a3\u20ac] ?0(?!\.?\d)|\bnothing\b",  # noqa: E501
                low,
            )
        )
        or (has(r"\bincluded\b", text) and not has(r"includ|free|\bwith\b|part of|cover", low))
        or (has(r"\bfree\b|\bincluded?s?\b|\bcomes? with\b", text) and _costs_extra(evidence))
    ):
        yield "free_not_in_source"
    found = _SUPERLATIVE.search(text)
    if found and found[0].lower().split()[-1] not in low:
        yield "stronger_than_source"
    if has(_IN_THE_RUNNING, low) and has(_WON, text) and not has(_WON, _NAMED_ONLY.sub("", low)):
        yield "stronger_than_source"
    than = re.search(r"\b(?:(\w{3,}er)|more (\w+)|less (\w+)|better) than\b", text, re.I)
    if than and has(_THAN_ALL, text) and not has(_THAN_ALL, low):
        yield "stronger_than_source"


def _costs_extra(evidence: Evidence) -> bool:
    """Return whether something the sentence gives away has a price of its own in the source."""
    if any(f.kind == "money" for f in evidence.sentence.figures):
        return False
    given = frozenset[str]().union(*(p.concepts for p in evidence.passages if _GIVEN.search(p.text)))
    for passage in evidence.passages:
        if _GIVEN.search(passage.text) or not any(f.kind == "money" and f.value for f in passage.figures):
            continue
        if has(r"\b(?:costs?|added|add|extra|each|surcharge|fee|pay)\b", passage.text):
            own = {s for s in passage.concepts - given if not is_empty(s)}
            if own & evidence.sentence.concepts:
                return True
    return False


_GIVEN = re.compile(r"\bfree\b|\binclu|\bno charge\b|\bcomes? with\b", re.I)


_REVIEW = re.compile(
    r"\b(?:reviews?|reviewer|testimonial|feedback|comment|(?:customers?|guests?|members?|buyers?|readers?|users?|owners?|diners?) "  # noqa: E501
    r"(?:\w[\w.]{0,20},? ){0,3}(?:wrote|writes|said|says|told us|commented))\b[^\"]{0,60}[\"]|:\s*[\"'](?=(?:\S+ ){3})",
    re.I,
)
_ATTRIBUTED = (
    r"\"|\b(?:reviews?|reviewer|says?|said|sa(?:id|ys)|writes?|wrote|told|tells|calls?|called|described?s?|find|finds|found|raves?|"
    r"according|in the words|customers?|guests?|members?|buyers?|readers?|users?|owners?|diners?|thinks?|thought|reckons?|"  # noqa: E501
    r"loves?|loved|feedback|testimonial|one of you)\b"
)


def opinion_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``opinion_as_fact`` where what one person wrote in a review is told as a fact of the product."""
    sentence = evidence.sentence
    if not sentence.cited or not evidence.aligned or has(_ATTRIBUTED, sentence.text):
        return
    best = evidence.aligned[0]
    if len(best.concepts & sentence.concepts) < 2:
        return
    for source in evidence.sources:
        if best not in source.passages:
            continue
        found = _REVIEW.search(source.text)
        if (
            found
            and source.text.find(best.text) + len(best.text) > found.end()
            and not _names_reviewer(sentence, found)
        ):
            yield "opinion_as_fact"


def _names_reviewer(sentence: Passage, found: re.Match[str]) -> bool:
    """Return whether the sentence names whom the review is by."""
    by = set(re.findall(r"\b[A-Z][a-z]+", found[0])) - {"Review", "Customer", "Guest"}
    return bool(by & set(re.findall(r"\b[A-Z][a-z]+", sentence.raw)))


_PART_OF_PLACE = re.compile(
    r"(?<=[a-z] )(New|Old|North|South|East|West|Upper|Lower|Great|Little|Grand) ([A-Z][a-z]+)\b"
)


def _before_colon(text: str, end: int, evidence: Evidence) -> bool:
    """Return whether what ends here opens a sentence, before a colon, with no word of the source."""
    opening, colon, behind = text[end:].partition(":")
    words = re.findall(r"[a-z]{3,}", (text[:end] + opening).lower())
    return (
        bool(colon)
        and len(behind.split()) >= _STATEMENT
        and not any(concept(w) in evidence.stems and not is_empty(w) for w in words)
    )


_STATEMENT = 4
"""Words of what stands behind the colon when it is the statement itself."""


def name_problems(evidence: Evidence, known: str) -> Iterator[str]:
    """Yield ``name_not_in_source`` for a capitalised word inside a sentence that no source (and no sender) has."""
    text = re.sub(r"^(?:subject|preheader|title|cta|p\.?s\.?)\s*:\s*", "", evidence.sentence.raw, flags=re.I)
    words = re.findall(r"(?<![\w])[A-Za-z][\w'&-]*", text)
    capital = [w for w in words if w[0].isupper()]
    if len(capital) > 0.6 * max(len(words), 1) or (len(words) <= 4 and not evidence.sentence.cited):
        return
    for found in re.finditer(r"(?<=[a-z,;] )(?<!\. )([A-Z][a-zA-Z]{2,})\b", text):
        word = found[1].lower().removesuffix("'s")
        greeted = re.search(
            r"\b(?:[Hh]i|[Hh]ello|[Hh]ey|[Dd]ear|[Tt]hanks) (?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?$", text[: found.start()]
        ) or found[1] in ("Mrs", "Miss")
        if (
            greeted
            or _before_colon(text, found.end(), evidence)
            or word in known
            or stem(word) in known
            or word.rstrip("s") in CALENDAR
            or ((is_empty(word) or concept(word) != stem(word)) and not re.match(r" [A-Z]", text[found.end() :]))
            or word in CALENDAR
        ):
            continue
        yield "name_not_in_source"
        return
    if any(f"{m[1]} {m[2]}".lower() not in known and m[2].lower() in known for m in _PART_OF_PLACE.finditer(text)):
        yield "name_not_in_source"
