"""What cannot be answered in bulk (拒绝理由), said so that the asker can do something about it."""

from __future__ import annotations

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

_ONE_BY_ONE = Text(
    "请逐案使用 gongdao decide --facts", "decide case by case with gongdao decide --facts"
)


def too_wide(table: str) -> BadInput:
    """Refuse arithmetic whose exact result may need more than 38 digits."""
    return BadInput(
        Finding(
            code="bulk.too_wide",
            field="subject",
            message=Text(
                f"判定表 {table} 在这些数值上的精确计算可能超过 38 位数字",
                f"on these values table `{table}` may need more than 38 digits to be exact",
            ),
            cure=Text(
                f"请检查过大的数值；{_ONE_BY_ONE.zh}", f"look for huge values; or {_ONE_BY_ONE.en}"
            ),
        )
    )


def calendar_span(table: str) -> BadInput:
    """Refuse working days, and months that differ from case to case or are given as outputs."""
    return BadInput(
        Finding(
            code="bulk.calendar_span",
            field="subject",
            message=Text(
                f"判定表 {table} 含按日历计算的月数或工作日，不能写成秒数",
                f"table `{table}` counts months or working days, which are no number of seconds",
            ),
            cure=_ONE_BY_ONE,
        )
    )


def other_kind(fact: str, book: str, law: str) -> BadInput:
    """Refuse a floor of law that reads a fact by another type than the platform's book."""
    return BadInput(
        Finding(
            code="bulk.other_kind",
            field=fact,
            message=Text(
                f"事实“{fact}”在 {book} 与 {law} 中类型不同，不能成批套用法定底线",
                f"{book} and {law} declare the fact `{fact}` of different types, so that the "
                "statutory floor cannot be applied in bulk",
            ),
            cure=_ONE_BY_ONE,
        )
    )


def no_such_table(book: str, table: str, names: tuple[str, ...]) -> BadInput:
    """Refuse a table that the rulebook does not have."""
    return BadInput(
        Finding(
            code="rules.no_such_table",
            field="subject",
            message=Text(f"{book} 中没有判定表“{table}”", f"{book} has no table `{table}`"),
            cure=Text(f"可用：{', '.join(names)}", f"tables: {', '.join(names)}"),
        )
    )


def taken_column(name: str) -> BadInput:
    """Refuse a file that already has a column which the answer would add."""
    return BadInput(
        Finding(
            code="bulk.column_taken",
            field=name,
            message=Text(f"输入已有列“{name}”", f"the input already has a column `{name}`"),
            cure=Text("请改列名", "rename it"),
        )
    )


def unreadable(file: str, reason: str) -> BadInput:
    """Refuse a file that is not there or is not Parquet."""
    return BadInput(
        Finding(
            code="bulk.unreadable",
            field="bulk",
            message=Text(f"无法读取 {file}：{reason}", f"cannot read {file}: {reason}"),
            cure=Text("请给出 Parquet 文件", "give a Parquet file"),
        )
    )


def unwritable(file: str, reason: str) -> BadInput:
    """Refuse an output that cannot be written where it was asked for."""
    return BadInput(
        Finding(
            code="bulk.unwritable",
            field="out",
            message=Text(f"无法写入 {file}：{reason}", f"cannot write {file}: {reason}"),
            cure=Text("请换一个位置", "choose another place"),
        )
    )


def no_fact_column(names: tuple[str, ...]) -> BadInput:
    """Refuse a file none of whose columns is a fact that the table reads."""
    return BadInput(
        Finding(
            code="bulk.no_fact_column",
            field="bulk",
            message=Text(
                "输入中没有一列是该判定表读取的事实",
                "no column of the input is a fact that is read",
            ),
            cure=Text(f"列名：{', '.join(names)}", f"columns: {', '.join(names)}"),
        )
    )
