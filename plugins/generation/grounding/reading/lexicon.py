"""What words mean to the checker: equal ones, empty ones, and those that carry a claim of their own."""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer

from plugins.generation.grounding.reading.neutral import NEUTRAL

_STEMMER = snowballstemmer.stemmer("english")

STOP = frozenset(
    """a an the and or but so if then than that this these those there here it its it's is are was were be been being
    am do does did done have has had having will would shall should can could may might must of to in on at by for with
    from into onto over under about as up out off down through until till before after between during per each every
    all any both either neither no not nor never none without we our ours us you your yours he she they them their his
    her i me my mine who whom whose which what when where why how also just only very too really quite even still yet
    already again once more most less least much many few some such own same other another one ones s t re ve ll d m
    don won isn aren doesn didn can't won't let lets let's via plus while because since though although well now today
    got get gets getting go goes going make makes made making take takes took taking keep keeps kept give gives gave
    given giving come comes came coming put puts set sets see sees know knows need needs want wants like likes bit lot
    lots thing things way ways kind sort something anything everything nothing someone anyone everyone whatever
    whichever whenever wherever however always ever two three first second next last new away back around
    cannot sorry rather than following hi hello hey dear thanks thank please yes oh ok okay""".split()  # noqa: SIM905 - a list by words is easier to read
)

_SYNONYMS = """
free complimentary gratis
ship arrive arrives arriving shipping shipped deliver delivery delivered dispatch postage courier
refund reimburse reimbursement money-back
return returns returned
discount off save saving savings reduction reduced cut slash slashed knock markdown
buy purchase order orders spend spent shop basket cart checkout purchases buying spending bought ordering
customer customers shopper buyer client buyers clients
member members membership
price cost costs priced pay pays paid charge charges fare rate fee fees
start starts begin begins kick launch launches opens
end ends finish close expire expires closes ended
phone call ring telephone
child children kid kids youngster little-ones pupil pupils
laptop notebook
sofa couch
trousers pants
trainer trainers sneaker sneakers
holiday holidays vacation trip break getaway stay
flight flights fly flying
hotel room rooms stay stays
film movie movies films
drink beverage drinks
meal meals dinner dish dishes
lightweight light weigh weighs weight
quick quickly fast rapid speedy swift
warm warmth cosy cozy
water-resistant splashproof
large big huge giant
small compact little mini tiny
include includes included including contain contains come
exclude excludes excluded excluding except excepted apart
redeem apply enter use used using code voucher coupon promo
last lasts lasting run runs
reduce reduces lower lowers lessen decrease fewer ease eases
increase increases raise boost boosts grow improve improves better
hydrate hydrates moisturise moisturize moisturising hydrating moisture hydration hydrated
cancel cancels cancellation
switch change changes
join joins joining sign signup register registration enrol enroll
subscribe subscription plan plans
test tester testers trial trials tested tried panel panellist participants participant volunteers respondent
survey surveyed asked respondents
review reviews rating ratings rated rate rates score scored
store stores shop shops branch in-store instore
online web website internet
app application
annual annually yearly year
month monthly months
week weekly weeks
day days daily
hour hours
minute minutes mins min
weekend saturday sunday
weekday weekdays
worldwide global globally international
europe european eu
guarantee guaranteed guarantees warranty warranties
cover covered covers coverage insure insured
gift gifts present treat
guest guests visitor visitors
car vehicle vehicles
photo picture photos image
repair fix mend repaired
vegetarian meat-free
dessert pudding sweet
collect collection pickup pick
earn earns collect
point points
team staff crew experts specialists
class classes session sessions lesson lessons
ticket tickets seat seats pass admission entry
luggage bag baggage suitcase
user users seat
storage space store
recycled recycle recyclable
made make crafted produced manufactured built build sewn stitched woven knitted blend blends blended
carry carries hold holds fit fits capacity room
open opens
excess deductible
data allowance
minimum least
maximum max most cap capped
additional extra bonus
automatic automatically
half fifty
original regular full-price usual normal standard
fragrance fragrances scent perfume scented unscented
hour hourly
walk walking foot stroll
swim swimming pool
leave leaving exit
close closes closed shut shuts
autumn fall
big large
wool woollen woolen
sibling siblings brother brothers sister sisters
parent parents mum dad
bike bikes bicycle bicycles
evening night nightly overnight
bloom blooms flower flowers flowering blossom
novel book books
glasses spectacles eyewear
jacket coat
jumper sweater knitwear knit
mobile smartphone cell
internet connection
donate donation donations give gave gifts
double doubles doubled match matches matched
begin premiere premieres premiered debut
leave sail sails depart departs departure departures
arrive arrives reach reaches lands
build construct
contain hold holds
remove removable detachable detach
wash washable laundry
swap replace replacement
freeze lock block
lesson lessons unit
teach teaches taught
scholarship grant bursary
apply application applications applicant
performance show shows
author writer novelist
doctor physician gp
medicine medication
appointment appointments booking reservation
examine checkup check-up
pay repay
interest yield
lend lent lends loan borrow borrowed
account accounts
cash money
dog puppy
cat kitten
bird birds
garden yard
plant plants
pot container planter
tall height high grow grows
long length
wide width
deep depth
heavy weight
colour colours color colors shade shades
red crimson
purple violet
picture image
see view views overlook overlooks looks
sea ocean
beach shore
mountain alpine
lake lakeside
city town urban
countryside rural
walk hike
car drive
train rail railway
bus coach
plane aircraft
airport terminal
visit trip
traveller passenger
employee worker staff
boss manager
firm company business
school classroom
university college
exam exams examination examinations test
identification id ids
certificate certificates cert certs
specification specifications spec specs
document documents doc docs
mathematics maths math
representative representatives rep reps
preparation prep
result outcome
problem issue trouble
answer reply respond
ask enquire
help assist assistance support
show display exhibit exhibition
watch view
listen hear
music song songs audio playback play
cinema theatre
earlier sooner
later afterwards
rarely seldom
often frequently
quiet silent noiseless noise
loud noisy
clean cleaning
dirty stain
safe secure
danger risk
ill sick
well healthy
tired sleepy
hungry appetite
thirsty drink
rich wealthy
poor needy
young youth
old aged
new latest
easy simple effortless
hard difficult
broken faulty defective
correct right
wrong mistake error
empty vacant
full complete
expire lapse lapses lapsed
percent percentage
receive receives
claim claims
choose choice pick select
unused unworn
liable responsible
advice consultation consult advise
exchange swap
waive waived waives
feed fed
grow grew grown
draw drew drawn
ride rode ridden
choose chose chosen
wear wore worn
speak spoke spoken
drive drove driven
fly flew flown
eat ate eaten
drink drank drunk
sing sang sung
swim swam swum
begin began begun
break broke broken
write wrote written
sell sells sold
departure takeoff take-off
sofa settee
loft attic
flat apartment
parcel package
vaccinate jab jabs vaccination vaccinated inoculation
technician engineer
hire rent rental rented lease
household home homes
postpone reschedule
midday noon
dawn sunrise
fabric cloth
blanket throw
pram pushchair stroller buggy
nappy diaper
torch flashlight
lorry truck
petrol fuel
queue line
lift elevator
takeaway takeout
hob cooker
fridge refrigerator
rubbish trash
solicitor lawyer
instalment payment
invoice bill
headphone earphone
smell odour
skin complexion
puppy pup
trail path
tour excursion outing
harbour port quay
ferry boat ship
motorway highway
lawn grass
tuxedo tux
vegetable vegetables veg veggie veggies
information info
photo pic pics
laboratory lab
demonstration demo
temperature temp
introduction intro
limousine limo
mayonnaise mayo
decaffeinated decaf
carbohydrate carbohydrates carbs
chocolate chocolates choc chocs
combination combo
gymnasium gym
condominium condo
advertisement advert ad ads
statistics stats
microphone mic
television tv telly
barbecue bbq
university uni
delicatessen deli
pyjamas pajamas pjs
wellington wellingtons wellies
umbrella brolly
win won
bind bound rebind rebound
build built
keep kept
sleep slept
lose lost
find found
fight fought
catch caught
teach taught
weave wove woven
grind ground
dry dried
freeze froze frozen
fall fell fallen
rise rose risen
"""

EMPTY = frozenset(
    """enjoy love loves loved treat yourself ready perfect perfectly great good nice lovely happy fun easy easily simple
    simply simplest discover explore find finds found look looking looks meet feel feels feeling think thinking welcome
    wait waiting waits here's time times moment world life home house day morning evening night weekend summer winter
    spring autumn season seasonal sunny sun rain cold hot friend friends family everyone people favourite favorite
    favourites idea ideas inspiration inspired reason reasons deserve deserves deserved special little big bright
    fresh smart clever beautiful gorgeous stylish style stylishly cool classic delicious tasty yummy wonderful amazing
    fantastic brilliant awesome help helping stock upgrade upgraded grab snag bag claim unlock tap click visit shop
    browse order book join try reply stop text email subject opt unsubscribe start started begin adventure adventures
    journey dream dreams plan plans planning step steps news update updates heads hurry miss missed missing cheers love
    hope best regards sincerely warm yours crew team note quick quickly reminder remember forget worry worries
    offer offers deal deals promotion sale promo bargain reward rewards treat code checkout basket cart product products item items
    range collection choose pick picks chosen choice option options work works working job right left hand hands side
    sit sitting relax relaxing unwind breathe escape say says said tell told talk speak ask share shared move moving
    play run running walk stretch head heart mind body soul mood vibe spot place spots places part piece set sets
    bring brings brought send sent sends add added show shows turn turns leave let live lives living stay put cook
    eat drink sip wear wears wearing pack packed packing carry travel travels road trip wake sleep sleeping dance
    long short high low full half early late soon later sooner easier happier better well-deserved budget wallet
    bank pocket price prices pay pays cost costs value worth cheap money spend spending cash bill total
    save saves saving savings means meaning mean matter matters count counts number numbers detail details fact
    story stories word words question questions answer answers small print terms conditions apply applies applied
    thing company customer customers guest guests member members fan fans folks kitchen desk garden couch sofa
    wardrobe closet shelf bed table window door weather sky beach snack lunch breakfast dinner coffee tea meal
    gift gifts give surprise celebrate celebration party birthday cheer holiday holidays christmas break big-day
    available yet come whole entire single simply straight directly exactly actually truly genuinely honestly
    chance opportunity bonus extra even real really nothing something plenty enough rest guess surely sure
    receive received buy buys bought purchase purchases get got receive use used uses using enter entered redeem
    year years month months week weeks hour hours minute minutes today tomorrow tonight date dates calendar
    again back busy quiet while popular like-new happen happens happening notice noticed hear heard learn
    ready-to-go want wanted wish wishes wished list keep going end ends ending until valid run runs open
    good-to-go easy-going cosy cozy sweet snug handy neat tidy light lighter dark bold crisp smooth soft""".split()  # noqa: E501, SIM905
)

HEAVY = frozenset(
    """warm bill cash bank total half gift gifts breakfast lunch dinner coffee tea meal snack cold hot popular smooth soft light
    lighter dark fresh smart upgrade upgraded long high low full sleep sleeping drink cheap entire whole
    exactly extra bonus family friends house home garden beach sofa desk window heart mind body full-time value worth
    rain happier better easier sooner later always everyone collection sweet crisp mood quiet cooling
    pocket pockets shelf shelves wardrobe closet kitchen couch""".split()  # noqa: E501, SIM905
)
"""Empty words in a greeting or a command, but a statement when they are said of the product."""

LIGHT = frozenset(
    """reg rrp orig incl excl across together instead almost within along inside outside needed need itself themselves himself herself you'll
    you're that's we'll we've they're arrive arrives arriving reach reaches holds hold held possible roughly around
    whatever size kind amount piece pieces pair pairs awaits wait earn earns cover covers covered because thanks thank
    above below beside next near nearby behind alongside plain person people someone child children adult adults
    turn turns bring brings leave leaves leaving stay stays print mark marks marked means mean meaning called named
    call calls ready begin begins keep keeps remain remains grant grants offer offers serve serves served provide
    provides provided give gives lets let allow allows allowed enable enables become becomes belong belongs
    single double couple everyone each cup glass bottle box pack set items item goods
    ask asks asked tell says said read reads happen happens apply applies applied enough instead either whether
    exclude excluded except excepted exception exceptions exceptions excluding aside apart total instead
    monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays
    sundays weekday weekdays weekend weekends morning mornings afternoon evening evenings noon midday midnight daily
    weekly monthly yearly christmas eve easter january february march april june july august september october november
    december dollar dollars euro euros pound pounds percent pence cents quarter quarters dozen
    close closes closed fall peace afraid proud glad mention mentioned admit aware record reference
    completeness ups pre
    thereabouts fuss hassle bother effort catch matter
    arrange arranged arranging pop popping head heading drop dropping nip swing
    manage managed happen sort sorted check checked checking note noted
    summary summarise practical addition knowing rule care further older height width length depth weight aged await awaiting
    crafted produced manufactured sewn stitched blend blends blended combine combines fill fills filled contain contains
    apiece ahead exactly fewer else nearly upwards latest earliest hundred thousand third fifth tenth strictly naturally
    among beyond towards sooner closer cheaper finer taken parcel grown bound touch whoever anywhere everywhere inbox
    door doorstep minute tomorrow today tonight appt based deep thick wide tall built build mon tue tues wed thu thur thurs fri sat sun min max weds txt incl excl old final kilo litre gram pound stands stand hand copy ride swing sign gate level guesswork
    plus minus equal equals yours ours theirs knock knocks stuff portion portions helping address addresses thereafter
    afterwards sooner goes going remainder spent saw seen throw different usual necessary required furry lover lovers admission
    entry entrance limit limits unable everybody anybody somebody nobody
    age ages olds altogether thru pp pn pw pcm hrs hr mins approx yr yrs wk wks mth mths
    against amid amidst beneath underneath beside besides despite throughout upon within unlike versus via per ago
    hence thus therefore otherwise meanwhile moreover besides indeed perhaps maybe forth apart onwards
    whereas whereby wherein whose myself ourselves yourself yourselves oneself besides notwithstanding
    st ave rd blvd ln sq hwy rte dept reg tel ext no nr opp cnr bldg apt
    visitor visitors client clients patron patrons attendee attendees user users holder holders owner owners buyer buyers
    shopper shoppers passenger passengers traveller travellers traveler travelers newcomer newcomers recipient recipients
    et pt ct mt est edt cst cdt pst pdt mst mdt gmt bst cet cest utc eastern pacific
    non alone merely lone outer inner ordinary compared comparing sizes combined combining
    redo redone repeat tuition minimum maximum thing stuff gear kit spot venue site premises folks
    centimetre centimetres centimeter centimeters millimetre millimetres metre metres meter meters kilometre kilometres
    kilometer kilometers inch inches foot feet ounce ounces litres liter liters pint pints mile miles""".split()  # noqa: E501, SIM905
)
"""Words that only arrange what is said: verbs of having and moving, places in a sentence, days, coins, containers."""

CLAIMS = frozenset(
    """waterproof windproof shockproof bulletproof stainproof fireproof rustproof dishwasher oven microwave machine-washable
    organic vegan vegetarian halal kosher gluten dairy sugar sugar-free gluten-free nut-free lactose cruelty natural
    biodegradable compostable sustainable carbon neutral recycled recyclable plastic fairtrade certified certification
    accredited approved endorsed recommended dermatologist dermatologists doctor doctors dentist vet scientist fda
    patented hypoallergenic antibacterial sterile nontoxic toxic paraben parabens sulphate sulfate silicone retinol
    collagen vitamin vitamins caffeine protein probiotic spf calorie calories leather suede silk wool merino cashmere
    cotton linen bamboo oak walnut pine steel aluminium aluminum titanium gold silver copper brass ceramic porcelain
    glass marble granite velvet denim polyester nylon down feather rubber cork handmade hand-made handcrafted
    handwoven hand-finished italian french swiss german japanese british scottish irish belgian spanish american swedish danish
    italy france switzerland germany japan portugal spain sweden usa warranty lifetime insurance insured breakfast
    wifi wi-fi parking airport lounge transfer spa pool gym towel towels champagne wine unlimited roaming hotspot
    refundable cancellation fee fees deposit contract interest apr cashback points miles bonus voucher gift-wrap engraving
    installation assembly setup onboarding training support helpline concierge priority exclusive exclusively vip
    backup encryption encrypted secure gdpr iso offline bluetooth gps wireless solar rechargeable usb touchscreen
    camera freerange noise-cancelling foldable adjustable ergonomic scratch uv aloe hyaluronic niacinamide shea argan
    award awards prize winner winning celebrity celebrities partnership partner olympic michelin
    wrinkles acne eczema anxiety stress insomnia immunity pain cure cures heal heals treats weight slim slimming detox
    delivery shipping returns return refund refunds exchange exchanges trial replacement replacements tailoring alterations hemming
    overnight same-day next-day express tracked signature worldwide international abroad europe
    child children kids toddler baby pets pet dogs cats dog cat breakdown theft accidental flood worldwide
    personal trainer sauna steam massage physiotherapy nutritionist dietician
    headliner backstage meet-and-greet merchandise
    independent independently local experienced skilled qualified vetted licensed professional registered premium luxury authentic genuine automatic automated cordless insulated padded heated quilted breathable reversible magnetic homemade artisan leakproof
    sameday instantly immediately permanently forever risk-free red purple pink yellow navy beige brown turquoise""".split()  # noqa: E501, SIM905
)

SCENES = frozenset(
    """breakfast airport lounge child children kids toddler baby pet pets dog dogs cat cats wine red pink yellow support
    training personal secure exchange return returns support trial winter shipping delivery transfer priority miles points
    stress anxiety insomnia pain weight pool gym spa steam towel towels champagne overnight abroad europe""".split()  # noqa: E501, SIM905
)
"""Claims that only set the scene in an opening: ``Breakfast made simple: ...``, ``Secure any summer holiday``."""

STRONG = frozenset(
    """best guaranteed guarantee guarantees proven clinically cure cures award-winning fastest cheapest lowest safest
    strongest healthiest finest unbeatable unrivalled unmatched leading world's #1 ultimate scientifically certified
    permanently forever instantly immediately risk-free miracle eliminates eliminate eradicates prevents prevent
    foolproof flawless greatest top-rated best-selling bestselling bestseller best-rated favourite-rated
    completely totally entirely absolutely truly-unlimited unlimited exclusive exclusively revolutionary
    unbreakable indestructible largest biggest longest brightest smallest lightest easiest quietest softest
    constant constantly uninterrupted nonstop unbroken
    doctor-recommended dermatologist-tested expert-approved world-class record-breaking""".split()  # noqa: SIM905
)

DEEDS = frozenset(
    """heal heals cure cures prevent prevents kill kills repel repels eliminate eliminates erase erases banish banishes
    repair repairs restore restores reverse reverses strengthen strengthens whiten whitens relieve relieves soothe
    soothes calm calms detoxes sterilise sterilises sanitise sanitises purify purifies outperform outperforms outlast
    outlasts beats triples quadruples halves protect protects shield shields guarantee guarantees reduce reduces remove
    removes replace replaces mop mops vacuum vacuums heat heats chill chills translate translates survive survives
    withstand withstands resist resists endures defy defies fights block blocks deter deters absorb absorbs
    dissolve dissolves neutralise neutralises disinfect disinfects boost boosts prolong prolongs brighten
    brightens plumps tighten tightens smooths exfoliate exfoliates detangle detangles sharpen sharpens
    detect detects recognise recognises predict predicts adapt adapts convert converts transform transforms swivel
    alerts notifies warns reminds wakes texts emails messages pings
    swivels rotate rotates float floats glow glows recline reclines stretch stretches""".split()  # noqa: SIM905
)
"""Verbs that are a claim: what the thing does to somebody or something."""

CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
    christmas easter halloween thanksgiving valentine valentine's mother's father's black cyber new year english stop
    help sms text reply code terms xmas noel hanukkah diwali eid ramadan hogmanay""".split()  # noqa: SIM905
)

ANTONYMS = tuple(
    tuple(frozenset(side.split("|")) for side in pair.split("/"))
    for pair in """open|opens/closed|closes|shut include|includes|included/exclude|excludes|excluded
    before/after faster|quicker/slower more/less|fewer heavier/lighter cheaper|lower/pricier|dearer|higher
    indoor|indoors/outdoor|outdoors hot/cold|iced adults|adult/children|child|kids arrival/departure
    inbound/outbound existing|current/new refundable/nonrefundable|non-refundable pickup|collection|collect/delivery|delivered|shipping
    weekdays|weekday/weekends|weekend standard/express breakfast/dinner men|men's/women|women's mornings|morning/evenings|evening
    increase|increases|raises/reduce|reduces|lowers|decreases first/last north/south smaller/larger|bigger
    online/in-store|instore single/double optional/mandatory|required variable/fixed front/rear|back
    domestic/international dry/wet|damp summer/winter buy|bought/sell|sells younger/older upstairs/downstairs
    borrow/deposit unlimited/limited wired/wireless monthly/yearly|annual|annually day/night economy/business
    oily/dry lunch|lunchtime/dinner lunch|lunchtime/breakfast one-way/return|round-trip left|leaving/joined|switched""".split()  # noqa: E501, SIM905
    if "/" in pair
)


def _groups() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _SYNONYMS.strip().splitlines():
        stems = [_STEMMER.stemWord(word) for word in line.split()]
        name: str = table.get(stems[0]) or stems[0]
        for stem in stems:
            table.setdefault(stem, name)
    return table


_CONCEPT = _groups()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of one lower-case word."""
    return _STEMMER.stemWord(word.removesuffix("'s").removesuffix("\u2019s"))


@lru_cache(maxsize=20_000)
def concept(word: str) -> str:
    """Return the name of the group of equal words that ``word`` belongs to, or its stem."""
    root = stem(word)
    return _CONCEPT.get(root, root)


_EMPTY_STEMS = frozenset(stem(word) for word in EMPTY)


@lru_cache(maxsize=20_000)
def is_empty(word: str) -> bool:
    """Return whether ``word`` promises nothing by itself."""
    return word in STOP or (stem(word) in _EMPTY_STEMS and not is_claim(word))


@lru_cache(maxsize=20_000)
def says_nothing_new(word: str) -> bool:
    """Return whether ``word`` adds nothing to a statement about a product or an offer, wherever it stands in it."""
    word = word.removesuffix("'s")
    if word in LIGHT or word in NEUTRAL or word in STOP:
        return True
    return is_empty(word) and word not in HEAVY and word.removesuffix("s") not in HEAVY


@lru_cache(maxsize=20_000)
def is_claim(word: str) -> bool:
    """Return whether ``word`` alone states a property, a perk, a material, an origin or an approval."""
    if word == "glasses":
        return False
    return word in CLAIMS or word.removesuffix("s") in CLAIMS or word.removesuffix("es") in CLAIMS


def is_deed(word: str) -> bool:
    """Return whether ``word`` is a verb that claims something of the thing."""
    return word in DEEDS
