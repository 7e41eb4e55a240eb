"""Rules about who does what to whom: the sides of a comparison, of a journey, of a gift and of a payment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from plugins.generation.grounding.conditions.other_words import BODIES
from plugins.generation.grounding.evidence import Evidence
from plugins.generation.grounding.figures.contrasts import told_of_the_other_case
from plugins.generation.grounding.figures.exchanges import (
    features_exchanged,
    parties_exchanged,
    rows_exchanged,
    sides_exchanged,
)
from plugins.generation.grounding.figures.holders import told_of_a_rival
from plugins.generation.grounding.figures.shares import part_as_whole
from plugins.generation.grounding.reading.lexicon import CALENDAR, STOP, concept, is_empty, stem
from plugins.generation.grounding.reading.passages import Passage

_WAY = re.compile(r"\bfrom \W?([\w.]+)(?: \w{3})? to \W?([\w.]+)", re.I)
_CLAUSE = re.compile(r"[,;:.!?]|\b(?:and|but|while|whereas|when|if|since|because|so|as soon as|then|in return)\b", re.I)
_FOR_EACH = re.compile(r"\W*(?:every|each) [$\u00a3\u20ac\d]", re.I)
"""What opens a clause whose doer is no person: ``Every £2 you spend earns``."""
_VERB_GROUPS = """
get gets got receive receives received earn earns earned collect collects
give gives gave donate donates donated pass passes passed send sends sent hand hands contribute contributes
pay pays paid owe owes
buy buys bought acquire acquires acquired purchase purchases purchased own owns owned
sell sells sold
lend lends lent
sponsor sponsors sponsored
support supports supported
beat beats replace replaces replaced
invite invites invited refer refers referred
teach teaches taught train trains trained
match matches matched double doubles doubled
supply supplies supplied
post posts posted email emails emailed mail mails mailed
design designs designed
found founds founded
charge charges charged
refund refunds refunded reimburse reimburses
"""
_VERBS = {stem(verb): at for at, line in enumerate(_VERB_GROUPS.strip().splitlines()) for verb in line.split()}
_OTHERS = frozenset(
    map(
        concept,
        ("friend", "colleague", "neighbour", "recipient", "school", "charity"),
    )
)
"""Who is never the reader."""
_PERSONS = frozenset(("you", "we", "they"))


@dataclass(frozen=True)
class _Deed:
    """One clause: the group of its verb, and the concepts on either side of it, the doer first."""

    verb: int
    doer: frozenset[str]
    rest: frozenset[str]


def role_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``roles_swapped`` when who and whom, from and to, or the sides of ``than`` have changed places."""
    tests = (
        _other_way,
        _compared_otherwise,
        _ranked_otherwise,
        _done_otherwise,
        _exchanged,
        _credited_otherwise,
        _named_otherwise,
        _of_another_tier,
        _passive_turned,
    )
    tests += (_turned_around, parties_exchanged, features_exchanged)
    if any(test(evidence) for test in tests):
        yield "roles_swapped"
    owners = (told_of_a_rival, told_of_the_other_case, part_as_whole, rows_exchanged, sides_exchanged)
    if any(test(evidence) for test in owners):
        yield "number_of_other_product"


def _other_way(evidence: Evidence) -> bool:
    ways = {(m[1], m[2]) for m in _WAY.finditer(evidence.low)}
    mine = ((m[1], m[2]) for m in _WAY.finditer(evidence.sentence.text.lower()))
    return any((to, start) in ways and (start, to) not in ways for start, to in mine)


_THAN_A_THING = (
    r"\bthan\b(?! (?:[$\u00a3\u20ac]?\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b))"
)
"""A comparison of two things; "more than six" is a bound, and what stands beside it changes no places."""


def _compared_otherwise(evidence: Evidence) -> bool:
    for pattern in (_THAN_A_THING, r"\binstead of\b", r"\bversus\b"):
        mine = _sides(evidence.sentence, pattern)
        others = [theirs for passage in evidence.aligned if (theirs := _sides(passage, pattern))]
        if _same_figures_compared(evidence):
            continue
        if mine is None or any(mine[0] <= theirs[0] and mine[1] <= theirs[1] for theirs in others):
            continue
        if any(_crossed(mine, theirs) for theirs in others) and not turned_comparison(evidence):
            return True
    return _kept_sides(evidence)


_FIGURES_COMPARED = re.compile(
    r"[$\u00a3\u20ac](?P<now>\d[\d.,]*\d|\d)(?: [a-z]+){0,3} (?:instead of|rather than|versus|down from) "
    r"[$\u00a3\u20ac](?P<then>\d[\d.,]*\d|\d)",
    re.I,
)
"""Two prices side by side, which tell by themselves which is which: ``€22 instead of €29``."""


def _same_figures_compared(evidence: Evidence) -> bool:
    """Return whether the sentence compares two prices in the order in which a source compares them."""
    mine = {m.groups() for m in _FIGURES_COMPARED.finditer(evidence.sentence.text)}
    return bool(mine) and mine <= {m.groups() for m in _FIGURES_COMPARED.finditer(evidence.text)}


_COMPARED = """
longer/shorter more/less more/fewer heavier/lighter louder/quieter noisier/quieter bigger/smaller larger/smaller
faster/slower quicker/slower cheaper/dearer cheaper/pricier older/younger older/newer higher/lower warmer/cooler
warmer/colder hotter/cooler
hotter/colder wider/narrower thicker/thinner brighter/dimmer brighter/darker lighter/darker earlier/later sooner/later
stronger/weaker stronger/milder better/worse softer/firmer softer/harder drier/wetter deeper/shallower taller/shorter
taller/smaller easier/harder steeper/gentler busier/quieter fresher/staler sweeter/sourer finer/coarser richer/lighter
"""
_OPPOSED = {frozenset(pair.split("/")) for pair in _COMPARED.split()}
_COMPARATIVE = re.compile(r"\b(?P<word>[a-z]{2,}er|more|less|worse)\b(?=[^,;.]* than\b)")


def turned_comparison(evidence: Evidence) -> bool:
    """Return whether a comparison is told from its other side: A longer than B, so B shorter than A."""
    return any(_turned(evidence.sentence, p) and _sides_cross(evidence.sentence, p) for p in evidence.aligned)


def _kept_sides(evidence: Evidence) -> bool:
    """Return whether the comparative was turned into its opposite and the sides were not."""
    return any(
        _turned(evidence.sentence, p) and (mine := _sides(evidence.sentence, r"\bthan\b")) is not None
        and (theirs := _sides(p, r"\bthan\b")) is not None and _crossed(mine, (theirs[1], theirs[0]))
        and not _crossed(mine, theirs)
        for p in evidence.aligned
    )  # fmt: skip


def _turned(one: Passage, two: Passage) -> bool:
    mine, theirs = _COMPARATIVE.search(one.text), _COMPARATIVE.search(two.text)
    return mine is not None and theirs is not None and frozenset((mine["word"], theirs["word"])) in _OPPOSED


def _sides_cross(one: Passage, two: Passage) -> bool:
    mine, theirs = _sides(one, r"\bthan\b"), _sides(two, r"\bthan\b")
    return mine is not None and theirs is not None and _crossed(mine, theirs)


_RANK = re.compile(
    r"\b(?P<who>[A-Z][\w-]*(?: \d+)?) (?:[a-z]+ )?(?:is|was|are|were|has|had|gives|offers) (?:the |an? )?"
    r"(?P<what>[a-z]{3,}er|(?:more|less) [a-z]+)\b"
)


def _ranked_otherwise(evidence: Evidence) -> bool:
    """Return whether what the source says of one of two things (``the D20 has more torque``) is said of the other."""
    theirs = {(m["what"], m["who"]) for p in evidence.passages for m in _RANK.finditer(p.text)}
    mine = {(m["what"], m["who"]) for m in _RANK.finditer(evidence.sentence.text)}
    return any(
        (what, who) not in theirs and any(w == what for w, _ in theirs) and any(n == who for _, n in theirs)
        for what, who in mine
    )


def _sides(passage: Passage, pattern: str) -> tuple[set[str], set[str]] | None:
    found = re.search(pattern, passage.text, re.I)
    if not found:
        return None
    words = [
        (concept(m[0].lower()), m.start())
        for m in re.finditer(r"(?-i:(?<=[a-z] )[A-Z]\b)|[A-Za-z][\w-]*|(?<=[a-z] )\d+\b", passage.text)
        if m[0].lower() not in STOP or m[0] == "A"
    ]
    return {s for s, at in words if at < found.start()}, {s for s, at in words if at > found.start()}


def _crossed(mine: tuple[set[str], set[str]], theirs: tuple[set[str], set[str]]) -> bool:
    left, right = theirs[0] - theirs[1], theirs[1] - theirs[0]
    return bool(mine[0] & right) and bool(mine[1] & left)


def _deeds(text: str) -> list[_Deed]:
    out: list[_Deed] = []
    for clause in _CLAUSE.split(text):
        if _FOR_EACH.match(clause):
            continue
        words = re.findall(r"[\w'$\u00a3\u20ac.&-]*\w", clause)
        at = next((i for i, w in enumerate(words) if i and stem(w.lower()) in _VERBS), None)
        if at is None:
            continue
        if _VERBS[stem(words[at].lower())] == 0 and {"each", "both"} & {w.lower() for w in words[:at]}:
            continue
        before, after = _things(words[:at]), _things(words[at + 1 :])
        if words[at - 1].lower() in _PERSONS and at > 1 and concept(words[at - 2].lower()) in _OTHERS:
            before, after = _things(words[at - 1 : at]), _things(words[: at - 1])
        if words[at].endswith(("ed", "ght", "en")) and "by" in words[at:]:
            by = words.index("by", at)
            before, after = _things(words[by + 1 :]), before | _things(words[at + 1 : by])
        elif _BEEN.match(words[at - 1]) and _PARTICIPLE.match(words[at]) and not before & (_OTHERS | _PERSONS):
            continue
        if before and after:
            verb = _VERBS[stem(words[at].lower())]
            out.append(_Deed(verb, before, after))
            given = after & (_OTHERS | _PERSONS)
            if verb == _VERBS["give"] and given:
                out.append(_Deed(_VERBS["get"], given, after - given))
    return out


_BEEN = re.compile(r"(?:is|are|was|were|be|been|being|gets?|got)$", re.I)
_PARTICIPLE = re.compile(r"\w*(?:ed|ght|en|aid|old|ent)$", re.I)
"""``Interest is paid monthly`` names no doer: what stands before the verb is what is paid."""


def _things(words: list[str]) -> frozenset[str]:
    low = (word.lower().removesuffix("'s") for word in words)
    return frozenset(concept(w) for w in low if w in _PERSONS or (w not in STOP and w not in ("will", "also")))


def _done_otherwise(evidence: Evidence) -> bool:
    """Return whether somebody of the source does what the source says somebody else does."""
    theirs = [deed for passage in evidence.passages for deed in _deeds(_pronouns_named(passage.text))]
    said = _deeds(_pronouns_named(evidence.sentence.text))
    return _given_otherwise(said, theirs) or any(_done_by_another(mine, theirs) for mine in said)


def _pronouns_named(text: str) -> str:
    """Return ``text`` with the one other person it names in place of "they": a friend who gets £10."""
    others = {w for w in re.findall(r"[a-z]+", text.lower()) if concept(w) in _OTHERS}
    return re.sub(r"\b(?:they|them)\b", others.pop(), text, flags=re.I) if len(others) == 1 else text


def _done_by_another(mine: _Deed, theirs: list[_Deed]) -> bool:
    same = [deed for deed in theirs if deed.verb == mine.verb]
    fits = max((len(mine.rest & deed.rest) for deed in same if mine.doer & deed.doer), default=0)
    for deed in same:
        if mine.doer & (deed.doer - deed.rest):
            continue
        if not fits and mine.doer & (deed.rest - deed.doer) and mine.rest & (deed.doer - deed.rest):
            return True
        shared = mine.rest & deed.rest - _PERSONS
        telling = len(shared) >= 2 or any(re.search(r"\d", word) for word in shared)
        known = any(mine.doer & (other.doer | other.rest) for other in theirs if other is not deed)
        known = known or (mine.doer == frozenset(("you",)) and bool(deed.doer & _OTHERS))
        if telling and known and len(shared) > fits and not mine.doer & deed.doer:
            return True
    return False


def _given_otherwise(mine: list[_Deed], theirs: list[_Deed]) -> bool:
    """Return whether two deeds have exchanged whom they are done to: the card goes to you, the receipt to the other."""
    for one, two in permutations(mine, 2):
        for first, second in permutations(theirs, 2):
            if (one.verb, two.verb) != (first.verb, second.verb):
                continue
            kept = one.rest & first.rest - two.rest and two.rest & second.rest - one.rest
            taken = (one.rest - first.rest) & second.rest - two.rest
            if kept and taken and (two.rest - second.rest) & first.rest - one.rest:
                return True
    return False


def _turned_around(evidence: Evidence) -> bool:
    """Return whether the very words of a source stand the other way round: ``leavers mentor professionals``."""
    mine = _in_order(evidence.sentence)
    for passage in evidence.aligned:
        theirs = _in_order(passage)
        if sorted(mine) != sorted(theirs):
            continue
        for at in range(1, len(mine) - 1):
            left, pivot, right = mine[at - 1], mine[at], mine[at + 1 : at + 1 + _OBJECT]
            there = theirs.index(pivot)
            before, behind = theirs[max(0, there - 1) : there], theirs[there + 1 : there + 1 + _OBJECT]
            if left in behind and set(before) & set(right) and left not in before:
                return True
    return False


_OBJECT = 3
"""Words behind a verb among which its object is."""


def _in_order(passage: Passage) -> list[str]:
    """Return the words of a sentence without what only joins or says when: whoever stands before a verb does it."""
    words = re.findall(r"[a-z][\w'-]+", passage.text.lower())
    if {"and", "or", "by"} & set(words) or re.search(r"[,;:]", passage.text):
        return []
    return [w for w in words if w not in STOP and not w.endswith("ly") and w not in CALENDAR]


def _exchanged(evidence: Evidence) -> bool:
    """Return whether two doers have exchanged what they do: the lender pays, the borrower sets the price."""
    mine, theirs = _pairs(evidence.sentence.text), _pairs(evidence.low)
    return any(
        one != two and first != second and (two, first) in mine and (one, second) in mine
        and (two, first) not in theirs and (one, second) not in theirs
        for (one, first), (two, second) in permutations(theirs, 2)
    )  # fmt: skip


def _pairs(text: str) -> set[tuple[str, str]]:
    """Return the words that follow an article, each with the word after it, unless that joins a list."""
    return set(re.findall(r"\b(?:the|an?|our|your|each|every) ([a-z]{3,}) (?!and\b|nor\b)([a-z]{3,})\b", text.lower()))


_CREDIT = re.compile(
    r"\b(?P<deed>[a-z]+(?:ed|en|wn|ght|ade|uilt|un|rit|oven|rown|rought|old|ung|et|ut))\b"
    r"(?P<between>(?: (?!and\b|or\b|but\b|then\b)[\w'-]+){0,6}?) by (?P<who>(?:[a-z]+ ){0,4}[A-Z][\w'-]*(?: (?:of |and |& |the )?[A-Z][\w'-]*)*)"  # noqa: E501
)
"""A deed and who is named for it: ``written by Jane Dow``, ``matured for ten weeks by the dairyman Mirek Dall``."""


def _credited_otherwise(evidence: Evidence) -> bool:
    """Return whether two deeds have exchanged who is named for them: ``written by`` and ``directed by``."""
    theirs = _credits(evidence.text)
    return any(
        deed in theirs
        and not names & theirs[deed]
        and any(names & others for other, others in theirs.items() if other != deed)
        for deed, names in [*_credits(evidence.sentence.text).items(), *_doing(evidence.sentence.text)]
    )


def _doing(text: str) -> list[tuple[str, set[str]]]:
    """Return what a named person does: ``her brother Ken glazes them``."""
    found = re.finditer(r"(?P<who>[A-Z][\w'-]*(?: [A-Z][\w'-]*)*) (?:then |also )?(?P<deed>[a-z]{3,}s)\b", text)
    return [(concept(m["deed"]), set(m["who"].split())) for m in found]


def _named_otherwise(evidence: Evidence) -> bool:
    """Return whether a person with first and last name does what another one does in the source, and not this one."""
    theirs: dict[str, set[str]] = {}
    for deed, names in _doing(evidence.text):
        theirs.setdefault(deed, set()).update(names)
    return any(
        len(names) > 1
        and deed in theirs
        and not names & theirs[deed]
        and len(theirs[deed]) > 1
        and any(names <= others for other, others in theirs.items() if other != deed)
        for deed, names in _doing(evidence.sentence.text)
    )


_TIER = re.compile(
    r"\b(?P<name>[A-Z][a-z]+)(?= (?:[a-z]+ )?(?:members?|customers?|subscribers?|guests?|holders?|plans?|tickets?|fares?|"  # noqa: E501
    r"tiers?|cards?|accounts?|passes|pass|packages?|users?|clients?|policies|policy)\b)"
)
_DETERMINERS = frozenset(
    "the our all your any every each these those an new other no both some most many its their".split()  # noqa: SIM905
)
_MORE = r"\b(?:additional|additionally|also|plus|in addition|as well|everything|on top|all the benefits)\b"


def _of_another_tier(evidence: Evidence) -> bool:
    """Return whether the sentence names one tier and gives what only another has: a Gold gift "once you're Silver".

    A tier that has something in addition may have all that the others have.
    """
    rows: dict[str, set[str]] = {}
    adds: set[str] = set()
    for part in re.split(r"[;.]\s|, (?:while|whereas|but|and)\b", evidence.text):
        names = {m["name"] for m in _TIER.finditer(part) if m["name"].lower() not in _DETERMINERS | BODIES}
        if len(names) == 1:
            name = names.pop()
            rows.setdefault(name, set()).update(concept(w.lower()) for w in re.findall(r"[A-Za-z]{3,}", part))
            adds |= {name} if re.search(_MORE, part, re.I) else set[str]()
    said = {name for name in rows if re.search(rf"\b{name}\b", evidence.sentence.raw)}
    if len(said) != 1 or len(rows) < 2 or said <= adds:
        return False
    one = said.pop()
    return any(
        len(own := (row - rows[one] - _of_all(rows, name)) & evidence.sentence.concepts) > 1
        and any(not is_empty(s) for s in own)
        for name, row in rows.items()
        if name != one
    )


def _of_all(rows: dict[str, set[str]], name: str) -> set[str]:
    return set[str]().union(*(row for other, row in rows.items() if other != name))


_PASSIVE = re.compile(
    r"(?P<whom>(?:[\w'-]+ ){1,4})(?:is|are|was|were|be|being|been) (?:\w+ly )?(?P<deed>[a-z]+(?:ed|ght|en)) by "
    r"(?P<who>(?:(?!(?:within|in|at|on|for|before|after|to|from|with|until|and|or|when|if|who|that)\b)[\w'-]+ ?){1,4})"
)


def _passive_turned(evidence: Evidence) -> bool:
    """Return whether ``leavers are mentored by teachers`` became ``teachers are mentored by leavers``."""
    texts = [(evidence.sentence, p) for p in evidence.aligned] + [(p, evidence.sentence) for p in evidence.aligned]
    for one, two in texts:
        for found in _PASSIVE.finditer(one.text):
            who, whom = _things(found["who"].split()), _things(found["whom"].split())
            doers, done = _sides_of_deed(two, concept(found["deed"]))
            if who & done and whom & doers and not who & doers and not whom & done:
                return True
    return False


def _sides_of_deed(passage: Passage, deed: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return who does ``deed`` in a sentence, and to whom, with the passive voice turned round."""
    for clause in _CLAUSE.split(passage.text):
        found = next((m for m in re.finditer(r"[a-z]+", clause) if concept(m[0]) == deed), None)
        if found is None:
            continue
        before, after = _things(clause[: found.start()].split()), _things(clause[found.end() :].split())
        by = re.search(r"\bby\b", clause[found.end() :])
        return (_things(clause[found.end() + by.end() :].split()), before) if by else (before, after)
    return frozenset(), frozenset()


_BESIDE = re.compile(r"\b(?P<deed>[a-z]{3,}) (?:with|from) (?P<who>[A-Z][\w'-]*(?: [A-Z][\w'-]*)*)")
"""A thing and whom or where it is from: ``glazing with Mia Lund``, ``the wine from Spain``."""


def _credits(text: str) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    beside = (m for m in _BESIDE.finditer(text) if m["deed"] not in STOP)
    for found in (*_CREDIT.finditer(text), *beside):
        out.setdefault(concept(found["deed"]), set()).update(re.findall(r"[A-Z][\w'-]*", found["who"]))
    return out
