"""Unusual but legal inputs are read; what cannot be meant is refused by name."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import UserFixable
from plugins.experiment.commands import readout_file, readout_json


def rows(arms: tuple[str, str] = ("control", "A"), *, separator: str = ",", mark: str = ".") -> str:
    """Return 200 people; every third bought, for between 0 and 15 with two decimals."""
    lines = [separator.join(("arm", "bought", "spend"))]
    for i in range(200):
        spend = f"{(i * 7 % 13) * 1.25 if i % 3 == 0 else 0:.2f}".replace(".", mark)
        lines.append(separator.join((arms[i % 2], str(int(i % 3 == 0)), spend)))
    return "\n".join(lines) + "\n"


def read(path: Path, control: str = "control") -> dict[str, Any]:
    body = readout_file(path, arm="arm", control=control, outcomes=["bought", "spend"])
    json.dumps(body, allow_nan=False)
    return body


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("mark.csv", b"\xef\xbb\xbf" + rows().encode()),
        ("semicolons.csv", rows(separator=";", mark=",").encode()),
        ("tabs.tsv", rows(separator="\t").encode()),
        ("lines.csv", rows().replace("\n", "\r\n").encode()),
        ("packed.csv.gz", gzip.compress(rows(separator=";", mark=",").encode())),
        ("windows.csv", rows(("control", "Grün")).encode("cp1252")),
        ("wide.csv", rows().encode("utf-16")),
        ("currency.csv", rows(separator=";").replace(";0.00", ";€ 0.00").encode()),
    ],
)
def test_the_same_people_are_read_however_the_file_is_written(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "plain.csv").write_text(rows())
    found, plain = read(tmp_path / name), read(tmp_path / "plain.csv")
    for mine, expected in zip(found["comparisons"], plain["comparisons"], strict=True):
        assert (mine["kind"], mine["difference"], mine["p"]) == (
            expected["kind"], expected["difference"], expected["p"],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("arms", "control"),
    [
        (("No E-Mail", "Ünï çødé 日本"), "no e-mail"),
        (("0", "1"), "0"),
        (("1.0", "2.0"), "1"),
        (("True", "False"), "false"),
        (("01", "02"), "01"),
        (("2026-01-01", "2026-01-02"), "2026-01-01"),
        (("a b", "control "), "control"),
    ],
)
def test_arms_may_be_called_anything(tmp_path: Path, arms: tuple[str, str], control: str) -> None:
    (tmp_path / "x.csv").write_text(rows(arms))
    assert [arm["n"] for arm in read(tmp_path / "x.csv", control)["arms"]] == [100, 100]


def test_thousands_are_read_and_an_ambiguous_comma_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("arm;bought;spend\n" + "control;1;1.234,50\nA;0;3,25\nA;1;9\n" * 20)
    assert read(path)["comparisons"][1]["control_value"] == 1234.5
    path.write_text("arm,bought,spend\n" + 'control,1,"1,234"\nA,0,"3,250"\n' * 20)
    with pytest.raises(UserFixable, match="two ways"):
        read(path)


def test_an_odd_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(rows() + "A,1,2,3\n")
    with pytest.raises(UserFixable, match="202"):
        read(tmp_path / "x.csv")


@pytest.mark.parametrize("value", ["1e50", "1e90", "2e300"])
def test_huge_amounts_give_figures_or_a_reason(tmp_path: Path, value: str) -> None:
    (tmp_path / "x.csv").write_text("arm,bought,spend\n" + f"control,1,{value}\nA,0,5\nA,1,{value}\nA,0,0\n" * 20)
    try:
        assert read(tmp_path / "x.csv")["comparisons"][1]["p"] is not None
    except UserFixable as refused:
        assert "too large" in str(refused)


def test_a_planned_arm_without_people_and_an_unknown_guardrail_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(rows())
    columns: dict[str, Any] = {"arm": "arm", "control": "control", "outcomes": ["bought"]}
    with pytest.raises(UserFixable, match="nobody"):
        readout_file(tmp_path / "x.csv", **columns, planned="control=1,A=1,B=1")
    with pytest.raises(UserFixable, match="no outcome 'unsubscribed'"):
        readout_file(tmp_path / "x.csv", **columns, guardrails=["unsubscribed=0.01"])


TWO = [{"name": "c", "n": 100, "sum": 500, "sum2": 9000}, {"name": "v", "n": 90, "sum": 600, "sum2": 9000}]


@pytest.mark.parametrize(
    "given",
    [
        '{"arms": [{"name": "a", "n": 10, "sum": NaN, "sum2": 3}, {"name": "b", "n": 10, "sum": 2, "sum2": 3}]}',
        '{"arms": [{"name": "a", "n": 10, "sum": 1e400, "sum2": 3}, {"name": "b", "n": 10, "sum": 2, "sum2": 3}]}',
        {"arms": [{"name": "c", "n": 10, "rate": "x"}, {"name": "v", "n": 10, "rate": 0.1}]},
        {"arms": [{"name": "c", "n": 10, "mean": 5, "sd": -2}, {"name": "v", "n": 10, "mean": 5, "sd": 2}]},
        {"arms": [{"name": "c", "n": 2, "values": [1, 2, 3.5]}, {"name": "v", "values": [1, 2]}]},
        {"arms": [{"name": "c", "values": [1, None, 3.5]}, {"name": "v", "values": [1, 2]}]},
        {"arms": [{"name": "c", "values": [1e200, 3.5]}, {"name": "v", "values": [1, 2]}]},
        {"arms": TWO, "alpha": "x"},
        {"arms": TWO, "looks": "soon"},
        {"arms": TWO, "planned": [1]},
        {"arms": TWO, "guardrails": {"revenue": "x"}},
        {"arms": [arm | {"covariate": {"sum": 400, "sum2": 8000, "sum_xy": 7e6}} for arm in TWO]},
    ],
)
def test_counts_that_cannot_be_meant_are_refused(given: Any) -> None:
    with pytest.raises(UserFixable):
        readout_json(given if isinstance(given, str) else json.dumps(given))


def test_shares_in_per_cent_are_shares() -> None:
    body = readout_json(json.dumps({"arms": TWO, "planned": {"c": "52.6 %", "v": "47.4%"}}))
    assert body["srm"]["p"] > 0.9 and not body["srm"]["assumed_equal"]


def test_a_billion_people_of_whom_few_bought_take_no_room() -> None:
    arms = [{"name": "c", "n": 10**9, "values": [1, 2]}, {"name": "v", "n": 10**8, "values": [4, 1.5]}]
    row = readout_json(json.dumps({"arms": arms}))["comparisons"][0]
    assert row["p"] is not None and row["n_control"] == 10**9


def test_equal_values_have_no_test_however_they_round() -> None:
    arms = [{"name": name, "n": 10, "sum": v * 10, "sum2": v * v * 10} for name, v in (("c", 0.1), ("v", 0.2))]
    row = readout_json(json.dumps({"arms": arms}))["comparisons"][0]
    assert row["p"] is None and row["badges"] == ["no variation"]
    empty = readout_json(json.dumps({"arms": [{"name": n, "n": 0, "events": 0} for n in "cv"]}))
    assert empty["decision"]["winner"] is None and empty["comparisons"][0]["p"] is None


@pytest.mark.parametrize(("separator", "encoding"), [(";", "cp1252"), ("\t", "utf-16"), ("|", "utf-8"), (",", "utf-8")])
def test_a_column_may_have_commas_and_blanks_in_its_name_and_what_was_read_is_said(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    names = ("arm", "Bought, at all", "Spend (€, net)", "Straße, Ort")
    lines = [separator.join(f'"{name}"' for name in names)]
    lines += [
        separator.join(("AB"[i % 2], str(i % 3 // 2), f'"{i % 7},5"', f'"{("Ulm", "Köln")[i % 5 // 3]}"'))
        for i in range(200)
    ]
    path = tmp_path / "x.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    body = readout_file(
        path, arm="arm", control="A", outcomes=["Bought, at all,Spend (€, net)"], by=["Straße, Ort"],
        kinds=["Spend (€, net)=money"], primary="Spend (€, net)",
    )  # fmt: skip
    assert {row["outcome"]: row["kind"] for row in body["comparisons"]} == {
        "Bought, at all": "binary", "Spend (€, net)": "money",
    }  # fmt: skip
    assert {row["level"] for row in body["breakdowns"][0]["levels"]} == {"Ulm", "Köln"}
    said = [caveat for caveat in body["caveats"] if caveat.startswith("Read as")]
    assert len(said) == (separator != ",") and all(encoding in caveat for caveat in said)


def test_names_without_commas_may_still_be_listed_with_them(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(rows())
    body = readout_file(tmp_path / "x.csv", arm="arm", control="control", outcomes=["bought, spend"])
    assert [row["outcome"] for row in body["comparisons"]] == ["bought", "spend"]
