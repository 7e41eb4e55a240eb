"""Find our own customers in a text: their names, e-mail addresses and phone numbers, held only as keyed hashes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plugins.safety.folding import fold, tokenise
from plugins.safety.reading import Mark, Reading

EMAIL = re.compile(r"[a-z0-9._%+'-]{1,64}@[a-z0-9.-]{3,100}")
NUMBER = re.compile(r"\d(?:[ ().\-/]{0,2}\d){6,15}")
PHONE_DIGITS = 9
LONGEST_NAME = 4


class KnownValues:
    """The values of the loaded customer table that must not appear in a text.

    ``customers`` is read once: mappings with ``first_name, last_name, email, phone`` (any may be missing or None).
    Names count only in full (first and last). ``key`` is a secret of at least 16 bytes; nothing else is kept.
    A city alone tells nothing and is not indexed.
    """

    def __init__(self, customers: Iterable[Mapping[str, Any]], key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("the key of the known values has less than 16 bytes")
        self._key = key[:64]
        self._firsts: set[bytes] = set()
        self._values: set[bytes] = set()
        for customer in customers:
            self._add(customer)

    def __len__(self) -> int:
        return len(self._values)

    def _add(self, customer: Mapping[str, Any]) -> None:
        first, last = _text(customer.get("first_name")), _text(customer.get("last_name"))
        words = _name_words(f"{first} {last}") if first and last else ()
        if 2 <= len(words) <= LONGEST_NAME and len("".join(words)) >= 5:
            for order in (list(words), [*words[1:], *words[:1]]):
                self._firsts.add(self._hash("first", order[0]))
                self._values.add(self._hash("name", " ".join(order)))
        email = fold(_text(customer.get("email"))).text.strip()
        if "@" in email:
            self._values.add(self._hash("email", email))
        digits = re.sub(r"\D", "", _text(customer.get("phone")))
        if len(digits) >= PHONE_DIGITS:
            self._values.add(self._hash("phone", digits[-PHONE_DIGITS:]))

    def _hash(self, kind: str, value: str) -> bytes:
        return hashlib.blake2b(f"{kind}:{value}".encode("utf-8", "replace"), key=self._key, digest_size=12).digest()

    def marks(self, reading: Reading) -> Iterator[Mark]:
        """Yield the customers named in a text."""
        if self._values:
            yield from self._names(reading)
            yield from self._contacts(reading)

    def _names(self, reading: Reading) -> Iterator[Mark]:
        words = [w for w in zip(reading.words.words, reading.words.spans, strict=True) if w[0] != "."]
        for index, (word, span) in enumerate(words):
            if self._hash("first", word) not in self._firsts:
                continue
            for size in range(2, LONGEST_NAME + 1):
                run = words[index : index + size]
                if len(run) == size and self._hash("name", " ".join(w for w, _ in run)) in self._values:
                    yield Mark("personal.known-name", span[0], run[-1][1][1])

    def _contacts(self, reading: Reading) -> Iterator[Mark]:
        folded = reading.plain.text
        for match in EMAIL.finditer(folded) if "@" in folded else ():
            if self._hash("email", match.group().rstrip(".")) in self._values:
                yield Mark("personal.known-email", *reading.plain.span(*match.span()))
        for match in NUMBER.finditer(folded):
            digits = re.sub(r"\D", "", match.group())
            if len(digits) >= PHONE_DIGITS and self._hash("phone", digits[-PHONE_DIGITS:]) in self._values:
                yield Mark("personal.known-phone", *reading.plain.span(*match.span()))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _name_words(name: str) -> tuple[str, ...]:
    return tuple(word for word in tokenise(fold(name)).words if word != ".")
