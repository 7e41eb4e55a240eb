"""Normal form of a message: one spelling for what means the same, with the original kept for quotes and letters."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.llm.offline.spelling import repair

_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": " - ",
                         "\u2026": "...", "\u00a0": " ", "\u200b": "", "\u201a": "'", "\u2032": "'"})  # fmt: skip
_QUOTED = re.compile(r'"([^"]{3,400})"|(?<![\w])\'([^\n]{3,400}?)\'(?![\w])')
CONTRACTIONS: tuple[tuple[str, str], ...] = (
    (r"\b(have|has|had|did|do|does|is|are|was|were|would|could|should)n'?t\b", r"\1 not"),
    (r"\bwon'?t\b", "will not"), (r"\bcan'?t\b|\bcannot\b", "can not"), (r"\bain'?t\b", "is not"),
    (r"\b(what|who|how|where|when|that|it|there|here)'s\b", r"\1 is"), (r"\b(what|who|how)s\b", r"\1 is"),
    (r"\bthats\b", "that is"), (r"\blets\b|\blet's\b", "let us"), (r"\bi'?m\b", "i am"),
    (r"\b(i|we|they|you|who|what|that)'ve\b", r"\1 have"), (r"\b(i|we|they|you|it|that|who)'ll\b", r"\1 will"),
    (r"\b(i|we|they|you|who|it|that|there|she|he)'d\b", r"\1 would"), (r"\b(we|they|you|what|who)'re\b", r"\1 are"),
    (r"\b(i|we|you|they)ve\b", r"\1 have"), (r"\bdunno\b", "do not know"), (r"\bgonna\b", "going to"),
    (r"\bwanna\b", "want to"), (r"\bgimme\b", "give me"), (r"\blemme\b", "let me"), (r"\bppl\b", "people"),
    (r"\bcusts?\b", "customers"), (r"\bi\.e\.?|\be\.g\.?", "that is"), (r"\bno\. of\b|\bnr of\b|\b# of\b", "number of"), (r"\bsmth\b|\bsth\b", "something"), (r"\bw/o\b", "without"), (r"\bw/(?=\s|\w)", "with "), (r"\bn't\b", " not"),
    (r"\bu\b", "you"), (r"\bpls\b|\bplz\b|\bpleez\b", "please"), (r"\bthx\b|\bthnx\b|\bty\b", "thanks"),
    (r"\bbtw\b", "by the way"), (r"\bvs\.?(?=\s|$)|\bversus\b", "vs"), (r"\bqty\b", "quantity"),
    (r"\bcampaing\b|\bcampagin\b|\bcampain\b|\bcampiagn\b|\bcamapign\b", "campaign"), (r"\bintl\b", "international"),
    (r"\bmsgs\b", "messages"), (r"\bmsg\b", "message"), (r"\bsubj\b", "subject"), (r"\bw(?:/| )?out\b", "without"),
    (r"\bhasnt\b", "has not"), (r"\bb4\b", "before"), (r"\bexcl\.?\b", "excluding"), (r"\bincl\.?\b", "including"),
)  # fmt: skip
_UNITS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
          "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
          "eighteen": 18, "nineteen": 19}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
         "ninety": 90}  # fmt: skip
_COUNTED = r"days?|weeks?|months?|quarters?|years?|orders?|purchases?|times?|variants?|versions?|arms?|hundred|thousand|million|percent|per cent|options?|emails?|messages?|subject lines?|fortnights?|point|pp|groups?|sms|texts?|push"
PREFIX = re.compile(
    r"^(?:(?:please|kindly|hi+|hello|hey+|hiya|yo|dear|good (?:morning|afternoon|evening)|morning|afternoon|greetings)(?: (?:there|team|all|again|everyone|folks|mate|planner|cpo|bot|guys))?"
    r"|ok(?:ay)?|alright|all right|right|well|so|great|cool|nice|perfect|lovely|awesome|brilliant|super|sure|hmm+|um+|uh|er+m?|ah|oh|fine|good|excellent|fantastic|fair enough|got it|understood|makes sense|sounds good|wonderful|amazing|interesting"
    r"|thanks(?: a lot| so much| very much| again| for that)?|thank you(?: so much| very much| for that)?|cheers|ta|many thanks"
    r"|(?:(?:can|could|would|will|may|might) (?:you|u)|(?:can|could|may) (?:we|i)(?! (?:say|claim|legally|promise|call it|trust|afford|expect|test|detect|get away|run a test)\b))(?: (?:please|kindly|possibly|perhaps|just|also|maybe|quickly|now))*(?! (?:do|help|not|mind))(?= )|would you mind|do you mind|would it be possible to|is it possible to|is there any (?:way|chance) (?:to|you (?:can|could))"
    r"|i (?:would|do|will)? ?(?:really )?(?:like|love|want|need|wanted|have|prefer)(?: for)?(?: you| us)? to|i would appreciate it if you (?:could|would)|i would be grateful if you (?:could|would)|i was (?:wondering|hoping)(?: if)?(?: you| we)?(?: (?:could|can|might))?|i was wondering"
    r"|we (?:would|do|will)? ?(?:really )?(?:like|love|want|need) to|let us|let me|help me(?: to)?|help us(?: to)?|go ahead and|when you (?:have|get) (?:a )?(?:moment|chance|minute|sec|second|time)|if (?:possible|you can|you could|you do not mind|you would|that is ok|it is not too much trouble)|be so kind(?: as)?(?: to)?|sorry(?: to bother you)?|(?:this (?:is|may be|might be) )?(?:an? )?(?:stupid|silly|dumb|basic|daft|random|newbie) question(?:,? but|:)?|excuse me|pardon|just|quick(?:ly)?(?: question| one)?|one (?:more )?(?:quick )?(?:thing|question)|another (?:thing|question)|by the way|actually(?! (?:no|make|change|not))|basically|also(?= (?:can|could|please))"
    r"|tell me,|ok so|my boss (?:wants|asked|says|is asking)(?: me)?(?: to(?: know)?)?|the (?:client|team|boss|cmo) (?:wants|asked|would like|needs)(?: us| me)?(?: to)?|i think (?:we should|i want)|it would be (?:great|nice|good|helpful|lovely|useful) (?:if you could|to)|i guess|maybe|for (?:the|my) (?:meeting|boss|report))[\s,.!:;-]+"
)
SUFFIX = re.compile(
    r"[\s,.!;-]+(?:please|pls|thanks(?: a lot| so much| very much| in advance| again| a million| a bunch)?|thank you(?: so much| very much| in advance| kindly)?|many thanks|cheers|ta|if (?:possible|you can|you could|you do not mind|that is ok(?:ay)?|that is possible|it is not too much trouble|that works|you have time|you would)|when you (?:have|get) (?:a )?(?:moment|chance|minute|sec|second|time)|when(?:ever)? you can|for me|for us|asap|would you|could you|can you|will you|mate|ok|okay|right away|kind regards|best regards|regards|much appreciated|appreciate it|would be (?:great|lovely|nice|good)|you are (?:great|the best|a star)|i would appreciate it|yeah)[\s.!?:)]*$"
)


@dataclass(frozen=True)
class Normal:
    """``text`` is lower case, single-spaced, courtesy off; ``quoted`` the quoted passages; ``original`` as typed.

    ``bare`` is the normal form before courtesy phrases were taken off.
    """

    text: str
    bare: str
    original: str
    quoted: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """The words of the text."""
        return re.findall(r"[\w%']+", self.text)


def normalise(original: str) -> Normal:
    """Return the normal form of a message."""
    text = unicodedata.normalize("NFKC", original).translate(_QUOTES)
    text = re.sub(r"\s+", " ", text).strip()
    quoted = tuple((a or b).strip() for a, b in _QUOTED.findall(text))
    text = _QUOTED.sub(" quote_ ", text) if quoted else text
    text = _numbers(_expand(text.lower()))
    text = repair(re.sub(r"\s+", " ", text).strip())
    return Normal(text=_without_courtesy(text), bare=text, original=original, quoted=quoted)


def _expand(text: str) -> str:
    text = re.sub(r"[?!]{2,}", "?", text)
    text = re.sub(r",\s(?:like|you know|i mean like|i dunno|um|uh|er),\s", " ", text)
    for pattern, replacement in CONTRACTIONS:
        text = re.sub(pattern, replacement, text)
    return text


def _numbers(text: str) -> str:
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"\b(\d+(?:\.\d+)?)\s?k\b", lambda m: _plain(float(m[1]) * 1000), text)
    text = re.sub(r"\b(\d+(?:\.\d+)?)\s?(?:m|mn|mio)\b(?! ?\w)", lambda m: _plain(float(m[1]) * 1_000_000), text)
    tens = "|".join(_TENS)
    units = "|".join(_UNITS)
    text = re.sub(rf"\b({tens})[- ](one|{units})\b", lambda m: str(_TENS[m[1]] + _UNITS.get(m[2], 1)), text)
    text = re.sub(rf"\b({tens})\b(?!s)", lambda m: str(_TENS[m[1]]), text)
    text = re.sub(r"\b(?:a|one) couple(?: of)?\b|\ba pair of\b", "2", text)
    text = re.sub(r"\bhalf a dozen\b", "6", text)
    text = re.sub(r"\ba dozen\b", "12", text)
    text = re.sub(r"\b(?:a )?half (?:a|of the) year\b|\bhalf[- ]year\b", "6 months", text)
    text = re.sub(r"\b(?:a )?year and a half\b", "18 months", text)
    text = re.sub(r"\ba (?:few|handful of) (?=days|weeks|months|years)", "3 ", text)
    text = re.sub(rf"\b(?:one|a|an) (?=in \d|in (?:{units}|{'|'.join(_TENS)})|out of (?:{units}|\d))", "1 ", text)
    text = re.sub(rf"\bone (?={_COUNTED}\b)", "1 ", text)
    text = re.sub(rf"\b({units})\b", lambda m: str(_UNITS[m[1]]), text)
    text = re.sub(r"\b(\d+|a) hundred\b", lambda m: _plain(float(m[1].replace("a", "1")) * 100), text)
    text = re.sub(r"\b(\d+|a) (?:thousand|grand)\b", lambda m: _plain(float(m[1].replace("a", "1")) * 1000), text)
    text = re.sub(r"(?<=\d)\s?(?:percents?|per cents?|pct|prozent)\b", "%", text)
    text = re.sub(r"(?<=\d) %", "%", text)
    text = re.sub(r"\b(?:a )?fifth of\b(?= (?:them|the|people|customers))", "20% of", text)
    text = re.sub(r"\b(?:a )?quarter of\b(?= (?:them|the|people|customers))", "25% of", text)
    text = re.sub(r"\b(?:a )?third of\b(?= (?:them|the|people|customers))", "33% of", text)
    return re.sub(r"\bhalf of\b(?= (?:them|the|people|customers))|\bhalf\b(?= (?:control|holdout))", "50% of", text)


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _without_courtesy(text: str) -> str:
    for _ in range(6):
        shorter = SUFFIX.sub("", PREFIX.sub("", text, count=1).strip(), count=1).strip()
        if shorter == text:
            break
        if not re.search(r"\w", shorter):
            break
        text = shorter
    return text.strip(" ,;:-")
