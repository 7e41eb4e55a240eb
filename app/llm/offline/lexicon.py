"""The words of marketers: closed vocabularies of the planner, as tables.

Every table maps a regular expression (matched on normalised, lower-case text, whole words) to a value of a closed set.
Longer and more special entries stand first.
"""
# ruff: noqa: E501, SIM905 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

_EU = (
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
).split()  # fmt: skip

REGIONS: dict[str, tuple[str, ...]] = {
    r"dach(?: region| countries)?|german[- ]speaking (?:countries|markets|region)": ("DE", "AT", "CH"),
    r"(?:the )?nordics?(?: countries| region| markets)?": ("DK", "FI", "IS", "NO", "SE"),
    r"scandinavian?": ("DK", "NO", "SE"),
    r"(?:the )?benelux(?: countries)?": ("BE", "NL", "LU"),
    r"(?:the )?baltics?(?: states| countries)?": ("EE", "LV", "LT"),
    r"iberian?(?: peninsula)?": ("ES", "PT"),
    r"north america": ("US", "CA"),
    r"(?:the )?british isles|uk (?:&|and|\+) ?i(?:reland)?": ("GB", "IE"),
    r"anz|australasia": ("AU", "NZ"),
    r"(?:the )?(?:eu|european union)": tuple(_EU),
}

COUNTRIES: dict[str, str] = {
    r"(?:the )?united kingdom|(?:the )?u\.?k\.?(?= |$|[^\w.])|great britain|britain|british|brits?|england|english customers|scotland|scottish|scots|wales|welsh|northern ireland": "GB",
    r"(?:the )?united states(?: of america)?|(?:the )?u\.?s\.?a\.?(?= |$|[^\w.])|(?:the )?u\.s\.|(?:the )?states(?= |$)|america|americans?": "US",
    r"ireland|irish|republic of ireland": "IE", r"germany|germans?|deutschland": "DE", r"france|french": "FR",
    r"spain|spanish|spaniards?": "ES", r"italy|italians?": "IT", r"portugal|portuguese": "PT",
    r"(?:the )?netherlands|holland|dutch": "NL", r"belgium|belgians?": "BE", r"luxembourg": "LU",
    r"austria|austrians?": "AT", r"switzerland|swiss": "CH", r"sweden|swedish|swedes?": "SE",
    r"norway|norwegians?": "NO", r"denmark|danish|danes?": "DK", r"finland|finnish|finns?": "FI", r"iceland": "IS",
    r"poland|polish (?:customers|shoppers|buyers|people|ones)|poles": "PL", r"czech republic|czechia|czechs?": "CZ",
    r"slovakia": "SK", r"slovenia": "SI", r"hungary|hungarians?": "HU", r"romania|romanians?": "RO",
    r"bulgaria": "BG", r"greece|greeks?": "GR", r"croatia|croatians?": "HR", r"serbia": "RS", r"ukraine": "UA",
    r"cyprus": "CY", r"malta": "MT", r"estonia": "EE", r"latvia": "LV", r"lithuania": "LT",
    r"canada|canadians?": "CA", r"mexico|mexicans?": "MX", r"brazil|brazilians?": "BR", r"argentina": "AR",
    r"chile": "CL", r"colombia": "CO", r"australia|australians?|aussies?|oz": "AU", r"new zealand|kiwis?": "NZ",
    r"japan|japanese": "JP", r"china|chinese": "CN", r"india|indians?": "IN", r"south korea|korea": "KR",
    r"singapore": "SG", r"hong kong": "HK", r"south africa|south africans?": "ZA", r"nigeria": "NG", r"egypt": "EG",
    r"(?:the )?uae|united arab emirates|dubai": "AE", r"saudi arabia": "SA", r"israel": "IL",
    r"turkey(?! (?:breast|dinner))|turkish": "TR",
}  # fmt: skip

ISO_CODES = "GB UK US USA DE FR ES IT PT NL BE LU AT CH SE NO DK FI IE PL CZ HU RO GR CA AU NZ JP AE IN BR MX".split()

VALUE_TIERS: dict[str, str] = {
    r"(?:high|higher|highest|top|big|hi)[- ]?(?:est)?[- ]?(?:value|ltv|clv|cltv|lifetime[- ]value|worth|spend)(?:[- ]tier)?(?: customers?| ones?| people| segment)?"
    r"|highest[- ]value|vips?(?! preview| access| event| night| sale)|v\.i\.p\.s?|whales?|high[- ]rollers?"
    r"|(?:big|biggest|top|heavy|high|heaviest|highest)[- ]spend(?:ers?|ing)(?: customers?| people)?"
    r"|(?:our |my |the )?(?:best|top|most valuable|most profitable|premium|richest|key|star) (?:customers?|clients?|shoppers?|buyers?|accounts?|people|ones)"
    r"|top[- ]tier (?:customers?|spenders?|shoppers?|people)|crème de la crème|cream of the crop|high[- ]end (?:customers?|shoppers?|buyers?)"
    r"|(?:value )?tier high|(?:ltv|clv|value) (?:is |= ?|tier )?high|most valuable|top (?:value|valued)|high[- ]tier": "high",
    r"(?:mid|middle|medium|moderate|average|mid[- ]range)[- ](?:value|ltv|clv|tier|spend|level)(?:[- ]tier)?(?: customers?| spenders?)?"
    r"|(?:mid|middle|medium|moderate|average)[- ]spend(?:ers?|ing)|mid[- ]tier|mid[- ]market customers?|value tier (?:mid|medium)|(?:mids|mid ones)": "mid",
    r"(?:low|lower|lowest|small)[- ](?:value|ltv|clv|spend)(?:[- ]tier)?(?: customers?| ones?)?"
    r"|(?:low|lowest|lower|small|light|tiny|smallest|bottom)[- ]spend(?:ers?|ing)(?: customers?)?|bargain[- ](?:hunters?|seekers?)|deal[- ]seekers?|penny[- ]pinchers?"
    r"|(?:least valuable|worst|cheapest|bottom[- ]tier|lowest[- ]tier|low[- ]tier)(?: customers?)?|value tier low": "low",
}  # fmt: skip

LIFECYCLES: dict[str, str] = {
    r"at[- ]?risk|slipping away|slipping|drifting(?: away| off)?|(?:about|likely|going|ready) to (?:churn|leave|lapse|go)|churn[- ]risks?|risk of (?:churn(?:ing)?|leaving|lapsing|losing)"
    r"|(?:in )?danger of (?:churning|leaving|lapsing)|cooling(?: off| down)?|fading(?: away)?|on the (?:verge|brink|edge) of (?:churning|leaving|lapsing)|might churn|may churn|could churn|starting to (?:lapse|churn|drift|disengage|go quiet)"
    r"|wavering|losing interest|wobbl(?:y|ing)|on their way out|might leave us|might lose|about to lose|nearly lapsed|almost lapsed": "at_risk",
    r"lapsed?(?: ones?)?|lapsing|churned|churners?|dormant|inactives?|in-active|gone (?:quiet|cold|dark|silent|missing|away|dormant|awol)|went (?:quiet|cold|dark|silent|dormant)|lost (?:customers?|shoppers?|buyers?|clients?|ones)"
    r"|(?:former|ex|past|old|previous)[- ](?:customers?|buyers?|shoppers?|clients?)|stopped (?:buying|shopping|ordering|purchasing|coming)|sleep(?:ing|ers?|y)(?: customers?)?|asleep|disengaged|no longer (?:buy|shop|order|active|buying)"
    r"|drifted (?:away|off)|fell(?:en)? (?:off|away|asleep)|(?:have )?left us|defected|hibernating|disappeared|used to (?:buy|shop|order)|defunct|quit (?:buying|on us)|abandoned us|forgotten (?:about )?us|not active|not been active|unengaged": "lapsed",
    r"new (?:customers?|signups?|sign[- ]ups?|joiners?|members?|subscribers?|shoppers?|registrations?|users?|people|ones|buyers?|starters?|faces|clients?)|just (?:joined|signed up|registered)|newcomers?|newbies|newly (?:joined|registered|acquired|signed[- ]up)(?: customers?)?"
    r"|recent(?:ly)? (?:joined|joiners?|signups?|sign[- ]ups?|acquired|signed up|registered)(?! (?:in|within|over|since))|fresh (?:signups?|customers?|joiners?)|brand[- ]new (?:customers?|shoppers?)|recruits|first[- ]timers|lifecycle new": "new",
    r"active(?: (?:customers?|ones?|shoppers?|buyers?|people|base|users?))?|current (?:customers?|shoppers?|buyers?)|currently (?:buying|active|shopping)|engaged (?:customers?|shoppers?|buyers?|ones)|existing active|still (?:buying|active|shopping)|actives": "active",
}  # fmt: skip

GENDERS: dict[str, str] = {
    r"wom[ea]ns?|ladies|lady|females?|girls|gals": "female",
    r"m[ea]n(?!'s day| s day)|males?|gentlemen|gents|guys (?!we)|blokes|lads|dudes": "male",
}

LOYALTY_TIERS = ("bronze", "silver", "gold", "platinum")

CATEGORIES = (
    "running shoes|walking boots|hiking boots|baby clothes|womens wear|menswear|womenswear|knitwear|outerwear|home decor|home and garden|home & garden|garden furniture|garden tools|pet food|pet supplies|gift sets?|gift wrap|bath bombs?|board games?|halal food|kosher food|vegan food|vegan products|organic food"
    "|skin ?care|make-?up|cosmetics|beauty|fragrances?|perfumes?|hair ?care|jewell?ery|watches|handbags|bags|accessories|scarves|hats|sunglasses|shoes|trainers|sneakers|footwear|boots|sandals|dresses|denim|jeans|coats|jackets|shirts|t-shirts|tees|swimwear|lingerie|underwear|socks|sportswear|activewear|fitness|sports|outdoors?|camping|cycling|bikes|golf|yoga"
    "|home ?wares?|kitchen ?wares?|kitchen|cook ?ware|bakeware|furniture|bedding|linen|towels|candles|lighting|lamps|garden(?:ing)?|plants|flowers|tools|diy|electronics|gadgets|headphones|phones|laptops|computers|gaming|games|toys|lego|kids ?wear|baby|books|stationery|craft(?:s)?|art supplies|music|vinyl|films|pets?|dog food|cat food|groceries|food|coffee|tea|wine|beer|spirits|chocolates?|snacks|cheese|vitamins|supplements|toiletries|bath|gifts|decorations|party supplies|luggage|travel|mugs|cushions|prints|posters|wallpaper|rugs|curtains|apparel|clothing|clothes|fashion"
).split("|")  # fmt: skip

CHANNELS: dict[str, str] = {
    r"e-?mails?|mail(?:s|ing|er)?|newsletters?(?= campaign)": "email",
    r"sms(?:es|'s)?|texts?(?: messages?| msgs?)?|txts?|text messages?|texting": "sms",
    r"push(?: ?notifications?| notifs?| messages?| alerts?|es)?|app notifications?|notifications?|in-app": "push",
}

TONES: dict[str, str] = {
    r"friendl(?:y|ier|iest)|warm(?:er|th)?|welcoming|approachable|conversational|kinder|nicer|human|personable": "friendly",
    r"playful(?:ly)?|fun(?:ny|nier)?|more fun|cheeky|cheekier|witty|wittier|humou?r(?:ous)?|quirky|light-?hearted|silly": "playful",
    r"urgent|urgency|fomo|pressing|time-sensitive|last[- ]chance tone": "urgent",
    r"formal(?:ly)?|professional|corporate|business-?like|serious|polite|official": "formal",
    r"premium(?! customers?)|luxur(?:y|ious)|upscale|posh(?:er)?|elegant|classy|classier|high-end|sophisticated|exclusive|refined": "premium",
    r"empathetic|empathic|caring|compassionate|sympathetic|understanding|heartfelt|sensitive|gentle(?:r)?": "empathetic",
    r"excit(?:ing|ed)|energetic|punch(?:y|ier)|enthusiastic|upbeat|bold(?:er)?|lively|livelier|dynamic|hype|peppy|zing(?:y|ier)|snapp(?:y|ier)|energised|more energy|vibrant": "exciting",
    r"casual|laid[- ]back|relaxed|informal|chatt(?:y|ier)|chilled": "casual",
    r"confident|assertive|assured|strong(?:er)? voice|authoritative": "confident",
    r"calm(?:er|ing)?|soothing|soft(?:er)?|measured|understated": "calm",
    r"informative|informational|factual|matter-of-fact|neutral": "informational",
}  # fmt: skip

THEMES: dict[str, str] = {
    r"win(?:ning)?[- ]?back|win[- ](?:them|those|these|customers|people|our \w+|\w+ customers) (?:\w+ )?back|re-?activat(?:e|ion|ing)|re-?engag(?:e|ement|ing)|we miss you|miss you|come[- ]back|bring(?:ing)? (?:them|customers|people|shoppers|\w+ customers|\w+ shoppers|vips) back|bring(?:ing)? back (?:the |our |those |all )?(?:lapsed|lost|customers|people|shoppers|dormant|churned|former|inactive|vips|old customers)|lure (?:them |\w+ )?back|tempt (?:them |\w+ )?back|wake up": "winback",
    r"black[- ]friday|bfcm|cyber[- ](?:monday|week|weekend)|blackfriday": "black_friday",
    r"christmas|xmas|x-mas|holiday season|festive(?: season)?|advent|holidays? (?:gift|campaign|promo|sale)|yuletide|noel": "christmas",
    r"new year(?:'?s)?(?: eve| day)?|nye": "new_year", r"valentine(?:'?s?)?(?: day)?|galentine'?s?(?: day)?": "valentines",
    r"mother'?s?'?[- ]day|mum'?s day|mom'?s day|mothering sunday|mothers'? day": "mothers_day",
    r"father'?s?'?[- ]day|dad'?s day|fathers'? day": "fathers_day",
    r"easter": "easter", r"hallowe'?en|spooky(?: season)?": "halloween",
    r"back[- ]to[- ]school|new school year|school term|start of term": "back_to_school",
    r"end[- ]of[- ]season(?: sale)?|clear(?:ance|[- ]?out)(?: sale)?|warehouse sale|stock clearance|liquidation|final reductions": "clearance",
    r"flash[- ](?:sale|deal|promo|offer)|24[- ]?h(?:ou)?r sale|lightning (?:sale|deal)|one[- ]day sale|1[- ]day sale|weekend sale|48[- ]?h(?:ou)?r sale": "flash_sale",
    r"(?:abandon(?:ed|ment|ing)?[- ](?:cart|basket|checkout|bag)s?|(?:cart|basket|checkout|bag)[- ]abandon(?:ment|ers?|ed|ing)?|(?:cart|basket) (?:reminder|recovery)|left (?:something|items|things|stuff|products) in (?:their|the) (?:cart|basket|bag)|abandon(?:ed)? (?:their|a|the) (?:cart|basket|checkout))": "cart_abandonment",
    r"post[- ]purchase|after[- ](?:purchase|sales?)|order follow[- ]up|thank[- ]you (?:campaign|email|note|message)|follow[- ]up (?:after|on) (?:a |an |their )?(?:purchase|order)": "post_purchase",
    r"replenish(?:ment)?|restock reminder|re-?order(?: reminder)?|refill(?: reminder)?|running (?:low|out)|top[- ]up reminder|time to restock": "replenishment",
    r"up-?sell(?:ing)?|cross-?sell(?:ing)?|upgrade (?:campaign|offer|push|to)": "upsell",
    r"referrals?|refer[- ]a[- ]friend|invite[- ]a[- ]friend|recommend a friend|bring a friend": "referral",
    r"(?:product )?reviews? (?:request|campaign|ask|email|sms|drive|push)|review[- ]request|ask(?:ing)? (?:\w+ )*for (?:a |their )?(?:review|feedback|rating)s?|feedback (?:request|campaign|survey)|leave (?:a |us a )?reviews?|collect reviews|(?:get|want|need|collect|ask for) (?:more )?reviews|more reviews": "review_request",
    r"vip (?:preview|early access|access|event|night|sale|evening|exclusive)|early[- ](?:access|bird)|private sale|sneak (?:peek|preview)|exclusive preview|preview sale": "vip_preview",
    r"pay ?day|pay-day|end of (?:the )?month treat": "payday",
    r"(?:monthly|weekly|regular|quarterly|our|a|the|june|july|august|september|october|november|december|january|february|march|april|may)? ?newsletter": "newsletter",
    r"new[- ](?:arrivals?|in|collection|range|line|season|stock|styles|products)|just landed|latest (?:arrivals|collection|range)|(?:announc\w+|introduc\w+|promot\w+) (?:our |the )?new(?! customers)|(?:our|the) new \w+ (?:range|collection|line)|(?:our|the) new (?:range|collection|line)": "new_arrivals",
    r"product launch|launch(?:ing)? (?:of )?(?:our |a |the )?(?:new |latest )(?!campaign|test)\w+|(?:new )?(?:\w+ )launch (?:campaign|email|announcement|announce)": "product_launch",
    r"birthdays?|b-?days?": "birthday",
    r"anniversar(?:y|ies)|(?:one|1)[- ]year with us|customer anniversary": "anniversary",
    r"welcome(?! back)(?: (?:series|flow|journey|email|campaign|message|sequence|pack))?|onboard(?:ing)?": "welcome",
    r"loyalty(?= (?:campaign|reward|scheme push|promo|drive|push|email|sms|offer|bonus|message|points|thank))|reward(?:s|ing)? (?:our |the |campaign|loyal|for loyal)\w*|(?:double|bonus|extra) points|loyalty (?:campaign|rewards?|programme push)|thank (?:our |the )?loyal|points (?:promo|boost|campaign)|(?:for|about|around|on) loyalty$": "loyalty",
    r"(?:webinar|in-?store event|pop-?up|open (?:day|evening)|event (?:invite|invitation|campaign|email|promo)|invit(?:e|ing|ation) (?:\w+ )*(?:event|evening|party|show|workshop|webinar)|workshop|store opening|fashion show)": "event",
    r"summer(?:time)?": "summer", r"spring(?:time)?": "spring", r"autumn(?:al)?|fall(?= (?:campaign|sale|promo|collection|season|email|launch|push|themed|range))": "autumn",
    r"winter": "winter",
}  # fmt: skip

METRICS: dict[str, str] = {
    r"open rates?|opens?|opening rate|opened rate": "open_rate",
    r"click(?:[- ]through)?[- ]rates?|ctrs?|clicks?|click-?throughs?|cto?r": "click_rate",
    r"revenue per (?:recipient|send|email|head|person|customer|user|message|contact)|rpr|rpe|spend per (?:recipient|head|person)|revenue/recipient": "revenue_per_recipient",
    r"unsub(?:scribe)?(?:s|d|rs)?(?: rates?)?|opt-?outs?(?: rates?)?|unsubscriptions?": "unsubscribe_rate",
    r"aov|average (?:order|basket)(?: values?| size)?|order value|basket (?:size|value)": "avg_order_value",
    r"conversions?(?: rates?)?|cvr|cr|convert(?:s|ed|ing)?|purchase rates?|order rates?|purchases|sales conversion|orders placed": "conversion_rate",
    r"revenues?|turnover|sales(?= (?:value|revenue|figure))|money|income|total sales|takings": "revenue",
}  # fmt: skip
