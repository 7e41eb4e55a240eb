"""Staged customer rows into canonical customers; odd values are left out and counted, the row is kept."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from plugins.segmentation.countries import COUNTRY_CODES
from plugins.segmentation.mapping import ColumnMapping
from plugins.segmentation.values import flag_sql, identifier_sql, text_sql

CUSTOMERS = "typed_customers"
FLAGS = ("consent_email", "consent_sms", "consent_push", "suppressed")
COUNTS = ("opens_90d", "clicks_90d", "sends_90d", "sends_7d", "given_last_purchase_days", "given_orders_count")


@dataclass(frozen=True)
class LoadedCustomers:
    """What stands in the table ``typed_customers`` after typing one file."""

    columns: tuple[str, ...]
    warnings: tuple[str, ...]


def register_countries(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``country_names`` (spelling, code)."""
    connection.execute(
        "CREATE OR REPLACE TABLE country_names AS SELECT unnest(?) AS spelling, unnest(?) AS code",
        [list(COUNTRY_CODES), list(COUNTRY_CODES.values())],
    )


def code_countries(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Write known countries of a table as ISO codes; unknown spellings stay as they are."""
    connection.execute(
        f"UPDATE {table} SET country = n.code FROM country_names n WHERE lower(trim({table}.country)) = n.spelling"
    )


def type_customers(connection: duckdb.DuckDBPyConnection, staged: str, mapping: ColumnMapping) -> LoadedCustomers:
    """Make ``typed_customers`` (row, reason, canonical columns) from the staged rows of one file."""
    columns = {m.field: _expression(m.field, mapping) for m in mapping.columns}
    warnings: list[str] = []
    if "customer_id" not in columns:
        columns["customer_id"] = "concat('row-', lpad(CAST(row AS VARCHAR), 8, '0'))"
        warnings.append("no column holds a customer id: the row number is used")
    chosen = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    connection.execute(
        f"CREATE OR REPLACE TABLE {CUSTOMERS} AS SELECT *, CASE WHEN shape IS NOT NULL THEN 'wrong_shape' "
        f"WHEN customer_id IS NULL THEN 'no_customer' WHEN row_number() OVER (PARTITION BY customer_id ORDER BY row) "
        f"> 1 THEN 'duplicate_customer' END AS reason FROM (SELECT row, shape, {chosen} FROM {staged}) typed"
    )
    warnings += _unread(connection, staged, mapping)
    if "country" in columns:
        code_countries(connection, CUSTOMERS)
    return LoadedCustomers(tuple(columns), tuple(warnings))


def _expression(field: str, mapping: ColumnMapping) -> str:
    column = mapping.get(field)
    if column is None:
        raise KeyError(field)
    raw, text = f"c{column.position}", text_sql(f"c{column.position}")
    if field == "customer_id":
        return identifier_sql(raw)
    if field in FLAGS:
        return flag_sql(raw)
    if field in ("birth_date", "signup_date", "last_open_at", "given_last_purchase_date"):
        read = column.format.date_sql(text) if column.format else "NULL"
        return f"CAST({read} AS {'TIMESTAMP' if field == 'last_open_at' else 'DATE'})"
    if field == "given_total_spend":
        return f"try_cast(round({column.format.number_sql(text)}, 2) AS DECIMAL(18,2))" if column.format else "NULL"
    if field in COUNTS:
        return f"try_cast(round({column.format.number_sql(text)}) AS BIGINT)" if column.format else "NULL"
    if field == "gender":
        return _gender(text)
    if field in ("loyalty_tier", "language"):
        return f"lower({text})"
    if field == "preferred_channel":
        return f"replace(lower({text}), 'e-mail', 'email')"
    return text


def _gender(text: str) -> str:
    lowered = f"lower({text})"
    return (
        f"CASE WHEN {lowered} IN ('f', 'female', 'woman', 'w', 'weiblich') THEN 'female' "
        f"WHEN {lowered} IN ('m', 'male', 'man', 'maennlich', 'männlich') THEN 'male' "
        f"WHEN {lowered} IS NOT NULL THEN 'other' END"
    )


def _unread(connection: duckdb.DuckDBPyConnection, staged: str, mapping: ColumnMapping) -> list[str]:
    """Say which values could not be read, with the first row numbers."""
    said: list[str] = []
    for m in mapping.columns:
        if m.field in ("customer_id", "country") or (m.format is None and m.field not in FLAGS):
            continue
        rows = connection.execute(
            f"SELECT count(*), list(s.row ORDER BY s.row)[1:5] FROM {staged} s JOIN {CUSTOMERS} t ON t.row = s.row "
            f"WHERE t.{m.field} IS NULL AND {text_sql(f's.c{m.position}')} IS NOT NULL"
        ).fetchall()[0]
        if rows[0]:
            said.append(
                f"{m.column}: {rows[0]:,} values cannot be read as {m.field} and were left out "
                f"(rows {', '.join(str(r) for r in rows[1])})"
            )
    return said
