"""What a message points at and asks to change: variants, campaigns, list positions, edits, files, words to use."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline import lexicon
from app.llm.offline.conditions import whole

ORDINALS = {"first": 1, "1st": 1, "top": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
            "5th": 5, "sixth": 6, "6th": 6, "last": -1, "final": -1}  # fmt: skip
_ORD = "|".join(ORDINALS)
_VAR_NOUN = r"(?:variant|version|option|message|arm|email|e-mail|draft|copy|sms|text|one|subject line|variation|test cell|headline)"
_LETTER_CONTEXT = re.compile(rf"\b{_VAR_NOUN}s? (?:[a-h]\b)|\b[a-h]'s\b|\b[b-h]\b")
_LETTER = re.compile(r"(?<![\w'/&-])([a-h])(?:'s)?(?![\w'-])")
_PAIR = re.compile(
    r"(?<![\w'])([a-h])(?: (?:vs|v|and|against|with|or|to|over|than|beat|beats|did|versus) | ?[&+/,] ?)(?:variant |version |option )?([a-h])(?:(?: and | or | & |, ?)([a-h]))?(?![\w'])"
)
_LEAD_A = re.compile(
    rf"\b(?:{_VAR_NOUN}s?|in|for|about|to|of|make|on|is|did|does|was|rewrite|use|check|with|approve|fix|shorten|revise|change|edit|update|keep|why|how) a(?= |$|\?|\.|,)(?! (?:bit|little|lot|few|tad|touch|new|more|summer|campaign|different|test|control|discount|cta|clear|call|friendl|[a-z]+))"
)
_CAP = re.compile(r"(?<![\w'])([A-H])(?:'s)?(?![\w'/])")
_ORD_VARIANT = whole(rf"(?:the )?({_ORD}) (?:{_VAR_NOUN})")
_NUM_VARIANT = whole(r"(?:variant|version|option|message|number|no\.?|#|draft) ?#?(\d)(?! ?%)")
_WINNER = whole(
    r"the winner|the winning (?:one|variant|version|message|copy|email|arm)|winning (?:variant|copy|version|message)|the best (?:one|variant|version|performer|performing (?:one|variant))|the champion"
)
_ALL = whole(
    r"all (?:of )?(?:them|the (?:variants|versions|messages|emails|copy|options|drafts))|every (?:variant|version|one|message)|each (?:variant|version|one|of them|message)|(?:both|all)(?: (?:variants|versions|of them))?(?= |$)"
)


def variants_said(text: str, original: str) -> tuple[str, ...]:
    """Return the variant labels named: capital letters, letters beside a noun, ordinals; ``winner`` for the winner."""
    found = {*_capitals(original), *_letters(text), *_ordinals(text)}
    if _WINNER.search(text):
        found.add("winner")
    return tuple(sorted(found, key=lambda label: (label == "winner", label)))


def _capitals(original: str) -> set[str]:
    if original.upper() == original:
        return set()
    plain = re.sub(r"\b[aA] ?/ ?[bB](?: ?/ ?[cC])?(?: ?/ ?[dD])?(?= (?:test|split|exp))", " ", original)
    return {match[1] for match in _CAP.finditer(plain) if match[1] != "A" or not _is_article(plain, match)}


def _letters(text: str) -> set[str]:
    pairs = {match[group].upper() for match in _PAIR.finditer(text) for group in (1, 2, 3) if match[group]}
    plain = re.sub(r"a ?/ ?b(?: ?/ ?c)?(?: test| split)?", " ", text)
    single = {match[1].upper() for match in _LETTER.finditer(plain) if match[1] in "bcd"}
    return pairs | single | ({"A"} if _LEAD_A.search(text) else set())


def _ordinals(text: str) -> set[str]:
    named = {
        "ABCDEFGH"[ORDINALS[match[1]] - 1]
        for match in _ORD_VARIANT.finditer(text)
        if ORDINALS[match[1]] > 0 and "campaign" not in text[match.end() : match.end() + 10]
    }
    return named | {"ABCDEFGHI"[int(match[1]) - 1] for match in _NUM_VARIANT.finditer(text) if match[1] != "0"}


def _is_article(text: str, match: re.Match[str]) -> bool:
    """Say whether a capital A opens a sentence as an article ('A campaign for ...')."""
    before = text[: match.start()].rstrip()
    follows = re.match(r"\s+[a-z]+", text[match.end() :])
    verb = re.match(
        r"\s+(?:and|vs|or|is|was|beat|did|does|needs|should|to|won|lost|got|against|looks|sounds|has|had|feels|a bit|too|shorter|friendlier|with)\b",
        text[match.end() :],
    )
    return (not before or before.endswith((".", "!", "?", ":"))) and bool(follows) and not verb


def ordinal_said(text: str) -> int | None:
    """Return the position named ('the second one', 'number 3'); -1 for the last."""
    if match := whole(
        rf"(?:the )?({_ORD})(?: (?:one|segment|group|campaign|on the list|in the list|cluster|cohort|option|result|item|of (?:them|those)))|(?:segment|cluster|number|group|no\.?|#|cohort) ?#?(\d)"
    ).search(text):
        return ORDINALS[match[1]] if match[1] else int(match[2])
    return None


_PREVIOUS = whole(
    r"(?:the )?(?:previous|last|prior|earlier|preceding|past|former|other)(?: \w+)? (?:campaigns?|one|test|send|mailing|run|effort|push)|last (?:time|month's|week's|quarter's)(?: one| campaign)?|(?:the )?(?:one|campaign|test) before|(?:what )?we did before|before(?= ?$|\?)|previously|the previous|our (?:last|previous)"
)
_LAST_YEAR = whole(r"last year'?s?|previous year'?s?|(?:from |of )?last year|a year ago|20(?:1\d|2[0-5])")


def campaigns_said(text: str, themes: list[tuple[int, str]], spoken: dict[str, str]) -> tuple[str, ...]:
    """Return references to campaigns: a theme name (with 'last year' where said), an ordinal word, or ``previous``."""
    refs: list[str] = []
    years = [match.start() for match in _LAST_YEAR.finditer(text)]
    for position, theme in themes:
        near = any(
            0 <= position - year <= 16
            or (
                0 <= year - position <= len(spoken.get(theme, theme)) + 20
                and not any(position < other <= year for other, _ in themes)
            )
            for year in years
        )
        name = spoken.get(theme, theme.replace("_", " "))
        label = f"{name} last year" if near else name
        if label not in refs:
            refs.append(label)
    if not themes and years:
        refs.append("last year")
    if _PREVIOUS.search(text):
        refs.append("previous")
    return tuple(refs)


EDITS: tuple[tuple[str, str], ...] = (
    ("undo", r"undo(?: (?:that|it|this|the last (?:change|edit)))?|(?:go|change it|put it|bring it|roll it|take it|switch|turn it) back(?! to (?:school|back))|roll(?:ing)? ?back|revert|restore(?: the (?:previous|old|original|last))?|(?:the )?(?:previous|old|original|earlier|last) (?:version|wording|one|text|copy)(?: was better| please)?$|(?:liked?|prefer(?:red)?) (?:it|the (?:previous|old|original|first|earlier|last)(?: one| version)?)(?: (?:better|more))?(?: (?:before|how it was))?|as it was|how it was|back to (?:how|what|the (?:previous|original|old|last|earlier))|scrap (?:that|the last) (?:change|edit)|reverse (?:that|the last)"),
    ("fix_block", r"(?:re-?write|fix|change|edit|amend|adjust|reword|re-?phrase|rework|sort|correct|repair|modify|clean)(?: \w+){0,4} (?:so (?:that )?(?:it|they|\w+) (?:will |can |would |does |do )?(?:pass|passes|clear|get|gets|comply|complies|is|are|not get)|to (?:pass|comply|clear|make it (?:pass|compliant))|until it passes)|make (?:it|them|\w|variant \w|the \w+ one) (?:compliant|pass|safe|acceptable|ok|comply|legal|allowed)|(?:so|until|to make sure) (?:it|they) (?:pass(?:es)?|compl(?:y|ies)|gets? (?:through|approved))|fix (?:the )?(?:blocked|flagged|rejected|failing|failed|problem|issue|violation|compliance|wording|claim|copy that)|(?:get|bring) (?:it|\w|them|variant \w) (?:through|past|to pass|approved)|get it (?:passed|approved|through|cleared)|unblock(?: it| \w)?|(?:remove|take out|drop|replace|cut) (?:the |whatever |what )?(?:offending|problematic|flagged|blocked|non-?compliant|banned|illegal|forbidden|bad|problem|risky)|sort out the (?:blocked|problem|flag)|re-?write(?: \w+){0,3} (?:blocked|rejected|flagged|failing)|address the (?:issue|finding|problem|feedback)s?|pass the (?:check|screening|review)s?"),
    ("new_options", r"(?:(?:give|show|get|write|make|try|generate|suggest|need|want|see|have|come up with|offer|like|produce|with|some|any)(?: (?:me|us|it|you|a|to))* )?(?:\d |some |a few |a couple of |a |an )?(?:new|other|different|alternative|fresh|more|further|another|additional|completely different)(?: (?:set of|batch of|round of|\d+))? (?:options?|variants?|versions?|alternatives?|ideas?|takes?|approach(?:es)?|suggestions?|choices|angles?|variations?|set|batch|attempt|ones)|(?:try|start) (?:again|over|afresh|from scratch)|start over|re-?do (?:it|them|all|these|the copy)|another (?:go|try|attempt|stab|shot|version|option|one|take|round)|something (?:else|different|fresh|new)|re-?generate|(?:do|don't) not like (?:any|these|them|it|those|this)|none of these|scrap (?:these|them|all|it) and|have another go|shuffle|write (?:it|them) again|alternatives"),
    ("shorter_subject", r"short(?:er|en|est)?(?: (?:the|a|its|their|email|variant \w's?|\w's))* subject(?: lines?)?|subject(?: lines?)?(?: (?:of|for|in|on) (?:variant )?\w)?(?: (?:a (?:bit|little)|much|even|needs? to be|should be|is|to be|has to be))* (?:short(?:er|en)|too long|less long)|(?:trim|cut|tighten|shorten)(?: (?:down|the|a|its))* subject(?: lines?)?"),
    ("change_subject", r"(?:change|new|different|another|better|rewrite|alternative|tweak|update|improve|swap|replace|fresh|redo|try(?: a)?|fix|edit|rework|catchier|stronger|modify|rephrase|punch up)(?: (?:the|a|its|their|another|new|different|better|stronger|catchier|email|variant \w's?|\w's))* subject(?: lines?)?|subject(?: lines?)? (?:is|are|should|needs?|could|must|to be|feels|sounds|reads|looks|too|does not)"),
    ("add_cta", r"(?:add|include|put|insert|give it|needs?|missing|with|want|has no|without|there is no|there should be|where is)(?: (?:in|a|an|the|some|clear|clearer|stronger|strong|big|more|proper|to|it|at the end))* (?:cta|call[- ]to[- ]action|button|shop now (?:button|link))s?(?! (?:is|to|into|should))"),
    ("change_cta", r"(?:change|stronger|different|better|new|rewrite|tweak|update|improve|swap|replace|edit|punchier|clearer|make|fix|rephrase|strengthen|bolder)(?: (?:the|a|its|their|another))* (?:cta|call[- ]to[- ]action|button(?: text)?)s?|(?:cta|call[- ]to[- ]action|button)(?: text)? (?:to|should|is|into|stronger|could|needs|more|says|too|say)"),
    ("remove_emoji", r"(?:no|remove|without|drop|lose|get rid of|take out|strip|delete|fewer|less|cut|ditch|kill|too many|take away|skip|hate|zero|avoid|not use|not want)(?: (?:the|any|all|those|out|of|out the|out all|these|use|using|an|so many))*(?: \w+)? ?(?:emojis?|emoticons?|smil(?:ey|ies)|icons)|emojis? (?:out|off|gone|away|have to go|are too much|removed)|emoji-?free|de-?emoji"),
    ("add_emoji", r"(?:add|use|with|put|include|more|insert|sprinkle|throw in|need|want|could use|few|some|chuck in|give it)(?: (?:in|a|an|some|few|couple of|the|of|more|it|one|\d))* ?(?:emojis?|emoticons?|smil(?:ey|ies))|emojis? (?:please|in|would)"),
    ("remove_discount", r"(?:remove|no|drop|without|take (?:out|off|away)|get rid of|lose|delete|cut|skip|leave out|strip|forget|scrap|ditch|not (?:mention|offer|include)|kill|pull|hold back)(?: (?:the|any|a|all|out|that|of|mention of|\d+%(?: off)?|with))*(?: \w+)? ?(?:discounts?|offers?|promo(?: codes?|tion)?s?|coupons?|voucher|% off|price cut|money off|sale price|deal|off code)"),
    ("add_discount", r"(?:add|include|offer|give|put|throw in|insert|with|apply|sweeten|need|introduce|work in|slip in)(?: (?:in|a|an|the|some|them|it with|people|everyone|us|on|of|another|customers|with))*(?: num_)? ?(?:\d+(?:\.\d+)?%? ?)?(?:%|discounts?|coupons?|voucher|promo code|% off|percent off|off\b|money off|code)|\d+% (?:off|discount) (?:to|in|on) (?:it|all|them|each|every|[a-h]\b)"),
    ("add_personalisation", r"(?:add|use|include|put|insert|with|greet|address|mention|start with|open with|call)(?: (?:in|the|their|a|some|them by|people by|everyone by|him|her|by|each|to it|more|customers?|customer's|customers'|recipient's|person's))* (?:first[- ]?names?|names?|personali[sz]ation|merge tags?|personal (?:touch|greeting))|personali[sz]e(?:d)?(?! campaign)|make (?:it|them|\w) (?:more )?personal(?:i[sz]ed)?|more personal|(?:their|the|customer'?s?|recipient'?s?) (?:first )?names? (?:in|into|to|at)|address (?:them|people|customers) by name|first name"),
    ("less_pushy", r"(?:less|not so|too|not as|so|bit|stop being so|not) (?:pushy|salesy|sales-?y|aggressive|hard[- ]?sell|spammy|in your face|shouty|desperate|hypey|loud|overbearing|cheesy|clickbaity|intense|forceful|pressuring|sleazy|commercial|strong|much pressure|markety)|(?:tone|dial|calm|take|bring|turn|water|ease) (?:it|them|that|this|the \w+(?: \w+)?|\w|variant \w)? ?down(?: a (?:bit|notch|touch|little))?|(?:tone|dial|turn) down|soften|softer sell|ease (?:off|up)|less (?:pressure|hype|sell|selling|marketing)|hard sell|back off|pushy|salesy|spammy|tame"),
    ("simpler", r"simpl(?:er|ify|ified)|plain(?:er)?(?: english| language| words)?|easier(?: to (?:read|understand))?|less (?:jargon|complicated|complex|wordy language|technical|flowery|fancy)|no jargon|jargon(?:-free)?|clear(?:er)?(?! (?:call|cta|\w+ cta))(?= |$)(?! the)|dumb (?:it )?down|straightforward|more readable|too (?:complicated|complex|technical|fancy|flowery|clever)|basic(?:s)? language|reading level|a child could"),
    ("shorter", r"short(?:er|en|est|ened|ish)?(?! (?:notice|term|sleeve))|cut (?:it|them|that|this|the \w+|\w) (?:down|back|in half)|trim(?: (?:it|them|\w))?(?: down)?|tight(?:er|en)(?: (?:it|them|\w))?(?: up)?|more concise|concise|brief(?:er)|fewer words|condense|too (?:long|wordy|lengthy|verbose|much text)|less (?:wordy|text|long|verbose|copy)|snippier|crisp(?:er)?|halve (?:it|the)|half the length|not so long|compress|reduce the length|get to the point|pare (?:it )?down|punch(?:y|ier) and short|length(?:y)? (?:down)|a sentence or 2"),
    ("longer", r"long(?:er|-?form)(?! than)|more detail(?:ed|s)?|expand(?: (?:on )?(?:it|\w|that|this))?|elaborate|flesh (?:it |\w |this )?out|too short|more (?:text|words|copy|info(?:rmation)?|substance|depth|body)|lengthen|extend (?:it|the (?:copy|body|text|message))|beef (?:it |\w )?up|add (?:a |another )?(?:paragraph|sentence|detail)s?"),
    ("remove_mention", r"(?:remove|drop|delete|take out|leave out|cut|lose|get rid of|strip out|stop mentioning|do not mention|not mention|no mention of|without mentioning|avoid (?:mentioning|saying)|do not say|not say|do not talk about|stop talking about|take away|omit|stop saying|never mention)(?: (?:the|any|all|of|a|mentions? of|references? to|reference to|bit about|part about|line about|line|word|phrase|sentence about|words|wording|out))*"),
    ("mention", r"mention(?:s|ed|ing)?|(?:add|include|put in|insert|work in|say|talk about|refer to|bring in|reference|highlight|point out|emphasi[sz]e|stress|slip in|state|weave in|call out|play up|tell them)(?: (?:in|the|a|an|something|that|our|some|we|about|line|bit|mention|of|sentence|note|word|reference|to|more))*"),
)  # fmt: skip
EDIT_PATTERNS = tuple((name, whole(words)) for name, words in EDITS)

_QUALIFIED = re.compile(r"\b(?:less|not so|not too|not as|too|tone (?:it )?down the|fewer|without the) (?=\w)")


def tones_said(text: str) -> tuple[str, ...]:
    """Return the tones wished for, in order; 'less formal' and 'too playful' do not wish for one."""
    found: list[tuple[int, str]] = []
    for words, tone in lexicon.TONES.items():
        for match in _tone(words).finditer(text):
            before = text[max(0, match.start() - 14) : match.start()]
            if re.search(
                r"(?:less|not so|not too|not as|too|isn't|is not|not|so|drop the|fewer|overly|sounds|a bit too|no) $",
                before,
            ) and not re.search(r"not (?:just|only) $", before):
                continue
            found.append((match.start(), tone))
    return tuple(dict.fromkeys(tone for _, tone in sorted(found)))


_TONES = {words: whole(words + r"(?! (?:customers?|shoppers?|people|members?|recipient))") for words in lexicon.TONES}


def _tone(words: str) -> re.Pattern[str]:
    return _TONES[words]


THEME_PATTERNS = tuple((whole(words), theme) for words, theme in lexicon.THEMES.items())
SPOKEN = {
    "valentines": "valentine's",
    "mothers_day": "mother's day",
    "fathers_day": "father's day",
    "winback": "winback",
}


def themes_said(text: str) -> list[tuple[int, str]]:
    """Return (position, theme) in order of mention; a longer phrase hides the words inside it."""
    found: list[tuple[int, int, str]] = []
    for pattern, theme in THEME_PATTERNS:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), theme))
    return [(start, theme) for start, _, theme in sorted(found)]


def metric_said(text: str) -> str | None:
    """Return the first metric named, the most special phrase first."""
    found: list[tuple[int, int, str]] = []
    for words, metric in _METRICS:
        if (match := words.search(text)) and not any(
            start < match.end() and match.start() < end for start, end, _ in found
        ):
            found.append((match.start(), match.end(), metric))
    return min(found)[2] if found else None


_METRICS = tuple((whole(words), metric) for words, metric in lexicon.METRICS.items())
_FORMATS = {"csv": r"csv|comma[- ]separated", "xlsx": r"xlsx?|excel|spreadsheets?|workbook", "json": r"json", "html": r"html|web ?page",
            "txt": r"txt|plain text|text file", "pdf": r"pdf", "mailchimp": r"mail ?chimp", "klaviyo": r"klaviyo", "braze": r"braze",
            "mautic": r"mautic", "customer_io": r"customer\.?io", "dittofeed": r"dittofeed", "docx": r"word(?= (?:doc|file))|docx|google doc"}  # fmt: skip
_WHAT = (
    ("audience", r"audience|customers?(?: list| ids)?|segment|recipients?|mailing list|(?:the|my|contact|target|send) list|people|contacts|who is in it|members|ids"),
    ("results", r"results?|readout|numbers|figures|metrics|report|stats|performance|outcomes?|data|dashboard|analysis|findings"),
    ("trace", r"trace|audit(?: trail| log)?|log|steps|decision log"),
    ("approved_copy", r"(?:approved|cleared|passed|signed-off|final|released|safe|compliant|green)(?: \w+)? ?(?:copy|messages?|variants?|versions?|texts?|emails?|ones|content|sms|subject lines?)?|copy|messages?|variants?|emails?|texts?|subject lines?|winner|winning \w+|creative|assets|content|wording|versions|drafts"),
    ("all", r"everything|all of it|the (?:whole|entire|full|complete) (?:campaign|package|thing|lot)|all(?! (?:the |my )?\w)|campaign(?: pack(?:age)?)?|package|the lot"),
)  # fmt: skip


def export_said(text: str) -> tuple[str | None, str | None]:
    """Return (what, format) of an export wish."""
    file_format = next((name for name, words in _FORMATS.items() if whole(words).search(text)), None)
    rest = whole("|".join(_FORMATS.values())).sub(" ", text)
    order = [name for name, words in _WHAT if whole(words).search(rest)]
    if whole(_WHAT[4][1].rsplit("|campaign", 1)[0]).search(rest):
        return "all", file_format
    if (
        "approved_copy" in order
        and whole(r"approved|cleared|passed|copy|winner|winning|messages?|variants?").search(rest)
        and "results" not in order
    ):
        return "approved_copy", file_format
    return (order[0] if order else None), file_format


_WHEN = whole(
    r"(?:on |at |by |from |for |starting |this |next |coming |the )*(?:(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|next week|next month|noon|midday|midnight|morning|afternoon|evening|first thing|end of (?:the )?(?:week|month|day)|eod|eow|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)|\d{1,2}:\d\d|\d{1,2}(?:st|nd|rd|th)(?: of)?(?: (?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec))?|\d{1,2} (?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b|(?:january|february|march|april|june|july|august|september|october|november|december) \d{1,2}(?:st|nd|rd|th)?|in (?:an? |\d+ )(?:hours?|days?|weeks?|minutes?))(?:,? (?:at|on|in the|around|by|the|of))*\s?)+"
)


def launch_date_said(text: str) -> str | None:
    """Return the words that say when to send."""
    match = _WHEN.search(text)
    return (
        re.sub(r"^(?:on|at|by|from|for|starting|the) ", "", match[0].strip())
        if match and re.search(r"[a-z0-9]", match[0])
        else None
    )


CUSTOMER = re.compile(
    r"\b(?:customer|client|user|member|shopper|contact|person)?\s?#?\b((?:[a-z]{1,4}[-_]?\d{2,12})|\d{4,12})\b"
)


def customer_said(original: str) -> str | None:
    """Return a customer id as typed ('customer C-00123', 'why is 17850 in it')."""
    match = re.search(
        r"(?i)\b(?:customers?|clients?|users?|members?|shoppers?|contact|person|id)\s(?:number |id |no\.? )?#?([A-Za-z]{0,4}[-_]?\d{2,12})\b",
        original,
    )
    match = match or re.search(
        r"(?i)\b(?:is|isn't|was|wasn't|are|include|about|not|and|for)\s#?([A-Za-z]{1,4}[-_]?\d{2,12})\b", original
    )
    match = match or re.search(r"\b(?:is|isn't|was|why|wasn't)\s#?(\d{4,12})\b", original)
    match = match or re.search(r"(?<![\w-])#?([Cc](?:[Uu][Ss]?[Tt]?)?[-_]?\d{3,12})\b", original)
    return match[1] if match else None


def asks_membership(text: str) -> bool:
    """Say whether a message asks why somebody is in the audience."""
    return bool(
        re.search(
            r"\b(?:why|how come|is|are|was|reason|explain)\b.*\b(?:in (?:it|there|this|that|the (?:audience|list|segment|campaign|group)|(?:this|that|my|our) (?:audience|list|segment|campaign|group))|(?:part|member) of|included|not in|member|excluded|left out)\b",
            text,
        )
    ) and not re.search(r"\b(?:variant|control|version)\b", text)


_ABOUT = re.compile(
    r"\b(?:about|on|regarding|covering|around|concerning|mentioning|saying|for|announcing|promoting|that (?:mentions?|says|talks about|highlights?|covers?|announces?)|with|of|featuring|re|using|says?|to say)\s+(?:the |our |a |an |some |any |that )*(?P<t>[^.;!?]+)"
)
_ABOUT_STOP = re.compile(
    r"\b(?:please|thanks|for (?:our|the|my|lapsed|vips?|new|all)|to (?:our|the|all)|in (?:variant|version|all|a|the|every|each|both|b|c|d)|and (?:make|keep|check|send|show|then|add|remove|shorten)|that is|we have|do we|i can|we can|using|under \d|with (?:a |an )?(?:friendly|playful)|so (?:that|it)|but|instead|rather)\b.*$|,.*$"
)


_FILLER = re.compile(
    r"\b(?:the|a|an|our|my|campaign|email|sms|push|sale|promo|day|customers?|people|who|that|and|or|with|in|for|by|via|send|message|it|them|this|all|of|variants?|copy|themselves|new|please|is|are|us|me|test|season|offer)\b|\d+%?|[^a-z]"
)


def named_after_edit(text: str) -> str | None:
    """Return what is to be said or left out, from the words behind 'mention', 'add', 'leave out'; None for 'it'."""
    plain = re.sub(r"\s+", " ", text)
    for name, pattern in EDIT_PATTERNS:
        match = pattern.search(plain) if name in ("mention", "remove_mention") else None
        if match:
            words = _ABOUT_STOP.sub("", plain[match.end() :].split(".")[0]).strip(" ,'?!;\"")
            return words if _FILLER.sub(" ", words).strip() else None
    return None


def topic_said(text: str, themes: list[tuple[int, str]]) -> str | None:
    """Return the free words after 'about', 'on', 'mention ...'; None when nothing but a theme stands there."""
    match = _ABOUT.search(re.sub(r"\s+", " ", text))
    if not match:
        return None
    words = re.sub(r"\s+", " ", _ABOUT_STOP.sub("", match["t"])).strip(" ,'?\"")
    bare = words
    for pattern, _ in THEME_PATTERNS:
        bare = pattern.sub(" ", bare)
    return words if _FILLER.sub(" ", bare).strip() else None
