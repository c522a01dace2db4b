"""Results as tables and bars on the terminal: cases by group and outcome, money by account."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.bar import Bar
from rich.table import Table

from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Claim, Party, label
from gongdao.core.remedies.ledger import account_label
from gongdao.core.remedies.transfer import PURPOSE_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from gongdao.app.simulate.results import Results

_BAR_CELLS = 20
OUTCOMES: dict[str, Text] = {
    "refunded": Text("已退款", "refunded"),
    "returned_refunded": Text("已退货退款", "returned and refunded"),
    "exchanged": Text("已换货", "exchanged"),
    "reshipped": Text("已补寄", "sent again"),
    "repaired": Text("已维修", "repaired"),
    "compensated": Text("已赔付", "compensated"),
    "withdrawn": Text("买家撤回", "withdrawn"),
    "expired": Text("逾期关闭", "expired"),
    "rejected_closed": Text("被拒后关闭", "closed after a refusal"),
    "dismissed": Text("不支持", "dismissed"),
    "open": Text("进行中", "open"),
    "advanced": Text("先行赔付", "paid in advance"),
}
_WORDS = {str(word): label(word) for word in (*Claim, *Party)}
_PURPOSES = {str(purpose): said for purpose, said in PURPOSE_LABELS.items()}


def show_results(console: Console, found: Results, labels: Mapping[str, Text]) -> None:
    """Print the tables: cases by group and outcome, clocks, money by account, the ledger's sum."""
    console.print(_cases(found, labels))
    console.print(_money(found))
    ledger = "[green]" if found.ledger_sum_fen == 0 else "[bold red]"
    console.print(
        f"到期处理 deadlines fired [bold]{found.fired}[/] · 裁决 ruled [bold]{found.ruled}[/] · "
        f"未结 open [bold]{found.open}[/] · "
        f"账本合计 ledger sum {ledger}{found.ledger_sum_fen} 分 fen[/]"
    )


def _cases(found: Results, labels: Mapping[str, Text]) -> Table:
    most = max((n for group in found.by_group.values() for n in group.values()), default=1)
    table = Table(title="案件 · cases", title_justify="left", header_style="bold")
    for column in ("理由 · ground", "结果 · outcome", "数量 · number", ""):
        table.add_column(column, justify="right" if "number" in column else "left")
    for name, outcomes in found.by_group.items():
        shown = _both(labels.get(name) or _WORDS.get(name), name)
        for outcome, number in sorted(_ended(outcomes).items(), key=lambda pair: -pair[1]):
            table.add_row(
                shown,
                _both(OUTCOMES.get(outcome), outcome),
                str(number),
                Bar(most, 0, number, width=_BAR_CELLS, color="cyan"),
            )
            shown = ""
        table.add_section()
    return table


def _ended(outcomes: Mapping[str, int]) -> dict[str, int]:
    """Cases still open are one line, whatever stage they are at."""
    ended: Counter[str] = Counter()
    for outcome, number in outcomes.items():
        ended["open" if outcome.startswith("open:") else outcome] += number
    return dict(ended)


def _money(found: Results) -> Table:
    most = max((abs(fen) for fen in found.moved_fen.values()), default=1) or 1
    table = Table(
        title="资金（案件造成的净额，元）· money moved by the cases, net, yuan",
        title_justify="left",
        header_style="bold",
    )
    for column in ("账户 · account", "净额 · net", ""):
        table.add_column(column, justify="right" if "net" in column else "left")
    for account, fen in found.moved_fen.items():
        table.add_row(
            _both(account_label(account), account),
            yuan(fen),
            Bar(most, 0, abs(fen), width=_BAR_CELLS, color="green" if fen >= 0 else "red"),
        )
    table.add_section()
    for purpose, fen in found.by_purpose.items():
        table.add_row(_both(_PURPOSES.get(purpose), purpose), yuan(fen), "")
    return table


def _both(label: Text | None, name: str) -> str:
    return f"{label.zh} · {label.en}" if label is not None else name
