"""Questions about a finished test, and ramp-up, in the words people use: which call is made, with which arguments."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from app.llm.offline.attributes import attribute_of
from app.llm.offline.ramp import share_said
from app.testing.simulated_tools import SimulatedAgent, SimulatedTurn

TODAY = date(2026, 6, 15)


def talk(*texts: str, context: str = "results") -> list[SimulatedTurn]:
    async def run() -> list[SimulatedTurn]:
        agent = SimulatedAgent(TODAY)
        await agent.prepare("c", context, TODAY, frozenset())
        return [await agent.reply("c", text) for text in texts]

    return asyncio.run(run())


def only_call(turn: SimulatedTurn) -> tuple[str, dict[str, Any]]:
    assert len(turn.calls) == 1, [(call.function, call.arguments) for call in turn.calls]
    return turn.calls[0].function, dict(turn.calls[0].arguments)


LEFT_OUT = """who should not be mailed?
who is put off by the mail?
who shouldn't we email next time
whom should we not contact
which customers must we leave out next time?
which people we must leave away next time?
is there anyone we should stop mailing
are there people who react badly to it?
does the mail annoy anyone?
who was annoyed by the campaign
did it hurt any segment?
which group did worse with the mailing
on whom is the mail wasted?
who is it not worth sending to
for whom does it backfire?
any people better left alone?
which customers are turned off by it
to who should we not send it?
who we should not to mail?
what kind of people bought less because of it
name the people that should not get it
tell me who we should spare
who did not like the mailing
is anybody better off without the mail?
for whom was it counterproductive
did somebody react negative to mail?
whose purchases went down because of it"""


@pytest.mark.parametrize("said", LEFT_OUT.splitlines())
def test_who_is_better_left_alone_is_answered_from_the_stored_ranking(said: str) -> None:
    function, _ = only_call(talk("who won?", said)[1])
    assert function == "explain_drivers"


SPLITS = {
    "and per gender?": "gender",
    "and by country?": "country",
    "split it by loyalty tier": "loyalty_tier",
    "break it down by age group": "age",
    "what about by preferred channel?": "preferred_channel",
    "is it different for each age group?": "age",
    "does it depend on the country?": "country",
    "does the effect differ between countries": "country",
    "country wise?": "country",
    "gender split please": "gender",
    "can i see that per loyalty level": "loyalty_tier",
    "how is it by language": "language",
    "does gender matter?": "gender",
    "was it different over the age groups": "age",
    "men vs women?": "gender",
    "did it work better in France than in Germany?": "country",
    "and now by shoe size": "shoe size",
    "break that down by history segment": "history segment",
    "show me the same per store": "store",
    "by zip code?": "zip code",
    "split the results by life cycle": "lifecycle",
    "how it is for each tier": "loyalty_tier",
    "is the effect the same in all countries?": "country",
    "what about different ages?": "age",
    "did women react different than men": "gender",
}


@pytest.mark.parametrize(("said", "by"), SPLITS.items())
def test_results_are_split_by_what_was_named(said: str, by: str) -> None:
    function, arguments = only_call(talk("who won?", said)[1])
    assert (function, arguments.get("by")) == ("read_results", by)


LEVELS = {
    "how it looks for women?": "gender",
    "did it work for gold members?": "loyalty_tier",
    "and for VIPs?": "value_tier",
    "how does it look in France": "country",
    "what was the lift among men?": "gender",
    "and what is with the women?": "gender",
}


@pytest.mark.parametrize(("said", "by"), LEVELS.items())
def test_some_of_the_people_are_looked_up_and_the_audience_stays(said: str, by: str) -> None:
    function, arguments = only_call(talk("who won?", said)[1])
    assert (function, arguments.get("by")) == ("read_results", by)


NOT_SPLITS = {
    "by how much?": {"read_results", "compare_variants"},
    "was it by chance?": {"read_results"},
    "by variant?": {"compare_variants", "read_results"},
    "compare A and B by revenue": {"compare_variants"},
    "export it by Friday": {"request_export"},
    "only women": {"refine_audience", "find_audience", "count_audience"},
    "how many women are there?": {"count_audience"},
}


@pytest.mark.parametrize(("said", "calls"), NOT_SPLITS.items())
def test_what_only_sounds_like_a_split_is_none(said: str, calls: set[str]) -> None:
    turn = talk("who won?", said)[1]
    made = {call.function for call in turn.calls}
    assert made <= calls and not any("by" in call.arguments for call in turn.calls)


COMPARED = """did the A was better as the B?
was A better then B
is the A more good or better than B?
A beat B?
has B won over A?
did B performed better like A"""


@pytest.mark.parametrize("said", COMPARED.splitlines())
def test_two_variants_and_a_comparative_are_a_comparison(said: str) -> None:
    function, arguments = only_call(talk("who won?", said)[1])
    assert function == "compare_variants"
    assert {arguments["variant_a"], arguments["variant_b"]} == {"A", "B"}


@pytest.mark.parametrize(
    "said",
    [
        "compare it with the picnic one",
        "was it better than the picnic campaign?",
        "how did it do against our picnic test",
    ],
)
def test_another_campaign_is_meant_by_words_of_its_name(said: str) -> None:
    function, arguments = only_call(talk("who won?", said)[1])
    assert (function, arguments["campaign_b"]) == ("compare_campaigns", "picnic")


SHARES = {
    "ramp it up to 50 %": 0.5,
    "start with 10% of them": 0.1,
    "raise it to half": 0.5,
    "go to full": 1.0,
    "begin with a tenth": 0.1,
    "launch it to a quarter of the list first": 0.25,
    "send it to everybody now": 1.0,
    "roll it out to 25%": 0.25,
    "first only 5%": 0.05,
    "increase to 1 in 5": 0.2,
    "scale up to everyone": 1.0,
    "make it shorter": None,
    "start with a summer theme": None,
    "who won?": None,
}


@pytest.mark.parametrize(("said", "share"), SHARES.items())
def test_a_share_of_the_people_is_read(said: str, share: float | None) -> None:
    assert share_said(said.replace(" %", "%")) == share


@pytest.mark.parametrize(
    "said",
    [
        "start with 10 % of them",
        "ramp it up to 10 percent",
        "begin with a tenth of the people",
        "first only 10%",
        "let us start small, ten percents",
        "send it to a small part first, say 10 %",
        "ramp up slowly beginning with a tenth",
    ],
)
def test_beginning_small_is_a_launch_that_waits_for_a_person(said: str) -> None:
    turn = talk(said, context="draft")[0]
    assert only_call(turn) == ("request_launch", {"ramp_share": 0.1})
    assert "Nothing has been sent" in turn.reply


def test_a_raise_after_the_request_replaces_it() -> None:
    turns = talk("start with 10 % of them", "no, go to full", context="draft")
    assert only_call(turns[1]) == ("request_launch", {"ramp_share": 1.0})


@pytest.mark.parametrize(
    "said",
    ["hold out 10 %", "give them 10% off to start with", "use a control of 10% to begin with", "make it 20% off"],
)
def test_other_shares_are_no_ramp(said: str) -> None:
    turn = talk(said, context="draft")[0]
    assert not any("ramp_share" in call.arguments for call in turn.calls)


def test_the_winner_is_rolled_out_through_an_approval() -> None:
    turns = talk("who won?", "roll out the winner")
    assert only_call(turns[1]) == ("request_export", {"what": "rollout"})


def test_attributes_are_read_from_what_stands_around_them() -> None:
    assert attribute_of("how did it do across all countries") == "country"
    assert attribute_of("country by country overview of nothing") == "country"
    assert attribute_of("who lives in a country") == ""
