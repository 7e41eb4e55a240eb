"""The verdict on a copy: which sentences state something, what they cite, and what every rule says of them.

Hard findings block; soft ones hold for a person. ``grounded`` is false with either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from plugins.generation.grounding.conditions.condition_rules import condition_problems, threshold_problems
from plugins.generation.grounding.conditions.exclusion_rules import exclusion_problems
from plugins.generation.grounding.conditions.generality_rules import generality_problems
from plugins.generation.grounding.conditions.restriction_rules import restriction_problems
from plugins.generation.grounding.denials.polarity_rules import polarity_problems
from plugins.generation.grounding.evidence import Case, Evidence, Source, claims, has
from plugins.generation.grounding.figures.day_rules import day_problems, rhythm_problems
from plugins.generation.grounding.figures.deadline_rules import (
    computable_days_left,
    deadline_problems,
    validity_problems,
)
from plugins.generation.grounding.figures.figure_rules import figure_problems
from plugins.generation.grounding.figures.limits import limit_problems
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.figures.past_counts import past_count_problems
from plugins.generation.grounding.figures.presence import presence_problems
from plugins.generation.grounding.figures.relative_rules import relative_problems
from plugins.generation.grounding.figures.superseded import told_from_the_replaced
from plugins.generation.grounding.reading.dates import weekdays, writes_month_first
from plugins.generation.grounding.reading.lexicon import SCENES, STRONG, concept, is_claim, is_empty
from plugins.generation.grounding.reading.passages import LONGEST_SENTENCE, Passage, parse, sentences, source_passages
from plugins.generation.grounding.wording.certainty_rules import absolute_problems, certainty_problems
from plugins.generation.grounding.wording.citation_rules import citation_problems
from plugins.generation.grounding.wording.degree_rules import degree_problems
from plugins.generation.grounding.wording.origin_rules import origin_problems
from plugins.generation.grounding.wording.quotation_rules import opinion_problems, quotation_problems
from plugins.generation.grounding.wording.role_rules import role_problems
from plugins.generation.grounding.wording.support_rules import support_problems
from plugins.generation.grounding.wording.wording_rules import (
    name_problems,
    named_elsewhere,
    strength_problems,
    without_soft_best,
)

Severity = Literal["hard", "soft"]
SOFT = frozenset(
    ("name_not_in_source", "number_of_other_product", "number_out_of_context", "stronger_than_source", "low_support",
     "hedge_dropped", "generality_added", "correlation_as_cause", "roles_swapped", "feature_not_in_source",
     "stretched_statistic", "wrong_citation", "opinion_as_fact")
)  # fmt: skip
_HOUSEKEEPING = (
    r"^(?:reply|text) stop\b|\bstop to (?:opt|end|unsub|cancel)|\bopt[- ]?out\b|\bunsubscrib|\bmsg ?& ?data|\bt&cs? apply|\bterms (?:and conditions )?apply|"  # noqa: E501
    r"^terms\b|\bview in (?:your )?browser|\bprivacy (?:policy|notice)|\byou(?:'re| are) receiving|\bmanage (?:your )?preferences|\ball rights reserved|"  # noqa: E501
    r"^(?:the |your )?[\w &']{2,30} (?:team|crew)\.?$|^(?:hi|hello|hey|dear)\b[^.!?]{0,30}[,!.]?$|^(?:see you|cheers|thanks|warmly|best|yours|love)\b[^.]{0,60}$"  # noqa: E501
)
_CTA = r"^(?:so,? |then,? |just |ready\? |and |go on,? |please )?(?:shop|book|order|visit|tap|click|see|discover|explore|find|start|join|get|grab|claim|try|enjoy|come|take|reserve|treat|say|meet|pick|choose|browse|learn|read|plan|pack|stock|have|sign|add|check|open|use|save|redeem|enter|download|call|upgrade|switch|compare|make|keep|put|give|let|go|stay|bring)\b"  # noqa: E501

_RANKED = r"\b(?:[a-z]+'s|the) (?:[a-z]{3,}est|best|top|most|number one|no\. ?1)[- ](?:[a-z]+ed|selling|popular|recommended)\b|#1"  # noqa: E501
"""A rank that stays a statement in a command: ``Meet the country's highest-rated mattress``."""
_OF_IT = r"^\W*(?:and |plus,? |what's more,? )?(?:it|they)(?: also| even| both| each)? (?:keeps?|stays?|holds?|lasts?|runs?|weighs?|costs?|measures?|carr(?:y|ies)|charges?|has|have|comes?|fits?|dr(?:y|ies)|cooks?|heats?|boils?|plays?|survives?|handles?|reach(?:es)?|covers?|saves?)\b"  # noqa: E501
"""What opens a statement about the thing just spoken of: ``It keeps your tea hot for twelve hours``."""
_GIVES_MORE = (
    r"^\W*(?:and |plus,? )?(?:it|they|each one|every one)(?:'ll| will)? (?:(?:also|even) )?(?:comes? with|includes?|features?) |"  # noqa: E501
    r"^\W*(?:and |plus,? )?you(?:'ll| will)? also (?:get|receive) |\bwe \w+ [^.,;:]{3,40} (?:for|with|from) (?:every|each) "  # noqa: E501
    r"(?:order|purchase|sale|booking|box|bottle|pair|ticket|item|product)\b|^\W*(?:it|its \w+|they|our [\w ]{2,20}) (?:also |even )?"  # noqa: E501
    r"(?:resists?|repels?|prevents?|protects?|kills?|removes?|reduces?|survives?|withstands?|absorbs?|detects?|blocks?)\b|"
    r"^\W*(?:delivery|shipping|assembly|installation|fitting|set-?up|parking|returns?|refunds?|repairs?|support|training) "  # noqa: E501
    r"(?:takes?|costs?|lasts?|comes?|arrives?|includes?)\b"
)
"""What opens something more that is promised without a marker: ``It also comes with a bench``, ``You also get ...``."""
_EACH_INCLUDES = (
    r"^\W*(?:and |plus,? )?(?:every|each|all|all our|our|your|the) (?P<thing>(?:[\w-]+ ){1,3}?)(?:also )?"
    r"(?:includes?|comes? (?:complete )?with|features?|contains?)\b"
)
_MOST_FIGURES = 40
_HOURS_OF = r"\b(?:opens?|opening|close[sd]?|shuts?|starts?|begins?|runs?|until|till|doors|served|available|departs?|leaves?|arrives?|from(?= \d))\b"  # noqa: E501
"""What makes a clock time more than a scene: ``We open at 7am``."""
_PRICED = ("money", "percent", "ratio", "code", "multibuy")
"""Kinds of figure that state something wherever they stand; other figures in words may be a turn of phrase."""


@dataclass(frozen=True)
class Finding:
    """One reason against one sentence; ``cited`` are the ids it was held against."""

    sentence: str
    reason: str
    cited: tuple[str, ...]
    severity: Severity


@dataclass(frozen=True)
class CitedSentence:
    """A sentence without markers, and the ids of the sources behind it."""

    text: str
    citations: tuple[str, ...] = ()
    paragraph: int = 0


def check_copy(
    copy: str | Sequence[CitedSentence], sources: Mapping[str, str], as_of: date, *, sender: str = ""
) -> list[Finding]:
    """Return what stands against ``copy`` (with markers, or as sentences with citations) given source texts by id.

    ``sender`` is the name that signs the message, where it is known; a name needs a source unless it is the sender's.
    """
    american = writes_month_first(" ".join(sources.values()))
    if isinstance(copy, str):
        parsed = sentences(copy, as_of, american)
    else:
        parsed = [_cited(sentence, as_of, american) for sentence in copy]
    prepared = {i: Source(i, tuple(source_passages(text, as_of, american))) for i, text in sources.items()}
    case = Case(as_of, prepared, tuple(parsed), sender, american)
    found: list[Finding] = []
    for at, sentence in enumerate(parsed):
        ids = sentence.cited or _lean(parsed, at)
        for reason in dict.fromkeys(_problems(case, sentence, ids)):
            found.append(Finding(sentence.raw, reason, ids, "soft" if reason in SOFT else "hard"))
    return found


def _cited(sentence: CitedSentence, as_of: date, month_first: bool) -> Passage:
    plain = parse(sentence.text, as_of, month_first)
    return Passage(plain.raw, plain.text, plain.words, plain.stems, plain.spans, plain.figures, plain.days,
                   plain.clocks, sentence.citations, sentence.paragraph)  # fmt: skip


def _heading(sentence: Passage) -> bool:
    return has(r"^(?:subject|preheader|preview|title|headline|cta|heading|button)\s*:|^#", sentence.raw) or (
        not re.search(r"[.!?]$", sentence.raw) and len(sentence.raw) <= 70
    )


def _lean(parsed: Sequence[Passage], at: int) -> tuple[str, ...]:
    """Return the citations of the next marker in the paragraph; a heading may lean on the next one anywhere."""
    here = parsed[at]
    for later in parsed[at + 1 :]:
        if later.paragraph != here.paragraph and not _heading(here):
            return ()
        if later.cited:
            return later.cited
    return ()


def _factual(case: Case, sentence: Passage) -> bool:
    """Return whether an uncited sentence states something that a source would have to bear."""
    raw = sentence.raw
    if has(_HOUSEKEEPING, raw):
        return False
    figures = [
        f
        for f in sentence.figures
        if f.kind not in ("ordinal",) and not (f.kind not in _PRICED and (f.spelled or f.kind == "factor"))
    ]
    scene = raw.endswith("?") and not has(r"^did you know\b|^guess\b", raw)
    if scene and not any(f.kind in _PRICED for f in figures):
        return False
    if (
        figures
        or (sentence.clocks and (has(_HOURS_OF, sentence.text) or weekdays(sentence.text)))
        or any(d.day != case.as_of and (d.role or re.search(r"\d", d.text)) for d in sentence.days)
    ):
        return True
    if raw.endswith("?"):
        return False
    if _ranks(sentence):
        return True
    if has(_CTA, raw):
        return has(r"\bfree (?:shipping|delivery|returns|gift|trial|upgrade|breakfast)\b", sentence.text) or has(
            _RANKED, sentence.text
        )
    if has(_GIVES_MORE, sentence.text) or _each_includes(case, sentence) or _tells_source_figure(case, sentence):
        return True
    strong = [
        word
        for word, span in zip(sentence.words, sentence.spans, strict=True)
        if is_claim(word)
        and not (word in SCENES and (_apart(case, sentence) or _before_colon(sentence, span[0])))
        and not _readers_own(sentence, span)
    ]
    if strong and has(
        r"\b(?:is|are|was|has|have|comes?|includes?|included|free|made|with|we|get|gets|you|it|its|now|offers?)\b",
        sentence.text,
    ):
        return True
    return _repeats_source(case, sentence)


def _each_includes(case: Case, sentence: Passage) -> bool:
    """Return whether a sentence says what comes with a thing that a source speaks of: ``Every repair includes ...``."""
    found = re.search(_EACH_INCLUDES, sentence.text, re.I)
    if found is None:
        return False
    known = {s for source in case.sources.values() for p in source.passages for s in p.stems}
    return any(concept(word) in known for word in re.findall(r"[a-z]+", found["thing"].lower()) if not is_empty(word))


def _ranks(sentence: Passage) -> bool:
    """Return whether a sentence says that something is best, proven or award-winning, in a command compounds only."""
    kept = without_soft_best(sentence.text).lower()
    if any(word in STRONG for word in re.findall(r"[a-z]+(?:-[a-z]+)+", kept)):
        return True
    if has(_CTA, sentence.raw) or has(_WE_ARE_WHOLLY, sentence.raw):
        return False
    return any(word in STRONG for word in set(re.findall(r"[#a-z0-9']+", kept)) & set(sentence.words))


_WE_ARE_WHOLLY = r"\b(?:we|you|i)(?:'re| are| will|'ll)? (?:totally|absolutely|completely)\b"


def _before_colon(sentence: Passage, at: int) -> bool:
    """Return whether a word stands in what a colon only opens: ``Red wine, muddy paws: we have met them all``."""
    said = has(r"\b(?:is|are|has|have|with|we|our|free|includ\w+)\b", sentence.text[:at])
    return ":" in sentence.text[at:] and not said


def _readers_own(sentence: Passage, span: tuple[int, int]) -> bool:
    """Return whether a word only names what the reader has, and nothing is told of it: ``Now, about your towels``."""
    text = sentence.text
    return has(r"\b(?:your|his|her|their|my) (?:[\w-]+ )?$", text[: span[0]]) and not has(
        r"\b(?:free|includ\w+|gets?|receive|gives?|sends?|adds?|add|comes?|starts?|lasts?|runs?|covers?|gift|extra|each|every)\b",
        text,
    )


def _apart(case: Case, sentence: Passage) -> bool:
    """Return whether a sentence speaks of nobody and nothing in a source: ``The dog has eaten a sock``."""
    known = {s for source in case.sources.values() for p in source.passages for s in p.stems}
    return not has(r"\b(?:we|our|us|you|your|every|all|free)\b", sentence.text) and not known & sentence.concepts


def _tells_source_figure(case: Case, sentence: Passage) -> bool:
    """Return whether a measure in words is told of the thing, or a source states it: ``It lasts ten days``."""
    if has(_OF_IT, sentence.text) and any(f.unit for f in sentence.figures):
        return True
    return any(
        f.unit and matches(f, other) and len(sentence.concepts & passage.concepts) >= _SAME_MATTER
        for source in case.sources.values()
        for passage in source.passages
        for other in passage.figures
        for f in sentence.figures
    )


_MANY = 3
_SAME_MATTER = 2
"""Concepts that two sentences share when they speak of the same thing."""


def _repeats_source(case: Case, sentence: Passage) -> bool:
    words = claims(sentence)
    stems = [{s for p in source.passages for s in p.stems} for source in case.sources.values()]
    shared = max((len(sentence.concepts & known) for known in stems), default=0)
    if len(words) >= 2 and shared >= 3 and shared >= 0.6 * len(sentence.concepts):
        return True
    telling = {concept(w) for w in words}
    told = {s for other in case.sentences if other.cited for s in other.stems}
    given = has(
        r"^\W*(?:and |plus,? )?(?:you(?:'ll| will)?|we(?:'ll| will)?) (?:also |even |always )?(?:get|receive|send|give|include|offer|provide|deliver)\b",  # noqa: E501
        sentence.text,
    )
    telling = telling or (sentence.concepts if len(sentence.concepts) >= _MANY else set[str]())
    return given and bool(telling - told) and any(telling <= known for known in stems)


def _said_before(case: Case, sentence: Passage) -> tuple[str, ...]:
    """Return the citations of the sentences of the copy that already say everything this one says."""
    cited = [s for s in case.sentences if s.cited]
    figures = {(f.kind, f.value, f.text if f.kind == "code" else "") for s in cited for f in s.figures}
    days = {d.day for s in cited for d in s.days}
    stems = {stem for s in cited for stem in s.stems}
    same = all((f.kind, f.value, f.text if f.kind == "code" else "") in figures for f in sentence.figures)
    new = [w for w in claims(sentence) if concept(w) not in stems]
    if (
        same
        and all(d.day in days for d in sentence.days)
        and not new
        and (sentence.figures or sentence.days or sentence.stems)
    ):
        return tuple(dict.fromkeys(i for s in cited for i in s.cited))
    return ()


def _problems(case: Case, sentence: Passage, ids: tuple[str, ...]) -> Iterator[str]:
    if any(i not in case.sources for i in sentence.cited):
        yield "unknown_citation"
    if len(sentence.raw) > LONGEST_SENTENCE or len(sentence.figures) > _MOST_FIGURES:
        yield "sentence_too_long"
        return
    if not sentence.cited:
        alone = Evidence(case, sentence, ids)
        yield from _pressure(alone)
        if not _factual(case, sentence):
            yield from absolute_problems(alone)
            return
        ids = ids or _said_before(case, sentence)
        if not ids:
            if not computable_days_left(alone):
                yield "missing_citation"
            return
    evidence = Evidence(case, sentence, ids)
    if evidence.passages:
        yield from _against(case, sentence, evidence)


def _pressure(evidence: Evidence) -> Iterator[str]:
    if not evidence.ids:
        evidence = Evidence(evidence.case, evidence.sentence, tuple(evidence.case.sources))
    yield from deadline_problems(evidence)


def _against(case: Case, sentence: Passage, evidence: Evidence) -> Iterator[str]:
    yield from validity_problems(evidence)
    if told_from_the_replaced(evidence):
        yield "expired_source"
    if sentence.cited:
        yield from deadline_problems(evidence)
    yield from figure_problems(evidence)
    yield from day_problems(evidence)
    yield from rhythm_problems(evidence)
    yield from relative_problems(evidence)
    yield from presence_problems(evidence)
    yield from past_count_problems(evidence)
    yield from limit_problems(evidence)
    yield from condition_problems(evidence)
    yield from threshold_problems(evidence)
    yield from restriction_problems(evidence)
    yield from citation_problems(case, sentence)
    yield from opinion_problems(evidence)
    yield from quotation_problems(evidence)
    if _word_for_word(sentence, evidence):
        return
    yield from exclusion_problems(evidence)
    yield from generality_problems(evidence)
    yield from polarity_problems(evidence)
    yield from certainty_problems(evidence)
    yield from degree_problems(evidence)
    yield from strength_problems(evidence)
    yield from role_problems(evidence)
    yield from origin_problems(evidence)
    known = " ".join((evidence.low, _senders(case), named_elsewhere(evidence)))
    yield from name_problems(evidence, known)
    yield from support_problems(evidence, known)


def _word_for_word(sentence: Passage, evidence: Evidence) -> bool:
    """Return whether a source has the sentence as it stands: it can then only leave out what stands beside it there."""
    said = _letters(sentence.text)
    return any(said == _letters(passage.text) for passage in evidence.passages)


def _letters(text: str) -> str:
    return re.sub(r"[^\w%$\u00a3\u20ac]+", " ", text).strip().lower()


def _senders(case: Case) -> str:
    """Return the sender and the names that sign: ``Brand:`` at the start, ``the Brand team``, the last line."""
    out: list[str] = [case.sender]
    for at, sentence in enumerate(case.sentences):
        if at == 0:
            out += re.findall(r"^([A-Z][\w &'.]{1,25}):", sentence.raw)
        out += re.findall(r"[Tt]he ([A-Z][\w &']{1,25}?) (?:team|crew)", sentence.raw)
        if not sentence.cited:
            out += re.findall(
                r"\b(?:[Aa]t|from|[Ww]elcome to|with|here at) ([A-Z]\w+(?: [A-Z&]\w*)*)\b(?! [A-Z&]|,? (?:our|the) [a-z])",  # noqa: E501
                sentence.raw,
            )
    if case.sentences:
        last = case.sentences[-1]
        out += [last.raw] if not last.cited and len(last.words) <= 5 else []
    return " ".join(out).lower()
