"""Rules about what a sentence adds: words of a statement that no cited source bears.

A statement is about the offer, the product or the sender. What only speaks to the reader (commands, questions, "your
Saturdays are yours") may use words of its own, except those that are a property by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, claims, has
from plugins.generation.grounding.figures.relative_rules import in_a_fitting_time
from plugins.generation.grounding.figures.tallies import counts_a_list_at
from plugins.generation.grounding.reading.feasts import feasts
from plugins.generation.grounding.reading.lexicon import (
    SCENES,
    STOP,
    STRONG,
    concept,
    is_claim,
    is_deed,
    is_empty,
    says_nothing_new,
    stem,
)
from plugins.generation.grounding.reading.places import says_how
from plugins.generation.grounding.wording.added_deeds import (
    adds_a_deed,
    comes_to_the_reader,
    lends_its_own,
    spared_a_harm,
    works_on_the_body,
)
from plugins.generation.grounding.wording.added_parts import adds_a_part
from plugins.generation.grounding.wording.boundless import (
    gives_another,
    gives_so_much,
    knows_no_bounds,
    puts_first,
    takes_the_old_away,
)
from plugins.generation.grounding.wording.seeming_news import seems_new
from plugins.generation.grounding.wording.wider_words import as_strong, idioms, stands_for
from plugins.generation.grounding.wording.wording_rules import DENIED

_PART = re.compile(r"[,;:()!?]|\.\s|\s-\s|\b(?:and|but|while|plus|so|which|because)\b", re.I)
_TO_READER = r"^(?!\W*(?:(?:and|also|even|then) )*(?:gives|gets|brings|earns|wins|sends|offers|hands|grants) you\b|\W*you (?:also |even |then )?(?:get|receive)\b)\W*(?:[\w'-]+ ){0,3}?(?:you|yourself|you're|you'll|you've|let's|i|i'm)\b|^\W*(?:(?!\w+[a-rt-z]s )[\w'-]+ )?(?:your|yours|us|me|my)\b|\bwe (?:\w+ )?\w+ (?:you|your)\b|\b(?:you|we) (?:can|may|will|could|might|have|like|want|need|love)\b|\bwe (?:can |do |all )?(?:think|like|love|know|hope|wish|believe|miss|missed)\b|\bfrom you\b|\b(?:those|some|all|any) of (?:us|you)\b|^\W*(?:should|if|when|whenever)\b"  # noqa: E501
_IMPERATIVE = r"^\W*(?:so,? |then,? |or |just |and |please |simply |do |to |why not |go on,? |remember to |do not |never )*(?:(?!\w*[a-rt-z]s\b)\w+ (?:it |them )?(?:down|up|out|off|away|into|back|in|open|shut|apart|aside|together)|allow|lock|train|dine|linger|insure|park|rent|hire|exchange|return|cancel|extend|unlock|spread|shop|book|order|visit|tap|click|see|discover|explore|find|start|join|get|grab|claim|try|enjoy|come(?! with (?!us|me|your|friends|a friend))|take|reserve|treat|say|meet|pick|choose|browse|learn|read|plan|pack|pair|combine|stock|sign|add|check|open|use|save|redeem|enter|download|call|upgrade|switch|compare|bring|bake|cook|sleep|unroll|wrap|ride|pop|put|keep|make|give|send|show|wake|wear|pay|pick|mark|mind|note|look|reply|text|buy|renew|refer|register|apply|study|watch|stream|stay|spend|earn|collect|fall|feel|skip|pause|test|work|step|head|drop|leave|celebrate|prepare|reapply|forget|remember|ask|tell|share|invite|dive|sit|sip|taste|swap|turn|trade|cut|build|grow|play|travel|fly|drive|walk|run|swim|sing|listen|lift|catch|hit|hop|slip|settle|soak|relax|complete|finish|follow|select|mind|be)\b"  # noqa: E501


def support_problems(evidence: Evidence, known: str) -> Iterator[str]:
    """Yield ``feature_not_in_source`` or ``low_support`` for words with nothing behind them in the cited sources.

    ``known`` is lower-case text whose names need no source: the cited sources and the sender.
    """
    sentence = evidence.sentence
    new = _new_words(evidence)
    if sentence.cited and knows_no_bounds(evidence):
        yield "stronger_than_source"
        return
    if any(
        is_claim(word)
        and not has(r"\byour $", sentence.text[: span[0]])
        and not ((word in SCENES or has(_LESS_OF_IT, sentence.text[: span[0]])) and _sets_scene(evidence, span))
        and not _is_example(evidence, span)
        and not _is_item(evidence, span)
        and not _calls(evidence.sentence.text, word, span)
        for word, span in new
    ):
        yield "feature_not_in_source"
        return
    if sentence.cited and (
        adds_a_deed(evidence, new)
        or spared_a_harm(evidence)
        or comes_to_the_reader(evidence)
        or lends_its_own(evidence, new)
        or works_on_the_body(evidence, new)
        or adds_a_part(evidence, new)
        or takes_the_old_away(evidence)
        or gives_another(evidence)
        or gives_so_much(evidence)
        or puts_first(evidence)
    ):
        yield "feature_not_in_source"
        return
    words = claims(sentence)
    colon = sentence.text.find(":")
    told = colon if colon > 0 and _opens_only(evidence, 0, colon) else 0
    advice = _ADVICE.search(sentence.text)
    novel = [
        word
        for word, span in new
        if span[0] >= told
        and not (advice and span[0] >= advice.end())
        and not is_empty(word)
        and not says_nothing_new(word)
    ]
    many = len(novel) >= 3 and len(novel) > 0.5 * len(words)
    if many and not sentence.cited:
        yield "low_support"
    if not sentence.cited or sentence.raw.endswith("?"):
        return
    added = [
        (word, span)
        for start, end in _parts(sentence.text)
        if not _frames(evidence, start, end)
        for word, span in new
        if start <= span[0] < end
        and not says_nothing_new(word)
        and not has(r"\b(?:in|into|to|for|from|on|at|of|over|with) your $", sentence.text[: span[0]])
        and not (word in SCENES and has(r"\byour $", sentence.text[: span[0]]))
        and not has(_WHEN_YOU, sentence.text[start : span[0]])
        and not re.search(rf"\b{re.escape(word)}\b", known)
        and not says_how(sentence.text, word, span, start, evidence.stems)
    ]
    listed = [word for word, _ in new if word.endswith("ing") and not says_nothing_new(word)]
    long = len(set(sentence.text.lower().split())) > _LONG
    if (
        len(added) > (1 if long and not many else 0)
        or any(has(_COMES_WITH, sentence.text[: span[0]]) for _, span in added)
        or _told_before_colon(evidence, new)
        or any(is_deed(word) and _does_besides(sentence.text, word, span) for word, span in new)
        or _lists_more(evidence, [word for word, _ in added] + listed)
    ):
        yield "low_support"


def _new_words(evidence: Evidence) -> list[tuple[str, tuple[int, int]]]:
    """Return the words of the sentence that no cited source has, not in other words either, and where they stand."""
    sentence, behind = evidence.sentence, evidence.low
    set_phrases = idioms(sentence.text) + feasts(sentence.text)
    return [
        (word, span)
        for word, span in zip(sentence.words, sentence.spans, strict=True)
        if not _idle(word, sentence.text, behind)
        and concept(word) not in evidence.stems
        and not _contained(word, behind)
        and not stands_for(word, behind, evidence.case.low)
        and not as_strong(word, behind)
        and not any(start <= span[0] < end for start, end in set_phrases)
        and not (word in STRONG and has(rf"{DENIED}{re.escape(word)}\b", sentence.text))
        and not _of_a_figure(evidence, word, span)
        and not seems_new(evidence, word, span)
        and not in_a_fitting_time(span[0], evidence)
        and not counts_a_list_at(span[0], evidence)
        and not has(_BOUGHT_WITH_IT, sentence.text[: span[0]])
        and not has(_READERS_OWN, sentence.text[span[1] :])
    ]


NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_ADVICE = re.compile(r"[,;] so (?=(?:\w+ ){1,2}(?:it|them|one|yours|the|your|that)\b)", re.I)
"""Behind it stands what the reader is told to do: ``You need the receipt, so tuck it somewhere safe``."""
_BOUGHT_WITH_IT = (
    r"(?:[$\u00a3\u20ac]\d[\d.,]*|\b(?:pounds?|euros?|dollars?|quid|bucks|pence|cents|tenner|fiver|enough|change|left|more|it|that))"
    r" (?:to put |to spend |to go )?(?:towards?|left for|over for) (?:(?:an?|the|your|some|that|another|more) )?(?:[\w'-]+ ){0,2}$"  # noqa: E501
)
"""What stands before a thing that the reader may buy with the money kept: ``twenty euros towards ice cream``."""
_READERS_OWN = r"^ (?:[a-z]+ )?(?:that )?you(?:'ve| have)? (?:own|owned|already|grew|left|know|inherited)\b"
"""What stands behind a thing of the reader's: ``every towel you own``."""
_OF_ANY_FIGURE = frozenset(("average", "alone", "separate", "minimum", "together"))
_MONEY_WORDS = frozenset(
    """figure sum amount payment total tab outlay balance difference bill expense tuition fare""".split()  # noqa: SIM905
)
_LESS = frozenset(
    ("reduced", "reduction", "discount", "discounted", "cheaper", "less", "save", "saving", "savings", "cut")
)
_EMPHASIS = frozenset(
    """full whole entire mere good cool whopping solid generous modest tidy neat grand measly paltry flat""".split()  # noqa: SIM905
)
_DIMENSIONS = frozenset(("long", "high", "deep", "wide", "tall", "thick", "across", "old", "heavy", "full"))
_ON_TOP = r"(?:\b(?:is|are|comes?|cost|costs) |[$\u00a3\u20ac]\d[\d.,]* )$"
_NOT_GIVEN = r"\bnot included?\b|\bexclud|\bsurcharge|\bsupplement|\bextra\b|\bseparately\b|\badditional\b"


def _of_a_figure(evidence: Evidence, word: str, span: tuple[int, int]) -> bool:
    """Return whether a word only says something of a figure: ``40 minutes long``, ``a mere £2``."""
    text, figures = evidence.sentence.text, evidence.sentence.figures
    before, after = text[: span[0]], text[span[1] :]
    if word in _EMPHASIS and has(r"\ban? $", before):
        return has(_UNIT_NEXT, after) or any(f.start - 1 <= span[1] <= f.start for f in figures)
    if word in _DIMENSIONS | _COMPARED and any(f.unit and f.end <= span[0] <= f.end + 1 for f in figures):
        return True
    if (word == "earlier" and has(r"\bor $", before)) or (word in _COMPARED and has(r"^ if\b", after)):
        return True
    if word == "half":
        return has(_UNIT_NEXT, after) or has(r"\b50 ?%", evidence.low)
    if word == "glass":
        return any(f.kind == "volume" and f.end <= span[0] <= f.end + 1 for f in figures)
    if _is_measured(evidence, before):
        return True
    if word == "later" or has(_BEGINS, word):
        return has(_COUNTED_THINGS, before) or (has(_THEN, after) and has(_SPAN, evidence.low))
    if _of_an_age(evidence, word, after):
        return True
    if word == "room" or (word in _COMPARED and has(_THAN_FIGURE, before + "|" + after)):
        return word != "room" or has(r"^ for\b", after)
    return (word in _OF_ANY_FIGURE and bool(figures)) or _of_a_price(evidence, word, before, after)


_BEGINS = r"^(?:starts?|begins?|ends?|finish(?:es)?|closes?)$"
_THEN = r"^ (?:at |on |from )?(?:\d|noon|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
"""What stands behind a verb that only gives the ends of a span of the source: ``starts at 9`` for "from 9 to 5"."""
_SPAN = r"\b(?:from|between|to|until)\b"


def _of_an_age(evidence: Evidence, word: str, after: str) -> bool:
    """Return whether a word only names those of an age, or the price that is not reduced: ``tinkerers aged 8 and up``."""  # noqa: E501
    if word.endswith("s") and word not in _SEXES and has(_OF_AN_AGE, after):
        return True
    if word in ("children", "kids") and has(_FROM_AN_AGE, after):
        return has(_AN_AGE, evidence.low)
    return word in _USUAL and has(_A_TICKET, after) and has(r"\breduced\b|\bconcession", evidence.low)


_USUAL = frozenset(("standard", "regular", "normal", "ordinary"))


def _of_a_price(evidence: Evidence, word: str, before: str, after: str) -> bool:
    """Return whether a word only says a price, a reduction or what is bought anew, as the source does."""
    behind, figures = evidence.low, evidence.sentence.figures
    if (word in ("fee", "charge", "price") and _comes_to_it(evidence, after)) or (
        word == "worth" and has(r"^ [$\u00a3\u20ac]\d", after)
    ):
        return True
    if word == "full" and (has(r"\b(?:is|are|it's|they're) $", before) or has(_OF_THE_PRICE, after)):
        return has(r"\b100 ?%", behind)
    if word == "extra" and has(r"\b(?:free|charged?|paying|pay|costs?) $", before):
        return has(r"\bfree\b|\bunlimited\b|\binclud|\bno\b|\bwithout\b|" + _NOT_GIVEN, behind)
    if word == "extra" and has(r"^ [$\u00a3\u20ac]?\d", after):
        return has(_NOT_GIVEN, behind) or _reckoned(evidence, len(evidence.sentence.text) - len(after))
    if word == "extra" and has(_ON_TOP, before):
        return has(_NOT_GIVEN, behind)
    if word in ("fresh", "spare", "new") and has(_ONE_MORE if word == "fresh" else r"^ ones?\b", after):
        return has(_ANEW, behind)
    if word in _LESS:
        return bool(figures) and has(r"(?:%|\d) off\b|\breduc|\bcheaper|\bless\b|\blower", behind)
    return word in _MONEY_WORDS and (
        has(_PAID, behind) or any(f.kind in _PRICES for p in evidence.passages for f in p.figures)
    )


def _comes_to_it(evidence: Evidence, after: str) -> bool:
    """Return whether a word only names the price of a thing that the source states: ``and the fee is $35``."""
    prices = [f for f in evidence.sentence.figures if f.kind == "money"]
    at = len(evidence.sentence.text) - len(after)
    said = has(r"^ (?:is|are|comes to|of|stays|remains)\b", after) and any(0 < f.start - at < _NEAR for f in prices)
    return said and any(f.kind == "money" for p in evidence.passages for f in p.figures)


def _reckoned(evidence: Evidence, at: int) -> bool:
    """Return whether the figure at a place is a difference of figures of the sources: ``an extra 90 GB``."""
    mine = [f for f in evidence.sentence.figures if at <= f.start <= at + 2]
    told = [f for p in evidence.passages for f in p.figures]
    return any(
        one.kind == other.kind == f.kind and abs(one.value - other.value - f.value) < _CLOSE * f.value
        for f in mine
        for one in told
        for other in told
    )


_NEAR = 15
_OF_THE_PRICE = r"^ (?:price|fare|fee|cost|amount|sum|rate)\b"


def _is_measured(evidence: Evidence, before: str) -> bool:
    """Return whether a word names what a measure of the source is of: ``30 litres of kit``, ``5 GB of Roamly data``.

    Not where the source itself says of what it is, and not of times (``an hour of live jazz``).
    """
    for mine in evidence.sentence.figures:
        if mine.kind in _MEASURED_THINGS and has(r"^ of (?:[\w-]+ )?$", before[mine.end :]) and mine.end < len(before):
            same = [
                (other, p)
                for p in evidence.passages
                for other in p.figures
                if other.kind == mine.kind and abs(other.value - mine.value) <= _CLOSE * mine.value
            ]
            return bool(same) and not any(has(r"^ of [a-z]", p.text[other.end :]) for other, p in same)
    return False


_MEASURED_THINGS = frozenset(("volume", "mass", "data"))
_CLOSE = 0.02
_PAID = r"\b(?:charg|cost|pric|fees?\b)"
_COUNTED_THINGS = rf"(?:\d|\b(?:{NUMBERS})) (?:[\w-]+ ){{1,3}}$"
"""What stands before "later" where a list is told as a story: ``Three breweries later, ...``."""
_OF_AN_AGE = rf"^ (?:of|aged|from|over) (?:\d|(?:{NUMBERS})\b)[^,.;:]{{0,12}}(?:(?:and|or) (?:up|over|older|above|upwards)|to (?:\d|{NUMBERS}))\b"  # noqa: E501
"""What stands behind whom the copy playfully calls so: ``for tinkerers aged 8 and up``."""
_FROM_AN_AGE = r"^ (?:from|over|above|aged|of) (?:\d|three|four|five|six|seven|eight|nine|ten)"
_AN_AGE = r"\b(?:from|over|above|aged?|minimum age:?) (?:\d|three|four|five|six|seven|eight|nine|ten)[^.;]{0,8} ?(?:years|to|\+|and|or|up|$)|\d\+"  # noqa: E501
"""An age from which a thing is suitable, which makes those of that age children."""
_A_TICKET = r"^ (?:adult )?(?:tickets?|admission|price|entry|rate|fare|entrance)\b"
_SEXES = frozenset(("boys", "girls", "men", "women", "members", "students", "males", "females"))
_ONE_MORE = r"^ (?:one|ones|set|pair|supply|batch|\w+s)\b"
_ANEW = r"\breplac|\brefill|\b(?:every|each) (?:\d+ |\w+ )?(?:day|week|month|year)s?\b"
_COMPARED = frozenset(
    """younger older taller shorter larger bigger smaller longer heavier lighter earlier later higher lower
    dearer pricier cheaper costlier wider deeper thicker thinner narrower""".split()  # noqa: SIM905
)
_THAN_FIGURE = (
    rf"\| than (?:the )?(?:[$\u00a3\u20ac]?\d|(?:{NUMBERS})\b)|(?:\d|\b(?:{NUMBERS})\b)[\w ]{{0,12}} (?:or|and) \|"
)
"""What stands around a comparison with a figure: ``younger than five``, ``18 and older``."""
_PRICES = ("money", "percent")
_UNIT_NEXT = (
    r"^[ -](?:an? )?(?:hours?|minutes?|seconds?|days?|weeks?|months?|years?|inch(?:es)?|foot|feet|ounces?|pounds?|"
    r"kilos?|(?:kilo|centi|milli)?met(?:re|er)s?|(?:kilo)?grams?|lit(?:re|er)s?|pints?|miles?|degrees?)\b"
)


def _is_example(evidence: Evidence, span: tuple[int, int]) -> bool:
    """Return whether a word opens as one of several kinds that the source sums up: ``Gas, induction: any hob``."""
    opening, colon, statement = evidence.sentence.text.partition(":")
    if not colon or span[0] > len(opening) or not has(r"\b(?:any|all|every|whatever|whichever)\b", statement):
        return False
    kinds = [concept(word) for word in re.findall(r"[a-z]+", opening.lower()) if word not in STOP]
    return has(r"\b(?:including|such as|like|e\.g\.)", evidence.low) and any(kind in evidence.stems for kind in kinds)


def _calls(text: str, word: str, span: tuple[int, int]) -> bool:
    """Return whether a word is of whom a sentence calls, or the verb "returns": "Dairy-free shoppers, take note"."""
    called = text.partition(",")[0]
    if span[1] < len(called) and len(called.split()) <= _ITEM and re.search(r"[a-z]{3,}(?<!s)s$", called):
        return has(r"^, (?:take note|listen|look|this|you|your|we|here|good news|rejoice|meet)\b", text[len(called) :])
    return word == "returns" and has(r"^ (?:this|on|for|to|in|with|next|from|\d)\b", text[span[1] :])


def _is_item(evidence: Evidence, span: tuple[int, int]) -> bool:
    """Return whether a word names one of the goods that the source sums up: "full-price trainers", ``full-price items``."""  # noqa: E501
    kind = re.search(r"\b(?P<kind>[a-z][\w-]+) $", evidence.sentence.text[: span[0]], re.I)
    return kind is not None and has(
        rf"\b{re.escape(kind['kind'])} (?:items?|products?|goods|lines|styles|pieces|merchandise|stock|purchases)\b",
        evidence.low,
    )


_LIST = re.compile(
    r"\b(?:has|have|with|includes?|including|comes? with|features?|offers?|gets?|gives? you|contains?|made (?:of|with|from)) "  # noqa: E501
    r"(?P<items>[^.;:!?]+)",
    re.I,
)


def _lists_more(evidence: Evidence, added: list[str]) -> bool:
    """Return whether a thing is listed among those of the source that the source does not have: ``a warm lining``."""
    for found in _LIST.finditer(evidence.sentence.text):
        items = [item.strip() for item in re.split(r",|\band\b", found["items"])]
        listed = [item for item in items if item and len(item.split()) <= _ITEM]
        if len(listed) < 2:
            continue
        known = [
            any(concept(w) in evidence.stems for w in re.findall(r"[a-z]+", item.lower()) if w not in STOP)
            for item in listed
        ]
        own = [bool(re.search(rf"\b{re.escape(word)}$", item.lower())) for item in listed for word in added]
        if any(known) and any(own):
            return True
    return False


_ITEM = 5


def _sets_scene(evidence: Evidence, span: tuple[int, int]) -> bool:
    """Return whether a word stands before the colon, or is the verb of a command."""
    text = evidence.sentence.text
    behind = text[span[1] :].partition(":")[2]
    command = (not text[: span[0]].strip() and _is_command(text)) or _is_told_to(text, span)
    aside = has(_AT_TIMES, text[: span[0]]) and not has(
        r"\b(?:is|are|comes?|starts?|ends?|has|have)\b", text[span[1] :]
    )
    return (
        command
        or aside
        or (has(_LESS_OF_IT, text[: span[0]]) and ":" in text[span[1] :])
        or (len(behind.split()) >= _REST and not any(f.start < span[0] for f in evidence.sentence.figures))
    )


def _does_besides(text: str, word: str, span: tuple[int, int]) -> bool:
    """Return whether a verb adds to what the thing does for the reader: ``... and wakes you with bells``."""
    return word.endswith("s") and has(r"\band (?:also |even )?$", text[: span[0]]) and has(r"^ you\b", text[span[1] :])


def _is_told_to(text: str, span: tuple[int, int]) -> bool:
    """Return whether a word is one of several commands, and no right of the reader's: ``Ride it, return it to us``."""
    return (
        has(r"[,;.!:] (?:and |then |or )?$|\b(?:and|then) $", text[: span[0]])
        and has(r"^ (?:it|them|to (?:us|the|your|our)|for an?|with|by (?:\d|noon|midday|midnight))\b", text[span[1] :])
        and not has(
            r"\b(?:if|within|unless|whenever|anytime|until|up to|days?|money|free|refund\w*)\b", text[span[1] :]
        )
    )


_LESS_OF_IT = r"^\W*(?:less|fewer|no more) $"
"""What opens a headline on what the reader is spared: ``Less plastic at the basin: ...``."""
_WHEN_YOU = r"\b(?:when|whenever|if|while|until|once|as soon as) (?:you|we|life|things)\b[^,;:]*$"
"""What opens a side clause of the reader's within a part: ``in the box for when you get stuck``."""
_AT_TIMES = r"\b(?:when|whenever|while|if|after|before|until|once) (?:the|your|our|a|an) (?:\w+ )?$"
"""What stands before a thing that only sets the hour: ``mute it when the dog barks``."""
_COMES_WITH = (
    r"\b(?:comes? (?:complete )?with|includes?|plus|together with) (?:an?|two|three|four|five|six) (?:[\w-]+ )?$"
)
"""What stands before a thing that is given, in a sentence of whatever length."""
_REST = 3
_LONG = 20
"""Different words; one new word in so long a sentence is more often a turn of phrase than a property."""
_CALLED = re.compile(r"\W*(?:[a-z]+ ){0,2}[a-z]+(?<!s)s\W*$", re.I)
"""Whom a sentence calls: ``Cheese lovers, ...``."""
_FOLLOWS = r"(?:(?:^|[,;(]|\band|\s-)\s*so|\bbecause)\s*$"
"""What stands before a part that only says what follows, or why: ``so lunch is sorted``."""
_SUMS_UP = r"^\W*(?:that(?:'s| is| makes| means| leaves)|enough said|as \w+ as)\b"
_OUTCOME = (
    r"^\W*(?:leaves?|means?|makes?|gives?|is) (?:(?:you|more|us|our|why|how|where|all|great|good|music|enough|room|"
    r"change)\b|[$\u00a3\u20ac]\d)"
)
_PLAYFUL = r"^\W*(?:and )?one (?:very|rather|thoroughly|suddenly|slightly|much|extremely|exceedingly|remarkably) "
"""What a list ends on for fun: ``one very patient neighbour``."""
_JUST = r"^\W*(?:just|only|simply) (?:[\w'-]+ ?){1,5}\W*$"
_PRELUDE = re.compile(
    r"^\W*(?!(?:it|they|he|she|this|these|that|those|we|our|its|their|the|each|every|all|both|most|many|some|several|few|only|nearly|almost|with|has|have|a|an)\b)[a-z]",
    re.I,
)
_TURNS_TO_READER = r"^\W*(?:so|but|yet|and (?=(?:as|if|when|with|your?|we)\b))"
_SUBORDINATE = (
    r"^\W*(?:if|when|whenever|once|whether|as|because|until|while|since|whatever|whoever|whichever|wherever|however|no matter|regardless|so|even|unless|where|"  # noqa: E501
    r"after|before|in case)\b"
)


def _frames(evidence: Evidence, start: int, end: int) -> bool:
    """Return whether a part only frames the statement: said to the reader, before the colon, or in a side clause."""
    part, behind = evidence.sentence.text[start:end], evidence.sentence.text[end:]
    return (
        has(_FOLLOWS, evidence.sentence.text[:start])
        or has(r"\b(?:come|go|pop|drop|stop) (?:in |over |along |by )?and\W*$", evidence.sentence.text[:start])
        or has(_SUMS_UP, part)
        or (has(r"\bwhich $", evidence.sentence.text[:start] + " ") and has(_OUTCOME, part))
        or has(_TO_READER, part)
        or has(_IMPERATIVE, part)
        or (start == 0 and _is_command(part))
        or (start == 0 and behind.startswith(",") and _CALLED.match(part) is not None)
        or has(_SUBORDINATE, part)
        or _prelude(evidence, start, end)
        or has(_PLAYFUL, part)
        or (has(_JUST, part) and has(r"(?:^|[.;:] ?)\W*(?:no|not|without)\b[^.;:]*,$", evidence.sentence.text[:start]))
        or has(_NOT_THAT, part)
        or (
            end <= evidence.sentence.text.find(",", evidence.sentence.text.find(" or "))
            and has(_WHICHEVER, evidence.sentence.text)
        )
        or len(behind.partition(":")[2].split()) >= _REST
        or _opens_only(evidence, start, end)
    )


_NOT_THAT = (
    r"^\W*not (?:an?|the|your|some|just|in|on|at) (?!single|drop|trace|hint|crumb|bit|gram|penny|word|speck|scrap)"
)
"""What ends a statement on what the thing is not: ``dives in the sea, not a swimming bath``."""
_WHICHEVER = r"^\W*(?:[\w'-]+, )*(?:[a-z'-]+ ){1,2}or (?:[a-z'-]+ )?[a-z'-]+,"
"""Cases between which nothing changes: ``Rain, wind or sun, lessons take place``."""
_ONLY_NAMES = (
    r"^\W*(?:that(?:'s| is)|it(?:'s| is)|this is|our|the|meet|say hello to|here(?:'s| is)|such is|introducing|welcome to)\b"  # noqa: E501
    r"[^.,;:\d$\u00a3\u20ac]*\W*$"
)
"""What behind a colon only names the thing: ``Hand-picked in Assam: our tea``."""


def _told_before_colon(evidence: Evidence, new: list[tuple[str, tuple[int, int]]]) -> bool:
    """Return whether a property is told before a colon that only names the thing: ``SPF 50 and reef-safe: our cream``."""  # noqa: E501
    text = evidence.sentence.text
    opening, _, behind = text.partition(":")
    if len(behind.split()) > _NAMING or not has(_ONLY_NAMES, behind):
        return False
    return any(
        end <= len(opening) and ("-" in text[start:end] or has(r"^ \d", text[end:])) and not says_nothing_new(word)
        for word, (start, end) in new
    )


_NAMING = 7


def _prelude(evidence: Evidence, start: int, end: int) -> bool:
    """Return whether a part is a truth of life before what is said to the reader: ``Plans change, so you can ...``."""
    sentence = evidence.sentence
    opens = not sentence.text[:start].strip(" (\"'") and sentence.text[end : end + 1] == ","
    if not opens or not _PRELUDE.match(sentence.text):
        return False
    if not has(_TURNS_TO_READER, sentence.text[end + 1 :]) or any(f.start < end for f in sentence.figures):
        return False
    return not any(
        is_claim(word) or root in evidence.stems
        for word, root, (at, _) in zip(sentence.words, sentence.stems, sentence.spans, strict=True)
        if at < end and not is_empty(word)
    )


_COMMAND = re.compile(
    r"^\W*[a-z]+(?<!s)(?<!ing)(?<!ed) (?:an?|the|your|our|this|these|any|all|some|it|them|us|through|into|around|across|for|with|to|from|\d+) ",  # noqa: E501
    re.IGNORECASE,
)
"""A part that opens with a bare verb and its object: ``Request a quote``."""
_STATED = re.compile(
    r"^\W*[a-z]+ (?:to|for|from|with|across|through|into) "
    r"(?:(?!who|that|which|what|how|where|if|when|you|we|it)[\w'&-]+ ){1,6}?"
    r"(?:is|are|was|costs?|comes?|takes?|lasts?|starts?|includes?|has|have|opens?|runs?|begins?)\b",
    re.I,
)
"""A statement that opens with a noun and a preposition: ``Admission to the maze is £5``."""


def _is_command(text: str) -> bool:
    """Return whether ``text`` opens with a command."""
    return _COMMAND.match(text) is not None and _STATED.match(text) is None


_FRAME = r"^\W*(?:and |but |so )?(?:from|in|on|for|to|at|by|as|of|after|with|amid|amidst|among|despite|between|beyond|beside|here|the|a|an|something|also|we|other|no|some)\b"  # noqa: E501


def _idle(word: str, text: str, behind: str) -> bool:
    """``free`` has a rule of its own; ``longer`` says nothing in ``no longer``, nor ``include`` where the source gives."""  # noqa: E501
    if word.startswith("includ"):
        return has(r"\b(?:comes?|with|gets?|gives?|free|offers?|has|have)\b", behind)
    if word.removesuffix("s") in ("fee", "charge", "cost") and has(r"\bfree (?:[\w-]+ )?(?:fee|charge|cost)s?\b", text):
        return has(r"\bfree\b|\bno\b", behind)
    return word == "free" or (word in _COMPARED | {"longer"} and has(rf"\bno {word} than\b|\bno longer\b", text))


def _opens_only(evidence: Evidence, start: int, end: int) -> bool:
    """Return whether a part is an opening such as ``On the practical side:``: nothing of the source, no figure."""
    sentence = evidence.sentence
    mark = sentence.text[end : end + 1]
    comma = sentence.text.find(",")
    if end <= comma and has(_FRAME, sentence.text[:comma]):
        start, end, mark = 0, comma, ","
    if sentence.text[:start].strip(" (\"'") or not (
        mark == ":" or sentence.text[end:].startswith(" - ") or (mark == "," and has(_FRAME, sentence.text[:end]))
    ):
        return False
    if any(f.start < end and not (f.kind == "count" and f.spelled) for f in sentence.figures) or any(
        day.start < end for day in sentence.days
    ):
        return False
    inside = [
        (word, stem)
        for word, stem, (at, _) in zip(sentence.words, sentence.stems, sentence.spans, strict=True)
        if at < end
    ]
    return not any(is_claim(word) or (stem in evidence.stems and not is_empty(word)) for word, stem in inside)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _PART.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _contained(word: str, text: str) -> bool:
    root = stem(word)
    actor = root.removesuffix("er").removesuffix("or")
    if len(root) == _SHORT_ROOT and re.search(rf"\b{re.escape(root)}{root[-1]}(?:able|ed|ing)\b", text):
        return True
    if len(root) >= 3 and re.search(rf"\b{re.escape(root)}(?:er|or)s?\b", text):
        return True
    return (len(actor) >= 4 and actor != root and actor in text) or (
        len(root) >= 4 and (root[:6] if len(root) > 6 else root) in text
    )


_SHORT_ROOT = 3
"""Letters of a root that doubles its last one: ``dimming`` of "dimmable"."""
