"""Who a user may be, and whom a program's key acts as."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from gongdao.app.callers import caller_of_key, callers_of, make_key
from gongdao.app.permissions import ALL_SCOPES, PERMISSIONS, Caller, Post, Verb, allow
from gongdao.core.kernel.findings import BadInput, NotAllowed
from gongdao.core.kernel.words import Role
from gongdao.store.connection import cursor, transaction
from gongdao.store.people import MembershipRow, add_membership
from gongdao.store.postgres import Address
from tests.app.world import MARKET, MARKETS, SHOP, one, with_orders


@pytest.fixture
def user(db: Address) -> str:
    """A user who is merchant of a shop, and a buyer."""
    with_orders(1)
    user_id = uuid4()
    with transaction() as on:
        cursor(on).execute(
            "INSERT INTO account_user (id, password, is_superuser, username, first_name, last_name,"
            " email, is_staff, is_active, date_joined)"
            " VALUES (%s, '', false, 'lin', '', '', '', false, true, now())",
            [user_id],
        )
        merchant = MembershipRow(role="merchant", marketplace_id=MARKET, shop_id=SHOP)
        for row in (
            merchant,
            merchant,
            MembershipRow(role="buyer", marketplace_id=MARKET, buyer_id="b1"),
        ):
            add_membership(on, str(user_id), row)
    return str(user_id)


def test_a_user_is_one_caller_a_role(user: str) -> None:
    buyer, merchant = callers_of(user)
    assert buyer == Caller(user_id=user, role=Role.BUYER, marketplace_ids=MARKETS, buyer_id="b1")
    assert merchant == Caller(
        user_id=user, role=Role.MERCHANT, marketplace_ids=MARKETS, shop_ids=frozenset({SHOP})
    )
    assert one("SELECT count(*) FROM membership") == 2


def test_a_key_acts_in_its_role_within_its_scopes(user: str) -> None:
    merchant = callers_of(user)[1]
    key = make_key(merchant, "erp", frozenset({"cases:read"}))
    caller = caller_of_key(key)
    assert caller is not None
    assert (caller.role, caller.scopes, caller.shop_ids) == (
        Role.MERCHANT,
        frozenset({"cases:read"}),
        frozenset({SHOP}),
    )
    with pytest.raises(NotAllowed):
        allow(caller, Verb.ACT)
    assert caller_of_key(key + "x") is None
    assert key.encode() not in bytes(one("SELECT hash FROM api_token"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE api_token SET revoked_at = now()",
        "UPDATE api_token SET expires_at = now() - interval '1 second'",
        "UPDATE account_user SET is_active = false",
        "DELETE FROM membership WHERE role = 'merchant'",
    ],
)
def test_a_key_ends_with_its_ground(user: str, end: str) -> None:
    key = make_key(callers_of(user)[1], "erp", frozenset({"cases:read"}))
    with transaction() as on:
        assert cursor(on).execute(end.encode()).rowcount == 1
    assert caller_of_key(key) is None


@pytest.mark.parametrize("scopes", [frozenset(), frozenset({"everything"})])
def test_a_key_has_scopes_that_exist(user: str, scopes: frozenset[str]) -> None:
    with pytest.raises(BadInput) as refusal:
        make_key(callers_of(user)[0], "erp", scopes)
    assert refusal.value.code == "token.bad_scope"
    assert one("SELECT count(*) FROM api_token") == 0


def test_nobody_is_a_caller_without_a_membership(db: Address) -> None:
    assert callers_of(str(UUID(int=9))) == ()


def test_every_verb_has_its_line_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Verb)
    assert all(p.roles for p in PERMISSIONS.values())
    assert {"cases:read", "cases:write", "payments:write"} <= ALL_SCOPES


@pytest.mark.parametrize("role", sorted({p.role for p in Post}))
@pytest.mark.parametrize("verb", list(Verb))
def test_a_verb_is_for_its_roles_alone(role: Role, verb: Verb) -> None:
    caller = Caller(user_id="u", role=role, marketplace_ids=MARKETS)
    if role in PERMISSIONS[verb].roles:
        allow(caller, verb)
    else:
        with pytest.raises(NotAllowed):
            allow(caller, verb)
