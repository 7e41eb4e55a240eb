"""All local rules over one text: the marks they leave, in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from app.domain.safety import Surface
from plugins.safety import (
    cells,
    characters,
    credentials,
    duties,
    formatting,
    language,
    leaning,
    links,
    markup,
    personal_data,
    sensitive,
)
from plugins.safety.decoding import Decoded, decoded, opaque
from plugins.safety.drafted import proposals
from plugins.safety.folding import Plain, Words, fold, tokenise, without_tags, words_view
from plugins.safety.known_values import KnownValues
from plugins.safety.phrases import PhraseBook
from plugins.safety.policy import Policy, Rule
from plugins.safety.reading import Mark, OutOfTime, Reading
from plugins.safety.repair import repaired, segment

HARM = frozenset({"hate", "self_harm", "sexual", "violence"})
HARM_OR_ATTACK = HARM | {"injection", "brand"}
DRAFTS_AT_MOST = 12
DECODED_AT_MOST = 12
COMPACT_AT_LEAST, COMPACT_DECODED, COMPACT_AT_MOST = 12, 7, 400
LETTERS = re.compile(r"[^\W\d_]+")
WORD_LENGTHS = (3, 8)
"""The mean length of the parts of a text that is written in words."""


class LocalRules:
    """The rules of one policy. Holds no state of a text; safe to use from any thread."""

    def __init__(self, policy: Policy, known: KnownValues | None = None) -> None:
        self._policy = policy
        self._known = known
        self._book = PhraseBook(policy)
        self._applying = {
            surface: frozenset(rule.id for rule in policy.rules if policy.applies(rule, surface)) for surface in Surface
        }

    def read(self, text: str, surface: Surface, until: float) -> Reading:
        """Fold and split a text."""
        plain = fold(text)
        return Reading(text, surface, self._policy, plain, tokenise(plain), until)

    def marks(self, reading: Reading) -> Iterator[Mark]:
        """Yield every mark of every rule; the same span may be marked more than once.

        An e-mail with plain formatting is judged by what it shows, and by where its links and images lead.
        """
        page = formatting.page(reading.text) if reading.surface is Surface.EMAIL else None
        if page is None:
            yield from self._marks(reading)
            return
        yield from markup.of_page(page, reading)
        for mark in self._marks(self.read(page.text, reading.surface, reading.until)):
            yield page.located(mark)

    def _marks(self, reading: Reading) -> Iterator[Mark]:
        yield from cells.marks(reading)
        yield from characters.marks(reading)
        for view in self._views(reading):
            yield from self._phrases(reading, view)
        yield from self._drafted(reading)
        for part in (markup.marks, links.marks, personal_data.marks, sensitive.marks, credentials.marks):
            reading.check_time()
            yield from part(reading)
        if self._known is not None:
            yield from self._known.marks(reading)
        yield from opaque(reading)
        yield from duties.marks(reading)
        yield from leaning.marks(reading)
        reading.check_time()
        yield from language.marks(reading)
        yield from self._hidden(reading)

    def _views(self, reading: Reading) -> Iterator[Words]:
        yield reading.words
        reading.check_time()
        straight = repaired(reading.plain, reading.words, self._book.vocabulary)
        if straight is not None:
            yield straight
        bare = without_tags(reading.plain)
        if bare is not None:
            words = tokenise(bare, "without tags")
            yield words
            straight = repaired(bare, words, self._book.vocabulary)
            if straight is not None:
                yield straight
        compact = self._compact_view(reading.plain)
        if compact is not None:
            yield compact

    def _compact_view(self, plain: Plain, least: int = COMPACT_AT_LEAST) -> Words | None:
        cut = segment(_compact(plain, least), self._book.vocabulary)
        return words_view("compact", cut, [(0, plain.length)] * len(cut)) if cut else None

    def _phrases(self, reading: Reading, view: Words) -> Iterator[Mark]:
        applying, wanted = self._applying[reading.surface], WANTED_IN.get(view.name, _harm_or_attack)
        for hit in self._book.hits(view, lambda rule: rule.id in applying and wanted(rule)):
            reading.check_time()
            start, end = view.span(hit.start, hit.end)
            if duties.counts(hit.rule, start, reading):
                yield Mark(hit.rule.id, start, end)

    def _drafted(self, reading: Reading) -> Iterator[Mark]:
        if reading.surface is not Surface.CHAT:
            return
        for start, end in islice(proposals(reading.text), DRAFTS_AT_MOST):
            reading.check_time()
            copy = self.read(reading.text[start:end], Surface.COPY, reading.until)
            found = chain(self._phrases(copy, copy.words), leaning.marks(copy))
            if any(self._policy.about(mark.rule).category in HARM for mark in found):
                yield Mark("judge.drafted", start, end)

    def _hidden(self, reading: Reading) -> Iterator[Mark]:
        for number, part in enumerate(decoded(reading, self._book.vocabulary)):
            if number >= DECODED_AT_MOST:
                yield Mark("encoding.opaque")
                return
            reading.check_time()
            yield from self._of_decoded(reading, part)

    def _of_decoded(self, reading: Reading, part: Decoded) -> Iterator[Mark]:
        inner = self.read(part.text, reading.surface, reading.until)
        wanted = _surely_harm if part.guessed else _harm_or_attack
        straight = repaired(inner.plain, inner.words, self._book.vocabulary)
        for view in (inner.words, straight, None if part.guessed else self._compact_view(inner.plain, COMPACT_DECODED)):
            for hit in self._book.hits(view, wanted) if view is not None else ():
                yield Mark(hit.rule.id, part.start, part.end)
        for source in (markup.marks, links.marks, personal_data.marks, credentials.marks):
            for mark in source(inner):
                if mark.rule not in ("link.unlisted", "link.insecure", "personal.spelled-number", "link.look-alike"):
                    yield Mark(mark.rule, part.start, part.end)


def _any(_: Rule) -> bool:
    return True


def _harm_or_attack(rule: Rule) -> bool:
    return rule.category in HARM_OR_ATTACK


def _surely_harm(rule: Rule) -> bool:
    """Tell whether a rule blocks: one that only asks for a reader says too little where the words are guessed."""
    return rule.category in HARM_OR_ATTACK and rule.action is None


WANTED_IN = {"words": _any, "compact": _surely_harm}
"""The rules that read a view; every other view is read for harm and attacks."""


def _compact(plain: Plain, least: int) -> str:
    """Return the letters of a text that was written with hardly any spaces or one letter at a time, else ''.

    An identifier such as ``check_same_thread`` is not one: its parts are words already, and are read as such.
    """
    text = plain.text.strip()
    if not text or len(text) > COMPACT_AT_MOST:
        return ""
    parts = LETTERS.findall(text)
    letters = "".join(parts)
    spaces = sum(c.isspace() for c in text)
    dense = len(letters) >= least and spaces * 12 <= len(letters)
    in_words = len(parts) > 1 and WORD_LENGTHS[0] <= len(letters) / len(parts) <= WORD_LENGTHS[1]
    return letters if dense and not in_words else ""


__all__ = ["LocalRules", "OutOfTime"]
