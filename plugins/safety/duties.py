"""What a whole message owes its reader: a way out, a sender's address, proof for claims, a date for urgency."""

# ruff: noqa: E501 - long patterns are easier to check on one line
from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.safety import Surface
from plugins.safety.policy import Rule
from plugins.safety.reading import Mark, Reading

OPT_OUT = re.compile(
    r"unsubscri|opt(?:ing)?[- ]?out|stop receiving|no longer (?:wish|want) to|manage (?:your )?(?:e-?mail |communication |contact )?(?:preferences|subscriptions?)|"
    r"(?:update|change|e-?mail|communication|contact|marketing) (?:your )?(?:e-?mail )?preferences|preference cent(?:er|re)|opt_out|optout|leave (?:this|our) (?:mailing )?list|remove (?:me|yourself) from"
)
POSTAL = re.compile(
    r"\d{1,5}[a-z]?,?\s(?:[\w'.-]+\s){1,4}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|close|way|place|pl|terrace|square|sq|"
    r"crescent|parkway|highway|hwy|quay|row|walk|wharf|house|park|floor|suite)\b|p\.?\s?o\.? box \d|\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b|\b[a-z]{2}\s\d{5}(?:-\d{4})?\b|"
    r"\{\{\s?[\w.]*(?:postal|company|sender|brand|business|shop|store)?_?address[\w. |:'\"-]{0,60}\}\}|stra(?:ss|ß)e\s\d|registered (?:office|in)"
)
STOP = re.compile(r"\b(?:stop|end|quit|unsub\w*|cancel|opt[- ]?out|opt2out|stop2end)\b")
OFFER = re.compile(
    r"%|\$|£|€|\boff\b|\bsale\b|\bsave\b|\bshop\b|\bbuy\b|\bdeals?\b|\boffers?\b|\bfree\b|\bdiscount|\b(?:use|with|enter|quote) (?:the )?code\b|\bnew\b|\bvoucher|\bgift|\bearn|\bbonus|\bexclusive"
)
ADVERTISED = re.compile(
    r"%|\boff\b|\bsale\b|\bsave\b|\bdeals?\b|\boffers?\b|\bdiscount|\bvoucher|\bexclusive|\bbonus|\bdiscover|\bexplore|\bshop\b|\bbuy\b|\btry\b|\bnew\b|\bcollection|\brange\b|\bfree\b|"
    r"\bupgrade|\bwin\b|\bgift|\bjoin\b|\bearn|\brewards?\b|\bbook\b|\breview\b|\brecommend|\byou may also|\bcheck out\b"
)
ABOUT_AN_ORDER = re.compile(
    r"\b(?:invoice|receipt|refund|(?:your|the) (?:order|booking|parcel|package|delivery|return|appointment|reservation|password|ticket|payment|account details)|order (?:number|no)\b|booking (?:number|reference))"
)
GREETING = re.compile(r"\A\s*(?:subject\s?:|hi\b|hello\b|hey\b|dear\b|good (?:morning|afternoon|evening)\b)")
BODY_MARKS = re.compile(r"[.!?](?:\s|\Z)")
WHOLE_SENTENCES = 3
NAME = r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)[A-ZÀ-Ý][a-zà-ÿ]{2,20}\b"
INTRODUCED = re.compile(
    r"\b(?:[Mm]eet|[Ww]ith|[Bb]y|[Ss]ince|[Ww]hen|[Ff]rom|[Tt]hank|(?:talk|talks|speak|listen) to|chef|cook|baker|brewer|founder|maker|potter|weaver|coach|trainer|teacher|owner|manager|stylist|guide|author|host|vet|nurse|gardener|colleague)\s"
    rf"{NAME}|\b{NAME}, (?:our|the|your|who)\b"
)
"""A person whom a text names before it says 'he' or 'she'."""
INTRODUCED_WITHIN = 300
PERSON_RULE = "judge.person"
SUBJECT_RULE = "judge.subject"
SUBJECT_AT_MOST = 200
EMPTY_LINE = re.compile(r"\n[ \t]*\n")
FIRST = re.compile(r"(?<![\w&])#\s?1\b(?![\d.,-]*\d)")
COUNTED = re.compile(
    r"(?:order|step|tip|rule|day|round|reason|part|issue|game|item|track|lesson|chapter|week|trick|idea|question|task|number|goal|recipe|look|option|choice|test|variant|unit|suite|apt)s?:?\s*\Z"
)
DATED = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d{1,2}\b|"
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?\b|\b(?:until|till|through|by|before|on|this|ends|end|closes)\s(?:midnight\s)?(?:on\s)?(?:this\s|next\s)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"\bmidnight\s(?:on\s)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|\{\{[^{}]{0,80}(?:until|end|expir|date|deadline)[^{}]{0,80}\}\}"
)
PROOF = re.compile(
    r"\[(?:source|ref|s?\d{1,2})\b|\(source\b|\bsource:|\bbased on (?:a|an|the|our)? ?(?:\d|study|survey|trial|independent|consumer|test)|\baccording to\b|\bas (?:voted|rated|ranked|tested) by\b|\bvoted by\b|\bawarded? by\b|"
    r"\b(?:clinical )?(?:study|trial|survey) of \d|\bn ?= ?\d|\bsee (?:the )?(?:study|full terms|terms|evidence|results)|\bterms (?:and conditions )?apply|\bt&cs?\b|doi\.org"
)


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield the parts a message lacks, and a claim to be first that is written as a sign."""
    text = reading.plain.text
    for match in FIRST.finditer(text) if "#" in text else ():
        if not COUNTED.search(text[: match.start()]) and not PROOF.search(text):
            yield Mark("legal.claim.first", *reading.plain.span(*match.span()))
    if reading.surface is Surface.EMAIL and is_whole_email(text, reading.policy.limits.bare_line):
        if ABOUT_AN_ORDER.search(text) and not ADVERTISED.search(text):
            return  # a service message: nothing in it is advertised
        if not OPT_OUT.search(text):
            yield Mark("legal.email-opt-out")
        elif not POSTAL.search(text):
            yield Mark("legal.email-postal-address")
    if reading.surface is Surface.SMS and OFFER.search(text) and not STOP.search(text):
        yield Mark("legal.sms-stop")


def is_whole_email(text: str, bare_line: int) -> bool:
    """Tell a whole e-mail from a subject or preheader: more than one line, a greeting, several sentences, or length."""
    stripped = text.strip()
    if not stripped:
        return False
    if "\n" in stripped or len(stripped) > bare_line or GREETING.match(stripped):
        return True
    return len(BODY_MARKS.findall(stripped)) >= WHOLE_SENTENCES


def counts(rule: Rule, start: int, reading: Reading) -> bool:
    """Tell whether what a rule found at ``start`` stands.

    Urgency stands when no date is given, a claim when no proof is, a deceptive subject only in a subject, and 'he' or
    'she' only where nobody was introduced before.
    """
    text = reading.plain.text
    if rule.category == "urgency":
        return not DATED.search(text)
    if rule.id.startswith("legal.claim."):
        return not PROOF.search(text)
    if rule.id == SUBJECT_RULE and reading.surface is Surface.EMAIL:
        return start < subject_end(reading.text)
    if rule.id == PERSON_RULE:
        return not INTRODUCED.search(reading.text, max(0, start - INTRODUCED_WITHIN), start)
    return True


def subject_end(text: str) -> int:
    """Return where the subject and preheader of an e-mail end: at the first empty line, and never far in."""
    blank = EMPTY_LINE.search(text.lstrip())
    return min(SUBJECT_AT_MOST, len(text) - len(text.lstrip()) + blank.start() if blank else len(text))
