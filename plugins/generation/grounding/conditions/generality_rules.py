"""Rules about how far a statement reaches: all, every, any, always, in full, all year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from plugins.generation.grounding.conditions.any_rules import widens_nothing
from plugins.generation.grounding.conditions.concessives import holds_whatever
from plugins.generation.grounding.conditions.counted_parts import part_made_whole
from plugins.generation.grounding.conditions.widened import made_no_difference
from plugins.generation.grounding.denials.polarity_rules import NEGATOR
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.dates import months
from plugins.generation.grounding.reading.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.wording.certainty_rules import PARTLY, SAMPLE

_GENERAL = re.compile(
    r"\b(?:all (?!\d|(?:we|it(?! took)|they|he|she|one)\b|(?:two|three|four|five|six|seven|eight|nine|ten)\b|that|this|included|together|with|by|via|through|at|on|without|you|there is|set|about|the (?:way|while|details)|yours|day|night|summer|winter|season|weekend|year|week|ready|that|this|of (?:us|it|that)|in all|in one|from|in\b|at once|good|for|thrown in|\w+ed (?:in|up|into)\b)|every (?!bite|sip|step|day\b|week|month|year|hour|time|moment|now|occasion|mile|night|morning|detail|adventure|(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|fifty|hundred|thousand|other|few)\b)|"  # noqa: E501
    r"for all(?=[,.;:!]| (?:and|with|who|of you)\b)|everything(?! (?:you (?:will )?need|is ready))(?<!\bfor everything(?= you (?:do not|would|might|may|want|will)\b))|(?:every|any)(?:one|body)(?! else)|any (?!\w+ (?:between|from|up)|time|questions?|longer|more|worries|luck|plans|trouble|idea|case|event|given|rate\b|chance|old\b)|whichever (?=of (?:our|the)\b|(?!suits|works|fits|pleases|helps|is|does)\w+ you\b)|no matter which|regardless of|irrespective of|across the board|always (?!some|happy|here|love|wanted|glad|there|a pleasure|been)|"  # noqa: E501
    r"sitewide|site-wide|storewide|everywhere(?! but)|anywhere(?! (?:in|on|within|between|from (?:\d|(?-i:[a-z]+) to\b)))|anytime(?! (?:from|between|until|till|up to|before|after|on|during)\b)|any time(?! (?:from|between|until|till|up to|before|after|on|during)\b)|no matter what|as (?:often|many|much|long)(?: (?!of\b)[a-z]+){0,2} as (?:you|they) (?:like|want|wish|please)|the whole (?!way|day|summer|family|weekend|time|story|truth|picture|package|thing|lot|bundle|deal|kit|bill|sum|price|amount)\w+|your (?:whole|entire) \w+|whatever you (?:buy|order|spend)|(?:whenever you|when you(?! (?:like|want|wish|please) to\b)) (?:like|want|wish|please)|right away|whenever(?=\s*(?:[,.;!]|$))|unlimited|no strings|unconditional\w*|no minimum|no exceptions?|no (?:conditions|limits?|exclusions)|entire (?:range|store|collection|site|order)|whole (?:range|store|collection|site|shop))",  # noqa: E501
    re.I,
)
_UNIVERSAL = r"\b(?:all|every(?! (?:second|third|other|two|three|\d))|each|any|in full|full refund|anytime|of (?:(?:the )?\w+'s|your|their) choice|everything|everyone|anyone|always|entire|whole|unlimited|everywhere|anywhere|sitewide|no minimum|no limit|no exclusions|no matter|whatever|worldwide|everybody|whenever|at will|regardless|irrespective|whichever)\b"  # noqa: E501


def generality_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``generality_added`` for all, every, anyone, always ... where the source sets limits or says nothing."""
    tests = (
        _refund_widened,
        _fees_widened,
        _part_made_whole,
        _new_or_not,
        _with_or_without,
        _each_made_total,
        _total_made_each,
        made_no_difference,
        holds_whatever,
        part_made_whole,
    )
    if any(test(evidence) for test in tests):
        yield "generality_added"
        return
    if any(_unborne(found, evidence) for found in _GENERAL.finditer(evidence.sentence.text)):
        yield "generality_added"


def _unborne(found: re.Match[str], evidence: Evidence) -> bool:
    """Return whether a word such as ``every`` says more than the sources do, and is no turn of phrase."""
    sentence = evidence.sentence
    if not (sentence.cited or sentence.figures) or has(rf"\b{re.escape(found[0].split()[0])}\b", evidence.text):
        return False
    if has(r"\b(?:nearly|almost|virtually|practically) $", sentence.text[: found.start()]) and any(
        f.kind == "percent" and f.value >= _NEARLY_ALL for p in evidence.passages for f in p.figures
    ):
        return False
    if any(
        test(evidence, found)
        for test in (
            widens_nothing,
            _round_the_clock,
            _narrowed_by_figure,
            _plural_in,
            _generic,
            _opens,
            _weekly,
            _of_the_reader,
            _scene,
            _denied,
            _afloat,
        )
    ):
        return False
    if has(_LOOKS_WELL, sentence.text[: found.start()]) or has(_OUR_WORK, sentence.text[: found.end()]):
        return False
    if has(_SUMS_UP, sentence.text[: found.start()]) or (
        has(r"^(?:any|every)(?:one|body)", found[0]) and has(_SCENES_OF_LIFE, sentence.text[: found.start()])
    ):
        return False
    if has(r"^\W*(?:bring|invite|gather|treat|call|calling|hello|hi|hey|round up) $", sentence.text[: found.start()]):
        return False
    if _what_they_are(evidence, found):
        return False
    about = {s for w, s in zip(sentence.words, sentence.stems, strict=True) if not is_empty(w)}
    near = (p.text for p in evidence.passages if has(_PERSONS, found[0]) and about & p.concepts)
    spoken_of = " ".join((evidence.aligned_text, *(p.text for _, p in evidence.by_clause), *near))
    return not _universal_stated(found, spoken_of)


_NEARLY_ALL = 95
_ALL_HOURS = (
    r"\b(?:24 hours|24/7|around the clock|round the clock|daily|every day|any ?time|day (?:and|or) night|7 days)\b"
)


def _round_the_clock(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether "any hour of any day" says what ``24 hours a day`` says."""
    hours = re.match(r"(?:any|every|all) (?:hours?|days?|time)\b", evidence.sentence.text[found.start() :], re.I)
    return hours is not None and any(has(_ALL_HOURS, p.text) for p in evidence.aligned)


def _narrowed_by_figure(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether a figure of the source narrows "anyone": "anyone 13 or older" for ``guests ages 13 and up``."""
    behind = re.match(r"(?:every|any)(?:one|body) (?:who is |who's |aged? |from |over |under |above |below )*(?=\d)",
                      evidence.sentence.text[found.start() :], re.I)  # fmt: skip
    if has(r"\b(?:even|whether|regardless|no matter)\b", evidence.sentence.text):
        return False
    figures = [f for f in evidence.sentence.figures if behind and f.start >= found.start()][:1]
    return any(matches(q, f) for q in figures for p in evidence.passages for f in p.figures)


def _what_they_are(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``, all team leads,`` only says of people what the source says of them: they were team leads."""
    text = evidence.sentence.text
    kind = re.match(r", all (?P<kind>[a-z-]+(?: [a-z-]+)?)", text[max(0, found.start() - 2) :], re.I)
    return kind is not None and any(
        has(rf"\b(?:were|are) (?:all )?{re.escape(kind['kind'])}\b", p.text) and not has(PARTLY, p.text)
        for p in evidence.passages
    )


_LIMITED = re.compile(
    r"^(?:\w+ (?:of )?(?:the |our )?(?:next |first |last |other )?(?:\d|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)|"  # noqa: E501
    r"(?:every|any)(?:one|body) (?:who|under|over|aged|with|without|in|at|on|from|living|holding)\b|each other\b)",
    re.I,
)
"""What counts or narrows a universal of the source: ``all six branches``, ``anyone under 18``."""
_OF_TIME = r"^(?:each|every|all|any) (?:\w+ )?(?:days?|nights?|weeks?|months?|years?|hours?|minutes?|seasons?|weekends?|mornings?|evenings?|\w+days?)\b"  # noqa: E501
"""A universal of times, which bears none of things or persons: ``on the first Thursday of each month``."""
_OF_THINGS = r"^(?:for all|all|every|any|each|every(?:one|body)|any(?:one|body))\b"
_PERSONS = r"^(?:every|any)(?:one|body)\b"
_ALL_PERSONS = (
    r"\b(?:every|any)(?:one|body)\b|\b(?:all|each|every|any) (?:[\w-]+ ){0,2}?(?:customers?|guests?|visitors?|members?|people|"  # noqa: E501
    r"persons?|adults?|child(?:ren)?|users?|clients?|buyers?|shoppers?|students?|learners?|patients?|passengers?|players?|"
    r"drivers?|riders?|donors?|residents?|subscribers?|participants?|tenants?|employees?|owners?|readers?|ages|levels|comers|"
    r"(?!order|offer|number|letter|paper|water|cover|corner|flower|dinner|container)\w{3,}(?:er|or|ist|ant)s?)\b|"
    r"\bwho(?:so)?ever\b|\bno matter who\b|\bregardless\b|\bopen to all\b|\bfor all\b|\bper person\b"
)


def _next_noun(text: str, at: int, limited: re.Match[str]) -> set[str]:
    """Return what is counted behind ``all four``: "whichever side" says what ``all four sides`` says."""
    return {concept(w) for w in re.findall(r"[a-z]{3,}", text[at + limited.end() :].lower())[:1]}


def _universal_stated(found: re.Match[str], text: str) -> bool:
    """Return whether a text has a universal that may bear the one found: of persons, where that is of persons."""
    counted = _LIMITED.match(found.string[found.start() :])
    behind = {concept(w) for w in re.findall(r"[a-z]{3,}", found.string[found.end() :].lower())[:2]}
    stated = [
        m
        for m in re.finditer(_UNIVERSAL, text, re.I)
        if counted
        or not (limited := _LIMITED.match(text[m.start() :]))
        or _next_noun(text, m.start(), limited) & behind
    ]
    if has(_OF_THINGS, found[0]) and not has(_OF_TIME, found.string[found.start() :]):
        stated = [m for m in stated if not has(_OF_TIME, text[m.start() :])]
    return bool(stated) and (not has(_PERSONS, found[0]) or has(_ALL_PERSONS, text))


_SUMS_UP = (
    r"^\W*(?:so )?(?:that's|that is|that makes|makes|all told,?|altogether,?|in all,?)(?: just| only)?(?: \w+ for)? $"
)
"""What opens a sum of the reader's own: ``That's | your whole order for under £10``."""


def _denied(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``any`` stands right behind what denies it, where it says nothing more: ``without any scent``."""
    before = evidence.sentence.text[: found.start()]
    return (
        found[0].lower().startswith("any")  # noqa: RUF021
        and has(
            r"(?:\b(?:without|never|nor|not|hardly|scarcely|barely|if|cannot|free of|free from|no longer)|n't) "
            r"(?:(?:be|have|having|need|needing|contain|containing|use|using|add|adding|require|there (?:is|are)) )?$",
            before,
        )
        or _denied_as_there(evidence, found)
    )


_ANYBODY = re.compile(r"\bnot (?P<deed>[a-z]+)\b[^.,;:]{0,30}? (?P<link>to|with|for|from) $", re.I)


def _denied_as_there(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``we don't sell it to anyone`` says what ``it does not sell customer data`` says.

    Where the source names whom it does not sell to, "anyone" is more than it says.
    """
    said = _ANYBODY.search(evidence.sentence.text[: found.start()])
    if said is None or not found[0].lower().startswith("any"):
        return False
    deed, link = concept(said["deed"].lower()), said["link"].lower()
    return any(
        deed in p.concepts and NEGATOR.search(p.text) and not has(rf"\b{link}\b", p.text) for p in evidence.passages
    )


_OUR_WORK = r"\bwe(?:'ll| will)? (?:take care of|see to|look after|handle|do|sort(?: out)?|arrange) (?:everything|all|the rest)\b"  # noqa: E501
"""What promises no more than that the sender acts: ``We'll take care of everything else``."""
_LOOKS_WELL = r"\b(?:looks?|feels?|sounds?|sits?) (?:\w+ ){0,2}(?:on|in|at|by|beside|above|next to) $"
"""What stands before "any" in praise that states nothing: ``looks lovely on any sideboard``."""
_SCENES_OF_LIFE = r"\b(?:before|if|while|when|until|as if|in case) $"
"""What stands before "anyone" who is only in the story: ``thirty nights before anyone hears a repeat``."""


def _afloat(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``12 seeds, all organic`` says what ``the seeds are organic`` says."""
    quality = re.match(r"all (?P<what>[a-z-]{4,})\b(?! [a-z]+s\b)", evidence.sentence.text[found.start() :], re.I)
    return quality is not None and any(
        has(rf"\bare (?:\w+ )?{quality['what']}\b", p.text) and not has(PARTLY, p.text) and not NEGATOR.search(p.text)
        for p in evidence.passages
    )


_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"


def _weekly(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``every Friday`` says what the source says of ``Fridays``."""
    day = re.match(rf"(?:every|each|any) (?P<day>{_WEEKDAY})\b", evidence.sentence.text[found.start() :], re.I)
    return day is not None and (
        _opening_days(day["day"], evidence)
        or has(
            rf"(?<!first )(?<!second )(?<!third )(?<!fourth )(?<!last )(?<!other )(?<!alternate )(?<!two )(?<!three )"
            rf"(?<!four )(?<!some )\b{day['day']}s\b",
            evidence.text,
        )
    )


_OPENS_ON = r"\b(?:open(?:s|ing)?|meets?|runs? (?:on|from)|hours|serv(?:es?|ed)|served|available|takes? place|held|sails?|leaves?|departs?|closed)\b"  # noqa: E501
_ONCE = r"\b(?:sale|offer|deal|festival|fair|this|next|first|second|third|fourth|last|one|other|alternate|fortnight\w*|month\w*|event)\b"  # noqa: E501


def _opening_days(day: str, evidence: Evidence) -> bool:
    """Return whether a source that has hours or openings on weekdays without a date means each week: ``open Friday to Sunday``."""  # noqa: E501
    return any(
        day.lower()[:3] in {name[:3] for name in _days_of(p.text)}
        and has(_OPENS_ON, p.text) and not has(_ONCE, p.text)
        and not has(rf"\b{_WEEKDAY},? (?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?-i:[A-Z])|(?-i:[A-Z])[a-z]+ \d)", p.text)  # noqa: E501
        for p in evidence.passages
    )  # fmt: skip


def _days_of(text: str) -> set[str]:
    return {m[0].lower() for m in re.finditer(rf"\b{_WEEKDAY}\b", text, re.I)}


_OWN = re.compile(
    r"^(?:every|all|any|everything) (?:(?:the|of|your) )*(?:[a-z'-]+ ){0,4}?you (?:own|have|love|know|can (?:carry|find|think of)|meant to \w+|"  # noqa: E501
    r"never \w+|packed|brought)\b",
    re.I,
)


def _of_the_reader(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether the word counts the reader's own things in a list without a verb: ``One car, every towel you own.``"""  # noqa: E501
    sentence = evidence.sentence
    own = _OWN.match(sentence.text[found.start() :])
    if not own or has(r"\b(?:is|are|free|covers?|includes?|off|get|with|for|insures?|takes?)\b", sentence.text):
        return False
    end = found.start() + own.end()
    said = {s for s, (at, _) in zip(sentence.stems, sentence.spans, strict=True) if found.start() <= at < end}
    return not said & evidence.stems


def _scene(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether an uncited sentence speaks of nothing a source speaks of: ``It's six and everyone is hungry``."""
    sentence = evidence.sentence
    if sentence.cited or any(f.kind in ("money", "percent", "ratio", "code", "multibuy") for f in sentence.figures):
        return False
    start, end = sentence.clause(*found.span())
    near = {s for s, (at, _) in zip(sentence.stems, sentence.spans, strict=True) if start <= at < end}
    return not near & evidence.stems and not has(_BENEFIT, sentence.text)


_BENEFIT = r"\b(?:free|off|discount|refund|included|save|guarantee\w*)\b"
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
    after = re.sub(r"^(?:every|each|any) (?:single )?one of ", "each ", evidence.sentence.text[found.start() :].lower())
    words = re.findall(r"[a-z]+", after)[1:5]
    counted = _head_only(words) if after.startswith("all ") else words
    plural = any(
        any(not _of_a_kind(m, evidence) for m in _named_at_large(w, evidence.aligned_text))
        or _narrowed_alike(w, evidence)
        or _name_kept(w, after[:_NOUN_PHRASE], evidence)
        for w in counted
        if len(w) > 2
    )
    return (
        plural
        and not NEGATOR.search(re.sub(r"\bnon-", "", evidence.aligned_text, flags=re.I))
        and not has(PARTLY + r"|\bselected\b|\bcertain\b|\bparticipating\b|\bonly\b", evidence.aligned_text)
        and not has(r"\b\d+ (?:out )?of (?:our |the |its )?\d+\b|\bfirst \d+\b", evidence.aligned_text)
        and not _exception_unsaid(evidence, words)
    )


def _head_only(words: list[str]) -> list[str]:
    """Return the plural that ``all`` counts: of ``all capsule machines fit`` the machines, not the capsules."""
    return next(([w] for w in words if w.endswith("s") and not w.endswith("ss") and w not in STOP), words)


def _named_at_large(word: str, text: str) -> Iterator[re.Match[str]]:
    """Return where a text has the plural of a word and nothing behind it that narrows it."""
    return re.finditer(
        rf"\b{re.escape(_plural(word))}\b(?! (?:{_NARROWING})\b)(?! (?:of|in|from|at) (?:the |our )?(?-i:[A-Z])|"
        r" (?:of|in|from) (?:the|our|this) (?:[\w-]+ ){1,2}(?:range|line|series|collection|wing|section|category|department)\b)",  # noqa: E501
        text,
        re.I,
    )


_NOUN_PHRASE = 50
"""Characters in which a word such as ``every`` has its noun and what narrows it."""


def _name_kept(word: str, phrase: str, evidence: Evidence) -> bool:
    """Return whether the phrase has the name that narrows a plural: ``mattresses in the Cloud range``, ``every Cloud mattress``."""  # noqa: E501
    named = re.finditer(
        rf"\b(?i:{re.escape(_plural(word))}) (?:of|in|from|at) (?:the |our )?(?P<name>[A-Z]\w+)", evidence.aligned_text
    )
    return any(has(rf"\b{m['name']}\b", re.split(r"[,;:]| and ", phrase)[0]) for m in named)


def _of_a_kind(plural: re.Match[str], evidence: Evidence) -> bool:
    """Return whether a word before the plural names a kind that the copy does not: ``still wines``, ``all our wines``.

    A name is a kind behind "our" only (``our Intercity trains``): ``Marlow mattresses`` may be all that Marlow makes.
    """
    if re.search(r"\b[A-Z][\w-]+ \d+ $", plural.string[: plural.start()]):
        return True
    before = re.search(r"(?P<first>^|[.!?]\s+|\b[Oo]ur )?(?P<kind>[A-Za-z][\w-]+) $", plural.string[: plural.start()])
    if before is None:
        return False
    kind = before["kind"]
    low = kind.lower()
    if (
        low in STOP
        or (is_empty(low) and not before["first"])
        or concept(low) in evidence.sentence.concepts
        or low in evidence.case.low
    ):
        return False
    if kind[0].isupper():
        named = len(re.findall(rf"(?<![.!?] )(?<!^)\b{kind}\b", evidence.text)) > 1
        return before["first"] is not None and not named
    return bool(before["first"]) or not low.endswith(("ing", "ed", "ly", "s"))


_EXCEPTION = re.compile(
    r"\b(?:excluded|excludes?|excepted|exempt|do(?:es)? not apply|not (?:yet )?(?:offered|available|valid|fitted|eligible))\b",  # noqa: E501
    re.I,
)
_MAKES_EXCEPTION = r"\b(?:but|bar|barring|except\w*|exclud\w*|excluding|apart|aside|not|n't|never|without|outside|other than|minus|sits?)\b"  # noqa: E501


def _exception_unsaid(evidence: Evidence, words: list[str]) -> bool:
    """Return whether another sentence of the source makes an exception that the copy does not: ``Tents are excluded.``

    ``all oak shelves`` names its kind, so that pine shelves are no exception to it.
    """
    named = takewhile(lambda w: w in ("our", "the", "your") or w not in STOP, words)
    thing = {concept(w) for w in named if w not in STOP}
    low = evidence.case.low
    known = {s for sentence in evidence.case.sentences for s in sentence.stems}
    for source in evidence.sources:
        for passage in source.passages:
            told = has(_MAKES_EXCEPTION, low) and any(s in known for s in passage.stems if not is_empty(s))
            other_kind = bool(thing & passage.concepts and thing - passage.concepts)
            if (
                _EXCEPTION.search(passage.text)
                and not told
                and not other_kind
                and any(p in source.passages for p in evidence.aligned)
            ):
                return True
    return False


def _generic(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``every box`` says what the source says of ``the box``, or ``every pair`` what it says ``per pair``."""  # noqa: E501
    noun = re.match(r"(?:every|each|any) (?P<noun>[a-z]{3,})\b", evidence.sentence.text[found.start() :], re.I)
    if not noun:
        return False
    subject = rf"^\W*(?:the|our|an?|this) {noun['noun']} \w+"
    return has(rf"\bper {noun['noun']}\b", evidence.aligned_text) or any(
        has(subject, p.text) and not NEGATOR.search(p.text) and not has(PARTLY, p.text) for p in evidence.aligned
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
    r"\bnew\b[^.]{0,40}\b(?:or|and)\b[^.]{0,20}\b(?:already|existing|current|returning|loyal|not|with us|(?:long-?|old-?)(?:standing|timers?|time)|been (?:with|here)|for years|old)\b|"  # noqa: E501
    r"\b(?:already|existing|current|returning|loyal)\b[^.]{0,40}\b(?:or|and)\b[^.]{0,20}\b(?:new|first)\b|"
    r"\b(?:new|first)\b[^.]{0,40}\bor (?:you|have|has|your|are)\b[^.]{0,30}\b(?:before|again|regulars?|third|back)\b"
)
_ONE_KIND = (
    r"\b(?:new|first-time|existing|current|returning) (?:customers?|members?|subscribers?|users?|clients?|"
    r"patients?|accounts?|students?|learners?|pupils?|guests?|visitors?|buyers?|donors?|riders?|drivers?)\b"
)


def _new_or_not(evidence: Evidence) -> bool:
    """Return whether an offer for new customers has become one ``whether you're new or already with us``."""
    return (
        has(_EITHER_NEW, evidence.sentence.text)
        and has(_ONE_KIND, evidence.aligned_text)
        and not has(_EITHER_NEW, evidence.aligned_text)
    )


_OR_NOT = re.compile(r"\b(?P<what>[a-z]+(?:-[a-z]+)*) or (?:not|otherwise)\b", re.I)


def _with_or_without(evidence: Evidence) -> bool:
    """Return whether what the source asks for is said to make no difference: ``clearance or not``, ``member or not``."""  # noqa: E501
    both = r"\b(?:non-\w+|or not|both|everyone|anyone|regardless|whether|even (?:if|when|though))\b"
    return any(
        concept(word) in p.concepts and not has(both, p.text)
        for found in _OR_NOT.finditer(evidence.sentence.text)
        for word in {found["what"].lower(), found["what"].lower().split("-")[-1]}
        for p in evidence.aligned
        if word not in STOP
        and not has(
            rf"\beven (?:if|when)\b[^.;]* {re.escape(word)}|\b{re.escape(word)} or\b|\bor {re.escape(word)}\b|\b{re.escape(word)} and\b",  # noqa: E501
            evidence.low,
        )
    )


_PER_ONE = re.compile(
    r"^\W*(?:(?:per|for each|for every|each|every|a) )(?P<one>(?!(?:minute|hour|day|night|week|month|quarter|year|term|"
    r"season|session|visit|time|order|booking|pair|set|pack|box|bag|family|household|couple|group|table|room|team|kilo\w*|"
    r"litre|metre|mile|pound|gallon|km|kg|cent|annum)\b)[a-z]{3,})\b"
)
_FOR_ALL = (
    r"\b(?:in total|total(?! of \W?\d)|all told|altogether|all in|flat|however many|no matter how many|regardless of how many|"  # noqa: E501
    r"for (?:the|a|all the|your) (?:pair|two|three|four|lot|set|family|whole \w+|group|couple|household|team|crew|gang)|"  # noqa: E501
    r"for (?:both|all)|covers (?:both|all|the (?:whole|lot|pair|set)|every\w*)|for every(?:one|body)|as many \w+ as)\b"
)


def _each_made_total(evidence: Evidence) -> bool:
    """Return whether a price per camera, per ear or per head is told as that of all of them: ``£30 for the pair``."""
    text = evidence.sentence.text
    if not has(_FOR_ALL, text):
        return False
    for passage in evidence.aligned:
        for price in passage.figures:
            each = _PER_ONE.match(passage.text[price.end :]) if price.kind == "money" else None
            told = [q for q in evidence.sentence.figures if q.kind == "money" and q.value == price.value]
            if each and told and not has(_STILL_EACH + rf"|\b{each['one']}\b(?!s)", text):
                return True
    return False


_BY_ONE = r"^(?: an? (?:month|year|week|day|night))?,? (?:per (?!month|year|week|day|night|hour|annum)[a-z]+|each|apiece|a (?:head|piece|person))\b"  # noqa: E501
_OF_ALL = r"^(?: an? (?:month|year|week|day|night))?,? (?:in total|total|altogether|all in|for (?:both|all|the (?:pair|lot|set|two|family)))\b"  # noqa: E501


def _total_made_each(evidence: Evidence) -> bool:
    """Return whether a price for all of them is told as that of one: ``$55 in total``, ``$55 per line``."""
    sentence = evidence.sentence
    told = [q for q in sentence.figures if q.kind == "money" and has(_BY_ONE, sentence.text[q.end :])]
    return any(
        f.kind == "money" and f.value == q.value and has(_OF_ALL, p.text[f.end :]) and not has(_BY_ONE, p.text)
        for q in told
        for p in evidence.aligned
        for f in p.figures
    )


_STILL_EACH = (
    r"\b(?:per(?! (?:month|year|week|day|night|hour|annum)\b)|each|apiece|every|a (?:piece|head|person|go)|p\.?p|one)\b"
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
    stated_alone = word not in ("day", "week") and (
        has(rf"\b{re.escape(word)}\b", evidence.aligned_text) and _plural(word) not in evidence.aligned_text
    )
    if place and place[1] in evidence.aligned_text and not stated_alone:
        return True
    said = re.search(rf"\b{re.escape(word)} (?:{_NARROWING}|of|in) (?P<how>[^,;]+)", evidence.sentence.text, re.I)
    if not said:
        return _described_alike(word, evidence)
    theirs = re.search(
        rf"\b{re.escape(_plural(word))} (?:{_NARROWING}|of|in) (?P<how>[^,;]+)", evidence.aligned_text, re.I
    )
    mine = set(re.findall(r"\w+", said["how"].lower()))
    return theirs is not None and any(
        concept(w) in {concept(m) for m in mine} for w in re.findall(r"\w{2,}", theirs["how"].lower()) if w not in STOP
    )


def _described_alike(word: str, evidence: Evidence) -> bool:
    """Return whether ``any glasses ready in that time`` is narrowed as ``glasses that are ready during this time``."""
    theirs = re.search(
        rf"\b{re.escape(_plural(word))} (?:that|which|who) (?:are|is|have been|were) (?P<how>[a-z]{{4,}})",
        evidence.aligned_text,
        re.I,
    )
    mine = re.search(rf"\b{re.escape(word)} (?P<how>[a-z]{{4,}})\b", evidence.sentence.text, re.I)
    return theirs is not None and mine is not None and concept(mine["how"].lower()) == concept(theirs["how"].lower())
