"""Everyday English words that are never a misspelling of a marketing word."""
# ruff: noqa: E501, SIM905 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

EVERYDAY = tuple(
    """
able about above across actual actually after again against ages agree ahead allow almost alone along already also although always among
another answer anybody anymore anyone anything anyway anywhere apart apology appear apple area around arrive article aside asked asking
attach attempt average away awful back badly balance ball bank base based basic basis bath bear beat beautiful became because become been
before began begin behind being believe below benefit beside besides best better between beyond bigger bill birth bits blame blank block blog
blue board body bomb bombs book booked booking books boring boss both bottom bought brand break bread brief bright bring broad broke brother brown
browse budget build building bunch business busy button buying cake call called calling calm came cancel cannot capital card cards care careful
case cases cash cats cause centre certain chance change changed changes charge charity chart cheap cheaper check checked checking cheese child
children choice choose chose church city claim class clean clear clearly client clients close closer clothes club coach code coffee cold
collect colour column come comes coming common company compare complete computer concern confirm connect consider contact contain content
continue cook cool copy corner correct cost costs could count country couple course cover crazy cream create created cricket crowd current
custom daily dark data date dates days deal dealing dear death decide decided deep degree deliver delivery depend describe desk detail
details differ different dinner direct dirty does doing dollar done door doubt down draft drag dress drink drive drop dropped during each earlier
early easier easily easy eating edge edit effect eight either else empty ending enemy engine enjoy enough enter entire equal error even evening
event ever every everybody everyone everything exact exactly example excuse exist expect explain express extra face fact fail failed fair fall
false familiar family famous fancy fast faster father favourite fear feature feel feeling feels fell felt field fight figure figures file fill
film final finally find finding fine finger finish fire firm first fish five flat floor flow focus folder folks follow following food foot force
forecast forever forget forgot form formal forward found four free fresh friday friend friends from front full funny further future game
garden gather gave general gentle getting give given giving glad goes going gold golf gone good grand great green grew ground group grow guess
guide guys half hand hang happen happened happens happy hard harder hardly hate have having head hear heard heart heavy held hello help helpful
helps here herself hide high higher himself hold holding hole holiday home honest hope hoping horse hospital hotel hour hours house however huge
human hundred hungry hurry hurt idea ideas image imagine include included indeed inside instead interest into invite invoice issue issues item items itself
joke join joined keep keeping kept kick kids kill kind king kitchen knew know known knows lack lady land language large last late later latest laugh
lawyer lead leader leads learn least leave leaves leaving left legal less letter level library life lift light like liked likely limit line lines
link links list listen little live lives living load local lock logo long longer look looked looking looks lose losing loss lost lots loud love loved
lower luck lunch machine made mail main mainly make makes making manage manager many mark market marketing master match matter matters maybe mean
meaning means meant measure meat media meet meeting member memory mention mess message method middle might mile million mind mine minute minutes miss
missed missing mistake mode model moment monday money month months mood more morning most mostly mother mouse mouth move moved movie much music must
myself name named names nature near nearly need needed needs neither network never news next nice night nine nobody none normal north note nothing notice
novel number numbers object offer offers office often okay older once ones online only onto open opened opens opinion option order ordered orders other
others otherwise ought ours outside over overall owner page pages paid pain paint pair panel paper parent parents park part partner parts party pass
passed passes past path patient pattern pause pays peace people perfect perhaps period person personal phone photo pick picked picture piece pizza place
places plain plan planet plans plant play player please plenty plus poem point points poor popular position possible post pound power prefer prepare present
president press pretty previous price prices print private prize probably problem process produce product products profit program project promise proper
protect proud prove provide public pull pure purpose push quality quarter queen question quick quickly quiet quite quote race rain raise range rate rates
rather reach reached read reader reading ready real really reason reasons receive recent recipe record reduce refer refresh regard region reject relate
remain remember remind remote rent repeat reply report request require rest result return returned rich ride right ring rise river road rock role
room roughly round route rule rules running safe said salary sale sales same sand save saved saving says scale school science score screen script seal
search season seat second secret section secure seem seems seen sell seller selling send sender sending sends sense sent separate series serious serve service
seven several shape share shares sharp sheet shift ship shirt shoe shop shops short should show showing shown shows shut sick side sight sign silly
similar simple simply since sing single sister size sizes skill skin sleep slightly slow small smart smile smoke social soft sold some somebody somehow
someone something sometimes somewhere song soon sorry sort sound sounds source sources south space speak special specific speech speed spell spend spent split
spoke sport spread square staff stage stand standing star start started state states status stay step steps stick still stock stood stop stopped store stories
story straight strange street strong student students study stuff style such sudden suggest suit suits support suppose sure surprise swap sweet swim
switch system table take taken takes taking talk talking tall task taste teach team tech tell telling tells tend term terms test tested tests than thank
that their them themselves then there these they thing things think thinking third this those though thought thousand three through throw thus ticket
tight time times tired title today together told tomorrow tone tonight took tool total totally touch toward towards town track trade traffic train travel
treat tree tried trip trouble true trust truth trying turn turned type types ugly under understand unit unless until upon upper urgent used useful user users
using usual usually value values various vary very video view visit voice vote wait waiting wake walk wall wants warm warn waste watch water ways weak wear
weather website wedding week weekend weeks weight well went were west what whatever wheel when where whether which while white whole whom whose wide wife wild
will wind window wine wish with within without woman wonder wood word words work worked working works world worry worse worst worth would write writer
writes writing written wrong wrote yeah year years yellow yesterday young your yours yourself zero weird lists listed sized sizing reads logged hours legally
whos hows fewest parent pets breed smaller biggest lowest highest poorest cheers alright morning salesy pushy spammy punchy zingy cheesy corny boring dull
goods badge bonus vouchers voucher coupon coupons gift gifts ship ships shipping deliveries refund refunds returns stores inbox sender footer header banner
homepage landing template templates brief briefs agency agencies agile intern analyst junior senior board ceo stock share bitcoin football recipe recipes
pasta flight flights hotel hotels taxi joke jokes poem poems song songs lyrics essay code script sql python excel invoice invoices taxes salary horoscope
pregnant disabled disability religion religious muslim muslims jewish christian christians catholic gay lesbian straight trans race racial ethnic black
cancer diabetes depression illness disease sick medical medication political party voters labour union unions minors kids underage teen teens teenagers children
bomb weapon weapons drugs hack password passwords api keys prompt instructions jailbreak fake lie scam phishing spam harass stalk ssn passport
vips vip suicide prevention fundraiser charity halal kosher vegan organic
""".split()
)
