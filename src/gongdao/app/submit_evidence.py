"""Submit evidence (举证): a file, kept once under the digest of its content."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import uuid_utils

from gongdao.app.carry_out import Request, carry_out, visible_case
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb, allow
from gongdao.app.plain_values import check_text
from gongdao.app.sweep_evidence import drop_unused
from gongdao.core.cases.commands import SubmitEvidence
from gongdao.core.cases.model import Case, EvidenceItem
from gongdao.core.kernel.findings import BadInput, Conflict, Finding, Refused
from gongdao.core.kernel.text import Text
from gongdao.store.blobs import Blob, Readable, blob_stays, examine, keep_blob
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

    The file's type is recognised by its content. Of what is refused nothing is kept. Raises
    Refused; BadInput `evidence.empty`, `evidence.too_large`, `evidence.type_not_accepted`.
    """
    allow(caller, Verb.SUBMIT_EVIDENCE)
    _check_words(name, kind, note)
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=False)
    with examine(stream) as blob:
        with transaction() as on:
            keep_blob(on, held.marketplace_id, held.case.shop_id, blob)
        request = Request(
            caller=caller,
            verb=Verb.SUBMIT_EVIDENCE,
            case_id=case_id,
            key=key,
            content={"name": name, "kind": kind, "note": note, "digest": blob.digest},
            now=now,
        )
        try:
            return carry_out(request, partial(_submission, caller, blob, name, kind, note))
        except Refused:
            drop_unused(held.case.shop_id, blob.digest)
            raise


def _submission(
    caller: Caller, blob: Blob, name: str, kind: str, note: str, case: Case, at: datetime
) -> SubmitEvidence:
    with transaction() as on:
        if not blob_stays(on, case.shop_id, blob.digest):
            raise _gone()
    item = EvidenceItem(
        id=str(uuid_utils.uuid7()),
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


def _gone() -> Conflict:
    return Conflict(
        Finding(
            code="evidence.content_gone",
            field="file",
            message=Text("文件在提交中被清理", "the file was cleared away while being handed in"),
            cure=Text("请重新提交", "hand it in again"),
        )
    )


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
