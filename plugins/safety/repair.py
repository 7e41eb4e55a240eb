"""Undo the tricks that split or bend words: leet, stars, spacing, punctuation, stretching.

A bent word is replaced only when the straight one is in the vocabulary of the policy, so ordinary text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plugins.safety.folding import Plain, Words, words_view

LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s",
     "!": "i", "|": "i", "+": "t", "€": "e", "(": "c", "£": "l", "¡": "i", "#": "h"}
)  # fmt: skip
LEET_L = str.maketrans(
    {"1": "l", "|": "l", "!": "l", "0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
)
BENT = re.compile(
    r"(?<![a-z0-9@$!|+€(£¡#*])(?=[a-z]{0,40}[0-9@$!|+€(£¡#*])[a-z0-9@$!|+€(£¡#*]{3,40}(?![a-z0-9@$!|+€(£¡#*])"
)
SPACED = re.compile(r"(?<![a-z0-9])[a-z0-9@$!](?:[^a-z0-9@$!]{1,4}[a-z0-9@$!](?![a-z0-9])){3,}")
SPLIT = re.compile(
    r"(?<![a-z])[a-z]{1,20}(?:[^\w\s']{1,4}[a-z]{1,20}){1,12}|(?<![a-z_])[a-z]{1,20}(?:_{1,4}[a-z]{1,20}){1,12}"
)
STRETCHED = re.compile(r"([a-z])\1\1")
NOT_LETTER = re.compile(r"[^a-z0-9@$!]")
GAP_RUN = re.compile(r"[^a-z0-9@$!]+")
LONG_RUN = re.compile(r"([a-z])\1{2,}")
MAX_PART = 12
SPELLED_LETTERS = 3
"""So short a word counts only where each letter stands alone."""
DOUBLED = re.compile(r"([a-z])\1+")
PRONOUNS = frozenset(("you", "your", "yours", "him", "her", "his", "them", "their", "she", "they", "and", "all"))
"""Whom a bent sentence is about: ``k1ll y0u``. The vocabulary leaves them out, since they say nothing by themselves."""
SMALL_WORDS = frozenset(
    [
        "a",
        "i",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "go",
        "he",
        "if",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "up",
        "us",
        "we",
        "am",
        "all",
        "and",
        "are",
        "but",
        "can",
        "for",
        "get",
        "had",
        "has",
        "her",
        "him",
        "his",
        "how",
        "its",
        "let",
        "may",
        "new",
        "not",
        "now",
        "off",
        "old",
        "one",
        "our",
        "out",
        "own",
        "say",
        "see",
        "she",
        "the",
        "too",
        "two",
        "use",
        "was",
        "way",
        "who",
        "why",
        "you",
        "yet",
        "any",
        "ask",
        "big",
        "bit",
        "box",
        "boy",
        "buy",
        "car",
        "cup",
        "cut",
        "day",
        "did",
        "eat",
        "end",
        "eye",
        "far",
        "few",
        "fit",
        "fun",
        "fur",
        "gem",
        "got",
        "gym",
        "hat",
        "hey",
        "hi",
        "hot",
        "ice",
        "ill",
        "job",
        "joy",
        "key",
        "kid",
        "kit",
        "lab",
        "lip",
        "low",
        "man",
        "map",
        "men",
        "mix",
        "mum",
        "net",
        "nut",
        "oil",
        "pad",
        "pan",
        "pay",
        "pen",
        "pet",
        "pie",
        "pin",
        "pop",
        "pot",
        "pro",
        "ran",
        "raw",
        "red",
        "run",
        "sad",
        "sat",
        "sea",
        "set",
        "sit",
        "ski",
        "sky",
        "son",
        "sun",
        "tan",
        "tap",
        "tax",
        "tea",
        "ten",
        "tie",
        "tip",
        "top",
        "toy",
        "try",
        "van",
        "via",
        "vs",
        "war",
        "web",
        "wet",
        "win",
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The words the rules look for: exact ones, and stems that any ending may follow. Compared by identity."""

    exact: frozenset[str]
    stems: frozenset[str]

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str):
            return False
        return word in self.exact or any(word[:n] in self.stems for n in range(max(3, len(word) - 4), len(word) + 1))


@dataclass(frozen=True, slots=True)
class Replacement:
    """Words that stand for a span of the folded text."""

    start: int
    end: int
    words: tuple[str, ...]


def repaired(plain: Plain, base: Words, vocabulary: Vocabulary) -> Words | None:
    """Return the words with every bent one straightened, or None when nothing was bent."""
    found = [*_spaced(plain.text, vocabulary), *_bent(plain.text, vocabulary), *_split(plain.text, vocabulary)]
    words, spans, changed = _apply(plain, base, found) if found else (list(base.words), list(base.spans), False)
    changed = _straighten(words, spans, vocabulary) or changed
    return words_view("repaired", words, spans) if changed else None


def _apply(plain: Plain, base: Words, found: Sequence[Replacement]) -> tuple[list[str], list[tuple[int, int]], bool]:
    chosen: list[tuple[int, int, tuple[str, ...]]] = []
    for item in sorted(found, key=lambda r: (r.start, -r.end)):
        start, end = plain.span(item.start, item.end)
        if not chosen or start >= chosen[-1][1]:
            chosen.append((start, end, item.words))
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    index = 0
    for word, span in zip(base.words, base.spans, strict=True):
        while index < len(chosen) and chosen[index][0] <= span[0]:
            start, end, new = chosen[index]
            words.extend(new)
            spans.extend([(start, end)] * len(new))
            index += 1
        if index and chosen[index - 1][0] <= span[0] < chosen[index - 1][1]:
            continue
        words.append(word)
        spans.append(span)
    for start, end, new in chosen[index:]:
        words.extend(new)
        spans.extend([(start, end)] * len(new))
    return words, spans, True


def _bent(text: str, vocabulary: Vocabulary) -> Iterator[Replacement]:
    for match in BENT.finditer(text):
        token = match.group().strip("!|+#")
        if len(token) < 3 or token.isalpha() or not any(c.isalpha() for c in token):
            continue
        word = _straight(token, vocabulary)
        if word:
            yield Replacement(match.start(), match.end(), (word,))


def _straight(token: str, vocabulary: Vocabulary) -> str | None:
    for table in (LEET, LEET_L):
        word = token.translate(table)
        if word in PRONOUNS:
            return word
        if word.isalpha() and (word in vocabulary or squeeze(word) in vocabulary):
            return word if word in vocabulary else squeeze(word)
    if "*" in token.strip("*") or "#" in token:
        return _unstarred(token.strip("*"), vocabulary)
    return None


def _unstarred(token: str, vocabulary: Vocabulary) -> str | None:
    pattern = re.compile("".join("[a-z]" if c in "*#" else re.escape(c) for c in token) + r"\Z")
    letters = sum(c.isalpha() for c in token)
    if letters < 2:
        return None
    return next((w for w in sorted(vocabulary.exact | vocabulary.stems) if pattern.match(w)), None)


def _spaced(text: str, vocabulary: Vocabulary) -> Iterator[Replacement]:
    for match in SPACED.finditer(text):
        parts = [NOT_LETTER.sub("", part).translate(LEET) for part in _at_wide_gaps(match.group())]
        letters = "".join(parts)
        if not letters.isalpha():
            continue
        words = tuple(parts) if len(parts) > 1 else segment(letters[:200], vocabulary)
        if words:
            yield Replacement(match.start(), match.end(), words)


def _at_wide_gaps(spaced: str) -> list[str]:
    """Cut spaced-out letters where the gap is wider than the narrowest: there the words end."""
    gaps = [len(gap) for gap in GAP_RUN.findall(spaced)]
    narrow = min(gaps)
    return re.split(rf"[^a-z0-9@$!]{{{narrow + 1},}}", spaced) if max(gaps) > narrow else [spaced]


def _split(text: str, vocabulary: Vocabulary) -> Iterator[Replacement]:
    for match in SPLIT.finditer(text):
        joined = re.sub(r"[\W_]+", "", match.group())
        spelled = len(joined) == SPELLED_LETTERS and joined in vocabulary.exact and "_" not in match.group()
        if (len(joined) > SPELLED_LETTERS or spelled) and joined not in SMALL_WORDS and joined in vocabulary:
            yield Replacement(match.start(), match.end(), (joined,))
        elif "_" in match.group():
            yield Replacement(match.start(), match.end(), tuple(w for w in match.group().split("_") if w))


def segment(letters: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Cut letters without spaces into words of the vocabulary; () when too little of them is covered."""
    best: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, len(letters) + 1):
        choice = (best[end - 1][0], end - 1)
        for start in range(max(0, end - 16), end - 1):
            word = letters[start:end]
            if word in SMALL_WORDS or word in vocabulary.exact or word in vocabulary.stems:
                score = best[start][0] + (end - start) ** 2
                if score > choice[0]:
                    choice = (score, start)
        best.append(choice)
    words: list[str] = []
    end = len(letters)
    while end > 0:
        start = best[end][1]
        words.append(letters[start:end])
        end = start
    words.reverse()
    known = sum(len(w) for w in words if len(w) >= 3)
    return tuple(words) if known * 2 >= len(letters) else ()


def squeeze(word: str, keep: int = 1) -> str:
    """Shorten every run of one letter to ``keep``."""
    return DOUBLED.sub(lambda m: m.group(1) * keep, word)


def _straighten(words: list[str], spans: list[tuple[int, int]], vocabulary: Vocabulary) -> bool:
    """Straighten stretched words and join words cut by a space, in place."""
    changed = False
    for index, word in enumerate(words) if STRETCHED.search(" ".join(words)) else ():
        if STRETCHED.search(word):
            straight = next(
                (w for w in (LONG_RUN.sub(r"\1", word), squeeze(word, 2), squeeze(word)) if w in vocabulary), None
            )
            if straight:
                words[index] = straight
                changed = True
    short = [index for index, w in enumerate(words) if len(w) <= 3 and w.isalpha() and w not in SMALL_WORDS]
    starts = sorted(
        {index for at in short for index in range(max(0, at - 2), min(at + 1, len(words) - 1))}, reverse=True
    )
    for index in starts:  # from the end, so that what is joined does not move what comes before
        joined = _joined(words, index, vocabulary)
        if joined:
            word, count = joined
            spans[index : index + count] = [(spans[index][0], spans[index + count - 1][1])]
            words[index : index + count] = [word]
            changed = True
    return changed


def _joined(words: Sequence[str], index: int, vocabulary: Vocabulary) -> tuple[str, int] | None:
    if len(words[index]) > MAX_PART:
        return None
    for count in (3, 2):
        parts = words[index : index + count]
        if len(parts) < count or not all(p.isalpha() for p in parts):
            continue
        odd = [p for p in parts if len(p) <= 3 and p not in SMALL_WORDS and p not in vocabulary.exact]
        joined = "".join(parts)
        if odd and 4 <= len(joined) <= 20 and joined in vocabulary.exact:
            return joined, count
    return None
