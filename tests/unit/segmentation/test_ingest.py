"""Files as they come: every row is loaded or has a reason, and the same files again change nothing."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import UserFixable
from plugins.segmentation.dataset import open_dataset, replacing
from plugins.segmentation.ingest import ingest, propose_mapping
from plugins.segmentation.ingest_report import IngestReport

NOW = datetime(2026, 6, 15, tzinfo=UTC)
HEADER = "order_id,customer_id,order_date,amount"


def load(
    tmp_path: Path, text: str | bytes, *, name: str = "orders.csv", into: str = "shop", **options: Any
) -> IngestReport:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = ingest(options.pop("kind", "transactions"), file, tmp_path / into, now=NOW, **options)
    assert report.rows_read == report.loaded + sum(report.reasons.values())
    return report


def lines(tmp_path: Path, into: str = "shop") -> list[dict[str, Any]]:
    return pq.read_table(tmp_path / into / "orders.parquet").to_pylist()


def amounts(tmp_path: Path) -> list[str]:
    return sorted(str(line["amount"]) for line in lines(tmp_path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["order_id", "customer_id", "order_date", "amount", "product"]]
    rows += [[str(n), f"c{n % 5}", "2026-01-02", "12.50", "Käthe's crème brûlée"] for n in range(40)]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    load(tmp_path, text.encode(encoding))
    assert {line["product"] for line in lines(tmp_path)} == {"Käthe's crème brûlée"}


def test_gzip_and_quotes_and_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv.gz").write_bytes(
        gzip.compress(f'{HEADER},note\n1,a,2026-01-01,5,"two\nlines, and ""more"""\n'.encode())
    )
    (folder / "b.tsv").write_text(HEADER.replace(",", "\t") + "\n2\tb\t2026-01-02\t6\n", encoding="utf-8")
    report = ingest("transactions", folder, tmp_path / "shop", now=NOW)
    assert (report.loaded, report.orders) == (2, 2)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["2026-01-31", "2026-02-01"], date(2026, 1, 31)),
        (["2026-01-31T10:00:00Z", "2026-02-01T10:00:00Z"], date(2026, 1, 31)),
        (["2026-01-31T23:30:00-02:00", "2026-02-02T00:00:00Z"], date(2026, 2, 1)),
        (["31/01/2026", "01/02/2026"], date(2026, 1, 31)),
        (["01/31/2026", "02/01/2026"], date(2026, 1, 31)),
        (["31.01.2026 14:05", "01.02.2026 08:00"], date(2026, 1, 31)),
        (["1/31/26 8:05", "2/1/26 9:00"], date(2026, 1, 31)),
        (["20260131", "20260201"], date(2026, 1, 31)),
        (["31-Jan-2026", "01-Feb-2026"], date(2026, 1, 31)),
        (["1769860800", "1769947200"], date(2026, 1, 31)),
        (["1769860800000", "1769947200000"], date(2026, 1, 31)),
    ],
)
def test_dates_are_read_as_the_column_writes_them(tmp_path: Path, written: list[str], read: date) -> None:
    load(tmp_path, "\n".join([HEADER, *(f"{n},c{n},{day},5" for n, day in enumerate(written))]))
    assert min(line["ordered_at"] for line in lines(tmp_path)).date() == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["12.50", "1,234.56"], ["12.50", "1234.56"]),
        (["12,50", "1.234,56"], ["12.50", "1234.56"]),
        (["£12.50", "£3"], ["12.50", "3.00"]),
        (["12,50 €", "7,00 €"], ["12.50", "7.00"]),
        (["USD 12.50", "USD 1"], ["1.00", "12.50"]),
        (["1e2", "5.5"], ["100.00", "5.50"]),
    ],
)
def test_numbers_and_decimal_commas(tmp_path: Path, written: list[str], read: list[str]) -> None:
    rows = [f'{n};c{n};2026-01-0{n + 1};"{value}"' for n, value in enumerate(written)]
    load(tmp_path, "\n".join([HEADER.replace(",", ";"), *rows]))
    assert sorted(amounts(tmp_path)) == sorted(read)


def test_returns_are_negative_lines_or_cancellations(tmp_path: Path) -> None:
    load(
        tmp_path,
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
        "536365,71053,LANTERN,1,2010-12-01 08:26:00,3.39,17850.0,United Kingdom\n"
        "C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,EIRE\n"
        "536400,X,THING,2,2010-12-02 09:41:00,4.00,14527.0,Channel Islands\n",
    )
    found = {(line["order_id"], line["customer_id"], line["amount"], line["is_return"]) for line in lines(tmp_path)}
    assert ("536365", "17850", Decimal("15.30"), False) in found
    assert ("C536379", "14527", Decimal("-27.50"), True) in found
    countries = {
        row["customer_id"]: row["country"] for row in pq.read_table(tmp_path / "shop/customers.parquet").to_pylist()
    }
    assert countries == {"17850": "GB", "14527": "Channel Islands"}


def test_rows_that_cannot_be_loaded_are_kept_with_number_and_reason(tmp_path: Path) -> None:
    good = [f"{n},c{n},2026-01-05,10" for n in range(40)]
    bad = ["40,,2026-01-05,10", "41,c1,tomorrow,10", "42,c1,2026-01-05,ten", "43,c1", "44,c1,,10", "45,c1,2026-01-05,"]
    report = load(tmp_path, "\n".join([HEADER, *good, *bad]))
    assert report.reasons == {
        "wrong_shape": 1, "no_customer": 1, "unreadable_date": 1, "unreadable_amount": 1, "no_date": 1, "no_amount": 1,
    }  # fmt: skip
    rejected = tmp_path / "shop" / str(report.files[0].rejected_file)
    rows = list(csv.DictReader(rejected.read_text(encoding="utf-8").splitlines()))
    assert [(row["row"], row["reason"]) for row in rows] == [
        ("41", "no_customer"), ("42", "unreadable_date"), ("43", "unreadable_amount"), ("44", "wrong_shape"),
        ("45", "no_date"), ("46", "no_amount"),
    ]  # fmt: skip
    assert rows[1]["order_date"] == "tomorrow"


def test_a_file_that_is_mostly_unreadable_loads_nothing(tmp_path: Path) -> None:
    rows = [f"{n},c{n},{'2026-01-05' if n % 2 else 'soon'},10" for n in range(40)]
    with pytest.raises(UserFixable, match="row"):
        load(tmp_path, "\n".join([HEADER, *rows]), mapping={"order_date": "ordered_at"})
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n", "no rows"),
        (b"name\nx\ny\n", "one column"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\x1f\x8bnot gzip at all", "unpacked"),
        (b"a,b\n1,x\n2,y\n", "no column for"),
    ],
)
def test_what_is_no_table_is_refused_plainly(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(UserFixable, match=says):
        load(tmp_path, content)


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    text = "\n".join([HEADER, *(f"{n},c{n % 3},2026-01-0{n % 9 + 1},{n}.50" for n in range(20))])
    load(tmp_path, text)
    before = lines(tmp_path)
    again = load(tmp_path, text)
    assert again.unchanged and again.loaded == 0
    load(tmp_path, text + "\n99,c9,2026-02-01,1", name="more.csv")
    assert len(lines(tmp_path)) == len(before) + 1


def test_files_without_order_ids_are_idempotent_too(tmp_path: Path) -> None:
    text = " 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n" + 2 * " 00002 19970112  5   77.00\n"
    first = load(tmp_path, text, name="cdnow.txt")
    assert (first.loaded, first.orders) == (4, 4)
    assert load(tmp_path, text + " 00003 19970201  1   5.00\n", name="longer.txt").loaded == 1


def test_overlapping_files_are_counted_even_without_customers(tmp_path: Path) -> None:
    load(tmp_path, f"{HEADER}\n1,a,2026-01-01,5\n2,b,2026-01-02,6\n3,,2026-01-02,7\n", name="one.csv")
    report = load(tmp_path, f"{HEADER}\n2,b,2026-01-02,6\n3,,2026-01-02,7\n4,c,2026-01-03,8\n", name="two.csv")
    assert report.files[0].overlap_orders == 2
    assert report.reasons == {"already_loaded": 1, "no_customer": 1}


def test_repeated_rows_are_dropped_where_a_row_is_an_order_and_kept_where_it_is_a_line(tmp_path: Path) -> None:
    orders = load(tmp_path, f"{HEADER}\n1,a,2026-01-01,5\n1,a,2026-01-01,5\n2,a,2026-01-02,6\n", into="orders")
    assert orders.reasons == {"duplicate_row": 1}
    text = f"{HEADER},product\n1,a,2026-01-01,5,x\n1,a,2026-01-01,5,x\n1,a,2026-01-01,6,y\n"
    items = load(tmp_path, text, name="items.csv", into="items")
    assert (items.loaded, items.files[0].identical_lines) == (3, 1)


def test_another_currency_is_not_added_up(tmp_path: Path) -> None:
    rows = [f"{n},c{n},2026-01-05,10,{'EUR' if n else 'USD'}" for n in range(10)]
    report = load(tmp_path, "\n".join([HEADER + ",currency", *rows]))
    assert report.reasons == {"other_currency": 1}
    assert report.currency == "EUR"
    with pytest.raises(UserFixable, match="USD"):
        load(tmp_path, f"{HEADER},currency\n77,c1,2026-01-05,10,USD\n", name="usd.csv")


def test_a_corrected_mapping_replaces_what_the_file_brought(tmp_path: Path) -> None:
    text = f"{HEADER},paid\n1,a,2026-01-01,5,7\n2,b,2026-01-02,6,8\n"
    load(tmp_path, text)
    load(tmp_path, text, mapping={"paid": "amount"})
    assert amounts(tmp_path) == ["7.00", "8.00"]


def test_customers_keep_the_row_when_a_value_is_odd(tmp_path: Path) -> None:
    text = (
        "id,email,country,birth_date,email_opt_in,gender\n"
        "1,a@example.com,Germany,1980-02-30,yes,F\n2,b@example.com,UK,1990-01-01,no,male\n"
        "2,c@example.com,FR,1990-01-01,no,male\n,d@example.com,FR,1990-01-01,no,x\n3,e@example.com,US,1970-05-05,maybe,\n"
        + "".join(f"{n},p{n}@example.com,US,1970-05-05,yes,f\n" for n in range(4, 30))
    )
    report = load(tmp_path, text, name="people.csv", kind="customers")
    assert report.reasons == {"duplicate_customer": 1, "no_customer": 1}
    assert any("birth_date" in warning and "rows 1" in warning for warning in report.files[0].warnings)
    people = {row["customer_id"]: row for row in pq.read_table(tmp_path / "shop/customers.parquet").to_pylist()}
    assert (people["1"]["country"], people["1"]["gender"], people["1"]["birth_date"]) == ("DE", "female", None)
    assert (people["2"]["consent_email"], people["3"]["consent_email"]) == (False, None)


def test_a_table_with_one_row_a_customer_needs_no_orders(tmp_path: Path) -> None:
    text = "recency,history,channel\n10,142.44,Phone\n6,329.08,Web\n1,20.00,Web\n"
    report = load(tmp_path, text, name="summary.csv", kind=None)
    assert report.kind == "customers"
    people = pq.read_table(tmp_path / "shop/customers.parquet").to_pylist()
    assert people[0]["given_last_purchase_days"] == 300
    assert any("months" in text for text in report.files[0].assumptions)


def test_the_date_of_the_last_order_can_stand_in_for_orders(tmp_path: Path) -> None:
    text = (
        "CustomerID;Last_Order_Date;Orders;Total_Spend\n1;31.01.2026;3;99,50\n2;01.03.2026;1;10,00\n3;15.02.2026;2;5,25"
    )
    report = load(tmp_path, text, name="summary.csv", kind=None)
    assert report.as_of == "2026-03-02"
    people = {row["customer_id"]: row for row in pq.read_table(tmp_path / "shop/customers.parquet").to_pylist()}
    assert people["1"]["given_last_purchase_date"] == date(2026, 1, 31)
    assert people["1"]["given_total_spend"] == Decimal("99.50")


def test_a_column_can_be_mapped_by_hand_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    text = "wann,wer,wieviel\n2026-01-01,a,5.50\n2026-01-02,b,6.25\n2026-01-03,a,7.10\n"
    load(tmp_path, text, mapping={"wer": "customer_id", "wann": "ordered_at", "wieviel": "amount"})
    assert len(lines(tmp_path)) == 3
    for mapping, says in (({"nope": "amount"}, "no column"), ({"wer": "nope"}, "no field")):
        with pytest.raises(UserFixable, match=says):
            propose_mapping(tmp_path / "orders.csv", "transactions", mapping)


def test_columns_are_found_by_their_contents(tmp_path: Path) -> None:
    rows = [f"{f'2026-03-{n % 28 + 1:02d}'},K{n % 7},{n}.25" for n in range(60)]
    file = tmp_path / "x.csv"
    file.write_text("\n".join(["spalte a,spalte b,spalte c", *rows]), encoding="utf-8")
    found = propose_mapping(file, "transactions")
    assert found.as_json() == {"spalte a": "ordered_at", "spalte c": "amount", "spalte b": "customer_id"}
    assert len(found.assumptions) == 3


def test_a_failure_leaves_the_old_dataset_untouched(tmp_path: Path) -> None:
    load(tmp_path, f"{HEADER}\n1,a,2026-01-01,5\n2,a,2026-01-03,5\n")
    before = lines(tmp_path)
    with pytest.raises(RuntimeError), replacing(tmp_path / "shop") as folder:
        (folder / "half").write_text("half", encoding="utf-8")
        raise RuntimeError("the disk is full")
    assert lines(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["shop"]


def test_an_interrupted_replacement_is_put_right(tmp_path: Path) -> None:
    load(tmp_path, f"{HEADER}\n1,a,2026-01-01,5\n2,a,2026-01-03,5\n")
    (tmp_path / "shop").rename(tmp_path / ".shop.old")
    assert open_dataset(tmp_path / "shop").manifest.order_lines == 2


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8)), max_size=12), st.data())
def test_whatever_a_row_holds_it_is_counted(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="", errors="replace") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER.split(","))
        writer.writerows([n, f"c{n}", "2026-01-05", "10.5"] for n in range(100))
        writer.writerows([f"x{n}", *row] for n, row in enumerate(rows))
    report = ingest("transactions", folder / "orders.csv", folder / "shop", now=NOW)
    assert report.rows_read == report.loaded + sum(report.reasons.values()) == 100 + len(rows)
