"""Links: where they go, and whether the address pretends to be somewhere else."""

# ruff: noqa: E501 - long patterns are easier to check on one line
from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from plugins.safety.folding import fold
from plugins.safety.policy import Brand
from plugins.safety.reading import Mark, Reading

URL = re.compile(r"(?:[a-z][a-z0-9+.-]{1,14}:)?[/\\]{2}[^\s<>\"'`|^]{1,2000}", re.IGNORECASE)
BARE = re.compile(
    r"(?<![\w@/.:-])(?:[\w\u00a1-\uffff-]{1,63}\.){1,4}"
    r"(?:com|net|org|info|biz|shop|store|online|site|io|app|co|uk|de|fr|es|it|nl|eu|us|ca|au|in|jp|cn|ru|tk|ml|ga|cf|gq|"
    r"xyz|top|club|click|link|zip|mov|example|test|invalid|ly|gl|gd|me|pw|cc|su|icu|buzz|rest|live|pro|dev)"
    r"(?![\w@-])(?::\d{2,5})?(?:[/?#][^\s<>\"'`]{0,1000})?",
    re.IGNORECASE,
)
SCHEME = re.compile(
    r"(?<![a-z0-9])(?:j\s{0,3}a\s{0,3}v\s{0,3}a\s{0,3}s\s{0,3}c\s{0,3}r\s{0,3}i\s{0,3}p\s{0,3}t\s{0,2}:\s{0,3}(?=\S{2,})|vbscript\s{0,3}:(?=\S)|"
    r"data\s{0,2}:(?=\s{0,2}(?:[a-z]+/[a-z+.-]+[;,]|[;,]))|file:(?=/)|blob:(?=h)|about:(?=blank)|intent:(?=/)|view-source:)"
)
DEFANGED = re.compile(
    r"\bh(?:xx|\*\*|tt\[?p\]?x?)ps?\s?(?:\[:\]|:)|[a-z0-9-]\s?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\))\s?(?:com|net|org|example|info|xyz|ru|tk|top|co|io)\b"
)
REDIRECTS = frozenset(
    [
        "url",
        "u",
        "uri",
        "redirect",
        "redirect_uri",
        "redirect_url",
        "redirecturl",
        "redir",
        "next",
        "goto",
        "dest",
        "destination",
        "target",
        "to",
        "out",
        "return",
        "return_to",
        "returnurl",
        "return_url",
        "continue",
        "forward",
        "link",
        "rurl",
        "image_url",
        "q",
        "callback",
        "checkout_url",
        "view",
        "go",
        "r",
    ]
)
AWAY = re.compile(
    r"^(?:https?:|//|\\\\|[a-z]+:/|www\.|[a-z0-9-]+\.(?:com|net|org|example|ru|tk|xyz|io|co)\b)", re.IGNORECASE
)
IPV4 = re.compile(
    r"(?:\d{1,3}\.){3}\d{1,3}\Z|0x[0-9a-f]{6,8}\Z|\d{8,10}\Z|(?:0[0-7]{1,3}\.){3}0[0-7]{1,3}\Z", re.IGNORECASE
)
SAFE_SCHEMES = frozenset({"https", "http", "mailto", "tel", "sms"})
TRAILING = ".,;:!?)]}*_'\""
LONG_QUERY = 160
NO_HOST = re.compile(r"[a-z][a-z+]{2,20}://[.…]*", re.IGNORECASE)
"""The form of an address, as in ``postgresql://...``; it leads nowhere."""
SWAPS = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("3", "e"), ("4", "a"), ("5", "s"), ("7", "t"), ("8", "b"))


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield what is wrong with the addresses that stand in the text, written out in any way."""
    text, folded = reading.text, reading.plain
    taken: list[tuple[int, int]] = []
    if "//" in text or "\\\\" in text or ":/" in text or ":\\" in text:
        for match in URL.finditer(text):
            address = match.group().rstrip(TRAILING)
            if _is_address(address, text, match.start()) and not NO_HOST.fullmatch(address):
                taken.append(match.span())
                yield from _judged(address, reading, match.start())
    if "." in text or "\u3002" in text:
        for match in BARE.finditer(text):
            if not any(start <= match.start() < end for start, end in taken):
                yield from _judged(
                    "https://" + match.group().rstrip(TRAILING), reading, match.start(), len(match.group())
                )
    if ":" in folded.text:
        for match in SCHEME.finditer(folded.text):
            yield Mark("link.scheme", *folded.span(match.start(), match.end()))
    for match in DEFANGED.finditer(folded.text):
        yield Mark("link.defanged", *folded.span(match.start(), match.end()))


def _is_address(address: str, text: str, start: int) -> bool:
    """A bare ``//`` counts only where a host follows it and no word stands before it."""
    if not address.startswith(("//", "\\\\")):
        return True
    before = text[start - 1] if start else " "
    return not before.isalnum() and bool(re.match(r"[/\\]{2}[\w-]+\.[\w.-]+", address))


def _judged(address: str, reading: Reading, start: int, length: int | None = None) -> Iterator[Mark]:
    for rule in judge(address, reading.policy.brand):
        yield Mark(rule, start, start + (length or len(address)))


def judge(address: str, brand: Brand) -> tuple[str, ...]:
    """Return the rules one address breaks. ``//host`` is read as https; what cannot be parsed breaks one too."""
    if "{{" in address or "{%" in address:
        address = re.sub(r"\{\{[^{}]{0,200}\}\}|\{%[^{}]{0,200}%\}", "x", address)
    if "\\" in address:
        return ("link.backslash",)
    try:
        parts = urlsplit("https:" + address if address.startswith("//") else address)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        return ("link.unreadable",)
    scheme = parts.scheme.lower()
    if scheme not in SAFE_SCHEMES:
        return ("link.scheme",)
    if scheme in ("mailto", "tel", "sms"):
        return ()
    if not host:
        return ("link.unreadable",)
    found = [*_of_authority(parts.netloc, host, port), *_of_host(host, brand)]
    if scheme == "http":
        found.append("link.insecure")
    found.extend(_of_query(parts.path, parts.query, parts.fragment, host_is_ours(host, brand)))
    return tuple(dict.fromkeys(found))


def _of_authority(netloc: str, host: str, port: int | None) -> Iterator[str]:
    if "@" in netloc or "%40" in netloc.lower():
        yield "link.userinfo"
    if port is not None and port not in (80, 443):
        yield "link.port"
    if IPV4.match(host) or ":" in host or host in ("localhost",):
        yield "link.ip-literal"
    if "%" in netloc:
        yield "link.unreadable"


def names_another_host(words: str, target: str) -> bool:
    """Tell whether the words of a link name a host that is not the one it opens, nor one above or below it."""
    opened = _host(target)
    if not opened:
        return False
    named = [_host(match.group().rstrip(TRAILING)) for match in URL.finditer(words)]
    named += [_host("https://" + match.group()) for match in BARE.finditer(words)]
    return any(host and not _related(host, opened) for host in named)


def _host(address: str) -> str:
    try:
        host = urlsplit(address if ":" in address else "https:" + address).hostname or ""
    except ValueError:
        return ""
    return fold(host).text.rstrip(".").removeprefix("www.")


def _related(one: str, other: str) -> bool:
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def host_is_ours(host: str, brand: Brand) -> bool:
    """Tell whether a host, or the domain it belongs to, is on the brand's list."""
    return any(host == own or host.endswith("." + own) for own in brand.hosts)


def _of_host(host: str, brand: Brand) -> Iterator[str]:
    if not host.isascii():
        yield "link.look-alike"
        host = fold(host).text
    if "xn--" in host:
        yield "link.punycode"
    if host_is_ours(host, brand) or any(host == known or host.endswith("." + known) for known in brand.known_hosts):
        return
    labels = host.split(".")
    if pretends(labels, brand):
        yield "link.look-alike"
    if any(host == short for short in brand.shorteners):
        yield "link.shortener"
    words = set(re.split(r"[-.\d_]+", host))
    if words & set(brand.risky_host_words) or labels[-1] in brand.risky_suffixes or host.count("-") >= 4:
        yield "link.suspicious-host"
    yield "link.unlisted"


def pretends(labels: list[str], brand: Brand) -> bool:
    """Tell whether a host imitates the brand or a well-known name: swapped letters, one typing error, or its name inside."""
    own = [host.split(".")[-2] for host in brand.hosts if "." in host]
    names = [name for name in (*own, *brand.impersonated) if len(name) >= 4]
    if any(label in ("com", "net", "org") for label in labels[:-2]):
        return True
    for label in labels[:-1]:
        if re.search(r"[a-z]{2}[01][a-z]|[a-z][01][a-z]{2}", label):
            return True
        straight = label
        for bad, good in SWAPS:
            straight = straight.replace(bad, good)
        pieces = {label, straight, straight.replace("-", ""), *straight.split("-")}
        for name in names:
            if name in straight.replace("-", "") or (len(name) >= 6 and any(_one_apart(p, name) for p in pieces)):
                return True
    return False


def _one_apart(a: str, b: str) -> bool:
    """Tell whether one insertion, deletion, replacement or swap of neighbours makes ``a`` into ``b``."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    shared = 0
    while shared < min(len(a), len(b)) and a[shared] == b[shared]:
        shared += 1
    rest_a, rest_b = a[shared:], b[shared:]
    swapped = len(rest_a) > 1 and len(a) == len(b) and rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return rest_a[1:] == rest_b or rest_a == rest_b[1:] or rest_a[1:] == rest_b[1:] or swapped


def _of_query(path: str, query: str, fragment: str, ours: bool) -> Iterator[str]:
    pairs = parse_qsl(query, keep_blank_values=True) + parse_qsl(fragment, keep_blank_values=True)
    for name, value in pairs:
        if name.lower() in REDIRECTS and AWAY.match(unquote(value).strip()):
            yield "link.redirect"
    if re.search(r"(?:https?:|https?%3a)", unquote(path) + "?" + unquote(query), re.IGNORECASE):
        yield "link.redirect"
    if not ours and len(query) > LONG_QUERY:
        yield "link.data-in-query"
