"""Rules about strong words and names: superlatives, prizes, what is free, and names that no source has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.feasts import feast_problems, feasts
from plugins.generation.grounding.reading.lexicon import CALENDAR, STRONG, concept, is_empty, stem
from plugins.generation.grounding.wording.seeming_news import greeted
from plugins.generation.grounding.wording.wider_words import as_strong, stands_for

_COUNTED = r"\b(?:box|order|delivery|parcel|day|night|week|month|year|step|rule|tip|reason|visit|session|lesson|class|chapter|episode|course|round|month|job|item|question|point) number one\b"  # noqa: E501
"""The first of several, no rank: ``$10 off box number one``."""
_SAYING = r"^\W*the best \w+s (?:happen|are (?:made|shared|the ones)|come(?! from)|start|begin|need|deserve|end|take|never|always)\b"  # noqa: E501
"""A truth of life that ranks nothing: ``The best conversations happen after pudding``."""
_SUPERLATIVE = re.compile(
    r"#1|\bnumber one\b|\bno\. ?1\b|\bthe only\b|\blike no other\b|\bsecond to none\b|\bworld's\b|\b(?:the|our|your) (?:most|least) \w+|\bdoctors? recommend|\bof all time\b|\b(?:100|one hundred) ?%|\bmost \w+ (?:ever|yet|in the)\b|\b\w+est (?:[\w-]+ ){0,2}(?:on|in) (?:the|its|their) (?:market|world|class|city|town|country|industry|region)\b",  # noqa: E501
    re.I,
)
_SOFT_BEST = r"\b(?:(?:do|does|know|knows|works?|taste|tastes|goes|go|like|love)(?: it)? best|best (?:wishes|regards|part|bit|of all|friend|to|time|day|way|news|thing|summer|self|season|weekend|moment|excuse|reason|view|test|proof|place|use|start|medicine|advice|company|intentions|laid|foot|bet|guess|kept|left|served|enjoyed|eaten|drunk|used|stored|done|tackled|before|by)|at its best|your best|all the best|feel your best|see you)\b"  # noqa: E501


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
    r"\b(?:w[io]ns?|winners?|winning|crowned|awarded|(?:was|were|been|is) (?:named|voted|chosen as)|took (?:home|first|gold|the)\b|takes? (?:home|first|gold)|"  # noqa: E501
    r"(?:scoop|land|bagg?|clinch|claim|captur|snatch|lift)(?:s|ed|ing)? (?:the|first|gold|best|an? )|(?:came|comes|finish\w*) (?:out )?(?:first|top)|award-winning)\b"  # noqa: E501
)
_ONE_OF = re.compile(
    r"\b(?:one|some|two|three|part) of (?:the|our|its|their) (?:[\w-]+ ){0,2}?(?P<rank>most [\w-]+|best[\w-]*|top[\w-]*|leading|[a-z]{3,}est)\b"  # noqa: E501
)
_AMONG = r"\b(?:one|some|two|three) of\b|\bamong\b|\bbetween\b"
_THAN_ALL = (
    r"\bthan (?:(?:those|that|the ones|they (?:are|do)|you (?:get|find)) )?(?:(?:at|of|from|in|by|with) )?"
    r"(?:elsewhere|rivals?|competitors?|ever|any|the (?:rest|competition|others|leading)|other|most|all)\b"
)
"""What a thing outdoes that nobody compared it with: ``more clearly than those at other opticians``."""


def without_soft_best(text: str) -> str:
    """Return ``text`` without the phrases in which "best" and "number one" rank nothing: ``best left overnight``."""
    return re.sub(rf"{_SAYING}|{_SOFT_BEST}|{_COUNTED}", " ", text, flags=re.I)


def strength_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``stronger_than_source`` for superlatives, proofs and guarantees that the source does not give."""
    text = without_soft_best(evidence.sentence.text)
    low = evidence.low
    joined = low.replace("-", "")
    for word in re.findall(r"[a-z]+(?:-[a-z]+)+|[#a-z0-9][a-z']+", text.lower()):
        ranks = word in STRONG or any(_SUPERLATIVE_WORD.fullmatch(part) for part in word.split("-"))
        if (
            ranks
            and word not in _OF_AGE
            and not re.search(rf"\b{re.escape(word.replace('-', '')[:6])}", joined)
            and not as_strong(word, low)
            and not has(rf"{DENIED}{re.escape(word)}\b", text)
        ):
            yield "stronger_than_source"
            return
    if (
        has(
            r"(?<!-)(?<!you )(?<!feel )\bfree\b(?! (?:from|up|your|of|time)|-)",
            _KEPT_FREE.sub(" ", _AT_LIBERTY.sub(" ", text)),
        )
        and not any(f.kind == "multibuy" for p in evidence.passages for f in p.figures)
        and not has(
            r"\bfree\b(?! (?:of (?!charge|cost)|from)\b)|\b(?:no|without|neither|nor|zero) [^.;:]{0,40}\b(?:fee|charge|cost|price|interest)|\b(?:not|never) (?:be )?charge|includ|complimentary|gratis|\b(?:do|does|need|has|have)(?: not|n't)? (?:to |not )?pay\b|\bpays? nothing\b|\bwaive|\bgift\b|[$\u00a3\u20ac] ?0(?!\.?\d)|\bnothing\b",  # noqa: E501
            low,
        )
    ) or (has(r"(?<!not )\bincluded\b", text) and not has(_HAS_IN_IT, low) and not has(_SUMMED, text)):
        yield "free_not_in_source"
    found = _SUPERLATIVE.search(text)
    if found and not _same_rank(found[0].lower(), low):
        yield "stronger_than_source"
    if has(_LESSENS, low) and has(_ABOLISHES, text) and not has(_ABOLISHES, low):
        yield "stronger_than_source"
    if has(_IN_THE_RUNNING, low) and has(_WON, _NAMED_ONLY.sub("", text)) and not has(_WON, _NAMED_ONLY.sub("", low)):
        yield "stronger_than_source"
    first = _ONE_OF.search(low)
    if (
        first
        and has(rf"\b(?:the|our|its|their) (?:very |absolute |single )?{re.escape(first['rank'])}\b", text)
        and not has(_AMONG, text)
    ):
        yield "stronger_than_source"
    if _made_sure(text, low):
        yield "stronger_than_source"
    than = re.search(r"\b(?:(\w{3,}er)|more (\w+)|less (\w+)|better) than\b", text, re.I)
    if than and has(_THAN_ALL, text) and not has(_THAN_ALL, low):
        yield "stronger_than_source"


_HAS_IN_IT = (
    r"includ|free|\bwith\b|part of|cover|\bconsists? of\b|\bcompris|\b(?:gives?|grants?|entitles?|unlimited|buys?)\b[^.;:]*\b"  # noqa: E501
    r"(?:admission|access|entry|entrance|to|for)\b"
)
"""What a source says of things that are included: ``gives the holder admission to all exhibitions``."""
_SUMMED = r"\b(?:in total|altogether|all in|all told|comes? to|a total of)\b"
"""What opens a sum, in which a charge of the source is included: ``£740 in total, cleaning fee included``."""
_OF_AGE = frozenset(("youngest", "oldest", "eldest"))
"""Superlatives that only tell people apart: ``the youngest goes free``."""
DENIED = r"\b(?:not|never|isn't|aren't) (?:be |been )?"
"""What takes a strong word back: ``stars not guaranteed``."""
_AT_LIBERTY = re.compile(
    r"\b(?:you|they|members|guests|customers|everyone)(?:'re| are|'s| is) (?:also |still |always )?free to "
    r"(?!members|guests|all|the|you|any|every|our)",
    re.I,
)
"""``You're free to cancel``."""
_KEPT_FREE = re.compile(
    r"\b(?:keep|kept|leave|hold|set|make sure) [^.,;:]*?\b(?:day|date|diary|morning|afternoon|evening|night|weekend|hour|calendar|"  # noqa: E501
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|\d(?:am|pm)?) free\b",
    re.I,
)
"""Time of the reader's that costs nothing to begin with: ``keep the afternoon free``."""
_SURE = (
    r"(?<!be )(?<!make )(?<!making )\b(?:certain|sure|bound|destined) to "
    r"(?!be (?:a hit|popular|loved)\b|(?:love|like|enjoy|please|delight|impress|raise|put|bring|turn|spark|make|have|"
    r"find|want|need|become)\b)|\bwithout fail\b|\bnever fails?\b"
)
"""What makes certain what the source plans, reports or leaves open: ``certain to arrive on the next day``."""
_RULED_OUT = (
    r"\b(?:is|are|be|becomes?|makes?|made|making) (?:\w+ ){0,3}?"
    r"(?:ruled out|impossible|out of the question|a thing of the past)\b|\brul(?:es?|ing) out\b"
)
"""What makes impossible what the source only makes rarer or says nothing of: ``injuries are ruled out``."""


def _made_sure(text: str, low: str) -> bool:
    """Return whether the sentence is certain of what the source is not: ``is certain to reach 100%``."""
    if has(_SURE, text) and not has(r"\b(?:certain|sure|bound|destined|guarantee\w*|always|every|never)\b", low):
        return True
    return has(_RULED_OUT, text) and not has(
        r"\b(?:not|never|no|nobody|none|cannot|without|only|stops?|prevents?|impossible|until|unless)\b|n't\b", low
    )


_LESSENS = r"\b(?:reduc|lower|lessen|decreas|slow|minimi|limit|cut|eas)(?:e|es|s|ed|ing|ses)?\b"
_ABOLISHES = (
    r"\b(?:stops?|ends?|removes?|gets? rid of|does away with|wipes? out|prevents?|eliminates?|banish(?:es)?)\b"
    r"[^.;:]{0,60}\b(?:altogether|entirely|completely|for good|once and for all|for ever)\b|\bno more (?=\w+ing\b)"
)
"""``Stops limescale altogether``, where the source only has it reduced."""


def _same_rank(rank: str, low: str) -> bool:
    """Return whether a rank stands in the source; ``number one`` must stand there as such."""
    if rank.startswith(("#1", "no", "number")):
        return bool(re.search(r"#1|\bnumber one\b|\bno\. ?1\b", low))
    if rank == "the only":
        return as_strong("only", low)
    return rank.split()[-1] in low


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


_CALLS = re.compile(r"([A-Z][a-z]{3,}(?: [A-Z][a-z]+)?), [a-z]")
_THERE = r"(?<!out )\bthere\b(?!'|,| (?:is|are|was|were|will|has|have|can|may|must|should)\b)"


def _calls_elsewhere(evidence: Evidence, known: str) -> bool:
    """Return whether "there" stands for a place of the sentence before that no source has: ``York, get ready.``"""
    told = evidence.case.sentences
    at = next((at for at, sentence in enumerate(told) if sentence is evidence.sentence), 0)
    called = _CALLS.match(told[at - 1].raw) if at and not told[at - 1].cited else None
    if called is None or not has(_THERE, evidence.sentence.text):
        return False
    name = called[1].lower()
    return name not in known and not name.endswith("s") and not is_empty(name) and name not in CALENDAR


_STATEMENT = 4
"""Words of what stands behind the colon when it is the statement itself."""


_COINS = frozenset(
    """usd eur gbp chf sek nok dkk isk pln czk huf ron bgn try cad aud nzd jpy cny hkd sgd inr krw thb myr idr php zar
    mxn brl ars clp aed sar ils egp""".split()  # noqa: SIM905
)
"""Codes of currencies, whose figures have a rule of their own: ``USD 239``."""


def _of_either(evidence: Evidence, word: str) -> bool:
    """Return whether a name is one of those of which the cited source says "either": ``You can try Starter or Team``.

    The name has to stand in another source that the copy cites.
    """
    if not has(r"\b(?:either|both|any|all|each|every)\b", evidence.low):
        return False
    cited = {i for sentence in evidence.case.sentences for i in sentence.cited}
    others = " ".join(s.text for i, s in evidence.case.sources.items() if i in cited and i not in evidence.ids)
    return bool(re.search(rf"\b{re.escape(word.capitalize())}\b", others))


_SCALES = frozenset(("celsius", "fahrenheit", "kelvin", "beaufort", "scoville", "centigrade"))
"""Scales, whose figures have a rule of their own."""
_NAMED_THING = re.compile(r"(?P<name>(?:[A-Z][\w'-]+ )+)(?P<thing>[a-z]{3,} [a-z]{3,})\b")


def named_elsewhere(evidence: Evidence) -> str:
    """Return the names that a source cited elsewhere in the copy gives to the thing: ``the Lumen home trial``.

    The sources of the sentence have to speak of the same thing without a name.
    """
    cited = {i for sentence in evidence.case.sentences for i in sentence.cited}
    others = " ".join(s.text for i, s in evidence.case.sources.items() if i in cited and i not in evidence.ids)
    behind = re.sub(r"\b(?:The|Our|Your|Each|Every|A|An) ", "", evidence.text)
    out: list[str] = []
    for found in _NAMED_THING.finditer(evidence.sentence.raw) if others else ():
        name = re.sub(r"^(?:The|Our|Your|Each|Every|A|An) ", "", found["name"])
        thing = found["thing"]
        if f"{name}{thing}" in others and thing in behind and not re.search(rf"[A-Z][\w'-]+ {thing}", behind):
            out.append(name.lower())
    return " ".join(out)


def name_problems(evidence: Evidence, known: str) -> Iterator[str]:
    """Yield ``name_not_in_source`` for a capitalised word inside a sentence that no source (and no sender) has."""
    text = re.sub(r"^(?:subject|preheader|title|cta|p\.?s\.?)\s*:\s*", "", evidence.sentence.raw, flags=re.I)
    words = re.findall(r"(?<![\w])[A-Za-z][\w'&-]*", text)
    capital = [w for w in words if w[0].isupper()]
    if len(capital) > 0.6 * max(len(words), 1) or (len(words) <= 4 and not evidence.sentence.cited):
        return
    yield from feast_problems(evidence)
    named_days = feasts(text.replace("\u2019", "'"))
    for found in re.finditer(r"(?<=[a-z,;] )(?<!\. )([A-Z][a-zA-Z]{2,})\b", text):
        word = found[1].lower().removesuffix("'s")
        by_name = re.search(
            r"\b(?:[Hh]i|[Hh]ello|[Hh]ey|[Dd]ear|[Tt]hanks) (?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?$", text[: found.start()]
        ) or found[1] in ("Mrs", "Miss")
        if (
            by_name
            or greeted(text, found.start())
            or any(start <= found.start() < end for start, end in named_days)
            or _before_colon(text, found.end(), evidence)
            or word in known
            or stem(word) in known
            or word.rstrip("s") in CALENDAR
            or ((is_empty(word) or concept(word) != stem(word)) and not re.match(r" [A-Z]", text[found.end() :]))
            or word in CALENDAR
            or word in _SCALES
            or word in _COINS
            or _of_either(evidence, word)
            or (text[found.end() :][:1] != "-" and stands_for(word, known, ""))
        ):
            continue
        yield "name_not_in_source"
        return
    if _calls_elsewhere(evidence, known):
        yield "name_not_in_source"
    if any(f"{m[1]} {m[2]}".lower() not in known and m[2].lower() in known for m in _PART_OF_PLACE.finditer(text)):
        yield "name_not_in_source"
