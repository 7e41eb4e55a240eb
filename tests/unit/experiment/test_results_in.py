"""Results come back once, joined to whom they belong; what does not belong is listed."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.errors import UserFixable
from app.domain.experiment import Arm, Experiment, PowerAnswer
from plugins.experiment.finished import readout_of
from plugins.experiment.results_in import Context, facts_of, propose_mapping, read_outcomes

ARMS = {"C1": "A", "C2": "B", "C3": "control"}
CONTEXT = Context(
    ARMS, {"two@example.org": "C2"}, datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 15, 23, 59, tzinfo=UTC)
)


def test_a_senders_file_is_recognised_and_joined_by_address(tmp_path: Path) -> None:
    path = tmp_path / "mailchimp.csv"
    path.write_text("Email Address,Opens,Clicks\r\nTWO@example.org,3,1\r\nx@y.org,1,0\r\n", encoding="utf-8-sig")
    found = read_outcomes(path, CONTEXT, earlier={})
    assert found.mapping == {"Email Address": "address", "Opens": "opened", "Clicks": "clicked"}
    assert facts_of(found.rows["C2"]["events"]) == {"opened": 1.0, "clicked": 1.0}
    assert found.unmatched == 1 and found.unmatched_shown == ["row 3"]


def test_loading_a_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "customer_id,event,timestamp,amount\nC1,Placed Order,2026-05-03T10:00:00Z,20\n"
        "C1,Placed Order,2026-05-04,15.50\nC1,refund,2026-05-05,5.50\nC2,email opened,2026-05-03,\n"
    )
    first = read_outcomes(path, CONTEXT, earlier={})
    second = read_outcomes(path, CONTEXT, earlier=first.rows)
    assert (first.added, first.repeated) == (4, 0) and (second.added, second.repeated) == (0, 4)
    assert second.rows == first.rows
    assert facts_of(second.rows["C1"]["events"]) == {"converted": 1.0, "revenue": 30.0}


def test_late_and_early_events_are_listed_and_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("id,event,date\nC1,click,2026-06-30\nC1,click,2026-04-01\nC1,click,2026-05-02\n")
    found = read_outcomes(path, CONTEXT, earlier={})
    assert (found.late, found.early, found.added) == (1, 1, 1)
    assert found.outside_shown == ["row 2", "row 3"]


def test_rows_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b"id,event,date\nC1,danced,2026-05-02\nC1,click,yesterday\n"))
    found = read_outcomes(path, CONTEXT, earlier={})
    assert [p.split(":")[0] for p in found.problems] == ["row 2", "row 3"] and not found.added


def test_a_file_without_people_or_outcomes_is_refused_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("colour,opens\nred,1\n")
    with pytest.raises(UserFixable, match="names no person"):
        read_outcomes(path, CONTEXT, earlier={})
    found = read_outcomes(path, CONTEXT, mapping={"colour": "customer_id"}, earlier={})
    assert found.unmatched == 1


def test_a_stated_mapping_wins() -> None:
    assert propose_mapping(["id", "opens", "x"], {"x": "opened"}) == {"x": "opened", "id": "customer_id"}


def test_a_bounce_is_not_delivered() -> None:
    events = {
        "delivered": {"kind": "delivered", "amount": 1.0, "at": ""},
        "b": {"kind": "bounced", "amount": 0.0, "at": ""},
    }
    assert facts_of(events)["delivered"] == 0.0


def an_experiment() -> Experiment:
    answer = PowerAnswer(feasible=True, n=300, arms=2, n_per_arm=150, baseline=0.1, alpha=0.05, power=0.8, words="")
    return Experiment(
        id="exp-1", campaign_id="cmp-1", primary_metric="conversion_rate", duration_days=10, baseline=0.1,
        baseline_source="stated", eligible=300, power_answer=answer, salt="s",
        arms=(Arm(name="control", weight=0.5, is_control=True), Arm(name="A", variant_id="v", weight=0.5)),
    )  # fmt: skip


def test_everybody_assigned_is_analysed_and_an_early_look_says_so() -> None:
    arm_of = {f"C{i:03}": "A" if i % 2 else "control" for i in range(300)}
    events = {"converted": {"kind": "converted", "amount": 1.0, "at": ""}}
    outcomes = {i: {"events": events} for i, arm in arm_of.items() if arm == "A" and int(i[1:]) % 5 == 0}
    now = datetime(2026, 5, 6, tzinfo=UTC)
    early = readout_of(an_experiment(), arm_of, outcomes, now=now, started=date(2026, 5, 1))
    assert sum(arm["n"] for arm in early.body["arms"]) == 300
    assert early.body["sequential"] == {
        "looks": [0.5], "critical_value": pytest.approx(2.9626, abs=1e-3), "early": True,
    }  # fmt: skip
    late = readout_of(
        an_experiment(), arm_of, outcomes, now=datetime(2026, 5, 12, tzinfo=UTC), started=date(2026, 5, 1),
        earlier_looks=(0.5,),
    )  # fmt: skip
    assert late.body["sequential"]["looks"] == [0.5, 1.0] and late.body["sequential"]["early"] is False
    assert late.body["decision"]["winner"] == "A"
    assert readout_of(an_experiment(), arm_of, outcomes, now=now, started=date(2026, 5, 1)).id == early.id


COLUMNS = ("Customer ID", "Opened", "Revenue, net", "Város")
PEOPLE = (("C1", "1", "12,50", "Győr"), ("C2", "0", "1.003,25", "Pécs"), ("C3", "yes", "0", "Brno"))


def file_of(separator: str, encoding: str, *, packed: bool = False) -> bytes:
    def cell(text: str) -> str:
        return f'"{text}"' if separator in text or "," in text else text

    lines = [separator.join(cell(value) for value in row) for row in (COLUMNS, *PEOPLE)]
    text = "\r\n".join(lines) + "\r\n"
    data = text.replace("ő", "o").encode(encoding) if encoding == "cp1252" else text.encode(encoding)
    return gzip.compress(data) if packed else data


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_results_file_is_read_however_it_is_written(
    tmp_path: Path, separator: str, encoding: str, packed: bool
) -> None:
    path = tmp_path / ("export.csv.gz" if packed else "export.csv")
    path.write_bytes(file_of(separator, encoding, packed=packed))
    found = read_outcomes(path, CONTEXT, mapping={"Revenue, net": "revenue"}, earlier={})
    facts = {person: facts_of(body["events"]) for person, body in found.rows.items()}
    assert facts == {
        "C1": {"opened": 1.0, "revenue": 12.5}, "C2": {"opened": 0.0, "revenue": 1003.25},
        "C3": {"opened": 1.0, "revenue": 0.0},
    }  # fmt: skip
    assert encoding.removesuffix("-sig").removesuffix("-le") in found.read_as and found.read_as in found.words()
    assert {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[separator] in found.words()


def results_of(tmp_path: Path, text: str) -> dict[str, float]:
    (tmp_path / "x.csv").write_text(text)
    found = read_outcomes(tmp_path / "x.csv", CONTEXT, earlier={})
    return {person: facts_of(body["events"]).get("revenue", 0.0) for person, body in found.rows.items()}


def test_money_is_read_one_way_for_the_whole_column(tmp_path: Path) -> None:
    assert results_of(tmp_path, 'id,revenue\nC1,"1,234.50"\nC2,"2,000"\n') == {"C1": 1234.5, "C2": 2000.0}
    assert results_of(tmp_path, "id;revenue\nC1;1.234,50\nC2;2.000\n") == {"C1": 1234.5, "C2": 2000.0}
    assert results_of(tmp_path, "id,revenue\nC1,1.234\nC2,$ 2.5\n") == {"C1": 1.234, "C2": 2.5}
    assert results_of(tmp_path, "id,revenue\nC1,(12.50)\nC2,EUR 3.00\n") == {"C1": -12.5, "C2": 3.0}


@pytest.mark.parametrize("text", ['id,revenue\nC1,"1,234"\nC2,"3,250"\n', "id;revenue\nC1;1.234\nC2;3.250\n"])
def test_money_that_can_be_read_in_two_ways_is_asked_about(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserFixable, match=r"Column revenue can be read in two ways"):
        results_of(tmp_path, text)


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "a spreadsheet": (b"PK\x03\x04 workbook", "spreadsheet"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0 workbook", "spreadsheet"),
    "blank lines": (b"\n\n  \n", "no rows"),
    "a column twice": (b"id,opens,opens\nC1,1,0\n", "more than one column opens"),
    "half a gzip": (gzip.compress(b"id,opens\n" + b"C1,1\n" * 9999)[:60], "damaged|unpacked"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_table_says_what_it_is(tmp_path: Path, name: str) -> None:
    data, words = BAD_FILES[name]
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(UserFixable, match=words) as failure:
        read_outcomes(tmp_path / "x.csv", CONTEXT, earlier={})
    assert failure.value.hint


def test_rows_of_another_width_and_words_that_mean_nothing_are_named(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,opens,clicks\nC1,1\nC2,maybe,0\nC3,1,2,,\nC1,1,0,7\nC2,opened,2026-05-02\n")
    found = read_outcomes(tmp_path / "x.csv", CONTEXT, earlier={})
    assert [problem.split(":")[0] for problem in found.problems] == ["row 2", "row 3", "row 5"]
    assert "2 cells instead of 3" in found.problems[0] and "neither yes nor no for opened" in found.problems[1]
    assert facts_of(found.rows["C2"]["events"]) == {"opened": 1.0, "clicked": 1.0}
