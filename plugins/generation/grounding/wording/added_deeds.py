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
    r"\b(?:it|they|that|which|and|the (?:[\w-]+ ){1,4}?)\s?(?:(?:will|does|do|can|would|could) not|cannot|won't|doesn't|don't|"  # noqa: E501
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


_TO_YOUR_HOME = re.compile(
    r"\b(?:we|(?:have|let|ask|get) us(?: to)?|our (?:own )?[\w-]+(?: [\w-]+)?|(?:an? |the )?(?:driver|courier|technician|engineer|team|crew|fitter|volunteer|nurse|groomer)s?)"  # noqa: E501
    r"(?:'ll| will| can| even| also| gladly| happily| even)* (?:[\w-]+ ){1,6}?(?:to|from|at|in|outside|round) your "
    r"(?:own |front |very )?(?:home|house|door|doorstep|place|flat|office|workplace|desk|garden|driveway|"
    r"hotel|table)\b",
    re.I,
)
"""The sender's people, a deed, and the reader's home: ``our volunteers bring them to your door``."""
_GOES_OUT = (
    r"\b(?:homes?|house|doors?|doorstep|addresse?s?|deliver\w*|ship\w*|post(?:ed|s|age)?|mail(?:ed|s)?|courier|visit\w*|"
    r"collect\w*|pick\w* up|sent|send|dispatch\w*|on[- ]site|call[- ]out|mobile|travel\w*|come to|comes to|household|"
    r"offices?|workplaces?|desks?|gardens?|hotels?|tables?|install\w*|transfers?|free returns)\b"
)


_CARRIED_THERE = re.compile(
    r",? (?:delivered|brought|carried|installed|fitted|taken|served|set up|built up) (?:[\w-]+ )?(?:to|in|at|into) your "  # noqa: E501
    r"(?:own |front |very )?(?:home|house|door|doorstep|place|flat|office|workplace|garden|driveway|hotel|kitchen|living room|"  # noqa: E501
    r"room|bed|berth|cabin|seat|table|bedroom|terrace|balcony|cellar|hall)\b",
    re.I,
)
"""What is brought to the reader's own: ``delivered to your garden``."""
_FETCHES_YOU = re.compile(
    r"\b(?:we|our (?:own )?[\w-]+|(?:an? |the )?(?:driver|shuttle|taxi|minibus|van|guide|boat))(?:'ll| will| can| even| also)* "  # noqa: E501
    r"(?:(?:pick|picks) (?:you|your [a-z]+) (?:up|at|from)|(?:fetch|fetches) (?:you|your [a-z]+)|(?:collect|collects|meet|meets) you (?:at|from) (?:the|your)|"  # noqa: E501
    r"(?:drive|drives|take|takes|bring|brings|walk|walks) you (?:home|back|to (?:the|your) (?:hotel|station|airport|door|car)))\b",  # noqa: E501
    re.I,
)
"""The sender's people fetch the reader or take the reader home: ``we pick you up at the station``."""
_FETCHED = (
    r"\bpick|\bcollect|\bfetch|\btransfer|\bshuttle|\bmeet|\bdriv|\btaxi|\bbus\b|\btransport|\btake|\bbring|\bchauffeur"
)
_AT_OURS = re.compile(
    r"\b(?:collect\w*|pick(?:ed|s)? (?:it |them )?up|visit\w*) (?:[\w-]+ ){0,3}?(?:from|at|in) (?:our|the|one of our)\b",  # noqa: E501
    re.I,
)
"""What the customer fetches from the sender, which goes nowhere: ``vans are collected from our depot``."""


_SENT_THERE = re.compile(
    r"\b(?:posted|sent|delivered|shipped|mailed|couriered|dropped(?: off)?|brought|dispatched) (?:out )?"
    r"(?:straight |right |directly |free )?(?:to|at) your (?:own |front )?(?:home|house|door|doorstep|address|letterbox|office)\b",  # noqa: E501
    re.I,
)
"""What is sent to the reader: ``30 lenses a month, posted to your home``."""


def comes_to_the_reader(evidence: Evidence) -> bool:
    """Return whether the sender comes to the reader's home though no source says so: ``we pick it up from your door``."""  # noqa: E501
    behind = _AT_OURS.sub(" ", evidence.low)
    text = evidence.sentence.text
    if (_CARRIED_THERE.search(text) or _SENT_THERE.search(text)) and not has(_GOES_OUT, behind):
        return True
    if _FETCHES_YOU.search(text) and not has(_FETCHED, behind):
        return True
    return _TO_YOUR_HOME.search(text) is not None and not has(_GOES_OUT, behind)


_OUR_OWN = re.compile(r"\b(?:our own|(?:one|some|any|all) of our) (?P<thing>(?:[\w-]+(?<!s) )?[\w-]+)", re.I)
"""What opens a thing of the sender's: ``one of our loan bikes``."""


def lends_its_own(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether something of the sender's is promised that no source has: ``ride one of our loan bikes``."""
    text = evidence.sentence.text
    return any(
        found.start("thing") <= at < found.end("thing")
        and not says_nothing_new(word)
        and not word.endswith(("ed", "ing", "ly"))
        and not (has(r"\broof$", found[0]) and has(r"\bown\b|in-house|on[- ]site", evidence.low))
        for found in _OUR_OWN.finditer(text)
        for word, (at, _) in new
    )


_WORKS_ON = re.compile(
    r"\b(?:helps?|lets|makes|leaves) (?:you|your [\w-]+) (?:to )?(?P<effect>(?:[\w-]+ ?){1,4})|"
    r"\bkeeps? (?:your |the |ageing |aging |old |young )*(?P<whole>[\w-]+(?: [\w-]+)?) (?P<state>healthy|fit|young|supple|strong|sharp|calm|smooth|firm|radiant|clear|shiny|soft|awake)\b",  # noqa: E501
    re.I,
)
"""What tells an effect: ``helps you sleep``, ``keeps old joints supple``."""


def works_on_the_body(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether an effect on body or mind is told that no source has: ``helps you fall asleep faster``."""
    fresh = {word for word, _ in new}
    for found in _WORKS_ON.finditer(evidence.sentence.text):
        if fresh & _BODILY & set(re.findall(r"[a-z]+", found[0].lower())):
            return True
        if found["state"] and concept(found["state"].lower()) not in evidence.stems:
            return True
    return False


_BODILY = frozenset(
    """asleep sleep sleeping awake relax unwind concentrate focus breathe digest recover heal calm calmer stress stressed anxious
    anxiety pain pains ache aches slim slimmer lose weight skin hair nails joints joint muscles muscle bones bone gut heart
    memory energy energetic younger fitter healthier stronger live longer immune immunity digestion posture mood blood
    wrinkles wrinkle snore snoring headache headaches tension tense circulation hydrated alert alertness sharper""".split()  # noqa: E501, SIM905
)
