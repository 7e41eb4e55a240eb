"""Fixed phrases said one way, before sentences are compared: "on the house" is free, "half price" is 50% off."""

from __future__ import annotations

import re

from plugins.generation.grounding.reading.spoken import MONTHS, SPOKEN, TO_TEN, TO_TWELVE
from plugins.generation.grounding.reading.written import WRITTEN, days_in_full

_HALVED = "minute|litre|liter|kilo|kilogram|kilometre|tonne|mile|pint|metre|meter|week|month"
_SMALL = r"(\d{1,2}|" + "|".join(TO_TWELVE) + ")"
_CRAFTS = "made|crafted|woven|knitted|stitched|sewn|carved|painted|finished|built|thrown|tied|rolled|blown|cut|poured"
_WORKS = "symphony|concerto|sonata|quartet|quintet|trio|suite|prelude|nocturne|mass|waltz|overture|rhapsody|polonaise"
"""Pieces of music, which are numbered: ``Symphony No. 5``."""
_PLURALS = (
    *enumerate(
        ("twos", "threes", "fours", "fives", "sixes", "sevens", "eights", "nines", "tens", "elevens", "twelves"), 2
    ),
    *enumerate(("thirteens", "fourteens", "fifteens", "sixteens", "seventeens", "eighteens"), 13),
    *zip(
        range(20, 90, 10),
        ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties"),
        strict=True,
    ),
    *enumerate((f"twenty-{word}s" for word in ("one", "two", "three", "four", "five", "six", "seven")), 21),
)
"""Ages as plurals: ``under-eights``."""
_HOUR = r"\d{1,2}(?:[:.]\d\d)?|" + "|".join(TO_TWELVE)

_NOT_YET = r"(?! (?:un)?til\b| till\b| now\b| today\b| yet\b| up ?front| before\b| in advance| for (?:the )?(?:first|next|\d)| this\b)"  # noqa: E501
"""Behind ``nothing to pay``, what only puts the payment off: ``nothing to pay until January``."""

_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        ("[\u2018\u2019]", "'"),
        ("[\u201c\u201d]", '"'),
        ("[\u2010\u2011]", "-"),
        ("(?<=[a-z.])\u2013(?=(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))", "-"),
        ("\\s*[\u2013\u2014]\\s*(?=\\d)", "-"),
        ("[\u2013\u2014]", ", "),
    )
)
"""Quotation marks and dashes in plain letters."""
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), to)
    for pattern, to in (
        (rf"\b(?:three[- ]quarters|3/4) of an? ({_HALVED})\b", r"0.75 \1"),
        (rf"\b(?:a |one )?quarter of an? ({_HALVED})\b", r"0.25 \1"),
        (
            r"\b((?:all|any|every\w*|each|any\w+) (?:[\w-]+ ){0,5}?)(?<!the )(?<!our )(?<!your )(?<!an )(?<!a )(?:bar|barring) "  # noqa: E501
            r"(?=(?:the|our|those|for|on|in|one|two|(?-i:[A-Z])\w+)\b)|\bwith the exception of ",
            r"\1except ",
        ),
        (r"\bcan't\b", "can not"),
        (r"\bcannot\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"n't\b", " not"),
        (r"\b(?:at|for) no (?:extra |additional )?(?:cost|charge)\b|\bfree of charge\b|\bon the house\b", "free"),
        (r"\b(?:no|zero|without(?: a| an| any)?) ([\w-]+ )?(fees?|charges?|costs?)\b", r"free \1\2"),
        (rf"\b({_HOUR})(?: o'clock)? in the morning\b", r"\1 am"),
        (rf"\b({_HOUR})(?: o'clock)? (?:in the (?:afternoon|evening)|at night)\b", r"\1 pm"),
        *((rf"\b{word}(?= [ap]m\b)", f"{at}") for at, word in enumerate(TO_TWELVE, start=1)),
        (rf"\b{_SMALL}[- ]?(?:-|to|and)[- ]?{_SMALL}[- ]year[- ]olds\b", r"children aged \1 to \2"),
        (rf"\b{_SMALL}[- ]year[- ]olds\b", r"children aged \1"),
        (r"\b(?:the )?(?:little ones|wee ones|tots|kiddies)\b", "youngsters"),
        (r"([\u00a3$\u20ac]\d[\d.,]*|\d+ ?%|[a-z]+ per ?cent)((?: an?)?(?: \w+){0,3}) comes? off\b", r"\1\2 off"),
        (
            r"\bas (?:long|far|late|high|deep|big|wide|fast|low down) as (?=[\u00a3$\u20ac\d]|(?:"
            + "|".join(TO_TWELVE)
            + r")\b)",
            "up to ",
        ),
        (r"\bon top of (?=(?:any|all|our|every|the)? ?other\b)", "combined with "),
        (
            r"(?<!for )\b(?:as|so) long as (?=(?:it|you|there|they|your)\b)|\bprovided (?:that )?(?=(?:it|you|there|they|your)\b)",  # noqa: E501
            "if ",
        ),
        (r"\bgrown-?ups\b", "adults"),
        (r"\bgrown-?up\b", "adult"),
        (r"\bnever runs? out\b", "never expires"),
        (r"\b(?<!petrol )(?<!fuel )runs? out (?=after|on \d|by|in \d|at the end)", "expires "),
        (r"\bfour-(?:legged|footed|pawed) ", "furry "),
        (r"\ball (year|summer|winter|day|night|week|season|month|weekend|spring|autumn) (?:long|round)\b", r"all \1"),
        (r"\b(every|each|per) quarter\b(?! of)", r"\1 3 months"),
        (r"\bquarterly\b", "every 3 months"),
        (r"\btips? the scales? at\b", "weighs"),
        (r"\bnever (?:closes?|shuts?|sleeps?)\b", "is open 24 hours a day"),
        (r"\b(?:(?:all|every penny) (?:of )?)your money back\b", "full refund"),
        (r"\bor nothing for\b", "or free for"),
        (r"\b(?:is|are) paid (?:for )?by us\b", "is free"),
        (r"\bthe last day of (?=[A-Z])", "the end of "),
        (
            rf"\b(?:there (?:is|are|will be) |there's |you(?:'ll)? have )?nothing (?:extra |more |else |further )?to pay\b{_NOT_YET}",  # noqa: E501
            "it is free",
        ),
        (rf"\b(?:pays?|costs?) (?:you |them )?nothing(?: extra| more| at all)?\b{_NOT_YET}", "is free"),
        (
            rf"\b(?:do|does|will|would|did|ha(?:ve|s) to) not (?:have to )?cost (?:you |\w+ )?(?:anything(?: extra| more)?|extra|more|a thing)\b(?! than){_NOT_YET}",  # noqa: E501
            "is free",
        ),
        (
            r"\b(?:none of (?:it|this|that|them|these|those|which)|nothing) (?:costs?|is|are|comes? at) (?:an? )?(?:extra|more)\b(?! than)",  # noqa: E501
            "it is free",
        ),
        (
            r"(?<=and )nothing(?= for (?:the |your |any )?(?:under|child|kid|adult|member|baby|babies|infant|student|dog|anyone|those|people))",  # noqa: E501
            "free",
        ),
        (r"\b(is free\b[^.;]{0,40}?),? (?:and )?(?:neither|nor) (?:do|does|is|are|will) ", r"\1 and so is "),
        (
            r"\b(?:do|does|will|need|would) not (?:have to |need to )?pay (?:for )?(?:any |an |the )?(?=(?:admission|entry|entrance|joining|delivery|shipping|postage|enrolment|registration)\b)",  # noqa: E501
            "get free ",
        ),
        (
            r"\b(?:will|do|does) not charge (?:you |anyone |anybody |customers |members )?(?:anything |a penny )?for (?!the first\b)",  # noqa: E501
            "offer free ",
        ),
        (r"\bfor nothing\b|\b(?:not|never) cost (?:you )?a (?:penny|cent)(?: more)?\b", "free"),
        (r"\b(?:can be|you can|comes?|come) (?:taken|take) (?:out|off)\b|\bcomes? (?:out|off)\b", "removable"),
        (r"\b(?:a|one) (?:full|whole) day\b", "24 hours"),
        (r"\bhalf a day\b", "12 hours"),
        (
            r"\b(first)(?: |-(?!day [a-z]))(day|week|month|year)\b(?! of " + MONTHS + ")",
            r"\1 one \2",
        ),
        (r"\b(next)[- ](day)\b|\b(?<=the )(next) (week|month|year)\b", r"\1\3 one \2\4"),
        (r"(?<=\d)\s?m[2\u00b2](?!\w)", " square metres"),
        (r"(?<=\d)\s?m[3\u00b3](?!\w)", " cubicmetres"),
        (r"\bcubic[- ]met(?:re|er)(s?)\b", r"cubicmetre\1"),
        (r"\bcubic[- ](foot|feet|inch(?:es)?)\b", r"cubic\1"),
        (r"\bcubic[- ]centimet(?:re|er)(s?)\b", r"cubiccentimetre\1"),
        (r"\bkilowatt[- ]hours?\b", "kWh"),
        (r"\bmegabits? (?:per|a) second\b", "Mbit/s"),
        (r"\bgigabits? (?:per|a) second\b", "Gbit/s"),
        (rf"\b({_WORKS}) no\. ?(?=\d)", r"\1 number "),
        (
            r"\b(?:for )?(?:every|each) (?:(?:full|whole|single) )?(euro|pound|dollar|franc)(?= (?:that )?(?:you )?(?:spen[dt]|pay|paid)\b)",  # noqa: E501
            r"for every 1 \1",
        ),
        (r"\b(\d+|\w+) (?:kinds|types|sorts|varieties) of\b", r"\1"),
        (r"\b(\d{1,2}) on ((?:an? |any |every )?\w+day) mornings?\b", r"\1 am on \2"),
        (r"\b(\d{1,2}) on (\w+day) (?:afternoon|evening|night)\b", r"\1 pm on \2"),
        (
            r"\b(lasts?|takes?|for|in|within|about|around|just|only) an? (hour|day|week|month|year)\b(?! of (?:the|your))",  # noqa: E501
            r"\1 one \2",
        ),
        (
            r"\b(over|under|more than|less than|at least|at most|within|no more than) an? (hour|day|week|month|year)\b(?! of (?:the|your)|['\u2019]s)",  # noqa: E501
            r"\1 one \2",
        ),
        (r"\ban? (hour|day|week|month|year) (?=or (?:more|less|longer|over)\b)", r"1 \1 "),
        (r"\bevery (?:penny|cent)\b", "all"),
        (r"\b(?:an?|one) (?:full|whole|entire) (year|month|week|hour|minute)\b", r"1 \1"),
        (r"\bpick(s|ed|ing)? (it |them )?up\b", "collect"),
        (r"\b(?:bring|send|give|take)(s|ing)? (it|them) back\b", "return"),
        (r"\bsame[- ]day\b", "sameday"),
        (r"\bup to and including\b", "until"),
        (
            r"\b(?:at )?any time (?=(?:up to|until|till|between|before|in(?! (?:your|our|the app))|during|from)\b)",
            "",
        ),
        (r"\b(half|quarter)-(past|to)-(?=[a-z])", r"\1 \2 "),
        (r"\b12 (noon|midday|midnight)\b", r"\1"),
        (r"\bthree[- ]quarters of an hour\b", "45 minutes"),
        (r"\b(?:a |one )?quarter of an hour\b", "15 minutes"),
        (r"\b(?:an|one) hour and a half\b", "90 minutes"),
        (r"\b(?:an|one) hour and a quarter\b", "75 minutes"),
        (r"\b(?:an|one) hour and three[- ]quarters\b", "105 minutes"),
        *(
            (rf"\b(?:{word}|{at}) (?:and a half hours|hours and a half)\b", f"{at * 60 + 30} minutes")
            for at, word in enumerate(TO_TWELVE, start=1)
        ),
        *(
            (rf"\b(?:{word}|{at}) (?:and a quarter hours|hours and a quarter)\b", f"{at * 60 + 15} minutes")
            for at, word in enumerate(TO_TWELVE, start=1)
        ),
        *(
            (
                rf"\b(?:{word}|{at}) (?:and three[- ]quarter hours|hours and three[- ]quarters)\b",
                f"{at * 60 + 45} minutes",
            )
            for at, word in enumerate(TO_TWELVE, start=1)
        ),
        (r"\b(?:a |one )?quarter of a century\b", "25 years"),
        (r"\bthree[- ]quarters of a century\b", "75 years"),
        (r"\bfortnight's\b", "2 weeks"),
        (r"\b(?:a|one) day and a half\b", "36 hours"),
        (r"\b(?:a|one) year and a half\b", "18 months"),
        (r"\bhalf a year(?:'s)?\b|\bhalf-year\b", "6 months"),
        (
            r"\ban? (year|month|week)'s (?=free|guarantee|warranty|supply|cover|membership|subscription|notice|worth)",
            r"1 \1 ",
        ),
        *((rf"\b{word} and a half\b", f"{at}.5") for at, word in enumerate(TO_TWELVE, start=1)),
        *((rf"\b(under|over)[- ]{plural}\b", rf"\1-{number}s") for number, plural in _PLURALS),
        (r"\b(under)[- ](1?\d)s\b", r"children \1 \2"),
        (r"\b(under|over)[- ](\d+)s\b", r"people \1 \2"),
        (
            rf"\b(at|till|until|before|after|by|from|to|come|around|about|for) half ({'|'.join(TO_TWELVE)})\b(?! \w+s\b)",  # noqa: E501
            r"\1 half past \2",
        ),
        (r"\bo'clock\b", ":00"),
        (r"(?<=\d)[\"\u2033](?= [a-z])", " inch"),
        (
            r"(?<!\bcount)(?<!\brely)(?<!\bdepend)(?<!\bcall)(?<!\bbank)(?<!\blean)(?<!\bis)(?<!\bare)(?<!it's) on us\b(?=[.,;!?) ]|$)(?! for\b)",  # noqa: E501
            " free",
        ),
        (r"\b(?:it's|is|are) on us\b|\bcosts? (?:you )?nothing\b|\bwe(?:'ll)? (?:cover|pay for)\b", "free"),
        (
            r"\b(?:no|zero|without(?: a| any)?) (delivery|shipping|postage|booking) (?:fees?|charges?|costs?)\b",
            r"free \1",
        ),
        (r"\bfree and clear\b|\bfeel free\b", ""),
        (r"\bevery day\b", "daily"),
        (r"\b([3-6])(?-i:G)\b", r"gen\1"),
        (r"\bone way\b", "one-way"),
        (r"\bround trip\b", "round-trip"),
        (r"\ba?round[- ]the[- ]clock\b|\b24/7\b|\bday (?:and|or) night\b|\bat any hour\b", "24 hours a day"),
        (r"\b(?:any|every|each|all) days? of the week\b|\b(?:7|seven) days a week\b", "daily"),
        (r"\bhalf[- ]hourly\b", "every 30 minutes"),
        (
            r"\bas (?:often|much|many)(?: (?!as\b)[a-z]+){0,2} as (?:you|they|members|guests|customers) (?:like|want|wish|please|care to)\b",  # noqa: E501
            "unlimited",
        ),
        (
            r"\b(?:when(?:ever)?|any ?time) (?:you (?:like|want|wish|please|choose)|it suits(?: you)?)\b(?! it| to)|\bat any time\b|\bany time\b",  # noqa: E501
            "anytime",
        ),  # noqa: E501, RUF100
        (
            r"\bwithout (?:charging|paying|spending)(?: you)? (?:a penny|a cent|anything|extra)\b|\b(?:do(?:es)? not|will not|never) (?:cost|pay|spend|be charged|charge)(?: you)? (?:a (?:penny|cent|thing)|anything|extra)\b",  # noqa: E501
            "free",
        ),  # noqa: E501, RUF100
        (r"\b(?:(?:a|one|the) )?(first |last |next |past |final |full )?fortnight\b", r"\g<1>2 weeks"),
        (r"\bhalf a dozen\b", "6"),
        (r"\b(?:a|one) dozen\b", "12"),
        *((rf"\b{word} dozen\b", f"{at * 12}") for at, word in enumerate(TO_TEN, start=1)),
        *((rf"\b{word} decades\b", f"{at * 10} years") for at, word in enumerate(TO_TEN, start=1)),
        (r"\bhalf a century\b", "50 years"),
        (r"\b(?:a|one) decade's\b", "10 years'"),
        (r"\b(?:a|one) decade\b", "10 years"),
        (r"\b(?:a|one) century\b", "100 years"),
        (r"\b(?:a|one) minute and a half\b", "90 seconds"),
        (rf"\b(?:an?|one) ({_HALVED}) and a half\b", r"1.5 \1s"),
        (r"\b(?:a|one) couple of\b", "2"),
        (
            r"\bhalf(?:[- ]price| off)\b|\b(?:half|50%) (?:of )?(?:the|its|their|our|your)(?: (?:[a-z]+-)*[a-z]+)? (?:price|fare|rate) (?:of|for) (?:an?|the)\b|\bhalf the (?:[a-z]+-)+[a-z]+ (?:price|fare|rate)\b|\b(?:half|50%) (?:of )?(?:the|its|their|our|your)(?: [a-z-]+){0,2}? (?:price|cost|rate|fare|fee|charge)s?\b",  # noqa: E501
            "50% off",
        ),
        (r"\bhalf an hour\b", "30 minutes"),
        (
            r"\bhalf (?:of (?:all |our |the |your )?|(?:all|our) )(?!fun|battle|story|job|time|it\b|that\b|this\b)(?=[a-z])",  # noqa: E501
            "50% of ",
        ),
        (r"\btwice[- ]daily\b", "2 times a day"),
        (r"\bonce[- ]daily\b", "once a day"),
        (r"\btwice (?=(?:an?|per|each|every) )", "2 times "),
        (
            r"\bwithout the (?:pain|stress|fuss|hassle|wait|worry|guesswork)\b|\ba lifetime of (?=moments|memories|fun)",  # noqa: E501
            "easily",
        ),
        (r"\b(\d+)\+ ?(days?|weeks?|months?|years?|hours?|minutes?|nights?|items?|people)\b", r"at least \1 \2"),
        (r"\ba full (?=[\u00a3$\u20ac\d])", ""),
        (r"\bone-(?:to|on)-one(s?)\b", r"personal session\1"),
        (r"\bfl(?:uid)?\.? ?(?:oz\b\.?|ounces?\b)", "floz"),
        (
            r"(?<!\d )(?<!\d)(?<!pounds )(?<!dollars )(?<!euros )(?<!pence )(?<!cents )(?<!half )"
            r"\b(?:an?|one) (?:(?:full|whole|entire) )?(quart|pint|gallon|lit(?:re|er)|kilo(?:gram)?)\b(?! and a)",
            r"1 \1",
        ),
        (r"(?<=\bof )room\b(?=[.,;!)]|$)", "capacity"),
        (
            r"\b(?:has|have|with) room (?=for (?:(?:up to|about|over|around) )?(?:\d|" + "|".join(TO_TWELVE) + r"))",
            "holds ",
        ),
        (r"\bhalf a hundred\b", "50"),
        (r"\b(?:a |one )trio of\b", "3"),
        (r"\ba tenner\b", "10 pounds"),
        (r"\ba fiver\b", "5 pounds"),
        (r"\bfree[- ]range\b", "freerange"),
        (rf"\b({_CRAFTS}) (?:entirely |wholly |all )?by hand\b|\bhand[- ]?({_CRAFTS})\b", r"hand\1\2"),
        (r"\bhalf-hour\b", "30-minute"),
        (rf"\bhalf(?: an? |[- ])({_HALVED})\b", r"0.5 \1"),
        (r"\bwithout (?:having to pay|paying)(?: an?| any)? (\w+ )?(fees?|charges?)\b", r"free \1\2"),
        (r"\bthree[- ]quarters?[- ](?:of an )?hour\b", "45 minutes"),
        (r"\ba buck[- ]fifty\b", "$1.50"),
        (r"\b(?:three[- ]quarters|3/4) (?:of|the)\b(?! an)", "75% of"),
        (r"\btwo[- ]thirds (?:of|the)\b", "67% of"),
        (r"\b(?:a|one)[- ]third(?= (?:of(?! an)|off|less|more|fewer|cheaper|comes off|from)\b)", "33%"),
        (r"\b(?:a|one)[- ]quarter(?= (?:of(?! an)|off|less|more|fewer|cheaper|comes off|from)\b)", "25%"),
        (r"\b(?:a|one)[- ]fifth(?= (?:of(?! an)|off|less|more|fewer|cheaper|comes off|from)\b)", "20%"),
        (r"\b(?:a|one)[- ]tenth(?= (?:of(?! an)|off|less|more|fewer|cheaper|comes off|from)\b)", "10%"),
        (
            r"\bif (?:you(?:'re| are) not (?:\w+ly |100% )?(?:satisfied|happy|convinced|in love|sold)|you do not (?:\w+ly )?(?:love|like) (?:it|them)|"  # noqa: E501
            r"(?:it|they|that)(?:'s| is|'re| are) not (?:quite |really |just )?(?:for you|right(?: for you)?|to your taste|your (?:thing|style)|"  # noqa: E501
            r"what you (?:wanted|expected|hoped for)|love))\b",
            "if you are not satisfied",
        ),
        (r"\bkeeps? (?:the |all )?(?:water|rain|wet|weather) (?:out|at bay)\b", "is waterproof"),
        (r"\bcommercial breaks?\b|\bcommercials\b", "ads"),
        (r"\b((?:money|savings|cash|funds)\b[^.;]{0,40}?)\b(?:take|get|draw) it out\b", r"\1withdraw it"),
        (
            r"\b(?:take|get|draw|drawing|taking) ((?:your |the |some )?(?:money|savings|cash|funds)) out\b",
            r"withdraw \1",
        ),
        (r"\b(?:already|ready|pre)[- ]?(?:cut|chopped|sliced|diced)\b", "pre-cut"),
        (r"\bwithout (?:first )?asking(?: you| for (?:it|your (?:ok|okay|consent)))?\b", "without your approval"),
        (
            r"\b(stays?|remains?) (?:just |exactly )?(?:as (?:it|they) (?:was|were|is|are)|the same|untouched|unaffected|unchanged)\b",  # noqa: E501
            r"does not change",
        ),
        (r"\bmoney[- ]back\b|\b(?:get )?your money back\b", "refund"),
        (r"\bcash[- ]back\b", "cashback"),
        (r"\bin[- ]stores?\b", "in-store"),
        (r"\b(?:come )?rain or shine\b|\bno (?:fuss|faff|hassle)\b|\bplain and simple\b|\bwith a smile\b", ""),
        (r"\b(?:7|seven) days (?:per|each|every) week\b", "daily"),
        (r"\b(?:kicks? off|begins?) (?:at|from) (?=[\u00a3$\u20ac]|\d+ (?:usd|eur|gbp))", "starts at "),
        (r"\bno need to\b", "need not "),
        (r"\bno (?:worries|problem|rush|pressure)\b|\bwhy not\b|\bnot sure\b", ""),
        (
            r"\b(?:do|need) not (?:just |only |simply |have to )?(?:take our word(?: for (?:it|that))?|believe us|ask us|listen to us)\b|\bnever mind\b",  # noqa: E501
            "",
        ),
        (
            r"\b(?:not|hardly|never) an? (?:single )?(day|night|week|month|year|season|summer|winter|spring|autumn) (?:ever )?"  # noqa: E501
            r"(?:goes|go|passes|went|passed|has passed|has gone)(?: by)? without\b",
            r"every \1 with",
        ),
        (r"\bdo not (?:miss(?: out)?|forget|wait|worry)\b|\bcan not wait\b|\bnothing beats\b", ""),
    )
)


def normalise(text: str) -> str:
    """Return ``text`` with plain quotation marks and with fixed phrases said in one way."""
    for pattern, to in _SIGNS:
        text = pattern.sub(to, text)
    text = days_in_full(text)
    for pattern, to in (*WRITTEN, *SPOKEN, *_PHRASES):
        text = pattern.sub(to, text)
    return text
