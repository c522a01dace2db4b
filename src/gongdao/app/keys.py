"""Keys of programs (密钥): made for a role or one shop, listed, rotated, revoked."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from gongdao.app.audit_call import audited
from gongdao.app.callers import make_key
from gongdao.app.permissions import Caller, Verb, allow, not_visible
from gongdao.app.plain_values import check_text
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.store.connection import Connection, transaction
from gongdao.store.people import KeyRow, end_key_at_latest, keys_of, revoke_key

KEY = Text("密钥", "key")
LONGEST_NAME_CHARACTERS = 100
#: How long the old key of a rotated one still opens, unless told otherwise.
OVERLAP_SECONDS = 24 * 3600
LONGEST_OVERLAP_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKey:
    """A new key: the words are shown only now."""

    id: str
    key: str


def list_keys(caller: Caller) -> tuple[KeyRow, ...]:
    """Return the caller's keys in his role, newest first, with when each was last used."""
    allow(caller, Verb.MANAGE_KEYS)
    with transaction() as on:
        return keys_of(on, caller.user_id, caller.post)


def add_key(
    caller: Caller,
    name: str,
    scopes: frozenset[str],
    *,
    shop_id: str | None = None,
    case_ids: AbstractSet[str] | None = None,
    expires_at: datetime | None = None,
) -> MadeKey:
    """Make a key, for all that the caller sees or for one shop, or named cases, only.

    Raises NotVisible for another's shop or case; BadInput `token.bad_name`, `.bad_scope`,
    `.no_cases`.
    """
    check_text(name, "name")
    if not name.strip() or len(name) > LONGEST_NAME_CHARACTERS:
        raise BadInput(
            Finding(
                code="token.bad_name",
                field="name",
                message=Text(
                    "请为密钥命名，最多 100 字", "name the key, in at most 100 characters"
                ),
            )
        )
    with audited(caller, Verb.MANAGE_KEYS, shop_id) as on:
        key = make_key(
            caller,
            name.strip(),
            scopes,
            expires_at=expires_at,
            shop_id=shop_id,
            case_ids=case_ids,
        )
        return MadeKey(id=keys_of(on, caller.user_id, caller.post)[0].id, key=key)


def rotate(caller: Caller, key_id: str, overlap_seconds: int = OVERLAP_SECONDS) -> MadeKey:
    """Return a new key like an old one, which opens nothing after the overlap.

    Raises NotVisible; Conflict `token.revoked`; NotAllowed-like BadInput for scopes lost meanwhile.
    """
    overlap = max(0, min(overlap_seconds, LONGEST_OVERLAP_SECONDS))
    with audited(caller, Verb.MANAGE_KEYS) as on:
        old = _find(on, caller, key_id)
        if old.revoked_at is not None:
            raise Conflict(
                Finding(
                    code="token.revoked",
                    field="key_id",
                    message=Text("该密钥已停用", "this key is revoked"),
                )
            )
        made = add_key(
            caller,
            old.name,
            frozenset(old.scopes),
            shop_id=old.shop_id,
            case_ids=None if old.case_ids is None else frozenset(old.case_ids),
            expires_at=old.expires_at,
        )
        end_key_at_latest(on, old.id, overlap)
    return made


def revoke(caller: Caller, key_id: str) -> None:
    """Let the key open nothing from now on; a second time changes nothing."""
    with audited(caller, Verb.MANAGE_KEYS) as on:
        revoke_key(on, _find(on, caller, key_id).id)


def _find(on: Connection, caller: Caller, key_id: str) -> KeyRow:
    found = next((k for k in keys_of(on, caller.user_id, caller.post) if k.id == key_id), None)
    if found is None:
        raise not_visible(KEY, "key_id")
    return found
