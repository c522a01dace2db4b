"""Evidence (查看凭证): the content of one piece, for those who see its case."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO

from gongdao.app.carry_out import visible_case
from gongdao.app.permissions import EVIDENCE, Caller, Verb, allow, not_visible
from gongdao.app.privacy import shown
from gongdao.app.queries.joined import with_words
from gongdao.core.cases.model import EvidenceItem
from gongdao.core.kernel.findings import Finding, NotAllowed
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.blobs import open_blob
from gongdao.store.connection import transaction
from gongdao.store.evidence import Match, clean_copy, matches_of

_PARTIES = (Role.BUYER, Role.MERCHANT)


@contextmanager
def open_evidence(
    caller: Caller, case_id: str, evidence_id: str
) -> Generator[tuple[EvidenceItem, IO[bytes]], None, None]:
    """Open the content of one piece of evidence. Raises NotAllowed, NotVisible.

    Whoever gave it and the platform read the original; the other party reads a copy without what
    devices and programs wrote into it: no place, no device, no owner. Raises NotAllowed
    `evidence.withheld` to the other party where there can be no such copy.
    """
    allow(caller, Verb.SEE_EVIDENCE)
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=False)
        case = with_words(on, caller, shown(on, caller, held.case.order, held.case))
        item = next((e for e in case.evidence if e.id == evidence_id), None)
        if item is None:
            raise not_visible(EVIDENCE, "evidence_id")
        if caller.role in _PARTIES and caller.role is not item.by:
            copy = clean_copy(on, held.case.shop_id, item.digest)
            if copy.digest is None:
                raise _withheld()
            item = replace(item, digest=copy.digest, media_type=copy.media_type)
    try:
        with open_blob(item.digest) as content:
            yield item, content
    except FileNotFoundError:
        raise not_visible(EVIDENCE, "evidence_id") from None


def withheld_pieces(caller: Caller, case_id: str) -> frozenset[str]:
    """Return the ids of the case's pieces of which the other party can be shown no copy.

    Raises NotAllowed, NotVisible.
    """
    allow(caller, Verb.SEE_EVIDENCE)
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=False)
        return frozenset(
            item.id
            for item in held.case.evidence
            if clean_copy(on, held.case.shop_id, item.digest).digest is None
        )


def _withheld() -> NotAllowed:
    return NotAllowed(
        Finding(
            code="evidence.withheld",
            field="evidence_id",
            message=Text(
                "该文件的隐藏信息无法去除，只供平台查看",
                "what this file hides could not be removed: only the platform may see it",
            ),
            cure=Text(
                "请对方另交截图、照片或 PDF", "ask for a picture, a screenshot or another file"
            ),
        )
    )


def evidence_matches(caller: Caller, case_id: str) -> tuple[Match, ...]:
    """Return where else the evidence of a case turns up: the same file, or a picture like it.

    For those who rule only, because it tells of other people's cases.
    Raises NotAllowed, NotVisible.
    """
    allow(caller, Verb.SEE_MATCHES)
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=False)
        return matches_of(on, held.case.shop_id, case_id)
