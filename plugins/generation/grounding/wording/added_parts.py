"""What a sentence adds in a part of its own: a service, a gift, an effect or a praise behind what the source says.

``The sideboard costs £649, and we assemble it in your living room``: one new word in a long sentence is mostly a turn
of phrase, but not where a whole part of the sentence has nothing of the sources.
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.lexicon import STOP, concept, says_nothing_new, stem
from plugins.generation.grounding.wording.wider_words import stands_for

_NewWords = list[tuple[str, tuple[int, int]]]

_SERVICES = """
remove haul dispose cart dump recycle
assemble install mount erect fit build unpack
clean wash iron polish vacuum mop dust tidy scrub launder valet hoover
wrap gift-wrap
engrave personalise personalize monogram embroider inscribe
plant sow
donate
repair mend restore refurbish service
inspect examine inspection
cook bake cater
groom brush clip
insure protect
translate interpret
sing serenade
paint decorate varnish wallpaper
hem alter tailor shorten
mow prune weed
chauffeur drive shuttle
photograph film
sharpen hone
babysit mind
park
disinfect sanitise sanitize
print laminate frame
upgrade
"""
"""What somebody does for a customer, a line for each service: ``we haul away your old grill``."""
_SERVICE = {stem(w): frozenset(line.split()) for line in _SERVICES.strip().splitlines() for w in line.split()}
_PEOPLE = (
    r"(?:we|our (?:[\w-]+ ){0,2}?(?:team|crew|staff|drivers?|fitters?|engineers?|people)|our (?:own |friendly |expert |skilled )?"  # noqa: E501
    r"[a-z]+|the (?:team|crew|drivers?|fitters?|engineers?|technicians?|gardeners?|"
    r"staff|couriers?|groomers?))"
)
_ALSO = r"(?:(?:'ll|will|can|also|even|then|always|gladly|happily|carefully|personally|simply)\b ?){0,3}"
_SERVES = re.compile(
    rf"\b{_PEOPLE}(?: |(?='))(?:{_ALSO})(?P<verb>[a-z]+) [^,.;:!?]*|"
    r"\b(?:have|let|ask) us (?:to )?(?P<asked>[a-z]+) [^,.;:!?]*",
    re.I,
)
"""Somebody of the sender's and what is done: ``our crew hauls away``, ``have us sharpen them``."""
_AND_SERVES = re.compile(
    rf"\b{_PEOPLE} [^.;:!?]{{3,90}}?,? (?:and|or) {_ALSO}(?P<verb>[a-z]+) (?:it|them|your|an?|the|every|each|all|two|one)\b",  # noqa: E501
    re.I,
)
"""The second of two deeds: ``we deliver it within two weeks and assemble it``."""
_NO_SERVICE = r"\b(?:not|never|n't|without|if|unless|who|whether)\b"


def adds_a_part(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether a part of the sentence adds a service, a gift, an effect or a praise of its own."""
    return (
        serves_more(evidence)
        or gives_more(evidence, new)
        or lists_a_stranger(evidence, new)
        or keeps_off(evidence, new)
        or praised_by_experts(evidence)
        or holds_all_through(evidence)
        or made_otherwise(evidence)
        or done_by_others(evidence, new)
        or does_more(evidence, new)
        or adds_by_itself(evidence, new)
        or adds_with(evidence, new)
        or spares_the_reader(evidence)
    )


def serves_more(evidence: Evidence) -> bool:
    """Return whether a service is promised that no source has: ``and our crew hauls away your old grill``."""
    text = evidence.sentence.text
    for found in (*_SERVES.finditer(text), *_AND_SERVES.finditer(text)):
        verb = (found["verb"] or found["asked"]).lower()
        line = _SERVICE.get(stem(verb))
        done = verb.endswith("ed") and has(r"\b(?:an?|the|any|every|all) [\w-]+ $", text[: found.start()])
        if line and not done and not has(_NO_SERVICE, found[0]) and not _borne(verb, line, evidence):
            return True
    return False


def _borne(verb: str, line: frozenset[str], evidence: Evidence) -> bool:
    """Return whether a source speaks of a service, in whatever form of its words."""
    return (
        concept(verb) in evidence.stems
        or stands_for(verb, evidence.low, "")
        or any(re.search(rf"\b{re.escape(stem(other)[:5])}", evidence.low) for other in line)
        or ("haul" in line and has(_TAKEN_ALONG, evidence.low))
    )


_TAKEN_ALONG = r"\b(?:collect|fetch|carr(?:y|ies)|(?:pick|tak)\w* (?:it|them|the|your|up|away|old|back)\b)"
"""What a source says of a thing that is hauled away."""
_GIFT = re.compile(
    r"(?:\bwith|\byou(?:'ll| will)? (?:also |even )?(?:find|get|receive|have|leave with|go home with|walk away with|come home with|take home)|\b(?:comes|arrives) with|\bthere(?:'s| is| are)|"  # noqa: E501
    r"\b(?:throw|slip|pop|tuck)(?:s|ed)? in|(?:\band|\bplus|,|\bgets?|\breceives?)(?= an? free [a-z])) (?P<item>(?:an?|two|three|four|our own) (?:[\w'-]+ ){0,4}?[\w'-]+)"  # noqa: E501
    r"(?=\s*(?:$|[,.;:!?)]|\b(?:for|in|on|at|from|that|to|and|under|inside|beside|as|[a-z]+ing)\b))",
    re.I,
)
"""A thing that is given: ``with a fingerprint reader``, ``you'll find a protective case``."""
_NO_GIFT = (
    r"\b(?:smile|view|twist|bang|difference|total|number|range|choice|mix|variety|combination|host|pair|set|glance|"
    r"click|tap|call|mind|heart|eye|conscience|look|story|history|touch|hint|dash|flourish|vengeance|purpose|character|"
    r"minimum|maximum|capacity|length|width|height|depth|diameter|weight|size|term|limit|discount|reduction|saving|"
    r"few|little|lot|bit|couple|handful|friend|friends|partner|family|group|child|crowd|hat|need|place|home|way|chance)s?$"
)
"""What is given and is no thing: ``with a smile``, ``with a total of``."""


def gives_more(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether a thing is given behind a statement that no source has in any word: ``with a pianist``."""
    text = evidence.sentence.text
    return any(
        _is_strange(evidence, new, found.span("item"))
        and not says_nothing_new(re.findall(r"[a-z]+", found["item"].lower())[-1])
        and not has(_NO_GIFT, found["item"])
        and not has(_WHOSE, text[: found.start()])
        for found in _GIFT.finditer(text)
    )


_WHOSE = r"\b(?:if|when|whenever|for (?:anyone|those|everyone)|you|your)\b[^,;:]*$"
"""What stands before a thing of the reader's: ``if you come with a dog``."""


_KEEPS_OFF = re.compile(
    r"\b(?:keep|keeps|scare|scares|drive|drives|ward|wards|fend|fends|chase|chases) (?:(?:the|off|all|any|your) )?"
    r"(?P<harm>[a-z]+(?: and [a-z]+| [a-z]+)?) (?:away|out|off|at bay)\b",
    re.I,
)
_OFF = r"\b(?:away|at bay|against|off|out)\b|repel|deter|proof|resist|prevent|protect|barrier|block|free (?:of|from)"


def keeps_off(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether the thing keeps off what no source speaks of: ``keeps slugs away from the plants``."""
    fresh = {word for word, _ in new}
    return any(
        re.findall(r"[a-z]+", found["harm"].lower())[-1] in fresh and not has(_OFF, evidence.low)
        for found in _KEEPS_OFF.finditer(evidence.sentence.text)
    )


_EXPERTS = (
    r"(?:doctors?|physicians?|gps?|dentists?|dermatologists?|paediatricians?|pediatricians?|midwives|nurses|vets?|"
    r"veterinarians|physiotherapists?|nutritionists?|dietitians?|scientists?|experts?|specialists|professionals?|pros|chefs?|"
    r"bakers|baristas?|sommeliers?|builders|plumbers|electricians|mechanics|engineers|trainers|coaches|athletes|guides|teachers|"
    r"hairdressers|stylists|gardeners|critics|farmers|musicians|photographers|designers|architects|pharmacists|breeders)"
)
_PRAISES = re.compile(
    rf"\b{_EXPERTS} (?:(?:also|all|really|themselves|most|always|everywhere|worldwide) )?"
    r"(?P<verb>recommend|trust|prefer|swear by|rely on|endorse|approve of|advise|choose|vouch for|praise|love)\b|"
    rf"\b(?P<passive>recommended|trusted|endorsed|approved|preferred|praised|chosen) by (?:[\w-]+ )?{_EXPERTS}\b",
    re.I,
)
"""An expert's praise: ``the serum dermatologists recommend``."""
_PRAISED = r"recommend|trust|prefer|swear|endors|approv|advis|chos|choose|vouch|prais|favourite|love"


def praised_by_experts(evidence: Evidence) -> bool:
    """Return whether experts are said to recommend the thing though no source says that anybody does."""
    found = _PRAISES.search(evidence.sentence.text)
    return found is not None and not has(_PRAISED, evidence.low)


_ALL_THROUGH = re.compile(
    r"\b(?:stays?|lasts?|keeps?|holds?|protects?|runs?|works?|shields?|hydrates?) (?:[\w-]+ ){0,4}?"
    r"(?:all|(?:through(?:out)?|for) (?:a|an|the|your) (?:whole|entire|full)|(?:a|an) (?:whole|entire|full)) "
    r"(?P<span>day|night|morning|afternoon|evening|week|weekend|month|season|summer|winter|year)\b(?! (?:at|of (?:the|your)))",  # noqa: E501
    re.I,
)
"""How long a property holds: ``stays on through a whole afternoon``, ``keeps you warm all night``."""
_LONG_SAID = r"\b(?:all|whole|entire|full|every|24|any|always|never|year-round|night|permanent\w*|lifetime|daily)\b"


def holds_all_through(evidence: Evidence) -> bool:
    """Return whether a property is said to hold for a whole day or season of which no source speaks."""
    found = _ALL_THROUGH.search(evidence.sentence.text)
    return (
        found is not None
        and not has(_LONG_SAID, evidence.low)
        and not has(rf"\b{found['span']}", evidence.low)
        and not any(f.kind == "time" and f.value >= _HALF_A_DAY for p in evidence.passages for f in p.figures)
    )


_HALF_A_DAY = 4 * 3600
"""Seconds from which "all afternoon" is no stretch."""
_MADE = re.compile(
    r"\b(?:[a-z]{3,}(?:ed|en|wn)|made|built|sewn|cut|spun|ground|wound|dug|bound) (?:\w+ ){0,2}?"
    r"(?:by (?P<hand>hand)|in (?:small )?(?P<batch>batch)es|in[- ](?P<house>house)|on the (?P<premises>premises)|"
    r"to (?P<measure>measure|order)|under (?P<licence>licen[cs]e))\b",
    re.I,
)
"""How a thing is made, which is a property of it: ``is picked by hand``."""


def made_otherwise(evidence: Evidence) -> bool:
    """Return whether a thing is said to be made in a way of which no source has a word: ``roasted in small batches``."""  # noqa: E501
    return any(
        not has(rf"{head[:5]}|craft|artisan|individual|custom|bespoke|tailor", evidence.low)
        for found in _MADE.finditer(evidence.sentence.text)
        for head in found.groupdict().values()
        if head
    )


_BEHIND = re.compile(
    r"\b(?:includ(?:es?|ing)|with|plus|offers?|features?|has|have|gets? you|gives? you)\b(?P<items>[^.;:!?]+)", re.I
)
_ITEM = re.compile(r"(?:^|,(?: and)?| and )(?P<item>[^,]+?)(?=,| and |$)")
_NO_ITEM = (
    r"^\s*(?:(?:is|are|was|will|can|may|must|has|have|costs?|you|your?|we|they|it|so|then|if|when|not|no|even|"
    r"for|from|to|in|on|this|that|these|those|there|here|who|which|where|what|why|how|nothing|everything|none|he|she|i|let|"
    r"at|by|just|only|"
    r"go|come|get|take(?! home)|make|see|find|pay|use|keep|save|book|order|buy|choose|pick|bring|ask|call)\b(?!-)|"
    r"[a-z]+(?:s|ed|ly)\b (?:you|your|it|the|an?|in|on|at|for|from|to|up|out|by)\b|[^a-z\s])|"
    r"\b(?:is|are|was|were|will|can)\b|\b(?:it|that|there|here|what|who|you|we|they|i)'"
)
"""What goes on with the sentence and is no further thing: ``and starts at``, ``and you pay``."""


def lists_a_stranger(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether the last of listed things has no word of the sources: ``a guide and pick-up from your hotel``."""
    for found in _BEHIND.finditer(evidence.sentence.text):
        items, base = list(_ITEM.finditer(found["items"])), found.start("items")
        if len(items) < _TWO or has(_NO_ITEM, items[-1]["item"]):
            continue
        last = (base + items[-1].start("item"), base + items[-1].end("item"))
        if _is_strange(evidence, new, last, behind=base):
            return True
    return False


_TWO = 2
_WITH_IT = re.compile(
    r", (?:all )?with (?!no |you|every|all |plenty |lots |room |time |just |only |the (?:option|exception|chance|choice|freedom))"  # noqa: E501
    r"(?P<item>[^,.;:!?]+)(?=$|[,.;:!?])",
    re.I,
)
"""What is added behind a comma: ``plays at 3 pm, with live music``."""
_NEEDS_NO = re.compile(
    r"\b(?:needs?|requires?) (?:no|neither) "
    r"(?!introduction|explanation|explaining|thought|thinking|persua|words?|excuse|reason|more|further|time|special|magic)"
    r"(?P<what>[a-z]+)\b(?! (?:to|that|from|for)\b)",
    re.I,
)
"""What is said away: ``needs no care``."""
_CUTS = r"\b(?:cuts|lowers|halves|shrinks|slashes|trims|reduces) (?:your|the) (?:[a-z]+ ){0,2}(?:bills?|costs?|consumption|footprint)\b"  # noqa: E501
_LESSENS = r"\bcut|\blower|\bhal[fv]|\breduc|\bsav|\bless\b|\bfewer\b|\bcheap"


def adds_with(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether something stands behind ", with" of which no source has a word: ``, with live music``."""
    return any(
        _is_strange(evidence, new, found.span("item")) and not has(_NO_GIFT, found["item"])
        for found in _WITH_IT.finditer(evidence.sentence.text)
    )


def spares_the_reader(evidence: Evidence) -> bool:
    """Return whether care or cost is said away though no source does so: ``needs no care``, ``cuts your bill``."""
    text = evidence.sentence.text
    if has(_CUTS, text) and not has(_LESSENS, evidence.low):
        return True
    return any(
        concept(found["what"].lower()) not in evidence.stems
        and found["what"].lower() not in STOP
        and not stands_for(found["what"].lower(), evidence.low, "")
        and not has(r"\b(?:no|not|without|never|free)\b", evidence.low)
        for found in _NEEDS_NO.finditer(text)
    )


_FURTHER = re.compile(
    rf"(?:,|;|\band|\bplus|\bwhich|\bthat|^\W*(?:and )?(?:it|they|we|you)(?: can|'ll| will)?(?= also| even)) {_ALSO}"
    r"(?:(?:it|they|we|you|you can|you'll|we'll|we will) (?:also |even )?)?(?P<verb>[a-z]+) "
    r"(?P<object>(?:you|your|the|an?|all|every|each|our|their|another|more) [^,.;:!?]+)",
    re.I,
)
"""A further deed with its object: ``and sends you a storm warning``, ``, and get a weekly report``."""
_RECEIVES = (
    r"^(?:get|receive|have|earn|collect|claim|gain|win|meet|skip|access|unlock|borrow|join|watch|attend|hear|learn)$"
)
"""What the reader does only if the sender provides it; what else a reader is told to do is the reader's own."""
_GOES_TO = ("gives", "keeps")
_TURNS = r"^(?:means?|leaves?|makes?|saves?|costs?|gets|takes|brings|needs?|tells|suits|sets|spares|asks|want|know)$"
"""Verbs of such deeds that mostly only turn a fact towards the reader: ``which saves you a trip``."""


def does_more(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether a further deed, of the thing, the sender or the reader, has an object with no word of the sources."""  # noqa: E501
    for found in _FURTHER.finditer(evidence.sentence.text):
        verb = found["verb"].lower()
        receives = has(_RECEIVES, verb)
        told = verb.endswith("s") or has(r"\bwe\b", evidence.sentence.text[: found.start("verb")])
        if has(_TURNS, verb) or not (receives or told) or (verb in STOP and not receives and verb not in _GOES_TO):
            continue
        if receives and has(r"\bto (?:you|your)\b", found["object"]):
            continue
        if _is_strange(evidence, new, found.span("object"), least=_TWO if receives else 1):
            return True
    return False


_BESIDES = r"\b(?:also|too|as well|besides|on top of (?:that|this|it)|what's more|to boot)\b"
"""What says itself that something is added."""
_FOR_YOU = re.compile(
    rf"\b{_PEOPLE} {_ALSO}(?P<verb>[a-z]+) (?:your|the|an?|all|any) [^,.;:!?]* (?:for you|on your behalf)\b", re.I
)
"""What the sender's people do in the reader's place: ``we cancel your old policy for you``."""


def adds_by_itself(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether a sentence only adds what no source has (``It also ...``), or does it in the reader's place."""
    text = evidence.sentence.text
    if any(
        found.start("verb") == at and not says_nothing_new(word)
        for found in _FOR_YOU.finditer(text)
        for word, (at, _) in new
    ):
        return True
    return has(_BESIDES, text) and _is_strange(evidence, new, (0, len(text)), least=_TWO, opens=True)


_BY_WHOM = re.compile(
    r"\b(?:[a-z]{2,}(?:ed|en|wn)|made|built|run|led|worn|taught|cut|sewn) by (?P<whom>(?:(?:the|a|an|our|many|most) )?(?:[\w'-]+ ?){1,3})",  # noqa: E501
    re.I,
)
"""Who makes or uses the thing: ``used by the coastguard``."""


def done_by_others(evidence: Evidence, new: _NewWords) -> bool:
    """Return whether somebody is told to make or use the thing whom no source has: ``used by the coastguard``."""
    return any(_is_strange(evidence, new, found.span("whom")) for found in _BY_WHOM.finditer(evidence.sentence.text))


def _is_strange(
    evidence: Evidence,
    new: _NewWords,
    span: tuple[int, int],
    *,
    least: int = 1,
    behind: int = 0,
    opens: bool = False,
) -> bool:
    """Return whether a part has ``least`` words or more, none of weight that a source has, and no figure or day.

    From ``behind`` on, before the part, the sentence has to have a word of the sources (a greeting adds nothing),
    unless the part ``opens`` it. Of "free" alone nothing is learned where a source has another word of the part.
    """
    sentence, (start, end) = evidence.sentence, span
    words = list(zip(sentence.words, sentence.stems, sentence.spans, strict=True))
    inside = [(word, at) for word, _, at in words if start <= at[0] < end]
    fresh = {at for _, at in new}
    weighty = [(word, at) for word, at in inside if not says_nothing_new(word)]
    if all(word == "free" for word, _ in weighty):
        weighty = inside
    counted = (*(figure.start for figure in sentence.figures), *(day.start for day in sentence.days))
    return (
        len(inside) >= least
        and (opens or any(root in evidence.stems for _, root, (at, _) in words if behind <= at < start))
        and any(not says_nothing_new(word) for word, _ in weighty)
        and all(at in fresh or word == "free" for word, at in weighty)
        and not any(start <= at < end for at in counted)
    )
