"""The rhetoric of each tone, read from a data file: how a tone puts things, never what is true."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

from app.domain.errors import UserFixable

FOLDER = Path(__file__).parent / "grammar"
SLOT = re.compile(r"<([A-Za-z][a-z0-9]*)(\|low)?>")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z<({])|(?<=[.!?]\))\s+")
LOWERED = frozenset(
    """The Our You We Unused Standard Any In As And A An It Here This That These Your Questions Verified Every
    Orders Offers Long Dark""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class ToneGrammar:
    """One tone: which moves make which paragraph, and the alternatives of every move."""

    plan: tuple[tuple[str, ...], ...]
    product_role: str
    moves: Mapping[str, tuple[str, ...]]

    def alternatives(self, move: str) -> tuple[str, ...]:
        """Return the alternatives of a move; none when the tone does without it."""
        return self.moves.get(move, ())


@dataclass(frozen=True)
class Grammar:
    """All tones of a locale: with an offer, without one (``plain``), the short channels, and the hypotheses."""

    offer: Mapping[str, ToneGrammar]
    plain: Mapping[str, ToneGrammar]
    short: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]
    hypotheses: Mapping[str, str]
    leads: Mapping[str, str]
    version: str

    def voice(self, tone: str, *, with_offer: bool) -> ToneGrammar:
        """Return the grammar of a tone; one that has no plain form borrows that of the tone it is like."""
        return self.offer[tone] if with_offer else self.plain[tone]

    def short_forms(self, channel: str, kind: str, tone: str) -> tuple[str, ...]:
        """Return the templates of an SMS or a push part, of the nearest tone that has them."""
        forms = self.short[channel][kind]
        return forms.get(tone) or forms[NEAREST.get(tone, "informational")]


NEAREST = {
    "playful": "friendly", "casual": "friendly", "empathetic": "friendly", "exciting": "friendly",
    "confident": "informational", "formal": "informational", "premium": "informational", "calm": "informational",
    "urgent": "informational",
}  # fmt: skip


@lru_cache(maxsize=4)
def load_grammar(locale: str = "en-US") -> Grammar:
    """Read the grammar of a locale; ``UserFixable`` names the locales there are."""
    path = FOLDER / f"{locale}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.yaml")))
        raise UserFixable(f"There is no grammar for {locale}.", hint=f"Grammars: {known}. A locale needs its own file.")
    text = path.read_text(encoding="utf-8")
    loaded = cast("dict[str, Any]", yaml.safe_load(text))
    raw = cast("dict[str, dict[str, Any]]", loaded["tones"])
    tones = {name: _tone(raw, name) for name in raw}
    plain_raw = cast("dict[str, Any]", loaded["plain"])
    plain: dict[str, ToneGrammar] = {}
    for name in raw:
        written = plain_raw.get(name)
        borrowed = not isinstance(written, dict)
        own = cast("dict[str, Any]", plain_raw[NEAREST[name]] if borrowed else written)
        merged = {**raw[NEAREST.get(name, name)], **_without_offer(raw[name]), **own}
        if borrowed and name != "urgent":
            merged |= {k: v for k, v in raw[name].items() if k in ("greet", "agenda", "cta")}
        plain[name] = _made(merged)
    short = {c: {k: {t: tuple(a) for t, a in forms.items()} for k, forms in loaded[c].items()} for c in ("sms", "push")}
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Grammar(tones, plain, short, loaded["hypotheses"], loaded["leads"], f"grammar {locale} {digest}")


def _without_offer(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in raw.items() if k in ("greet", "signoff", "close") and "<day>" not in str(v)}


def _tone(raw: Mapping[str, Mapping[str, Any]], name: str) -> ToneGrammar:
    own = dict(raw[name])
    if "like" in own:
        own = {**raw[str(own["like"])], **own}
    return _made(own)


def _made(own: Mapping[str, Any]) -> ToneGrammar:
    moves = {k: tuple(v) for k, v in own.items() if k not in ("plan", "product_role", "like")}
    return ToneGrammar(tuple(tuple(p) for p in own["plan"]), str(own.get("product_role", "list")), moves)


@dataclass(frozen=True)
class Sentence:
    """A sentence as it is sent, with the documents whose approved wording stands in it."""

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slot:
    """A value for a slot and the document it is from (empty for what is not a fact)."""

    value: str
    source: str = ""


def slots_in(template: str) -> set[str]:
    """Return the names of the slots of a template, lower case."""
    return {name.lower() for name, _ in SLOT.findall(template)}


def realise(template: str, slots: Mapping[str, Slot]) -> list[Sentence]:
    """Fill a template sentence by sentence; a slot named with a capital starts with one."""
    made: list[Sentence] = []
    for piece in SENTENCE_END.split(template):
        sources: list[str] = []

        def fill(match: re.Match[str], used: list[str] = sources) -> str:
            slot = slots[match[1].lower()]
            if slot.source:
                used.append(slot.source)
            if match[2]:
                return lowered(slot.value)
            return capitalised(slot.value) if match[1][0].isupper() else slot.value

        text = capitalised(SLOT.sub(fill, piece))
        text = re.sub(r"\.(\s*)\.", r".\1", text).replace("..", ".").replace(" ,", ",")
        made.append(Sentence(re.sub(r"([.!?])\.(?=\s|$|\))", r"\1", text), tuple(dict.fromkeys(sources))))
    return made


def capitalised(text: str) -> str:
    """Return the text with its first letter in upper case; a merge tag at the start is left alone."""
    return text if text.startswith("{{") else text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Return the text to go on in the middle of a sentence: names and abbreviations keep their capital."""
    return text[:1].lower() + text[1:] if text.split(" ")[0] in LOWERED else text


def usable(alternatives: Sequence[str], slots: Mapping[str, Slot], *, has_code: bool) -> list[str]:
    """Return the alternatives whose slots are all filled; the word "code" needs an offer that has one."""
    return [
        a for a in alternatives
        if slots_in(a) <= slots.keys() and (has_code or not re.search(r"\bcode\b", a))
    ]  # fmt: skip
