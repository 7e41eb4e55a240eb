"""Hold text in languages the rules cannot read."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from app.domain.safety import Surface
from plugins.safety.reading import Mark, Reading

SENTENCE = re.compile(r"[^.!?\n]{1,600}[.!?]*")
NOISE = re.compile(
    r"https?://\S+|\{\{[^{}]{0,200}\}\}|\{%[^{}]{0,200}%\}|\S+@\S+|`[^`]{0,300}`|\b[\w-]*\d[\w-]*\b|\b[0-9a-f]{16,}\b|\b[a-z]+_[a-z_]+\b"
)
ENGLISH = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "or",
        "of",
        "to",
        "in",
        "on",
        "for",
        "with",
        "at",
        "by",
        "from",
        "is",
        "are",
        "was",
        "be",
        "been",
        "has",
        "have",
        "had",
        "will",
        "can",
        "your",
        "you",
        "we",
        "our",
        "us",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "new",
        "now",
        "all",
        "more",
        "off",
        "only",
        "just",
        "get",
        "shop",
        "save",
        "sale",
        "free",
        "up",
        "out",
        "today",
        "here",
        "not",
        "no",
        "so",
        "if",
        "as",
        "but",
        "one",
        "any",
        "every",
        "when",
        "what",
        "who",
        "how",
        "into",
        "over",
        "their",
        "they",
        "them",
        "he",
        "she",
        "his",
        "her",
        "my",
        "me",
        "i",
        "do",
        "does",
        "did",
        "about",
        "than",
        "then",
        "there",
        "time",
        "make",
        "made",
        "take",
        "see",
        "come",
        "like",
        "love",
        "best",
        "back",
        "day",
        "days",
        "week",
        "some",
    ]
)
NOT_LETTERS = re.compile(r"[\W\d_]+")
TOWN = re.compile(r"\b\d{4,5}\s[A-ZÀ-Ý]")
"""A postcode before the name of a town: an address in another country is no other language."""
ENGLISH_SHARE = 0.2
OTHER_SCRIPT_LETTERS = 6
CHAT_LETTERS = 60
CERTAIN = 0.6
"""From this probability on, plain letters count as another language: a product name in capitals stays below it."""


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _loaded_for(reading: Reading) -> Any:
    started = time.thread_time()
    identifier = _identifier()
    reading.pardon(time.thread_time() - started)
    return identifier


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield the sentences that are not English, of at least ``limits.sentence_letters`` letters."""
    if not (reading.outbound or reading.surface is Surface.CHAT):
        return
    least = reading.policy.limits.sentence_letters if reading.outbound else CHAT_LETTERS
    checked = 0
    for match in SENTENCE.finditer(reading.text):
        sentence = NOISE.sub(" ", match.group())
        letters = len(NOT_LETTERS.sub("", sentence))
        if not letters:
            continue
        foreign = sum(c.isalpha() and not _latin(c) for c in sentence) if not sentence.isascii() else 0
        if foreign >= OTHER_SCRIPT_LETTERS and foreign * 2 > letters:
            yield Mark("language.unread", match.start(), match.end())
            return
        if letters < least or _looks_english(sentence, bool(TOWN.search(match.group()))):
            continue
        checked += 1
        if checked > 40:
            return
        reading.check_time()
        language, certainty = _loaded_for(reading).classify(unicodedata.normalize("NFC", sentence))
        if language != "en" and (certainty >= CERTAIN or not _plain_letters(sentence)):
            yield Mark("language.unread", match.start(), match.end())
            return


@lru_cache(maxsize=4_000)
def _latin(character: str) -> bool:
    return character.isascii() or "LATIN" in unicodedata.name(character, "LATIN") or not character.isalpha()


def _plain_letters(sentence: str) -> bool:
    """Tell whether all letters are those of English; emoji, dashes and dots in the middle say nothing."""
    return sentence.isascii() or all(character.isascii() for character in sentence if character.isalpha())


def _looks_english(sentence: str, address: bool) -> bool:
    words = re.findall(r"[a-z']+", sentence.lower())
    if not words:
        return True
    known = sum(word in ENGLISH for word in words)
    named = sum(part[:1].isupper() or not part[:1].isalpha() for part in sentence.split())
    if (_plain_letters(sentence) or address) and named * 3 >= 2 * len(sentence.split()):
        return True  # names, an address or a headline: too few common words to tell
    return known >= max(1, ENGLISH_SHARE * len(words))
