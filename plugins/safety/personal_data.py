"""Personal data by pattern and check digit. Offsets are into the original text; nothing found is kept or logged.

A business may print its own address and number: contacts that the words around them show to be the brand's pass.
"""

# ruff: noqa: E501 - long patterns are easier to check on one line
from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from app.domain.safety import Surface
from plugins.safety.reading import Mark, Reading

EMAIL = re.compile(r"[a-z0-9._%+'-]{1,64}\s?@\s?(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![a-z0-9])")
SPACED_EMAIL = re.compile(r"(?:[a-z0-9._-]\s){3,40}@\s?(?:[a-z0-9.-]\s){4,60}")
AT, DOT = (
    r"(?:@|[\[({<]\s?(?:at|@)\s?[\])}>]|\s+at\s+|[-_]at[-_]|\s?\(a\)\s?|＠)",
    r"(?:\.|[\[({<]\s?(?:dot|\.|punkt|punto)\s?[\])}>]|\s+dot\s+|[-_]dot[-_])",
)
SUFFIX = r"(?:com|net|org|co|uk|de|fr|es|it|nl|io|edu|gov|info|example|me|ca|au|in|eu|us|ch|at|be)"
HIDDEN_EMAIL = re.compile(
    rf"(?<![a-z0-9])([a-z0-9][a-z0-9_+-]{{0,40}}(?:\s?{DOT}\s?[a-z0-9_+-]{{1,40}}){{0,3}})\s?({AT})\s?"
    rf"([a-z0-9-]{{2,40}}(?:\s?{DOT}\s?[a-z0-9-]{{2,30}}){{0,2}})\s?({DOT})\s?{SUFFIX}(?![a-z0-9])"
)
HIDDEN_SIGNS = re.compile(
    r"[@＠]|dot|punkt|punto|at\s?[\])}>]|[-_]at[-_]|\(a\)|[\[({<]\s?\.|gmail|googlemail|yahoo|outlook|hotmail|icloud|proton|aol|gmx|live|web\.de|me\.com"
)
"""What every disguised address has: without one of these the long expression is not tried."""
FREE_MAIL = re.compile(r"gmail|googlemail|yahoo|outlook|hotmail|icloud|proton|aol|gmx|live\b|web\.de|me\.com")
REVERSED_EMAIL = re.compile(r"(?<![a-z])(?:moc|ten|gro|ku\.oc|ed|rf|elpmaxe)\.[a-z0-9-]{2,40}@[a-z0-9._-]{2,40}")
NANP = re.compile(r"(?<![\d.,/-])(?:\+?1[ .-]{0,2})?(?:\([2-9]\d\d\)[ .-]?|[2-9]\d\d[.-])\d{3}[ .-]\d{4}(?![\d.,-]*\d)")
PLUS = re.compile(
    r"(?<![\d\w])(?:\+|00(?=[1-9]\d[ .-]))\s?[1-9]\d{0,2}[ .()/-]{0,3}(?:\d[ .()/-]{0,2}){6,12}\d(?![\d])"
)
MOBILE = re.compile(r"(?<![\d.,/-])0\s?[67]\d{1,3}[ .-]?\d{2,3}[ .-]?\d{2,4}(?:[ .-]?\d{2,3}){0,2}(?![\d.,-]*\d)")
NATIONAL = re.compile(r"(?<![\d.,/-])\(?0\d{1,5}\)?[ ./-]?\d{2,4}[ .-]?\d{2,4}(?:[ .-]?\d{2,4}){0,2}(?![\d.,-]*\d)")
LOOSE = re.compile(r"(?<![a-z\d.,/-])\(?\d[\d ().-]{7,18}\d(?![\d.,-]*\d)")
SHORT_US = re.compile(r"(?<![\d.,/-])\d{3}[-.]\d{4}(?![\d-])")
PHONE_WORDS = re.compile(
    r"\b(?:call|text|phone|tel|telephone|mobile|cell|whatsapp|ring|reach(?:ed)?|contact|fax|sms|dial|number|viber|signal)\b"
)
NOT_PHONE = re.compile(
    r"\b(?:order|serial|part|parcel|shipment|invoice|sku|ref(?:erence)?|tracking|code|item|model|isbn|campaign|receipt|batch|lot|ean|upc|article|ticket|version|booking)\W{0,3}(?:(?:number|no|id|nr)\b)?[\s:#.]{0,4}(?:[a-z0-9]{1,6}[ -]){0,5}$"
)
BUSINESS = re.compile(
    r"\b(?:us|our|we|store|shop|boutique|showroom|branch|flagship|customer (?:care|service|support|services)|helpline|hotline|freephone|toll[- ]free|team|"
    r"concierge|reservations?|bookings?|studio|clinic|reply|stop|opt[- ]out|ltd|inc|llc|gmbh|plc|limited|co\.|company|head ?office|registered|unsubscribe|"
    r"visit|come see|pop[- ]?up|office|warehouse|gallery|restaurant|cafe|bakery|hotel|salon|gym|press|helpdesk|events?|find us|venue|market|museum|centre|center|"
    r"meet-?up|workshop|class(?:es)?|course|concert|festival|tasting|exhibition|doors|opening hours|meets? at|welcomes? you|theatre|library|hall|farm|garden centre)\b"
)
INVITED = re.compile(
    r"(?:(?:\A|[.!?|\n–—]\s?)(?:tel|telephone|phone|enquiries|bookings?|t|p)|(?<![\w])(?:call|dial))"
    r"(?:\s(?:now|today|free|direct|toll[- ]free|on|at|anytime|any time|24/7))*[\s:.!@-]{0,4}\Z"
)
"""An invitation to call just before a number: the number is the shop's, for nobody else prints it so."""
PERSONAL = re.compile(
    r"\b(?:his|her|their|him|mr|mrs|ms|miss|dr|lives?|living|resid(?:es|ing|ence)|home address|customer'?s?|personal|private|belongs to|she|he|recipient|"
    r"deliver(?:ed|y|ing)? (?:it )?to|ship(?:ped|ping)? (?:it )?to|home(?= is|,|:|\s(?:at|in|near|on)\b|\s\d)|apt|flat|apartment|patient|client|(?<!dear )member|driver|courier|employee|colleague|winner|reviewer|neighbou?r)\b"
)
TITLED = r"[A-ZÀ-Ý][\w'.’-]{1,25}"
NAMED = re.compile(rf"{TITLED}\s{TITLED}(?:,\s(?:aged?\s)?\d{{1,3}})?,?\s(?:of|from|at|in|lives at|living at)\s\Z")
"""A person's name just before an address."""
STREET = re.compile(
    rf"(?<![\w.£$€-])\d{{1,5}}[A-Za-z]?,?\s(?:(?:N|S|E|W|North|South|East|West|Old|New|St\.?)\s)?(?:{TITLED}\s){{1,3}}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Close|Way|Place(?!\s[Ss]etting)|Pl|Terrace|Square(?!\s(?:[Pp]lanter|[Tt]able|[Bb]owl|[Cc]ushion))|Crescent|Parkway|Pkwy|Highway|Hwy|Circle|Mews|Gardens|Grove|Row|Hill|Walk|Quay)\b\.?"
)
STREET_LOWER = re.compile(
    r"(?<![\w.£$€%-])(?!(?:19|20)\d\d\s)\d{1,5}[a-z]?\s(?!(?:minutes?|hours?|days?|miles?|km|percent|off|new|ways?|years?|best|great|people|steps?|of|on|the|in|and|to)\b)[a-z]{3,20}\s(?:[a-z]{3,20}\s)?(?:street|road|avenue|lane|boulevard|drive|court|close|crescent|st|rd|ave|blvd)\b"
)
STREET_EU = re.compile(
    r"\b[A-ZÄÖÜ][a-zäöüß-]{2,25}(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee|straat|laan|gracht|plein|gatan|gata|vägen|väg|gade|vej|veien|gate|katu)\s\d{1,4}\s?[a-z]?\b"
    r"|\b\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|place|impasse|chemin|quai|allée)\s(?:de\s|du\s|des\s|la\s|le\s|l'|d')*[A-ZÀ-Ý][\w'-]+"
    r"|\b(?:[Cc]alle|[Aa]venida|[Pp]aseo|[Pp]laza|[Cc]arrer|[Vv]ia|[Cc]orso|[Pp]iazza|[Vv]iale|[Rr]ua)\s(?:de\s|del\s|della\s|la\s|el\s|los\s)*[A-ZÀ-Ý][\w'-]+(?:\s[A-ZÀ-Ý][\w'-]+)?,?\s(?:n[º°.]\s?)?\d{1,4}\b"
)
PO_BOX = re.compile(r"\bp\.?\s?o\.? box \d{2,6}\b")
MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
DATE = rf"(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH},?\s(?:\d{{4}}|'?\d{{2}})|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
BIRTH = re.compile(
    rf"\b(?:d\.?o\.?b\.?|dates? of birth|birth ?dates?|birthday|born|geboren am|n[ée]e? le)\b[^\w]{{0,3}}(?:(?:is|was|on|:)\s?){{0,2}}{DATE}"
)
SSN = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}([- .\u2013])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])")
NINO = re.compile(
    r"(?<![a-z0-9])(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-prstw-z][a-ceghj-nprstw-z]\s?\d\d\s?\d\d\s?\d\d\s?[a-d](?![a-z0-9])"
)
CARD = re.compile(r"(?<![\d.])(?:\d[ .\-_/]{0,3}){12,18}\d(?![\d])")
IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,4})?(?![a-z0-9])")
CONTEXT_ID = re.compile(
    r"\b(?:passport|driv(?:er'?s?|ing) licen[cs]e|licen[cs]e plate|national (?:id|insurance|identity)|social (?:security|insurance)|ssn|nhs|medicare|medicaid|"
    r"tax (?:id|payer|file)(?:entification)?|tin|nino|patient(?: id)?|mrn|medical record|health (?:card|insurance)|bank account|account (?:number|no)|acct|routing|sort code|"
    r"swift|cvv|cvc|pin(?: code)?(?= (?:is|:|number))|aadhaar|pan card|steuer-?id|personnummer|bsn|cpf|dni|nie|pesel|codice fiscale|steuernummer|steuer-?identifikationsnummer|iva|partita iva|nif|curp|rfc|cnp|oib|sin|identity card|id card|visa number|imei|vin)"
    r"\b(?:\W{0,3}(?:number|num|no|nr|card|id|is|was|code|ending|for [a-z]+|#)\b){0,3}[\s:#.]{0,4}(?=[a-z0-9 -]{0,18}\d)(?![a-z ]{0,20}\b(?:19|20)\d\d\b(?![ -]?\d))([a-z]{0,3}[a-z0-9][a-z0-9 -]{1,22}\d[a-z]{0,3})\b"
)
IP = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\d)")
OWN_MACHINE = re.compile(r"127\.|0\.0\.0\.0")
"""Addresses that are the same everywhere, and so nobody's."""
IPV6 = re.compile(
    r"(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}(?::?[0-9a-f]{1,4})(?![\w:])|(?<![\w:])[0-9a-f]{1,4}:[0-9a-f]{1,4}:(?:[0-9a-f]{0,4}:){1,5}[0-9a-f]{1,4}(?![\w:])"
)
MAC = re.compile(r"(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])")
PLACE = re.compile(r"(?<![\d.])-?\d{1,2}\.\d{4,8}°?\s?[ns]?,\s{0,2}-?\d{1,3}\.\d{4,8}(?!\d)")
DIGIT_WORD = r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|plus)"
SPELLED = re.compile(rf"(?<![a-z]){DIGIT_WORD}(?:[\s,.-]{{1,3}}{DIGIT_WORD}){{6,24}}(?![a-z])")
SPACED_DIGITS = re.compile(r"(?<![\d.,])(?:\d[ .\-_*]{1,2}){8,18}\d(?![\d])")
FORMATTED_IDS = (
    ("stdnum.br.cpf", re.compile(r"(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)")),
    ("stdnum.es.dni", re.compile(r"(?<![a-z0-9])\d{8}-?[a-z](?![a-z0-9])")),
    ("stdnum.es.nie", re.compile(r"(?<![a-z0-9])[xyz]-?\d{7}-?[a-z](?![a-z0-9])")),
    ("stdnum.it.codicefiscale", re.compile(r"(?<![a-z0-9])[a-z]{6}\d\d[a-z]\d\d[a-z]\d{3}[a-z](?![a-z0-9])")),
    ("stdnum.fr.nir", re.compile(r"(?<!\d)[12]\s?\d\d\s?\d\d\s?\d[\dab]\s?\d{3}\s?\d{3}\s?\d\d(?!\d)")),
    ("stdnum.se.personnummer", re.compile(r"(?<![\d-])(?:\d\d)?\d{6}[-+]\d{4}(?![\d-])")),
    ("stdnum.fi.hetu", re.compile(r"(?<![a-z0-9])\d{6}[-+a]\d{3}[0-9a-z](?![a-z0-9])")),
    ("stdnum.mx.curp", re.compile(r"(?<![a-z0-9])[a-z]{4}\d{6}[hm][a-z]{5}[0-9a-z]\d(?![a-z0-9])")),
    ("stdnum.in_.aadhaar", re.compile(r"(?<!\d)[2-9]\d{3}[ -]\d{4}[ -]\d{4}(?!\d)")),
    ("stdnum.in_.pan", re.compile(r"(?<![a-z0-9])[a-z]{3}[abcfghljpt][a-z]\d{4}[a-z](?![a-z0-9])")),
)  # fmt: skip
DIGEST = re.compile(
    r"(?<![0-9a-z])(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{16}|(?<=[a-z]{3}-)[0-9a-f]{10})(?![0-9a-z])"
)
"""A digest or an id of the product: the digits in it count nothing, though some look like a phone or a card."""
SENTENCE_EDGE = re.compile(r"[.!?]\s")
NEAR = 70
FEWEST_COLONS, MAC_BREAKS = 3, 5
MOST_PHONES = 50


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield personal data of every kind."""
    folded = DIGEST.sub(lambda match: "#" * len(match.group()), reading.plain.text)
    for finder in _finders(folded):
        reading.check_time()
        for rule, start, end in finder(reading, folded):
            yield Mark(rule, *reading.plain.span(start, end))
    if any(c.isdigit() for c in folded):
        yield from _streets(reading)


Finder = Callable[[Reading, str], Iterator[tuple[str, int, int]]]


def _finders(folded: str) -> Iterator[Finder]:
    digits = sum(map(folded.count, "0123456789"))
    if (
        "@" in folded
        or " at " in folded
        or "at)" in folded
        or "at]" in folded
        or "dot" in folded
        or "at>" in folded
        or "at}" in folded
    ):
        yield _emails
    if digits >= 6:
        yield _cards
        yield _phones
        yield _ids
    if digits >= 3:
        yield _births
        yield _contexts
    if digits >= 4 or ":" in folded:
        yield _devices
    yield _spelled


def _emails(reading: Reading, text: str) -> Iterator[tuple[str, int, int]]:
    for match in EMAIL.finditer(text):
        if not _own_address(match.group().replace(" ", ""), reading):
            yield "personal.email", match.start(), match.end()
    for match in SPACED_EMAIL.finditer(text) if "@" in text else ():
        yield "personal.email-hidden", match.start(), match.end()
    for match in HIDDEN_EMAIL.finditer(text) if HIDDEN_SIGNS.search(text) else ():
        at, dot = match.group(2), match.group(4)
        plain_at, plain_dot = at.strip() == "at", dot == "."
        if at == "@" and plain_dot and " " not in match.group().replace(" @ ", "@"):
            continue  # an ordinary address: judged above
        if plain_at and plain_dot and not FREE_MAIL.search(match.group(3)):
            continue  # "see you at shop.com"
        if plain_dot and at == "@" and _own_address(re.sub(r"\s", "", match.group()), reading):
            continue
        yield "personal.email-hidden", match.start(), match.end()
    for match in REVERSED_EMAIL.finditer(text):
        yield "personal.email-hidden", match.start(), match.end()


def _own_address(address: str, reading: Reading) -> bool:
    brand = reading.policy.brand
    local, _, host = address.partition("@")
    if address in brand.addresses or host in brand.hosts:
        return True
    return local.split("+")[0] in brand.role_mailboxes and not FREE_MAIL.search(host)


def _cards(reading: Reading, text: str) -> Iterator[tuple[str, int, int]]:
    for match in CARD.finditer(text):
        reading.check_time()
        digits = re.sub(r"\D", "", match.group())
        if digits[0] in "23456" and luhn(digits) and len(set(digits)) > 1:
            yield "personal.card", match.start(), match.end()
    for match in IBAN.finditer(text):
        compact = re.sub(r"[ -]", "", match.group()).upper()
        if _valid("stdnum.iban", compact):
            yield "personal.iban", match.start(), match.end()


def luhn(digits: str) -> bool:
    """Tell whether the check digit of a card number is right (ISO/IEC 7812-1)."""
    total = sum(int(d) for d in digits[-1::-2]) + sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return total % 10 == 0


def _valid(module: str, value: str) -> bool:
    from importlib import import_module

    return bool(import_module(module).is_valid(value))


def _phones(reading: Reading, text: str) -> Iterator[tuple[str, int, int]]:
    seen: list[tuple[int, int]] = []
    for pattern, certain in (
        (PLUS, True),
        (NANP, True),
        (MOBILE, True),
        (NATIONAL, False),
        (LOOSE, False),
        (SHORT_US, False),
    ):
        for match in pattern.finditer(text):
            reading.check_time()
            start, end = match.span()
            if len(seen) >= MOST_PHONES:
                return
            if any(a < end and start < b for a, b in seen) or not _like_phone(match.group()):
                continue
            before = text[max(0, start - NEAR) : start]
            if NOT_PHONE.search(before) or (not certain and not _phone_here(pattern, match.group(), before, reading)):
                continue
            seen.append((start, end))
            if not _business(before, text[end : end + 30], reading) and not _free_call(match.group()):
                yield "personal.phone", start, end


def _like_phone(found: str) -> bool:
    digits = re.sub(r"\D", "", found)
    looks_dated = re.match(r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}", found) or re.match(
        r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d", found
    )
    return 7 <= len(digits) <= 15 and len(set(digits)) > 2 and not looks_dated


def _phone_here(pattern: re.Pattern[str], found: str, before: str, reading: Reading) -> bool:
    words = bool(PHONE_WORDS.search(before[-40:]))
    if pattern is SHORT_US:
        return words
    if not words and not (pattern is NATIONAL and re.search(r"[ ()/-]", found)):
        return False
    if words and pattern is LOOSE and reading.outbound:
        return True
    import phonenumbers

    for region in reading.policy.limits.phone_regions:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(found, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _business(before: str, after: str, reading: Reading) -> bool:
    near, rest = SENTENCE_EDGE.split(before)[-1], SENTENCE_EDGE.split(after)[0]
    invited = reading.outbound and INVITED.search(before)
    return (
        bool(invited or BUSINESS.search(near) or BUSINESS.search(rest))
        and not PERSONAL.search(near)
        and not PERSONAL.search(rest)
        and reading.surface is not Surface.CSV_CELL
    )


def _free_call(found: str) -> bool:
    digits = re.sub(r"\D", "", found)
    return digits.startswith(
        (
            "0800",
            "0808",
            "1800",
            "1888",
            "1877",
            "1866",
            "800",
            "888",
            "877",
            "866",
            "0300",
            "0330",
            "0345",
            "0845",
            "0844",
            "1300",
            "44800",
            "44808",
        )
    )


def _ids(reading: Reading, text: str) -> Iterator[tuple[str, int, int]]:
    for match in SSN.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        if match.group(1) == "-" or re.search(r"\b(?:ssn|social|security)\b", before):
            yield "personal.national-id", match.start(), match.end()
    for match in NINO.finditer(text):
        yield "personal.national-id", match.start(), match.end()
    for module, pattern in FORMATTED_IDS:
        for match in pattern.finditer(text):
            if NOT_PHONE.search(text[max(0, match.start() - NEAR) : match.start()]):
                continue
            if _valid(module, re.sub(r"[ ]", "", match.group()).upper()):
                yield "personal.national-id", match.start(), match.end()
    if reading.outbound:
        for match in SPACED_DIGITS.finditer(text):
            yield "personal.spelled-number", match.start(), match.end()


def _contexts(_: Reading, text: str) -> Iterator[tuple[str, int, int]]:
    for match in CONTEXT_ID.finditer(text):
        value = match.group(1)
        if sum(c.isdigit() for c in value) >= 3 and "%" not in text[match.end() : match.end() + 2]:
            yield "personal.national-id", match.start(), match.end()


def _births(_: Reading, text: str) -> Iterator[tuple[str, int, int]]:
    for match in BIRTH.finditer(text):
        yield "personal.birth-date", match.start(), match.end()


def _devices(_: Reading, text: str) -> Iterator[tuple[str, int, int]]:
    colons = text.count(":")
    worth = ((IP, "." in text), (IPV6, colons >= FEWEST_COLONS), (MAC, max(colons, text.count("-")) >= MAC_BREAKS))
    for pattern in (pattern for pattern, trying in worth if trying):
        for match in pattern.finditer(text):
            numbered = re.search(r"(?:version|v|release|build)\s?$", text[max(0, match.start() - 9) : match.start()])
            if not numbered and not OWN_MACHINE.match(match.group()):
                yield "personal.device", match.start(), match.end()
    for match in PLACE.finditer(text):
        yield "personal.location", match.start(), match.end()


def _spelled(_: Reading, text: str) -> Iterator[tuple[str, int, int]]:
    for match in SPELLED.finditer(text):
        yield "personal.spelled-number", match.start(), match.end()


def _streets(reading: Reading) -> Iterator[Mark]:
    text = reading.text
    for pattern in (STREET, STREET_LOWER, STREET_EU):
        for match in pattern.finditer(text):
            if not _premises(text, match.start(), match.end(), reading):
                yield Mark("personal.address", match.start(), match.end())


def _premises(text: str, start: int, end: int, reading: Reading) -> bool:
    """Tell whether an address is the business's own: the words around it say so, or it stands in a footer."""
    before, after = text[max(0, start - 120) : start].lower(), text[end : end + 120].lower()
    near = re.split(r"[.!?]\s|\n\n", before)[-1]
    if reading.policy.brand.name and reading.policy.brand.name.lower() in near:
        return True
    if PERSONAL.search(near):
        return False
    if BUSINESS.search(near):
        return True
    return not NAMED.search(text[max(0, start - 60) : start]) and bool(
        BUSINESS.search(re.split(r"[.!?]\s", after)[0])
        or "unsubscribe" in text[max(0, start - 200) : end + 200].lower()
        or "©" in before
    )
