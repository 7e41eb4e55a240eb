"""Undo encodings once more, so that what is hidden in them is read by the same rules."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from plugins.safety.reading import Mark, Reading
from plugins.safety.repair import Vocabulary

BASE64 = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{12,20000}={0,2}(?![A-Za-z0-9+/_-])")
HEX = re.compile(r"(?<![0-9a-fA-F])(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ ,:]{0,2}){6,5000}(?![0-9a-fA-F])")
BINARY = re.compile(r"(?<![01])(?:[01]{8}\s?){3,400}(?![01])")
PERCENT = re.compile(
    r"(?:%[0-9a-fA-F]{2}[\w.-]{0,3}){3,}|(?<![\w/.:?=&%-])[A-Za-z]{2,30}(?:%[2-7][0-9a-fA-F][A-Za-z]{1,30})+"
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});?", re.IGNORECASE)
ESCAPE = re.compile(r"\\(?:u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-7]{3})")
HEX_DIGEST = re.compile(r"[0-9a-fA-F]{32}(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{32}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96})?\Z")
NUMBERS = re.compile(r"(?<![\d.])(?:\d{2,3}[ ,]{1,2}){6,400}\d{2,3}(?![\d.])")
FUNCTION_WORDS = [
    "the",
    "and",
    "you",
    "your",
    "for",
    "with",
    "this",
    "that",
    "are",
    "not",
    "have",
    "from",
    "will",
    "now",
    "get",
    "all",
    "kill",
    "yourself",
    "hate",
    "die",
    "ignore",
    "previous",
    "instructions",
    "system",
    "prompt",
    "should",
    "must",
    "everyone",
    "them",
    "they",
]
ROT13_SIGNS = frozenset(codecs.encode(word, "rot13") for word in FUNCTION_WORDS) - {"one", "be", "or"}
REVERSED_SIGNS = frozenset(word[::-1] for word in FUNCTION_WORDS) - {"era", "ton", "won", "lla", "eid", "llik"} | {
    "llik",
    "eid",
}
MIN_LETTERS_SHARE = 0.7
TURNED_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text that was hidden in ``start..end`` of the original.

    ``guessed``: read backwards or rotated on the sign of a few words, so that plain text can have got here by chance.
    """

    text: str
    start: int
    end: int
    guessed: bool = False


def decoded(reading: Reading, vocabulary: Vocabulary) -> Iterator[Decoded]:
    """Yield what the text says when decoded."""
    text = reading.text
    yield from _blobs(text)
    for pattern, decode in ((PERCENT, unquote), (ENTITY, html.unescape), (ESCAPE, _unescape)):
        if pattern.search(text):
            plain = decode(text)
            if plain != text:
                yield Decoded(plain, 0, len(text))
    yield from _turned(reading, vocabulary)


def _blobs(text: str) -> Iterator[Decoded]:
    for match in BASE64.finditer(text):
        token = match.group()
        if any(c.isupper() for c in token) or any(c.isdigit() for c in token) or token.endswith("="):
            plain = _from_base64(token)
            if plain:
                yield Decoded(plain, match.start(), match.end())
    for pattern, decode in ((HEX, _from_hex), (BINARY, _from_binary), (NUMBERS, _from_numbers)):
        for match in pattern.finditer(text):
            plain = decode(match.group())
            if plain:
                yield Decoded(plain, match.start(), match.end())


def _readable(raw: bytes) -> str | None:
    try:
        plain = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    letters = sum(c.isalpha() or c.isspace() for c in plain)
    return plain if len(plain) >= 4 and letters >= MIN_LETTERS_SHARE * len(plain) else None


def _from_base64(token: str) -> str | None:
    compact = token.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _readable(base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True))
    except (binascii.Error, ValueError):
        return None


def _from_hex(token: str) -> str | None:
    digits = re.sub(r"0x|\\x|[^0-9a-fA-F]", "", token)
    return _readable(bytes.fromhex(digits)) if len(digits) % 2 == 0 else None


def _from_binary(token: str) -> str | None:
    bits = re.sub(r"\s", "", token)
    return _readable(bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8)))


def _from_numbers(token: str) -> str | None:
    codes = [int(n) for n in re.findall(r"\d+", token)]
    return _readable(bytes(codes)) if all(32 <= c < 127 for c in codes) else None


def _unescape(text: str) -> str:
    return ESCAPE.sub(lambda m: _character(m.group()), text)


def _character(escape: str) -> str:
    digits = escape.strip("\\uUx{}")
    try:
        return chr(int(digits, 8 if escape[1].isdigit() else 16))
    except (ValueError, OverflowError):
        return ""


def _turned(reading: Reading, vocabulary: Vocabulary) -> Iterator[Decoded]:
    """Yield the text read backwards or rotated, when its words look like English treated so."""
    words = [w for w in reading.words.words if w != "."]
    distinct = set(words)
    length = len(reading.text)
    rotated, mirrored = _turned_vocabulary(vocabulary)
    if len(distinct & ROT13_SIGNS) >= 2 or distinct & rotated:
        yield Decoded(codecs.encode(reading.text, "rot13"), 0, length, guessed=True)
    backwards = distinct & REVERSED_SIGNS
    if backwards or distinct & mirrored:
        yield Decoded(reading.text[::-1], 0, length, guessed=True)
        yield Decoded(" ".join(w[::-1] for w in words), 0, length, guessed=True)


@lru_cache(maxsize=4)
def _turned_vocabulary(vocabulary: Vocabulary) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words the rules look for, rotated and read backwards, where that is not another such word."""
    known = [word for word in vocabulary.exact if len(word) >= TURNED_LETTERS]
    return (
        frozenset(codecs.encode(word, "rot13") for word in known) - vocabulary.exact,
        frozenset(word[::-1] for word in known) - vocabulary.exact,
    )


def opaque(reading: Reading) -> Iterator[Mark]:
    """Yield long blobs that nobody can read. Hex digests pass."""
    if not reading.outbound:
        return
    limit = reading.policy.limits.blob
    for match in BASE64.finditer(reading.text):
        token = match.group()
        mixed = any(c.isupper() for c in token) and any(c.islower() for c in token) and any(c.isdigit() for c in token)
        if len(token) >= limit and mixed and not HEX_DIGEST.match(token):
            yield Mark("encoding.opaque", match.start(), match.end())
