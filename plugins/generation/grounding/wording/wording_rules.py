"""Rules about strong words and names: superlatives, prizes, what is free, and names that no source has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.feasts import feast_problems, feasts
from plugins.generation.grounding.reading.lexicon import CALENDAR, STRONG, concept, is_empty, stem
from plugins.generation.grounding.wording.wider_words import as_strong

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
_THAN_ALL = r"\bthan (?:ever|any|the (?:rest|competition|others|leading)|other|most|all)\b"


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
        if ranks and not re.search(rf"\b{re.escape(word.replace('-', '')[:6])}", joined) and not as_strong(word, low):
            yield "stronger_than_source"
            return
    if (
        (
            has(r"(?<!-)(?<!you )(?<!feel )\bfree\b(?! (?:from|up|your|of|time)|-)", _AT_LIBERTY.sub(" ", text))
            and not any(f.kind == "multibuy" for p in evidence.passages for f in p.figures)
            and not has(
                r"\bfree\b|\b(?:no|without|neither|nor|zero) [^.;:]{0,40}\b(?:fee|charge|cost|price|interest)|\b(?:not|never) (?:be )?charge|includ|complimentary|gratis|\bwaive|\bgift\b|[$\u00a3\u20ac] ?0(?!\.?\d)|\bnothing\b",  # noqa: E501
                low,
            )
        )
        or (has(r"(?<!not )\bincluded\b", text) and not has(r"includ|free|\bwith\b|part of|cover", low))
        or (has(r"\bfree\b|\bincluded?s?\b|\bcomes? with\b|\bcovers\b|\bgets? you\b", text) and _costs_extra(evidence))
    ):
        yield "free_not_in_source"
    found = _SUPERLATIVE.search(text)
    if found and not _same_rank(found[0].lower(), low):
        yield "stronger_than_source"
    if has(_LESSENS, low) and has(_ABOLISHES, text) and not has(_ABOLISHES, low):
        yield "stronger_than_source"
    if has(_IN_THE_RUNNING, low) and has(_WON, _NAMED_ONLY.sub("", text)) and not has(_WON, _NAMED_ONLY.sub("", low)):
        yield "stronger_than_source"
    first = _ONE_OF.search(low)
    if first and has(rf"\b(?:the|our|its|their) {re.escape(first['rank'])}\b", text) and not has(_AMONG, text):
        yield "stronger_than_source"
    than = re.search(r"\b(?:(\w{3,}er)|more (\w+)|less (\w+)|better) than\b", text, re.I)
    if than and has(_THAN_ALL, text) and not has(_THAN_ALL, low):
        yield "stronger_than_source"


_AT_LIBERTY = re.compile(
    r"\b(?:you|they|members|guests|customers|everyone)(?:'re| are|'s| is) (?:also |still |always )?free to "
    r"(?!members|guests|all|the|you|any|every|our)",
    re.I,
)
"""``You're free to cancel``."""
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


def _costs_extra(evidence: Evidence) -> bool:
    """Return whether something the sentence gives away has a price of its own in the source."""
    if any(f.kind == "money" for f in evidence.sentence.figures):
        return False
    given = frozenset[str]().union(*(p.concepts for p in evidence.passages if _GIVEN.search(p.text)))
    for passage in evidence.passages:
        if _GIVEN.search(passage.text) or not any(f.kind == "money" and f.value for f in passage.figures):
            continue
        if has(_AT_A_PRICE, passage.text):
            own = {s for s in passage.concepts - given if not is_empty(s)}
            if own & evidence.sentence.concepts:
                return True
    return False


_AT_A_PRICE = (
    r"\b(?:costs?|added|add|extra|each|surcharge|fee|pay|(?:available|offered|sold|bookable|yours) (?:for|at|from))\b"
)
_GIVEN = re.compile(r"\bfree\b|\binclu|\bno charge\b|\bcomes? with\b", re.I)


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
        greeted = re.search(
            r"\b(?:[Hh]i|[Hh]ello|[Hh]ey|[Dd]ear|[Tt]hanks) (?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?$", text[: found.start()]
        ) or found[1] in ("Mrs", "Miss")
        if (
            greeted
            or any(start <= found.start() < end for start, end in named_days)
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
    if _calls_elsewhere(evidence, known):
        yield "name_not_in_source"
    if any(f"{m[1]} {m[2]}".lower() not in known and m[2].lower() in known for m in _PART_OF_PLACE.finditer(text)):
        yield "name_not_in_source"
