# ruff: noqa: E501
"""What a source says in one usual written form, a copy may say in any other; a changed value is found in each."""

from __future__ import annotations

from datetime import date
from itertools import permutations, product

import pytest

from plugins.generation.grounding.checker import check_copy

_DAY = date(2026, 5, 4)

_BRITISH = (
    ("Lamps are 20% off {}.", (
        "from 3 to 16 June 2026", "from 03/06/2026 to 16/06/2026", "from 03/06 to 16/06/2026", "3-16 June 2026",
        "from 3rd to 16th June", "from 3 June to 16 June 2026", "from 3 June until 16 June", "03/06-16/06/2026",
        "from 2026-06-03 to 2026-06-16", "from Wed 3 June to Tue 16 June", "between 3 and 16 June 2026",
        "from the 3rd to the 16th of June", "03.06.2026 to 16.06.2026", "from 3 Jun to 16 Jun 2026",
    ), ("from 3 to 17 June 2026", "from 03/06 to 17/06/2026", "from the 4th to the 16th of June", "04/06-16/06/2026")),
    ("Lamps are 20% off until {}.", (
        "6 June 2026", "06/06/2026", "6/6/2026", "6/6/26", "Saturday 6 June", "Sat 6 June", "Sat, 6 June 2026",
        "the 6th of June", "2026-06-06", "6th June", "Saturday, 6th June", "Sat. 6 Jun", "06.06.2026",
        "Saturday the 6th of June", "the sixth of June", "June 6",
    ), ("7 June 2026", "07/06/2026", "Sunday 7 June", "6 July", "06/07/2026", "the seventh of June")),
    ("The hire season runs from {}.", (
        "1 May to 30 September 2026", "01/05 to 30/09/2026", "01/05-30/09/2026", "1st May to 30th September 2026",
        "1 May-30 September 2026", "01/05/2026-30/09/2026",
    ), ("1 May to 29 September 2026", "02/05-30/09/2026", "01/05-30/10/2026")),
)  # fmt: skip
_AMERICAN = (
    ("The deck, $40, is closed for repairs {}.", (
        "from June 9 to June 13, 2026", "6/9 to 6/13/2026", "June 9-13, 2026", "June 9 through 13, 2026",
        "6/9-6/13/2026", "6/9/2026 to 6/13/2026", "from June 9th to June 13th", "June 9 to 13, 2026",
        "06/09-06/13/2026", "6/9/26-6/13/26", "from Tuesday, June 9 to Saturday, June 13", "from 6/9 to 6/13",
        "from 2026-06-09 to 2026-06-13", "from Jun. 9 to Jun. 13, 2026", "from Tue., June 9 to Sat., June 13",
    ), ("from June 9 to June 14, 2026", "6/9 to 6/14/2026", "6/8-6/13/2026", "June 9-12, 2026", "from 6/9 to 6/15")),
)  # fmt: skip
_CLOCKS = (
    ("The shop is open {}.", (
        "Monday to Saturday from 10 am to 8 pm", "Mon-Sat 10-8", "Mon-Sat 10am-8pm", "Mon. to Sat. 10:00-20:00",
        "Monday through Saturday from 10 a.m. to 8 p.m.", "from ten to eight, Monday to Saturday",
        "Mon to Sat, 10.00-20.00", "Mon-Sat 10:00 AM-8:00 PM", "Mon-Sat: 10 to 8", "10-8 Mon-Sat",
        "from 10 in the morning to 8 in the evening, Monday to Saturday",
    ), ("Mon-Sat 10-7", "Mon-Sat 9am-8pm", "Mon-Sat 10:00-19:00", "Mon-Sun 10-8", "Mon to Sat, 10.00-20.30")),
    ("The pool is open on Sundays {}.", (
        "from noon to 6 pm", "from 12 pm to 6 pm", "noon-6", "12-6", "12 noon-6pm", "from 12:00 to 18:00",
        "midday to 6pm", "12 to 6", "from twelve to six", "12.00-18.00", "noon to six",
    ), ("noon-5", "from 1 pm to 6 pm", "12-7", "from 12:00 to 17:00", "midday to 7pm")),
    ("The gym is open {}.", (
        "from 6 am to 11.30 pm", "6am to 11.30pm", "06:00-23:30", "6:00 a.m. to 11:30 p.m.", "from 06.00 to 23.30",
        "from six in the morning until half past eleven at night", "6 a.m.-11:30 p.m.",
    ), ("6am to 10.30pm", "06:00-23:00", "from 07.00 to 23.30", "6:00 a.m. to 11:00 p.m.", "5am to 11.30pm")),
    ("The film starts at {}.", (
        "7.30 pm", "7:30pm", "19:30", "7.30 p.m.", "half past seven in the evening", "7:30 PM", "19.30",
        "half past 7 in the evening", "half seven in the evening", "seven thirty in the evening", "7.30 in the evening",
    ), ("7 pm", "8.30 pm", "18:30", "7.30 am", "half past eight in the evening", "7:20 PM", "6:30 in the evening")),
    ("Breakfast is served from {}.", (
        "7.30 am", "7:30 a.m.", "07:30", "half past seven in the morning", "7.30am", "7:30 AM", "07.30",
    ), ("7 am", "8.30 am", "08:30", "7.30 pm", "half past six in the morning")),
    ("Check-in starts at {}.", (
        "3 pm", "3:00 p.m.", "15:00", "3pm", "three in the afternoon", "3 o'clock in the afternoon", "15.00", "3 PM",
        "three o'clock in the afternoon",
    ), ("2 pm", "4:00 p.m.", "14:00", "3 am", "five in the afternoon", "16.00")),
    ("The bag drop opens at {}.", ("4 am", "4:00 a.m.", "04:00", "four in the morning", "4 o'clock in the morning"),
        ("5 a.m.", "5 am", "05:00", "3 am", "five in the morning", "4 pm")),
    ("The helpline is open {}.", (
        "24 hours a day", "around the clock", "round the clock", "24/7", "day and night", "at any hour of any day",
        "24 hours a day, 7 days a week", "at all hours", "at any hour", "24 hours a day, seven days a week",
        "at any time of day or night", "day or night", "24 hrs a day", "any time, day or night", "all day and all night",
    ), ("12 hours a day", "18 hours a day", "from 6am to 10pm", "23 hours a day")),
    ("Doors close at {}.", ("noon", "12 noon", "midday", "12:00", "12 pm", "12 p.m.", "12 midday", "12.00"),
        ("1 pm", "11 am", "13:00", "midnight")),
)  # fmt: skip
_TIMES = (
    ("Calls are answered after {}.", (
        "74 seconds", "1 min 14 s", "1 minute 14 seconds", "1 min 14 sec", "74 secs", "one minute and 14 seconds",
        "74 sec.", "74 s", "seventy-four seconds", "1 min. 14 sec.", "1 minute and 14 seconds",
    ), ("84 seconds", "1 min 24 s", "2 min 14 s", "64 secs", "1 minute 4 seconds")),
    ("The crossing takes {}.", (
        "2 hours 15 minutes", "2 h 15 min", "2h15", "2 hrs 15 mins", "2 hrs 15", "135 minutes", "two and a quarter hours",
        "2.25 hours", "2h 15m", "2 hours and 15 minutes", "two hours and a quarter", "135 mins", "135 min.", "2 hr 15 min",
        "two hours and fifteen minutes", "2h15m", "2 1/4 hours", "2 hours 15", "2 h 15",
    ), ("2 hours 25 minutes", "2 h 45 min", "2h45", "3 hrs 15 mins", "145 minutes", "2.5 hours", "2h 20m", "3h15")),
    ("The class lasts {}.", (
        "90 minutes", "an hour and a half", "1.5 hours", "90 mins", "one and a half hours", "1 h 30", "1 hr 30 min",
        "1\u00bd hours", "1h30", "1 1/2 hours", "one hour and thirty minutes", "an hour and 30 minutes", "ninety minutes",
        "90 min",
    ), ("80 minutes", "an hour and a quarter", "two hours", "1 h 20", "1h15", "1.25 hours", "95 mins")),
    ("The tour lasts {}.", (
        "30 minutes", "half an hour", "30 mins", "30 min.", "a half hour", "half-an-hour", "0.5 hours", "30min",
        "thirty minutes", "1/2 hour", "\u00bd hour",
    ), ("20 minutes", "an hour", "40 mins", "35 min", "three quarters of an hour")),
    ("The sale lasts {}.", (
        "two weeks", "a fortnight", "14 days", "2 weeks", "2 wks", "one fortnight", "fourteen days",
    ), ("three weeks", "13 days", "a week", "16 days", "3 wks")),
    ("Report damage within {}.", ("48 hours", "2 days", "two days", "48 hrs", "48h", "forty-eight hours", "48 h"),
        ("24 hours", "3 days", "72 hrs", "a week", "four days")),
    ("The boiler has a guarantee of {}.", (
        "12 years", "twelve years", "12 yrs", "12 yrs.", "144 months",
    ), ("10 years", "13 yrs", "twenty years", "120 months")),
    ("The boiler has a {} guarantee.", (
        "12-year", "12-yr", "twelve-year", "12 year", "12yr", "12 yr",
    ), ("10-year", "13-yr", "two-year", "twenty-year", "15yr")),
    ("The roof has a {} guarantee.", ("25-year", "25-yr", "twenty-five-year", "25 year", "twenty-five year", "25yr"),
        ("20-year", "15-yr", "twenty-year", "thirty-five-year", "twenty-six-year")),
    ("Delivery takes {}.", (
        "3 to 5 business days", "3-5 business days", "3-5 working days", "three to five business days", "3\u20135 business days",
        "3 to 5 working days", "between 3 and 5 working days", "from three to five working days",
    ), ("3 to 6 business days", "2-5 business days", "4 to 5 working days", "three to seven business days")),
    ("The course lasts {}.", ("6 months", "six months", "half a year", "6 mths", "6-months"),
        ("5 months", "a year", "eight months", "9 mths")),
)  # fmt: skip
_MONEY = (
    ("The lamp costs {}.", (
        "\u00a324.50", "24 pounds 50", "GBP 24.50", "24.50 GBP", "\u00a324.50p", "24.50 pounds", "twenty-four pounds fifty",
        "24 pounds and 50 pence", "\u00a3 24.50", "24.50\u00a3",
    ), ("\u00a325.50", "24 pounds 80", "GBP 24.05", "\u00a324", "twenty-five pounds fifty", "24 pounds 5")),
    ("The tent costs {}.", (
        "A$349", "AUD 349", "349 AUD", "AU$349", "A$349.00", "AUD349", "349 Australian dollars", "AUD $349",
    ), ("A$394", "AUD 394", "AU$339", "A$349.50", "350 Australian dollars")),
    ("The tent, made in Perth, costs {}.", ("$349", "AUD 349", "A$349", "349 dollars", "$349.00"),
        ("$394", "AUD 394", "A$339", "349 euros", "\u00a3349")),
    ("The rug costs {}.", (
        "100 euros", "EUR 100", "\u20ac100", "100 \u20ac", "100\u20ac", "\u20ac 100", "100 EUR", "\u20ac100.00", "100 euro", "a hundred euros",
        "one hundred euros", "100,00 \u20ac", "\u20ac100,-",
    ), ("110 euros", "EUR 10", "\u20ac1,000", "100 pounds", "\u20ac90", "two hundred euros")),
    ("The mug costs {}.", ("$30", "USD 30", "30 dollars", "thirty dollars", "30 USD", "$30.00", "US$30", "30 bucks"),
        ("$13", "USD 40", "thirty-five dollars", "\u00a330", "$30.50")),
    ("Parking is {} a day.", ("\u00a330", "GBP 30", "30 pounds", "thirty pounds", "30 GBP", "\u00a330.00", "30 quid"),
        ("\u00a335", "GBP 40", "thirteen pounds", "\u20ac30")),
    ("A child's ticket costs {}.", ("\u00a35", "a fiver", "five pounds", "5 pounds", "\u00a35.00", "GBP 5"),
        ("\u00a36", "a tenner", "six pounds", "\u00a35.50")),
    ("Entry is {}.", ("\u00a310", "a tenner", "ten pounds", "\u00a310.00"), ("\u00a312", "a fiver", "eleven pounds")),
    ("The booking fee is {} per ticket.", (
        "75p", "\u00a30.75", "75 pence", "seventy-five pence", "75 p",
    ), ("85p", "\u00a37.50", "57p", "50 pence", "\u00a31.75")),
    ("The draw is for a {} voucher.", (
        "\u00a350", "fifty-pound", "50-pound", "50 pound", "fifty pound", "GBP 50",
    ), ("\u00a340", "fifteen-pound", "60-pound", "\u20ac50")),
    ("Candles are {}.", ("two for \u00a320", "2 for \u00a320", "\u00a320 for two", "two for twenty pounds", "2 for GBP 20"),
        ("two for \u00a325", "3 for \u00a320", "\u00a320 for three", "two for \u00a312")),
    ("The van costs {}.", (
        "\u00a312,500", "\u00a312500", "12,500 pounds", "GBP 12,500", "\u00a312.5k", "\u00a312,500.00",
    ), ("\u00a312,050", "\u00a313,500", "\u00a31,250", "\u00a312.6k")),
    ("The fund holds {}.", ("$2.5 million", "$2,500,000", "$2.5m", "2.5 million dollars", "$2.5M", "USD 2.5 million"),
        ("$2.6 million", "$250,000", "$3.5m", "$2.5 billion")),
    ("Water costs {} a bottle.", ("$1.20", "120 cents", "$1.20", "1.20 dollars", "one dollar twenty", "1 dollar 20"),
        ("$1.30", "$2.10", "120 dollars", "one dollar thirty")),
    ("A lesson costs {}.", ("\u20ac45 per hour", "\u20ac45/hour", "\u20ac45 an hour", "\u20ac45/hr", "45 euros an hour", "\u20ac45 p/h", "\u20ac45/h"),
        ("\u20ac54 per hour", "\u20ac45 a day", "\u20ac45/min", "\u20ac45/week")),
    ("The unit costs {}.", ("$165 a month", "$165/month", "$165 per month", "$165/mo.", "$165/mo", "$165 monthly", "$165 each month"),
        ("$156 a month", "$165 a week", "$165/yr", "$165 a year")),
    ("Entry is {}.", ("\u00a38 per person", "\u00a38 pp", "\u00a38 a head", "\u00a38 p.p.", "\u00a38/person"),
        ("\u00a39 per person", "\u00a38 per group", "\u00a38 per family")),
)  # fmt: skip
_SIZES = (
    ("The unit measures {}.", (
        "10 feet by 10 feet", "10' x 10'", "10 x 10 feet", "10 ft x 10 ft", "10 by 10 ft", "10ft x 10ft", "10x10 ft",
        "10 feet x 10 feet", "10 ft. by 10 ft.", "10'x10'", "10\u2032 \u00d7 10\u2032", "10 foot by 10 foot",
    ), ("10 feet by 12 feet", "12' x 10'", "10 x 15 feet", "11 by 11 ft", "10 m by 10 m")),
    ("Riders have to be {} tall.", (
        "at least 48 inches", "at least 4 feet", "at least 48 in.", "at least 48\"", "at least 4 ft", "at least 4'",
        "a minimum of 48 inches", "48 inches or more", "at least four feet", "no less than 48 inches", "at least 48 in",
    ), ("at least 42 inches", "at least 5 feet", "at least 44\"", "at least 4 ft 6 in", "at least 52 in.")),
    ("The table is {} long.", ("6 feet", "6 ft.", "6 ft", "72 inches", "six feet", "6'", "72 in.", "72\"", "2 yards", "72 in"),
        ("7 feet", "6.5 ft.", "62 inches", "5'", "6'6\"", "70 in.", "5 ft")),
    ("The mirror is {} high.", ("5 ft 6 in", "5'6\"", "66 inches", "5 feet 6 inches", "5.5 feet", "5 ft. 6 in.", "five and a half feet"),
        ("5 ft 8 in", "5'9\"", "68 inches", "6 feet 6 inches", "5 feet")),
    ("The tent packs down to {}.", (
        "48 cm by 18 cm", "480 mm x 180 mm", "48 x 18 cm", "48cm x 18cm", "48 by 18 centimetres", "480 x 180 mm",
        "48\u00d718 cm", "0.48 m by 0.18 m", "48 cm \u00d7 18 cm",
    ), ("48 cm by 16 cm", "430 mm x 180 mm", "46 x 18 cm", "48 by 19 centimetres", "480 x 185 mm")),
    ("The studio has {}.", (
        "100 square feet", "100 sq. ft.", "100 sq ft", "100 sqft", "100 sq. feet", "100 ft\u00b2", "a hundred square feet",
    ), ("120 square feet", "110 sq. ft.", "1,000 sq ft", "90 ft\u00b2", "100 square metres")),
    ("The flat has {}.", (
        "85 square metres", "85 m2", "85 m\u00b2", "85 sq m", "85 sq. m", "85 square meters", "85 sqm", "85 sq. metres", "85m2",
        "85 sq.m.",
    ), ("58 square metres", "86 m2", "95 sq m", "80 sqm", "85 square feet")),
    ("The trail is {} long.", ("5 km", "5 kilometres", "5,000 metres", "five kilometers", "5km", "5000 m", "5 kms", "5.0 km"),
        ("6 km", "5 miles", "500 metres", "5.5 km", "4,000 m")),
    ("The path is {} long.", ("12 miles", "12 mi", "twelve miles", "12mi", "12 mi."), ("13 miles", "12 km", "21 mi")),
    ("The bag weighs {}.", ("1.5 kg", "1,500 g", "1500 grams", "one and a half kilos", "1.5 kilograms", "1.5kg", "1.5 kgs", "1\u00bd kg"),
        ("1.6 kg", "1,600 g", "1.5 lb", "150 g", "15 kg", "two kilos")),
    ("The headset weighs {}.", ("10.2 ounces", "10.2 oz", "10.2 oz.", "10.2oz", "10.2 ozs"), ("10.8 ounces", "12.2 oz", "10.2 lb", "10.2 g")),
    ("The dumbbell weighs {}.", ("12 pounds", "12 lb", "12 lbs", "12 lbs.", "twelve pounds", "12lb", "12-lb"),
        ("15 pounds", "12 kg", "21 lbs", "12 oz")),
    ("The turkey weighs {}.", ("5 lb 8 oz", "5.5 lb", "5 lbs 8 oz", "five and a half pounds", "5 pounds 8 ounces", "88 oz"),
        ("5 lb 4 oz", "6.5 lb", "5 lbs 12 oz", "8 pounds 5 ounces")),
    ("The bottle holds {}.", ("750 ml", "0.75 litres", "75 cl", "750ml", "0.75 l", "750 millilitres", "0.75 L", "three quarters of a litre", "75cl", "\u00be litre"),
        ("700 ml", "0.70 l", "57 cl", "1 litre", "7.5 litres")),
    ("The cup holds {}.", ("12 fl oz", "12 fluid ounces", "12 fl. oz."),
        ("16 fl oz", "20 fluid ounces", "12 ml")),
    ("The bin holds {}.", ("50 litres", "50 l", "50 L", "50 liters", "50l", "fifty litres", "50 ltr"), ("60 litres", "15 l", "50 ml", "500 L")),
)  # fmt: skip
_OTHERS = (
    ("The plan includes {} of data.", ("100 GB", "100GB", "100 gigabytes", "a hundred gigs", "100 gig", "100 gb", "100 gigs"),
        ("10 GB", "110 GB", "100 MB", "1 TB", "200 gigs")),
    ("The line runs at {}.", ("300 Mbit/s", "300 Mbps", "300 megabits per second", "0.3 Gbps", "300Mbps", "300 megabits a second"),
        ("250 Mbit/s", "30 Mbps", "300 Gbps", "350 megabits per second")),
    ("The panels deliver {}.", ("6.6 kW", "6,600 W", "6.6 kilowatts", "6600 watts", "6.6kW"), ("6.9 kW", "5,600 W", "6.6 W", "66 kW")),
    ("The car uses {}.", ("15 kWh per 100 km", "15 kWh/100 km", "15kWh per 100km"), ("16 kWh per 100 km", "51 kWh per 100 km")),
    ("The battery stores {}.", ("10 kWh", "10 kilowatt-hours", "10kWh", "ten kWh", "10 kilowatt hours"), ("11 kWh", "10 kW", "100 kWh")),
    ("The oven heats to {}.", ("250 \u00b0C", "250\u00b0C", "250 degrees Celsius", "250 degrees C"), ("260 \u00b0C", "220\u00b0C", "250 degrees Fahrenheit")),
    ("The account pays {} a year.", ("4.1%", "4.1 per cent", "4.1 percent", "4.10%", "4.1 pct", "4.1 per cent."),
        ("4.3%", "41%", "1.4 per cent", "4.0 percent")),
    ("Seniors get {} tickets.", ("a third off", "one third off", "33% off", "1/3 off", "one-third off", "33 1/3% off"),
        ("a quarter off", "half off", "30% off", "25% off")),
    ("Seniors get {} the ticket.", ("a quarter off", "one quarter off", "25% off", "1/4 off", "25 per cent off", "twenty-five percent off"),
        ("a third off", "20% off", "40% off", "a fifth off")),
    ("Lamps are {}.", ("half price", "50% off", "half off", "at half price", "fifty percent off", "1/2 price", "half-price", "50 per cent off"),
        ("a third off", "40% off", "60% off")),
    ("Lamps are {} this week.", ("20% off", "20 per cent off", "20pc off", "20% cheaper", "a fifth off", "a fifth cheaper", "20 percent less"),
        ("25% off", "2% off", "30 per cent off", "a quarter off")),
    ("The rate is {} higher.", ("0.35 percentage points", "0.35 percentage point"), ("0.25 percentage points", "0.53 points", "3.5 percentage points")),
    ("The kettle is rated {} by buyers.", ("4.4 out of 5", "4.4/5", "4.4 stars", "4.4 out of 5 stars", "4.4 of 5", "4.4 stars out of five", "4.4 / 5"),
        ("4.6 out of 5", "4.1/5", "4.9 stars", "4.4 out of 10")),
    ("In a survey, {} owners would buy it again.", ("nine in ten", "9 in 10", "90% of", "9 out of 10", "nine out of ten", "90 per cent of", "9/10"),
        ("eight in ten", "95% of", "9 out of 11", "80% of")),
    ("The set has {}.", ("24 pieces", "twenty-four pieces", "two dozen pieces", "24 pcs", "24 pcs.", "24 (twenty-four) pieces"),
        ("23 pieces", "twenty-six pieces", "three dozen pieces", "42 pcs")),
    ("We asked {}.", ("1,240 members", "1240 members"), ("1,420 members", "1,204 members", "124 members")),
    ("The club has {}.", ("2,500 members", "2.5k members", "2500 members", "two and a half thousand members", "2.5 thousand members"),
        ("2,600 members", "25,000 members", "250 members", "3.5k members")),
    ("The cabin sleeps {}.", ("6", "six", "six people", "6 people"), ("8", "five", "seven people")),
    ("Groups of {} get a guide.", ("10 or more", "ten or more", "at least ten", "10+", "ten people or more"), ("12 or more", "8+", "at least five")),
    ("The show is for {}.", ("ages 12 and over", "those aged 12 or over"), ("ages 10 and over", "ages 14 and over")),
    ("Knives cost {}.", ("from $12 to $30", "$12-$30", "$12 to $30", "between $12 and $30", "$12-30", "12 to 30 dollars"),
        ("from $12 to $40", "$10-$30", "$15 to $30", "$12-35")),
    ("Our shop is at {}.", ("14 Park Row", "14, Park Row"), ("15 Park Row",)),
)  # fmt: skip
_ENDLESS = (
    "The room has 100 sq. ft. of floor and a window [a].",
    "Stop by our shop at 12 Kennedy Blvd. in Tampa for help [a].",
    "A table of 6 ft. and six chairs stand in it [a].",
    "Buyers give it an avg. rating of 4.4 out of 5 [a].",
    "The shop on Mill St. opens daily [a].",
    "Orders from min. $20 go out at no charge [a].",
    "It weighs approx. 3 lbs. and folds [a].",
    "Prices start at $9 incl. tax and postage [a].",
    "Apt. No. 5 is on Oak Ave. near the station [a].",
    "Savers get 4 per cent. a year on it [a].",
    "A bag holds 12 fl. oz. or 340 g of tea [a].",
    "Our desk is on the 2nd fl. of the hall, Bldg. 4 [a].",
)
_TABLE = [(row, True) for row in _AMERICAN] + [
    (row, False) for row in (*_BRITISH, *_CLOCKS, *_TIMES, *_MONEY, *_SIZES, *_OTHERS)
]


def _reasons(said: str, source: str) -> set[str]:
    return {finding.reason for finding in check_copy(f"{said[:-1]} [s].", {"s": source}, _DAY)}


@pytest.mark.parametrize(("row", "american"), _TABLE, ids=lambda row: row[0] if isinstance(row, tuple) else "")
@pytest.mark.statement("S40", "S41")
def test_each_written_form_says_the_other_and_a_changed_value_is_found(
    row: tuple[str, tuple[str, ...], tuple[str, ...]], american: bool
) -> None:
    template, forms, changed = row
    alarms = [
        (source, copy, found)
        for source, copy in permutations(forms, 2)
        if (found := _reasons(template.format(copy), template.format(source)))
    ]
    missed = [
        (source, copy)
        for source, copy in product(forms, changed)
        if not _reasons(template.format(copy), template.format(source))
    ]
    assert not alarms
    assert not missed


@pytest.mark.parametrize("copy", _ENDLESS)
def test_an_abbreviation_ends_no_sentence(copy: str) -> None:
    assert not check_copy(copy, {"a": copy.removesuffix(" [a].") + "."}, _DAY)
