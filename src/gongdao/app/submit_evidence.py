"""Submit evidence (举证): a file, kept once under the digest of its content."""

from __future__ import annotations

from datetime import datetime

import uuid_utils

from gongdao.app.carry_out import Request, carry_out, visible_case
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import SubmitEvidence
from gongdao.core.cases.model import Case, EvidenceItem
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.blobs import Readable, note_blob, store_blob
from gongdao.store.connection import transaction

LONGEST_NAME_CHARACTERS = 200


def submit(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    case_id: str,
    *,
    name: str,
    stream: Readable,
    kind: str,
    key: str,
    note: str = "",
    now: datetime | None = None,
) -> Outcome:
    """Add the content of `stream` to the case as evidence of `kind` (photo, chat, voucher, …).

    The file's type is recognised by its content. Raises Refused; BadInput `evidence.empty`,
    `evidence.too_large`, `evidence.type_not_accepted`.
    """
    allow(caller, Verb.SUBMIT_EVIDENCE)
    _check_words(name, kind, note)
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=False)
    blob = store_blob(stream)
    with transaction() as on:
        note_blob(on, held.marketplace_id, held.case.shop_id, blob)
    evidence_id = str(uuid_utils.uuid7())

    def make(_case: Case, at: datetime) -> SubmitEvidence:
        item = EvidenceItem(
            id=evidence_id,
            by=caller.role,
            kind=kind,
            digest=blob.digest,
            media_type=blob.media_type,
            size_bytes=blob.size_bytes,
            name=name,
            note=note,
            at=at,
        )
        return SubmitEvidence(item=item, by=caller.actor)

    request = Request(
        caller=caller,
        verb=Verb.SUBMIT_EVIDENCE,
        case_id=case_id,
        key=key,
        content={"name": name, "kind": kind, "note": note, "digest": blob.digest},
        now=now,
    )
    return carry_out(request, make)


def _check_words(name: str, kind: str, note: str) -> None:
    for value, field in ((name, "name"), (kind, "kind"), (note, "note")):
        check_text(value, field)
    if not kind.strip() or not name.strip() or len(name) > LONGEST_NAME_CHARACTERS:
        raise BadInput(
            Finding(
                code="evidence.bad_name",
                field="name",
                message=Text("须写明文件名和凭证类型", "give the file's name and its kind"),
            )
        )
