"""One message read without its context: normal form, audience, wishes, delexicalised text. Pure and memoised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.llm.offline import references
from app.llm.offline.audience import AudienceReading, read_audience
from app.llm.offline.conditions import Scan, whole
from app.llm.offline.normalise import Normal, normalise
from app.llm.offline.unread import unread_restrictions
from app.llm.offline.wishes import Wishes, n_from_test, read_channels, read_settings


@dataclass(frozen=True)
class Reading:
    """``rest`` is the text with audience phrases blanked; ``shape`` the delexicalised text the classifier sees."""

    normal: Normal
    audience: AudienceReading
    wishes: Wishes
    rest: str
    shape: str
    unread: tuple[str, ...] = ()
    """Phrases that narrow who is meant and that nothing could read."""

    @property
    def text(self) -> str:
        """The normal text."""
        return self.normal.text


@lru_cache(maxsize=512)
def read(text: str, today: date) -> Reading:
    """Read a message."""
    normal = normalise(text)
    scan, audience = read_audience(normal, today)
    rest = "".join(" " if letter == "\x00" else letter for letter in _restored(scan))
    wishes = _wishes(normal, rest, audience)
    return Reading(normal, audience, wishes, rest, _shape(scan, wishes), unread_restrictions(scan))


def _restored(scan: Scan) -> str:
    """Put protected phrases back into what is left of the text."""
    return "".join(scan.text[i] if letter == "\x01" else letter for i, letter in enumerate(scan.rest))


def _wishes(normal: Normal, rest: str, audience: AudienceReading) -> Wishes:
    settings, left = read_settings(rest)
    if "n_variants" not in settings and (arms := n_from_test(rest)):
        settings["n_variants"] = arms
    themes = references.themes_said(_themes_text(normal.text, rest))
    variants = references.variants_said(rest, normal.original)
    edits = edits_said(left)
    tones = references.tones_said(left)
    what, file_format = references.export_said(left)
    return Wishes(
        theme=themes[0][1] if themes else None,
        channels=read_channels(rest),
        tone=tones[0] if tones else None,
        metric=references.metric_said(rest),
        campaign_refs=references.campaigns_said(normal.text, themes, references.SPOKEN),
        variant_refs=variants,
        segment_ref=references.ordinal_said(normal.text),
        edits=edits,
        export_format=file_format,
        export_what=what,
        text=_text(normal, rest, themes, edits),
        launch_date=references.launch_date_said(left),
        customer_id=references.customer_said(normal.original),
        **settings,
    )


def _text(normal: Normal, rest: str, themes: list[tuple[int, str]], edits: tuple[str, ...]) -> str | None:
    if normal.quoted:
        return normal.quoted[0]
    named = references.named_after_edit(rest) if {"mention", "remove_mention"} & set(edits) else None
    return references.topic_said(rest, themes) or named


def _themes_text(text: str, rest: str) -> str:
    """Themes may share words with the audience ('winback', 'new customer welcome'); read them on the whole text."""
    return text


def edits_said(text: str) -> tuple[str, ...]:
    """Return the edits wished for, the special before the general: a removed emoji is not also a removed mention."""
    found: list[tuple[int, str]] = []
    for name, pattern in references.EDIT_PATTERNS:
        match = pattern.search(text)
        if match:
            found.append((match.start(), name))
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return tuple(name for _, name in sorted(found))


_SHAPE_TAGS = (
    (whole(r"[a-h](?: (?:and|vs|or|against) [a-h])+"), "variant_ variant_"),
    (whole(r"(?:variant|version|option|arm) [a-h]|[b-h](?:'s)?"), "variant_"),
)


def _shape(scan: Scan, wishes: Wishes) -> str:
    text = scan.delexicalised()
    for pattern, _ in references.THEME_PATTERNS:
        text = pattern.sub(" theme_ ", text)
    for pattern, tag in _SHAPE_TAGS:
        text = pattern.sub(f" {tag} ", text)
    text = re.sub(r"(?:aud_(?:\s|,|and|or|in|with|the|who|that|have)*)+aud_", "aud_", text)
    return re.sub(r"\s+", " ", text).strip()
