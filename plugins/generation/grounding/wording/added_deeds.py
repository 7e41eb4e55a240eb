"""What a sentence adds at its end to what the thing does: a last deed, or a harm that it is said not to take.

``The tent sleeps two and folds flat`` and ``Leave the fork outside: it won't rust`` state properties by verbs, which
elsewhere only say how something is done.
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.lexicon import concept, says_nothing_new, stem

_NewWords = list[tuple[str, tuple[int, int]]]
_DOES = frozenset(
    """has have comes come goes go fold folds pack packs lock locks clip clips slide slides roll rolls tuck tucks stand
    stands stack stacks charge charges dry dries wash washes heat heats cool cools glow glows float floats fit fits stow
    stows hang hangs turn turns open opens close closes play plays connect connects convert converts double doubles work
    works run runs keep keeps hold holds carry carries stay stays collapse collapses tilt tilts rotate rotates swivel
    swivels extend extends expand expands unfold unfolds detach detaches unclip unclips zip zips snap snaps click clicks
    plug plugs pair pairs sync syncs switch switches shut shuts rinse rinses wipe wipes peel peels stick sticks attach
    attaches mount mounts store stores nest nests split splits unzip unzips screw screws assemble assembles inflate
    inflates deflate deflates recline reclines adjust adjusts remember remembers include includes feature features
    offer offers sit sits brew brews grind grinds steam steams freeze freezes reheat reheats""".split()  # noqa: SIM905
)
"""Verbs of what things have and do by themselves."""
_NEXT = re.compile(
    r"(?:,? and|;|,(?= (?:also |even |then )?(?:[a-z]+s|have) )) (?:also |even |then |it |they |each )*(?P<verb>[a-z]+) (?=(?P<rest>(?:(?! and [a-z]+s\b)[^,;:.!?()])+))",  # noqa: E501
    re.I,
)
_FOR_READER = r"\b(?:you|your|yours|yourself|us|our|we|me|my|anyone|everyone|somebody|nobody)\b"


def adds_a_deed(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether a deed of a list has no word of the sources: ``carries 120 kg and folds flat``."""
    return any(_is_added(found, evidence, new) for found in _NEXT.finditer(evidence.sentence.text))


def _is_added(found: re.Match[str], evidence: Evidence, new: _NewWords) -> bool:
    sentence = evidence.sentence
    start, end = found.start(), found.end("rest")
    if found["verb"].lower() not in _DOES or has(_FOR_READER, found["rest"]):
        return False
    words = list(zip(sentence.words, sentence.stems, sentence.spans, strict=True))
    told_before = any(root in evidence.stems for _, root, (at, _) in words if at < start)
    if not told_before or has(r"\b(?:you|we|i)\b", sentence.text[:start]):
        return False
    if any(start <= f.start < end for f in sentence.figures):
        return False
    if any(root in evidence.stems for _, root, (at, _) in words if found.start("rest") <= at < end):
        return False
    fresh = {word for word, (at, _) in new if found.start("verb") <= at < end and not word.endswith("ly")}
    return any(not says_nothing_new(word) or word in _DOES - _IDLE for word in fresh)


_IDLE = frozenset(
    "has have comes come goes go turn turns work works run runs keep keeps stay stays play plays".split()  # noqa: SIM905
)
"""Of these verbs alone nothing is learned: ``and goes a long way``."""
_HARMS = """
rust rusts rusting corrode tarnish oxidise oxidize; fade bleach discolour discolor yellow; crease crumple wrinkle
shrink; stretch sag; warp bend buckle bow; crack chip shatter splinter break dent; leak drip spill seep; peel flake
blister; stain mark smear smudge; scratch scuff; rip tear fray unravel ladder; pill bobble; slip skid slide wobble tip
topple; rattle squeak creak; clog jam block; stick burn scorch melt; freeze ice; smell reek; rot mould mold mildew decay
wilt droop; tangle knot kink; itch prickle chafe; mist fog steam; run bleed; curdle spoil separate; sink
"""
_HARM = {stem(w): line for line in _HARMS.replace("\n", " ").split(";") for w in line.split()}
_SPARED = re.compile(
    r"\b(?:it|they|that|which|the (?:[\w-]+ ){1,4}?)\s?(?:(?:will|does|do|can|would|could) not|cannot|won't|doesn't|don't|"  # noqa: E501
    r"never|will never|can never)(?: ever| even| simply)? (?P<harm>[a-z]+)\b(?! (?:you|your|us|the (?:bank|deal|budget)))",  # noqa: E501
    re.I,
)


def spared_a_harm(evidence: Evidence) -> bool:
    """Return whether the thing is said not to take a harm of which no source speaks: ``it won't rust``."""
    for found in _SPARED.finditer(evidence.sentence.text):
        line = _HARM.get(stem(found["harm"].lower()))
        if line and not any(re.search(rf"\b{root[:5]}", evidence.low) for root in map(stem, line.split())):
            return not has(_PROOF, evidence.low) and concept(found["harm"].lower()) not in evidence.stems
    return False


_PROOF = r"-proof\b|proof\b|\bresistant\b|\b(?:easy|non)-|\b(?:stainless|colou?rfast|pre-?shrunk|permanent|lasting|anti-?\w+)\b"  # noqa: E501
