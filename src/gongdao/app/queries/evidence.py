"""Evidence (查看凭证): the content of one piece, for those who see its case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from gongdao.app.carry_out import visible_case
from gongdao.app.permissions import EVIDENCE, Caller, Verb, allow, not_visible
from gongdao.core.cases.model import EvidenceItem
from gongdao.store.blobs import open_blob
from gongdao.store.connection import transaction


@contextmanager
def open_evidence(
    caller: Caller, case_id: str, evidence_id: str
) -> Iterator[tuple[EvidenceItem, IO[bytes]]]:
    """Open the content of one piece of evidence. Raises NotAllowed, NotVisible."""
    allow(caller, Verb.SEE_EVIDENCE)
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=False)
    item = next((e for e in held.case.evidence if e.id == evidence_id), None)
    if item is None:
        raise not_visible(EVIDENCE, "evidence_id")
    try:
        with open_blob(item.digest) as content:
            yield item, content
    except FileNotFoundError:
        raise not_visible(EVIDENCE, "evidence_id") from None
