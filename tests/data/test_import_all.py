"""Real exports by the command line and by files sent to the API: the same, and the ledger is 0."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from gongdao.app.found_marketplace import found_marketplace
from gongdao.app.permissions import Post
from gongdao.cli import import_
from gongdao.connectors.batch import Batch
from gongdao.connectors.mapped_orders import read_mapped_file
from gongdao.connectors.mapping import find_mapping, read_mapping
from gongdao.connectors.olist import Destination, read_olist
from gongdao.connectors.online_retail import read_invoices, read_returns
from gongdao.core.kernel.text import Text
from gongdao.store.marketplaces import MarketplaceRow
from gongdao.store.models import Membership, User
from tests.app.world import everything_holds, rows
from tests.data.canonical_file import orders_file, requests_file
from tests.web.stage import Answer, Program

DATA = Path(__file__).parents[3] / "shared" / "data"
TMALL = DATA / "tmall" / "tmall_orders.csv.gz"
RETAIL = DATA / "online_retail" / "online_retail.parquet"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not here: ../shared/data"),
    pytest.mark.usefixtures("db"),
]
Read = Callable[[str], Iterator[Batch[Any]]]
Errors = Counter[tuple[str, str]]


def _tmall(marketplace: str) -> Iterator[Batch[Any]]:
    return read_mapped_file(TMALL, read_mapping(find_mapping(Path("tmall-orders"))), marketplace)


def _olist(marketplace: str) -> Iterator[Batch[Any]]:
    return read_olist(DATA / "olist", Destination(marketplace_id=marketplace, platform="tmall"))


def by_command(folder: Path, *words: str) -> Errors:
    """Run `gongdao import …` into `bulk` and return its row errors by row."""
    report = folder / "errors.csv"
    done = CliRunner().invoke(
        import_.app, [*words, "--marketplace", "bulk", "--errors", str(report), "--json"]
    )
    assert done.exit_code == 0, done.output
    return sum((_errors_in(path) for path in folder.glob("errors*.csv")), Counter())


def _errors_in(report: Path) -> Errors:
    with report.open(encoding="utf-8-sig", newline="") as file:
        return Counter((row["row"], row["code"]) for row in csv.DictReader(file))


def an_operator() -> Program:
    found_marketplace(MarketplaceRow(id="told", platform="tmall", title=Text("市场", "market")))
    user = User.objects.create(username="teller")
    Membership.objects.create(user=user, role=Post.OPERATOR.value, marketplace_id="told")
    return Program("teller")


def send(program: Program, subject: str, content: bytes) -> Answer:
    where = f"/imports/{subject}?marketplace_id=told&filename={subject}.jsonl"
    done = program.send_file(where, content)
    assert done.status == 200, done.body
    assert done.body["finished"]
    assert done.body["unread"] == []
    again = program.send_file(where, content)
    assert again.body | {"resumed_at": 0} == done.body
    assert again.body["resumed_at"] == done.body["rows"]
    return done


def by_upload(read: Read, program: Program) -> Errors:
    """Send what the reader yields as a file; return its findings and the API's, by code alone."""
    batches = list(read("told"))
    done = send(program, "orders", orders_file(r.value for b in batches for r in b.items))
    listed = program.get(
        "/imports/errors", marketplace_id="told", source=done.body["source"]
    ).body.decode("utf-8-sig")
    found = Counter(row["code"] for row in csv.DictReader(listed.splitlines()))
    found.update(f.finding.code for b in batches for f in b.findings)
    return Counter({("", code): count for code, count in found.items()})


def by_code(errors: Errors) -> Errors:
    found: Errors = Counter()
    for (_, code), count in errors.items():
        found["", code] += count
    return found


def orders_of(marketplace: str) -> list[tuple[object, ...]]:
    """Return every order whole, without the name of the marketplace in its shop."""
    return rows(
        "SELECT order_id, paid_fen, replace(convert_from(snapshot, 'UTF8'), %s, 'm:')"
        " FROM orders WHERE marketplace_id = %s ORDER BY shop_id, order_id",
        f"{marketplace}:",
        marketplace,
    )


def ledger_of(marketplace: str) -> list[tuple[object, ...]]:
    return rows(
        "SELECT p.account, p.purpose, count(*), sum(p.amount_fen)::bigint FROM posting AS p"
        " JOIN shop AS s ON s.id = p.shop_id WHERE s.marketplace_id = %s GROUP BY 1, 2 ORDER BY 1, 2",
        marketplace,
    )


@pytest.mark.parametrize(
    ("words", "read", "count"),
    [
        (("orders", str(TMALL), "--mapping", "tmall-orders"), _tmall, 12358),
        (("olist", str(DATA / "olist"), "--platform", "tmall"), _olist, 9984),
    ],
    ids=["tmall", "olist"],
)
def test_the_command_and_the_upload_take_in_the_same(
    tmp_path: Path, words: tuple[str, ...], read: Read, count: int
) -> None:
    errors = by_command(tmp_path, *words)
    told = by_upload(read, an_operator())
    assert by_code(errors) == told
    assert len(orders_of("bulk")) == count
    assert orders_of("bulk") == orders_of("told")
    assert ledger_of("bulk") == ledger_of("told") != []
    everything_holds()


@pytest.mark.parametrize(
    "most_rows", [40_000, pytest.param(None, marks=pytest.mark.deep)], ids=["begin", "whole"]
)
def test_online_retail_with_its_returns(tmp_path: Path, most_rows: int | None) -> None:
    path = RETAIL
    if most_rows is not None:
        path = tmp_path / "begin.parquet"
        pq.write_table(pq.read_table(RETAIL).slice(0, most_rows), path)
    errors = by_command(tmp_path, "online-retail", str(path))
    program = an_operator()
    told = by_upload(lambda m: read_invoices(path, m, "tmall"), program)
    returns = list(read_returns(path, "told", "tmall"))
    asked = [r.value for batch in returns for r in batch.items]
    done = send(program, "requests", requests_file(asked))
    told.update(("", f.finding.code) for batch in returns for f in batch.findings)
    listed = program.get("/imports/errors", marketplace_id="told", source=done.body["source"])
    for row in csv.DictReader(listed.body.decode("utf-8-sig").splitlines()):
        told["", row["code"]] += 1
    assert by_code(errors) == told
    assert {code for _, code in told} >= {
        "online_retail.unmatched", "online_retail.not_goods", "online_retail.no_customer",
        "online_retail.no_price", "online_retail.no_quantity",
    }  # fmt: skip
    assert orders_of("bulk") == orders_of("told")
    assert ledger_of("bulk") == ledger_of("told") != []
    bulk, sent = (
        rows(
            "SELECT order_id, claim, requested_fen, stage, opened_at, version FROM cases"
            " WHERE marketplace_id = %s ORDER BY order_id, opened_at, requested_fen",
            name,
        )
        for name in ("bulk", "told")
    )
    assert bulk == sent
    assert len(bulk) == done.body["taken"] > (100 if most_rows else 2000)
    everything_holds()
