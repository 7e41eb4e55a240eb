"""What a new word is by the place it stands in: how something is said, or a property of the thing spoken of.

A light guess from the neighbours and the ending of the word, without a tagger: a word behind a modal, a subject or "to"
and before an object is a verb; a word before a noun, after "is", or behind "has", "with" or "of" is a property.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from plugins.generation.grounding.evidence import has
from plugins.generation.grounding.reading.lexicon import HEAVY, STOP, concept, is_claim, is_deed, stem

_OBJECT = (
    r"^ (?:an?|the|your|our|its|their|his|her|my|this|that|these|those|it|them|you|us|me|itself|each|every|any|all|"
    r"some|no|both|so|one|next|what|where|how|"
    r"back|up|down|out|off|away|over|around|along|together|through|into|onto|in|at|on|to|for|from|with|by|as|of|about|"
    r"like|than|between|among|across|towards?|without|against|after|before|until|within|during|inside|outside|beneath|"
    r"under|underneath|behind|below|above|beside|beyond|past|onto|upon|open|shut|apart|alongside)\b|^ [\d$\u00a3\u20ac]"
)
"""What stands behind a verb: its object, a particle or a preposition."""
_THING = (
    r"^ (?:an?|the|your|our|its|their|these|those|it|them|you|us|itself|back|up|down|out|off|away|over|"
    r"two|three|four|five|six|seven|eight|nine|ten)\b|^ [\d$\u00a3\u20ac]"
)
"""What stands behind a verb and seldom behind a noun."""
_ASIDE = r"(?:(?:also|just|even|only|now|always|never|simply|not|all|both|then|still|often|\w+ly) ){0,2}"
_BEFORE_VERB = (
    r"(?:\b(?:can|may|might|must|should|could|would|will|shall|let|lets|let's|do|does|did|cannot|please|lets? you)|"
    r"'ll|'d|'ve) " + _ASIDE + r"$"
)
_SUBJECT = (
    r"(?:^|\b)(?:i|we|they|it|he|she|that|which|who|there|(?<!help )(?<!helps )(?<!keeps )(?<!makes )you) "
    + _ASIDE
    + r"$"
)
_GROUP = (
    r"\b(?P<who>children|kids|people|everyone|everybody|\w{2,}(?<!s)s)(?: aged \d+(?: to \d+)?| (?:under|over) \d+)?"
    r"(?: (?:and|or) (?:under|over|younger|older))? " + _ASIDE + r"$"
)
_OPENS_NOUN = (
    r"(?:^\W*|\b(?:an?|the|our|its|their|with|of|in|from|for|and|or|has|have|includes?|features?|fresh|new|soft) )"
    r"(?:\w+ly |\d+ |one |two |three |four |five |six |seven |eight |nine |ten )?$"
)
_MOVES = (
    r"^ (?:(?:into|onto|beneath|under|underneath|behind|away|down|up|back|along|around|through|past|out|off|across|inside|"  # noqa: E501
    r"apart|together|open|shut|flat|aside|over|straight)\b|in (?:by|with|to|at)\b)"
)
"""What stands behind a verb of moving, and seldom behind a noun: ``tucks into``, ``plugs in by``."""
_LISTED = r"\b(?:has|have|with|includ\w+|features?|offers?|gets?|gives?|contains?|plus|there(?:'s| is| are)|:)\b[^;:]*$"
"""What stands before the things that are listed: ``has two beds and drawers under them``."""
_BY_ITSELF = r"^ (?:itself|themselves)\b"
"""What stands behind a verb that is a claim whatever it is: ``locks itself``."""
_NEXT_STEP = r"^\W*(?:and )?then " + _ASIDE + r"$"
"""What stands before the next thing the reader does: ``Shake the bottle, then pour``."""
_TO = r"(?:^|\b)to " + _ASIDE + r"$"
_STATES = (
    r"\b(?:is|are|was|were|be|been|being|it's|they're|that's|stays?|remains?|feels?|looks?|makes? (?:you|it|them|\w+)) "
    r"(?:[\w-]+ (?:and |or )?)?$"
)
_DENIED = r"\b(?:not|must|have to|has to|needs? to) be " + _ASIDE + r"$"
_ENDS = r"^\s*(?:$|[^\w\s'-]|(?:and|or|but)\b)"
_WHERE = r"\b(?:in|into|on|onto|at|above|over|under|by|behind|through|off) (?:the|your|one|a single) $"
_TWO_PLACES = r"^\W*[a-z]+(?<!s) (?:\w+ ){0,3}(?:in|at|on) [a-z]+s and $"
"""What stands before the second of two places in a command: ``Pay in shops and restaurants``."""
_REACH = r"\b(?:all|every|any|each|most|only|first|best)\b[^,;:]*$"
_TELLS = (
    r"^ (?:is|are|was|has|have|comes?|contains?|holds?|weighs?|costs?|measures?|lasts?|takes?|runs?|starts?|"
    r"includes?)\b"
)
_GIVES = (
    r"(?:\b(?:with|without|has|have|had|includes?|including|features?|offers?|"
    r"(?:gives?|brings?|sends?|gets?|earns?|offers?|hands?) you|gives?|gets?|contains?|made|"
    r"follows?|of|from|in|into|by|pays? (?:for|towards)(?: (?:the|your) \w+'s)?|plus|"
    r"no|as|are|is|free|and|or|tracks?|measures?) |[,:] |^\W*)"
    r"(?:(?:an?|the|our|its|your|their|one|two|three|both|any|all) )?(?:[\w-]+ ){0,2}$"
)
"""What stands before a thing that is given to what is spoken of."""
_IS_GIVEN = (
    r"^ (?:is|are|comes?) (?:also |both |all )?(?:free|included|complimentary|provided|supplied|yours|thrown in)\b"
)
_PRICED = r"^ (?:is|are|costs?|starts? (?:at|from)|comes? to) (?:just |only |now |from )?[$\u00a3\u20ac\d]"
_STANDS_FOR = frozenset(("it", "that", "this", "which", "who", "one", "ones"))
_EVERYBODY = frozenset(("everyone", "everybody"))


_VERBS_ONLY = frozenset(
    stem(word)
    for word in """accept accompany admit advise agree allow amend apologise apologize appear apply arise arrange arrive
    ask assume attend await become begin belong borrow bring calculate choose collect compare complete confirm consider
    consist contain continue decide deduct depend describe differ discover discuss divide earn elapse enable enclose
    enjoy enrol enroll enter examine exceed expect explain fetch follow forget gather give happen hear hesitate imagine
    include insert invite involve join keep know learn leave lend lie lay listen lose manage mention obtain occur
    offer omit operate owe pay perform pop prefer prepare provide publish qualify reach realise realize
    receive reckon refer refuse regard register reject rely remain remember reply require respond result
    retain say select sell send settle skip speak spend submit suggest suppose suspend tell think
    trust try understand upload vary wait want wish wonder worry write""".split()  # noqa: SIM905
)
"""Verbs of dealing, telling and being about, which are no things and claim nothing of a thing: "expect", "enclose"."""
_THING_OF = r"\b(?:an?|no|its|our|their|your|with|without|of|extra|free|new|own|spare) $"
"""What stands before a thing and never before a verb."""
_WILL_DO = (
    r"\b(?:will|'ll|can|may|must|should|shall|to|do|please|let us|we|you)\b[^.;:!?]*\b(?:and|or) (?:also |then )?$"
)
"""What stands before the second of two verbs: ``we will write to you and enclose ...``."""
_CODE = re.compile(r" (?=[A-Z0-9]*[A-Z])[A-Z0-9]{3,}\b")
"""What stands behind a verb at the start of a command: ``Type LINEN25 at checkout``."""


def says_how(
    text: str, word: str, span: tuple[int, int], part: int, behind: AbstractSet[str] = frozenset[str]()
) -> bool:
    """Return whether ``word`` only says how or where, in the part of ``text`` that begins at ``part``.

    ``behind`` are the concepts of the sources: what stands between two of their things is a verb, as in ``the mower
    handles lawns``.
    """
    before, after = text[part : span[0]], text[span[1] :]
    if is_deed(word) or has(_BY_ITSELF, after):
        return False
    return (
        _is_verb(word, before, after)
        or (stem(word) in _VERBS_ONLY and not has(_THING_OF, before))
        or (_between_known(word, text[: span[0]], after, behind))
        or (not before.strip() and _CODE.match(after) is not None)
        or (not before.strip() and has(_MOVES, after) and not has(_LISTED, text[:part]))
        or _in_passing(word, before, after)
        or (_names_again(before, after) and not (has(r"\band\s*$", text[:part]) and has(r"^ (?:are|were)\b", after)))
        or _only_where(word, text, span)
        or (text[span[0]].islower() and not is_claim(word) and has(_TWO_PLACES, text[: span[0]]))
    )


def _between_known(word: str, told: str, after: str, behind: AbstractSet[str]) -> bool:
    """Return whether a word stands as a verb between two things of the sources, or is the second of two verbs.

    ``The mower handles lawns``, ``we will write to you and enclose photographs``; not where things are listed
    (``with a rod and spare line``).
    """
    thing = re.match(r" ([a-z]+)\b", after)
    if thing is None or has(_LISTED, told) or concept(thing[1]) not in behind:
        return False
    if word.endswith("s"):
        doer = re.search(r"([\w'-]+) $", told)
        return doer is not None and not doer[1].endswith("s") and concept(doer[1].lower()) in behind
    return has(_WILL_DO, told)


def _is_verb(word: str, before: str, after: str) -> bool:
    if has(_DENIED, before) and word.endswith("ed"):
        return True
    if has(_STATES, before):
        return False
    if word.endswith("ly"):
        return True
    if word.endswith(("ing", "ed")) and not word.endswith("eed"):
        return not _names_a_thing(before, after) and not _before_noun(before, after)
    if word.endswith("er") and len(word) > 5 and not has(_OPENS_NOUN, before) and has(_OBJECT, after):
        return True
    if has(_BEFORE_VERB, before) or has(_SUBJECT, before) or (has(_NEXT_STEP, before) and has(_ENDS, after)):
        return True
    if word.endswith("s") and not word.endswith(("ss", "ous", "less")):
        return _third_person(before, after)
    return _bare_verb(before, after)


def _names_a_thing(before: str, after: str) -> bool:
    """Return whether a word in ...ing is a thing of its own: ``a warm lining``."""
    return has(r"\b(?:an?|its|no|needs?|without) (?:\w+ )?$", before) and has(r"^\s*(?:$|[,.;]|and\b)", after)


def _before_noun(before: str, after: str) -> bool:
    """Return whether a participle describes the noun behind it: ``fresh home-baked bread``."""
    if has(r"\ban? $", before) and has(r"^ ones?\b", after):
        return True
    return has(_OPENS_NOUN, before) and not has(_OBJECT, after) and has(r"^,? [a-z]", after)


def _third_person(before: str, after: str) -> bool:
    """Return whether a word in ...s is what the subject does: ``the ferry sails at``."""
    noun = re.search(r"([\w'-]+) $", before)
    if noun is None:
        return has(_THING, after)
    told = noun[1].lower() in _STANDS_FOR or noun[1].lower() not in STOP
    return told and (has(_OBJECT, after) or has(r"^ [A-Z]", after))


def _bare_verb(before: str, after: str) -> bool:
    """Return whether a word without an ending is a verb: behind a plural, behind "to", or at the start of its part."""
    group = re.search(_GROUP, before, re.I)
    if has(_TO, before) or (group and group["who"].lower() not in STOP - _EVERYBODY):
        return has(_OBJECT, after)
    return not before.strip() and has(_THING, after)


def _names_again(before: str, after: str) -> bool:
    """Return whether a word stands for the thing spoken of: ``The recipe is grain-free``."""
    named = (
        has(r"^\W*(?:the|this|each|every) (?:whole |entire |full |complete )?$", before)
        and has(_TELLS, after)
        and not has(_IS_GIVEN, after)
    )
    return named or (not before.strip() and has(_PRICED, after))


def _in_passing(word: str, before: str, after: str) -> bool:
    """Return whether a noun ends a phrase that gives the thing nothing: not behind "has", "with" or "of", nor "is"."""
    if is_claim(word) or word in HEAVY or has(_STATES, before) or has(_GIVES, before) or has(_IS_GIVEN, after):
        return False
    return has(_ENDS, after) or has(_OBJECT, after) or has(_TELLS, after)


def _only_where(word: str, text: str, span: tuple[int, int]) -> bool:
    """Return whether a word only says where the thing is used (``in the mug``): the last word of its phrase."""
    before, after = text[: span[0]], text[span[1] :]
    return (
        text[span[0]].islower()
        and not is_claim(word)
        and word not in HEAVY
        and not has(_REACH, before)
        and has(_WHERE, before)
        and (has(_ENDS, after) or has(r"^ (?:in|at|on|for|with|from|to|when|while|as|by)\b", after))
    )
