"""Checks a definition against the data that are there, and writes its values the one way the data do.

Near misses are mended and echoed ("UK" becomes GB, "20%" becomes 0.2); what cannot be known is refused with the
nearest matches and what the data really hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from app.domain.audience import AudienceDefinition, Condition, Purchase
from app.domain.errors import Refused
from plugins.segmentation.compiler import NESTING
from plugins.segmentation.countries import country_code
from plugins.segmentation.fields import FIELDS, NUMERIC_KINDS, RANKED_FIELDS, FieldSpec

SHOWN = 12
CLOSE = 86
_SINGLE_OPS = ("eq", "ne", "gt", "gte", "lt", "lte", "contains", "top_percent")
_OPS: dict[str, tuple[str, ...]] = {
    "closed": ("eq", "ne", "in", "not_in", "is_null"),
    "consent": ("eq", "ne", "in", "not_in", "is_null"),
    "flag": ("eq", "ne", "is_null"),
    "country": ("eq", "ne", "in", "not_in", "is_null"),
    "text": ("eq", "ne", "in", "not_in", "contains", "is_null"),
    "identifier": ("eq", "ne", "in", "not_in"),
    "number": ("eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte", "between", "is_null", "top_percent"),
}
_GENDERS = {
    "f": "female", "woman": "female", "women": "female", "w": "female", "females": "female", "m": "male",
    "man": "male", "men": "male", "males": "male", "non-binary": "other", "nonbinary": "other", "x": "other",
}  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """What the data hold: usable fields, the values of text fields, categories, and whether products are named."""

    fields: Mapping[str, FieldSpec]
    values: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    categories: Sequence[str] = ()
    has_products: bool = False
    has_orders: bool = True


def check(definition: AudienceDefinition, known: Vocabulary) -> AudienceDefinition:
    """Return the definition with its values as the data write them; raise ``Refused`` for what cannot be meant."""
    checked = tuple(_condition(c, known, 1) for c in definition.all_of)
    return definition.model_copy(update={"all_of": _flat(checked)})


def nearest(word: str, choices: Sequence[str], limit: int = 3) -> list[str]:
    """Return the choices most like a word, best first."""
    found = process.extract(
        word.lower(), [c.lower() for c in choices], scorer=fuzz.WRatio, limit=limit, score_cutoff=60
    )
    return [choices[index] for _, _, index in found]


def _flat(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Lift a top-level all_of into the list it means."""
    return tuple(inner for c in conditions for inner in (c.all_of if c.form() == "all_of" and c.all_of else [c]))


def _condition(condition: Condition, known: Vocabulary, depth: int) -> Condition:
    if depth > NESTING:
        raise Refused(f"Conditions are nested deeper than {NESTING} levels; simplify them.", code="too_deep")
    form = condition.form()
    if form == "not" and condition.not_ is not None:
        return Condition.model_validate({"not": _condition(condition.not_, known, depth + 1)})
    if form in ("any_of", "all_of"):
        return _group(condition, form, known, depth)
    if form in ("opened", "clicked"):
        return _behaviour(condition, form, known)
    if form == "bought":
        return _bought(condition, known)
    return condition if form == "audience" else _leaf(condition, known)


def _group(condition: Condition, form: str, known: Vocabulary, depth: int) -> Condition:
    listed = (condition.any_of if form == "any_of" else condition.all_of) or []
    if not listed:
        raise Refused(f"{form} needs at least one condition.", code="empty_group", field=form)
    inner = [_condition(c, known, depth + 1) for c in listed]
    return inner[0] if len(inner) == 1 else Condition.model_validate({form: inner})


def _behaviour(condition: Condition, form: str, known: Vocabulary) -> Condition:
    counted = "clicks_90d" if form == "clicked" else "opens_90d"
    needed = counted if form == "clicked" or condition.at_least else "last_open_days"
    if needed not in known.fields:
        raise _no_field(needed, known)
    days = condition.within_days
    if needed == counted and days not in (None, 90):
        raise Refused(
            f"{form} can only be counted over 90 days: the data hold counts of 90 days.",
            code="window", field="within_days", allowed=["90"],
        )  # fmt: skip
    positive = condition.model_copy(update={form: True, "within_days": None if needed == counted else days})
    return positive if getattr(condition, form) else Condition.model_validate({"not": positive})


def _bought(condition: Condition, known: Vocabulary) -> Condition:
    if not known.has_orders:
        raise Refused("This data has no orders, so what was bought is not known.", code="no_orders", field="bought")
    wanted = condition.bought
    if wanted is None or wanted.category is None:
        if wanted and wanted.product and not known.has_products:
            raise Refused("The orders name no products.", code="no_products", field="bought")
        return condition
    if not known.categories and known.has_products:
        product = " ".join(part for part in (wanted.category, wanted.product) if part)
        return condition.model_copy(update={"bought": wanted.model_copy(update={"category": None, "product": product})})
    category = _present(wanted.category, known.categories, "category")
    return condition.model_copy(update={"bought": wanted.model_copy(update={"category": category})})


def _leaf(condition: Condition, known: Vocabulary) -> Condition:
    name = condition.field or ""
    if name == "favourite_category" and name not in known.fields and known.has_products:
        return _bought_instead(condition)
    if name not in known.fields:
        raise _no_field(name, known)
    spec = known.fields[name]
    op = condition.op or ("in" if isinstance(condition.value, list) else "eq")
    op, value = _shape(spec, op, condition.value)
    kind = "number" if spec.kind in NUMERIC_KINDS else spec.kind
    if op not in _OPS[kind] or (op == "top_percent" and name not in RANKED_FIELDS):
        allowed = [o for o in _OPS[kind] if o != "top_percent" or name in RANKED_FIELDS]
        raise Refused(f"{name} cannot be used with {op}.", code="bad_operator", field="op", allowed=allowed)
    if op == "is_null":
        return condition.model_copy(update={"op": op, "value": value is not False})
    if op == "top_percent":
        return condition.model_copy(update={"op": op, "value": _percent(value)})
    if isinstance(value, list):
        clean: Any = list(dict.fromkeys(_value(spec, op, v, known) for v in value))
        if op == "between" and len(value) == 2:
            clean = sorted([_value(spec, op, v, known) for v in value])
    else:
        clean = _value(spec, op, value, known)
    return condition.model_copy(update={"op": op, "value": clean})


def _bought_instead(condition: Condition) -> Condition:
    """Return who bought products with these words in their names: what a shop without categories knows of a liking."""
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    bought = [Condition(bought=Purchase(product=str(value))) for value in values]
    either = bought[0] if len(bought) == 1 else Condition(any_of=bought)
    return Condition.model_validate({"not": either}) if condition.op in ("ne", "not_in") else either


def _shape(spec: FieldSpec, op: str, value: Any) -> tuple[str, Any]:
    """Make operator and value fit each other: lists for in and between, one value for the rest."""
    if op == "between" and not (isinstance(value, list) and len(value) == 2):
        raise Refused(f"{spec.name} between needs [lowest, highest].", code="bad_value", field="value")
    if op in ("in", "not_in") and not isinstance(value, list):
        return op, [value]
    if op in ("in", "not_in") and not value:
        raise Refused(f"{spec.name} {op} needs at least one value.", code="bad_value", field="value")
    if op in _SINGLE_OPS and isinstance(value, list):
        if op in ("eq", "ne"):
            return ("in" if op == "eq" else "not_in"), value
        if len(value) != 1:
            raise Refused(f"{spec.name} {op} needs one value.", code="bad_value", field="value")
        return op, value[0]
    return op, value


def _value(spec: FieldSpec, op: str, value: Any, known: Vocabulary) -> Any:
    if spec.kind in NUMERIC_KINDS:
        return _number(spec, value)
    if spec.kind == "flag":
        return _flag(spec, value)
    text = str(value).strip()
    if spec.kind == "identifier" or op == "contains":
        return text
    if spec.kind == "country":
        return _country(text, known)
    if spec.kind in ("closed", "consent"):
        return _closed(spec, text)
    return _present(text, known.values.get(spec.name, ()), spec.name)


def _number(spec: FieldSpec, value: Any) -> float | int:
    if isinstance(value, bool):
        raise Refused(f"{spec.name} needs a number, not {value}.", code="bad_value", field="value")
    percent = isinstance(value, str) and value.strip().endswith("%")
    try:
        number = float(str(value).strip().strip("%$£€ ").replace(",", ""))
    except ValueError:
        unit = f" ({spec.unit})" if spec.unit else ""
        raise Refused(f"{spec.name} needs a number{unit}, not {value!r}.", code="bad_value", field="value") from None
    if spec.kind == "rate" and (percent or number > 1):
        number = number / 100
    if not -1e15 < number < 1e15:
        raise Refused(f"{spec.name} cannot be {value}.", code="bad_value", field="value")
    if spec.kind == "money":
        number = round(number, 2)
    return int(number) if number == int(number) else number


def _flag(spec: FieldSpec, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in ("true", "yes", "1", "false", "no", "0"):
        return text in ("true", "yes", "1")
    raise Refused(f"{spec.name} is true or false.", code="bad_value", field="value", allowed=["true", "false"])


def _percent(value: Any) -> float | int:
    number = float(_number(FIELDS["orders_count"], value))
    if not 0 < number < 100:
        raise Refused("top_percent needs a number between 0 and 100.", code="bad_value", field="value")
    return int(number) if number == int(number) else number


def _country(text: str, known: Vocabulary) -> str:
    present = known.values.get("country", ())
    code = country_code(text)
    if code and code in present:
        return code
    exact = {p.lower(): p for p in present}
    if text.lower() in exact:
        return exact[text.lower()]
    near = f" Nearest: {', '.join(nearest(text, present))}." if nearest(text, present) else ""
    raise Refused(
        f"No customer has country {text!r}.{near} Countries present: {_listed(present)}.",
        code="unknown_value", field="country", allowed=list(present[:SHOWN]),
    )  # fmt: skip


def _closed(spec: FieldSpec, text: str) -> str:
    word = text.lower().replace(" ", "_").replace("-", "_")
    if spec.name == "gender":
        word = _GENDERS.get(text.lower(), word)
    if word in spec.values:
        return word
    near = nearest(word, spec.values, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise Refused(
        f"{spec.name} is one of {', '.join(spec.values)}; not {text!r}.{hint}",
        code="unknown_value", field=spec.name, allowed=spec.values,
    )  # fmt: skip


def _present(text: str, present: Sequence[str], name: str) -> str:
    """Return the value as the data write it; one that differs by a plural or a slip is mended."""
    exact = {p.lower(): p for p in present}
    for form in (text.lower(), text.lower() + "s", text.lower().removesuffix("s")):
        if form in exact:
            return exact[form]
    found = process.extractOne(text.lower(), list(exact), scorer=fuzz.ratio, score_cutoff=CLOSE)
    if found:
        return exact[found[0]]
    near = nearest(text, present)
    hint = f" Nearest: {', '.join(near)}." if near else ""
    raise Refused(
        f"No {name} {text!r} in the data.{hint} Present: {_listed(present)}.",
        code="unknown_value", field=name, allowed=list(present[:SHOWN]),
    )  # fmt: skip


def _listed(present: Sequence[str]) -> str:
    more = f" and {len(present) - SHOWN} more" if len(present) > SHOWN else ""
    return (", ".join(present[:SHOWN]) or "none") + more


def _no_field(name: str, known: Vocabulary) -> Refused:
    needs = " or ".join(FIELDS[name].needs)
    return Refused(
        f"This data cannot tell {name}: it needs the column {needs}. Fields: {', '.join(sorted(known.fields))}.",
        code="unknown_field", field=name, allowed=sorted(known.fields),
    )  # fmt: skip
