"""Strategies (商家策略): kept by version, checked like rulebooks, tried, then switched on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TypeAlias

from gongdao.app.permissions import SHOP, Caller, Verb, allow, not_visible
from gongdao.core.cases.model import Case
from gongdao.core.cases.strategy import Strategy, check_strategy, judge
from gongdao.core.kernel.findings import BadInput, Conflict, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Role
from gongdao.core.rulebook.check import check_book
from gongdao.core.rulebook.model import Rulebook
from gongdao.core.rulebook.parse import parse_rulebook
from gongdao.library.strict_yaml import read_yaml
from gongdao.store import strategies as kept
from gongdao.store.cases import marketplace_now
from gongdao.store.connection import Connection, transaction
from gongdao.store.marketplaces import shop_marketplace
from gongdao.store.trail import AuditEntry, add_audit

Proof: TypeAlias = Callable[[Rulebook], Iterable[Finding]]
TRIED_DAYS = 90
MOST_TRIED = 20_000
_LARGEST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a strategy would have done to the shop's past requests."""

    requests: int
    agreed: int
    """Requests that it would have agreed to by itself."""
    agreed_fen: int
    undecided: int
    """Requests of which it could not tell; a person would have answered."""
    by_row: Mapping[str, int]
    outcomes: Mapping[str, int]
    """How the requests that it would have agreed to really ended; `open` while they have not."""
    sample: tuple[str, ...]
    """Case ids of some that it would have agreed to, newest first."""


def keep(
    caller: Caller, shop_id: str, text: str, prove: Proof
) -> tuple[str, int, tuple[Finding, ...]]:
    """Keep a new version of a strategy; return its name, version and the remarks on it.

    `prove` is the solver's check of a rulebook; it is not installed everywhere, so the caller
    brings it.

    Raises BadInput with every error of the rulebook, proofs included.
    """
    allow(caller, Verb.MANAGE_STRATEGIES)
    body = text.encode()
    if len(body) > _LARGEST_BYTES:
        raise BadInput(
            Finding(
                code="strategy.too_large",
                field="text",
                message=Text("策略不能超过 64 KB", "a strategy has at most 64 KB"),
            )
        )
    book = _read(body)
    findings = (*check_strategy(book), *check_book(book), *prove(book))
    errors = [f for f in findings if f.severity == "error"]
    if errors:
        raise BadInput(*errors)
    name = book.id.partition("/")[2]
    with transaction() as on:
        _visible_shop(on, caller, shop_id)
        version = kept.add_strategy(on, shop_id, name, body, caller.user_id)
        _audit(on, caller, shop_id, f"kept {name}@{version}")
    return name, version, findings


def versions(caller: Caller, shop_id: str) -> tuple[kept.StrategyRow, ...]:
    """Return every version of the shop's strategies."""
    allow(caller, Verb.MANAGE_STRATEGIES)
    with transaction() as on:
        _visible_shop(on, caller, shop_id)
        return kept.strategies(on, shop_id)


def dry_run(
    caller: Caller,
    shop_id: str,
    name: str,
    version: int,
    *,
    days: int = TRIED_DAYS,
    now: datetime | None = None,
) -> DryRun:
    """Tell what the version would have agreed to among the shop's requests of the last days."""
    allow(caller, Verb.MANAGE_STRATEGIES)
    with transaction() as on:
        marketplace_id = _visible_shop(on, caller, shop_id)
        book = _read(_version(on, shop_id, name, version).body)
        since = (now or marketplace_now(on, marketplace_id)) - timedelta(days=days)
        report = _try(book, kept.past_requests(on, shop_id, since, MOST_TRIED))
        kept.note_tried(on, shop_id, name, version)
        _audit(on, caller, shop_id, f"tried {name}@{version}")
    return report


def switch(caller: Caller, shop_id: str, name: str, version: int, *, to: bool) -> None:
    """Switch a version on or off. Raises Conflict `strategy.not_tried` before its dry run."""
    allow(caller, Verb.MANAGE_STRATEGIES)
    with transaction() as on:
        _visible_shop(on, caller, shop_id)
        row = _version(on, shop_id, name, version)
        if to and row.tried_at is None:
            raise Conflict(
                Finding(
                    code="strategy.not_tried",
                    field="version",
                    message=Text("该策略还没有试跑过", "this version has not been tried yet"),
                    cure=Text("请先用以往的申请试跑", "try it on past requests first"),
                )
            )
        kept.switch(on, shop_id, name, version, caller.user_id, to=to)
        _audit(on, caller, shop_id, f"{'on' if to else 'off'} {name}@{version}")


def strategies_of(on: Connection, shop_ids: Collection[str]) -> dict[str, tuple[Strategy, ...]]:
    """Return what is switched on in these shops."""
    found: dict[str, tuple[Strategy, ...]] = {}
    for shop_id, name, version, body in kept.strategies_on(on, shop_ids):
        strategy = Strategy(name=name, version=version, book=_read(body))
        found[shop_id] = (*found.get(shop_id, ()), strategy)
    return found


@lru_cache(maxsize=1024)
def _read(body: bytes) -> Rulebook:
    document = read_yaml(body, "strategy.yaml")
    digest = sha256(body).hexdigest()
    parsed = parse_rulebook(document.data, document.where, digest=digest)
    if parsed.book is None:
        raise BadInput(*(f for f in parsed.findings if f.severity == "error"))
    return parsed.book


def _try(book: Rulebook, cases: Iterable[Case]) -> DryRun:
    requests = undecided = agreed_fen = 0
    rows: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    agreed: list[str] = []
    for case in cases:
        requests += 1
        # As the merchant saw the request: what was found or shown later is left out.
        verdict = judge(book, replace(case, facts={}, evidence=()))
        if verdict is None:
            undecided += 1
            continue
        rows[verdict.row] += 1
        if verdict.agree:
            agreed.append(case.id)
            agreed_fen += case.requested_fen
            outcomes[case.outcome or "open"] += 1
    return DryRun(
        requests=requests,
        agreed=len(agreed),
        agreed_fen=agreed_fen,
        undecided=undecided,
        by_row=dict(rows),
        outcomes=dict(outcomes),
        sample=tuple(agreed[:20]),
    )


def _version(on: Connection, shop_id: str, name: str, version: int) -> kept.StrategyRow:
    for row in kept.strategies(on, shop_id):
        if (row.name, row.version) == (name, version):
            return row
    raise not_visible(Text("策略", "strategy"), "version")


def _visible_shop(on: Connection, caller: Caller, shop_id: str) -> str:
    marketplace_id = shop_marketplace(on, shop_id)
    of_mine = caller.role is not Role.MERCHANT or shop_id in caller.shop_ids
    if marketplace_id is None or marketplace_id not in caller.marketplace_ids or not of_mine:
        raise not_visible(SHOP, "shop_id")
    return marketplace_id


def _audit(on: Connection, caller: Caller, shop_id: str, result: str) -> None:
    entry = AuditEntry(
        user_id=caller.user_id,
        role=caller.role,
        verb=Verb.MANAGE_STRATEGIES,
        shop_id=shop_id,
        case_id=None,
        key="",
        result=result,
    )
    add_audit(on, entry)
