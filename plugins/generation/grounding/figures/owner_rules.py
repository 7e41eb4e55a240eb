"""Rules about whose a figure is: the thing, the plan or the size that the source gives it to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import Stated, kinds_match, likely, matches
from plugins.generation.grounding.reading.lexicon import CALENDAR, STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import FORMER, Quantity


def owner_problems(q: Quantity, right: list[Stated], evidence: Evidence) -> Iterator[str]:
    """Yield why the source gives ``q`` to something else; ``right`` are the figures of the source that say it."""
    sentence = evidence.sentence
    if q.spelled and q.kind == "count" and q.value == 1:
        return
    if (
        (q.kind == "count" and _counts_other(q, right, evidence))
        or (q.kind != "code" and _of_other_thing(q, sentence, right, evidence))
        or _of_another_bearer(q, sentence, right)
        or _of_another_answer(q, sentence, right, evidence)
    ):
        yield "number_of_other_product"
    elif (
        _before_other_noun(q, sentence, right, evidence)
        or _saving_as_price(q, sentence, right)
        or (_era(q, sentence) and all(_era(o, p) not in ("", _era(q, sentence)) for o, p in right))
    ):
        yield "number_out_of_context"
    elif _other_product(q, sentence, right, evidence):
        yield "number_of_other_product"


def _counts_other(q: Quantity, right: list[Stated], evidence: Evidence) -> bool:
    """Return whether the source counts something else by this number, and what is counted here by another."""
    if not q.noun or any(not o.noun or concept(o.noun) == concept(q.noun) for o, _ in right):
        return False
    behind = set(map(concept, re.findall(r"[a-z]+", evidence.sentence.text[q.end :].lower())[:3]))
    if any(concept(o.noun) in behind for o, _ in right):
        return False
    counted = [o for p in evidence.passages for o in p.figures if o.kind == "count" and o.noun]
    return any(concept(o.noun) == concept(q.noun) and not matches(q, o) for o in counted)


def _of_another_answer(q: Quantity, sentence: Passage, right: list[Stated], evidence: Evidence) -> bool:
    """Return whether a share is told with what another share of the source did: 78% of what 61% said."""
    if q.kind != "percent" or sum(f.kind == "percent" for f in sentence.figures) != 1:
        return False
    said = _behind(q, sentence)
    own = frozenset[str]().union(*(_behind(o, p) for o, p in right))
    if said & own - frozenset[str]().union(*(_behind(o, p) for o, p in _other_shares(q, evidence))):
        return False
    return any(len(said & (_behind(o, p) - own)) >= _RICH for o, p in _other_shares(q, evidence)) and bool(own)


def _other_shares(q: Quantity, evidence: Evidence) -> list[Stated]:
    """Return the other shares of the sources."""
    return [(o, p) for p in evidence.passages for o in p.figures if o.kind == "percent" and not matches(q, o)]


def _behind(q: Quantity, passage: Passage) -> frozenset[str]:
    """Return the words of weight between a share and the next one."""
    end = min((f.start for f in passage.figures if f.kind == q.kind and f.start > q.start), default=len(passage.text))
    return frozenset(
        stem
        for word, stem, (at, _) in zip(passage.words, passage.stems, passage.spans, strict=True)
        if q.end <= at < end and not is_empty(word) and word.lower() not in STOP
    )


def _era(q: Quantity, passage: Passage) -> str:
    """Return whether a price is the former or the present one."""
    before = passage.text[max(0, q.start - 30) : q.start]
    if FORMER.search(before) or has(
        r"\b(?:was|were|instead of|usually|normally|regularly|ordinarily|rrp|formerly|previously|before) \W*$", before
    ):
        return "old"
    return "new" if has(r"\b(?:now|only|just|today|from [$\u00a3\u20ac][\d.,]+ to) \W*$", before) else ""


_BORNE_BY = re.compile(
    r"[ -](?P<head>[a-z]+) (?:on|for|of) (?:the|our|its|your|each|every|all|an?) (?P<bearer>[a-z]{3,})", re.I
)
"""What says of a span what it is and of which part: ``two-year | warranty on the scooter``."""


def _of_another_bearer(q: Quantity, sentence: Passage, right: list[Stated]) -> bool:
    """Return whether a span that the source gives one part is told of another: ``the battery has a two-year warranty``."""  # noqa: E501
    if q.kind not in ("months", "time") or sum(f.kind == q.kind for f in sentence.figures) != 1:
        return False
    low = sentence.text.lower()
    for other, passage in right:
        own = _BORNE_BY.match(passage.text[other.end :])
        beside = [
            _BORNE_BY.match(passage.text[f.end :]) for f in passage.figures if f is not other and f.kind == q.kind
        ]
        bearers = {m["bearer"].lower() for m in beside if m and own and m["head"].lower() == own["head"].lower()}
        if own is None or own["head"].lower() not in low or own["bearer"].lower() in low:
            return False
        if not any(re.search(rf"\b{bearer}", low) for bearer in bearers):
            return False
    return bool(right)


def _window(q: Quantity, passage: Passage) -> frozenset[str]:
    """Return the concepts around a figure: of its clause, or of all the sentence where the clause has no subject."""
    start, end = passage.clause(q.start, q.end)
    goes_on = re.match(
        r"\s*(?:it |they |this )?(?:is|are|was|were|has|costs?|now|then|reduced|down|cut|discounted|previously|formerly|usually|normally|regularly|ordinarily|rrp)\b",  # noqa: E501
        passage.text[start:end],
        re.I,
    )
    if goes_on and start:
        first, last = _part(q, passage)
        return (
            frozenset(s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if first <= at < last)
            or passage.concepts
        )
    meant = _WHICH_IS.match(passage.text, end)
    return passage.near(q.start, q.end) | (passage.near(meant.end(), meant.end()) if meant else frozenset[str]())


_WHICH_IS = re.compile(
    r"[,:;]\s*(?:which|that)(?: is|'s) (?:just |exactly |also |precisely )?(?:what|the (?:price|cost|same as|length|weight|size))\b|"  # noqa: E501
    r"[,:;]\s*(?:just |exactly )?(?:the same as|what)\b", re.I
)  # fmt: skip
"""What says of a figure whose it is: ``£36, which is what a year's membership costs``."""
_PAID = frozenset(
    concept(word)
    for word in ("pay", "cost", "get", "save", "off", "include", "earn", "receive", "give", "offer", "take")
)


def _noun_behind(q: Quantity, passage: Passage) -> str:
    """Return the concept of the word right behind a figure: ``rider`` of ``a 75 kg rider``."""
    found = re.match(r"[- ]([a-z]{3,})", passage.text[q.end :])
    return concept(found[1]) if found and found[1] not in STOP else ""


def _same_noun(q: Quantity, sentence: Passage, right: list[Stated], everything: list[Stated]) -> bool:
    """Return whether the figure stands before the very noun it has in the source, a noun of no other figure."""
    noun = _noun_behind(q, sentence) if q.unit else ""
    others = [(o, p) for o, p in everything if kinds_match(q, o) and not matches(q, o)]
    return (
        bool(noun)
        and any(_noun_behind(o, p) == noun for o, p in right)
        and not any(_noun_behind(o, p) == noun for o, p in others)
    )


_BEHIND = re.compile(
    r" ?(?:(?P<prep>of|on|for|to|in|per|from) )?(?:the |an? |our |your |its |each |every |all )?(?P<noun>[a-z]{3,})",
    re.I,
)


def _noun_after(q: Quantity, passage: Passage) -> str:
    """Return the concept of the noun that a figure is of, for or on: ``cover`` of ``ten years on the cover``."""
    found = _BEHIND.match(passage.text[q.end :])
    word = found["noun"].lower() if found else ""
    return concept(word) if word and word not in STOP and not is_empty(word) else ""


def _before_other_noun(q: Quantity, sentence: Passage, right: list[Stated], evidence: Evidence) -> bool:
    """Return whether two figures have exchanged the nouns right behind them: ``70% merlot, 30% cabernet``."""
    if not q.unit and q.kind != "percent":
        return False
    noun, own = _noun_after(q, sentence), {_noun_after(o, p) for o, p in right} - {""}
    if not noun or not own or noun in own:
        return False
    others = [
        way for p in evidence.passages for o in p.figures if _noun_after(o, p) == noun
        for way in (o, likely(o, p)) if kinds_match(q, way) and not matches(q, way)
    ]  # fmt: skip
    beside = [likely(f, sentence) for f in sentence.figures if f is not q and _noun_after(f, sentence) in own]
    return any(matches(other, way) for other in others for way in beside)


def _of_other_thing(q: Quantity, sentence: Passage, right: list[Stated], evidence: Evidence) -> bool:
    """Return whether the sentence speaks of one thing of the source and takes the figure of another.

    What tells two figures of a kind apart are the words and figures that stand with one and not with the other.
    """
    if (
        q.kind == "year"
        or sum(kinds_match(q, f) for f in sentence.figures) != 1
        or has(r"\b(?:instead of|than(?! \W?\d)|down from|was)\b", sentence.text)
    ):
        return False
    everything = [(o, p) for p in evidence.passages for o in p.figures if kinds_match(q, o)]
    if _same_noun(q, sentence, right, everything):
        return False
    house, topic = _house(evidence), _topics(evidence)
    said = _marks(sentence, *_part(q, sentence), q) - house
    here = _marks(sentence, *sentence.clause(q.start, q.end), q) - house
    for other, passage in everything:
        if matches(q, other) or (other.spelled and other.value == 1):
            continue
        theirs = _marks(passage, *_span(other, passage, everything), q) | topic[passage]
        owns = [_marks(p, *_span(r, p, everything), q) | _subject_left_out(r, p) | topic[p] for r, p in right]
        if owns and all(
            _speaks_of(theirs, own, said)
            and not (len(_words(own - theirs) & here) >= _RICH and not _named(said & theirs - own))
            for own in owns
        ):
            return True
    return False


_NO_SUBJECT = re.compile(r"\W*(?:(?:and|or|but) )?(?:[$\u00a3\u20ac][\d.,]+ (?:for|per|each for) )?\W*$", re.I)


def _subject_left_out(q: Quantity, passage: Passage) -> frozenset[str]:
    """Return the words of the sentence where a clause has only a price and a number: ``and £80 for 1,000``."""
    start, _ = passage.clause(q.start, q.end)
    alone = start > 0 and _NO_SUBJECT.match(passage.text[start : q.start])
    return passage.concepts if alone else frozenset()


def _house(evidence: Evidence) -> frozenset[str]:
    """Return the marks of a name that several sources have: the sender's, which tells no thing from another."""
    named = [set(re.findall(r"(?<=[a-z&] )[A-Z][a-z]+", s.text)) for s in evidence.case.sources.values()]
    shared = (
        {name for name in set[str]().union(*named) if sum(name in names for names in named) > 1}
        if named
        else set[str]()
    )
    return frozenset({f"={name}" for name in shared} | {concept(name.lower()) for name in shared})


def _topics(evidence: Evidence) -> dict[Passage, frozenset[str]]:
    """Return for each passage that names nothing the names before it in its source, which it goes on about."""
    out: dict[Passage, frozenset[str]] = {}
    for source in evidence.sources:
        last: frozenset[str] = frozenset()
        for passage in source.passages:
            marks = _marks(passage, 0, len(passage.text), None)
            named = frozenset(mark for mark in marks if re.match("=[A-Z]", mark))
            out[passage] = frozenset() if named else last | {concept(name[1:].lower()) for name in last}
            last = named | _numbers_in_names(passage) if named else last
    return out


def _numbers_in_names(passage: Passage) -> frozenset[str]:
    """Return the marks of the numbers that belong to names: ``30`` of ``the SPF 30 lotion``."""
    return frozenset(
        f"={f.kind} {f.value:g}"
        for f in passage.figures
        if re.search(r"(?<=[\w,] )[A-Z][\w-]* $", passage.text[: f.start])
    )


_RICH = 2
"""Words of a figure's own from which on a name of another passage no longer decides."""


def _part(q: Quantity, sentence: Passage) -> tuple[int, int]:
    """Return where the part of a sentence between two semicolons begins and ends that has the figure."""
    start, end = sentence.text.rfind(";", 0, q.start) + 1, sentence.text.find(";", q.end)
    return start, end if end >= 0 else len(sentence.text)


def _named(marks: frozenset[str]) -> bool:
    """Return whether one of the marks is a name."""
    return any(re.match(r"=[A-Z]", mark) for mark in marks)


def _words(marks: frozenset[str]) -> frozenset[str]:
    """Return the marks that are words, no names and no figures."""
    return frozenset(mark for mark in marks if not mark.startswith("="))


def _speaks_of(theirs: frozenset[str], own: frozenset[str], said: frozenset[str]) -> bool:
    """Return whether what is said has marks of the other thing and none of the figure's own; names and figures decide."""  # noqa: E501
    only, mine = (theirs - own) & said, (own - theirs) & said
    telling = {mark for mark in only if mark.startswith("=")}
    return bool(own - theirs) and ((bool(only) and not mine) or (bool(telling) and not any(m[0] == "=" for m in mine)))


def _span(q: Quantity, passage: Passage, everything: list[Stated]) -> tuple[int, int]:
    """Return the clause of a figure where its sentence has two of its kind, else the whole sentence."""
    alone = sum(p is passage for _, p in everything) == 1
    first, last = _part(q, passage)
    if sum(p is passage and first <= o.start < last for o, p in everything) == 1:
        return first, last
    return (0, len(passage.text)) if alone else passage.clause(q.start, q.end)


def _marks(passage: Passage, start: int, end: int, q: Quantity | None) -> frozenset[str]:
    """Return what tells a thing from another: its words, and, marked ``=``, names and figures of other kinds."""
    words = {
        stem
        for word, stem, (at, _) in zip(passage.words, passage.stems, passage.spans, strict=True)
        if start <= at < end and not is_empty(word)
    }
    named = set(re.findall(r"(?<=[a-z] )[A-Z]\b", passage.text[start:end]))
    for found in re.finditer(r"\b[A-Z][\w-]* (?P<rest>[A-Z][\w-]*(?: [A-Z][\w-]*)*)", passage.text[start:end]):
        named |= set(found["rest"].split())
    named |= {
        f"{f.kind} {f.value:g}" for f in passage.figures if start <= f.start < end and not (q and f.kind == q.kind)
    }
    return (frozenset(words) - _PAID) | {f"={name}" for name in named}


def names_in(passage: Passage) -> frozenset[str]:
    """Return the capitalised words of a sentence that are names: of products, places and people, not of days."""
    found = re.findall(r"(?<=[a-z,;] )(?![AB]\d\b)[A-Z][\w'-]*|\b(?![AB]\d\b)[A-Z]+\d+\b", passage.raw)
    low = {w.lower().removesuffix("'s") for w in found}
    return frozenset(w for w in low if not {w, w.removesuffix("s")} & CALENDAR)


def _of_a_class(q: Quantity, sentence: Passage, theirs: Quantity, passage: Passage, evidence: Evidence) -> bool:
    """Return whether a figure is told with the noun it has in a source that names nothing: ``deposits``, for any tour."""  # noqa: E501
    nouns = {s for s in _window(theirs, passage) & sentence.near(q.start, q.end) if not is_empty(s)} - _PAID
    whole = next((s.passages for s in evidence.sources if passage in s.passages), (passage,))
    return bool(nouns) and not any(re.search(r"(?<=[\w,] )\W?[A-Z]", p.raw) or _opens_with_name(p) for p in whole)


_SAVED_BEFORE = (
    r"\b(?:saves?|saving|discount of|reduction of|reduced by|cut by|credit of|voucher (?:of|for)|cashback of)\W*$"
)
_SAVED_AFTER = r"^ ?(?:off|discount|less|cheaper|cashback|voucher|reduction|saving)\b"
_TO_PAY = r"\b(?:pays?|costs?|(?:is|are)(?: (?:just|only))?|for (?:just|only)|priced at)\W*$"


def _saving_as_price(q: Quantity, sentence: Passage, right: list[Stated]) -> bool:
    """Return whether what one saves is told as what one pays: ``save £2 per person``, ``you pay £2 per person``."""
    before, after = sentence.text[: q.start], sentence.text[q.end :]
    if q.kind != "money" or not has(_TO_PAY, before) or has(_SAVED_AFTER, after):
        return False
    if has(r"\b(?:less|off|cheaper|saved?|saving|discount|yours|credit|reduction)\b", sentence.text):
        return False
    return bool(right) and all(
        has(_SAVED_BEFORE, p.text[: o.start]) or has(_SAVED_AFTER, p.text[o.end :]) for o, p in right
    )


def _opens_with_name(passage: Passage) -> bool:
    """Return whether a sentence of the source names what it speaks of, rather than going on about it."""
    return re.match(
        r"\W*(?:(?:The|Our|A|An|All|Every|With|On) )?(?:[A-Z][\w'&-]*)(?: [A-Z]| \d|'s)", passage.raw
    ) is not None or has(r"^(?:the|our|a|an) (?-i:[A-Z][a-z])", passage.raw)


def _other_product(q: Quantity, sentence: Passage, right: list[Stated], evidence: Evidence) -> bool:
    """Return whether the sentence names one thing and takes the figure of another."""
    mine = names_in(sentence) & frozenset[str]().union(*(names_in(p) for p in evidence.passages))
    theirs = [names_in(p) if _opens_with_name(p) else frozenset[str]() for _, p in right]
    low = sentence.text.lower()
    rival = any(names_in(p) & mine and p.figures for p in evidence.passages)
    if mine and rival and all(names and not any(name in low for name in names) for names in theirs):
        return True
    start, end = sentence.clause(q.start, q.end)
    firsts = {w for w in re.findall(r"[A-Z][a-z]+", sentence.text[start:end]) if not is_empty(w.lower())}
    firsts = {w for w in firsts if w.lower() not in CALENDAR}
    firsts -= {w for w in firsts if sentence.text.startswith(w) and re.search(rf"\b{w.lower()}\b", evidence.text)}
    per_source = {s.id: set(re.findall(r"[A-Z][a-z]+", s.text)) for s in evidence.case.sources.values()}
    if len(per_source) < 2:
        return False
    distinctive = {n for n in firsts if sum(n in names for names in per_source.values()) == 1}
    if not distinctive:
        return False
    if any(_of_a_class(q, sentence, o, p, evidence) for o, p in right):
        return False
    homes = [s.id for s in evidence.case.sources.values() if any(p in s.passages for _, p in right)]
    return bool(homes) and not any(per_source[home] & distinctive for home in homes)
