"""Whether an offer is true of everybody who gets it: counted in the audience itself, not judged from the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.audience import Audience, Shop
from app.domain.content import ContentDocument
from app.domain.errors import Refused
from app.domain.safety import Decision, Finding


@dataclass(frozen=True)
class Entitlement:
    """How many of the people who would get the message a document is true of."""

    document: ContentDocument
    entitled: int
    recipients: int

    @property
    def everybody(self) -> bool:
        """Whether it is true of each of them."""
        return self.entitled == self.recipients

    @property
    def not_entitled(self) -> int:
        """How many would be told something that does not hold for them."""
        return self.recipients - self.entitled

    def finding(self, field: str, length: int) -> Finding:
        """Return the finding that blocks a message promising ``document`` to people who are not entitled."""
        return Finding(
            rule="eligibility.audience", category="grounding", severity=6, decision=Decision.BLOCK, start=0, end=length,
            fix=(
                f"{self.not_entitled:,} of {self.recipients:,} recipients are not entitled to "
                f"'{self.document.title}'. Narrow the audience, or leave it out."
            ),
        )  # fmt: skip


class EligibilityCheck:
    """Counts each condition once for one audience; without an audience nothing conditional is true of everybody."""

    def __init__(self, shop: Shop | None, audience: Audience | None) -> None:
        self._shop = shop
        self._audience = audience
        self._known: dict[str, Entitlement] = {}

    def of(self, document: ContentDocument) -> Entitlement:
        """Return how many recipients ``document`` is true of."""
        if document.id not in self._known:
            self._known[document.id] = self._count(document)
        return self._known[document.id]

    def entitled(self, document: ContentDocument) -> bool:
        """Return whether ``document`` may be used for this audience without asking anybody."""
        if not document.eligibility:
            return True
        if self._shop is None or self._audience is None or self._audience.eligible == 0:
            return False
        return self.of(document).everybody

    def violations(self, documents: Sequence[ContentDocument]) -> list[Entitlement]:
        """Return the documents that are not true of every recipient, with counts."""
        if self._audience is None or self._shop is None:
            return []
        found = [self.of(document) for document in documents if document.eligibility]
        return [entitlement for entitlement in found if not entitlement.everybody]

    def _count(self, document: ContentDocument) -> Entitlement:
        if self._shop is None or self._audience is None:
            return Entitlement(document, 0, 1)
        if not document.eligibility:
            return Entitlement(document, self._audience.eligible, self._audience.eligible)
        try:
            entitled = self._shop.count_eligible(self._audience, document.eligibility)
        except Refused:  # the data cannot tell who is entitled, so nobody is known to be
            entitled = 0
        return Entitlement(document, entitled, self._audience.eligible)
