"""Words of one family whose stems differ (admit, admission), and words that commerce uses for each other.

A word of the copy is not new when its source has another of its line; every line is equal in both directions in the
trades where its words are said. What a sentence speaks of is decided by the narrower groups in ``lexicon``.
"""

from __future__ import annotations

from plugins.generation.grounding.reading.lexicon import stem

_DERIVED = """
admit admission admittance
permit permission
omit omission
submit submission
transmit transmission
divide division
decide decision
extend extension extent
expand expansion
suspend suspension
include inclusion inclusive
exclude exclusion exclusive
conclude conclusion
describe description
prescribe prescription
inscribe inscription
produce production producer
introduce introduction
receive receipt recipient reception
destroy destruction
sell sale sold seller
lose lost loss
prove proof proven
choose choice chosen
strong strength
broad breadth
heat heater heated heating
cold chill chilled chilly
speak speech spoken
think thought
give gift given
live life alive
believe belief
relieve relief
enter entry entrance
maintain maintenance
explain explanation
retain retention
detain detention
repeat repetition
compete competition competitor
acquire acquisition
apply application applicant
supply supplier
multiply multiplication
qualify qualification qualified
classify classification
identify identification identity
notify notification notice
certify certification certificate
vary variation variety various
deny denial
bury burial
able ability
clear clarity
simple simplicity
safe safety safely
pure purity
grow growth grown
die death dead died
born birth
marry marriage married
advise advice
halve solve solution
resolve resolution
dissolve solution
sit seat sat seated seating
bleed blood
feed food fed
sing song sang sung
shoot shot
fill full filled
see sight seen saw
fail failure
please pleasure
expose exposure
close closure
moist moisture
mix mixture
sign signature
compose composition composer
oppose opposition
win won winner winning
buy bought buyer
bring brought
hold held holder
stand stood
understand understood
leave left
meet met meeting
pay paid payment
send sent
mean meant
feel felt
sleep slept asleep
make made maker
know known knowledge
show shown
take taken took
throw threw thrown
tear tore torn
break broke broken
steal stole stolen theft
forget forgot forgotten
run ran
ring rang rung
lie lay lain
lay laid
wind wound
bind bound
lit light lighting
bend bent
deal dealt
dream dreamt
learn learnt
spill spilt
spoil spoilt
burn burnt
seek sought
shine shone
shrink shrank shrunk shrinkage
sink sank sunk
stick stuck
strike struck
swear sworn
weave wove woven
sew sewn
hide hid hidden
store storage
pack package packaging
link linkage
use usage
post postage postal
press pressure
serve service serving
occupy occupancy occupant occupied
vacant vacancy
absent absence
present presence
patient patience
silent silence
distant distance
frequent frequency frequently
urgent urgency urgently
accurate accuracy
private privacy
pregnant pregnancy
emergency urgent
child childhood
owner ownership
partner partnership
sponsor sponsorship
citizen citizenship
friend friendship
free freedom
wise wisdom
bored boredom
person individual
centre central
sun sunny
moon lunar
tooth teeth dental dentist
eye eyes optical ocular
hand hands manual manually
foot feet
mouse mice
goose geese
man men
woman women
leaf leaves
loaf loaves
knife knives
shelf shelves
half halves
wife wives
wolf wolves
scarf scarves
mother maternal
father paternal
heart cardiac
night nightly nocturnal
choose selection
history historic historical
science scientific scientist
art artist artistic
reside resident residence residential
"""
"""Nouns, verbs and adjectives of one family whose stems the stemmer does not join."""

_SAID_FOR = """
usually typically generally normally ordinarily commonly mostly
currently presently
previously formerly beforehand earlier
frequently often regularly
occasionally sometimes
shortly soon
afterwards subsequently later
advance beforehand ahead earlier upfront
separately individually apart
partly partially
dimension measurement size measure proportion
gradient slope incline hill
capacity volume
volume sound loudness noise
range reach distance
speed pace velocity
duration length
period term
amount quantity
proportion share percentage fraction
area surface
altitude height elevation
fluctuate vary range differ lie
basket cart trolley bag
checkout till counter
fee surcharge supplement extra
deposit security
gift present freebie
deal offer promotion
stock supply availability supplies
retailer shop store dealer seller vendor merchant stockist
manufacturer maker producer
item article product goods piece
range collection line selection assortment choice
model version edition
package bundle set kit
box carton crate case
packet pack sachet
parcel package packet
tub pot jar
tin can
bag sack pouch
sample tester taster
book reserve booking reservation
postpone move reschedule
swap exchange trade switch
enquiry inquiry query question
help assistance support aid
guidance advice tip recommendation
contact reach
phone call ring dial telephone
email write message
letter write correspondence
submit send hand
request ask
reject decline refuse
eligible qualify entitled
valid good
deadline cutoff
limit restriction restrict
exception exclude except excluded exempt
comprise contain include consist
require need necessary
allow permit let
prohibited forbidden banned prohibit forbid ban
mandatory compulsory obligatory required
voluntary optional
dispatch despatch send post mail ship deliver delivery
courier carrier
doorstep door
collect fetch pickup pick
depot warehouse
track follow
assemble assembly build construct
install fit mount setup installation fitting
instruction guide manual leaflet
dispose scrap discard bin
cupboard cabinet closet wardrobe
shelf rack
curtain drape
rug carpet mat
duvet quilt comforter
pillow cushion
bedding bedlinen linen sheet
lamp light lighting
crockery dish plate tableware
cutlery flatware silverware
glass tumbler
vacuum hoover
washer washing
dryer tumble
boiler furnace
terrace patio deck
foliage leaf leaves
bunch bouquet
starter appetiser appetizer
main entree
snack bite nibble
menu food dish
dog hound pooch canine
cat feline moggy
portion serving helping
taste flavour flavor tasting note
spicy hot
bake oven
biscuit cookie
sweets candy confectionery
aubergine eggplant
courgette zucchini
coriander cilantro
rocket arugula
prawn shrimp
yoghurt yogurt
beer ale
soda pop
jug pitcher carafe
waiter server waitress
tip gratuity
breakfast brunch
pullover sweater jumper
hoodie sweatshirt
shirt top
tshirt tee
raincoat mac
rucksack backpack knapsack
handbag purse
zip zipper
fabric material textile cloth
pattern print
ring band
airline carrier
plane aircraft jet
ferry ship boat vessel
cruise voyage sailing
taxi cab
fuel petrol gas gasoline diesel
journey trip ride crossing drive
ticket fare
timetable schedule
stop station halt
route line way
hotel inn lodge guesthouse hostel
coast seaside shore beach
entry admission entrance
camper motorhome campervan caravan
haircut trim cut
beautician therapist
surgery operation operate surgical
surgery practice clinic
checkup exam examination inspection check
treatment therapy
tablet pill
pharmacy chemist drugstore
optician optometrist
tyre tire
engine motor
maintenance servicing service upkeep
loan credit
job role position vacancy
training course tuition
trainee learner apprentice
workout exercise
tournament contest competition
champion victor winner
trophy prize award
concert gig
band group
singer vocalist
screening showing
celebration party celebrate
event occasion
venue location place site
talk lecture
donation contribution gift donate
volunteer helper
donor giver supporter
campaign appeal
screen display monitor
headphones earphones earbuds headset
cable lead cord wire
socket outlet
memory storage
wireless wifi
signal coverage reception
tariff plan contract
sms text message
abroad overseas foreign
photo photograph picture image snap snapshot shot
video film clip footage
website site webpage
mode setting level
detector sensor
advert ad advertising advertisement advertisements commercial
baby infant newborn
teenager teen youth adolescent
pensioner senior retiree oap
mate friend pal buddy
colleague coworker workmate
resident inhabitant
household home family
companion partner
audience crowd spectator viewer
researcher scientist author investigator study
commence start begin
provide supply give offer
obtain receive get
state mention say report remark note
poll survey interview question ask
reply answer respond
select pick choose opt
sample try test
rinse wash wipe scrub clean
stir mix blend
shut close lock
operate function work run
inspect examine check
renew replace
climb rise grow
sink decline drop fall decrease
alter change vary
guard protect shield
suit fit match
handle manage cope deal tackle cater
attend visit come
observe watch monitor track study follow
retain keep
publish release issue
suggest recommend advise
prefer favour favor
avoid skip
exceed pass top
broad wide
narrow slim slender
inexpensive cheap affordable
dear costly expensive pricey
dearer pricier costlier
secondhand used preowned preloved
refurbished reconditioned renovated
damp moist wet
chilled cool cold
sturdy robust tough strong
steady stable
steadier firmer sturdier stabler
soiled dirty muddy stained
undamaged intact unharmed pristine
main chief principal
identical same equal
twin double
several various multiple
initial first
final last
subsequent following next
former previous past
outdoor outside
indoor inside
upmarket premium
tight snug
brief short
lengthy long
initially first originally
punctual punctually time
latecomer late
newcomer new
weekday workday
umbrella brolly parasol
rain wet rainy
snow snowy
sunlight sun sunshine daylight
cyclist bicycle bike cycle
motorist driver drive
pedestrian foot walk
sofa couch settee
chf franc
sek krona kronor kr
nok krone kroner kr
dkk krone kroner kr
pln zloty
jpy yen
inr rupee
huf forint
czk koruna
zar rand
aed dirham
ils shekel
thb baht
brl real reais
mxn peso
cny yuan renminbi
ron leu lei
cent penny pence pennies
kg kilo kilogram
gb gigabyte gigabytes
mb megabyte megabytes
degree celsius
degree fahrenheit
decibel db
located situated
latest newest
nearest closest
alert notification notify warning
subtitle caption
spacious roomy
durable lasting hardwearing
watertight waterproof
foldable folding fold collapsible
reusable reuse
wooden wood timber
outfit clothes clothing garment
motorbike motorcycle
lavatory toilet loo restroom
software program programme app
coach trainer instructor teacher
curriculum syllabus
script prescription
consultation appointment
leash lead
speed bandwidth
login log
connect integrate integration connection
summit peak top
woods forest woodland
furnished furniture
song track tune
sculpture statue
painting picture artwork
itinerary route
edge outskirts
downtown centre center central middle
opposite across
employee staff worker team personnel
elderly senior older
minor child
biweekly fortnightly
matured aged
smoked smoky
roof rooftop
river riverside
courtyard yard
berth bed bunk
bay space spot
mile mileage
mark stain spot
gloves mittens mitts
bag handbag
sufficient enough
numerous many
reside live
prior before
conclude end finish
kilometre km
metre m
litre l
watt w kilowatt kw
"""
"""Words that a copywriter puts for those of a data sheet: ``usually`` for "typically", ``slope`` for "gradient"."""


def _by_stem(table: str) -> dict[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for line in table.strip().splitlines():
        group = {stem(word) for word in line.split()}
        for root in group:
            known.setdefault(root, set()).update(group)
    return {root: frozenset(group) for root, group in known.items()}


def _joined() -> dict[str, frozenset[str]]:
    """Return the equal words of each stem with their other forms: "sent" for "dispatch" as well as "send"."""
    forms, said = _by_stem(_DERIVED), _by_stem(_SAID_FOR)
    out: dict[str, set[str]] = {}
    for root in forms.keys() | said.keys():
        near = {root} | forms.get(root, frozenset[str]())
        near |= {other for form in near for other in said.get(form, frozenset[str]())}
        out[root] = near | {form for other in near for form in forms.get(other, frozenset[str]())}
    return {root: frozenset(group) for root, group in out.items()}


FAMILY = _joined()
"""By stem, the stems that say the same thing as it."""
