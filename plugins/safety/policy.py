"""The policy: rules, words, thresholds and what each surface does about them, as data.

``data/policy/*.yaml`` are read together; every file may add ``lists``, ``rules``, ``checks``, ``brand``, ``limits``,
``leaning`` and ``decisions``. ``policy_hash`` is the SHA-256 of all of it in canonical form, so a changed comma is
another policy.
Raises ``UserFixable`` for a file that is missing, unreadable or wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.domain.entities import digest_of
from app.domain.errors import UserFixable
from app.domain.safety import Category, Decision, Finding, Surface

Action = Literal["off", "note", "redact", "hold", "block"]
ACTION_DECISIONS: dict[Action, Decision] = {
    "note": Decision.ALLOW, "redact": Decision.REDACT, "hold": Decision.HOLD, "block": Decision.BLOCK,
}  # fmt: skip


class Strict(BaseModel):
    """A part of the policy: frozen, and nothing that is not known may stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Check(Strict):
    """What is known about one finding that code makes: its kind, its weight, and what to write instead.

    ``action`` replaces the surface's answer where that one would block; ``surfaces`` limits where the check applies.
    """

    category: Category
    severity: int = Field(ge=0, le=7)
    words: str
    fix: str
    action: Action | None = None
    surfaces: tuple[Surface, ...] = ()
    jurisdictions: tuple[str, ...] = ()


class Rule(Check):
    """A rule made of phrases (the notation is in ``phrases.py``). One of ``patterns`` fires it.

    A match that overlaps a match of ``unless`` does not count; ``spared_by`` names phrases that spare the whole text.
    """

    id: str
    patterns: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    spared_by: tuple[str, ...] = ()


class Brand(Strict):
    """The brand: whose links and addresses are its own, and whose are not."""

    name: str = ""
    hosts: tuple[str, ...] = ()
    image_hosts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    role_mailboxes: tuple[str, ...] = ()
    known_hosts: tuple[str, ...] = ()
    impersonated: tuple[str, ...] = ()
    risky_host_words: tuple[str, ...] = ()
    risky_suffixes: tuple[str, ...] = ()
    shorteners: tuple[str, ...] = ()


class Limits(Strict):
    """Sizes in code points, times in seconds."""

    size: int = Field(100_000, ge=1_000, le=1_000_000)
    seconds: float = Field(2.0, gt=0, le=10)
    markup: int = Field(1_500, ge=100)
    """Brackets and angle brackets in one text before it is refused unparsed."""
    bare_line: int = Field(120, ge=0)
    """An e-mail text of one line no longer than this is taken for a subject or a preheader."""
    blob: int = Field(80, ge=40)
    sentence_letters: int = Field(20, ge=5)
    phone_regions: tuple[str, ...] = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "IN", "AU", "CA")


class Leaning(Strict):
    """The weights of ``leaning.py``: words and pairs of words, and the chance from which on copy is held."""

    bias: float
    hold_at: float = Field(gt=0, le=1)
    weights: dict[str, float]


class PolicyFile(Strict):
    """One file of the policy."""

    version: str = ""
    lists: dict[str, tuple[str, ...]] = {}
    rules: tuple[Rule, ...] = ()
    checks: dict[str, Check] = {}
    brand: Brand | None = None
    limits: Limits | None = None
    leaning: Leaning | None = None
    decisions: dict[Surface, dict[Category, Action]] = {}


@dataclass(frozen=True)
class Policy:
    """The policy in force."""

    policy_hash: str
    rules: tuple[Rule, ...]
    checks: Mapping[str, Check]
    lists: Mapping[str, tuple[str, ...]]
    brand: Brand
    limits: Limits
    decisions: Mapping[Surface, Mapping[Category, Action]]
    leaning: Leaning | None = None
    _rules_by_id: dict[str, Rule] = field(init=False, repr=False, compare=False, default_factory=dict[str, Rule])

    def __post_init__(self) -> None:
        self._rules_by_id.update({rule.id: rule for rule in self.rules})

    @property
    def blocklist(self) -> tuple[str, ...]:
        """What the brand never says: the terms that a hosted service can hold in a list as well."""
        return self.lists.get("banned_phrase", ()) + self.lists.get("competitor", ())

    @classmethod
    def load(cls, *paths: Path) -> Policy:
        """Read folders and files; a later file replaces rules and lists of the same name."""
        files = [file for path in paths for file in _files(path)]
        if not files:
            raise UserFixable(
                "There is no safety policy.", hint=f"Expected YAML files in {', '.join(map(str, paths))}."
            )
        return cls._merged([_read(file) for file in files])

    @classmethod
    def _merged(cls, files: Iterable[PolicyFile]) -> Policy:
        rules: dict[str, Rule] = {}
        checks: dict[str, Check] = {}
        lists: dict[str, tuple[str, ...]] = {}
        decisions: dict[Surface, dict[Category, Action]] = {}
        leaning: Leaning | None = None
        brand, limits = Brand(), Limits()  # pyright: ignore[reportCallIssue] - pydantic fills the defaults
        for file in files:
            rules.update({rule.id: rule for rule in file.rules})
            checks.update(file.checks)
            lists.update(file.lists)
            brand, limits = file.brand or brand, file.limits or limits
            leaning = file.leaning or leaning
            for surface, actions in file.decisions.items():
                decisions.setdefault(surface, {}).update(actions)
        missing = [s.value for s in Surface if s not in decisions]
        if missing or not rules or not checks:
            raise UserFixable(
                "The safety policy is not complete.",
                hint=f"Surfaces without decisions: {', '.join(missing) or 'none'}; rules: {len(rules)}.",
            )
        content = {
            "rules": [rules[key].model_dump(mode="json") for key in sorted(rules)],
            "checks": {key: checks[key].model_dump(mode="json") for key in sorted(checks)},
            "lists": lists, "brand": brand.model_dump(mode="json"), "limits": limits.model_dump(mode="json"),
            "decisions": {s.value: a for s, a in decisions.items()},
            "leaning": leaning.model_dump(mode="json") if leaning is not None else None,
        }  # fmt: skip
        return cls(digest_of(content), tuple(rules.values()), checks, lists, brand, limits, decisions, leaning)

    def about(self, rule_id: str) -> Check:
        """Return what is known of a rule or check. A missing one is a bug: ``KeyError``."""
        return self._rules_by_id[rule_id] if rule_id in self._rules_by_id else self.checks[rule_id]

    def applies(self, check: Check, surface: Surface) -> bool:
        """Tell whether findings of this kind count on this surface."""
        if check.surfaces and surface not in check.surfaces:
            return False
        return self.decisions[surface].get(check.category, "block") != "off"

    def finding(self, rule_id: str, surface: Surface, start: int = 0, end: int = 0) -> Finding | None:
        """Make a finding with the decision this surface takes, or None where the rule does not apply."""
        check = self.about(rule_id)
        if not self.applies(check, surface):
            return None
        action = self.decisions[surface].get(check.category, "block")
        if check.action == "note" or (check.action is not None and action == "block"):
            action = check.action
        if action == "off":
            return None
        return Finding(
            rule=rule_id, category=check.category, severity=check.severity, decision=ACTION_DECISIONS[action],
            start=start, end=end, fix=check.fix,
        )  # fmt: skip


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.yaml"))
    if not path.is_file():
        raise UserFixable(f"The safety policy {path.name} is not there.", hint="Give a YAML file or a folder of them.")
    return [path]


def _read(file: Path) -> PolicyFile:
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        raw: Any = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
        return PolicyFile.model_validate(raw or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserFixable(f"The policy file {file.name} cannot be read.", hint=type(error).__name__) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UserFixable(f"The policy file {file.name} is wrong at {where}: {first['msg']}.") from error
