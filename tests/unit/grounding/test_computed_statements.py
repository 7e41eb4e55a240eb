"""What a copy reckons from its source: relative days, savings, examples, lists counted; and the same gone wrong."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.generation.grounding.checker import check_copy

_TABLE: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "2026-03-04",
        "The pottery sale begins on Saturday 7 March 2026 at 10 am. All mugs are £6.",
        (
            "The pottery sale begins this Saturday at 10 am.",
            "The pottery sale begins in three days' time.",
            "All mugs are £6 in the pottery sale, which begins later this week.",
        ),
        (
            "The pottery sale begins tomorrow at 10 am.",
            "The pottery sale begins this Friday at 10 am.",
            "The pottery sale begins next month.",
        ),
    ),
    (
        "2026-05-14",
        "Applications for the allotment scheme close on 16 May 2026. A plot costs £40 a year.",
        (
            "Applications for the allotment scheme close the day after tomorrow.",
            "Two days left: applications for the allotment scheme close this Saturday.",
        ),
        (
            "Applications for the allotment scheme close tomorrow.",
            "Applications for the allotment scheme close next week.",
        ),
    ),
    (
        "2026-08-03",
        "The planetarium reopens on 1 September 2026 with a new 4K projector.",
        (
            "The planetarium reopens next month with a new 4K projector.",
            "Next month the planetarium reopens with a new 4K projector.",
        ),
        (
            "The planetarium reopens this month with a new 4K projector.",
            "Our planetarium is open again already, with a new 4K projector.",
        ),
    ),
    (
        "2026-04-20",
        "In 2025 the lifeboat crew answered 63 calls. The station has 24 volunteers.",
        (
            "Last year our lifeboat crew answered 63 calls.",
            "In 2025 our crew answered 63 calls.",
        ),
        (
            "This year our lifeboat crew has answered 63 calls.",
            "Two years ago, our lifeboat crew answered 63 calls.",
        ),
    ),
    (
        "2026-02-10",
        "The Loom app is available for iPhone. An Android version is in development and will follow in autumn 2026.",
        (
            "The Loom app is available for iPhone now, with Android to follow in autumn 2026.",
            "Got an iPhone? Loom is available for it today.",
        ),
        (
            "Get Loom on iPhone or Android now.",
            "Loom is already here for Android.",
            "Android owners, Loom has arrived.",
        ),
    ),
    (
        "2026-02-10",
        "From 1 March 2026 the ferry will call at Kelsay twice a day. A single ticket is £7.",
        (
            "From 1 March, the ferry will call at Kelsay twice a day.",
            "Next month the ferry will start calling at Kelsay twice a day.",
        ),
        (
            "The ferry now calls at Kelsay twice a day.",
            "Hop over to Kelsay this week: the ferry calls there twice a day.",
        ),
    ),
    (
        "2026-06-01",
        "A day pass for the climbing wall costs £14 and a pass for three visits costs £36. Shoes can be hired for £4.",
        (
            "Three visits on one pass cost £36, which is £6 less than three day passes.",
            "Save £6 on three day passes with the £36 pass for three visits.",
        ),
        (
            "Three visits on one pass cost £36, which is £9 less than three day passes.",
            "Save £8 against three day passes with the £36 pass for three visits.",
        ),
    ),
    (
        "2026-06-01",
        "The Otter kayak costs €640, reduced from €720 until 30 June 2026.",
        (
            "Until 30 June the Otter kayak is €80 off.",
            "The Otter kayak was €720 and is €640 until 30 June: a saving of €80.",
        ),
        (
            "Until 30 June the Otter kayak is €120 off.",
            "The Otter kayak was €720 and is €640 until 30 June: a saving of €100.",
        ),
    ),
    (
        "2026-06-01",
        "Advance tickets cost £22 until 10 June 2026; after that the full price of £29 applies.",
        ("Buy your ticket by 10 June for £22 and save £7.",),
        ("Buy your ticket by 10 June for £22 and save £9.",),
    ),
    (
        "2026-06-01",
        "Delivery is free on orders of £45 or more and costs £4.95 on smaller orders.",
        (
            "Your £52 order is delivered free.",
            "A £60 basket gets free delivery.",
            "Spend £48 and delivery is free.",
        ),
        (
            "Your £38 order is delivered free.",
            "A £40 basket gets free delivery.",
            "Spend £30 and delivery is free.",
        ),
    ),
    (
        "2026-06-01",
        "Groups of ten or more get 15% off admission to the maze.",
        ("Bring a group of twelve and get 15% off admission to the maze.",),
        ("Bring a group of eight and get 15% off admission to the maze.",),
    ),
    (
        "2026-06-01",
        "Children under 4 swim free. Children aged 4 to 15 pay £3.",
        (
            "Your three-year-old swims free.",
            "Your nine-year-old pays £3.",
        ),
        (
            "Your five-year-old swims free.",
            "Your seventeen-year-old pays £3.",
        ),
    ),
    (
        "2026-06-01",
        "Transferring money abroad costs 1.5% of the amount sent.",
        (
            "Sending $400 abroad? The fee is $6.",
            "Transfer $2,000 abroad and you pay $30.",
        ),
        (
            "Sending $400 abroad? The fee is $4.",
            "Transfer $2,000 abroad and you pay $20.",
        ),
    ),
    (
        "2026-06-01",
        "A local bakery will match every gift to the food bank pound for pound until 30 June 2026.",
        ("Give £25 by 30 June and the bakery will add another £25.",),
        ("Give £25 by 30 June and the bakery will add another £50.",),
    ),
    (
        "2026-06-01",
        "Members earn 3 points for every $1 they spend. 600 points can be exchanged for a $5 voucher.",
        ("Members who spend $200 earn 600 points, enough for a $5 voucher.",),
        ("Members who spend $100 earn 600 points, enough for a $5 voucher.",),
    ),
    (
        "2026-06-01",
        "The kettle costs £38 and holds 1.7 litres.",
        ("A kettle for under £40: ours is £38 and holds 1.7 litres.",),
        ("A kettle for under £30: ours holds 1.7 litres.",),
    ),
    (
        "2026-06-01",
        "Night-rate laundry costs £2 a load between 10pm and 6am, every night.",
        (
            "Do a load at 2am and it costs £2, even on Sundays.",
            "Wash at 11pm on a Saturday for £2 a load.",
        ),
        (
            "Do a load at 8pm for £2.",
            "Wash at 7am for £2 a load.",
        ),
    ),
    (
        "2026-06-01",
        "The farm shop is open Wednesday to Sunday, 9am to 4pm.",
        (
            "The farm shop is open 9am to 4pm on five days a week, Wednesday to Sunday.",
            "Drop in to the farm shop at noon on a Friday.",
        ),
        (
            "The farm shop is open 9am to 4pm, even on Mondays.",
            "Drop in to the farm shop at 6pm on a Friday.",
        ),
    ),
    (
        "2026-06-01",
        "The chutney is made with plums, pears and quinces. A jar costs £4.",
        (
            "Three fruits go into the chutney.",
            "Our chutney is made with three fruits: plums, pears and quinces.",
        ),
        ("Four fruits go into the chutney.",),
    ),
    (
        "2026-06-01",
        "Our hostels are in Porto, Faro and Lagos. A bed costs €24 a night.",
        ("A bed costs €24 a night in our hostels in three cities.",),
        ("A bed costs €24 a night in our hostels in five cities.",),
    ),
    (
        "2026-06-01",
        "The raffle has one first prize of £500 and six runner-up prizes of £50.",
        ("There are seven prizes in the raffle.",),
        ("There are nine prizes in the raffle.",),
    ),
    (
        "2026-06-01",
        "The lodge has 36 cabins, 11 of which have a stove. Bed linen is provided.",
        ("Bed linen is provided in the lodge, and 11 of the 36 cabins have a stove.",),
        (
            "Most of the lodge's cabins have a stove.",
            "The majority of our cabins have a stove.",
        ),
    ),
    (
        "2026-06-01",
        "The library has 40 seats, 28 of which are by a window.",
        ("Most of the library's seats are by a window.",),
        ("Half of the library's seats are by a window.",),
    ),
    (
        "2026-06-01",
        "Of each ticket, 35% goes to the theatre roof fund. A ticket costs £20.",
        (
            "Of each ticket, 35% goes to the roof fund, which leaves 65% for the show.",
            "35% of each £20 ticket, £7, goes to the roof fund.",
        ),
        (
            "Of each ticket, 35% goes to the roof fund, which leaves 75% for the show.",
            "35% of each £20 ticket, £9, goes to the roof fund.",
        ),
    ),
    (
        "2026-06-01",
        "The Compact plan has 20 GB of storage and the Studio plan has 80 GB.",
        ("Studio gives you four times the storage of Compact.",),
        ("Studio gives you five times the storage of Compact.",),
    ),
    (
        "2026-06-01",
        "Saver members get 5% off at the till and Super members get 15% off.",
        ("Super members get 15% off at the till, triple what Saver members get.",),
        ("Super members get 15% off at the till, double what Saver members get.",),
    ),
    (
        "2026-06-01",
        "The paint comes in 32 fl oz tins at $18.",
        ("A quart of the paint is $18.",),
        ("A pint of the paint is $18.",),
    ),
    (
        "2026-06-01",
        "The bottle holds 60 capsules. Take two capsules a day.",
        ("A bottle of 60 capsules at two a day lasts about a month.",),
        ("A bottle of 60 capsules at two a day lasts about three months.",),
    ),
    (
        "2026-06-01",
        "Lease the van for 48 months with 8,000 miles a year included.",
        ("Your 48-month van lease includes 8,000 miles a year, so 32,000 miles in all.",),
        ("Your 48-month van lease includes 8,000 miles a year, so 40,000 miles in all.",),
    ),
    (
        "2026-11-26",
        "The winter rate of $49 a night runs November 1 through November 29, 2026.",
        (
            "Four days left, counting today: the winter rate of $49 a night ends Sunday.",
            "The winter rate of $49 a night ends on Sunday.",
        ),
        (
            "Two days left, counting today, at the winter rate of $49 a night.",
            "The winter rate of $49 a night ends Monday.",
        ),
    ),
    (
        "2026-11-26",
        "Pick up your order on December 2 or 3, 2026, at the Elm Street shop.",
        ("Pick up your order next Wednesday or Thursday at the Elm Street shop.",),
        ("Pick up your order next Monday at the Elm Street shop.",),
    ),
    (
        "2026-10-05",
        "In the 2025 season the observatory had 96 clear nights. It opens to visitors on Fridays.",
        ("In the 2025 season the observatory had 96 clear nights.",),
        ("This coming winter you will have 96 clear nights at the observatory.",),
    ),
    (
        "2026-04-05",
        "Our bakery sold 41,000 loaves in 2025.",
        (
            "In 2025 our bakery sold 41,000 loaves.",
            "Last year our bakery sold 41,000 loaves.",
        ),
        (
            "Our bakery sells 41,000 loaves every month.",
            "This year our bakery has already sold 41,000 loaves.",
        ),
    ),
    (
        "2026-04-05",
        "Last year's charity swim had 214 swimmers. Entry for the swim on 7 June 2026 costs £12.",
        (
            "Last year's charity swim had 214 swimmers.",
            "Entry for the swim on 7 June costs £12.",
        ),
        ("Already 214 swimmers have entered the charity swim on 7 June.",),
    ),
    (
        "2026-04-05",
        "The course fee of £300 is paid in three instalments, one every two months.",
        ("Pay the £300 course fee in three instalments, one every two months.",),
        ("Pay the £300 course fee in three instalments, one a month.",),
    ),
)
"""The day of sending, the source, copies that follow from it, and copies that do not."""


def _cases(which: int) -> list[tuple[str, str, str]]:
    return [(row[0], row[1], copy) for row in _TABLE for copy in row[which]]


def _reasons(day: str, source: str, copy: str) -> set[str]:
    cited = f"{copy[:-1]} [a]{copy[-1]}"
    return {finding.reason for finding in check_copy(cited, {"a": source}, date.fromisoformat(day))}


@pytest.mark.parametrize(("day", "source", "copy"), _cases(2))
def test_what_follows_from_the_source_passes(day: str, source: str, copy: str) -> None:
    assert not _reasons(day, source, copy)


@pytest.mark.parametrize(("day", "source", "copy"), _cases(3))
def test_what_does_not_follow_is_found(day: str, source: str, copy: str) -> None:
    assert _reasons(day, source, copy)
