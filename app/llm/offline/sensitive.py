"""Targeting by special categories of personal data, which is refused; and the near misses, which are not."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.conditions import whole
from app.llm.offline.reading import Reading

TERMS: tuple[tuple[str, str], ...] = (
    ("health", r"pregnan(?:t|cy)|expecting (?:mothers|mums|moms|women)|expectant \w+|disab(?:led|ilit(?:y|ies))|wheelchair users?|diabet(?:ic|ics|es)|cancer(?: patients?| survivors?)?|depress(?:ed|ion)|anxiety|hiv|aids|mental(?:ly)? (?:ill(?:ness)?|health)|chronic(?:ally)? ill(?:ness)?|illness(?:es)?|seriously ill|(?:are |is |be )(?:sick|ill)\b|sick people|diseases?|medical (?:conditions?|history|records?|problems?)|health (?:conditions?|problems?|issues|status|data)|obes(?:e|ity)|overweight|fat people|anorexi\w+|bulimi\w+|eating disorders?|addict(?:s|ed to (?:alcohol|drugs|gambling))|alcoholics?|(?:gambling|drug|alcohol) (?:addicts?|problems?|addiction)|problem gamblers|medications?|antidepressants|fertility|ivf|infertil\w+|miscarriage|menopaus(?:e|al)|alzheimer\w*|dementia|autis(?:m|tic)|adhd|epilep\w+|asthma(?:tics?)?|allerg(?:y|ies|ic) sufferers|infertile|covid positive|suicidal|self-harm|blind people|deaf people|mentally|chemo(?:therapy)?|dialysis|(?:suffer(?:s|ing|ed)? from|diagnosed with|(?:being )?treated for|recovering from|in therapy)(?: \w+)?|(?:undergoing|going through) (?:treatment|surgery|therapy)"),
    ("religion", r"muslims?|islam(?:ic)?|christians?|catholics?|protestants?|jews?|jewish|hindus?|buddhists?|sikhs?|mormons?|evangelicals?|atheists?|religio(?:n|us)|faith|church ?goers?|mosque|synagogue|who (?:pray|fast)|ramadan observers|observ(?:e|ing) (?:ramadan|lent|shabbat)"),
    ("ethnicity", r"ethnic(?:ity|ities)?|ethnic minorit(?:y|ies)|rac(?:e|ial)(?! (?:car|day|track|bike))|black (?:people|customers?|women|men|families|shoppers?|users)|african[- ]americans?|asians?(?! (?:food|market|cuisine))|white (?:people|customers?|women|men|families|shoppers?)|caucasians?|hispanics?|latin[oax]s?|arabs?|roma\b|gyps(?:y|ies)|immigrants?|migrants?|refugees|skin colou?r|indigenous|aboriginals?|native americans|people of colou?r|foreign-?born|minorit(?:y|ies)|non-?whites?"),
    ("politics", r"democrats?|republicans?|(?:labour|tory|conservative|liberal|green|afd|trump|biden|brexit|left|right)[- ](?:voters?|supporters?|party|wing\w*|leaning)|tories|voters|politic(?:s|al)(?:ly)?|left-?wing|right-?wing|brexiteers|remainers|union members?|trade union\w*|activists|party members|(?:vote|votes|voting|voted) (?:for|labour|tory|conservative|liberal|green|republican|democrat\w*|trump|biden|left|right|remain|leave|snp|afd|blue|red)|voted (?:for|leave|remain)|conservatives|liberals|socialists|communists"),
    ("sexuality", r"gays?(?! pride)|lesbians?|lgbt\w*\+?(?! (?:pride|charity|history))|bisexuals?|queer|trans(?:gender|sexual)?s?(?= (?:people|customers?|women|men|users|persons)|$)|transgender|homosexuals?|heterosexuals?|straight (?:people|men|women|customers)|sexual (?:orientation|preference|identity)|sexuality|sex life|same-sex couples?|non-?binary"),
    ("minors", r"minors?(?! changes?| edits?| tweaks?| issue| problem| point)|under-?age\w*|(?:under|younger than|below)(?: the age of)? ?(?:18|17|16|15|14|13|12|11|10)\b(?! ?(?:%|days|weeks|months|words|char|orders|percent|euros|pounds|dollars))|under-?(?:18|16|13|12)s|teen(?:s|agers?|aged)|(?:young )?children|kids|toddlers|school ?(?:kids|children|pupils)|pupils|(?:8|9|10|11|12|13|14|15|16|17)[- ]?(?:-|to|and)[- ]?(?:1\d)[- ]year[- ]olds?|(?:8|9|10|11|12|13|14|15|16|17)[- ]year[- ]olds?|adolescents|juveniles|high ?schoolers"),
    ("vulnerable", r"(?:in|with|heavy|serious|deep|struggling with) debts?|bankrupt\w*|(?:are |is |be )(?:poor|broke|desperate|lonely|grieving|vulnerable)\b|poor people|vulnerable (?:people|customers)|recently (?:bereaved|widowed|divorced)|widow(?:s|ed|ers)|grieving|bereaved|unemployed|lost their jobs?|jobless|on benefits|welfare recipients|criminal (?:record|conviction)s?|convicted|ex-?convicts?|prisoners|going through (?:a )?divorce|financial (?:trouble|distress|difficult\w+)|gambling habit|low[- ]income|credit scores?|homeless"),
)  # fmt: skip
_COMPILED = tuple((topic, whole(words)) for topic, words in TERMS)
_AFTER = re.compile(
    r"^(?:'s|s')? ?-?(?:friendly|safe|aid)?[ -]?(?:charit|fund|prevention|awareness|month|week|day|history|food|meat|snack|product|book|wear|cloth|toy|shoe|room|menu|range|collection|section|categor|gift|item|bedding|furniture|jewell|candle|care|supplement|vitamin|fashion|department|birthday|party|card|decor|magazine|game|size|bike|uniform|friday|dress|jean|coat|jacket|shirt|boot|trainer|scarf|scarves|tea|coffee|tie|event|campaign|theme|sale|promotion|newsletter|festival|holiday|eid|pride|stationery|lunch|club sandwich|relay|car|support group|hospital|nurs|researc|foundation|helpline|line\b|message|copy|content|model|test|insurance plan|accessor|apparel|wear|pyjama|bag)"
)
_BEFORE = re.compile(
    r"(?:(?:buy|bought|buys|buying|purchase[ds]?|order(?:ed|s)?|like[sd]?|love[sd]?|into|interested in|shop(?:s|ped)? for|shopping for|sell|selling|category|donat\w+ to|fundrais\w+ for|raise money for|in aid of|charity for|content (?:on|about)|copy (?:on|about)|about|against|find|guidelines on|clothes for|toys for|gifts? for|presents? for|books for|shoes for|wear for|things for|parents (?:of|with|who have)|families with|mums (?:of|with)|with|mention(?:ing)?|not mention|do not mention|avoid|exclude|excluding|no|without|not) (?:\w+ ){0,2})$"
)
_SAFE_LIST = whole(
    r"suicide[- ]prevention|bath bombs?|halal (?:food|meat|snacks|products?|sweets|range|category)|kosher (?:food|products?|wine|range)|cancer research|breast cancer|movember|pride (?:month|campaign|collection|range|week)|gay pride|mental health (?:awareness|day|week|month|charity)|black[- ]friday|(?:asian|mexican|indian) (?:food|cuisine|cooking)|race (?:day|track|car)|kids ?wear|kids'? (?:clothes|clothing|shoes|toys|range|category|books|bikes|bedding|department|room|collection)|children'?s? (?:clothes|clothing|shoes|toys|range|books|wear|hospital|charity|department|collection)|baby (?:clothes|products|food|category)|maternity (?:wear|clothes|range|collection)|christening|communion gifts|eid|ramadan|diwali|hanukkah|hanukah|passover|lent|christian (?:dior|louboutin|louis)|sex[- ]ed\w*|white (?:wine|t-shirts?|goods|shirts?|label|dresses|sale|paint|friday)|black (?:dresses|boots|jeans|shoes|tie|coffee|tea|shirts?|label|coats?|jackets?)|liberal returns|conservative (?:estimate|copy|tone|baseline|guess|assumption|approach|lift)|political(?:ly)? neutral|faithful|good faith|minor (?:changes?|edits?|tweaks?)|asthma-friendly|allergy-friendly|allergen\w*|gluten[- ]free|sugar[- ]free|diabetic[- ]friendly|first aid|hearing aids|pregnancy (?:pillows?|cushions?|belts?|bras?|tests?|vitamins?|books?)|visual aids?|straight (?:away|forward|jeans|to|leg)|race against|teen (?:range|clothing|fashion|collection|section)|aids? (?=digestion|sleep)"
)


def special_category(reading: Reading) -> str | None:
    """Return the special category by which people are to be chosen, or None; products, charities and dates are free."""
    text = _SAFE_LIST.sub(" ", reading.normal.bare)
    for topic, pattern in _COMPILED:
        for match in pattern.finditer(text):
            before, after = text[: match.start()], text[match.end() :]
            if _AFTER.match(after.lstrip(" ") if after.startswith(" ") else after):
                continue
            if _BEFORE.search(before) and not _aims(before, topic):
                continue
            if topic == "religion" and match[0] in ("faith",):
                continue
            if topic == "minors" and _adult(reading, text, match[0], before):
                continue
            return topic
    return None


def _aims(before: str, topic: str) -> bool:
    """Excluding or choosing *people* of a special category is targeting too; excluding minors is not."""
    people = re.search(r"(?:people|customers?|anyone|everyone|women|men|users|shoppers|those) (?:\w+ ){0,3}$", before)
    negative = re.search(r"(?:exclude|excluding|no|without|not|avoid) (?:\w+ ){0,2}$", before)
    if topic == "minors" and negative:
        return False
    return bool(people and re.search(r"with|who", before[people.start() :])) or bool(
        negative and topic != "minors" and not re.search(r"mention", before)
    )


def _adult(reading: Reading, text: str, words: str, before: str) -> bool:
    """Say whether a number that looks like a child's age is none (days, characters, a discount) or is excluded."""
    if re.search(
        r"(?:exclude|excluding|leave out|without|no|not|nobody|no one|none|remove|except|drop|omit|suppress)(?: \w+){0,4} ?$",
        before,
    ):
        return True
    if re.match(r"(?:under|younger|below)", words):
        return not any(hit.condition.field == "age" for hit in reading.audience.hits)
    return words in ("children", "kids", "young children", "toddlers") and bool(
        re.search(
            r"(?:parents|mums|mothers|families|dads|women|men|customers|people)\b[\w ]{0,24}$|for (?:their|the|your|our) $",
            before,
        )
    )
