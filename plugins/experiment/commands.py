"""What ``cpo readout`` and ``cpo power`` call: text options in, the JSON body out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from app.domain.errors import UserFixable
from plugins.experiment.counts import study_from_json
from plugins.experiment.design import Question, answer_body
from plugins.experiment.readout import read
from plugins.experiment.rows import Columns, read_rows
from plugins.experiment.source import names_in
from plugins.experiment.study import Kind, Rules


def readout_file(
    path: Path,
    *,
    arm: str,
    control: str | None,
    outcomes: Sequence[str],
    covariate: str | None = None,
    by: Sequence[str] = (),
    strata: Sequence[str] = (),
    primary: str | None = None,
    planned: str | None = None,
    alpha: float = 0.05,
    looks: str | None = None,
    guardrails: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> dict[str, Any]:
    """Read rows, one per customer. ``planned`` is ``A=0.45,B=0.45,control=0.1``; ``looks`` is ``0.25,0.5``;
    ``guardrails`` are ``column`` or ``column=margin``; ``kinds`` are ``column=binary`` or ``column=money``.

    Names may be given separated by commas; a column's whole name, commas and all, comes first. Raises UserFixable.
    """
    known = names_in(path)
    columns = Columns(
        arm, _split(outcomes, known), covariate, _split(by, known), _split(strata, known),
        {k: _kind(k, v) for k, v in _pairs(kinds, known).items()},
    )  # fmt: skip
    study = read_rows(path, columns, control=control)
    rules = Rules(
        alpha=alpha,
        primary=primary,
        planned=None if planned is None else {k: _number(k, v) for k, v in _pairs([planned]).items()},
        looks=_numbers(looks),
        guardrails={k: None if v is None else _number(k, v) for k, v in _pairs(guardrails, known).items()},
    )
    return read(study, rules)


def readout_json(text: str, *, control: str | None = None) -> dict[str, Any]:
    """Read counts given as JSON text (docs/statistics.md). Raises UserFixable with what was not understood."""
    try:
        given = json.loads(text, parse_constant=_refused, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise UserFixable(
            f"The counts are not JSON: {error}.", hint='Give {"arms": [{"name": "A", "n": 100, "events": 5}, ...]}.'
        ) from error
    study, rules = study_from_json(given, control=control)
    return read(study, rules)


def power_answer(
    *,
    n: int,
    arms: int,
    baseline: float,
    lift: float | None = None,
    holdout: float = 0.0,
    power: float = 0.8,
    alpha: float = 0.05,
    sd: float | None = None,
    control_share: float | None = None,
    daily_volume: float | None = None,
    order_value: float | None = None,
) -> dict[str, Any]:
    """Return whether ``n`` people can answer. ``baseline`` is a fraction, or money per person together with ``sd``."""
    question = Question(n, arms, baseline, lift, holdout, power, alpha, sd, control_share, daily_volume, order_value)
    return answer_body(question)


_HELD = {"holds": "holds", "unproven": "cannot be judged yet", "breached": "is BREACHED"}


def readout_lines(body: Mapping[str, Any]) -> list[str]:
    """Write a readout as lines for a person: decision first, then figures, then what they do not show."""
    decision = body["decision"]
    lines = [str(decision["reason"]), str(body["srm"]["words"])]
    for row in body["comparisons"]:
        adjusted = f" {row['adjustment']}: p {row['p_adjusted_text']}." if row.get("p_adjusted_text") else ""
        lines.append(f"{row.get('words', row['outcome'])}{adjusted}")
        if "guardrail" in row:
            held = _HELD[row["guardrail"]["status"]]
            lines.append(
                f"  guardrail {row['outcome']} for {row['arm']} {held} (margin {row['guardrail']['margin']:.4g})."
            )
    lines += [str(part["words"]) for part in body["breakdowns"]]
    lines += [str(caveat) for caveat in body["caveats"]]
    lines.append(f"Calculation {body['calculation_id']}.")
    return lines


def _refused(constant: str) -> float:
    raise UserFixable(f"{constant} is not a count.", hint="Leave out what is not known.")


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refused(text)


def _split(names: Sequence[str], known: Sequence[str] = ()) -> tuple[str, ...]:
    """Cut at commas, but never inside the name of a column, ``name=value`` included; the longest name wins."""
    found: list[str] = []
    for name in names:
        parts = name.split(",")
        while parts:
            length = next((n for n in range(len(parts), 1, -1) if _is_known(",".join(parts[:n]), known)), 1)
            found.append(",".join(parts[:length]).strip())
            parts = parts[length:]
    return tuple(part for part in found if part)


def _is_known(text: str, known: Sequence[str]) -> bool:
    return text.strip() in known or text.rpartition("=")[0].strip() in known


def _pairs(given: Sequence[str], known: Sequence[str] = ()) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for part in _split(given, known):
        name, equals, value = part.rpartition("=")
        if equals and part not in known:
            found[name.strip()] = value.strip()
        else:
            found[part] = None
    return found


def _number(name: str, value: str | None) -> float:
    try:
        return float(value or "")
    except ValueError:
        raise UserFixable(f"{name}={value} is not a number.", hint="Write name=number, e.g. control=0.1.") from None


def _numbers(text: str | None) -> tuple[float, ...]:
    return tuple(_number("look", part) for part in _split([text])) if text else ()


def _kind(name: str, value: str | None) -> Kind:
    for kind in get_args(Kind):
        if kind == value:
            return kind
    raise UserFixable(f"{name}={value} is not a kind of outcome.", hint=f"Kinds: {', '.join(get_args(Kind))}.")
