"""Rules about what others said: a quotation has their words, and their opinion is not told as a fact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.lexicon import concept
from plugins.generation.grounding.reading.passages import Passage

_QUOTED = re.compile(
    r"[\"\u201c](?P<double>[^\"\u201c\u201d]+)[\"\u201d]|(?<![\w'])['\u2018](?P<single>(?:[^'\u2018\u2019]|['\u2019](?=\w))+)['\u2019](?!\w)"
)
_SAYS = (
    r"[\"\u201c\u201d]|(?<!\w)['\u2018][A-Z][^'\u2019]{12}|\b(?:reviews?|reviewed|testimonial|quot\w+|said|says?|wrote|writes|told|"
    r"calls?|called|comment\w*)\b"
)
"""How a source gives the words of a person or a paper."""
_SHORTEST = 4
"""Words; fewer are a name or a word that is held at arm's length: ``our 'quiet' carriages``."""
_LEFT_OUT = re.compile(r"\u2026|\.\.\.|\[[^\]]*\]")
"""What shows in a quotation that something was left out or put in."""


def quotation_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``quote_altered`` where words between quotation marks are not those of the cited sources.

    ``"The best holiday of our lives," says Margaret T.`` for ``"The best walking week we have had in years."``
    """
    if not has(_SAYS, " ".join(p.raw for p in evidence.passages)):
        return
    told = _plain(" ".join(p.raw for p in evidence.passages))
    for found in _QUOTED.finditer(evidence.sentence.raw):
        quoted = found["double"] or found["single"]
        if quoted.rstrip().endswith("?") or len(quoted.split()) < _SHORTEST:
            continue
        if any(_plain(part) not in told for part in _LEFT_OUT.split(quoted) if part.strip(" .,")):
            yield "quote_altered"
            return


def _plain(text: str) -> str:
    """Return the words of ``text`` alone, as they can be compared: small letters, single spaces."""
    return f" {' '.join(_WORD.findall(re.sub(_APOSTROPHE, '', text.lower())))} "


_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = r"['\u2019]"


_REVIEW = re.compile(
    r"\b(?:reviews?|reviewer|testimonial|feedback|comment|(?:customers?|guests?|members?|buyers?|readers?|users?|owners?|diners?) "  # noqa: E501
    r"(?:\w[\w.]{0,20},? ){0,3}(?:wrote|writes|said|says|told us|commented))\b[^\"]{0,60}[\"]|"
    r"[\"'],? (?:wrote|writes|said|says|told us)\b|:\s*[\"'](?=(?:\S+ ){3})",
    re.I,
)
_ATTRIBUTED = (
    r"\"|\b(?:reviews?|reviewer|says?|said|sa(?:id|ys)|writes?|wrote|told|tells|calls?|called|described?s?|find|finds|found|raves?|"
    r"according|in the words|customers?|guests?|members?|buyers?|readers?|users?|owners?|diners?|thinks?|thought|reckons?|"  # noqa: E501
    r"loves?|loved|feedback|testimonial|one of you)\b"
)


def opinion_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``opinion_as_fact`` where what one person wrote in a review is told as a fact of the product."""
    sentence = evidence.sentence
    if not sentence.cited or not evidence.aligned or has(_ATTRIBUTED, sentence.text):
        return
    for source in evidence.sources:
        found = _REVIEW.search(source.text)
        if found is None or _names_reviewer(sentence, found, source.text):
            continue
        said = _said_with(source.id, sentence)
        quoted = {concept(w) for m in _IN_QUOTES.finditer(source.text) for w in re.findall(r"[a-z]{2,}", m[0].lower())}
        if quoted and len(quoted & said) < _SHARED:
            continue
        best = max(source.passages, key=lambda p: len(p.concepts & said))
        spoken_of = best in evidence.aligned[:2] or said != sentence.concepts
        if (
            spoken_of
            and len(best.concepts & said) >= _SHARED
            and source.text.find(best.text) + len(best.text) > found.end()
        ):
            yield "opinion_as_fact"


_SHARED = 2
_IN_QUOTES = re.compile(r"\"[^\"]+\"|(?<!\w)'(?:[^']|'(?=\w))+'(?!\w)")


def _said_with(cited: str, sentence: Passage) -> frozenset[str]:
    """Return the concepts of the part of the sentence that cites one source, or of all of it."""
    parts = [text for text, ids in sentence.marked if cited in ids]
    words = (w for part in parts for w in re.findall(r"[a-z]{2,}", part.lower()))
    return frozenset(concept(w) for w in words) if parts else sentence.concepts


def _names_reviewer(sentence: Passage, found: re.Match[str], text: str) -> bool:
    """Return whether the sentence names whom the review is by."""
    by = set(
        re.findall(
            r"(?:\b(?:by|from|wrote|says|said)|,) ([A-Z][a-z]+)|\b[A-Z][a-z]+(?= (?:\w\. )?(?:wrote|says|said))",
            found[0],
        )
    ) | set(re.findall(r"\bby ([A-Z][a-z]+)", text[: found.end()]))
    return bool(by & set(re.findall(r"\b[A-Z][a-z]+", sentence.raw)))
