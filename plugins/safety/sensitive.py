"""What is known of a person who is named: health, money, belief or love life beside a name or a customer number."""

# ruff: noqa: E501 - long patterns are easier to check on one line
from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.safety.reading import Mark, Reading

RULE = "personal.sensitive"
NO_NAME = (
    r"(?!(?:The|Our|Your|This|That|These|Those|If|When|With|For|From|And|But|Or|In|On|At|To|A|An|We|You|They|It|No|Not|New|All|Any|Every|Each|Most|Some|Great|Royal|National|British|American|"
    r"Mental|Health|Heart|Blood|Black|White|Cancer|Diabetes|Alzheimer|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June|July|August|September|October|November|December|"
    r"Segment|Variant|Campaign|Subject|Dear|Hello|Hi|Thank|Thanks|Book|Visit|Shop|Free|City|Saint|St|North|South|East|West|Lake|Mount|Citizens|Samaritans|Credit|Open|Customer|Customers|Please)\b)"
)
WORD = r"[A-ZÀ-Ý][a-zà-ÿ]{1,20}(?:['’-][A-ZÀ-Ý]?[a-zà-ÿ]{2,20})?"
NAME = re.compile(
    rf"\b(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?\s{WORD}(?:\s{WORD})?|{NO_NAME}{WORD}\s(?:[A-Z]\.\s)?{NO_NAME}{WORD}|"
    r"(?i:customer|client|patient|member|subscriber|account(?: holder)?|user)\s(?i:no\.?\s|number\s|id\s|#\s?)?[A-Z]{0,4}-?\d{3,10}\b)"
)
TELLS = re.compile(
    r"(?:['’]s?\b|,?\s(?:who\s)?(?:\(\w[^()]{0,40}\)\s?)?(?:\w+ly\s|still\s|just\s|now\s|also\s|recently\s)?(?:has|had|is|was|takes|took|taking|collects?|collected|picks up|uses|owes|owed|suffers|suffered|needs|lives with|living with|lost|visits|visited|"
    r"attends|attended|began|started|stopped|filed|missed|misses|cannot|can't|buys|bought|orders|ordered|came out|been|being|got|gets|went|goes|tested|searched for|received|receives|told|said|mentioned|asked|wrote|reported|confirmed|called|complained|converted|prays|drinks|gambles|joined|with)\b|\s?[,:–—-]\s|\s\()"
)
PRIVATE = re.compile(
    r"\b(?:hiv|aids|lithium|insulin|anti-?depressants?|diabet(?:es|ic)|(?<!fighting )cancer|chemo\w*|depress(?:ion|ed)|bipolar|schizo\w*|pregnan(?:t|cy)|ivf|miscarr\w*|abortion|dementia|alzheimer\w*|epilep\w*|methadone|viagra|"
    r"medications?|prescriptions? for|biopsy|rehab|overdraft|overdrawn|arrears|in debt|debts?|garnish\w*|bailiffs?|insolven\w*|(?:salary|wages) seized|in collections|(?:credit|card|loan|mortgage) (?:was |got |is )?(?:refused|declined)|payments? bounced|on benefits|food bank (?:client|user)|ow(?:es|ed) (?:us|the|a|[£$€]?\d[\d.,]*|[a-z]{3} \d[\d.,]*)|payday loans?|bankrupt\w*|alcoholi\w*|addict(?:ion|ed)?|sti|std|herpes|chlamydia|hepatitis|psychiatr\w*|therapy|"
    r"eating disorder|anorexi\w*|bulimi\w*|self-?harm\w*|suicid\w*|menopaus\w*|infertil\w*|divorc\w*|widowed|gay|lesbian|bisexual|transgender|muslim|jewish|islam|mosque|synagogue|criminal record|convict(?:ed|ion)|in prison|on probation|unemployed|"
    r"mental (?:health|illness)|disabled|disability|credit score|gambling|repossess\w*|evict\w*|dialysis|tumou?r|heart condition|parkinson\w*|multiple sclerosis|psoriasis|incontinen\w*|erectile|fertility|asylum|immigration status|laid off|redundan\w*|sobriety|sober|burn-?out|sick leave|(?:alcohol|drink|drinking|drug) problems?|expecting(?=,| (?:a (?:baby|child|boy|girl)|twins))|deport\w*|behind on (?:the |her |his )?(?:rent|mortgage|loan))\b",
    re.IGNORECASE,
)
AT_WORK = re.compile(
    r"\b(?:specialis\w+|specializ\w+|consultant|authors?|experts?|speaks?|talks?|explains?|research\w*|professor|doctor|nurse|charit\w+|foundation|trust|helps?|supports|supporting|founder|fund|raising|raised|runs?|running|centre|center|clinic|hospital|treats?|"
    r"awareness|cover|policy|insurance|pharmacist|campaigner|author|book|novel|film|story|songs?|leaflet|novelist)\b",
    re.IGNORECASE,
)
REACH, BEFORE = 90, 60
OF_WHOM = re.compile(r"(?:\bof|\bfor|\babout|:|\bbelong(?:s|ing) to|[–—-])\s\Z")
SENTENCE_END = re.compile(r"[.!?](?:\s|\Z)|\n")
TITLE_DOT = re.compile(r"\b(Mr|Mrs|Ms|Dr|Prof|no)\.", re.IGNORECASE)
MOST_NAMES = 60


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield the name of each person of whom something private is said in the same sentence."""
    text = reading.text
    if not PRIVATE.search(text):
        return
    for number, match in enumerate(NAME.finditer(text)):
        if number >= MOST_NAMES:
            return
        if _told_after(text, match.end()) or _told_before(text, match.start()):
            yield Mark(RULE, *match.span())


def _told_after(text: str, end: int) -> bool:
    rest = SENTENCE_END.split(TITLE_DOT.sub(r"\1 ", text[end : end + REACH]), maxsplit=1)[0]
    return bool(TELLS.match(rest) and PRIVATE.search(rest)) and not AT_WORK.search(rest)


def _told_before(text: str, start: int) -> bool:
    said = SENTENCE_END.split(text[max(0, start - BEFORE) : start])[-1]
    return bool(OF_WHOM.search(said) and PRIVATE.search(said)) and not AT_WORK.search(said)
