"""The phrase notation of the policy, compiled to linear patterns that run only when their key word is there.

A pattern is words with single spaces: ``kill`` a word; ``kill*`` any ending; ``*ful`` any beginning; ``a|b`` either;
``blow_up`` two words; ``{list}`` any entry of a list; ``#`` a number; ``..3`` up to three words of the same sentence;
``...3`` the same across the end of a sentence; a trailing ``?`` makes an element optional. Text is matched after
folding, so patterns have no capitals or apostrophes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from app.domain.errors import UserFixable
from plugins.safety.folding import Words
from plugins.safety.policy import Policy, Rule
from plugins.safety.repair import Vocabulary

COMMON = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "always",
        "am",
        "an",
        "and",
        "any",
        "anyone",
        "are",
        "as",
        "at",
        "back",
        "be",
        "because",
        "been",
        "being",
        "best",
        "better",
        "but",
        "buy",
        "by",
        "can",
        "cant",
        "come",
        "could",
        "customer",
        "customers",
        "day",
        "days",
        "do",
        "does",
        "dont",
        "down",
        "each",
        "ever",
        "every",
        "everyone",
        "first",
        "for",
        "free",
        "from",
        "get",
        "give",
        "go",
        "going",
        "good",
        "got",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "im",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "keep",
        "know",
        "last",
        "less",
        "let",
        "like",
        "look",
        "love",
        "make",
        "me",
        "men",
        "more",
        "most",
        "much",
        "must",
        "my",
        "never",
        "new",
        "no",
        "not",
        "now",
        "of",
        "off",
        "offer",
        "on",
        "one",
        "only",
        "or",
        "order",
        "other",
        "our",
        "out",
        "over",
        "own",
        "people",
        "please",
        "real",
        "right",
        "sale",
        "save",
        "say",
        "see",
        "she",
        "shop",
        "should",
        "so",
        "some",
        "still",
        "stop",
        "such",
        "take",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "this",
        "those",
        "time",
        "to",
        "today",
        "too",
        "try",
        "up",
        "us",
        "use",
        "very",
        "want",
        "was",
        "way",
        "we",
        "week",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "without",
        "women",
        "would",
        "year",
        "years",
        "you",
        "your",
        "youre",
        "yours",
    ]
)
NEAR = 100
WORDS_KEPT = 20_000
MATCHES_PER_PHRASE = 40
GAP = re.compile(r"\.\.(\.?)(\d)\Z")
SIMPLE = re.compile(r"[a-z0-9_]*\*?\Z|\*[a-z0-9_]+\Z")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: what may stand there."""

    alternatives: tuple[str, ...]
    optional: bool = False
    gap: int = 0
    across: bool = False
    """Whether the gap may reach into the next sentence."""

    @property
    def regex(self) -> str:
        """The expression, with the space that follows the element."""
        if self.gap:
            return rf"(?:[^ {'' if self.across else '.'}]+ ){{0,{self.gap}}}"
        options = "|".join(_word_regex(word) for word in sorted(self.alternatives, key=len, reverse=True))
        return f"(?:(?:{options}) ){'?' if self.optional else ''}"

    @property
    def keys(self) -> tuple[str, ...] | None:
        """One literal word (or ``stem*``) of each alternative; None where an alternative has none."""
        if self.gap or self.optional:
            return None
        keys = [_key(word) for word in self.alternatives]
        return None if any(key is None for key in keys) else tuple(str(key) for key in keys)


def _word_regex(word: str) -> str:
    if word == "#":
        return r"[0-9]+"
    return word.replace("_", " ").replace("*", "[a-z0-9]*")


def _key(word: str) -> str | None:
    parts = [part for part in word.split("_") if not part.startswith("*") and part != "#"]
    parts = [part for part in parts if len(part.rstrip("*")) >= (3 if part.endswith("*") else 1)]
    return max(parts, key=lambda part: (part not in COMMON, len(part))) if parts else None


@dataclass(frozen=True, slots=True)
class _Beginnings:
    """The words that a pattern can begin with."""

    exact: frozenset[str]
    stems: frozenset[str]

    @classmethod
    def of(cls, element: Element) -> _Beginnings | None:
        """Return them, or None where anything could stand first."""
        firsts = {word.split("_")[0] for word in element.alternatives}
        if element.gap or element.optional or any(not w.rstrip("*") or w[0] in "#*" for w in firsts):
            return None
        stems = frozenset(word[:-1] for word in firsts if word.endswith("*"))
        return cls(frozenset(word for word in firsts if not word.endswith("*")), stems)

    def starts(self, places: Places) -> list[int]:
        """Return the offsets of these words, in order."""
        words = list(self.exact & places.distinct)
        for stem in self.stems:
            words.extend(places.beginning(stem))
        if len(words) == 1:
            return list(places.words[words[0]])
        return sorted({at for word in words for at in places.words[word]})


@dataclass(frozen=True, slots=True)
class Places:
    """Where each word stands in the text of a view."""

    words: Mapping[str, Sequence[int]]
    distinct: frozenset[str]
    ordered: Sequence[str]
    """The distinct words in order, so that all that begin alike stand together."""

    @classmethod
    def of(cls, view: Words) -> Places:
        """Index a view."""
        words: dict[str, list[int]] = {}
        for word, at in zip(view.words, view.places, strict=True):
            words.setdefault(word, []).append(at)
        return cls(words, frozenset(words), sorted(words))

    def beginning(self, stem: str) -> Sequence[str]:
        """Return the words that begin with a stem."""
        ordered = self.ordered
        first = last = bisect_left(ordered, stem)
        while last < len(ordered) and ordered[last].startswith(stem):
            last += 1
        return ordered[first:last]


class Phrase:
    """One compiled pattern."""

    def __init__(self, source: str, lists: Mapping[str, Sequence[str]]) -> None:
        self.source = source
        self.elements = [_element(part, source, lists) for part in source.split()]
        keyed = [keys for element in self.elements if (keys := element.keys) is not None]
        if not keyed:
            raise UserFixable(f"The policy pattern '{source}' has no word to look for.")
        self.keys = min(keyed, key=lambda keys: (sum(key in COMMON for key in keys), len(keys)))
        self._first = _Beginnings.of(self.elements[0])
        self._needed = [frozenset(keys) for keys in keyed if not any(key.endswith("*") for key in keys)]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression over a ``Words.text``; compiled at first use."""
        return re.compile("(?<= )" + "".join(element.regex for element in self.elements))

    def can_match(self, places: Places) -> bool:
        """Tell quickly whether each place of the pattern has one of its words among the words of the text."""
        distinct = places.distinct
        for words in self._needed:  # noqa: SIM110 - a loop costs half of what any() does, thousands of times a text
            if words.isdisjoint(distinct):
                return False
        return True

    def matches(self, text: str, places: Places) -> Iterator[re.Match[str]]:
        """Yield what ``regex.finditer`` does, trying only where a first word stands."""
        if self._first is None:
            yield from self.regex.finditer(text)
            return
        end = 0
        for start in self._first.starts(places):
            match = self.regex.match(text, start) if start >= end else None
            if match:
                yield match
                end = match.end()

    def worth_trying(self, text: str) -> bool:
        """Tell quickly whether a key word of the pattern stands in the text at all."""
        return any(key.rstrip("*") in text for key in self.keys)

    def words(self) -> Iterator[str]:
        """Yield every literal word and ``stem*`` of the pattern."""
        for element in self.elements:
            for alternative in element.alternatives:
                yield from (w for w in alternative.split("_") if w != "#" and not w.startswith("*"))


def _element(part: str, source: str, lists: Mapping[str, Sequence[str]]) -> Element:
    gap = GAP.match(part)
    if gap:
        return Element((), gap=int(gap.group(2)), across=bool(gap.group(1)))
    optional = part.endswith("?")
    alternatives: list[str] = []
    for option in part.rstrip("?").split("|"):
        if option.startswith("{"):
            name = option.strip("{}")
            if name not in lists:
                raise UserFixable(f"The policy pattern '{source}' names the list '{name}', which is not there.")
            alternatives.extend(
                item.lower().replace("'", "").replace(" ", "_").replace("-", "_") for item in lists[name]
            )
        else:
            alternatives.append(option)
    wrong = [word for word in alternatives if word != "#" and not SIMPLE.match(word)]
    if wrong or not alternatives:
        raise UserFixable(f"The policy pattern '{source}' has a part that cannot be read: {wrong[:1]}.")
    return Element(tuple(dict.fromkeys(alternatives)), optional=optional)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule fired on a span of ``Words.text``."""

    rule: Rule
    start: int
    end: int


class PhraseBook:
    """All phrase rules of a policy, indexed by their key words. Immutable after construction; safe in any thread."""

    def __init__(self, policy: Policy) -> None:
        self._exact: dict[str, list[tuple[Rule, Phrase]]] = {}
        self._stems: dict[str, list[tuple[Rule, Phrase]]] = {}
        self._exceptions: dict[str, list[Phrase]] = {}
        self._spared: dict[str, list[Phrase]] = {}
        words: set[str] = set()
        for rule in policy.rules:
            for source in rule.patterns:
                phrase = Phrase(source, policy.lists)
                self._index(rule, phrase)
                if rule.category in ("hate", "self_harm", "sexual", "violence", "injection"):
                    words.update(phrase.words())
            self._exceptions[rule.id] = [Phrase(source, policy.lists) for source in rule.unless]
            self._spared[rule.id] = [Phrase(source, policy.lists) for source in rule.spared_by]
        self._longest_stem = max(map(len, self._stems), default=0)
        self._keyed_by = lru_cache(maxsize=WORDS_KEPT)(self._keyed)
        self.vocabulary = Vocabulary(
            exact=frozenset(w for w in words if not w.endswith("*") and len(w) >= 3 and w not in COMMON),
            stems=frozenset(w[:-1] for w in words if w.endswith("*") and len(w) > 3),
        )

    def _index(self, rule: Rule, phrase: Phrase) -> None:
        for key in phrase.keys:
            if key.endswith("*"):
                self._stems.setdefault(key[:-1], []).append((rule, phrase))
            else:
                self._exact.setdefault(key, []).append((rule, phrase))

    def hits(self, view: Words, rules: Callable[[Rule], bool] = lambda _: True) -> Iterator[Hit]:
        """Yield every match of every rule that ``rules`` admits and whose key word stands in the view."""
        spared: dict[str, bool] = {}
        excepting: dict[str, list[Phrase]] = {}
        places = Places.of(view)
        for rule, phrase in self._candidates(places.distinct):
            if not rules(rule) or not phrase.can_match(places):
                continue
            for match in islice(phrase.matches(view.text, places), MATCHES_PER_PHRASE):
                if rule.id not in spared:
                    spared[rule.id] = self._is_spared(rule, view.text, places)
                if spared[rule.id]:
                    break
                if rule.id not in excepting:
                    excepting[rule.id] = [p for p in self._exceptions[rule.id] if p.can_match(places)]
                if not _excepted(excepting[rule.id], view.text, match.start(), match.end() - 1):
                    yield Hit(rule, match.start(), match.end() - 1)

    def _candidates(self, words: Iterable[str]) -> Iterable[tuple[Rule, Phrase]]:
        found: dict[int, tuple[Rule, Phrase]] = {}
        for word in words:
            found.update(self._keyed_by(word))
        return found.values()

    def _keyed(self, word: str) -> dict[int, tuple[Rule, Phrase]]:
        pairs = list(self._exact.get(word, ()))
        for length in range(3, min(len(word), self._longest_stem) + 1):
            pairs.extend(self._stems.get(word[:length], ()))
        return {id(phrase): (rule, phrase) for rule, phrase in pairs}

    def _is_spared(self, rule: Rule, text: str, places: Places) -> bool:
        return any(phrase.can_match(places) and any(phrase.matches(text, places)) for phrase in self._spared[rule.id])


def _excepted(exceptions: Iterable[Phrase], text: str, start: int, end: int) -> bool:
    low, high = max(0, start - NEAR), min(len(text), end + NEAR)
    near = text[low:high]
    for phrase in exceptions:
        if phrase.worth_trying(near) and any(
            m.start() < end and m.end() > start for m in phrase.regex.finditer(text, low, high)
        ):
            return True
    return False
