"""From matched to eligible: everybody leaves for exactly one reason, in one fixed order, and the sums are exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.audience import AudienceDefinition, Channel, ContactRules, FunnelStep
from plugins.segmentation.compiler import Compiler
from plugins.segmentation.dataset import Dataset
from plugins.segmentation.sql import Sql

CHANNEL_WORDS = {"email": "e-mail", "sms": "SMS", "push": "push"}
HEX_STEPS = 16**8


@dataclass(frozen=True)
class Funnel:
    """The steps and what is left. ``matched`` = ``eligible`` + the removed, always."""

    matched: int
    eligible: int
    steps: tuple[FunnelStep, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """How people of one dataset are reached over one channel; knows which columns are missing."""

    compiler: Compiler
    dataset: Dataset
    channel: Channel
    rules: ContactRules
    eligible_of: Callable[[str], Sql]

    def reasons(self, definition: AudienceDefinition) -> Sql:
        """Return the SELECT of (customer_id, reason) for every matched customer; NULL = eligible."""
        matched = Sql.fill(
            f"SELECT f.*, {self._address()} AS address FROM {self.compiler.tables.facts} f WHERE {{}}",
            self._who(definition),
        )
        share = int(self.rules.holdout_share * HEX_STEPS)
        digest = self.compiler.dialect.sha256_hex("concat(?, ':', customer_id)")
        return Sql.fill(
            "WITH matched AS ({}), labelled AS (SELECT customer_id, last_ordered_at, address, {} AS reason "
            "FROM matched), ranked AS (SELECT *, row_number() OVER (PARTITION BY reason, "
            "coalesce(address, customer_id) ORDER BY last_ordered_at DESC NULLS LAST, customer_id) AS place "
            "FROM labelled) SELECT customer_id, CASE WHEN reason IS NOT NULL THEN reason WHEN place > 1 THEN "
            f"'duplicate' WHEN {'substr(' + digest + ', 1, 8) < ?' if share else 'FALSE'} THEN 'holdout' END AS reason "
            "FROM ranked{}",
            matched,
            self._label(),
            Sql("", (self.rules.holdout_salt, f"{share:08x}") if share else ()),
        )

    def eligible(self, definition: AudienceDefinition) -> Sql:
        """Return the SELECT of the ids that are left."""
        return Sql.fill("SELECT customer_id FROM ({}) judged WHERE reason IS NULL", self.reasons(definition))

    def counts(self, definition: AudienceDefinition) -> Sql:
        """Return the SELECT of (reason, people)."""
        return Sql.fill("SELECT reason, count(*) FROM ({}) judged GROUP BY reason", self.reasons(definition))

    def build(self, removed: Mapping[str | None, int]) -> Funnel:
        """Make the funnel from the counts by reason."""
        matched = remaining = sum(removed.values())
        steps: list[FunnelStep] = []
        notes = self._notes()
        for reason, words in self.reason_words().items():
            gone = removed.get(reason, 0)
            remaining -= gone
            steps.append(
                FunnelStep(
                    reason=reason, words=words, removed=gone, remaining=remaining, note=notes.get(reason, ""),
                    checked=self._has(reason),
                )
            )  # fmt: skip
        warnings = tuple(notes[step.reason] for step in steps if not step.checked and notes.get(step.reason))
        return Funnel(matched=matched, eligible=removed.get(None, 0), steps=tuple(steps), warnings=warnings)

    def reason_words(self) -> dict[str, str]:
        """Return every reason in its order, in words; a push message needs no address of ours."""
        how = CHANNEL_WORDS[self.channel]
        address = {"email": "no e-mail address", "sms": "no phone number"}
        return {
            "consent": f"no recorded consent for {how}",
            **({"no_address": address[self.channel]} if self.channel in address else {}),
            "suppressed": "suppressed, or shares an address with somebody suppressed",
            "frequency_cap": f"already had {self.rules.cap} messages in {self.rules.cap_days} days",
            "quiet_hours": f"quiet hours {self.rules.quiet_hours} local time (noted, nobody removed)",
            "live_campaign": "in the audience of a running campaign",
            "duplicate": "second record of the same person",
            "holdout": f"global holdout ({self.rules.holdout_share:.0%})",
        }

    def _who(self, definition: AudienceDefinition) -> Sql:
        if definition.limit is None:
            return self.compiler.where(definition)
        return Sql.fill("f.customer_id IN ({})", self.compiler.members(definition))

    def _address(self) -> str:
        if self.channel == "sms":
            return f"nullif({self.compiler.dialect.digits_of('f.phone')}, '')"
        return "nullif(lower(trim(f.email)), '')"

    def _label(self) -> Sql:
        facts = self.compiler.tables.facts
        twins = f"SELECT {self._address()} FROM {facts} f WHERE f.suppressed AND {self._address()} IS NOT NULL"
        cases = [
            Sql(f"WHEN NOT coalesce(consent_{self.channel}, FALSE) THEN 'consent'") if self._has("consent") else None,
            Sql("WHEN address IS NULL THEN 'no_address'")
            if self.channel != "push" and self._has("no_address")
            else None,
            Sql(f"WHEN coalesce(suppressed, FALSE) OR coalesce(address IN ({twins}), FALSE) THEN 'suppressed'"),
            Sql("WHEN coalesce(sends_7d, 0) >= ? THEN 'frequency_cap'", (self.rules.cap,))
            if self._has("frequency_cap")
            else None,
            *(
                Sql.fill("WHEN customer_id IN ({}) THEN 'live_campaign'", self.eligible_of(audience))
                for audience in self.rules.live_audiences
            ),
        ]
        return Sql.fill("CASE {} ELSE NULL END", Sql.join(" ", [case for case in cases if case]))

    def _has(self, reason: str) -> bool:
        columns = self.dataset.customer_columns
        if reason == "consent":
            return f"consent_{self.channel}" in columns
        if reason == "no_address":
            return self.channel != "push" and ("phone" if self.channel == "sms" else "email") in columns
        if reason == "frequency_cap":
            return self.channel == "email" and "sends_7d" in columns
        return reason not in ("suppressed",) or "suppressed" in columns

    def _notes(self) -> dict[str, str]:
        how = CHANNEL_WORDS[self.channel]
        absent = {
            "consent": f"consent for {how} is not in the data: unknown for everybody, nobody was removed for it",
            "no_address": "no address for it is in the data: the sender must know these customers by their ids",
            "suppressed": "no suppression list in the data",
            "frequency_cap": f"how many {how} messages people had is not in the data",
        }
        notes = {reason: text for reason, text in absent.items() if not self._has(reason)}
        notes["quiet_hours"] = "the sender keeps them; nobody is excluded"
        if not self.rules.live_audiences:
            notes["live_campaign"] = "no campaign is running"
        if not self.rules.holdout_share:
            notes["holdout"] = "no global holdout is set"
        return notes
