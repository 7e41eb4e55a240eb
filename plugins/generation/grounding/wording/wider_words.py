"""Words that may stand for a word of the source without adding anything to it.

Looser than the groups of equal words in ``lexicon``: those decide what a sentence speaks of, these only whether a word
of a statement is new. ``helpline`` for "phone support", ``pet`` for "dogs and cats", ``bill`` where a price is told.
"""

from __future__ import annotations

import re
from functools import lru_cache

from plugins.generation.grounding.reading.families import FAMILY
from plugins.generation.grounding.reading.lexicon import stem

_EITHER_WAY = """
store shop branch outlet boutique counter
line phone telephone call helpline hotline switchboard
everybody everyone anybody anyone
curtain performance show play
machine appliance device unit
online internet wifi wi connection
meal restaurant food dine
website site online web
average mean typical typically
write wrote say said tell told report review describe rate rating comment quote note reckon
post mail letter
kit gear equipment tackle
pause suspend freeze skip hold interrupt
stop end quit cancel terminate finish
offline internet connection wifi signal reception
ride travel sail journey trip crossing sailing voyage go board
cut slash reduce trim knock lower shave drop reduction discount
fault defect flaw
staff people team colleague crew human person
teach tutor teacher instructor coach lesson course tuition
pensioner senior
mend repair fix
access available accessible
ticket single return pass
fold unfold
stove burning burner fireplace
protection treatment prevention control
home door doorstep
iron press
car vehicle plate
leftover remaining unsold unused surplus
penny pennies coin change
clip attach fasten fix mount screw
spot detect catch caught find identify notice
stash store keep save
mug cup beaker
tap faucet
beginner starter newcomer novice newbie
payment instalment fee price charge
queue wait line
workshop class course session seminar lesson
bin rubbish waste trash garbage litter
ground soil earth
sow plant
receipt invoice bill
adult grown-up grownup
vet veterinary veterinarian
jab shot vaccination vaccine injection booster
hairdresser stylist barber salon
adviser advisor agent expert consultant
case luggage baggage
battery charge power
energy electricity power
appointment slot visit booking meeting
edit change amend alter modify adjust
tenant renter
allotment plot
bank lender
expire lapse
office workplace company business firm
wedding marriage ceremony
installation fitting install fit
refill top-up replenish replacement
colour hue tone tint shade
hop ride
kilo weight
wage salary
garment clothes clothing apparel
cellar vault basement
exam test assessment
walk hike ramble stroll trek
bike bicycle cycle
swimmer swim
runner run
rider ride
driver drive
walker walk
skier ski
diner dine meal table
reader read
shopper shop
traveller travel passenger
evening night dusk
dawn daybreak sunrise
shut closed close
pavement road street
spectacles glasses frame
lens lenses
hob stove cooker
fault breakdown
lodger guest
neighbour neighbor
grandparent grandmother grandfather gran granny grandad
sister brother sibling
partner spouse husband wife
newsletter email mailing
login sign-in account
password passcode pin
file document
folder binder
pupil student learner
diploma certificate qualification
degree bachelor master
harvest crop
barn shed outbuilding
cottage cabin chalet lodge
villa house
campsite pitch camping
stall stand booth
pub bar inn tavern
cafe coffee
restaurant bistro
kitchenette kitchen
lounge sitting-room
loo toilet bathroom
shower bathroom
stair staircase step
lawyer solicitor attorney
builder contractor
plumber heating
mechanic garage
nursery childcare creche kindergarten
carer caregiver
gardener garden
cook chef
baker bakery
butcher butchery
florist flower
farmer farm
grower grow
maker make
meal board catering
handmade handcrafted handwoven handknitted handstitched handsewn handcarved handpainted handbuilt handfinished
rid dispose disposal remove removal
replace substitute stand-in alternative
seat hold fit accommodate room space capacity
sleep accommodate bed
extend longer prolong lengthen
raise higher increase
lower cheaper less reduce
widen wider broaden broader
shorten shorter cut
speed faster quicker accelerate
strengthen stronger
soften softer
brighten brighter
darken darker
lighten lighter
tighten tighter
thicken thicker
improve better
worsen worse
deepen deeper
italy italian
france french
spain spanish
portugal portuguese
germany german
switzerland swiss
austria austrian
netherlands dutch holland
belgium belgian flemish
denmark danish dane
sweden swedish swede
norway norwegian
finland finnish
iceland icelandic
ireland irish
scotland scottish scots
wales welsh
england english
britain british
poland polish
czech czechia bohemian
hungary hungarian
romania romanian
bulgaria bulgarian
greece greek
turkey turkish
croatia croatian
slovenia slovenian slovene
estonia estonian
latvia latvian
lithuania lithuanian
japan japanese
china chinese
korea korean
india indian
nepal nepalese
thailand thai
vietnam vietnamese
indonesia indonesian
australia australian
canada canadian
america american usa
mexico mexican
brazil brazilian
peru peruvian
chile chilean
argentina argentine argentinian
colombia colombian
cuba cuban
egypt egyptian
morocco moroccan
kenya kenyan
ethiopia ethiopian
sicily sicilian
tuscany tuscan
provence provencal
brittany breton
bavaria bavarian
cornwall cornish
"""
"""Equal in the trades where both are said; a word may stand on several lines, once for each of its meanings."""

_KINDS = """
pet: dog cat rabbit puppy kitten hamster parrot
bird: chicken hen duck goose turkey
animal: dog cat horse cow sheep pig goat hen bird rabbit
drink: coffee tea wine beer juice water lemonade cocktail cider gin whisky cocoa
tipple: wine beer cider gin whisky cocktail
fruit: apple pear plum orange lemon berry strawberry raspberry cherry grape peach mango banana
veg: potato carrot onion tomato pepper cabbage kale spinach leek bean pea
vegetable: potato carrot onion tomato pepper cabbage kale spinach leek bean pea
bread: loaf baguette sourdough roll bun ciabatta
loaf: bread sourdough
flower: rose tulip lily daffodil peony dahlia bouquet
plant: rose shrub tree seedling hedge bulb herb
clothes: jacket coat shirt jumper trouser dress legging jean skirt blouse hoodie
outfit: jacket coat shirt jumper trouser dress suit skirt
garment: jacket coat shirt jumper trouser dress legging smock suit skirt vest
footwear: trainer boot sandal slipper shoe clog sneaker heel
shoe: trainer boot sandal slipper sneaker loafer
jewellery: ring pendant necklace earring bracelet stud brooch
jewelry: ring pendant necklace earring bracelet stud brooch
furniture: sofa table chair desk bed sideboard wardrobe bookcase
seat: chair sofa stool bench armchair
bag: backpack rucksack tote holdall duffel suitcase satchel
cookware: saucepan pan wok skillet casserole pot
pan: saucepan skillet wok
gadget: phone laptop tablet speaker headphone earbud camera watch vacuum kettle
device: phone laptop tablet speaker headphone earbud camera watch tracker reader sensor router
machine: washer dryer dishwasher mower vacuum blender espresso printer
appliance: washer dryer dishwasher fridge freezer oven kettle toaster vacuum
vehicle: car van truck bike motorbike scooter lorry estate suv
wheels: car van bike scooter pram pushchair
timepiece: watch clock
boat: ferry kayak canoe yacht dinghy
treatment: massage facial float manicure pedicure wrap
meal: breakfast lunch dinner supper brunch pizza curry
title: book novel e-book film game
read: book novel e-book magazine
instrument: guitar piano violin drum flute
shelter: tent gazebo
timber: oak pine walnut beech ash
metal: steel iron copper brass aluminium silver gold
cloth: cotton linen wool silk
cheese: cheddar brie tomme gouda stilton
sitting: class session table
toy: doll puzzle teddy blocks
tool: drill saw hammer spanner sander mower
"""
"""What may be called by the name of its kind; never the other way round (a "pet" of the source is no "cat")."""


def _rows(table: str) -> dict[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for line in table.strip().splitlines():
        kind, colon, members = line.partition(":")
        group = {stem(word) for word in (members if colon else line).split()}
        for word in [stem(kind)] if colon else group:
            known.setdefault(word, set()).update(group)
    return {word: frozenset(group) for word, group in known.items()}


_GROUPS, _MEMBERS = _rows(_EITHER_WAY), _rows(_KINDS)


@lru_cache(maxsize=4096)
def _roots(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in re.findall(r"[a-z]+", text))


def stands_for(word: str, behind: str, told: str) -> bool:
    """Return whether ``word`` only says a word of the source text ``behind`` in another way.

    The name of a kind does so where the copy ``told`` also has the thing itself: ``dog food ships free, so pets eat
    well``, but not ``pet food ships free`` of dog food. Texts are in lower case.
    """
    root, known = stem(word), _roots(behind)
    members = _MEMBERS.get(root, frozenset[str]()) & known
    equal = _GROUPS.get(root, frozenset[str]()) | FAMILY.get(root, frozenset[str]())
    return not equal.isdisjoint(known) or not members.isdisjoint(_roots(told))


_AS_STRONG: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(words.split()), source)
    for words, source in (
        (
            "completely totally entirely absolutely exclusively exclusive wholly",
            r"\b100 ?%|\b(?:all|only|whole|whol+y|fully|full|pure|purely|every|solely|sole|entire|entirely|complete|"
            r"completely|total|totally|exclusive\w*|nothing (?:but|else)|no other|free of|without|zero|none|no)\b|"
            r"-free\b",
        ),
        (
            "constant constantly continuous continuously uninterrupted nonstop non-stop unbroken unvarying unwavering",
            r"\bconstant|\bcontinu|\bround the clock\b|\b24 hours a day\b|\balways\b|\bnever\b|\bsteady\b|\bstead|\bstable\b|"  # noqa: E501
            r"\bfixed\b|\bnon-?stop\b|\bwithout (?:a )?(?:break|interrupt|paus|stop)|\b(?:uninterrupted|unbroken)\b|\bstays?\b|"  # noqa: E501
            r"\bkeeps?\b|\bday and night\b|\bat all times\b|\bregulat|\bthermostat",
        ),
        (
            "anytime",
            r"\ball day\b|\b24 hours\b|\bround the clock\b|\bany (?:day|hour|time)\b|\bwhenever\b|\bdaily\b|\bunlimited\b",  # noqa: E501
        ),
        (
            "unlimited",
            r"\bno (?:\w+ ){0,2}(?:limit|cap)\b|\bwithout (?:\w+ )?limit|\bany number\b|\bnot limited\b|\buncapped\b",
        ),
        (
            "instantly immediately instant immediate",
            r"\bstraight ?away\b|\bat once\b|\bright away\b|\bon the spot\b|\bimmediate|\binstant|\bwithin seconds\b",
        ),
        (
            "forever permanently",
            r"\bpermanent|\bfor good\b|\bnever\b|\bfor life\b|\blifetime\b|\bindefinite|\bfor ever\b",
        ),
        (
            "cheapest lowest",
            r"\bcheapest\b|\blowest\b|\bleast (?:expensive|costly)\b|\bno(?:thing|where)? (?:cheaper|lower)\b",
        ),
        ("largest biggest greatest", r"\blargest\b|\bbiggest\b|\bgreatest\b|\bmost (?:extensive|spacious)\b"),
        ("smallest tiniest littlest", r"\bsmallest\b|\btiniest\b|\blittlest\b|\bmost compact\b"),
        ("fastest quickest", r"\bfastest\b|\bquickest\b|\bmost rapid\b|\bspeediest\b"),
        ("easiest simplest", r"\beasiest\b|\bsimplest\b"),
        ("softest gentlest", r"\bsoftest\b|\bgentlest\b"),
        (
            "best-selling bestselling bestseller",
            r"\bsells? best\b|\bmost (?:sold|bought|popular)\b|\bmore than any other\b|\bsold (?:the )?most\b",
        ),
        (
            "top-rated best-rated highest-rated",
            r"\b(?:rated|rating|score|scored) (?:\w+ )?highest\b|\bhighest[- ](?:rat|scor)",
        ),
        (
            "only",
            r"\b(?:no|not any) other\b|\bnothing (?:else|but|more)\b|\bnobody else\b|\bonly\b|\bsole\b|\bsolely\b|\balone\b|\bexclusive",  # noqa: E501
        ),
    )
)
"""Strong words of a copy, and what a source may say instead: ``entirely wool`` of "100% wool"."""
_PARTLY = re.compile(r"\b(?!100\b)\d[\d.]* ?(?:%|per ?cent)")


def as_strong(word: str, behind: str) -> bool:
    """Return whether the source text ``behind``, in lower case, says a strong word in another way.

    A share below the whole in the source takes ``entirely`` away: ``70% wool``.
    """
    for words, source in _AS_STRONG:
        if word in words:
            return bool(re.search(source, behind)) and ("entirely" not in words or not _PARTLY.search(behind))
    return False


_IDIOMS = re.compile(
    r"\b(?:straight|fresh|direct|warm|hot) (?:from|out of|off) the (?:hive|tree|vine|bush|oven|kiln|pan|tap|field|ground|earth|boat|"  # noqa: E501
    r"sea|cow|hen|loom|press|fryer|still|cask|barrel|shelf|box|source|spring|stove|griddle|forge|bench)\b|"
    r"\b([a-z]{3,}) (?:to|by|after|for|upon) \1\b|\b(?:as|so) (?:long|far|soon|well) as\b|"
    r"\b(?:courtesy|by (?:way|means|virtue)|in (?:terms|the (?:form|shape|case|company|course)|place|lieu|honou?r|need|"
    r"search|case|spite|interests?)|on behalf|with the (?:exception|help)) of\b|\bcourtesy (?=of\b)|"
    r"\bas (?:an? |your |the )?(?:evidence|proof|backup|insurance|souvenirs?|keepsakes?|mementos?|reminders?|treat|"
    r"thank-?you|precaution|reward|present|rule|result|matter of \w+|starting point|last resort|extra)\b(?! (?:policy|cover))|"  # noqa: E501
    r"\b(?:go(?:es|ne)?|went|going) by\b|\bpercentage points?\b|\b(?:has|have|had) passed\b|"
    r"^\W*in (?:return|exchange)\b|\bin (?:return|exchange)\b(?! for)|"
    r"\b(?:[ap]m|\d|noon|midday|midnight|:00) sharp\b|"
    r"\bin (?:mind|a (?:manner of speaking|nutshell|word|flash|jiffy|heartbeat)|all|total|short|"
    r"one (?:go|sitting|swoop)|hand|full swing|the end|the meantime|other words|good (?:time|company|hands)|a moment)\b|"  # noqa: E501
    r"\bbrand(?=[- ]new\b)|\b(?:is|are) (?:just |perfectly |absolutely )?(?:fine|ok|okay|all right|no problem)\b"
    r"(?!-| (?!for|with|by|in|to|as|on|if|too|at|here)\w)|"
    r"\b(?:hang|hold|hanging|holding) on ?to\b|\bto hand\b|\bat (?:hand|the end of the day|a time|once|a push)\b|"
    r"\b(?:a|such a|an absolute) (?:breeze|doddle|cinch|snip|steal|joy|pleasure|delight|must)\b|\bpiece of cake\b|"
    r"\ba (?:scrap|shred|speck|crumb|jot|whiff) of\b|"
    r"\ba (?:hint|touch|dash|splash|spot|pinch|drop|glimpse|taste) of\b|\bchild's play\b|\bwalk in the park\b|"
    r"\b(?:off|from|to|on) (?:the|your|any|that) (?:bill|total|tab)\b|\bgood (?:news|measure|riddance)\b|\bto the letter\b|"  # noqa: E501
    r"\b(?:room )?to spare\b|\blater on\b|\bcertain (?=[a-z]+s\b)|\b(?:an?|one|another|single) (?:penny|cent)\b|"
    r"\b(?:the|your|our|an?) (?:whole|entire) (?!grain|milk|wheat|meal|food|leaf|bean|fruit|country|body|(?-i:[A-Z]))|"
    r"\b(?:falls?|fell|becomes?) due\b|\bon top\b(?! of (?:the|your|an?|its)\b)|\bon (?:the dot|the nose|paper|the go|the move|loan|request|reflection|second thoughts|the cards|the plus side)\b|"  # noqa: E501
    r"\b(?:the )?freedom to\b|\bby (?:heart|the way|the book|all accounts)\b|\b(?:the )?bottom line\b|\brule of thumb\b|"  # noqa: E501
    r"\bchanges? of (?:heart|plan|mind|scene)\b|\bheart's content\b|\bfair and square\b|\bour doors (?=open|are open|close|shut|stay)|\bnight owls?\b|\bearly birds?\b|"  # noqa: E501
    r"\b(?:set|sets|setting) (?:you|one|us) back\b|\b(?:in|for) (?:the|your) (?:meantime|long run|short term)\b|"
    r"\bfrom (?:scratch|start to finish|top to bottom)\b|\bround the corner\b|\bunder one roof\b|\bin the works\b|"
    r"\b(?:have|has|having) a way of\b|\bproves? (?:useful|handy)\b|\bjust the (?:job|ticket|thing)\b|\bdone and dusted\b|"  # noqa: E501
    r"\b(?:press|hit) (?:pause|play|go|stop|send|snooze)\b|\bno match for\b|\bin (?:which|that|any) case\b|"
    r"\b(?:a|no|one) (?:home|place) (?:for|of|to)\b|\bin sight\b|\bbetween you and (?:the|your|that) \w+|\bsorted\b|"
    r"\b(?:yours|mine|ours|theirs) alone\b|\bone (?:\w+ )?(?:tug|twist|push|press|click|flick|pull|nudge|tap|swipe|turn|squeeze|flip) (?:and|is|does)\b|"  # noqa: E501
    r"\b(?:at|with) the (?:flick|push|press|touch|click|tap|turn) of\b|\bas it happens\b|\bto boot\b|\bmore the merrier\b|\btime and again\b|\bneck of the woods\b|"  # noqa: E501
    r"\b(?:call|name|count) (?:it|us) (?:a day|in|out)\b|\bfor (?:good measure|a change|a start|starters|the record)\b|"
    r"\b(?:over|under) the (?:line|counter|weather|moon|hill|radar)\b|\bpull (?:up|out) (?:a|the) (?:chair|stops)\b",
    re.I,
)
"""Set phrases in which a word does not mean its thing: "in return", "off the bill", "quay to quay", "as proof"."""


def idioms(text: str) -> list[tuple[int, int]]:
    """Return where set phrases stand in ``text``."""
    return [found.span() for found in _IDIOMS.finditer(text)]
