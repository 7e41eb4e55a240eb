"""Counts as JSON to a study: the shape is documented in docs/statistics.md, and near misses are understood.

The plain shape is ``{"control": "A", "arms": [{"name": "A", "n": 1000, "events": 31}, ...]}``; money arms carry
``sum, sum2[, sum3]``, ``mean, sd`` or ``values``. Arms may be a mapping by name, and outcomes may nest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.entities import digest_of
from app.domain.errors import UserFixable
from plugins.experiment.permutation import Sparse
from plugins.experiment.rows import pick_control
from plugins.experiment.study import Kind, Outcome, Rules, Study
from plugins.experiment.sufficient import Mean, Pair, Proportion

Arm = dict[str, Any]

_ARMS = ("arms", "groups", "variations", "cells", "buckets", "data", "counts", "rows")
_NAME = ("name", "arm", "label", "variant", "variation", "group", "key", "id")
_N = ("n", "users", "total_users", "size", "sample_size", "people", "recipients", "customers", "trials", "visitors",
      "nobs", "total_n", "assigned", "exposures", "units", "count")  # fmt: skip
_EVENTS = ("events", "conversions", "successes", "converted", "x", "clicks", "opens", "visits", "event_count", "hits")
_SUM = ("sum", "total", "sum_x", "sum_y", "sumy", "s1", "main_sum", "sum_revenue", "revenue_sum", "total_revenue",
        "revenue", "spend")  # fmt: skip
_SUM2 = ("sum2", "sum_sq", "sum_squares", "sum_of_squares", "sumsq", "sumsquares", "sum_x2", "sum_y2", "s2",
         "sum_squared", "main_sum_squares", "revenue_sum2", "sum_revenue2", "revenue_sum_squares")  # fmt: skip
_SUM3 = ("sum3", "sum_cubes", "sum_of_cubes", "sum_x3", "sum_y3", "s3", "revenue_sum3", "sum_cubed")
_MEAN = ("mean", "average", "avg")
_SD = ("sd", "std", "stdev", "stddev", "standard_deviation", "std_dev")
_VARIANCE = ("var", "variance", "s2_sample")
_VALUES = ("values", "samples", "amounts", "observations")
_RATE = ("rate", "proportion", "conversion_rate", "p")
_WEIGHT = ("weight", "planned", "planned_share", "planned_weight", "expected_share", "allocation", "ratio", "split")
_OUTCOMES = ("outcomes", "metrics")
_OUTCOME_NAME = ("outcome", "metric", "outcome_name", "metric_name")
_PLANNED = ("planned", "weights", "planned_weights", "planned_shares", "expected", "allocation", "split", "srm")
_LOOKS = ("looks", "information", "information_fractions", "information_fraction", "look", "fractions")


def study_from_json(given: Any, *, control: str | None = None) -> tuple[Study, Rules]:
    """Read counts. Raises UserFixable that names the arm and the field at fault."""
    top: Arm = {"arms": given} if isinstance(given, list) else _mapping(given, "The input")
    named = _outcome_inputs(top)
    if not named:
        raise UserFixable("No arms were found.", hint='Give {"arms": [{"name": "A", "n": 100, "events": 5}, ...]}.')
    arms = [_name(a, i) for i, a in enumerate(next(iter(named.values()))[1])]
    if len(arms) < 2 or len(set(arms)) < len(arms):
        raise UserFixable(
            "At least two arms with different names are needed.", hint=f"Found: {', '.join(arms) or 'none'}."
        )
    chosen = _control(top, next(iter(named.values()))[1], arms, control)
    outcomes: list[Outcome] = []
    for label, (options, rows) in named.items():
        outcomes += _outcomes(label, options, {_name(a, i): a for i, a in enumerate(rows)})
    first = [o.arms for o in outcomes]
    sizes = {arm: max(o[arm].n for o in first if arm in o) for arm in arms}
    order = (chosen, *(a for a in arms if a != chosen))
    study = Study(chosen, order, sizes, tuple(outcomes), digest_of(_printable(given)), "counts")
    return study, _rules(top, arms, next(iter(named.values()))[1], outcomes)


def _printable(value: Any) -> Any:
    """Return the input with its mappings in a form every JSON reader agrees on."""
    if isinstance(value, Mapping):
        return {str(k): _printable(v) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_printable(v) for v in value]
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)


def _mapping(value: Any, what: str) -> Arm:
    if not isinstance(value, Mapping):
        raise UserFixable(f"{what} is not a JSON object.", hint="See docs/statistics.md for the shape.")
    return {str(k).strip(): v for k, v in value.items()}


def _pick(arm: Mapping[str, Any], names: Sequence[str]) -> Any:
    lowered = {str(k).strip().lower().replace(" ", "_").replace("-", "_"): v for k, v in arm.items()}
    for name in names:
        if lowered.get(name) is not None:
            return lowered[name]
    return None


def _outcome_inputs(top: Arm) -> dict[str, tuple[Arm, list[Arm]]]:
    """Return outcome label -> (its options, its arms); one unnamed outcome in the plain shape."""
    nested = _pick(top, _OUTCOMES)
    default = str(_pick(top, _OUTCOME_NAME) or "")
    if isinstance(nested, Mapping):
        nested = [{"name": k, **(v if isinstance(v, Mapping) else {"arms": v})} for k, v in nested.items()]
    if isinstance(nested, list) and nested and all(isinstance(o, Mapping) and _arm_rows(dict(o)) for o in nested):
        return {
            str(_pick(o, _NAME + _OUTCOME_NAME) or f"outcome {i}"): (dict(o), _arm_rows(dict(o)))
            for i, o in enumerate(nested)
        }
    rows = _arm_rows(top)
    if isinstance(nested, list) and nested and all(isinstance(o, str) and all(o in r for r in rows) for o in nested):
        return {str(o): ({}, [{**row, **_as_fields(row[str(o)])} for row in rows]) for o in nested}
    inner = [_pick(row, _OUTCOMES) for row in rows]
    if rows and all(isinstance(i, Mapping) for i in inner):
        names = dict.fromkeys(key for i in inner for key in i)
        return {
            str(key): ({}, [{**row, **_as_fields(i.get(key))} for row, i in zip(rows, inner, strict=True)])
            for key in names
        }
    return {default: (top, rows)} if rows else {}


def _as_fields(value: Any) -> Arm:
    """Read an arm's figures on one outcome: an object, or a bare number of events."""
    if isinstance(value, Mapping):
        return {str(k): v for k, v in value.items()}
    return {"events": value} if isinstance(value, (int, float)) else {"values": value}


def _arm_rows(top: Arm) -> list[Arm]:
    held = _pick(top, _ARMS)
    if held is None:
        held = _control_and_variants(top)
    if isinstance(held, Mapping):
        columns = _columnar(held)
        held = columns if columns else [_named(str(k), v) for k, v in held.items()]
    elif held is None:
        held = _columnar(top)
    if not isinstance(held, list):
        return []
    return [_named(None, row) for row in held]


def _named(name: str | None, value: Any) -> Arm:
    """Read one arm: an object, ``[n, events]``, or a list of values."""
    if isinstance(value, Mapping):
        arm = {str(k): v for k, v in value.items()}
    elif isinstance(value, list) and name is None and value and isinstance(value[0], str):
        return _named(value[0], value[1:])
    elif isinstance(value, list) and len(value) == 2 and all(isinstance(v, int) for v in value):
        arm = {"n": max(value), "events": min(value)}
    elif isinstance(value, list):
        arm = {"values": value}
    else:
        raise UserFixable(f"Arm {name or ''} is not an object.", hint='Give {"name": "A", "n": 100, "events": 5}.')
    return arm if name is None else {"name": name, **arm}


def _control_and_variants(top: Arm) -> list[Arm] | None:
    """Read ``{"control": {...}, "variant": {...}}`` and ``{"control": {...}, "variants": [...]}``."""
    control = _pick(top, ("control", "baseline", "a"))
    if not isinstance(control, Mapping):
        return None
    found: list[Arm] = [_named(str(_pick(control, _NAME) or "control"), control) | {"is_control": True}]
    for key in ("variant", "treatment", "test", "b", "variants", "treatments"):
        value = _pick(top, (key,))
        if isinstance(value, list):
            found += [_named(str(_pick(v, _NAME) or f"variant {i + 1}"), v) for i, v in enumerate(value)]
        elif isinstance(value, Mapping):
            plural = key.endswith("s") and all(isinstance(v, (Mapping, list)) for v in value.values())
            found += (
                [_named(str(k), v) for k, v in value.items()]
                if plural
                else [_named(str(_pick(value, _NAME) or key), value)]
            )
    return found


def _columnar(top: Mapping[str, Any]) -> list[Arm] | None:
    """Read ``{"names": [...], "n": [...], "events": [...]}``."""
    n = _pick(top, _N)
    if not isinstance(n, list):
        return None
    lists = {str(k): v for k, v in top.items() if isinstance(v, list) and len(v) == len(n)}
    names = _pick(lists, ("names", "arms", *_NAME)) or ["control", *(f"variant {i}" for i in range(1, len(n)))]
    skip = {"names", "looks"}
    return [{"name": names[i], **{k: v[i] for k, v in lists.items() if k not in skip}} for i in range(len(n))]


def _name(arm: Arm, index: int) -> str:
    given = _pick(arm, _NAME)
    return str(given) if given is not None else ("control" if index == 0 else f"variant {index}")


def _control(top: Arm, rows: Sequence[Arm], arms: Sequence[str], asked: str | None) -> str:
    given = (
        asked if asked is not None else _pick(top, ("control", "control_name", "control_arm", "baseline", "reference"))
    )
    if isinstance(given, str) or (isinstance(given, int) and str(given) in arms):
        return pick_control(arms, str(given))
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < len(arms):
        return arms[given]
    for arm, row in zip(arms, rows, strict=True):
        if _pick(row, ("is_control", "control", "baseline")) is True or _pick(row, ("role",)) == "control":
            return arm
    try:
        return pick_control(arms, None)
    except UserFixable:
        return arms[0]


def _outcomes(label: str, options: Arm, rows: Mapping[str, Arm]) -> list[Outcome]:
    """Return one outcome, or two where arms carry both events and amounts."""
    stated = _pick(options, ("kind", "type", "metric_type"))
    kind = _kind(stated) if isinstance(stated, str) else None
    has_events = all(_pick(a, _EVENTS) is not None or _pick(a, _RATE) is not None for a in rows.values())
    has_money = all(_money_given(a) for a in rows.values())
    if kind is None and not has_events and has_money and all(_only_zero_one(a) for a in rows.values()):
        kind = "binary"
    found: list[Outcome] = []
    if kind == "binary" or (kind is None and has_events):
        name = label or "conversion"
        arms = {k: proportion(k, a) for k, a in rows.items()}
        found.append(Outcome(name, "binary", arms, strata=_strata(rows)))
    if kind == "money" or (kind is None and has_money and (not found or _pick_all(rows, _SUM2 + _VALUES + _SD))):
        name = label if label and not found else "revenue"
        found.append(_money_outcome(name, rows))
    if not found:
        arm = next(iter(rows))
        raise UserFixable(
            f"Arm {arm} has neither events nor amounts.",
            hint="Give n and events, or n, sum and sum2 (or mean and sd, or values).",
        )
    return found


def _pick_all(rows: Mapping[str, Arm], names: Sequence[str]) -> bool:
    return all(_pick(a, names) is not None for a in rows.values())


def _kind(stated: str) -> Kind | None:
    text = stated.lower()
    if text in ("binary", "proportion", "binomial", "rate", "conversion", "bernoulli"):
        return "binary"
    return "money" if text in ("money", "mean", "revenue", "continuous", "count", "amount", "numeric") else None


def _money_given(arm: Arm) -> bool:
    return any(_pick(arm, names) is not None for names in (_SUM2, _VALUES)) or _spread(arm) is not None


def _only_zero_one(arm: Arm) -> bool:
    values = _pick(arm, _VALUES)
    return isinstance(values, list) and all(v in (0, 1, True, False) for v in values)


def _spread(arm: Arm) -> float | None:
    sd = _pick(arm, _SD)
    given = sd if sd is not None else _pick(arm, _VARIANCE)
    if given is None:
        return None
    value = _figure(_name(arm, 0), "sd", given)
    if value < 0:
        raise UserFixable(f"Arm {_name(arm, 0)}: a spread of {value} cannot be.", hint="sd and variance are 0 or more.")
    return float(value) if sd is not None else math.sqrt(value)


def _number(value: Any) -> Any:
    """Return a number written as text as the number it is, anything else as given."""
    if isinstance(value, str):
        try:
            return float(value.replace(",", ""))
        except ValueError:
            return value
    return value


def _figure(name: str, what: str, value: Any) -> int | float:
    """Return a number, also one written as text; raises UserFixable that names the arm and the field."""
    value = _number(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return value
    raise UserFixable(f"{name}: {what} = {value!r} is not a number.", hint="See docs/statistics.md for the shape.")


def _values(name: str, arm: Arm) -> list[int | float] | None:
    """Return the values an arm lists, None where it lists none; a blank among them is refused."""
    held = _pick(arm, _VALUES)
    return (
        [_figure(name, "a value", int(v) if isinstance(v, bool) else v) for v in held]
        if isinstance(held, list)
        else None
    )


def _whole(name: str, what: str, value: Any) -> int:
    value = _number(value)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and math.isfinite(value) and value >= 0 and float(value) == int(value):
        return int(value)
    raise UserFixable(f"Arm {name}: {what} = {value!r} is not a whole number of people.", hint="Counts are 0 or more.")


def proportion(name: str, arm: Arm) -> Proportion:
    """Read an arm's n and events (or a rate that makes a whole number, or 0/1 values)."""
    values = _values(name, arm)
    if values is not None:
        return Proportion(len(values), sum(int(v) for v in values))
    n = _whole(name, "n", _pick(arm, _N))
    events = _pick(arm, (*_EVENTS, "sum"))
    if events is None:
        events = round(_figure(name, "rate", _pick(arm, _RATE)) * n)
    return Proportion(n, _whole(name, "events", events))


def _money_outcome(name: str, rows: Mapping[str, Arm]) -> Outcome:
    sparse: dict[str, Sparse] = {}
    arms: dict[str, Proportion | Mean] = {}
    for key, arm in rows.items():
        values = _values(key, arm)
        if values is not None:
            n = _pick(arm, _N)
            total = len(values) if n is None else _whole(key, "n", n)
            if total < len(values):
                raise UserFixable(f"Arm {key} lists {len(values)} values for n = {total}.", hint="n counts everybody.")
            sparse[key] = Sparse.of(total, [float(v) for v in values])
            arms[key] = Mean.from_values(values) if total == len(values) else sparse[key].mean()
        else:
            arms[key] = mean(key, arm)
    return Outcome(
        name, "money", arms, pairs=_pairs(rows), strata=_strata(rows),
        sparse=sparse.__getitem__ if len(sparse) == len(rows) else None,
    )  # fmt: skip


def mean(name: str, arm: Arm) -> Mean:
    """Read an arm's n with sum and sum2 (and sum3), or mean and sd."""
    n = _whole(name, "n", _pick(arm, _N))
    sum2, sd = _pick(arm, _SUM2), _spread(arm)
    average = _pick(arm, _MEAN)
    if sum2 is not None:
        total = _pick(arm, _SUM)
        total = total if total is not None else (None if average is None else _figure(name, "mean", average) * n)
        if total is not None:
            sum3 = _pick(arm, _SUM3)
            return Mean.from_sums(
                n, _figure(name, "sum", total), _figure(name, "sum2", sum2),
                None if sum3 is None else _figure(name, "sum3", sum3),
            )  # fmt: skip
    if sd is not None:
        total = _pick(arm, _SUM)
        if average is None and total is not None and n:
            average = _figure(name, "sum", total) / n
        if average is not None:
            skew = _pick(arm, ("skew", "skewness"))
            return Mean.from_moments(
                n, float(_figure(name, "mean", average)), sd,
                None if skew is None else float(_figure(name, "skew", skew)),
            )  # fmt: skip
    raise UserFixable(
        f"Arm {name} has no full set of sums.",
        hint="Give n, sum and sum2 (sum of squares), or n, mean and sd, or values.",
    )


def _pairs(rows: Mapping[str, Arm]) -> dict[str, Pair]:
    """Read covariate sums: ``covariate: {sum, sum2, sum_xy}`` beside sum and sum2."""
    found: dict[str, Pair] = {}
    for key, arm in rows.items():
        x = _pick(arm, ("covariate", "pre", "cov"))
        flat = {"sum": _pick(arm, ("covariate_sum",)), "sum2": _pick(arm, ("covariate_sum_squares", "covariate_sum2")),
                "sum_xy": _pick(arm, ("main_covariate_sum_product", "sum_xy", "sum_product"))}  # fmt: skip
        fields: Mapping[str, Any] = x if isinstance(x, Mapping) else flat
        sx, sx2, sxy = (
            _pick(fields, _SUM),
            _pick(fields, _SUM2),
            _pick(fields, ("sum_xy", "xy", "sum_product", "cross")),
        )
        sy, sy2 = _pick(arm, _SUM), _pick(arm, _SUM2)
        if None in (sx, sx2, sxy, sy, sy2):
            return {}
        sums = [_figure(key, "a sum", v) for v in (sy, sy2, sx, sx2, sxy)]
        found[key] = Pair.from_sums(_whole(key, "n", _pick(arm, _N)), *sums)
    return found


def _strata(rows: Mapping[str, Arm]) -> dict[str, dict[str, Mean]]:
    """Read ``strata: {name: {n, events | sum, sum2}}`` of each arm."""
    found: dict[str, dict[str, Mean]] = {}
    for key, arm in rows.items():
        held = _pick(arm, ("strata",))
        if not isinstance(held, Mapping):
            return {}
        for stratum, fields in held.items():
            cell = _as_fields(fields)
            if _pick(cell, _EVENTS) is not None and _pick(cell, _SUM2) is None:
                p = proportion(key, cell)
                value = Mean.from_sums(p.n, p.events, p.events, p.events)
            else:
                value = mean(key, cell)
            found.setdefault(str(stratum), {})[key] = value
    return found


def _rules(top: Arm, arms: Sequence[str], rows: Sequence[Arm], outcomes: Sequence[Outcome]) -> Rules:
    alpha = _pick(top, ("alpha", "significance", "significance_level"))
    confidence = _pick(top, ("confidence", "confidence_level", "ci_level"))
    if alpha is None and confidence is not None:
        level = float(_figure("confidence", "level", confidence))
        alpha = 1.0 - (level / 100 if level > 1 else level)
    looks = _pick(top, _LOOKS)
    listed = looks if isinstance(looks, list) else [] if looks is None else [looks]
    return Rules(
        alpha=0.05 if alpha is None else float(_figure("alpha", "level", alpha)),
        primary=_primary(top, outcomes),
        planned=_planned(top, arms, rows),
        looks=tuple(float(_figure("looks", "a share", v)) for v in listed),
        guardrails=_guardrails(_pick(top, ("guardrails", "guardrail"))),
        simulated=bool(_pick(top, ("simulated",))),
    )


def _primary(top: Arm, outcomes: Sequence[Outcome]) -> str | None:
    given = _pick(top, ("primary", "primary_metric", "primary_outcome"))
    return str(given) if given is not None and len(outcomes) > 0 else None


def _planned(top: Arm, arms: Sequence[str], rows: Sequence[Arm]) -> dict[str, float] | None:
    given = _pick(top, _PLANNED)
    if isinstance(given, Mapping):
        return {str(k): _share(str(k), v) for k, v in given.items()} or None
    if isinstance(given, list):
        if len(given) != len(arms):
            raise UserFixable(f"{len(given)} planned shares for {len(arms)} arms.", hint="Give one for each arm.")
        return {arm: _share(arm, w) for arm, w in zip(arms, given, strict=True)}
    weights = [_pick(row, _WEIGHT) for row in rows]
    if all(isinstance(w, (int, float)) for w in weights):
        return {arm: float(w) for arm, w in zip(arms, weights, strict=True)}
    return None


def _share(arm: str, given: Any) -> float:
    """Return a planned share; ``"45 %"`` is one too."""
    return float(_figure(arm, "planned share", given.rstrip(" %") if isinstance(given, str) else given))


def _guardrails(given: Any) -> dict[str, float | None]:
    if isinstance(given, Mapping):
        return {str(k): None if v is None else float(_figure(str(k), "margin", v)) for k, v in given.items()}
    if isinstance(given, list):
        return {str(name): None for name in given}
    return {str(given): None} if isinstance(given, str) else {}
