"""The sample shop: 10,000 invented customers, about 60,000 orders and one finished experiment, from a seed.

The same seed and reference date always give the same bytes. Everything in it is synthetic and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from plugins.segmentation.dataset import Dataset, Manifest, open_dataset, replacing, write_manifest
from plugins.segmentation.sample_tables import (
    EMAIL_DOMAINS,
    FIRST_NAMES,
    GB_AREAS,
    LAST_NAMES,
    LOYALTY_TIERS,
    ODD_FIRST_NAMES,
    PLACES,
    PRODUCTS,
    SHOP_NAME,
)

SAMPLE_ID = "harbor-and-pine"
EXPERIMENT_FILE = "finished_experiment.parquet"
EXPERIMENT_NAME = "Summer picnic test"
MAX_ORDERS = 90
TRUE_RATES = {"control": 0.040, "A": 0.046, "B": 0.062, "C": 0.051}
"""The conversion rates planted in the finished experiment: a modest true effect, B best."""

Strings = list[str | None]


@dataclass(frozen=True)
class _People:
    """Latent facts about each customer from which the tables are drawn."""

    ids: list[str]
    country: list[str | None]
    signup_days: np.ndarray[Any, np.dtype[np.int64]]
    favourite: np.ndarray[Any, np.dtype[np.int64]]
    basket: np.ndarray[Any, np.dtype[np.float64]]
    consent_email: np.ndarray[Any, np.dtype[np.int64]]  # 1 yes, 0 no, -1 unknown


def write_sample_shop(path: Path, as_of: date, *, customers: int = 10_000, seed: int = 20_240_229) -> Dataset:
    """Write the sample shop into ``path`` as it looks on ``as_of`` and open it."""
    rng = np.random.default_rng(seed)
    people = _draw_people(rng, customers)
    orders, spend = _draw_orders(rng, people, as_of)
    table = _customer_table(rng, people, spend, as_of)
    experiment = _draw_experiment(rng, people)
    manifest = Manifest(
        dataset_id=path.name,
        name=f"{SHOP_NAME} (synthetic sample)",
        synthetic=True,
        as_of=as_of,
        created_at=datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC),
        currency="USD",
        customers=table.num_rows,
        order_lines=orders.num_rows,
        notes={
            "seed": seed,
            "finished_experiment": {
                "name": EXPERIMENT_NAME,
                "file": EXPERIMENT_FILE,
                "synthetic": True,
                "started": _day(as_of, 45).isoformat(),
                "ended": _day(as_of, 31).isoformat(),
                "true_conversion_rates": TRUE_RATES,
            },
        },
    )
    with replacing(path) as folder:
        pq.write_table(table, folder / "customers.parquet", compression="zstd")
        pq.write_table(orders, folder / "orders.parquet", compression="zstd")
        pq.write_table(experiment, folder / EXPERIMENT_FILE, compression="zstd")
        write_manifest(folder, manifest)
    return open_dataset(path)


def ensure_sample_shop(datasets: Path, as_of: date) -> Dataset:
    """Open the sample shop under ``datasets``, writing it first when it is not there."""
    path = datasets / SAMPLE_ID
    return open_dataset(path) if (path / "manifest.json").is_file() else write_sample_shop(path, as_of)


def _day(as_of: date, days: int) -> date:
    return date.fromordinal(as_of.toordinal() - days)


def _draw_people(rng: np.random.Generator, n: int) -> _People:
    codes = [*PLACES, None]
    shares = np.array([place[0] for place in PLACES.values()])
    drawn = rng.choice(len(codes), size=n, p=[*shares, 1 - shares.sum()])
    signup = np.where(rng.random(n) < 0.06, rng.integers(1, 31, n), 31 + rng.beta(1.2, 1.6, n) * 1500)
    return _People(
        ids=[f"C{number:05d}" for number in range(1, n + 1)],
        country=[codes[i] for i in drawn],
        signup_days=signup.astype(np.int64),
        favourite=rng.choice(len(PRODUCTS), size=n, p=_category_shares()),
        basket=rng.lognormal(0.0, 0.55, n),
        consent_email=rng.choice([1, 0, -1], size=n, p=[0.74, 0.21, 0.05]),
    )


def _category_shares() -> np.ndarray[Any, np.dtype[np.float64]]:
    weights = np.linspace(1.6, 0.5, len(PRODUCTS))
    return weights / weights.sum()


def _draw_orders(
    rng: np.random.Generator, people: _People, as_of: date
) -> tuple[Any, np.ndarray[Any, np.dtype[np.float64]]]:
    """Draw order lines: everybody buys at their own pace until they drop out; return also the spend of each."""
    n = len(people.ids)
    gap = rng.lognormal(4.62, 0.70, n)
    stays = np.where(rng.random(n) < 0.30, 1e9, rng.exponential(400, n))
    never = rng.random(n) < 0.07
    first = rng.exponential(9, n)
    gaps = rng.exponential(1.0, (n, MAX_ORDERS)) * gap[:, None]
    gaps[:, 0] = first
    times = np.cumsum(gaps, axis=1)
    alive = (times < people.signup_days[:, None]) & (times < (first + stays)[:, None]) & ~never[:, None]
    who, _ = np.nonzero(alive)
    ago = people.signup_days[who] - times[alive]
    lines = rng.choice([1, 2, 3], size=len(who), p=[0.70, 0.22, 0.08])
    order = np.repeat(np.arange(len(who)), lines)
    amounts, columns = _draw_lines(rng, people, who[order])
    spend = np.zeros(n)
    np.add.at(spend, who[order], amounts)
    columns |= {"who": who[order], "ago": ago[order], "number": order, "amount": amounts}
    return _order_table(rng, people, columns, as_of), spend


def _draw_lines(rng: np.random.Generator, people: _People, buyer: Any) -> tuple[Any, dict[str, Any]]:
    size = len(buyer)
    own = rng.random(size) < 0.48
    category = np.where(own, people.favourite[buyer], rng.choice(len(PRODUCTS), size=size, p=_category_shares()))
    counts = np.array([len(items) for items in PRODUCTS.values()])
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    product = starts[category] + (rng.random(size) * counts[category]).astype(np.int64)
    prices = np.array([price for items in PRODUCTS.values() for _, price in items])
    trade = people.basket[buyer] > 3.2  # a few trade customers buy in quantity
    quantity = np.where(trade, rng.integers(4, 15, size), 1 + rng.poisson(0.35 * people.basket[buyer]))
    discount = rng.choice([1.0, 0.9, 0.8], size=size, p=[0.8, 0.13, 0.07])
    amounts = np.round(prices[product] * quantity * discount, 2)
    return amounts, {"category": category, "product": product, "quantity": quantity}


def _order_table(rng: np.random.Generator, people: _People, drawn: dict[str, Any], as_of: date) -> Any:
    size = len(drawn["who"])
    names = [name for items in PRODUCTS.values() for name, _ in items]
    returned = np.nonzero((rng.random(size) < 0.045) & (drawn["ago"] > 12))[0]
    midnight = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp()
    seconds = (midnight - np.maximum(drawn["ago"], 0.02) * 86400).astype(np.int64)
    back = (seconds[returned] + rng.integers(2, 12, len(returned)) * 86400).astype(np.int64)
    pick = np.concatenate((np.arange(size), returned))
    is_return = np.concatenate((np.zeros(size, bool), np.ones(len(returned), bool)))
    numbers = np.concatenate((drawn["number"], drawn["number"][returned]))
    sign = np.where(is_return, -1, 1)
    cents = np.round(drawn["amount"][pick] * 100).astype(np.int64) * sign
    buyers = drawn["who"][pick]
    categories = pa.array(list(PRODUCTS))
    table = pa.table(
        {
            "order_id": pa.array(
                [f"{'R' if r else 'O'}{100000 + k}" for k, r in zip(numbers.tolist(), is_return.tolist(), strict=True)]
            ),
            "customer_id": pa.array(people.ids).take(pa.array(buyers)),
            "ordered_at": pa.array(np.concatenate((seconds, back)) * 1_000_000, pa.timestamp("us")),
            "amount": _decimal(cents),
            "currency": pa.array(["USD"] * len(pick)),
            "quantity": pa.array(drawn["quantity"][pick] * sign),
            "category": categories.take(pa.array(drawn["category"][pick])),
            "product": pa.array(names).take(pa.array(drawn["product"][pick])),
            "is_return": pa.array(is_return),
        }
    )
    return table.sort_by([("ordered_at", "ascending"), ("order_id", "ascending")])


def _decimal(cents: Any) -> Any:
    """Return whole cents as DECIMAL(18,2), exactly: the integers are reread as unscaled decimals."""
    buffer = np.zeros((len(cents), 2), dtype="<i8")
    buffer[:, 0] = cents
    buffer[:, 1] = np.where(cents < 0, -1, 0)
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(buffer.tobytes())])


def _customer_table(rng: np.random.Generator, people: _People, spend: Any, as_of: date) -> Any:
    n = len(people.ids)
    first, last, language, city = _names(rng, people)
    email = _addresses(rng, first, last, n)
    first, last, email = _make_duplicates(rng, first, last, email)
    consent = pa.array([None if c < 0 else bool(c) for c in people.consent_email.tolist()], pa.bool_())
    attention = rng.beta(1.3, 2.6, n)
    sends = np.where(people.consent_email == 1, rng.poisson(11, n), 0)
    opens = rng.binomial(sends, attention)
    clicks = rng.binomial(opens, 0.16)
    opened = np.where(opens > 0, rng.exponential(16, n), rng.exponential(240, n) + 91)
    known = (rng.random(n) < 0.93) & (people.consent_email == 1)
    columns: dict[str, Any] = {
        "customer_id": people.ids,
        "first_name": first,
        "last_name": last,
        "email": email,
        "phone": _phones(rng, people.country),
        "country": people.country,
        "city": city,
        "language": language,
        "birth_date": _dates(rng, as_of, 365.25 * (19 + 62 * rng.beta(2.0, 2.4, n)), 0.22),
        "gender": _some(rng, np.array(["female", "male", "other"])[rng.choice(3, n, p=[0.58, 0.40, 0.02])], 0.14),
        "loyalty_tier": _tiers(rng, spend),
        "signup_date": _dates(rng, as_of, people.signup_days, 0.01),
        "consent_email": consent,
        "consent_sms": _consent(rng, n, [0.38, 0.50, 0.12]),
        "consent_push": _consent(rng, n, [0.24, 0.60, 0.16]),
        "suppressed": rng.random(n) < 0.024,
        "preferred_channel": _some(rng, np.array(["email", "sms", "push"])[rng.choice(3, n, p=[0.7, 0.2, 0.1])], 0.35),
        "last_open_at": _times(as_of, opened, known),
        "opens_90d": opens,
        "clicks_90d": clicks,
        "sends_90d": sends,
        "sends_7d": np.minimum(sends, rng.poisson(0.95, n)),
    }
    return pa.table({name: pa.array(values) for name, values in columns.items()})


def _names(rng: np.random.Generator, people: _People) -> tuple[Strings, Strings, Strings, Strings]:
    first: Strings = []
    last: Strings = []
    languages: Strings = []
    cities: Strings = []
    for draw, country in zip(rng.random((len(people.ids), 5)), people.country, strict=True):
        _, language, towns = PLACES.get(country or "", (0.0, "en", ("",)))
        given, family = FIRST_NAMES[language], LAST_NAMES[language]
        name = given[int(draw[0] * len(given))]
        odd = ODD_FIRST_NAMES[int(draw[1] * len(ODD_FIRST_NAMES))] if draw[2] < 0.012 else name
        first.append(None if draw[3] < 0.03 else odd)
        last.append(None if draw[3] > 0.985 else family[int(draw[1] * len(family))])
        languages.append(language if draw[4] < 0.94 else None)
        cities.append(towns[int(draw[4] * len(towns))] or None if draw[2] < 0.91 else None)
    return first, last, languages, cities


def _addresses(rng: np.random.Generator, first: Strings, last: Strings, n: int) -> Strings:
    missing = rng.random(n) < 0.035
    domain = rng.integers(0, len(EMAIL_DOMAINS), n)
    parts = [(_ascii(a) or "customer", _ascii(b) or "hp") for a, b in zip(first, last, strict=True)]
    return [
        None if missing[i] else f"{a}.{b}{i + 1}@{EMAIL_DOMAINS[domain[i]]}".lower() for i, (a, b) in enumerate(parts)
    ]


def _ascii(name: str | None) -> str:
    return "".join(c for c in (name or "") if c.isascii() and c.isalnum())


def _make_duplicates(
    rng: np.random.Generator, first: Strings, last: Strings, email: Strings
) -> tuple[Strings, Strings, Strings]:
    """Let some households share an address and register some people twice, once in capitals."""
    n = len(email)
    pairs = rng.choice(n, size=(n // 36, 2), replace=False)
    for index, (one, two) in enumerate(pairs.tolist()):
        address = email[one]
        email[two] = address.upper() if address and index % 7 == 0 else address
        if index % 2 == 0:
            first[two] = first[one]
        last[two] = last[one]
    return first, last, email


def _phones(rng: np.random.Generator, countries: list[str | None]) -> Strings:
    draws = rng.random((len(countries), 3))
    return [_phone(country, draw) for country, draw in zip(countries, draws.tolist(), strict=True)]


def _phone(country: str | None, draw: list[float]) -> str | None:
    if draw[0] < 0.3:
        return None
    if country in ("US", "CA"):
        return f"+1{int(200 + draw[1] * 780)}55501{int(draw[2] * 100):02d}"
    if country == "GB":
        return f"+44{GB_AREAS[int(draw[1] * len(GB_AREAS))]}4960{int(draw[2] * 1000):03d}"
    if country == "FR":
        return f"+336399{80000 + int(draw[1] * 10000):05d}"
    if country == "IE":
        return f"+3532091{10000 + int(draw[1] * 10000):05d}"
    return None


def _tiers(rng: np.random.Generator, spend: Any) -> Strings:
    score = spend * rng.lognormal(0, 0.35, len(spend))
    level = np.searchsorted([120.0, 450.0, 1100.0, 2600.0], score)
    return [LOYALTY_TIERS[i] if known else None for i, known in zip(level, rng.random(len(spend)) > 0.04, strict=True)]


def _consent(rng: np.random.Generator, n: int, shares: list[float]) -> Any:
    return pa.array([None if c < 0 else bool(c) for c in rng.choice([1, 0, -1], size=n, p=shares).tolist()], pa.bool_())


def _some(rng: np.random.Generator, values: Any, missing: float) -> Strings:
    return [None if gone else str(v) for v, gone in zip(values, rng.random(len(values)) < missing, strict=True)]


def _dates(rng: np.random.Generator, as_of: date, days_ago: Any, missing: float) -> Any:
    epoch = as_of.toordinal() - date(1970, 1, 1).toordinal()
    gone = rng.random(len(days_ago)) < missing
    return pa.array((epoch - np.asarray(days_ago).astype(np.int64)).astype(np.int32), pa.int32(), mask=gone).cast(
        pa.date32()
    )


def _times(as_of: date, days_ago: Any, known: Any) -> Any:
    midnight = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp()
    micros = ((midnight - days_ago * 86400) * 1_000_000).astype(np.int64)
    return pa.array(micros, pa.int64(), mask=~known).cast(pa.timestamp("us"))


def _draw_experiment(rng: np.random.Generator, people: _People) -> Any:
    """Draw the rows of the finished experiment: one a customer, outcomes in the two weeks after the send."""
    willing = np.nonzero((people.consent_email == 1) & (people.signup_days > 60))[0]
    chosen = rng.permutation(willing)
    arms = np.array(list(TRUE_RATES))[np.arange(len(chosen)) % len(TRUE_RATES)]
    sent = arms != "control"
    size = len(chosen)
    delivered = sent & (rng.random(size) < 0.978)
    opened = delivered & (rng.random(size) < 0.34)
    clicked = opened & (rng.random(size) < np.where(arms == "B", 0.24, 0.19))
    converted = rng.random(size) < np.array([TRUE_RATES[arm] for arm in arms.tolist()])
    revenue = np.where(converted, np.round(rng.lognormal(3.95, 0.7, size), 2), 0.0)
    table = pa.table(
        {
            "customer_id": pa.array(people.ids).take(pa.array(chosen)),
            "arm": pa.array(arms.tolist()),
            "delivered": delivered,
            "opened": opened,
            "clicked": clicked,
            "converted": converted,
            "revenue": revenue,
            "unsubscribed": delivered & (rng.random(size) < 0.003),
        }
    )
    return table.sort_by("customer_id")
