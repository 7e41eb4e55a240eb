"""Rules about how sure a statement is: hedges, statistics of a sample, causes, and what one person thinks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_POSSIBLE = r"\b(?:(?-i:may)|might|could|possibl[ey]|potential\w*|perhaps|chance)\b"
_HELP = r"\b(?:helps?|helping|supports|support(?! (?:is|are|by|from|via|on|at|in|team|line|staff|desk|available|hours|cent)\b)|supporting|designed to|aims? to|intended to|developed to|contributes? to|made to(?! (?:order|measure|last|fit|share))|suited)\b"  # noqa: E501
_BEFALLS = r"(?:have to|need to|be (?:asked|required|charged|refused|liable)|face|incur|lose|experience|notice|feel|find|not be|miss|wait)\b"  # noqa: E501
"""What may happen to somebody and is no permission: ``you may have to wait``."""
_ALLOWED = rf"\b(?:you|\w*holders?|customers?|members?|guests?|visitors|students|participants|passengers|subscribers|drivers|users|children|dogs|couples|residents|patients|anyone|everyone|players|owners|drivers|riders|families|kids|teams|pupils|patients|tenants|diners|campers)(?: (?:aged|under|over|who|with|of|in|on|from|without)(?: [\w\u00a3$-]+){{1,6}}?)? may\b(?! (?:also |then |still )?{_BEFALLS})"  # noqa: E501
_PERSONS = r"(?:\w{3,}(?:ers|ors|ants|ents|ees|ists|ians|mates|wives)|people|everybody|somebody|someone|parties|groups|staff|youngsters|adults?|teens?|pupils|kids|men|women|clubs|firms|schools|businesses|households|couples|friends|fans|locals|seniors|who)"  # noqa: E501
_PERMITTED = rf"\b{_PERSONS} (?:(?:aged|under|over|with|of|in|on|from|without)(?: [\w\u00a3$-]+){{1,6}}? )?may\b"
"""Somebody else who may do something: a permission, not a possibility."""
_MAY_BE = (
    r"\bmay (?:only |also |then |instead )?be (?:borrow|bring|brought|tak|bought|order|redeem|spent|claim|us|return|"
    r"cancell?|book|exchang|transferr?|combin|carri|collect|paid|renew|paus|skipp|shar|rent|hir|reserv|upgrad|eat|park|post|"
    r"download|watch|worn|swapp|add|visit|kept|made|pick|sent|stor|wash|iron|froz|reheat|split|enter|submitt|reschedul|"
    r"paint|varnish|drill|sawn|cook|bak|grill|clean|play|driv|ridden|attend|view)"
    r"(?:ed|en)?\b"
)
"""What is open to be done: ``Books may be borrowed for three weeks``."""
_LINK = r"\b(\w{4,}) (?:who|that|using|with|in)\b.*\bthan (?:\1|those|others|the rest|non)\b|\bthan other \w+s\b|\b(?:fewer|more) \w+ (?:had|reported|were|showed|felt|slept|developed|got)\b|\bwho (?:used|use|took|take|ate|eat|drank|drink|slept|wore|wear|tried|switched|joined|had)\b[^.]*\b(?:more|fewer|less|better|higher|lower|longer)\b|\b\w+s with [\w -]{3,40}? (?:had|have|report(?:ed)?|saw|see|show(?:ed)?) (?:more|fewer|less|higher|lower)\b|\b(?:associated with|linked (?:to|with)|correlat\w+|tended to|tend to)\b"  # noqa: E501
PARTLY = r"\b(?:(?:a|an|the|our) typical|typically|as a (?:general )?rule|on the whole|most of the time|by and large|in general|(?:nearly|almost) always|more often than not|usually|generally|often|sometimes|averag(?:e|es|ed|ing)|avg|(?<!\bour )(?<!\btheir )(?<!\bits )(?<!\bthe )(?<!\bat )most|many|some|mostly|normally|expected|estimated|in most cases|partly|partially|in (?:lab|laboratory|our own) tests?|in tests|not all|several|a few|almost all|selected)\b"  # noqa: E501
_CHANGED = (
    r"\b(?:went (?:up|down)|rose|risen|fell|fallen|grew|grown|improved|dropped|increased|decreased|doubled|halved)\b"
)
_OWED = r"\b(?:thanks to|because of|due to)\b"
_CAUSE = r"\b(?:causes?|makes?|thanks to|because|leads? to|results? in|boosts?|improves?|reduces?|cuts?|lowers?|increases?|prevents?|means?|gives?|gets? you|protects?|fights?|makes?|grows?)\b"  # noqa: E501
SAMPLE = r"\b(?:in (?:a|an|our) (?:\w+ )?test|testers?|participants?|respondents?|panel\w*|volunteers?|surveyed|survey|study|trial|pilot|reviewers?|asked|poll(?:ed)?|tasting|taste[- ]test|laborator(?:y|ies)|sample|users? (?:tested|in)|(?:when|after|once|as) [^,;.]{0,60}tested|tested (?:by|in|on|at|it|them|the|our|with)|women|men|people tested|reported|said|agreed|(?:verified|of|among|by) (?:\w+ )?(?:buyers|customers|users|guests|members|subscribers))\b"  # noqa: E501
_MOST = r"\b(?:most (?:people|customers|users|of (?:you|us|them)|buyers|guests|women|men|members|travell?ers|shoppers|testers|teams|patients|drivers)|nearly everyone|almost everyone|everyone (?:loves?|agrees?|says)|people (?:love|agree|everywhere)|customers (?:love|agree|everywhere)|the majority|experts agree|users love|overwhelming|countless|millions of|thousands of|hundreds of)\b"  # noqa: E501


def absolute_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``stretched_statistic`` for an uncited sentence that says always where the source has a share."""
    if evidence.aligned and _share_made_absolute(evidence.sentence.text, evidence):
        yield "stretched_statistic"


def certainty_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``hedge_dropped`` where the statement behind the sentence is only possible, partial or a correlation."""
    sentence = evidence.sentence
    if not evidence.aligned:
        return
    best = next((p for p in evidence.aligned if len(p.concepts & sentence.concepts) >= 2), evidence.aligned[0])
    same = next((p for p in evidence.aligned if _says_all(p, sentence)), None)
    taken_up = (p for p in evidence.passages if has(_POSSIBLY, p.text) and _tells_it_all(p, sentence))
    passages = [same] if same else dict.fromkeys([best, *(passage for _, passage in evidence.by_clause), *taken_up])
    yield from dict.fromkeys(problem for passage in passages for problem in _surer(sentence, passage))
    if (
        has(_OWED, sentence.text)
        and (any(f.kind == "percent" for f in sentence.figures) or has(_CHANGED, sentence.text))
        and not has(_OWED + "|" + _CAUSE, evidence.low)
    ):
        yield "correlation_as_cause"
    if has(_NOT_ASKED, evidence.low) and _told_as_cause(evidence):
        yield "correlation_as_cause"
    if _made_certain(sentence, evidence) or _would_made_deed(sentence, evidence) or _risk_ended(sentence, evidence):
        yield "hedge_dropped"
    yield from _statistics(evidence, best)


_POSSIBLY = r"^(?:it|they|this|these|the [\w-]+(?: [\w-]+)?) (?-i:may|might|could)\b"


def _tells_it_all(passage: Passage, sentence: Passage) -> bool:
    """Return whether a sentence has nearly all that a short passage says is possible: ``It may reduce puffiness``."""
    return len(passage.concepts & sentence.concepts) >= max(_SHARED, _NEARLY * len(passage.concepts))


_NEARLY = 0.6
_CERTAIN = (
    r"\b(?:certain|sure|bound|guaranteed|destined|assured) to\b|\b(?:is|are) (?:certain|assured|a certainty)\b|"
    r"\b(?:definitely|certainly|undoubtedly|without (?:a )?doubt|without fail|inevitably)\b|\bno doubt\b"
)
_OPEN = _POSSIBLE + r"|\bup to\b|\bcan\b|\?"


def _made_certain(sentence: Passage, evidence: Evidence) -> bool:
    """Return whether what a source tells of a share, an aim or a chance is called certain."""
    return (
        has(_CERTAIN, sentence.text)
        and not has(_CERTAIN, evidence.low)
        and any(
            len(sentence.concepts & p.concepts) >= _SHARED
            and has("|".join((SAMPLE, PARTLY, _OPEN, _MEANT, _HELP)), p.text)
            for p in evidence.passages
        )
    )


_WOULD = re.compile(
    r"\b(?:would|(?:intend|plan|expect|hope|want)(?:ed|s)? to|(?:are|were|is) (?:considering|planning to|likely to))\b"
    r"(?: \w+ly)? (?P<deed>[a-z]{3,})",
    re.I,
)
"""What people only said they would do: ``71% said they would recommend it``."""


def _would_made_deed(sentence: Passage, evidence: Evidence) -> bool:
    """Return whether what some would do is told as done: "71% have recommended it"."""
    if _WOULD.search(sentence.text):
        return False
    deeds = {concept(m["deed"].lower()) for p in evidence.aligned for m in _WOULD.finditer(p.text)}
    did = re.finditer(
        r"\b(?:have|has|had)(?: \w+){0,2}? (?P<deed>[a-z]{3,}(?:ed|en|wn|ght|ld))\b|\b(?P<past>[a-z]{3,}ed)\b",
        sentence.text,
    )
    return any(concept((m["deed"] or m["past"]).lower()) in deeds for m in did)


_RISK = r"\b(?:reduc|lower|cut|lessen|decreas|limit|minimi[sz])\w* (?:the |your |any )?(?:risk|chance|likelihood|danger|amount|number|incidence)s?\b"  # noqa: E501
_ENDED = (
    r"\b(?:ruled? out|rules out|impossible|eliminat\w+|no (?:more|risk|danger|chance)|never|prevent\w*|cannot happen|out of the question|"  # noqa: E501
    r"excluded?|excludes|banish\w*|puts? an end|stops? all|zero)\b"
)


def _risk_ended(sentence: Passage, evidence: Evidence) -> bool:
    """Return whether a risk that is only reduced is told to be gone: "injuries are ruled out"."""
    for passage in evidence.aligned:
        found = re.search(_RISK, passage.text, re.I)
        if found is None or not has(_ENDED, sentence.text) or has(_ENDED, passage.text) or has(_RISK, sentence.text):
            continue
        of = {s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if at >= found.end()}
        if of & sentence.concepts:
            return True
    return False


_NOT_ASKED = (
    r"\b(?:not|never|nor) (?:\w+ ){0,3}(?:test|examin|establish|look|prov|show|ask|study|studied|explain|investigat|"
    r"determin|assess|say|said|explor|measur|identif|claim)\w*\b[^.]{0,60}\b(?:why|caus\w+|whether|reasons?|because|due to)\b|"  # noqa: E501
    r"\bno (?:proof|evidence|conclusions?) [^.]{0,30}\bcaus|\b(?:not|never) (?:\w+ )?(?:mean|prove|imply) [^.]{0,40}\bcaus"  # noqa: E501
)
"""A study that says itself that it asked for no cause."""


def _told_as_cause(evidence: Evidence) -> bool:
    """Return whether the sentence tells an effect with the words of the passage whose cause nobody asked for."""
    said, text = evidence.sentence.concepts, _WONDER.sub("", evidence.sentence.text)
    studied = [p for p in evidence.passages if not has(_NOT_ASKED, p.text) and has(SAMPLE + "|" + _LINK, p.text)]
    return any(len(said & p.concepts) >= _SHARED and has(_EFFECTS, text) and not has(_EFFECTS, p.text) for p in studied)


def _says_all(passage: Passage, sentence: Passage) -> bool:
    """Return whether a passage has every word and every figure of the sentence."""
    figures = {(f.kind, f.value) for f in passage.figures}
    return sentence.concepts <= passage.concepts and all((f.kind, f.value) in figures for f in sentence.figures)


def _surer(sentence: Passage, passage: Passage) -> Iterator[str]:
    text, clause = (
        sentence.text,
        re.sub(f"{_ALLOWED}|{_PERMITTED}|{_MAY_BE}", "", _clause_for(passage, sentence), flags=re.I),
    )
    hedged = has(_POSSIBLE + r"|\bcan\b|\bup to\b", text)
    open_still = hedged or has(_NOW_AND_THEN, text)
    possible = has(_POSSIBLE + r"|\bcan (?:help|reduce|improve|support|cause|vary)", clause) or (
        has(_MEANT, clause) and not has(_MEANT, text)
    )
    if (possible and not open_still and not has(r"^(?:may|might)", text)) or _help_made_sure(clause, text, hedged):
        yield "hedge_dropped"
    elif _only_linked(clause, passage, text) and not hedged:
        yield "correlation_as_cause"
    elif (
        has(PARTLY, clause)
        and not _measure_left_out(clause, passage, sentence)
        and not _era_told(clause, text)
        and not has(PARTLY + r"|\babout\b|\baround\b|\broughly\b|\bup to\b|\bsome\b|\bcan\b", text)
    ):
        yield "hedge_dropped"


_NOW_AND_THEN = (
    r"\b(?:sometimes|occasionally|at times|now and (?:then|again)|in (?:some|rare|certain) cases|some (?:\w+ )?\w+s|"
    r"(?:please|do|to) allow|depend(?:s|ing)|in case|if|should)\b"
)
"""What leaves it open as well as "may": ``Sometimes the vet will ask for a test``."""
_SELF_TOLD = r"\b(?:say|said|report(?:ed)?|told us) (?:that )?they\b"
_ASKED = r"\b(?:asked|surveyed|polled|interviewed|questioned|say|said|report(?:ed)?|told us|tell us|answered|according to|told)\b"  # noqa: E501


def _only_linked(clause: str, passage: Passage, text: str) -> bool:
    """Return whether what goes together in the source has become a cause."""
    if has(_UNEXPLAINED, passage.text) and has(_EFFECTS, _WONDER.sub("", text)):
        return True
    if has(_LINK, clause):
        return not has(_LINK + r"|\bwho\b|" + _BESIDE_THOSE, text)
    if has(_SELF_TOLD, clause) and not has(_ASKED, text):
        return not has(r"\bwho\b", text)
    return has(_GROUPS_DIFFER, clause) and has(SAMPLE, passage.text) and has(_CAUSE, _THE_CAUSE.sub("", text))


_BESIDE_THOSE = r"\b(?:below|above|under|over|against|compared (?:with|to)) (?:that|those)\b"
"""How a copy keeps two groups side by side: ``18% below that of homes with radiators``."""
_THE_CAUSE = re.compile(r"\b(?:the|its|any|no|what) causes?\b", re.I)
_UNEXPLAINED = r"\bobservational\b|\bcorrelat|\bassociat(?:ed|ion)\b|\blinked to\b"
_EFFECTS = (
    r"\b(?:lower|cutt?|rais|eas|stopp?|end|cur|doubl|halv|speed|slow|lift)(?:e?s|ed|ing)\b|"
    r"\b(?:reduc|improv|boost|increas|reliev|sooth|prevent|sharpen|strengthen|shorten|lengthen|prolong|extend|protect|"
    r"lessen|heal)(?:e?s|ed|ing|e)?\b|"
    r"\b(?:makes?|made|making|lets?|letting|leads? to|led to|helps?|helped|gets? you|gives? you|thanks to|because of|"
    r"causes?|caused|causing|the (?:reason|secret|key)|results? in|resulted in|brings? down|brought down|works wonders)\b"  # noqa: E501
)
"""What a thing brings about, told in any tense."""
_WONDER = re.compile(r"\b(?:not|never|whether|why|if|can ?not|could|may|might)\b[^.;:]*", re.I)
"""What leaves the cause open."""
_GROUPS_DIFFER = (
    r"\bwho (?:[\w'-]+ ){1,8}?(?:had|have|were|are|reported|showed|scored|felt|slept|got) (?:\w+ )?"
    r"(?:more|fewer|less|better|\w{3,}er)\b"
)
"""Those who do a thing have more of another: ``pupils who read every day had higher scores``."""
_MEANT = (
    r"\b(?:our|the|its|their) (?:aim|goal|ambition|intention|plan|hope|target|objective) (?:is|was) (?:to|that|for)\b|"
    r"\b(?:aims?|aiming|tr(?:y|ies)|hopes?|plans?|strives?|expects?|intends?) to\b|\b(?:is|are) (?:thought|believed|said|expected|reported) to\b|"  # noqa: E501
    r"\b(?:seems?|appears?) to\b|\bgoal\b|\btarget\b"
)
"""What is only meant or thought to be so."""


_MEASURED = re.compile(
    r"\b(?:an? )?(?:\w+ )?(?:averag(?:e|es|ed|ing)|typically|usually|generally|normally|mostly|estimated|expected)\b"
    r"(?: \w+){0,4}? (?:of |at |by |in |to )?(?:about |around |roughly |just over |just under |up to )?"
    r"(?P<figure>[$\u00a3\u20ac]?\d[\d.,]*)", re.I
)  # fmt: skip
"""A hedge and the one figure that it speaks of: ``added an average of 9 kg``."""


def _measure_left_out(clause: str, passage: Passage, sentence: Passage) -> bool:
    """Return whether all the hedges of a clause belong to figures of which the sentence says nothing."""
    hedges = re.findall(PARTLY, clause, re.I)
    figures = list(_MEASURED.finditer(clause))
    if not figures or len(figures) < len(hedges):
        return False
    places = {passage.text.find(m[0]) + m.start("figure") - m.start() for m in figures}
    measured = [f for f in passage.figures if any(f.start <= at < f.end for at in places)]
    if len(measured) == len(places):
        return not any(matches(q, f) for q in sentence.figures for f in measured)
    said = [m["figure"].rstrip(".,") for m in figures]
    return not any(re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d])", sentence.text) for figure in said)


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
        key=lambda part: (
            sum(concept(w) in sentence.concepts for w in re.findall(r"[a-z-]+", part.lower()))
            + sum(bool(f.text) and f.text in part for f in sentence.figures)
        ),
        default="",
    )
    return best


def _statistics(evidence: Evidence, best: Passage) -> Iterator[str]:
    text = evidence.sentence.text
    if (
        _most_of_fewer(text, evidence)
        or _share_made_absolute(text, evidence)
        or _of_other_people(text, evidence)
        or _of_the_whole_group(evidence)
        or _told_as_measured(evidence)
        or _credited(evidence)
    ):
        yield "stretched_statistic"
        return
    if has(_MOST, text) and not has(_MOST + r"|\bmost\b|million|thousand|hundred", evidence.low):
        yield "stretched_statistic"
        return
    shares = [f for f in best.figures if f.kind in ("ratio", "percent")]
    if not shares or not has(SAMPLE, best.text):
        return
    if _report_made_effect(evidence.sentence, best):
        yield "stretched_statistic"
        return
    shared = {(f.kind, f.value) for f in shares} & {(f.kind, f.value) for f in evidence.sentence.figures}
    worded = has(r"\b(?:agree|love|said|report|prefer|recommend|noticed|felt|saw)", text)
    if (
        (shared or worded)
        and not has(
            SAMPLE
            + r"|\bof (?:the |these |those |our )?\d[\d,]* [a-z]|\btests?\b|\bmeasured\b|\bresearch\w*|\binstitute\b|\btrials?\b|\bof you\b|\b(?:customers|buyers|users|guests|members|us|reviews?|owners|shoppers|teams|rating)\b",  # noqa: E501
            text,
        )
    ) or (
        shared
        and has(r"\bafter (?:\w+|\d+) (?:days?|weeks?|months?|hours?|nights?|uses?)", best.text)
        and not has(r"\b(?:days?|weeks?|months?|hours?|nights?|fortnight|uses?)\b", text)
    ):
        yield "stretched_statistic"


_OF_THOSE = r"^(?:of|among) (?:the|those|these|them)\b"
"""What opens a sentence on a part of those who were asked: ``Of those app users, 62% said``."""
_KEEPS_THE_PART = (
    r"\b(?:of|among) (?:the|those|these|them)\b(?! \d)|\b(?:whose|have|had)\b|"
    r"\bwho (?!(?:we|answered|replied|responded|took part)\b)"
)
"""How a copy says that it speaks of a part of them only: ``81% of those``, ``who had used it``."""
_ALL_OF_THEM = re.compile(
    r"\b(?:all(?: of)?|every (?:single )?one of|each(?: one)? of)(?: (?:the|our|these|those))? "
    r"(?=[\d,]+\b(?! [\d.]*%))",
    re.I,
)
"""Every one of a number of people: ``all 638 customers``."""


def _of_the_whole_group(evidence: Evidence) -> bool:
    """Return whether what some of those who were asked said is told of all of them, or of another question of theirs.

    ``Of those who had used it, 81% would again`` bears no "81% of all 1,240 members", nor do 402 reviews that praise
    the comfort bear "all 638 customers praised it".
    """
    sentence, told = evidence.sentence, evidence.passages
    shares = {f.value for f in sentence.figures if f.kind in ("percent", "ratio")}
    counts = {f.value for f in sentence.figures if f.kind == "count"}
    whole = _ALL_OF_THEM.search(sentence.text)
    if whole and not shares and any(f.start == whole.end() for f in sentence.figures):
        return any(
            not {f.value for f in p.figures} & counts
            and len(p.concepts & sentence.concepts) >= 1
            and has(rf"\b[\d,]+ (?:out )?of (?:the|them|these|those|our)\b|\d%[^.;]*\b(?:{_SAID})\b", p.text)
            and not has(r"\ball\b|\bevery\b", p.text)
            for p in told
        )
    for before, passage in pairwise(told):
        mine = {f.value for f in passage.figures if f.kind in ("percent", "ratio")}
        if not any(f.kind in ("percent", "ratio") for f in before.figures) and counts & {
            f.value for f in before.figures
        }:
            continue
        others = {f.value for p in told if p is not passage for f in p.figures}
        if not mine or not has(_OF_THOSE, passage.text):
            continue
        told_of = {f.value for f in passage.figures} - mine
        if shares and shares <= mine and counts & others - told_of and not has(_KEEPS_THE_PART, sentence.text):
            return True
        if shares and not shares & mine and shares <= others and {f.value for f in sentence.figures} & told_of - others:
            return True
    return False


_SAID = (
    r"said|say|felt|feel|told|report(?:ed)?|found|find|thought|think|noticed|rated?|agreed?|answered|described?|would|"
    r"prefer(?:red)?|recommend(?:ed)?|consider(?:ed)?|call(?:ed)?|according to|mention(?:ed)?|"
    r"own (?:assessment|words|account)"
)
"""How people tell what they did, thought or would do."""
_INSTRUMENTS = (
    r"\b(?:laborator|measure|clinical|instrument|scientific|scientists?\b|lab tests?|proved?\b|proven|confirmed by)"
)
"""What measures instead of asking."""
_BROUGHT_ABOUT = (
    r"\b(?:cut|cuts|led|lowered|reduced|lifted|raised|boosted|improved|increased|saved|halved|doubled|helped|got|"
    r"brought|lowers?|reduces?|raises?|boosts?|improves?|increases?|thanks to|as a result|because of)\b"
)


def _told_as_measured(evidence: Evidence) -> bool:
    """Return whether a share of those who said or felt something is told as measured, or as a size of an effect."""
    sentence = evidence.sentence
    shares = {f.value for f in sentence.figures if f.kind in ("percent", "ratio")}
    reported = [
        p
        for p in evidence.passages
        if has(rf"\b(?:{_SAID})\b", p.text)
        and any(f.kind in ("percent", "ratio") and f.value in shares for f in p.figures)
    ]
    if not reported:
        return False
    if has(_INSTRUMENTS, sentence.text) and not has(_INSTRUMENTS, evidence.low):
        return True
    said = has(rf"\b(?:{_SAID})\b", re.sub(r"\baccording to (?:our|the|an?)\b", "", sentence.text, flags=re.I))
    return not said and has(_BROUGHT_ABOUT, sentence.text) and not any(has(_BROUGHT_ABOUT, p.text) for p in reported)


def _credited(evidence: Evidence) -> bool:
    """Return whether a number of people is credited to something of which the source tells another number.

    187 students passed and 126 had attended the course: the course did not lead 187 students to a pass.
    """
    text = evidence.sentence.text
    found = re.search(_BROUGHT_ABOUT, text, re.I)
    counts = {f.value for f in evidence.sentence.figures if f.kind == "count"}
    if found is None or not counts or has(_BROUGHT_ABOUT, evidence.low):
        return False
    doer = {
        root
        for root, (at, _) in zip(evidence.sentence.stems, evidence.sentence.spans, strict=True)
        if at < found.start()
    }
    bearing = [p for p in evidence.passages if any(f.kind == "count" and f.value in counts for f in p.figures)]
    own = doer - {root for p in bearing for root in p.concepts}
    return bool(bearing) and any(
        own & p.concepts and has(r"\b[\d,]+ of (?:the|them|these|those)\b", p.text)
        for p in evidence.passages
        if p not in bearing
    )


_EFFECT = r"\b(?:lowers?|reduces?|cuts?|improves?|boosts?|increases?|raises?|relieves?|eases?|soothes?|prevents?|stops?|ends?|cures?|makes? you|helps? you|gives? you|doubles?|halves|speeds? up|slows?|brings? down|fights?|beats?)\b"  # noqa: E501
_REPORTED = r"\b(?:report(?:ed)?|said|say|noticed|saw|felt|found|experienced|told|agreed|preferred)\b"


def _report_made_effect(sentence: Passage, best: Passage) -> bool:
    """Return whether what a share of some people reported is told as what the thing does: ``lowers your bills``."""
    text = sentence.text
    return (
        has(_REPORTED, best.text)
        and has(_EFFECT, text)
        and len(sentence.concepts & best.concepts) >= _SHARED
        and not any(f.kind in ("ratio", "percent") for f in sentence.figures)
        and not has(SAMPLE + "|" + _POSSIBLE + "|" + PARTLY + r"|\bcan\b|\bsome\b|\?\s*$", text)
    )


_MAJORITY = (
    r"\b(?:most of|most (?!\w+ (?:ever|yet|in the)\b)(?=[a-z]+s\b|people\b|said\b|agreed\b|told\b|found\b|reported\b)|(?:the|a) (?:vast )?majority|more than half|over half|"  # noqa: E501
    r"nearly all|almost all|nearly everyone|almost everyone)\b"
)


def _most_of_fewer(text: str, evidence: Evidence) -> bool:
    """Return whether a share of half or less has become most."""
    shares = [f.value / 100 if f.kind == "percent" else f.value for p in evidence.aligned[:2] if has(_SHARE_OF, p.text)
              for f in p.figures if f.kind in ("ratio", "percent")]  # fmt: skip
    if (
        has(_MAJORITY, text)
        and has(r"\b(?:some|a few|several) of\b", evidence.aligned_text)
        and not has(_MAJORITY, evidence.low)
    ):
        return True
    if not shares or not has(_MAJORITY, text):
        return False
    return max(shares) <= _HALF or (has(_NEARLY_ALL, text) and max(shares) < _LARGE)


_SHARE_OF = rf"{SAMPLE}|\d ?(?:%|per ?cent) of (?!(?:the|its|their|your) (?:usual |full |original )?(?:price|cost|fee))"
"""What a share is of: of people who were asked, or of a whole (``30% of our range``)."""
_HALF = 0.5
_LARGE = 0.85
"""The least share that may be called nearly all."""
_NEARLY_ALL = r"\b(?:nearly|almost|virtually|practically) (?:all|every\w*)\b|\b(?:vast|overwhelming) majority\b"
_ABSOLUTE = re.compile(
    r"\b(?:never|always|without fail|every (?:single )?time|all the time|at all times|100%|not once|without exception)\b",  # noqa: E501
    re.I,
)
_PART = r"\b\d[\d.]* ?(?:%|per ?cent) of (?:the |all |our )?(?:time|year|month|\w+s)\b"
"""A share of the times: ``available 99.8% of the time``, ``on time on 96% of journeys``."""


_PEOPLE = (
    r"customers?|people|users?|women|men|adults?|buyers?|shoppers?|clients?|members?|guests?|readers?|drivers?|parents?|"
    r"owners?|patients?|players?|riders?|runners?|walkers?|families|households|businesses|travell?ers|students?|teams?|"
    r"visitors?|subscribers?|employees|workers"
)
_MOST_PEOPLE = re.compile(rf"\b(?:most|the majority) (?:of )?(?:our |the |all )?(?:\w+ )?(?P<who>{_PEOPLE})\b", re.I)


def _of_other_people(text: str, evidence: Evidence) -> bool:
    """Return whether most of a test's people became most of other people: "most of our customers" of 40 volunteers."""
    found = _MOST_PEOPLE.search(text)
    if found is None or has(
        SAMPLE.replace("women|men|", "").replace("reported|said|agreed|", ""), text[: found.start()]
    ):
        return False
    tested = [
        p for p in evidence.aligned if has(SAMPLE, p.text) and any(f.kind in ("ratio", "percent") for f in p.figures)
    ]
    return bool(tested) and concept(found["who"].lower()) not in evidence.stems


def _share_made_absolute(text: str, evidence: Evidence) -> bool:
    """Return whether what holds in most cases is told to hold always: 96% on time, ``never late``."""
    found = _ABSOLUTE.search(text)
    if found is None:
        return _share_made_every(text, evidence)
    if _ABSOLUTE.search(evidence.low) or has(r"\bwe(?:'ve| have|'ll)? (?:never|always)\b", text):
        return False
    said = {concept(w) for w in re.findall(r"[a-z]{3,}", text.lower()) if not is_empty(w)}
    return any(
        said & passage.concepts
        and has(_PART, passage.text)
        and all(f.value < _WHOLE for f in passage.figures if f.kind == "percent")
        for passage in evidence.aligned
    )


_EVERY = re.compile(
    r"\b(?:every(?: single)?(?: one of)?|all(?: of)?|each(?: and every)?(?: one of)?)(?: (?:our|the|your|its))? "
    r"(?P<what>(?:[a-z-]+ )?[a-z-]{3,})\b",
    re.I,
)
_SHARE_OF_THING = re.compile(
    r"\b\d[\d.]* ?(?:%|per ?cent) of (?:the |all |our |its )?(?P<what>(?:[a-z-]+ )?[a-z-]{3,})", re.I
)


def _share_made_every(text: str, evidence: Evidence) -> bool:
    """Return whether ``71% of the vegetables`` has become "every single vegetable"."""
    if has(r"\d ?%|per ?cent\b|\b(?:most|nearly|almost|not)\b", text):
        return False
    whole = {concept(w) for m in _EVERY.finditer(text) for w in m["what"].lower().split() if not is_empty(w)}
    return any(
        concept(word) in whole
        and len(passage.concepts & {concept(w) for w in re.findall(r"[a-z]{3,}", text.lower())}) >= _SHARED
        for passage in evidence.aligned
        for m in _SHARE_OF_THING.finditer(passage.text)
        if all(f.value < _WHOLE for f in passage.figures if f.kind == "percent")
        for word in m["what"].lower().split()
        if not is_empty(word)
    )


_WHOLE = 100
_SHARED = 2
