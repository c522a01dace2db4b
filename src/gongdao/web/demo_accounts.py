"""Demo accounts (演示账号): one a post, entered by a button; only where GONGDAO_DEMO is set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongdao.app.permissions import POST_LABELS, Post
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.store.models import Membership, User


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of the demonstration."""

    username: str
    post: Post
    name: Text
    purpose: Text

    @property
    def title(self) -> Text:
        """What the account is."""
        return POST_LABELS[self.post]


ACCOUNTS = (
    DemoAccount(
        "demo-buyer",
        Post.BUYER,
        Text("林晓雨", "Lin Xiaoyu"),
        Text("查看我的售后，申请介入", "my after-sales; ask the platform"),
    ),
    DemoAccount(
        "demo-merchant",
        Post.OWNER,
        Text("和风家居", "Hefeng Home"),
        Text("在时限内答复", "answer within the clock"),
    ),
    DemoAccount(
        "demo-agent",
        Post.AGENT,
        Text("小和", "Xiaohe"),
        Text("替店铺答复售后", "answers for the shop"),
    ),
    DemoAccount(
        "demo-arbitrator",
        Post.ARBITRATOR,
        Text("周明", "Zhou Ming"),
        Text("认定事实，作出裁决", "establish facts and rule"),
    ),
    DemoAccount(
        "demo-reviewer",
        Post.REVIEWER,
        Text("陈静", "Chen Jing"),
        Text("复审与申诉", "reviews and appeals"),
    ),
    DemoAccount(
        "demo-operator",
        Post.OPERATOR,
        Text("平台运营", "Operator"),
        Text("总览时钟与资金", "clocks and money at a glance"),
    ),
    DemoAccount(
        "demo-auditor",
        Post.AUDITOR,
        Text("审计", "Auditor"),
        Text("只读查阅全部案件", "reads every case, changes none"),
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
                role=account.post.value,
                marketplace_id=place.marketplace_id,
                shop_id=place.shop_id if account.post.role is Role.MERCHANT else None,
                buyer_id=place.buyer_id if account.post is Post.BUYER else None,
            )
