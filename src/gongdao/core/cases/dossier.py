"""Freezing the dossier (固定案卷): when the review begins, what lies on the table gets a hash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256

from gongdao.core.cases.events import DossierFrozen
from gongdao.core.cases.hearing import Dossier, DossierFact, DossierPiece
from gongdao.core.cases.model import Case
from gongdao.core.kernel.words import Arbitration


def begins_review(before: Case | None, after: Case) -> bool:
    """Tell whether a review begins between two states of a case."""
    was = before.arbitration if before is not None else Arbitration.NONE
    return was is not Arbitration.REVIEWING and after.arbitration is Arbitration.REVIEWING


def frozen(case: Case, now: datetime) -> DossierFrozen:
    """Return the event that freezes the case's evidence, challenges and facts at `now`.

    What comes later is an annex; another review freezes another dossier.
    """
    pieces = tuple(
        DossierPiece(
            evidence=item.id,
            digest=item.digest,
            kind=item.kind,
            by=item.by,
            admission=item.admission,
            challenged=tuple(c.reason for c in case.challenges if c.evidence == item.id),
        )
        for item in case.evidence
    )
    facts = tuple(
        DossierFact(name=f.name, value=f.value, by=f.by, evidence=f.evidence)
        for f in sorted(case.facts.values(), key=lambda f: f.name)
    )
    number = len(case.dossiers) + 1
    digest = dossier_digest(case.id, number, now, pieces, facts)
    return DossierFrozen(
        at=now,
        dossier=Dossier(number=number, at=now, digest=digest, pieces=pieces, facts=facts),
    )


def dossier_digest(
    case_id: str,
    number: int,
    at: datetime,
    pieces: tuple[DossierPiece, ...],
    facts: tuple[DossierFact, ...],
) -> str:
    """Return the sha256 (hex) of a dossier's content, the same on every machine."""
    content: Mapping[str, object] = {
        "case": case_id,
        "number": number,
        "at": at.astimezone(UTC).isoformat(),
        "pieces": [asdict(piece) for piece in pieces],
        "facts": [asdict(fact) for fact in facts],
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def is_intact(case_id: str, dossier: Dossier) -> bool:
    """Tell whether a dossier still has the content that its digest was taken of."""
    return dossier.digest == dossier_digest(
        case_id, dossier.number, dossier.at, dossier.pieces, dossier.facts
    )
