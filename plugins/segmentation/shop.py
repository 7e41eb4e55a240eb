"""One dataset on one engine as of one date: what the rest of the product asks about customers."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from app.domain.audience import Audience, AudienceDefinition, Channel, Condition, ContactRules, ThresholdSettings
from app.domain.errors import Refused
from plugins.segmentation.compiler import Compiler
from plugins.segmentation.conditions import Vocabulary, check
from plugins.segmentation.dataset import CUSTOMER_COLUMNS, Dataset
from plugins.segmentation.engine import Engine, Tables
from plugins.segmentation.facts import gaps_select
from plugins.segmentation.fields import FIELDS, available_fields
from plugins.segmentation.funnel import Contact
from plugins.segmentation.sql import Sql, day_literal
from plugins.segmentation.thresholds import Thresholds, resolve_thresholds

FindAudience = Callable[[str], Audience]
T = TypeVar("T")
DERIVED_COLUMNS = (
    "last_purchase_days", "first_purchase_days", "orders_count", "favourite_category", "age", "signup_days",
    "last_open_days", "email_open_rate", "last_ordered_at",
)  # fmt: skip
COMPUTED_COLUMNS = ("lifecycle", "value_tier", "total_spend", "avg_order_value", "consent", "channel_preference")
LISTED_VALUES = ("country", "city", "language", "loyalty_tier", "favourite_category")
REMEMBERED = 256
"""Answers kept of one shop, the latest ones."""
PEOPLE_COLUMNS = ("customer_id", "first_name", "last_name", "email", "phone", "city")


def _no_audiences(audience_id: str) -> Audience:
    raise Refused(f"There is no audience {audience_id!r}.", code="not_found", field="audience")


class _Memory:
    """What was learnt from the data once; shared between the views of one shop."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.vocabulary: Vocabulary | None = None
        self.gaps: dict[date, tuple[int | None, int | None]] = {}
        self.spend: dict[tuple[Any, ...], tuple[int | None, int | None]] = {}
        self.answers: OrderedDict[Hashable, Any] = OrderedDict()


class LoadedShop:
    """Implements ``app.domain.audience.Shop``. Cheap to make again for a turn with ``seeing``; thread-safe."""

    def __init__(
        self,
        engine: Engine,
        dataset: Dataset,
        *,
        as_of: date | None = None,
        find_audience: FindAudience = _no_audiences,
        memory: _Memory | None = None,
    ) -> None:
        self.engine = engine
        self.dataset = dataset
        self._as_of = as_of or dataset.manifest.as_of
        self._find_audience = find_audience
        self._memory = memory or _Memory()

    def seeing(self, find_audience: FindAudience) -> LoadedShop:
        """Return the same shop, able to look up other audiences by id."""
        return LoadedShop(
            self.engine, self.dataset, as_of=self._as_of, find_audience=find_audience, memory=self._memory
        )

    def remembered(self, question: Hashable, ask: Callable[[], T]) -> T:
        """Return the answer of ``ask``, or the one it gave to the same question before, over these same data.

        ``question`` must name everything the answer follows from besides the data. The latest 256 answers are kept.
        """
        memory = self._memory
        with memory.lock:
            if question in memory.answers:
                memory.answers.move_to_end(question)
                return memory.answers[question]
        answer = ask()
        with memory.lock:
            memory.answers[question] = answer
            if len(memory.answers) > REMEMBERED:
                memory.answers.popitem(last=False)
        return answer

    # --- what it is
    @property
    def dataset_id(self) -> str:
        return self.dataset.dataset_id

    @property
    def as_of(self) -> date:
        return self._as_of

    @property
    def synthetic(self) -> bool:
        return self.dataset.manifest.synthetic

    @property
    def currency(self) -> str | None:
        """Return the currency of every amount, None when the data do not say."""
        return self.dataset.manifest.currency

    def tables(self, as_of: date | None = None) -> Tables:
        """Return the tables as of a date, making them at first use."""
        return self.engine.load(self.dataset, as_of or self._as_of)

    def columns(self) -> frozenset[str]:
        """Return the fields usable in a definition and the stored columns."""
        have = self.dataset.customer_columns & set(CUSTOMER_COLUMNS)
        derived = {"last_ordered_at"} if "ordered_at" in self.dataset.order_columns else set[str]()
        return frozenset(
            have | derived | set(available_fields(self.dataset.customer_columns, self.dataset.order_columns))
        )

    def vocabulary(self) -> Vocabulary:
        """Return what conditions are checked against."""
        with self._memory.lock:
            if self._memory.vocabulary is None:
                self._memory.vocabulary = self._read_vocabulary()
            return self._memory.vocabulary

    def _read_vocabulary(self) -> Vocabulary:
        tables = self.tables()
        fields = available_fields(self.dataset.customer_columns, self.dataset.order_columns)
        values: dict[str, list[str]] = {}
        for name in LISTED_VALUES:
            if name in fields:
                column = fields[name].column
                rows = self.engine.rows(
                    Sql(
                        f"SELECT {column}, count(*) AS n FROM {tables.facts} WHERE {column} IS NOT NULL "
                        f"GROUP BY {column} ORDER BY n DESC, {column} LIMIT 5000"
                    )
                )
                values[name] = [str(row[0]) for row in rows]
        categories: list[str] = []
        if "category" in self.dataset.order_columns:
            query = (
                f"SELECT category, count(*) AS n FROM {tables.lines} WHERE category IS NOT NULL "
                "GROUP BY category ORDER BY n DESC, category LIMIT 5000"
            )
            categories = [str(row[0]) for row in self.engine.rows(Sql(query))]
        return Vocabulary(
            fields=fields,
            values=values,
            categories=categories,
            has_products="product" in self.dataset.order_columns,
            has_orders=self.dataset.orders is not None,
        )

    # --- definitions
    def check(self, definition: AudienceDefinition) -> AudienceDefinition:
        """Return the definition as the data write it, with every threshold resolved."""
        checked = check(definition, self.vocabulary())
        resolved = self.thresholds(definition.thresholds).resolved()
        return checked.model_copy(update={"thresholds": resolved})

    def thresholds(self, settings: ThresholdSettings, as_of: date | None = None) -> Thresholds:
        """Return what the words mean here."""
        day = as_of or self._as_of
        with self._memory.lock:
            if day not in self._memory.gaps:
                self._memory.gaps[day] = self._gaps(day)
            return resolve_thresholds(settings, self._memory.gaps[day], self._spend(settings, day))

    def _gaps(self, day: date) -> tuple[int | None, int | None]:
        if self.dataset.orders is None:
            return (None, None)
        return _pair(self.engine.rows(Sql(gaps_select(self.engine.dialect, self.tables(day).lines, day))))

    def _spend(self, settings: ThresholdSettings, day: date) -> tuple[int | None, int | None]:
        key = (day, settings.high_percentile, settings.low_percentile, settings.net_of_returns)
        if key not in self._memory.spend:
            column = "net_minor" if settings.net_of_returns else "total_minor"
            high, low = (
                f"percentile_disc({share!r}) WITHIN GROUP (ORDER BY {column})"
                for share in (settings.high_percentile, settings.low_percentile)
            )
            query = f"SELECT {high} AS high, {low} AS low FROM {self.tables(day).facts} WHERE orders_count > 0"
            self._memory.spend[key] = _pair(self.engine.rows(Sql(query)))
        return self._memory.spend[key]

    def compiler(self, settings: ThresholdSettings, as_of: date | None = None) -> Compiler:
        """Return the compiler for these thresholds."""
        day = as_of or self._as_of
        return Compiler(
            dialect=self.engine.dialect,
            tables=self.tables(day),
            as_of=day,
            thresholds=self.thresholds(settings, day),
            members_of=self._members_of,
        )

    def _members_of(self, audience_id: str) -> Sql:
        audience = self._find_audience(audience_id)
        definition = self.definition_of(audience)
        return self.compiler(definition.thresholds, audience.as_of).members(definition)

    def _eligible_of(self, audience_id: str) -> Sql:
        audience = self._find_audience(audience_id)
        return self.contact_of(audience).eligible(self.definition_of(audience))

    def definition_of(self, audience: Audience) -> AudienceDefinition:
        """Return the definition of a stored audience; refuse one of other data."""
        if audience.dataset_id != self.dataset_id:
            raise Refused(
                f"Audience {audience.id} was made from dataset {audience.dataset_id!r}, but {self.dataset_id!r} is "
                "loaded now: find it again.",
                code="other_dataset",
                field="audience_id",
            )
        return AudienceDefinition.model_validate(audience.definition)

    def contact(
        self, settings: ThresholdSettings, channel: Channel, rules: ContactRules, as_of: date | None = None
    ) -> Contact:
        """Return how people are reached over a channel under these rules."""
        return Contact(
            compiler=self.compiler(settings, as_of),
            dataset=self.dataset,
            channel=channel,
            rules=rules,
            eligible_of=self._eligible_of,
        )

    def contact_of(self, audience: Audience) -> Contact:
        """Return how the people of a stored audience are reached."""
        definition = self.definition_of(audience)
        return self.contact(definition.thresholds, audience.channel, audience.rules, audience.as_of)

    # --- counting
    def total_customers(self) -> int:
        """Return how many customers there are, buyers without a customer record included."""
        return self._one(Sql(f"SELECT count(*) FROM {self.tables().facts}"))

    def count(self, definition: AudienceDefinition, thresholds: Thresholds | None = None) -> int:
        """Count the members of a checked definition, under other thresholds if given."""
        compiler = self.compiler(definition.thresholds)
        if thresholds is not None:
            compiler = Compiler(compiler.dialect, compiler.tables, compiler.as_of, thresholds, self._members_of)
        if definition.limit is not None:
            return self._one(Sql.fill("SELECT count(*) FROM ({}) members", compiler.members(definition)))
        where = compiler.where(definition)
        return self._one(Sql.fill(f"SELECT count(*) FROM {compiler.tables.facts} f WHERE {{}}", where))

    def ids_sha256(self, definition: AudienceDefinition) -> str:
        """Return the SHA-256 of the member ids, sorted by code point, joined by newlines."""
        members = self.compiler(definition.thresholds).members(definition)
        digest = hashlib.sha256()
        ids = self.engine.stream(Sql.fill("SELECT customer_id FROM ({}) members ORDER BY customer_id", members))
        for number, (customer_id,) in enumerate(ids):
            digest.update(f"{chr(10) if number else ''}{customer_id}".encode())
        return digest.hexdigest()

    def _one(self, query: Sql) -> int:
        return int(self.engine.rows(query)[0][0])

    # --- rows for the other capabilities
    def customer(self, customer_id: str) -> Mapping[str, Any] | None:
        """Return one customer with every field the data can give, or None."""
        names = sorted(self.columns())
        where = Sql("f.customer_id = ?", (customer_id,))
        return next(iter(self.select(names, where, self._as_of, ThresholdSettings())), None)

    def eligible_rows(self, audience: Audience, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Yield the eligible members, ordered by customer id."""
        definition = self.definition_of(audience)
        eligible = self.contact_of(audience).eligible(definition)
        where = Sql.fill("f.customer_id IN ({})", eligible)
        return self.select(columns, where, audience.as_of, definition.thresholds)

    def count_eligible(self, audience: Audience, condition: Mapping[str, Any]) -> int:
        """Count the eligible members for whom a further condition holds."""
        definition = self.definition_of(audience)
        asked = AudienceDefinition(all_of=(Condition.model_validate(dict(condition)),))
        checked = check(asked, self.vocabulary())
        compiler = self.compiler(definition.thresholds, audience.as_of)
        eligible = self.contact_of(audience).eligible(definition)
        return self._one(
            Sql.fill(
                f"SELECT count(*) FROM {compiler.tables.facts} f WHERE f.customer_id IN ({{}}) AND {{}}",
                eligible,
                compiler.where(checked),
            )
        )

    def people(self) -> Iterator[Mapping[str, Any]]:
        """Yield the identifying values of everybody, ordered by customer id."""
        return self.select(PEOPLE_COLUMNS, Sql("TRUE"), self._as_of, ThresholdSettings())

    def baseline(self, metric: str, window_days: int) -> tuple[float, str] | None:
        """Return the shop's own rate over the last ``window_days`` and where it comes from; None if unknown."""
        if self.dataset.orders is None or metric not in ("conversion_rate", "revenue_per_recipient"):
            return None
        tables = self.tables()
        facts, lines = tables.facts, tables.lines
        start, end = self._as_of - timedelta(days=window_days), self._as_of + timedelta(days=1)
        query = (
            f"SELECT count(DISTINCT customer_id), coalesce(sum(minor), 0), (SELECT count(*) FROM {facts}) FROM {lines} "
            f"WHERE NOT is_return AND ordered_at >= {day_literal(start)} AND ordered_at < {day_literal(end)}"
        )
        buyers, minor, everybody = self.engine.rows(Sql(query))[0]
        if not everybody:
            return None
        where = f"in the {window_days} days before {self._as_of.isoformat()} (all customers)"
        if metric == "conversion_rate":
            return float(buyers) / everybody, f"share of customers with an order {where}"
        return float(minor) / 100 / everybody, f"spend per customer {where}"

    def select(
        self, columns: Sequence[str], where: Sql, as_of: date, settings: ThresholdSettings
    ) -> Iterator[Mapping[str, Any]]:
        """Yield rows of the asked columns for those who satisfy a predicate over ``f``, ordered by customer id."""
        compiler = self.compiler(settings, as_of)
        names = list(dict.fromkeys(columns))
        chosen = Sql.join(", ", [self._column(compiler, name) for name in names])
        query = Sql.fill(f"SELECT {{}} FROM {compiler.tables.facts} f WHERE {{}} ORDER BY f.customer_id", chosen, where)
        for row in self.engine.stream(query):
            yield {name: _plain(name, value) for name, value in zip(names, row, strict=True)}

    def _column(self, compiler: Compiler, name: str) -> Sql:
        if name == "consent":
            parts = [f"CASE WHEN f.consent_{c} THEN '{c} ' ELSE '' END" for c in ("email", "sms", "push")]
            return Sql(f"nullif(trim(concat({', '.join(parts)})), '')")
        if name in CUSTOMER_COLUMNS or name in DERIVED_COLUMNS:
            return Sql(f"f.{name}")
        if name not in FIELDS:
            known = sorted({*CUSTOMER_COLUMNS, *DERIVED_COLUMNS, *COMPUTED_COLUMNS})
            raise Refused(f"There is no column {name!r}.", code="unknown_field", field="columns", allowed=known)
        return compiler.column(FIELDS[name])


def _pair(rows: list[tuple[Any, ...]]) -> tuple[int | None, int | None]:
    first, second = rows[0] if rows else (None, None)
    return (None if first is None else int(first), None if second is None else int(second))


def _plain(name: str, value: Any) -> Any:
    if name in ("total_spend", "avg_order_value") and value is not None:
        return int(value) / 100
    return value
