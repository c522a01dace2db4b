"""Demo accounts (演示账号): one a role, entered by a button; only where GONGDAO_DEMO is set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.models import Membership, User


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of the demonstration."""

    username: str
    role: Role
    name: Text
    purpose: Text


ACCOUNTS = (
    DemoAccount(
        "demo-buyer",
        Role.BUYER,
        Text("林晓雨", "Lin Xiaoyu"),
        Text("查看我的售后，申请介入", "my after-sales; ask the platform"),
    ),
    DemoAccount(
        "demo-merchant",
        Role.MERCHANT,
        Text("和风家居", "Hefeng Home"),
        Text("在时限内答复", "answer within the clock"),
    ),
    DemoAccount(
        "demo-arbitrator",
        Role.ARBITRATOR,
        Text("周明", "Zhou Ming"),
        Text("认定事实，作出裁决", "establish facts and rule"),
    ),
    DemoAccount(
        "demo-reviewer",
        Role.REVIEWER,
        Text("陈静", "Chen Jing"),
        Text("复审与申诉", "reviews and appeals"),
    ),
    DemoAccount(
        "demo-operator",
        Role.OPERATOR,
        Text("平台运营", "Operator"),
        Text("总览时钟与资金", "clocks and money at a glance"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlace:
    """A marketplace that the demo accounts act in: which shop and buyer are theirs there."""

    marketplace_id: str
    shop_id: str
    buyer_id: str


def create_demo_accounts(places: Iterable[DemoPlace]) -> None:
    """Make the demo accounts, or leave them as they are, with a role in every place."""
    chosen = list(places)
    for account in ACCOUNTS:
        user, made = User.objects.get_or_create(
            username=account.username, defaults={"first_name": account.name.zh}
        )
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        for place in chosen:
            Membership.objects.get_or_create(
                user=user,
                role=account.role.value,
                marketplace_id=place.marketplace_id,
                shop_id=place.shop_id if account.role is Role.MERCHANT else None,
                buyer_id=place.buyer_id if account.role is Role.BUYER else None,
            )
