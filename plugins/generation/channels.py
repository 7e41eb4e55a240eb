"""What each channel allows: lengths, SMS segments, links with their tracking parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

SUBJECT_MAX, SUBJECT_MIN = 60, 20
PREHEADER_MIN, PREHEADER_MAX = 35, 110
BODY_MIN_WORDS, BODY_MAX_WORDS = 150, 250
PUSH_TITLE_MAX, PUSH_BODY_MAX = 40, 120
SMS_MAX_SEGMENTS = 2
ALT_MAX = 125
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_ESCAPED = frozenset("^{}\\[~]|€\f")
SMART = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2013": "-",
    "\u2014": "-", "\u2026": "...", "\u00a0": " ", "\u2011": "-", "\u202f": " ",
})  # fmt: skip
Encoding = Literal["GSM-7", "UCS-2"]


@dataclass(frozen=True)
class SmsSize:
    """How a text is sent: its encoding, its length in units of that encoding, and the billed segments.

    ``flipped_by`` are the characters that make it UCS-2.
    """

    encoding: Encoding
    units: int
    segments: int
    flipped_by: tuple[str, ...] = ()


def fold_quotes(text: str) -> str:
    """Return the text with typographic quotes, dashes and spaces as GSM-7 has them."""
    return text.translate(SMART)


def sms_size(text: str) -> SmsSize:
    """Count segments: GSM-7 160, or 153 when split, an escaped character counting two and never being split;
    UCS-2 70, or 67 when split, a surrogate pair never being split (3GPP TS 23.038 and 23.040)."""
    strange = tuple(dict.fromkeys(c for c in text if c not in GSM_BASIC and c not in GSM_ESCAPED))
    if strange:
        widths = [len(c.encode("utf-16-be")) // 2 for c in text]
        return SmsSize("UCS-2", sum(widths), _segments(widths, 70, 67), strange)
    widths = [2 if c in GSM_ESCAPED else 1 for c in text]
    return SmsSize("GSM-7", sum(widths), _segments(widths, 160, 153))


def _segments(widths: list[int], single: int, part: int) -> int:
    if sum(widths) <= single:
        return 1 if widths else 0
    segments, used = 1, 0
    for width in widths:
        if used + width > part:
            segments, used = segments + 1, 0
        used += width
    return segments


def slug(text: str) -> str:
    """Return a text as a tracking value: lower case, letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "campaign"


def tracked_link(site: str, *, medium: str, campaign: str, content: str) -> str:
    """Return the link with UTM parameters; only names of the campaign and the variant go in, never a person."""
    parts = urlsplit(site if "://" in site else f"https://{site}")
    query = urlencode({
        "utm_source": slug((parts.hostname or "shop").removeprefix("www.").split(".")[0]),
        "utm_medium": medium, "utm_campaign": slug(campaign),
        "utm_content": slug(content),
    })  # fmt: skip
    return urlunsplit(("https", parts.netloc, parts.path or "/", query, ""))


def word_count(text: str) -> int:
    """Count words as a reader does; a merge tag counts as one."""
    plain = re.sub(r"\{\{.*?\}\}", "Name", text)
    return len(re.findall(r"[^\W_][\w'&.,%$£€/-]*", plain))


def inbox_preview(subject: str, preheader: str, width: int = 38) -> dict[str, str]:
    """Return subject and preheader as a phone shows them, cut at ``width`` characters between words."""
    return {"subject": _cut(subject, width), "preheader": _cut(preheader, width * 2 + 14)}


def _cut(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    kept = text[: width - 1].rsplit(" ", 1)[0] if " " in text[: width - 1] else text[: width - 1]
    return kept.rstrip(" ,.:;") + "\u2026"


def reading_ease(text: str) -> float:
    """Return Flesch reading ease (Flesch 1948): 206.835 - 1.015 words/sentence - 84.6 syllables/word."""
    words = re.findall(r"[a-zA-Z']+", re.sub(r"\{\{.*?\}\}|https?://\S+", " ", text))
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$|\))", text)))
    if not words:
        return 100.0
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", w.lower())))) for w in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)
