"""Everyday words that add no fact to a statement about a product or an offer.

Words of saying, thinking, choosing and happening, of talk and reckoning (``goal``, ``equivalent``), names of kinds
(``dose``, ``session``), persons in general and moods. Judged one by one among the commonest words of English: a word
that may name a material, a place, a service, a quality that can be tested, a quantity or a right is not here.
"""

from __future__ import annotations

NEUTRAL = frozenset(
    """
    able absurd accompany accomplish accordance according accordingly accounted accustomed ace acknowledge
    acknowledged acknowledging acquaintance acquire activity additionally addressing admiration admire admitted
    admitting adorable adore advertisements advise affair affection aftermath afterward agree agreed agreeing
    agrees aha ahh aim aimed aiming aims alas albeit album albums alike allegedly alright alternatively ambition
    ambitions amounts amusing analogy announce announced announcement announcements announces announcing annoyed
    annoying anticipate anticipation anyway anyways apologies apologise apologize apology apparent
    apparently appealing appear appeared appearing appears applicant appreciate appreciated appreciation approach
    arguably argue argued argues arguing argument arise arises arising arose arrangement arrangements arrival
    arrived article ashamed aspect aspects aspirations assert asserted assertion assume assumed assumes assuming
    assumption assumptions astonishing atmosphere attempt attempted attempting attempts attending attention
    attitude attitudes attribute attributed attributes audience awaited awe awful awhile awkward aww basically
    basis became becoming beforehand began begun behalf behold beings belief beliefs believe believed believer
    believes believing belonged belonging belongings bet beverage bits bizarre bless bliss boasts bored boring
    bosses bothered bothering bothers bout brave bravo breathtaking buddies buddy bunch calculated calculating
    calculation calculations caller calling caption casually categories category certainly challenge challenges
    chap chapter characteristic characteristics charm charming chatting chose chunk circumstance
    circumstances cite cited cites citing citizen clarify classy clearly clue clues coincidence colleague commence
    commenced comment commented commenting comments communicate commute compare compares comparison comparisons
    compelled complaining compliment compliments comprehend comprise comprised comprises comprising concept
    concepts concern concerned concerning concerns conclude concluded concludes conclusion conclusions conducted
    conducting confess confessed confession confused confusion congrats congratulate congratulations consequence
    consequently consider consideration considerations considered considering considers consist consisted
    consisting consists constitute constituted constitutes consume consumer consumers contained containing contend
    context contexts continuation continue contrary contrast conversation conversations convey convinced
    corresponding counterpart counterparts coupled course created creating creativity cried crowd crying curiosity
    curious currently cute cyclist cyclists dad dare darling dealt debate debated debates decide decided decides
    deciding decision decisions declare declared declares declaring deemed define defines definitely definition
    definitions delight delighted delightful demonstrating depending depends depressing describe described
    describes describing description descriptions designation desire desired desires despair destination
    destinations destiny determine determining dialogue diary differ difference differences differently differing
    differs difficulty dilemma disagree disappoint disappointed disappointment disclosed discourse discuss
    discussed discusses discussing discussion dish dislike distance distances distinction distinguish divine doing
    dose doses doubt doubts dread dreadful driver duration eager earlier earnest edition editions
    efforts element embarrassed embarrassing embarrassment emerge emerges emotion emotions emphasis emphasize
    emphasized encounter encountered encounters endeavor engage engaging entertaining enthusiasm enthusiasts
    entities entity entries envy epic episode episodes equation equivalent era esp especially essay essentially
    event eventual eventually evident evidently example examples excited excitement exciting excuse exist existed
    existence exists expect expectations expects experiencing explain explained explaining explains explanation
    explanations explicitly expressed expressing expression exquisite extent fabulous faced familiar fancy fare
    fares fascinated fascinating fate favour feat features featuring fellow fellows figure figured
    figures figuring finally firstly focuses focusing follow followed follows fond fool fooled foolish
    footsteps forgive forgiven forgot form format forthcoming fortunate fortunately forward frankly freaking
    frightening frustrated frustrating frustration fundamentally funny furthermore gather gathered gathering gaze
    general generally genre genres gentleman gladly glance glimpse glorious goal goals gossip gracious grateful
    gratitude greet greeted greeting greetings grin guy guys handsome happily hate hated headline
    heartbreaking heavenly hereby herein hers hesitate hesitation highlight highlighting hilarious him hobbies
    hobby holding honesty horrible hug hugs humble humorous hungry hunt hustle hypothetical ideally ignore
    illustrate illustrates imagination imagine imagined imagining implement implication implications implied
    implies imply implying importance important importantly impression impressions impressive include includes
    indicate indicated indicates indicating indication indicative individuals info inform informed informing
    inhabitants initiated insist insisted insisting insists instance instances intend intended intends intent
    intention intentionally intentions interact interacting interested interesting interestingly interim interpret
    interpretations interpreted intriguing introduces introducing introduction invite invited inviting involve
    involved involvement involves involving ironic ironically irony issue jealous jealousy joke joking jolly joy
    judgement keen keeper kid kidding kindly kindness kinds knew ladies lady language lastly latter laugh laughed
    laughing laughs laughter lazy learnt lesson liked likewise liking lineup listen listened listeners listening
    literal literally locate luck luckily lucky mad madam madness magical magnificent magnitude majestic maker man
    manages mankind manner mate mates meaningful meant meantime measure measurement measuring memorable memories
    mentioning mentions merry met methods mind minds mindset mission mistaken mister mixture mom mood
    motivation motto muddy mum mysterious mystery name namely names naming narrative naughty necessarily needing
    needless neighbor neighbors neighbour neighbours nerd nervous nevertheless nicer nickname nod nonetheless
    nonsense norm normally nostalgia notably notion nowadays object objectives objects observations observe
    observed observer observing obsessed obtained obvious obviously occasion occasions occupation occur occurred
    occurrence occurring occurs odd oddly odyssey ooh oops opinion opinions opposed optimism optimistic
    organisation organisations organize organizing others ought outcome outfit outline outlined outlines outsider
    overall overlooked owing page pages pal pals paradise paradox paragraph paragraphs parallels pardon
    participant participants participate particular particularly passion passionate passions peculiar peek
    perceive perceived percentage perception period personally persons perspective perspectives persuade
    pertaining phase phases phrase phrases picture pictured pity plausible pleasant pleased pleasing pleasure
    point porch portray portrayed posed position possess possesses possessing possessions possibilities
    possibility possibly potentially practically preceded preceding prefer preference preferences prepare prepares
    preparing presentation presented presenting presently presumably presume presumed pretend pretended pretending
    pretty pride principle prior probable probably proceed proceeded proceedings process proclaimed project
    prompted proper proposal propose proposed proposes proposing proposition prospective proudly publish pun
    purpose purposes pursuit quantities quantity query quest quoted quoting rainy ratio reached reaching reacted
    reader readers reading realise realised realities reality realization realize realized realizes realizing
    realm reckon recognizing reconsider recorded referenced referred referring refers reflect reflected reflecting
    reflects regret regrets relate relates relating relation relatively relatives relevance relevant relies
    relieved remained remaining remark remarkably remarked remarks reminiscent reported reportedly represent
    represented representing represents resemblance respective respectively respects respond responded responds
    response resulted resulting reveal revealed reveals revelation rider riders role roles roommate routine rumor
    sad sadly sadness sake satisfying savvy scared scary scenario scenarios scene scenes scheme schemes search
    searched searching secondly section sections seeing seek seekers seeking seem seemed seemingly seems selecting
    selections sense sentence sentences sentiment seriously seriousness serving session sessions settled shame
    shocked shout shouted shouting showcase shown shy sigh silly similar similarities similarity similarly sir
    situation situations skeptical smile smiled smiles smiling sneak someday somehow sometime somewhat somewhere
    soo sorts sought sounded sounding specific specified specify spectators spelled spite splendid spoiled spoke
    spoken spotlight spree stage standpoint stated statement statements stating status stint strange strangely
    stranger strangers strive struggle struggling stuck stumbled stunning submissions submitting
    subsequent subsequently suddenly suggest suggested suggesting suggestion suggestions suggests sum summed sums
    superb suppose supposed supposedly surreal swear sweetheart sweetie tale tales tally targets task tasks
    technically temptation tempted tempting tenant tenants tend tended tendencies tendency tends terminology
    terrible terribly terrific terrifying thanked thankful thankfully theme themes theoretically theory thereby
    thereof thirsty thought thoughts thrill thrilled thrilling timeline tip title titled titles topic topics
    tourist tourists toward trait traits trek trick truths type types ultimately unaware uncertain underestimate
    undergo undergoing undergone underrated understand understandable understanding understood underway underwent
    undoubtedly unexpectedly unfamiliar unfortunate unfortunately unhappy unlucky unreal unsure unto upsetting
    upside urge urged urges urging usage utilize utilized utilizing variables variant variants variation
    variations varieties variety venture ventures version versions viewed viewer viewers viewing viewpoint voiced
    voyage wander wandering warn warned watched watching weird went whilst willingly willingness wise
    wisely wit witty woke worthy wow write writer writes writing writings written wrote
    """.split()  # noqa: SIM905 - a list by words is easier to read
)
