"""HTML files that leave: only the markup we write ourselves, and every word in them screened.

A page is taken apart into its tags and its words. Tags and attributes outside the list are refused; the words (text,
alternative texts, titles, link targets) are what the gate screens.
"""

from __future__ import annotations

from html.parser import HTMLParser

from app.domain.errors import ScreeningFailed

TAGS = frozenset({
    "html", "head", "meta", "title", "body", "p", "br", "hr", "a", "strong", "em", "b", "i", "ul", "ol", "li", "table",
    "thead", "tbody", "tr", "td", "th", "div", "span", "img", "h1", "h2", "h3", "h4", "style", "section", "header",
    "footer", "main", "article", "blockquote", "code", "pre", "figure", "figcaption", "small", "dl", "dt", "dd",
})  # fmt: skip
ATTRIBUTES = frozenset({
    "href", "alt", "title", "lang", "charset", "name", "content", "style", "class", "id", "role", "width", "height",
    "colspan", "rowspan", "dir", "scope", "aria-label", "aria-hidden", "cellpadding", "cellspacing", "border", "align",
    "rel", "bgcolor",
})  # fmt: skip
WORDS = frozenset({"href", "alt", "title", "aria-label", "content"})
FORBIDDEN_IN_STYLE = ("url(", "expression", "@import", "javascript:")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise ScreeningFailed(f"a page may not hold <{tag}>")
        self._in_style = tag == "style"
        for name, value in attrs:
            if name not in ATTRIBUTES:
                raise ScreeningFailed(f"a page may not hold the attribute {name}")
            if name == "style":
                _check_style(value or "")
            if name in WORDS and value and tag != "meta":
                self.words.append(value)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            _check_style(data)
        elif data.strip():
            self.words.append(data.strip())

    def handle_comment(self, data: str) -> None:
        raise ScreeningFailed("a page may not hold comments")

    def handle_pi(self, data: str) -> None:
        raise ScreeningFailed("a page may not hold processing instructions")


def _check_style(text: str) -> None:
    folded = text.lower().replace("\\", "").replace(" ", "")
    if any(word in folded for word in FORBIDDEN_IN_STYLE):
        raise ScreeningFailed("a page may not load anything from a style")


def words_of_page(page: str) -> str:
    """Return every word of a page, one piece a line; raise ``ScreeningFailed`` for markup that is not ours."""
    parser = _Page()
    parser.feed(page)
    parser.close()
    return "\n".join(parser.words)
