"""Conditions said in other words: what a copy may say instead of the word that states a condition.

``Later changes cost £25`` is kept by "after that", ``adults`` by "grown-ups", ``residents`` by "if you live here".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from plugins.generation.grounding.evidence import Case
from plugins.generation.grounding.reading.lexicon import concept, stem
from plugins.generation.grounding.reading.quantities import numeral

# words of a source | what says the same in a copy
_SAID: tuple[tuple[str, str], ...] = (
    ("later subsequent further beyond", r"\bafter\b|\bthen\b|\bpast\b|\bfrom there\b|\bonce\b|\bbeyond\b|\bleave it\b"),
    ("earlier prior previous", r"\bbefore|\bpast\b|\bused to\b|\blast (?:year|time|season)"),
    ("additional extra further", r"\banother\b|\bmore\b|\beach\b|\bevery\b|\bfurther\b|\bextra\b|\bon top\b|\bbeyond\b|\badditional"),  # noqa: E501
    ("initial first introductory", r"\bone\b|\bto (?:begin|start) with\b|\binitial|\bopening\b|\bnew\b|\bfirst\b|\bstart"),  # noqa: E501
    ("existing current", r"\balready\b|\bwith us\b|\breturning\b|\bloyal|\bexisting\b|\bcurrent"),
    ("returning repeat", r"\bagain\b|\bback\b|\bbefore\b|\breturn"),
    ("adult adults", r"\bgrown-?ups?\b|\badults?\b|\bparents?\b|\bover[- ]?18|\beighteen"),
    ("children child", r"\blittle ones?\b|\bkids?\b|\byoung|\btoddlers?|\bunder\b|\bjuniors?\b|\bteens?"),
    ("senior seniors pensioners", r"\bolder\b|\bretire|\bover\b|\bpension|\bsixt(?:y|ies)"),
    ("resident residents local", r"\bliv(?:e|es|ing)\b|\blocals?\b|\bneighbou?rs?\b|\baddress\b|\bresiden"),
    ("beginner beginners novice", r"\bnever\b|\bnew to\b|\bstarting out\b|\bfrom scratch\b|\bno experience"),
    ("holder holders cardholders passholders", r"\bwith (?:an?|the|your)\b|\b(?:have|carry|hold|own|got) (?:an?|the)\b"),  # noqa: E501
    ("accompanied accompanying accompany", r"\bwith (?:an?|the|them|you|your)\b|\btogether\b|\balongside"),
    ("member members membership", r"\bbelong|\bjoined\b|\bmember"),
    ("receipt proof", r"\breceipt|\bproof\b|\binvoice"),
    ("advance ahead beforehand", r"\bahead\b|\bbefore|\bearly\b|\badvance\b|\bnotice\b|\bprior\b"),
    ("together bundle combined both", r"\bsecond\b|\bother one\b|\b(?:at|all at) once\b|\bpair|\btogether\b|\bboth\b|\bpair|\balong with\b|\balongside\b|\bas well as\b|\bcombin|\bat the same time"),  # noqa: E501
    ("group groups party parties", r"\bgroups?\b|\bpart(?:y|ies)\b|\bof you\b|\bfriends\b|\bcrew\b|\bteam"),
    ("chosen choose choosing selected", r"\bpick|\bopt\b|\bgo(?:es|ing)? (?:for|with)\b|\bdecid|\bplump for|\bsettle on|\bselect|\bcho[os]"),  # noqa: E501
    ("unbroken undamaged unopened sealed unused untouched", r"\bintact\b|\bunbroken\b|\bin one piece\b|\bstill (?:in place|on|sealed)\b|\buntouched\b|\bsealed\b|(?:not|never|n't) (?:been )?(?:broken|opened|damaged|touched|used)\b"),  # noqa: E501
    ("remaining rest", r"\brest\b|\bleft\b|\bremain|\bother|\bbalance"),
    ("single solo", r"\bone\b|\balone\b|\bsolo\b|\bsingle\b|\bby yourself\b|\bon your own"),
    ("outward outbound", r"\bway (?:out|there)\b|\bout(?:ward|bound)\b"),
    ("tenant tenants renter renters", r"\brent(?:s|ed|ing|al)?\b|\blandlord"),
    ("cyclist cyclists", r"\bcycl|\bbikes?\b|\bbicycles?\b|\bpedal|\btwo wheels\b"),
    ("motorist motorists driver drivers", r"\bdriv(?:e|es|ing)\b|\bcars?\b|\bwheel\b|\bbehind the wheel"),
    ("parent parents", r"\b(?:mums?|moms?|dads?|mother|father)\b|\b(?:your|have|got) (?:\w+ )?(?:kids?|children|child|son|daughter|little)\b"),  # noqa: E501
    ("employee employees worker workers staff", r"\bwork(?:s|ing)? (?:for|at|here|in)\b|\bstaff\b|\bon the payroll\b|\byour job\b"),  # noqa: E501
    ("newlywed newlyweds", r"\bjust (?:got )?married\b|\bhoneymoon|\bnewly married"),
    ("family families", r"\b(?:kids|children)\b|\bfamil"),
    ("couple couples", r"\btwo of you\b|\bpartner\b|\bfor two\b|\bpair of you\b|\bcouple"),
    ("patient patients", r"\byour (?:doctor|gp|dentist|surgery)\b|\bpatient"),
    ("pupil pupils student students", r"\bat (?:school|college|university|uni)\b|\bstud(?:y|ying|ies|ent)|\bpupil"),
    ("freelancer freelancers", r"\bfreelanc|\bself-employed\b|\bwork(?:ing)? for yourself\b"),
    ("volunteer volunteers", r"\bvolunteer|\bgive (?:us )?(?:your|an hour|some) "),
    ("donor donors", r"\bdonat|\bgiv(?:e|ing) (?:blood|money|to us)\b"),
    ("size sizes", r"\b(?:small|medium|large)\b"),
    ("homeward inbound", r"\bway (?:back|home)\b|\bback\b|\bhome(?:ward)?\b|\binbound\b"),
)  # fmt: skip
BODIES = frozenset(
    """club loyalty zoo museum gallery gym library theatre society trust association co-op union studio pool team
    rewards scheme programme program community centre center garden guild league cinema choir park spa school salon
    store shop farm bank charity foundation website app site circle""".split()  # noqa: SIM905
)
"""What one is a member of; ``zoo members`` are members, while ``gold members`` are some of them."""
_SAID_RE = tuple(
    (frozenset(w for word in words.split() for w in (word, concept(word))), re.compile(said, re.I))
    for words, said in _SAID
)


def said_otherwise(concepts: Iterable[str], low: str) -> bool:
    """Return whether a copy in lower case says one of the concepts of a condition in other words."""
    wanted = set(concepts)
    return any(words & wanted and said.search(low) for words, said in _SAID_RE) or any(
        _deed_said(word, low) or _undone(word, low) for word in wanted
    )


def _undone(word: str, low: str) -> bool:
    """Return whether a copy says with a negation what a condition says with "un": ``undamaged``, "not damaged"."""
    if not word.startswith("un"):
        return False
    return any(stem(said).rstrip("e") == word[2:] for said in re.findall(_NOT_DONE, low))


_NOT_DONE = r"\b(?:not|never|nor|neither|no|without|free of)\b(?: [a-z]+){0,3}? ([a-z]{3,})"
_SHORT, _LONG = 3, 7
_DEED = re.compile(r"([a-z]{3,}?)(?:([bdgmnprt])\2)?(?:e?rs?|ors?)$")


def _deed_said(doer: str, low: str) -> bool:
    """Return whether a copy says what a doer does: ``commuters`` who commute, ``homeowners`` who own a home."""
    words = set(re.findall(r"[a-z]+", low))
    deed = _DEED.match(doer)
    if deed and deed[1] + (deed[2] or "") and any(w in words for w in _forms(deed[1] + (deed[2] or ""))):
        return True
    if len(doer) < _LONG:
        return False
    stems = {concept(w) for w in words} | words
    splits = ((doer[:at], doer[at:]) for at in range(_SHORT, len(doer) - _SHORT + 1))
    return any(left in words | stems and right in stems for left, right in splits)


def _forms(root: str) -> tuple[str, ...]:
    return (root, root + "e", root + "s", root + "es", root + "ing", root + root[-1] + "ing")


_MONTHS_OF = {"year": 12, "yr": 12}


def numbers_said(case: Case) -> set[str]:
    """Return the numbers that a copy says in digits, in words, as a rank or as an age: ``your sixtieth``, ``under-eights``."""  # noqa: E501
    told = [f for s in case.sentences for f in s.figures]
    values = {f"{f.value / _MONTHS_OF.get(f.unit, 1):g}" for f in told}
    return set(re.findall(r"\d+", case.low)) | values | ages_said(case.low)


def ages_said(low: str) -> set[str]:
    """Return the numbers that a copy has as a rank or in the plural: ``your sixtieth``, ``under-eights``."""
    roots = set(re.findall(r"\b([a-z]+?)(?:i?eth|th|i?es|s)\b", low)) - {""}
    words = {numeral(form) for root in roots for form in (root, f"{root}y", f"{root}e", f"{root}t", f"{root}ve")}
    return {word for word in words if word.isdigit()}
