"""The plain formatting of an e-mail: what it may carry, and that nothing else passes through it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.safety import Decision, Draft, Surface
from plugins.safety.formatting import ATTRIBUTES, KNOWN, page
from plugins.safety.screening import Screening

OWN = "https://www.harborandpine.example"
PICTURE = "https://harborandpine.example/x.png"
FOOTER = f'<p>Harbor and Pine, 3 Quay Lane, Whitby YO21 3PU<br><a href="{OWN}/u">Unsubscribe</a></p>'


def rules(screening: Screening, body: str, surface: Surface = Surface.EMAIL) -> set[str]:
    """Return the rules that stop an e-mail with this body."""
    text = f"Subject: New in the shop\n\n{body}{FOOTER}"
    found = screening.screen_local(Draft(text=text, surface=surface)).findings
    return {finding.rule for finding in found if finding.decision is not Decision.ALLOW}


@pytest.mark.parametrize(
    "body",
    [
        "<p>Good morning,</p><p>The <b>lamps</b> are <em>in</em>.</p>",
        "<h1>Lamps</h1><ul><li>Oak</li><li>Brass &amp; glass</li></ul><ol><li>One</li></ol>",
        f'<p><a href="{OWN}/lamps?size=2&amp;page=1">See the lamps</a></p>',
        f"<P>Lamps<BR/><A HREF='{OWN}/lamps'>www.harborandpine.example/lamps</A></P>",
        f'<p><a href="{OWN}/x"><img src="{PICTURE}" alt="A lamp"></a></p>',
        '<p><a href="{{unsubscribe_url}}">Leave this list</a>, 5 < 6 and <3</p>',
        '<p>Write to <a href="mailto:care@harborandpine.example">our team</a>.</p>',
    ],
)
def test_plain_formatting_passes_in_an_email_and_nowhere_else(screening: Screening, body: str) -> None:
    assert rules(screening, body) == set()
    for surface in (Surface.COPY, Surface.CHAT, Surface.SMS, Surface.PUSH):
        assert "markup.html" in rules(screening, body, surface)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Hello<script>x()</script></p>",
        "<style>p{color:red}</style><p>Hello</p>",
        "<p style='display:none'>cheap loans</p>",
        "<p hidden>cheap loans</p>",
        "<p class=x>Hello</p>",
        "<p onclick='x()'>Hello</p>",
        "<div>Hello</div>",
        "<font color=white>Hello</font>",
        "<form action='https://harborandpine.example'><input></form>",
        "<iframe src='https://harborandpine.example'></iframe>",
        "<svg/onload=x()>",
        "<!-- cheap loans --><p>Hello</p>",
        "<p>Hello<!DOCTYPE html></p>",
        "<p>Hello<?php x ?></p>",
        "<p>Hello<![CDATA[x]]></p>",
        "<p>Hello</b></p>",
        "<p><b>Hello</p></b>",
        "<p>Hello",
        "<p>Hello</p></p>",
        "<p>Hello<b",
        "<p>Hello<b title='x'>there</b></p>",
        "<p>Hello <x <b>there</b></p>",
        f'<p><a href="{OWN}" onmouseover="x()">Lamps</a></p>',
        f'<p><a href="{OWN}" href="https://other.example">Lamps</a></p>',
        f'<p><a href="{OWN}"> &nbsp;\u200b</a>Lamps</p>',
        f'<p><a href="{OWN}">Lamps <a href="{OWN}">here</a></a></p>',
        f"<p><a href={OWN}>Lamps</a></p>",
        f'<p><a target="_blank" href="{OWN}">Lamps</a></p>',
        '<p><a href="/lamps">Lamps</a></p>',
        '<p><a href="http://harborandpine.example">Lamps</a></p>',
        '<p><a href="javascript:x()">Lamps</a></p>',
        '<p><a href="java&#115;cript:x()">Lamps</a></p>',
        '<p><a href=" java\tscript:x()">Lamps</a></p>',
        '<p><a href="data:text/html,x">Lamps</a></p>',
        '<p><a href="https://harborandpine.example\\@other.example">Lamps</a></p>',
        '<p><img src="https://harborandpine.example/x.png"></p>',
        '<p><img src="https://harborandpine.example/x.png" alt="" width="1"></p>',
        '<p><img src="data:image/png;base64,AAAA" alt="A lamp"></p>',
        '<p><img src="//harborandpine.example/x.png" alt="A lamp"></p>',
        "<p>" * 13 + "Hello" + "</p>" * 13,
        "<br>" * 700,
    ],
)
def test_s32_anything_more_than_plain_formatting_is_refused(screening: Screening, body: str) -> None:
    assert {"markup.html", "markup.nesting"} & rules(screening, body)


def test_a_tag_in_the_subject_is_refused(screening: Screening) -> None:
    text = f"Subject: <b>New</b> in the shop\n\n<p>Lamps.</p>{FOOTER}"
    assert screening.screen_local(Draft(text=text, surface=Surface.EMAIL)).decision is Decision.BLOCK


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<p><a href="https://other.example/x">www.harborandpine.example</a></p>', "link.mismatch"),
        ('<p><a href="https://other.example/x">Sign in: <b>https://harbor</b>andpine.example</a></p>', "link.mismatch"),
        ('<p><a href="https://xn--harbr-jua.example">Lamps</a></p>', "link.punycode"),
        ('<p><a href="https://harb0randpine.example">Lamps</a></p>', "link.look-alike"),
        ('<p><a href="https://harborandpine.example@other.example">Lamps</a></p>', "link.userinfo"),
        ('<p><a href="https://203.0.113.9/x">Lamps</a></p>', "link.ip-literal"),
        ('<p><a href="https://harborandpine.example:8443/x">Lamps</a></p>', "link.port"),
        (f'<p><a href="{OWN}/r?url=https://other.example">Lamps</a></p>', "link.redirect"),
        ('<p><img src="https://other.example/x.png" alt="A lamp"></p>', "markup.image"),
        ('<p><img src="https://harborandpine.example/x.png?u=1" alt="A lamp"></p>', "markup.image-query"),
        ('<p><img src="https://harborandpine.example/x.png" alt="Kill yourself"></p>', "harm.self.encourage"),
        ("<p>K<b>il</b>l your<em>self</em></p>", "harm.self.encourage"),
        ("<p>K&#105;ll yourself</p>", "harm.self.encourage"),
        ("<p>Clini<b>cally</b> pro<i>ven</i> to help</p>", "legal.claim.proven"),
        ("<p>Write to jane.doe<b>@</b>mail.example</p>", "personal.email"),
        (f'<p><a href="{OWN}/x?for=jane.doe@mail.example">Lamps</a></p>', "personal.email"),
        ("<p>&lt;script&gt;x()&lt;/script&gt;</p>", "markup.html"),
        ("<p>![x](https://other.example/x.png)</p>", "markup.image"),
        ("<p>Lamps\u202e</p>", "encoding.direction"),
    ],
)  # fmt: skip
def test_s32_what_the_formatting_shows_is_judged_like_any_text(screening: Screening, body: str, rule: str) -> None:
    assert rule in rules(screening, body)


def test_a_finding_leads_back_to_the_source(screening: Screening) -> None:
    text = f"<p>Lamps &amp; more.</p><p>Write to jane.doe@mail.example</p>{FOOTER}"
    (found,) = [f for f in screening.screen_local(Draft(text=text, surface=Surface.EMAIL)).findings if f.severity > 2]
    assert text[found.start : found.end] == "jane.doe@mail.example"


@pytest.mark.parametrize("surface", [Surface.CHAT, Surface.EMAIL, Surface.COPY])
def test_s34_a_link_whose_words_name_another_host_is_stopped(screening: Screening, surface: Surface) -> None:
    named = f"See [www.yourbank.example]({OWN}/x). Unsubscribe."
    assert screening.screen_local(Draft(text=named, surface=surface)).decision is Decision.BLOCK
    honest = f"See [harborandpine.example]({OWN}/x). Unsubscribe."
    assert screening.screen_local(Draft(text=honest, surface=surface)).decision is Decision.ALLOW


class Shown(HTMLParser):
    """What another parser sees."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[tuple[str, frozenset[str]]] = []
        self.other = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, frozenset(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.other = True

    def handle_decl(self, decl: str) -> None:
        self.other = True

    def handle_pi(self, data: str) -> None:
        self.other = True


PARTS = st.sampled_from([
    "<", ">", "/", "!", "--", "?", "=", '"', "'", " ", "\n", "&", "&lt;", "&#60;", "a", "b", "p", "br", "script",
    "x", "3", "<b>", "</b>", "<p>", "</p>", "<br>", "<br/>", "<a href=\"https://x.example\">", "</a>", " href='https://x.example'",
    "<img src='https://x.example/a' alt='c'>", "<!-- ", " -->", "<x ", "words",
])  # fmt: skip


@given(st.lists(PARTS, max_size=14).map("".join))
def test_another_parser_sees_the_same_words_and_no_other_tags(source: str) -> None:
    shown = page(source)
    if shown is None:
        return
    other = Shown()
    other.feed(source)
    other.close()
    assert not other.other
    assert all(tag in KNOWN and names == ATTRIBUTES.get(tag, frozenset()) for tag, names in other.tags)
    letters = "".join(other.words.split())
    assert not letters or "".join(shown.text.split()).replace("c", "").startswith(letters.replace("c", ""))
