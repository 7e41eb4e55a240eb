"""Staged transaction rows into canonical order lines, each with the reason why it is not loaded, if there is one."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from app.domain.errors import UserFixable
from plugins.segmentation.mapping import ColumnMapping
from plugins.segmentation.values import flag_sql, identifier_sql, text_sql

LINES = "typed_lines"
_CANCELLED = "regexp_full_match(order_id, '[cC][0-9]+.*')"


@dataclass(frozen=True)
class LoadedLines:
    """What stands in the table ``typed_lines`` after typing one file."""

    columns: tuple[str, ...]
    currency: str | None
    identical_lines: int


def type_lines(connection: duckdb.DuckDBPyConnection, staged: str, mapping: ColumnMapping, tag: str) -> LoadedLines:
    """Make ``typed_lines`` (row, reason, canonical columns, country, source) from the staged rows of one file."""
    columns = _columns(mapping)
    chosen = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    connection.execute(
        f"CREATE OR REPLACE TABLE {LINES} AS SELECT row, {_reason(mapping)} AS reason, {chosen}, '{tag}' AS source "
        f"FROM (SELECT *, {_raw(mapping)} FROM {staged}) raw"
    )
    if mapping.get("order_id") is None:
        _number_orders(connection)
    _mark_returns(connection, mapping)
    currency = _settle_currency(connection, mapping)
    identical = _mark_duplicates(connection, mapping)
    return LoadedLines(tuple(columns), currency, identical)


def _raw(mapping: ColumnMapping) -> str:
    """Return the texts that a reason may have to look at again."""
    names = {m.field: f"c{m.position}" for m in mapping.columns}
    amount = names.get("amount") or names.get("unit_price")
    return f"{text_sql(names['ordered_at'])} AS date_text, " + (
        f"{text_sql(amount)} AS amount_text" if amount else "'' AS amount_text"
    )


def _columns(mapping: ColumnMapping) -> dict[str, str]:
    """Return the canonical columns this file gives, as expressions over the staged columns."""
    given = {m.field: (f"c{m.position}", m.format) for m in mapping.columns}
    columns = {"customer_id": identifier_sql(given["customer_id"][0]), "order_id": "CAST(NULL AS VARCHAR)"}
    if "order_id" in given:
        columns["order_id"] = identifier_sql(given["order_id"][0])
    date_format = given["ordered_at"][1]
    columns["ordered_at"] = date_format.date_sql("date_text") if date_format else "CAST(NULL AS TIMESTAMP)"
    amount = _amount(mapping)
    if amount:
        columns["amount"] = amount
    quantity = mapping.get("quantity")
    if quantity and quantity.format:
        columns["quantity"] = f"try_cast(round({quantity.format.number_sql(_text(quantity.position))}) AS BIGINT)"
    for name in ("category", "product", "currency", "country"):
        column = mapping.get(name)
        if column:
            columns[name] = text_sql(f"c{column.position}")
    if "currency" in columns:
        columns["currency"] = f"upper({columns['currency']})"
    returned = mapping.get("is_return")
    columns["is_return"] = f"coalesce({flag_sql(f'c{returned.position}')}, FALSE)" if returned else "FALSE"
    return columns


def _text(position: int) -> str:
    return text_sql(f"c{position}")


def _amount(mapping: ColumnMapping) -> str | None:
    total, price, quantity = (mapping.get(name) for name in ("amount", "unit_price", "quantity"))
    if total and total.format:
        read = total.format.number_sql(_text(total.position))
    elif price and price.format and quantity and quantity.format:
        read = (
            f"{price.format.number_sql(_text(price.position))} * {quantity.format.number_sql(_text(quantity.position))}"
        )
    elif price and price.format:
        read = price.format.number_sql(_text(price.position))
    else:
        return None
    return f"try_cast(round({read}, 2) AS DECIMAL(18,2))"


def _reason(mapping: ColumnMapping) -> str:
    columns = _columns(mapping)
    amount = (
        f"WHEN amount_text IS NULL THEN 'no_amount' WHEN {columns['amount']} IS NULL THEN 'unreadable_amount'"
        if "amount" in columns
        else ""
    )
    return (
        f"CASE WHEN shape IS NOT NULL THEN 'wrong_shape' WHEN {columns['customer_id']} IS NULL THEN 'no_customer' "
        f"WHEN date_text IS NULL THEN 'no_date' WHEN {columns['ordered_at']} IS NULL THEN 'unreadable_date' "
        f"{amount} END"
    )


def _number_orders(connection: duckdb.DuckDBPyConnection) -> None:
    """Give each row an order id of its contents and its place among equal rows, the same at every loading."""
    have = _have(connection)
    amount = "coalesce(CAST(amount AS VARCHAR), '')" if "amount" in have else "''"
    key = f"concat(customer_id, '|', CAST(ordered_at AS VARCHAR), '|', {amount})"
    connection.execute(
        f"CREATE OR REPLACE TABLE {LINES} AS SELECT * REPLACE (CASE WHEN reason IS NULL THEN concat('row-', "
        f"substr(sha256({key}), 1, 12), '-', row_number() OVER (PARTITION BY reason, {key} ORDER BY row)) END "
        f"AS order_id) FROM {LINES}"
    )


def _mark_returns(connection: duckdb.DuckDBPyConnection, mapping: ColumnMapping) -> None:
    """Returns are negative lines, or cancellations: ids of C and digits where the other ids are digits."""
    have = _have(connection)
    signs = [f"{name} < 0" for name in ("amount", "quantity") if name in have]
    if mapping.get("order_id"):
        row = connection.execute(
            f"SELECT count(*) FILTER ({_CANCELLED}), count(*) FILTER (regexp_full_match(order_id, '[0-9].*')) "
            f"FROM {LINES} WHERE reason IS NULL"
        ).fetchall()[0]
        if row[0] and row[1] > row[0]:
            signs.append(_CANCELLED)
    if signs:
        connection.execute(f"UPDATE {LINES} SET is_return = TRUE WHERE {' OR '.join(signs)}")
    if "amount" in have:
        connection.execute(f"UPDATE {LINES} SET amount = -amount WHERE is_return AND amount > 0")


def _settle_currency(connection: duckdb.DuckDBPyConnection, mapping: ColumnMapping) -> str | None:
    """Keep the currency of most rows; the others are set aside, because they cannot be added to it."""
    if mapping.get("currency") is None:
        return _named_currency(mapping)
    rows = connection.execute(
        f"SELECT currency, count(*) AS n FROM {LINES} WHERE reason IS NULL AND currency IS NOT NULL "
        "GROUP BY currency ORDER BY n DESC, currency"
    ).fetchall()
    if not rows:
        return None
    connection.execute(
        f"UPDATE {LINES} SET reason = 'other_currency' WHERE reason IS NULL AND currency <> ?", [rows[0][0]]
    )
    return str(rows[0][0])


def _named_currency(mapping: ColumnMapping) -> str | None:
    column = mapping.get("amount") or mapping.get("unit_price")
    if column is None:
        return None
    ends = column.column.lower().replace("-", "_").split("_")[-1]
    if ends in ("gbp", "usd", "eur", "chf", "sek", "cad", "aud"):
        return ends.upper()
    if column.column.lower().startswith("dollar"):
        return "USD"
    return column.format.symbol if column.format else None


def _mark_duplicates(connection: duckdb.DuckDBPyConnection, mapping: ColumnMapping) -> int:
    """Drop repeated rows where a row is an order; keep and count repeated lines where orders have lines."""
    have = [c for c in _have(connection) if c not in ("row", "reason", "source")]
    listed = ", ".join(have)
    distinct, orders, rows = connection.execute(
        f"SELECT (SELECT count(*) FROM (SELECT DISTINCT {listed} FROM {LINES} WHERE reason IS NULL) d), "
        f"count(DISTINCT concat(customer_id, '|', order_id)), count(*) FROM {LINES} WHERE reason IS NULL"
    ).fetchall()[0]
    if mapping.get("order_id") is None or distinct == rows:
        return 0
    if distinct > orders:
        return int(rows - distinct)
    connection.execute(
        f"UPDATE {LINES} SET reason = 'duplicate_row' WHERE row IN (SELECT row FROM (SELECT row, row_number() OVER "
        f"(PARTITION BY {listed} ORDER BY row) AS place FROM {LINES} WHERE reason IS NULL) ranked WHERE place > 1)"
    )
    return 0


def _have(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"DESCRIBE {LINES}").fetchall()]


def mark_loaded_before(connection: duckdb.DuckDBPyConnection) -> int:
    """Set aside lines of orders that another file brought (same id, customer and day); return how many orders.

    Reads the tables ``orders`` and ``unattributed`` (orders without a customer: order_id, day), which also count.
    """
    key = "concat(coalesce(customer_id, ''), '|', order_id, '|', CAST(CAST(ordered_at AS DATE) AS VARCHAR))"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE known_orders AS SELECT {key} AS key FROM orders UNION "
        "SELECT concat('|', order_id, '|', CAST(day AS VARCHAR)) FROM unattributed"
    )
    overlap = connection.execute(
        f"SELECT count(DISTINCT order_id) FROM {LINES} WHERE {key} IN (SELECT key FROM known_orders)"
    ).fetchall()[0][0]
    connection.execute(
        f"UPDATE {LINES} SET reason = 'already_loaded' WHERE reason IS NULL AND {key} IN (SELECT key FROM known_orders)"
    )
    return int(overlap)


def refuse_unreadable(
    connection: duckdb.DuckDBPyConnection, file: str, counts: dict[str, int], rows: int, limit: float = 0.2
) -> None:
    """Raise ``UserFixable`` with row numbers when so much cannot be read that the mapping must be wrong."""
    unreadable = {r: counts.get(r, 0) for r in ("wrong_shape", "unreadable_date", "unreadable_amount")}
    loaded = rows - sum(counts.values())
    if rows and loaded and sum(unreadable.values()) <= limit * rows:
        return
    if rows and loaded == 0 and set(counts) <= {"already_loaded", "duplicate_row", "no_customer"}:
        return
    examples = connection.execute(
        f"SELECT row, reason FROM {LINES} WHERE reason IS NOT NULL ORDER BY row LIMIT 5"
    ).fetchall()
    listed = ", ".join(f"row {row}: {str(reason).replace('_', ' ')}" for row, reason in examples)
    raise UserFixable(
        f"{file}: {sum(counts.values()):,} of {rows:,} rows cannot be loaded ({listed}). Nothing was loaded.",
        hint="Check the column mapping, or set it with --map column=field.",
    )
