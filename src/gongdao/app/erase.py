"""Erase (删除个人信息): what a buyer wrote and handed in goes; ledger and chain stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongdao.app.audit_call import audited
from gongdao.app.permissions import MARKETPLACE, Caller, Verb, allow, not_visible
from gongdao.core.cases.model import Case
from gongdao.core.kernel.findings import Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.blobs import remove_blob
from gongdao.store.connection import Connection
from gongdao.store.personal_keys import (
    cases_of_buyer,
    close_accounts,
    erase_person,
    forget_blob,
    used_elsewhere,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was erased."""

    keys: int
    """Each opened what the person wrote about one order."""
    files: int
    accounts: int


def erase_buyer(caller: Caller, marketplace_id: str, buyer_id: str) -> Erasure:
    """Erase the words, files and account of a buyer of a marketplace.

    Raises NotAllowed, NotVisible; Conflict `erase.case_open` while a case of the buyer runs: its
    other side has a right to an answer to what was said.
    """
    allow(caller, Verb.ERASE_PERSON)
    if marketplace_id not in caller.marketplace_ids:
        raise not_visible(MARKETPLACE, "marketplace_id")
    with audited(caller, Verb.ERASE_PERSON) as on:
        cases = cases_of_buyer(on, marketplace_id, buyer_id)
        if any(case.closed_at is None for case in cases):
            raise Conflict(
                Finding(
                    code="erase.case_open",
                    field="buyer_id",
                    message=Text("该买家还有未结案件", "a case of this buyer is still open"),
                    cure=Text("结案后再删除", "erase when it has ended"),
                )
            )
        erasure = Erasure(
            keys=erase_person(on, marketplace_id, f"buyer:{buyer_id}"),
            files=len(forgotten := forget_files(on, cases, frozenset({Role.BUYER}))),
            accounts=close_accounts(on, marketplace_id, buyer_id),
        )
    for digest in forgotten:
        remove_blob(digest)
    return erasure


def forget_files(
    on: Connection, cases: Iterable[Case], by: frozenset[Role] | None = None
) -> tuple[str, ...]:
    """Forget evidence of these cases, of the given roles or of all; return what is nobody's now.

    A file that another side handed in, or that another case has or refers to, is kept for them.
    """
    chosen = list(cases)
    kept = {
        (c.shop_id, e.digest)
        for c in chosen
        for e in c.evidence
        if by is not None and e.by not in by
    }
    gone = {
        (c.shop_id, e.digest) for c in chosen for e in c.evidence if by is None or e.by in by
    } - kept
    gone -= used_elsewhere(on, sorted(gone), [c.id for c in chosen])
    return tuple(
        removed for shop_id, digest in sorted(gone) for removed in forget_blob(on, shop_id, digest)
    )
