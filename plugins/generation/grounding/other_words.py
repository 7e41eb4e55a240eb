"""Conditions said in other words: what a copy may say instead of the word that states a condition.

``Later changes cost £25`` is kept by "after that", ``adults`` by "grown-ups", ``residents`` by "if you live here".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from plugins.generation.grounding.lexicon import concept

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
    ("remaining rest", r"\brest\b|\bleft\b|\bremain|\bother|\bbalance"),
    ("single solo", r"\bone\b|\balone\b|\bsolo\b|\bsingle\b|\bby yourself\b|\bon your own"),
    ("outward outbound", r"\bway (?:out|there)\b|\bout(?:ward|bound)\b"),
    ("homeward inbound", r"\bway (?:back|home)\b|\bback\b|\bhome(?:ward)?\b|\binbound\b"),
)  # fmt: skip
_SAID_RE = tuple(
    (frozenset(w for word in words.split() for w in (word, concept(word))), re.compile(said, re.I))
    for words, said in _SAID
)


def said_otherwise(concepts: Iterable[str], low: str) -> bool:
    """Return whether a copy in lower case says one of the concepts of a condition in other words."""
    wanted = set(concepts)
    return any(words & wanted and said.search(low) for words, said in _SAID_RE)
