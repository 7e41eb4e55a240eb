"""A product catalogue (CSV) as approved content: every row becomes a ``product`` document, and nothing is added to it.

Taking the catalogue in is the act of a named person, and that is the approval recorded on each document. Only the
code, the name and the price are read as facts; sales figures, where there are any, only set the order.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from app.domain.content import ContentDocument
from app.domain.errors import UserFixable
from plugins.retrieval.documents import with_hash

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "sku", "stockcode", "stock_code", "product_id", "item_id", "id", "article", "asin"),
    "name": ("name", "product", "product_name", "title", "description", "item", "item_name", "desc"),
    "price": ("price", "price_gbp_median", "unit_price", "unitprice", "list_price", "price_usd", "price_eur", "amount"),
    "orders": ("orders", "orders_count", "units", "quantity", "sold", "popularity", "sales"),
    "category": ("category", "department", "product_category", "type"),
    "currency": ("currency", "currency_code"),
}
CURRENCY_IN_COLUMN = re.compile(r"(?:^|_)(usd|eur|gbp|cad|aud|chf)(?:_|$)", re.IGNORECASE)
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "CHF": "CHF "}
CODE_NOT_NAME = re.compile(r"^(?:\?+|test.*|postage|manual|adjust.*|discount|bank charges|samples?|damaged?.*)$", re.I)
MAX_COMPLAINTS = 20


@dataclass(frozen=True)
class Catalogue:
    """The documents made, the columns read, and every row that was left out with its reason and row number."""

    documents: tuple[ContentDocument, ...]
    columns: dict[str, str]
    currency: str
    left_out: tuple[str, ...]


def read_catalogue(
    path: Path,
    *,
    approved_by: str,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
) -> Catalogue:
    """Read ``path``; ``UserFixable`` when no name column can be found or ``mapping`` names a column that is not there.

    ``mapping`` maps our fields (code, name, price, orders, category, currency) to columns of the file. ``currency``
    (ISO 4217) is that of the shop, used where the file does not name one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252")
    reader = csv.DictReader(text.splitlines())
    columns = find_columns(reader.fieldnames or (), mapping or {})
    money = (_currency_of(columns.get("price", "")) or currency or "USD").upper()
    rows = list(enumerate(reader, 2))
    ranks = _ranks([row for _, row in rows], columns.get("orders"))
    documents: dict[str, ContentDocument] = {}
    left_out: list[str] = []
    for (number, row), rank in zip(rows, ranks, strict=True):
        made = _document(row, columns, money, rank, approved_by, now, path.name)
        if isinstance(made, str):
            left_out.append(f"row {number}: {made}")
        elif made.id in documents:
            left_out.append(f"row {number}: code is used by an earlier row")
        else:
            documents[made.id] = made
    if not documents:
        shown = "; ".join(left_out[:MAX_COMPLAINTS])
        raise UserFixable(f"No product could be read from {path.name}. {shown}")
    return Catalogue(tuple(documents.values()), columns, money, tuple(left_out))


def find_columns(header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Return which column holds which field; proposed from the header, overruled by ``mapping``."""
    unknown = [column for column in mapping.values() if column not in header]
    if unknown:
        raise UserFixable(f"There is no column {', '.join(unknown)}.", hint=f"Columns: {', '.join(header)}")
    plain = {re.sub(r"\W+", "_", column.strip().lower()): column for column in header}
    found = dict(mapping)
    for name, aliases in COLUMNS.items():
        spare = {key: column for key, column in plain.items() if column not in found.values()}
        column = next((spare[a] for a in aliases if a in spare), None)
        if column is None and name == "price":
            column = next((spare[key] for key in spare if "price" in key), None)
        if name not in found and column:
            found[name] = column
    if "name" not in found:
        raise UserFixable(
            "No column with product names was recognised.",
            hint=f"Say which it is: --map name=COLUMN. Columns: {', '.join(header)}",
        )
    return found


def _currency_of(column: str) -> str | None:
    found = CURRENCY_IN_COLUMN.search(column)
    return found[1] if found else None


def _ranks(rows: Sequence[Mapping[str, str]], column: str | None) -> list[int]:
    """Return 0..99 by popularity; all the same when the file has no sales figures."""
    if column is None:
        return [0] * len(rows)
    sold = [_number(row.get(column)) or Decimal(0) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: sold[i])
    ranks = [0] * len(rows)
    for position, index in enumerate(order):
        ranks[index] = position * 100 // max(1, len(rows))
    return ranks


def _document(
    row: Mapping[str, str], columns: Mapping[str, str], currency: str, rank: int, by: str, now: datetime, origin: str
) -> ContentDocument | str:
    name = clean_name(row.get(columns["name"]) or "")
    if not name or CODE_NOT_NAME.match(name):
        return "has no product name"
    code = (row.get(columns.get("code", "")) or name).strip()
    price = _number(row.get(columns.get("price", "")))
    if "price" in columns and (price is None or price <= 0):
        return f"price {row.get(columns['price'])!r} is not an amount"
    category = (row.get(columns.get("category", "")) or "").strip().lower()
    tags = (category,) if category else ()
    facts: dict[str, str | float] = {"name": name, "code": code}
    say: dict[str, tuple[str, ...]] = {"name": (name,)}
    body = f"{name} (item {code})."
    if price is None:
        say["list"] = (f"The {name} is in our catalogue",)
    else:
        amount = spoken_price(price, (row.get(columns.get("currency", "")) or currency).upper())
        body = f"{name} (item {code}): {amount}."
        facts["price"] = float(price)
        say |= {"list": (f"The {name} is {amount}",), "price": (f"{name}, {amount}", f"{name} at {amount}")}
    slug = re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-") or "item"
    return with_hash(
        ContentDocument(
            id=f"cat-{slug}"[:64], type="product", title=name, status="approved", body=body, approved_by=by,
            approved_at=now, tags=tags, priority=rank, facts=dict(facts), say=say, origin=origin,
        )
    )  # fmt: skip


def clean_name(raw: str) -> str:
    """Return a catalogue name as a reader would write it: single spaces, capitals only where they carry meaning."""
    name = re.sub(r"\s+", " ", raw).strip(" .,;")
    if name.isupper() and len(name) > 4:
        name = " ".join(w if any(c.isdigit() for c in w) else w.lower() for w in name.split())
        name = name[:1].upper() + name[1:]
    return re.sub(r"\s*,\s*", ", ", name)


def spoken_price(amount: Decimal, currency: str) -> str:
    """Return an amount of money as copy says it: ``$28``, ``£2.95``."""
    plain = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return f"{SYMBOLS.get(currency, currency + ' ')}{plain}"


def _number(raw: str | None) -> Decimal | None:
    try:
        value = Decimal((raw or "").strip().lstrip("$€£").replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
