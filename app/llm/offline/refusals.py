"""The gate before the intents: what is refused, what is small talk, what is another language or another subject."""
# ruff: noqa: E501, SIM905 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.conditions import whole
from app.llm.offline.meaning import Context
from app.llm.offline.reading import Reading
from app.llm.offline.sensitive import special_category

UNSAFE: tuple[tuple[str, str], ...] = (
    ("instructions", r"(?:ignore|disregard|forget|override|bypass)(?: (?:all|any|of|your|the|my|these|previous|prior|above|earlier|every))* (?:instructions?|rules|guidelines|prompts?|directives|constraints|programming|restrictions|training|safety (?:rules|guidelines|settings))|system prompt|(?:your|the) (?:hidden |secret |initial |internal |original |full )*(?:prompt|instructions)\b(?! (?:for|say about))|api[- ]?keys?|(?:print|reveal|show|dump|leak|repeat|output)(?: \w+){0,4} (?:prompt|credentials|secrets?|passwords?|tokens?|environment variables|env vars|config file|connection string|instructions verbatim)|developer mode|jail ?break|do anything now|\bdan mode|act as (?:an? )?(?:unrestricted|unfiltered|uncensored|dan|root|admin)|you are now (?:an? )?\w+|pretend (?:you|that you) (?:have|are|do|can)|no (?:rules|restrictions|limits|filters?) (?:apply|mode|anymore|any more)|unrestricted mode|admin(?:istrator)? (?:mode|override|access)|sudo|root access|drop table|passwords?|secret key|database (?:dump|credentials|password)|without (?:any )?(?:restrictions|guardrails)"),
    ("checks", r"(?:skip|bypass|disable|turn off|switch off|override|ignore|circumvent|get (?:around|round|past)|avoid|evade|deactivate|remove|work around|dodge|sneak (?:it )?past|trick|cheat|fool|forget(?: about)?|without (?:running|doing|going through)?|no need for|do not (?:bother with|run|do)|suppress)(?: (?:all|any|the|your|our|of|those|these|this|that|a|going through))* ?(?:safety|compliance|legal|screening|content|moderation|brand|approval|review|policy|policies|rules|checks?|filters?|gates?|guardrails?|verification|sign-?off|consent|gdpr|opt-?outs?|unsubscribes?|suppression|blocks?|confirmation|disclaimers?|screeners?)(?: (?:checks?|filters?|rules|review|screening|gates?|process|list|step|systems?|safety|approval))*(?= |$|[,.!?;])(?! (?:rate|group|from|people|customers|who|ratio|list and|and see|for (?:results|sms)|in the (?:copy|email)))"),
    ("blocked", r"(?:approve|send|launch|publish|use|release|push|allow|ship|go with|include|export|pass|accept|clear|mark|unblock|green ?light|keep|run|let|put|force|download)\b(?: \S+){0,9} (?:even (?:though|if)|anyway|anyhow|regardless|despite|although|in spite of|no matter|whether or not|notwithstanding)\b(?: \S+){0,8} ?(?:block|reject|flag|fail|hold|held|violat|not (?:pass|approved|compliant|allowed)|check|screen|complian|policy|legal|rules?|review|said|says|verdict)\w*|(?:send|launch|publish|release|use|export|push|ship|approve|run|include|download|force|mark|schedule)(?: (?:out|the|a|this|that|it|all|of|through|variant|me|with|live))* ?(?:blocked|rejected|flagged|unapproved|unchecked|unscreened|banned|non-compliant|failed|held)(?: (?:variants?|copy|messages?|ones?|version|text|email|sms|[a-h]))?(?: (?:anyway|through|out|as is|live|as approved))?|(?:send|launch|publish|approve|release|use|push|ship) (?:it|this|that|them|variant [a-h]|[a-h]|the \w+)(?: \w+){0,3} (?:anyway|regardless|without (?:approval|checks?|review|screening|sign-?off))|(?:mark|set|flag|change|make|label)(?: \w+){0,5} (?:as|to) (?:approved|allowed|passed|cleared|safe|compliant)\b(?! (?:copy|content))|force (?:it|the launch|approve|through|send)|(?:launch|send|export|go live|start|publish)(?: \w+){0,3} without (?:my|an?|any|the|waiting for|asking for|anybody's|anyone's)? ?(?:approval|sign-?off|permission|confirmation)|(?:approve|sign)(?: \w+){0,3} (?:for me|on my behalf|yourself|in my name|as me)|pretend (?:i|we|that i|it) (?:approved|was approved|said yes|has been approved|passed)"),
    ("consent", r"(?:send|email|e-mail|text|sms|message|contact|target|mail|push|include|write|reach|market|blast|campaign|add|spam|keep (?:emailing|sending|texting)|bring back|upload|import)\b(?: \S+){0,9} (?:even (?:if|though)|despite|regardless|although|who (?:have |has )?(?:never )?|that (?:have )?|without|whether or not|no matter|anyway|ignoring)(?: \S+){0,6} ?(?:unsubscribed|opted? out|(?:not|never) (?:opted? in|agreed|consented)|opt[- ]?ins?|consent(?! to)\w*|unsubscrib\w*|opt-?outs?|permission|do not contact|suppress\w*|said (?:no|stop)|asked (?:us )?(?:not to|to stop)|complained|withdr\w+|gdpr)|(?:re-?subscribe|resubscribe|opt (?:them|people|everyone|all|customers)(?: \w+)? (?:back )?in|(?:include|email|text|contact|message|add|target|mail|send (?:it |this )?to|market to|reach(?: out to)?|write to)(?: (?:back|the|all|our|also|everyone|people|customers|those|them|even|anyone|too|who|that|have|has|to))* (?:opted[- ]out|unsubscribed|unsubscribers?|unsubs|opt-?outs|suppressed|suppression list|do-?not-?contact|people without consent|non-?consenting|bought (?:email )?lists?|purchased (?:email )?lists?)|(?:buy|purchase|scrape|harvest|rent|find me|get me)(?: \w+){0,4} (?:email (?:list|addresses)|mailing list|contact list|contacts|leads list|emails from|third[- ]party list|addresses)|(?:hide|remove|drop|delete|leave out|bury|lose|omit|take out|skip|get rid of|without|no|disguise|strip)(?: \w+){0,3} (?:unsubscribe|opt-?out)(?: (?:link|button|option|footer|text|line|instructions|info))?(?= |$|[.,!?])(?! (?:rate|people|list))|(?:consent|opt-?in|gdpr) (?:does not|is not|do not|doesn't) (?:matter|apply|important)|ignore (?:the )?(?:opt-?outs?|unsubscribes?|consent|gdpr|suppression))"),
    ("personal", r"(?:give|show|list|send|get|tell|export|download|print|display|find|what (?:is|are)|look up|reveal|extract|share|read|pull)(?: \S+){0,7} (?:(?:e-?mail|home|postal|street|ip|private|personal|their|physical|actual) address(?:es)?|phone numbers?|mobile numbers?|telephone numbers?|contact details|credit cards?|card (?:numbers?|details)|personal (?:data|details|information)|dates? of birth|birth dates|bank (?:details|accounts?)|full names?|names and (?:emails|addresses|numbers|phones?)|emails and (?:names|phones?|numbers)|ssns?|social security|passport|real names|home phone|surnames?|customers?'? (?:emails|names|phones?)|names of (?:the |all |our |my )?(?:customers?|people|recipients|lapsed|vips?|members))|(?:email|phone|home|postal) (?:address|number) (?:of|for)|where does (?:customer|\w+ \w+) live|credit card|stalk|(?:track|spy on|follow)(?: \w+){0,3} (?:location|movements|where they|phones|individual)|identify (?:the )?individual|(?:names|addresses|emails|phone numbers) of (?:all|every|each|the) (?:\w+ )?(?:customers?|people|members|recipients)|de-?anonymi[sz]e"),
    ("dishonest", r"(?:fake|false|fabricat\w+|made[- ]up|invent(?:ed)?|phony|bogus|fictional|fictitious|untrue|misleading|deceptive|dishonest|sham)(?: \w+){0,3} (?:reviews?|testimonials?|scarcity|discounts?|urgency|deadlines?|countdowns?|claims?|stock|quotes?|endorsements?|awards?|prices?|sale|savings|customer (?:stories|quotes)|statistics|stats|offers?|charity|names?|health|low stock|invoice|order confirmation|warning)|(?:make up|invent|fabricate|fake|falsify|forge)(?: \w+){0,4} (?:reviews?|testimonials?|quotes?|statistics?|stats|awards?|deadline|scarcity|endorsements?|p-?values?|significance)|(?:fake|falsify|doctor|fudge|massage|manipulate|rig|tamper with|cook|hack|inflate|alter|bend|skew|change|adjust|edit|tweak|improve|fiddle|twist|cheat on|polish|boost) (?:with )?(?:the |our |these |those )?(?:test )?(?:results|numbers|data|figures|stats|statistics|p-?values?|significance|readout|outcome)\b|(?:make up|invent|fabricate|fake)(?: \w+){0,3} (?:numbers|figures|results|data) (?:for|so|to show|to impress)|p-?hack|make (?:it|b|a|c|variant \w|the \w+) (?:look|appear|seem) (?:like|as if|as though|better|significant|good)(?: \w+){0,4} ?(?:w[io]n|winner|won|better|significant|than it|successful|results?)?|(?:lie|lying|mislead|deceive|trick|scam|defraud|con|dupe|fool|manipulate|scare|frighten|threaten|harass|bully|blackmail|guilt[- ]?trip|shame|insult|exploit|intimidate)(?: (?:to|about|the|our|them|people|customers?|into|with|users|elderly|recipients|vulnerable))*(?= |$|[.,!?])|pretend(?:ing)? to be|impersonat\w+|phish\w*|pose as|(?:say|claim|tell them|state|promise|write|mention|pretend)(?: \w+){0,6} (?:cures?|heals?|treats? cancer|prevents? (?:cancer|covid|disease)|guaranteed (?:weight loss|returns|income)|fda[- ]approved|doctor[- ]approved|risk[- ]?free investment|clinically proven)(?! .*(?:compliant|allowed|ok|can we))|(?:pretend|say|claim|tell them)(?: \w+){0,4} (?:last (?:one|few|items?) left|selling out|only \d+ left|ends tonight|sold out) (?:even|when|although|but|though|when it)|when (?:it|there) (?:is|are) not (?:true|really)|bait and switch|clickbait lie|hidden (?:fees|charges|costs)|spam (?:them|everyone|people|all)|dark patterns?"),
    ("harm", r"(?:racist|sexist|homophobic|antisemitic|islamophobic|xenophobic|hateful|hate[- ]speech|offensive|slurs?|pornographic|porn|sexual(?:ly)? explicit|erotic|nude|violent threats?|kill|murder|terroris\w+|weapons?|make a bomb|bomb making|suicide(?! ?-?prevention)|self-harm|drugs? deal|cocaine|meth\b|launder\w*|how to hack|hack (?:into|our|the|a)|malware|ransomware|ddos|virus to)"),
    ("pricing", r"(?:charge|raise prices? for|higher prices? (?:for|to)|more expensive for)(?: \w+){0,3} (?:women|men|old|older|elderly|poor|black|foreign\w*|disabled|young\w*)|discriminat\w+|(?:exclude|block|avoid|ban|no) (?:poor|fat|ugly|old|elderly) people"),
)  # fmt: skip
_COMPILED = tuple((topic, whole(words)) for topic, words in UNSAFE)
_HARMLESS = whole(
    r"(?:exclude|leave out|remove|suppress|drop|do not (?:send|email|text|contact|include)|not include|omit|take out|filter out|strip out|no one|nobody|skip)(?: \w+){0,8} (?:opted out|unsubscribed|unsubscribers|unsubs|opt-?outs|opted[- ]out|suppressed|consent)|(?:make sure|ensure|keep|respect|honou?r|comply|obey)(?: \w+){0,8} (?:consent|opt-?outs?|unsubscrib\w+|suppression|gdpr|unsubscribe link|opted out)"
)


REMOVED = re.compile(r"\[(?:instruction )?removed\]")
"""What the input check puts in the place of harm and of orders to a model."""


def refuse(reading: Reading, context: Context) -> tuple[str, str] | None:
    """Return (kind, topic) of a message that no function is called for, or None. The kinds are those of a no-call."""
    text, bare = reading.text, reading.normal.bare
    if not re.search(r"\w", text):
        return "ambiguous", "empty"
    if REMOVED.search(reading.normal.original):
        return "unsafe_request", "removed"
    if unsafe := unsafe_topic(reading):
        return "unsafe_request", unsafe
    if _foreign(bare):
        return "out_of_scope", "language"
    return social(text, bare, context) or _other_subject(reading)


def unsafe_topic(reading: Reading) -> str | None:
    """Return why a message is refused, or None."""
    text = reading.normal.bare
    checked = _HARMLESS.sub(" ", text)
    for topic, pattern in _COMPILED:
        if match := pattern.search(checked):
            if topic == "checks" and _only_asks(text, match[0]):
                continue
            if re.search(r"\b(?:not|never|without|avoid)(?: \w+)? $", checked[: match.start()]) and topic in (
                "dishonest",
                "harm",
            ):
                continue
            if topic in ("consent", "personal", "dishonest") and re.match(
                r"(?:how many|count|what share|why|is it|can we|are we|did)", text
            ):
                continue
            return topic
    return special_category(reading)


def _only_asks(text: str, words: str) -> bool:
    """'avoid spam filters', 'no blocks found', 'without a review' are not a wish to go round the checks."""
    return bool(re.search(r"spam filter|review request|(?:no|any) blocks?\b", text)) or bool(
        re.match(r"avoid|no need|forget|remove", words) and re.search(r"disclaimer|review|brand|rules$|content", words)
    )


_STOPWORDS = {
    "es": "hola necesito una para clientes campaña correo quiero que los las con por favor cuántos cuantos tenemos muestra enviar el del como está hacer crear mis nuestra verano inactivos gracias mensaje ventas segmento",
    "fr": "bonjour je veux une pour les clients campagne avec des nous avons combien le la du est dans vous plaît merci créer faire envoyer montre moi été hiver inactifs sont notre nos qui pouvez peux s'il quel quelle",
    "de": "hallo ich möchte eine für kunden kampagne mit und wie viele haben wir bitte erstelle das der den ist nicht zeige schicke unsere inaktive sommer mir alle gibt es danke nachricht kannst du können wer hat gewonnen",
    "it": "ciao vorrei una per clienti campagna con che quanti abbiamo gli il della dei mostra inviare grazie nostri estiva crea fare sono inattivi come chi puoi",
    "pt": "olá ola quero uma para clientes campanha com quantos temos os as não por favor mostre enviar obrigado nossos verão criar como inativos você pode",
    "nl": "hallo ik wil een voor klanten campagne met hoeveel hebben wij graag maak het niet zijn onze alsjeblieft stuur zomer kun je laat zien welke",
    "pl": "cześć chcę kampanię dla klientów ile mamy proszę stwórz nie jest nasze wyślij letnią pokaż",
    "sv": "hej jag vill ha en kampanj för kunder med hur många har vi snälla skapa inte våra sommar visa kan du",
}  # fmt: skip
_FOREIGN = {language: frozenset(words.split()) for language, words in _STOPWORDS.items()}
_ENGLISH = frozenset(
    "the a an and of to for in is are was were who which what how many do does did we our my me it that this with not on have has can you please campaign customers email make show build why only same but from all them they i want need text send best people won exclude add no yes as at by be by list write draft check run test new by lapsed audience".split()
)


def _foreign(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    if letters and sum(ord(letter) > 0x24F for letter in letters) > 0.3 * len(letters):
        return True
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)
    best = max(sum(word in known for word in words) for known in _FOREIGN.values())
    english = sum(word in _ENGLISH for word in words)
    return best >= 2 and best > english and best >= 0.25 * len(words)


_THANKS = r"(?:thanks?(?: you)?|thank you|cheers|ta|thx|much appreciated|appreciate it|appreciated)(?: (?:so much|very much|a lot|a million|a bunch|again|for (?:that|this|the help|your help|everything|helping)|everyone|mate|loads|kindly|that helps|that is (?:great|perfect|all|helpful)|you are \w+(?: \w+)?))*"
_PRAISE = r"(?:(?:that is|this is|it is|you are|you have been|what an?|looks|sounds|all|really|very|so|absolutely|simply|pretty|much|super|quite|the) ?)*(?:great(?: job| work| stuff)?|good(?: job| work| stuff| one| to know)?|nice(?: job| work| one)?|well done|awesome|perfect|brilliant|excellent|amazing|fantastic|lovely|wonderful|cool|love (?:it|this|that)|i (?:love|like) (?:it|this|that)|impressive|(?:very |really |super |so )?(?:helpful|useful|handy|clear|kind|quick|fast)|helpful|interesting|fair enough|makes sense|got it|understood|i see|noted|good enough|happy with that|wow|nice|sweet|super|neat|legend|a star|a lifesaver|spot on|ace|fab|fabulous|marvellous|terrific|superb|yay|woohoo|haha|hahaha|lol|ok|okay|alright|right|fine|sure|gotcha|phew|oh|ah|hmm|no worries|no problem|sorry|my bad|oops|job done|it helps|that helps|works for me|sounds good|looks good|all good)(?: today| as (?:always|ever)| indeed)?"
_GREET = r"(?:hi+|hello|hey+|hiya|yo|howdy|good (?:morning|afternoon|evening|day)|morning|afternoon|evening|greetings|sup|what is up|g'day)(?: (?:there|again|all|team|everyone|folks|mate|bot|cpo|planner|friend|you))*"
_CHAT = r"(?:how are you(?: (?:doing|today|feeling))*|how is it going|how do you do|how was your (?:day|weekend|morning)|nice to meet you|have a (?:nice|good|great|lovely) (?:day|one|evening|weekend)|bye(?: bye)?|goodbye|see you(?: (?:later|soon|tomorrow))?|good ?night|talk (?:later|soon)|that is all(?: for (?:now|today))?|i am done(?: for (?:now|today))?|long day|i am (?:tired|back|here)|happy (?:friday|monday|new year|christmas|easter)|merry christmas|are you (?:ok|there|busy|awake)|you there|i hate mondays|nothing(?: else)?|no more questions|you rock|i love you|good bot|that will be all|we are done|what a day|cheers for that|catch you later|hope you are well|how has your day been|tgif)"
_SOCIAL = re.compile(rf"^(?:(?:{_THANKS}|{_PRAISE}|{_GREET}|{_CHAT})(?:[\s,.!:;)(-]+|$))+$")
_CANCEL = re.compile(
    r"^(?:(?:no|nope|nah|actually|wait|stop|hmm+|oh|sorry|ok|on second thoughts?|hang on|hold on|wait a (?:minute|sec|second|moment)|please)[\s,.!-]+)*(?:(?:actually )?(?:cancel|abort|never ?mind|nevermind|forget (?:it|that|about it|i (?:asked|said (?:that|anything)))|stop|do not (?:launch|send|do|schedule|go live|start|run)(?: (?:it|that|this|them|anything|the \w+|yet|now|just yet))*|hold (?:off|it|fire|your horses|the launch)|hold on|not (?:now|yet|today|ready|anymore|any more)|leave (?:it|that)|scrap (?:it|that)|drop (?:it|that)|skip (?:it|that)|i (?:have )?changed my mind|call (?:it|that) off|no thanks|no thank you|no|nope|nah|pause|wait|let us (?:wait|not|hold off|stop)|back out|do not|disregard (?:that|it)|pull the plug|i do not want (?:to|that|it)(?: (?:anymore|any more|launch|send|do that))*|ignore (?:that|what i said|my last message)|halt|quit|exit|kill it|abandon (?:it|that)|withdraw|leave it (?:there|for now|at that)|no(?:,)? (?:do not|stop|wait|leave it)|discard (?:it|that|this)|not going ahead|we are not (?:launching|sending|going ahead))(?: (?:that|it|this|for now|the (?:launch|send|campaign|test|schedule|scheduling|request|whole thing|approval|sending|export)|please|then|everything|all of (?:it|that)|now|a (?:sec|moment|minute|second|bit)|until \w+(?: \w+)?|just yet|today|right now|at all|my (?:request|last request)|scheduled send|launch|send))*)[\s.!]*(?:please|thanks|sorry)?$"
)
_CANCEL_LAUNCH = whole(
    r"(?:cancel|abort|stop|call off|hold(?: off)?(?: on)?|do not|halt|withdraw|delay|postpone|pause)(?: \w+){0,3} (?:launch(?:ing)?|send(?:ing)?|go(?:ing)? live|schedul\w+|approval)(?: \w+){0,3}$"
)
_TERMS = r"(?:hold-?out(?: group)?|control(?: group)?|a ?/ ?b test(?:ing)?|ab test(?:ing)?|split test(?:ing)?|rfm(?: \w+)?|lift|uplift|(?:statistical )?significance|statistical(?:ly)? significan\w+|statistical power|power|p[- ]?values?|confidence intervals?|ctr|click[- ]through rate|click rate|open rate|conversion rate|aov|clv|ltv|cltv|lapsed(?: customers?)?|at[- ]risk(?: customers?)?|value tiers?|lifecycle|segments?|segmentation|cohorts?|mde|minimum detectable effect|baseline|k-?means|dbscan|sms segments?|consent|suppression(?: list)?|srm|sample ratio mismatch|guardrails?(?: metrics?)?|briefs?|variants?|personali[sz]ation|preheaders?|merge tags?|primary metric|winback(?: campaign)?|drip campaign|double opt-?in|gdpr|arms?|alpha|randomi[sz]ation|incrementality|churn(?: rate)?|revenue per recipient|statistical test|sample size|cta|call to action|deliverability|bounce rate|false positive|effect size|cart abandonment|upsell|funnel|bayesian|frequentist|frequency cap|rpr|attribution)"
_DEFINE = re.compile(
    rf"^(?:and |so |but )?(?:(?:what|whats) (?:is|are) (?:meant by |an? |the (?:meaning|definition|concept|purpose|point) of (?:an? |the )?|this )(?:{_TERMS})|(?:what|whats) (?:is|are) (?:meant by )?(?:rfm|gdpr|statistical power|statistical significance|srm|aov|ctr|clv|ltv|mde|segmentation|uplift|lift|a ?/ ?b testing|ab testing|split testing|p[- ]?values?|confidence intervals?|incrementality|k-?means|guardrails?|guardrail metrics?|merge tags?|preheaders?|double opt-?in|personali[sz]ation|deliverability|at[- ]risk|value tiers?|churn|sms segments?)|what (?:does|do|did|is) (?:the (?:term|word) |you mean by |an? |your )?'?(?:\w+[- ]?){{1,4}}'? mean(?:t by|s)?|what (?:do|does) (?:you|we|it|that|this) mean(?: by .+)?|what (?:counts|qualifies|is counted|is classed) as .+|(?:explain|define|tell me)(?: to me)?(?: (?:what|the (?:term|concept|idea|difference between)|how))? (?:is |are )?(?:an? |the )?(?:{_TERMS})(?: (?:is|are|means?|works?|to me|in plain english|like i am \w+|simply|and {_TERMS}))*|how (?:do|does) (?:an? |the )?(?:{_TERMS}) works?|how (?:do|does|is|are) (?:you|it|we|a customer|customers|this|lapsed|high[- ]value|at[- ]risk|vips?|active) (?:define|defined?|classify|classified|determine|decide (?:who|what|if|that))(?: .+)?|(?:what|whats) (?:is )?the difference between (?:an? |the )?{_TERMS} and (?:an? |the )?{_TERMS}|why (?:do|would|should) (?:we|i|you|one) (?:need|want|use|have|bother with) (?:an? |the )?(?:{_TERMS})|is (?:an? )?(?:{_TERMS}) (?:the same as|different from) .+|remind me what (?:an? )?(?:{_TERMS}) (?:is|means|does)|quote_ means what|what is quote_)(?: for| good for| here| exactly| again| in this (?:context|tool|case)| anyway| then| for us| in plain english)*[\s?.!]*$"
)
_HELP = re.compile(
    r"^(?:(?:and|so|but|hi|hello|hey|ok|well)[\s,]+)*(?:help(?: me)?(?: out| please| with (?:this|that))?|\?+|/help|menu|commands|options|what (?:else )?(?:can|could|do|are|would) (?:you|i|we|this (?:tool|thing|app|bot))(?: (?:do|able to (?:do|help (?:with|me with))|help(?: me| us)?(?: with)?|offer|ask(?: you)?(?: for| about)?|say|good (?:at|for)|capable of|here for|for me|for us|support|handle|know(?: about)?|type|use you for|use (?:this|it) for|next|now|about|with (?:this|you|it|that|my data)|here|today|else|for|try|know how to do|actually|exactly|supposed to do|then|achieve|apart from that|besides that))*|what (?:is|does) this(?: (?:tool|thing|app|bot|do|for|about|assistant))*|who (?:are you|made you|built you|am i talking to)|what are you|are you (?:an? )?(?:ai|bot|robot|human|real(?: person)?|person|llm|chatbot|machine|chatgpt|gpt|claude|model)(?: or .+)?|am i (?:talking|speaking|chatting) (?:to|with) (?:an? )?(?:\w+ ?){1,3}|how (?:does|do|can|should|would) (?:this|it|you|i|we|the (?:tool|planner|assistant|app))(?: (?:all|tool|thing|get|even|actually))* (?:work|start(?:ed)?|begin|use (?:you|this|it)|ask|help|use (?:the )?(?:tool|app))|where (?:do|should|can) (?:i|we) (?:start|begin)|(?:give|show) (?:me )?(?:an? |some )?(?:examples?|ideas? (?:what|of what)|demo|tour|tutorial|sample (?:prompts?|questions?)|tips)(?: (?:of|what|please|prompts?|questions|i can).*)?|what (?:should|do|shall|can|could) (?:i|we) (?:do|ask|say|try)(?: (?:next|now|first|here))?|what (?:kind|kinds|sort|sorts|type|types) of (?:things|questions|stuff|tasks|requests|campaigns|tests|commands)(?: \w+){0,5}|what (?:are )?(?:my|the) (?:options|next steps?|possibilities)|what is (?:the )?next(?: step)?|what next|what now|i (?:am|do not) (?:lost|stuck|confused|new(?: (?:here|to this))?|know (?:how|what|where) .*|understand(?: (?:this|it|how .*))?|not sure (?:how|what|where) .*)|explain (?:yourself|how (?:this|you|it) works?)|what (?:features|functions|capabilities|commands|skills|things|tasks|channels|metrics|tones|formats|themes|languages|file formats|export formats|segmentation methods)(?: (?:do|can|are|is|does|you|i|we|there|available|support(?:ed)?|have|it|use|be|could|offer|this tool))*|(?:do|can|could|does|are) (?:you|it|this(?: tool)?|the tool|we|i|cpo) (?:support|speak|understand|know how to|able to|integrate|connect|work with|handle|have access|use (?:gpt|ai|an? llm|my data)|remember|learn|make mistakes|store|save my|have a (?:help|manual|limit)|need (?:an? )?(?:api )?(?:key|internet)|see my|keep my|talk to|link|only (?:do|work)|also (?:do|handle))\b.*|which (?:channels|languages|metrics|tones|formats|themes|models?|planner|tools)(?: \w+){0,4}|how (?:do|can|should) (?:i|we|one) (?:approve|launch|export|create|build|make|change|upload|import|undo|use|define|set|get|start|see|add|exclude|run|test|connect|load|write|segment|find|edit|refine|check|compare|filter|target|describe|phrase|tell|delete|share)\b.*|is (?:my|our|the|this) (?:data|information|chat|conversation) (?:safe|secure|private|stored|shared|used|recorded|real)\b.*|is this real data|what (?:data|model|llm|planner) (?:do you|are you|is this|does it|is it|am i)(?: (?:have|use|using|need|run|running|based on|on|talking to))*|what (?:happens|will happen) (?:after|when|if|once|next)\b.*|tell me (?:about yourself|what you (?:can )?(?:do|know|offer)|more about (?:you|yourself|this tool)|how (?:this|you|it) works?)|how accurate are you|can i trust you|what can be exported|user (?:guide|manual)|documentation|instructions for use|how to use (?:this|you|it)|what should i type|list (?:your|all|the) (?:capabilities|features|commands|functions|skills))[\s?.!]*$"
)


def social(text: str, bare: str, context: Context) -> tuple[str, str] | None:
    """Return help, small talk or cancel."""
    if _DEFINE.match(text) or _DEFINE.match(bare):
        return "help", "define"
    if _HELP.match(bare) or _HELP.match(text):
        return "help", "capabilities"
    if _CANCEL.match(bare) or _CANCEL.match(text) or (_CANCEL_LAUNCH.search(text) and len(text.split()) < 9):
        return "cancel", ""
    if _SOCIAL.match(bare.rstrip("?")) and not _waiting(bare, context):
        return "smalltalk", ""
    if text != bare and context.pending is None and _SOCIAL.match(text.rstrip("?")):
        return "smalltalk", ""
    return None


def _waiting(text: str, context: Context) -> bool:
    """'ok', 'sure', 'sounds good' answer a pending approval."""
    return context.pending == "launch" and bool(
        re.match(r"(?:ok|okay|sure|right|fine|alright|sounds good|looks good|perfect|great|all good)[\s,.!]*$", text)
    )


_OTHER = whole(
    r"weather|temperature outside|rain(?:ing)?(?: today| tomorrow)|forecast for (?:london|paris|tomorrow|the weekend)|(?:python|javascript|java|sql|bash|c\+\+|excel formula|vba|html page|regex|php|code) (?:script|code|function|program|query|snippet|macro)?(?: (?:to|that|for))|write (?:me )?(?:some )?(?:an? )?(?:code|script|program|function|essay|poem|haiku|song|story|novel|(?:cover |resignation |love |complaint |reference |formal )?letter|cv|resume|thesis|speech|limerick|blog post|press release|job (?:ad|description)|tweet)|pizza|lunch|dinner|(?:book|reserve|find)(?: \w+){0,3} (?:meeting room|flight|hotel|table|restaurant|taxi|cab|appointment|holiday|ticket|train)|(?:schedule|set up|arrange|book|organi[sz]e|plan) (?:me )?(?:an? |the |our |my )?(?:\w+ )?(?:meeting|call with|appointment|lunch|interview|team (?:day|building|outing)|offsite|catch-?up|holiday for me|party for the team)|(?:capital|population|president|prime minister|king|queen|currency) of|who (?:is|was|won) (?:the )?(?:president|prime minister|world cup|election|oscars?|cricket|football|match|game|league|super ?bowl|race|king|queen|ceo of|f1|grand prix|champions league|euros|olympics)|(?:tell|know|crack)(?: \w+){0,3} jokes?|jokes?\b|\bpoem|haiku|recipes?\b(?! (?:email|campaign|cards?))|stock (?:price|market|tips)|share price|bitcoin|crypto(?:currency)?|football|cricket|tennis score|horoscope|lottery|news (?:today|about|headlines)|latest news|what (?:time|day|date) is it|what is (?:the )?(?:time|date)(?: today| now)?|what is \d+ ?[-+*/x] ?\d+|\d+ ?[*+/] ?\d+ ?=|square root|solve (?:this|the) (?:equation|puzzle|problem)|homework|translate (?:this|that|it|the|to|into|quote_)|(?:in|into|to) (?:french|german|spanish|italian|dutch|polish|swedish|portuguese|japanese|chinese)(?= ?$| please| version| for)|(?:who|what) (?:do you|should i) vote|meaning of life|do you (?:dream|sleep|have feelings|love|like (?:music|pizza))|play (?:some )?(?:music|a song|chess|a game)|movie|netflix|spotify|(?:remind|wake) me|set (?:an? )?(?:alarm|timer|reminder)|(?:my|send an?|file|pay|create an?|process)(?: \w+){0,2} (?:invoice|expenses?|expense report|tax return|payroll|salary|timesheet|purchase order)|(?:hire|fire(?! (?:it|them|away|off|this|that|the campaign))|recruit) (?:an? |some)?\w+|(?:order|buy)(?: me| us)?(?: (?:some|an?|new|the|more))* (?:pizza|coffee|food|lunch|stationery for|laptop|flowers for my|paper|chairs?|office|printer|gift for my)|(?:process|issue|give|approve)(?: \w+){0,3} refunds?(?= |$)|refund (?:an? |the |this |customer|my )\w+|track (?:my|an?|the|this) (?:order|parcel|package|delivery)|where is my (?:order|parcel|package)|(?:reset|change) my (?:password|login)|(?:design|create|make|draw|generate)(?: \w+){0,4} (?:logo|image|picture|banner(?! text)|illustration|video|poster|photo|infographic|powerpoint|slides?(?: deck)?|presentation|website|web ?site|landing page|app\b|podcast|animation|jingle|gif)|(?:facebook|instagram|tiktok|twitter|linkedin|youtube|google|snapchat|tv|radio|print|billboard|pinterest|reddit) (?:ads?|adverts?|posts?|campaign|advertising|reels?|stories|spot|profile|page)|(?:post|advertise|publish)(?: \w+){0,4} (?:on|to) (?:facebook|instagram|tiktok|twitter|linkedin|youtube|x|our blog|social)|social media|whatsapp|seo\b|adwords|google analytics|(?:change|update|edit|lower|raise|delete|fix)(?: \w+){0,4} (?:product price|price of|inventory|stock level|website|customer record|crm record|account settings|server|printer|database|wi-?fi)|competitors?'? (?:prices|pricing|campaigns|doing|ads)|what are (?:our )?competitors|legal advice|medical advice|diagnos\w+|(?:my|a) (?:boyfriend|girlfriend|wife|husband|dog|cat|kid|doctor|landlord|back hurts)|dinner|holiday destination|best (?:laptop|phone|restaurant|hotel|car|film|movie|book|pub|beach|bar)|\bgpt-?\d|elon musk|taylor swift|who invented|how (?:tall|old|far) (?:is|are)|how do (?:planes|magnets|birds)|distance (?:from|between)|history of (?:rome|the \w+ war|france|england)|call (?:my|the|a) (?:mum|mom|boss|client|customer|plumber)|(?:send|write) (?:an? )?(?:email|message|note|slack) to (?:my (?:boss|manager|colleague|mum|team)|bob|john|sarah|hr|the (?:board|boss|ceo|office))|slack (?:the|my|message)|jira|(?:my|the) calendar|convert \d+|how many (?:miles|kilometres|calories|people live|planets|days (?:until|in)|countries (?:are|in))|(?:open|close|turn (?:on|off)) the (?:window|door|lights?|tv)|lights? (?:on|off)|restart the|fix (?:my|the) (?:laptop|computer|car|printer|coffee machine|wifi|heating|aircon|sink)|stock levels?|warehouse|supplier|shipping label|employees?|staff rota|rota|vacation days|annual leave"
)
_KEEPS = whole(
    r"campaign|audience|variants?|customers? who|lapsed|segments?|subject lines?|sms|push|control group|winback|holdout|theme_"
)


def _other_subject(reading: Reading) -> tuple[str, str] | None:
    text = reading.text
    match = _OTHER.search(text)
    if match and reading.audience.conditions and reading.wishes.theme:
        return None
    if not match or reading.normal.quoted:
        return None
    foreign_copy = re.match(r"translate|(?:in|into|to) (?:french|german|spanish|italian)", match[0])
    if foreign_copy:
        return (
            ("out_of_scope", "language")
            if foreign_copy[0].startswith("translate")
            or re.search(r"\b(?:write|rewrite|copy|email|version|make)\b", text)
            else None
        )
    rest = text.replace(match[0], " ")
    if _KEEPS.search(rest) and not re.match(r"(?:schedule|set up|arrange|book|reserve)", match[0]):
        return None
    return "out_of_scope", "subject"
