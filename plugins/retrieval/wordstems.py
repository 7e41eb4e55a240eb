"""Words of a query and of a document, made comparable: folded, stemmed, without filler."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import snowballstemmer
import yaml

from app.domain.errors import UserFixable

WORD = re.compile(r"[^\W_]+", re.UNICODE)
MAX_QUERY_WORDS = 40
FILLER = frozenset(
    """
    a about all also an and any anything approved are as at be been but by campaign can content copy could
    customers did do document documents does e email find for from get give has have how i if in into is it its
    just like list look looking mail many me message more much my need of on one or our out people piece pieces
    please regarding related search show so some something tell text than that the their them there they things
    this to us use want was we what when where which who will with would you your
    """.split()  # noqa: SIM905
)
_stemmer = snowballstemmer.stemmer("porter")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of one folded word."""
    return str(_stemmer.stemWord(word))


def words_of(text: str) -> list[str]:
    """Return the words of ``text``, lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return WORD.findall(plain.replace("'s ", " ").replace("’s ", " "))


def stems_of(text: str) -> set[str]:
    """Return the stems of the words of ``text``, fillers left out."""
    return {stem(word) for word in words_of(text) if word not in FILLER}


def query_words(query: str) -> list[str]:
    """Return the words of a query that carry meaning, each once; all of them when there is nothing else."""
    words = list(dict.fromkeys(words_of(query[:2000])))[:MAX_QUERY_WORDS]
    return [w for w in words if w not in FILLER] or words


class Thesaurus:
    """Words that mean the same to a marketer. A group makes each of its entries find documents with any other."""

    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        self._near: dict[str, set[str]] = {}
        self._phrases: dict[tuple[str, ...], set[str]] = {}
        for group in groups:
            entries = [tuple(stem(w) for w in words_of(entry)) for entry in group]
            everything = {part for entry in entries for part in entry if part not in FILLER}
            for entry in entries:
                target = self._phrases if len(entry) > 1 else self._near
                key: Any = entry if len(entry) > 1 else entry[0] if entry else None
                if key:
                    target.setdefault(key, set()).update(everything)

    @classmethod
    def load(cls, path: Path) -> Thesaurus:
        """Read a YAML list of groups; ``UserFixable`` when the file is something else."""
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        groups = loaded.get("groups") if isinstance(loaded, Mapping) else None
        if not isinstance(groups, list) or not all(isinstance(g, list) for g in groups):
            raise UserFixable(
                f"{path.name} has no list 'groups' of word lists.", hint="groups:\n  - [lapsed, inactive]"
            )
        return cls([[str(w) for w in group] for group in groups])

    @cached_property
    def stems(self) -> frozenset[str]:
        """Every stem that stands in a group."""
        return frozenset(self._near) | {part for phrase in self._phrases for part in phrase}

    def near(self, stems: Sequence[str]) -> dict[str, set[str]]:
        """Return for each stem of a query, in its order, the stems that also count as a find of it."""
        found = {s: set(self._near.get(s, ())) - {s} for s in stems}
        for phrase, others in self._phrases.items():
            size = len(phrase)
            for start in range(len(stems) - size + 1):
                if tuple(stems[start : start + size]) == phrase:
                    for part in phrase:
                        found[part] |= others
        return found
