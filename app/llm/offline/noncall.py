"""Replies of turns that call nothing: help, definitions, small talk, questions back, refusals. No figures here."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.meaning import Context, Meaning

_CAN = """I can, in this chat:

- **build a campaign**: "build a summer campaign for lapsed high-value customers"
- **find and size audiences**: "how many VIPs in France?", "only the UK", "why is customer X in it?"
- **write and change copy from approved content**: "make B friendlier", "mention free returns"
- **check it and explain a block**: "run the checks", "why was C blocked?"
- **plan a test**: "hold back a control group", "is the audience big enough?"
- **read results**: "which one won and how sure are we?", "why?", "compare with the last campaign"
- **simulate, export, list campaigns, show every step**

Launching and exporting wait for your approval by the button or `cpo approve`."""
_ASK = {
    "audience": 'What should change about the audience? For instance a **country** ("only the UK"), a **tier** ("only VIPs"), **recency** ("not bought in three months"), or take people out ("exclude people who never open").',
    "copy": 'What should change in the copy? For instance the **tone** ("friendlier"), the **length** ("shorter"), the **channel** ("as SMS"), or one thing in it ("add a call to action").',
    "results": "What would you like to know? **Who won** and how sure we are, a **comparison** of two variants or campaigns, or **why** it came out so.",
    "test": "What about the test: its **set-up** (arms, control group, metric), the **sample size** it needs, or a **simulation**?",
    "campaign": 'What should I do: change the **audience**, change the **copy**, or set up the **test**? One sentence is enough, for instance "make it shorter" or "only customers in Spain".',
    "cluster": 'That group was found by similarity and has no rule that could be applied again, so I cannot take it as the audience. Name its traits instead ("VIPs who buy garden goods"), or ask for the **RFM segments**: those have rules.',
    "number": 'Which number is meant? For instance "not bought in 120 days", "at most 120 characters", or "a test of 14 days".',
    "list": 'I have not shown a list to choose from. Ask for one first: "what segments do we have?", "list my campaigns" or "what approved text is there about returns?".',
    "empty": "I received an empty message. Tell me what to build, or ask what I can do.",
    "open": 'I am not sure what you mean. Is it about the **audience** ("only the UK"), the **copy** ("make it shorter") or the **results** ("who won?")?',
}
_REFUSE = {
    "instructions": "I do not act on that: my instructions, keys and settings are not part of the conversation.",
    "checks": "I do not go round the checks. Every text is screened before it leaves, and nothing can switch that off. I can explain a verdict or rewrite the copy so that it passes.",
    "blocked": "A blocked text cannot be approved or sent, whoever asks. I can explain why it was blocked and rewrite it so that it passes.",
    "removed": "The safety check took out a part of your message, so I do not act on the rest: it would mean something else. People are not chosen by what is sensitive, and checks and approvals stay.",
    "consent": "I do not contact people who have not agreed or who opted out. They are left out of every audience, and the funnel says how many.",
    "personal": "I do not show contact details or personal data, and I do not track persons. I work with counts, ids and definitions.",
    "dishonest": "I do not make up claims, reviews, urgency or results. I can write from approved content and read results as they are.",
    "harm": "I do not help with that.",
    "pricing": "I do not treat people worse for who they are.",
    "health": 'I do not choose people by health: it is a special category of personal data and not a field here. What they bought is possible ("who buy supplements").',
    "religion": "I do not choose people by religion: it is a special category of personal data and not a field here. A season or a product category is possible.",
    "ethnicity": "I do not choose people by ethnicity: it is a special category of personal data and not a field here. Countries are possible.",
    "politics": "I do not choose people by political views or union membership: special categories of personal data, and not fields here.",
    "sexuality": "I do not choose people by sexuality: it is a special category of personal data and not a field here.",
    "minors": 'I do not target minors. Adults who buy for children are possible ("who buy toys").',
    "vulnerable": "I do not choose people by hardship. What they bought, how often and how recently is possible.",
}
_DEFINITIONS = (
    (
        r"hold-?out",
        "A **holdout** is a part of the audience that receives nothing at all, so that the effect of the whole campaign can be measured.",
    ),
    (
        r"control",
        "A **control group** is drawn at random and treated as usual; what the variants achieve beyond it is the effect of the campaign.",
    ),
    (
        r"a ?/ ?b|ab test|split test|experiment",
        "An **A/B test** gives randomly chosen parts of the audience different messages and compares the outcomes.",
    ),
    (
        r"rfm",
        "**RFM** describes customers by recency, frequency and monetary value: when they last bought, how often, and for how much.",
    ),
    (
        r"signific|p-?value|chance",
        "**Statistical significance** says how surprising the observed difference would be if there were none; it does not say the difference is large.",
    ),
    (
        r"power|sample size|mde|minimum detectable",
        "**Power** is the probability that a test finds an effect of a given size. The smallest effect it can find is the minimum detectable effect; it shrinks as the audience grows.",
    ),
    (
        r"confidence",
        "A **confidence interval** is the range of effects that fit the data; if it holds zero, the data do not rule out no effect.",
    ),
    (
        r"lapsed|lifecycle|active|at.risk|churn",
        "**Lifecycle** says where customers stand: new, active, at risk or lapsed, by the days since their last order. The thresholds come from the shop's own data and are printed with every audience.",
    ),
    (
        r"value|vip|clv|ltv|high",
        "**Value tiers** (low, mid, high) order customers by what they have spent; the thresholds are printed with every audience.",
    ),
    (r"uplift|lift|increment", "**Lift** is how much better a variant did than the control, relative to the control."),
    (r"ctr|click", "**Click rate** is the share of recipients who clicked."),
    (r"open rate", "**Open rate** is the share of recipients who opened the e-mail."),
    (r"conversion", "**Conversion rate** is the share of recipients who bought in the time watched."),
    (r"aov|order value|basket", "**Average order value** is what one order brings on average."),
    (
        r"segment|cohort|cluster",
        "A **segment** is a group of customers with something in common, defined so that anyone can count it again.",
    ),
    (
        r"guardrail",
        "A **guardrail metric** must not get worse while the primary metric gets better: the unsubscribe rate, usually.",
    ),
    (
        r"srm|sample ratio",
        "A **sample ratio mismatch** means the groups are not as large as planned, so the split itself is in doubt.",
    ),
    (
        r"consent|suppress|opt",
        "**Consent** says by which channel a person may be contacted; **suppressed** people are never contacted.",
    ),
    (
        r"brief",
        "A **brief** is the goal, audience, offer, channel, metric and dates of a campaign, with the assumptions made.",
    ),
)


def reply_without_calls(meaning: Meaning, context: Context) -> str:
    """Return the reply of a turn for which nothing is called."""
    kind = meaning.kind
    if kind == "help":
        return _help(meaning)
    if kind == "smalltalk":
        return _chat(meaning)
    if kind == "cancel":
        waits = (
            " The pending approval stays unused: nothing happens unless a person approves it."
            if context.pending
            else ""
        )
        return f"Stopped; nothing was launched or changed.{waits} What would you like to do instead?"
    if kind == "ambiguous" and meaning.unread:
        return _unread(meaning)
    if kind == "ambiguous":
        return _ASK.get(meaning.topic, _ASK["open"])
    if kind == "out_of_scope":
        return _outside(meaning)
    if kind == "unsafe_request":
        return _REFUSE.get(meaning.topic, "I do not do that.") + " Nothing was called or changed."
    if "launch_experiment" in meaning.intents:
        return approval_words(context)
    return _ASK["open"]


def _unread(meaning: Meaning) -> str:
    what = " or ".join(f"'{words}'" for words in meaning.unread if not re.search(r"\d", words)) or "that"
    return (
        f"I cannot choose people by {what}, and I did not take everybody instead. I can choose by **what they bought** "
        '("who bought towels"), **when and how often** ("not bought in three months"), **value or loyalty tier**, '
        "**country or town**, **age or gender**, and **how they may be reached**. Which of these is meant?"
    )


def approval_words(context: Context) -> str:
    """Point to the approval: a message cannot stand in for it."""
    if context.pending:
        return "The launch waits for approval: please use the **Approve** button, or `cpo approve` with the id shown. A chat message cannot approve it, and nothing has been sent yet."
    return 'There is nothing waiting for approval. Say "launch it" and I will prepare the request; the approval itself is made with the button or `cpo approve`.'


def _help(meaning: Meaning) -> str:
    if meaning.topic == "why_refused":
        return "Because it is outside of what I may do or can do here.\n\n" + _CAN
    if meaning.topic == "define":
        for words, definition in _DEFINITIONS:
            if re.search(words, meaning.text):
                return definition
    if re.search(r"\b(?:ai|bot|robot|human|person|who are you|what are you|llm|chatgpt|gpt|claude)\b", meaning.text):
        return (
            "I am a program: the offline planner of the Customer Personalization Orchestrator, not a person and not a language model.\n\n"
            + _CAN
        )
    return _CAN


def _chat(meaning: Meaning) -> str:
    if re.search(r"\b(?:thank|thanks|cheers|ta)\b", meaning.text):
        return "You are welcome. What is next?"
    if re.search(r"\b(?:bye|goodbye|see you|good ?night)\b", meaning.text):
        return "Goodbye; everything is kept."
    if re.match(r"(?:hi|hello|hey|good|morning|hiya|greetings)\b", meaning.text):
        return "Hello. Tell me which campaign to build, or ask what I can do."
    return "Good. Tell me what is next: the audience, the copy, the test or the results."


def _outside(meaning: Meaning) -> str:
    if meaning.topic == "language":
        return "I understand English only; please say it in English. Copy is written in English as well."
    return 'That is outside of what I do here. I plan marketing campaigns: audiences, copy from approved content, checks, tests and results. Ask "what can you do?" for examples.'
