"""Markup, judged on the parsed tree: raw HTML, remote images, hidden text, links in any disguise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.domain.safety import Surface
from plugins.safety.formatting import Page
from plugins.safety.links import judge, names_another_host
from plugins.safety.reading import Mark, Reading

INBOUND_IMAGE = re.compile(r"!\[[^\]\n]{0,300}+\]\(\s{0,20}+<?+([^)\s>]{1,2000}+)[^)\n]{0,300}+\)")
SIGNS = re.compile(r"[<\[\]]|!\[|&(?:#|lt|gt)|@import|url\s*\(", re.IGNORECASE)
COUNTED = re.compile(r"[\[\]<>*_`~]")
HTML = re.compile(r"<\s*(?:/\s*)?[a-z][a-z0-9:-]*(?:\s[^<>]*|/[^<>]*)?/?>|<!--|<!\[|<!doctype|<\?[a-z]", re.IGNORECASE)
OPEN_HTML = re.compile(
    r"<\s*/?\s*(?:script|iframe|img|svg|object|embed|link|meta|style|form|input|body|html|base|video|audio|source|math|a|div|"
    r"details|template|noscript|marquee|table|td|span|picture|font)\b(?=[\s/>])",
    re.IGNORECASE,
)
ACTIVE = re.compile(
    r"<\s*(?:script|iframe|object|embed|svg|meta|base|form|link|style|math)\b|<[a-z][^<>]{0,500}\son[a-z]{3,20}\s*=|<img\b|srcdoc\s*=",
    re.IGNORECASE,
)
CSS = re.compile(
    r"(?:\burl\s*\(\s*['\"]?\s*(?:https?:|//|data:|\\)|@import\s+['\"u]|\bsrcset\s*=|\bexpression\s*\(|\bon(?:error|load|click|mouseover)\s*=)",
    re.I,
)
COMMENT = re.compile(r"^\[[^\]\n]{0,40}\]:\s*(?:#|<>|about:)", re.MULTILINE)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 30}).enable("table")
    parser.validateLink = lambda url: True  # dangerous schemes must come out as links, not be left as text
    return parser


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield what the markup of a text would do. Inbound text is searched for active parts only."""
    text = reading.text
    if not SIGNS.search(text) and "\n    " not in text:
        return
    if reading.surface is Surface.UNTRUSTED:
        yield from _found("markup.active", ACTIVE, text)
        yield from _inbound_images(text, reading)
        return
    if reading.surface is Surface.CSV_CELL:
        yield from _found("markup.html", ACTIVE, text)
        return
    yield from _found("markup.css", CSS, text)
    if sum(1 for _ in COUNTED.finditer(text)) > reading.policy.limits.markup:
        yield Mark("markup.nesting")
        return
    if reading.outbound:
        yield from _found("markup.html", HTML, text)
        yield from _found("markup.html", OPEN_HTML, text)
    yield from _parsed(reading)


def of_page(page: Page, reading: Reading) -> Iterator[Mark]:
    """Yield what is wrong with the links and images of an e-mail with plain formatting."""
    for link in page.links:
        yield from _link(link.target, link.words, reading)
    for source in page.images:
        for rule in image_rules(source, reading):
            yield _located(rule, source, reading.text)


def _found(rule: str, pattern: re.Pattern[str], text: str) -> Iterator[Mark]:
    for match in pattern.finditer(text):
        yield Mark(rule, match.start(), match.end())


def _inbound_images(text: str, reading: Reading) -> Iterator[Mark]:
    for match in INBOUND_IMAGE.finditer(text):
        reading.check_time()
        if image_rules(match.group(1), reading):
            yield Mark("markup.image", match.start(), match.end())


def _parsed(reading: Reading) -> Iterator[Mark]:
    environment: dict[str, dict[str, dict[str, str]]] = {}
    used: set[str] = set()
    target: str | None = None
    words = ""
    for token in _flat(_parser().parse(reading.text, environment)):
        reading.check_time()
        words += token.content if token.type in ("text", "code_inline") else ""
        if token.type in ("html_inline", "html_block"):
            yield _located("markup.html", token.content.strip(), reading.text)
        elif token.type == "image":
            source = str(token.attrs.get("src", ""))
            used.add(source)
            for rule in image_rules(source, reading):
                yield _located(rule, source, reading.text)
        elif token.type == "link_open":
            target, words = str(token.attrs.get("href", "")), ""
            used.add(target)
        elif token.type == "link_close" and target is not None:
            yield from _link(target, words, reading)
    for reference in environment.get("references", {}).values():
        if reference.get("href", "") not in used:
            yield _located("markup.hidden", reference.get("href", ""), reading.text)


def _flat(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        if token.children:
            yield from token.children


def _link(target: str, words: str, reading: Reading) -> Iterator[Mark]:
    if not target or (target.startswith(("#", "%7B%7B", "{{", "/")) and not target.startswith("//")):
        return
    if "://" not in target and not target.startswith("//") and not re.match(r"[a-z][a-z0-9+.-]*:", target, re.I):
        return
    for rule in judge(target, reading.policy.brand):
        yield _located(rule, target, reading.text)
    if names_another_host(words, target):
        yield _located("link.mismatch", target, reading.text)


def image_rules(source: str, reading: Reading) -> Iterator[str]:
    """Yield the rules an image address breaks: only https on a listed host, and nothing in the query."""
    brand = reading.policy.brand
    if source.startswith(("{{", "%7B%7B")):
        return
    if source.lower().startswith(("cid:", "attachment:")):
        return
    try:
        parts = urlsplit("https:" + source if source.startswith("//") else source)
        host = parts.hostname or ""
    except ValueError:
        yield "markup.image"
        return
    listed = any(host == own or host.endswith("." + own) for own in brand.image_hosts)
    if parts.scheme.lower() != "https" or not listed or source.startswith("//"):
        yield "markup.image"
    elif parts.query or parts.fragment:
        yield "markup.image-query"


def _located(rule: str, part: str, text: str) -> Mark:
    start = text.find(part) if part else -1
    return Mark(rule, start, start + len(part)) if start >= 0 else Mark(rule)
