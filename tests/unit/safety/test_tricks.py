"""The ways to hide a text from its reader's guard, one by one: letters, spacing, encodings, links, secrets."""

from __future__ import annotations

import base64
import codecs

import pytest

from app.domain.safety import Decision, Draft, Surface, Verdict
from plugins.generation.merge_tags import merge
from plugins.safety.screening import Screening

THREAT = "kill all muslims"


def see(screening: Screening, text: str, surface: Surface = Surface.COPY) -> Verdict:
    return screening.screen_local(Draft.model_construct(text=text, surface=surface))


def categories(verdict: Verdict) -> set[str]:
    return {f.category for f in verdict.findings if f.decision is not Decision.ALLOW}


def mathematical(text: str) -> str:
    return "".join(chr(0x1D41A + ord(c) - 97) if c.isalpha() else c for c in text)


@pytest.mark.parametrize("surface", [Surface.COPY, Surface.CHAT, Surface.UNTRUSTED, Surface.CSV_CELL])
def test_s26_invisible_characters_do_not_hide_words(screening: Screening, surface: Surface) -> None:
    for hidden in ("\u200b", "\u00ad", "\ufe0f", "\u2060"):
        assert "hate" in categories(see(screening, hidden.join(THREAT), surface))


@pytest.mark.parametrize(
    "text",
    [
        "kіll аll muѕlіms",
        "ｋｉｌｌ ａｌｌ ｍｕｓｌｉｍｓ",
        "ⓚⓘⓛⓛ ⓐⓛⓛ ⓜⓤⓢⓛⓘⓜⓢ",
        mathematical(THREAT),
        "k\u0336i\u0336l\u0336l\u0336 a\u0336l\u0336l\u0336 m\u0336u\u0336s\u0336l\u0336i\u0336m\u0336s",
        "ᴋɪʟʟ ᴀʟʟ ᴍᴜꜱʟɪᴍꜱ",
    ],
)
def test_s27_letters_are_read_as_what_they_look_like(screening: Screening, text: str) -> None:
    assert "hate" in categories(see(screening, text))


@pytest.mark.parametrize(
    "text",
    [
        "k i l l  a l l  m u s l i m s",
        "k.i.l.l a.l.l m.u.s.l.i.m.s",
        "\n".join(THREAT.replace(" ", "")),
        "k1ll 4ll mu5l1m5",
        "kiiiilll alll muslimssss",
        "k**il**l all mus_lim_s",
        "ki<b>ll</b> all mus<i>lims</i>",
    ],
)
def test_s28_spacing_leet_and_markup_do_not_hide_words(screening: Screening, text: str) -> None:
    assert "hate" in categories(see(screening, text))


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(THREAT.encode()).decode(),
        THREAT.encode().hex(),
        "".join(f"%{b:02x}" for b in THREAT.encode()),
        "".join(f"&#{b};" for b in THREAT.encode()),
        "".join(f"\\u{b:04x}" for b in THREAT.encode()),
        codecs.encode(THREAT, "rot13"),
        THREAT[::-1],
    ],
    ids=["base64", "hex", "percent", "entities", "escapes", "rot13", "reversed"],
)
def test_s29_encodings_are_read(screening: Screening, text: str) -> None:
    assert see(screening, text).decision is not Decision.ALLOW
    assert see(screening, text, Surface.UNTRUSTED).decision is not Decision.ALLOW


def test_s29_an_opaque_blob_does_not_pass_in_copy(screening: Screening) -> None:
    blob = base64.b64encode(bytes(range(256)) * 2).decode()
    assert see(screening, f"Sale {blob}").decision is not Decision.ALLOW


@pytest.mark.parametrize(
    "link",
    [
        "https://harborаndpine.example/sale",
        "https://xn--harbornpine-abc.example/",
        "https://harborandpine.example@evil.example/",
        "https://203.0.113.9/sale",
        "https://0xcb007109/",
        "https://harborandpine.example\\@evil.example/",
        "https://harborandpine.example:8443/",
        "https://harborandpine.example/go?url=https://evil.example",
        "hxxps://harborandpine.example/",
    ],
)
@pytest.mark.parametrize("surface", [Surface.COPY, Surface.EMAIL])
def test_s34_links_that_are_not_what_they_seem_are_refused(screening: Screening, link: str, surface: Surface) -> None:
    assert "link" in categories(see(screening, f"Shop at {link}", surface))
    assert "link" not in categories(see(screening, "Shop at https://harborandpine.example/sale", surface))


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "vbscript:x", "data:text/html,x", "file:///etc/passwd"])
@pytest.mark.parametrize("surface", [Surface.COPY, Surface.EMAIL, Surface.CHAT])
def test_s35_other_schemes_are_refused(screening: Screening, scheme: str, surface: Surface) -> None:
    assert see(screening, f"[Sale]({scheme})", surface).decision is Decision.BLOCK
    assert see(screening, "[Write](mailto:help@harborandpine.example)", surface).decision is Decision.ALLOW


@pytest.mark.parametrize(
    "text",
    [
        "Since you were diagnosed with diabetes, try these.",
        "Because you are in debt, pay later.",
        "As a fellow Muslim you will love this.",
        "Congratulations on your pregnancy!",
        "Now that you are divorced, cook for one.",
    ],
)
def test_s37_sensitive_inference_is_not_sent(screening: Screening, text: str) -> None:
    assert see(screening, text).decision in (Decision.BLOCK, Decision.HOLD)


def test_s37_what_somebody_bought_may_be_said(screening: Screening) -> None:
    assert see(screening, "Because you bought a tent, these pegs may be useful.").decision is Decision.ALLOW


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "AccountKey=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYg==",
        "postgresql://cpo:Wint3rGarden@db.internal:5432/shop",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow",
    ],
)
@pytest.mark.parametrize("surface", [Surface.COPY, Surface.CHAT, Surface.UNTRUSTED])
def test_s42_secrets_do_not_leave(screening: Screening, secret: str, surface: Surface) -> None:
    verdict = see(screening, f"The value is {secret} here", surface)
    assert "secret" in categories(verdict)
    assert secret not in verdict.text


@pytest.mark.parametrize(
    "text",
    [
        "Tous ces étrangers devraient quitter notre pays et ne jamais revenir.",
        "Эти люди не заслуживают ничего хорошего в нашей стране.",
        "この商品は本当に素晴らしいです。ぜひお試しください。",
    ],
)
def test_s21_what_the_rules_cannot_read_is_held(screening: Screening, text: str) -> None:
    assert see(screening, text).decision in (Decision.HOLD, Decision.BLOCK)


@pytest.mark.parametrize("name", ["you worthless trash", "<b>Ann</b>", "https://evil.example/x", "4111 1111 1111 1111"])
def test_s49_a_filled_text_is_judged_with_its_values(screening: Screening, name: str) -> None:
    text = "Hello {{ first_name | default: 'there' }}, the new lamps are in."
    assert see(screening, merge(text, {"first_name": "Ann"})).decision is Decision.ALLOW
    assert see(screening, merge(text, {"first_name": name})).decision is not Decision.ALLOW


def test_s49_a_value_is_limited(screening: Screening) -> None:
    assert len(merge("{{ first_name | default: 'x' }}", {"first_name": "a" * 500})) == 60
