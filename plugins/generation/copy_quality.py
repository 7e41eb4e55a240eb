"""Whether copy is fit to be sent, apart from whether it is true: lengths, shouting, links, opt-outs, readability."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from plugins.generation import channels

SPAM_IN_SUBJECT = re.compile(
    r"\b(act now|100% free|risk.free|winner|congratulations|cash bonus|click here|guaranteed|urgent|free!|"
    r"make money|no obligation|order now|cheap|once in a lifetime)\b",
    re.IGNORECASE,
)
SHORTENER = re.compile(r"https?://(?:bit\.ly|t\.co|goo\.gl|tinyurl\.com|ow\.ly|is\.gd|buff\.ly)/", re.IGNORECASE)


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with a field. An ``error`` keeps the draft from being used; a ``warn`` only ranks it lower."""

    field: str
    problem: str
    level: Literal["error", "warn"]


def flaws_of(fields: Mapping[str, str], rendered: Mapping[str, str] | None = None) -> list[Flaw]:
    """Return every flaw of a message; ``rendered`` are the fields merged for the longest value, where lengths count."""
    shown = rendered or {name: _without_tags(text) for name, text in fields.items()}
    if "text" in fields:
        return list(_sms(shown["text"]))
    if "title" in fields:
        return list(_push(shown))
    return [*_subject(shown), *_body(fields), *_parts(fields)]


def score_of(fields: Mapping[str, str], tone: str) -> float:
    """Return a penalty, 0 for nothing to complain of: 100 for an error, 5 for a warning, a little for dull reading."""
    flaws = flaws_of(fields)
    penalty = sum(100.0 if flaw.level == "error" else 5.0 for flaw in flaws)
    body = fields.get("body", "")
    openers = [s.split(" ")[0] for s in re.split(r"(?<=[.!?])\s+", body) if s]
    penalty += 2.0 * sum(a == b for a, b in itertools.pairwise(openers))
    if tone in ("urgent", "exciting"):
        penalty += 0.02 * channels.word_count(body)
    return penalty


def _without_tags(text: str) -> str:
    return re.sub(r"\{\{.*?\}\}", "Maximiliana", text)


def _subject(fields: Mapping[str, str]) -> Iterator[Flaw]:
    subject, preheader = fields.get("subject", ""), fields.get("preheader", "")
    if not channels.SUBJECT_MIN <= len(subject) <= channels.SUBJECT_MAX:
        yield Flaw("subject", f"{len(subject)} characters; {channels.SUBJECT_MIN}-{channels.SUBJECT_MAX}", "error")
    if subject.count("!") > 1 or re.match(r"(?:re|fwd?):", subject, re.IGNORECASE):
        yield Flaw("subject", "looks like a reply or shouts", "error")
    if SPAM_IN_SUBJECT.search(subject):
        yield Flaw("subject", "uses a phrase that spam filters know", "error")
    if _share_of_capitals(subject) > 0.34:
        yield Flaw("subject", "more than a third of the words are in capitals", "error")
    if not channels.PREHEADER_MIN <= len(preheader) <= channels.PREHEADER_MAX:
        yield Flaw("preheader", f"{len(preheader)} characters", "warn")
    if preheader == subject:
        yield Flaw("preheader", "repeats the subject", "error")


def _share_of_capitals(text: str) -> float:
    words = [w for w in re.findall(r"[A-Za-z]{2,}\d*", text) if not any(c.isdigit() for c in w)]
    return sum(w.isupper() for w in words) / len(words) if words else 0.0


def _body(fields: Mapping[str, str]) -> Iterator[Flaw]:
    body = fields.get("body", "")
    words = channels.word_count(body)
    if not channels.BODY_MIN_WORDS <= words <= channels.BODY_MAX_WORDS:
        yield Flaw("body", f"{words} words; {channels.BODY_MIN_WORDS}-{channels.BODY_MAX_WORDS}", "error")
    if body.count("!") > 4 or "!!" in body:
        yield Flaw("body", "too many exclamation marks", "warn")
    ease = channels.reading_ease(body)
    if ease < 50:
        yield Flaw("body", f"reading ease {ease:.0f}, below 50", "warn")
    longest = max((channels.word_count(s) for s in re.split(r"(?<=[.!?:;])\s+", body)), default=0)
    if longest > 35:
        yield Flaw("body", f"a sentence of {longest} words", "warn")
    sentences = [s for s in re.split(r"(?<=[.!?])\s+", body) if len(s) > 25]
    if len(sentences) != len(set(sentences)):
        yield Flaw("body", "says the same sentence twice", "error")
    if SHORTENER.search(body):
        yield Flaw("body", "uses a link shortener", "error")


def _parts(fields: Mapping[str, str]) -> Iterator[Flaw]:
    if not fields.get("link", "").startswith("https://") or "utm_campaign=" not in fields.get("link", ""):
        yield Flaw("link", "is not https with UTM parameters", "error")
    if not fields.get("cta"):
        yield Flaw("cta", "there is no button", "error")
    if "unsubscribe" not in fields.get("footer", "").lower():
        yield Flaw("footer", "has no way to unsubscribe", "error")
    if not fields.get("alt") or len(fields["alt"]) > channels.ALT_MAX:
        yield Flaw("alt", "missing or too long", "warn")


def _sms(text: str) -> Iterator[Flaw]:
    size = channels.sms_size(text)
    if size.segments > channels.SMS_MAX_SEGMENTS:
        yield Flaw("text", f"{size.segments} SMS segments; at most {channels.SMS_MAX_SEGMENTS}", "error")
    if "STOP" not in text:
        yield Flaw("text", "does not say how to opt out (STOP)", "error")


def _push(fields: Mapping[str, str]) -> Iterator[Flaw]:
    for name, longest in (("title", channels.PUSH_TITLE_MAX), ("body", channels.PUSH_BODY_MAX)):
        if len(fields.get(name, "")) > longest:
            yield Flaw(name, f"{len(fields[name])} characters; at most {longest}", "error")
