"""The plain formatting an e-mail may carry, parsed and read as the words, links and images that it shows.

Paragraphs, line breaks, emphasis, lists, headings, links and images with an alternative text, and no attribute beyond
``href``, ``src`` and ``alt``: so nothing can be hidden, run or sent. A text with anything else in angle brackets
(another tag or attribute, a comment, a tag left open) is no such e-mail, and ``markup`` refuses its HTML as on every
other surface.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

from plugins.safety.reading import Mark

TAG = re.compile(
    r"<(?P<close>/)?(?P<name>[a-z][a-z0-9]{0,9})"
    r"(?P<attributes>(?:\s{1,20}[a-z]{3,4}=(?:\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}')){0,2})\s{0,20}(?P<void>/)?>",
    re.IGNORECASE,
)
ATTRIBUTE = re.compile(r"(?P<name>[a-z]{3,4})=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')", re.IGNORECASE)
MARKUP_BEGINS = re.compile(r"<[a-z/!?]", re.IGNORECASE)
ENTITY = re.compile(r"&[#a-z0-9]{1,32};?", re.IGNORECASE)
TARGET = re.compile(r"(?:https://|mailto:)[^\s\\]{1,2000}|\{\{[^{}<>]{1,200}\}\}", re.IGNORECASE)
SUBJECT = re.compile(r"\A\s{0,20}subject\s?:[^\n]{0,1000}", re.IGNORECASE)
BREAKS = {"br": "\n", "p": "\n\n", "ul": "\n", "ol": "\n", "li": "\n", "h1": "\n\n", "h2": "\n\n", "h3": "\n\n"}
EMPHASIS = frozenset({"b", "strong", "em", "i"})
ATTRIBUTES = {"a": frozenset({"href"}), "img": frozenset({"src", "alt"})}
VOID = frozenset({"br", "img"})
KNOWN = EMPHASIS | set(BREAKS) | set(ATTRIBUTES)
TAGS_AT_MOST, DEPTH_AT_MOST = 600, 12


@dataclass(slots=True)
class Link:
    """A link: where it goes, and the words that stand for it."""

    target: str
    begins: int
    words: str = ""


@dataclass(slots=True)
class Page:
    """What an e-mail shows: its words in order, then every address; each character leads back to the source."""

    text: str = ""
    starts: list[int] = field(default_factory=list[int])
    links: list[Link] = field(default_factory=list[Link])
    images: list[str] = field(default_factory=list[str])

    def put(self, text: str, start: int, *, verbatim: bool = True) -> None:
        """Append words that stand in the source from ``start`` on, or all at ``start``."""
        self.text += text
        self.starts.extend(range(start, start + len(text)) if verbatim else [start] * len(text))

    def located(self, mark: Mark) -> Mark:
        """Return a mark on the shown text as one on the source."""
        if mark.end <= mark.start:
            return mark
        return Mark(mark.rule, self.starts[mark.start], self.starts[mark.end - 1] + 1)


def page(source: str) -> Page | None:
    """Return what an e-mail with plain formatting shows; None where there is no formatting, or more than plain."""
    if not TAG.search(source):
        return None
    subject = SUBJECT.match(source)
    if subject and "<" in subject.group():
        return None
    return _Parser(source).parsed()


class _Parser:
    """One pass over a source, with the tags that are open."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._page = Page()
        self._open: list[str] = []
        self._link: Link | None = None
        self._addresses: list[tuple[str, int]] = []

    def parsed(self) -> Page | None:
        at = 0
        for count, match in enumerate(TAG.finditer(self._source)):
            if count >= TAGS_AT_MOST or not self._words(at, match.start()) or not self._tag(match):
                return None
            at = match.end()
        if not self._words(at, len(self._source)) or self._open:
            return None
        for address, start in self._addresses:
            self._page.put(f"\n{address}", start, verbatim=False)
        return self._page

    def _words(self, start: int, end: int) -> bool:
        """Take over the words between two tags; False where a browser could see the beginning of another tag."""
        if MARKUP_BEGINS.search(self._source, start, end):
            return False
        at = start
        for entity in ENTITY.finditer(self._source, start, end):
            self._page.put(self._source[at : entity.start()], at)
            self._page.put(html.unescape(entity.group()), entity.start(), verbatim=False)
            at = entity.end()
        self._page.put(self._source[at:end], at)
        return True

    def _tag(self, match: re.Match[str]) -> bool:
        name = match["name"].lower()
        found = [(m["name"].lower(), m["double"] or m["single"] or "") for m in ATTRIBUTE.finditer(match["attributes"])]
        given = {key: html.unescape(value) for key, value in found}
        closes = bool(match["close"])
        wanted = frozenset[str]() if closes else ATTRIBUTES.get(name, frozenset[str]())
        if name not in KNOWN or len(found) != len(wanted) or given.keys() != wanted:
            return False
        if (match["void"] or closes) and (name in VOID) == closes:
            return False
        self._page.put(BREAKS.get(name, ""), match.start(), verbatim=False)
        if name == "img":
            return self._image(given, match.start())
        if name == "br":
            return True
        return self._closed(name) if closes else self._opened(name, given, match)

    def _image(self, given: dict[str, str], start: int) -> bool:
        self._page.images.append(given["src"])
        self._addresses.append((given["src"], start))
        self._page.put(f" {given['alt']} ", start, verbatim=False)
        return bool(TARGET.fullmatch(given["src"]))

    def _opened(self, name: str, given: dict[str, str], match: re.Match[str]) -> bool:
        self._open.append(name)
        if name == "a":
            if self._link is not None or not TARGET.fullmatch(given["href"]):
                return False
            self._link = Link(given["href"], len(self._page.text))
            self._addresses.append((given["href"], match.start()))
        return len(self._open) <= DEPTH_AT_MOST

    def _closed(self, name: str) -> bool:
        if not self._open or self._open.pop() != name:
            return False
        if name == "a" and self._link is not None:
            self._link.words = self._page.text[self._link.begins :]
            self._page.links.append(self._link)
            can_be_seen = any(unicodedata.category(character)[0] not in "CZM" for character in self._link.words)
            self._link = None
            return can_be_seen
        return True
