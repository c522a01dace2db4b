"""Checks of tables (判定表证明): total, consistent, every row of use, money within bounds.

Each check asks the solver for a case that breaks the property. A case found is answered by the
ordinary evaluation before it is reported: what the solver believes is not enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from gongdao.core.kernel.findings import Finding
from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text
from gongdao.core.rulebook.dependencies import facts_behind, names_in, names_of_table
from gongdao.core.rulebook.evaluate import evaluate
from gongdao.core.rulebook.expression import Binary, Call, Choice, Expression, Unary
from gongdao.core.rulebook.model import HitPolicy, Kind, Operator, Row, Rulebook, Table, Value
from gongdao.prove.logic import Model, Question, Term, all_of, any_of
from gongdao.prove.tables import EncodedBook, EncodedTable
from gongdao.prove.terms import Quantity
from gongdao.prove.witness import complete, facts_of, written

#: Facts of an order's money, and what they may not exceed.
_PAID = (
    ("postage", "paid"),
    ("claimed", "paid"),
    ("claimed_goods", "paid"),
    ("goods_amount", "paid"),
)

#: Outputs that carry money from party to party; other amounts may well be negative.
_REMEDIES = ("refund", "compensation", "penalty")


def check_table(book: Rulebook, table: Table) -> Iterator[Finding]:
    """Yield what is wrong with a table, each with a case that shows it."""
    encoded_book = EncodedBook(book)
    encoded = encoded_book.table(table.name)
    for name in _names_behind(book, table):
        if name in book.facts:
            encoded_book.vocabulary.fact(name)
    domain = complete(encoded_book.vocabulary, facts_asked_for_presence(book, table))
    domain += money_within_paid(encoded_book) + encoded_book.agreeing()
    if table.hit is not HitPolicy.COLLECT:
        yield from _not_total(encoded_book, encoded, domain)
    yield from _never_hit(encoded_book, encoded, domain)
    if table.hit is HitPolicy.UNIQUE:
        yield from _contradictions(encoded_book, encoded, domain)
    yield from _money_out_of_bounds(encoded_book, encoded, domain)


def _not_total(book: EncodedBook, encoded: EncodedTable, domain: list[Term]) -> Iterator[Finding]:
    table = encoded.table
    found = witness(book, [*domain, encoded.silent], lambda f: _silent(book.book, table.name, f))
    if found is not None:
        yield Finding(
            code="rules.not_total",
            field=f"tables.{table.name}",
            where=_where(book.book, table.rows[-1] if table.rows else None),
            message=Text(
                f"判定表 {table.name} 有遗漏：没有规则行适用于 {said(found)}",
                f"table `{table.name}` has a gap: no row applies to {said(found)}",
            ),
            cure=Text(
                "请为该情形补一行，或在末尾加默认行",
                "add a row for such a case, or a default row at the end",
            ),
        )


def _silent(book: Rulebook, table: str, facts: Mapping[str, Value]) -> bool:
    answer = evaluate(book, table, facts)
    return answer.status == "undecided" and not answer.hits


def _never_hit(book: EncodedBook, encoded: EncodedTable, domain: list[Term]) -> Iterator[Finding]:
    for index, (row, chosen) in enumerate(zip(encoded.table.rows, encoded.chosen, strict=True)):
        if not Question([*domain, chosen]).impossible():
            continue
        alone = Question([*domain, encoded.rows[index].yes]).impossible()
        shadow = None if alone else _first_shadow(encoded, index, domain)
        name = encoded.table.name
        if shadow is None:
            message = Text(
                f"规则行 {name}/{row.id} 的条件自相矛盾，永远不会适用",
                f"row `{name}/{row.id}` contradicts itself and never applies",
            )
        else:
            message = Text(
                f"规则行 {name}/{row.id} 永远轮不到：{shadow} 已先行适用",
                f"row `{name}/{row.id}` is unreachable: {shadow} already matches all it matches",
            )
        yield Finding(
            code="rules.unreachable_row",
            field=f"tables.{name}.rows.{index}",
            where=_where(book.book, row),
            message=message,
            cure=Text("请上移、改写或删除该行", "move it up, change it or delete it"),
        )


def _first_shadow(encoded: EncodedTable, index: int, domain: list[Term]) -> str:
    """Name the earlier rows that leave nothing to row `index`; one alone if one suffices."""
    mine = encoded.rows[index].yes
    for earlier in range(index):
        if Question([*domain, mine, encoded.rows[earlier].no]).impossible():
            return f"`{encoded.table.rows[earlier].id}`"
    return ", ".join(f"`{row.id}`" for row in encoded.table.rows[:index])


def _contradictions(
    book: EncodedBook, encoded: EncodedTable, domain: list[Term]
) -> Iterator[Finding]:
    table = encoded.table
    for one, other in combinations(range(len(table.rows)), 2):
        both = [*domain, encoded.rows[one].yes, encoded.rows[other].yes]
        found = witness(
            book, both, lambda f: evaluate(book.book, table.name, f).status == "undecided"
        )
        if found is not None:
            first, second = table.rows[one], table.rows[other]
            yield Finding(
                code="rules.contradiction",
                field=f"tables.{table.name}.rows.{other}",
                where=_where(book.book, second),
                message=Text(
                    f"{table.name}：{first.id} 与 {second.id} 同时适用于 {said(found)}",
                    f"`{table.name}`: `{first.id}` and `{second.id}` both apply to {said(found)}",
                ),
                cure=Text(
                    "请使条件互斥，或改为 hit: first",
                    "make them exclude each other, or use `hit: first`",
                ),
            )


def _money_out_of_bounds(
    book: EncodedBook, encoded: EncodedTable, domain: list[Term]
) -> Iterator[Finding]:
    """A remedy may not take money from the buyer, nor refund more than was paid."""
    table = encoded.table
    for output, type_ in table.gives.items():
        if type_.kind is not Kind.MONEY or output not in _REMEDIES:
            continue
        for chosen, given in _amounts(book, encoded, output):
            yield from _unbounded(book, table, output, given, [*domain, chosen])


def _amounts(
    book: EncodedBook, encoded: EncodedTable, output: str
) -> Iterator[tuple[Term, Quantity]]:
    """Yield when and which amounts come out: of a `collect` table each row's own."""
    table = encoded.table
    if table.hit is not HitPolicy.COLLECT:
        given = book.given(table.name, output)
        if isinstance(given, Quantity):
            yield encoded.decided, given
        return
    for row, chosen in zip(table.rows, encoded.chosen, strict=True):
        given = book.encoder.meaning(row.then[output]) if output in row.then else None
        if isinstance(given, Quantity):
            yield chosen, given


def _unbounded(
    book: EncodedBook, table: Table, output: str, given: Quantity, constraints: list[Term]
) -> Iterator[Finding]:
    bounds = [("negative", given.term < 0)]
    if output == "refund" and "paid" in book.book.facts:
        paid = book.vocabulary.fact("paid")
        if isinstance(paid, Quantity):
            bounds.append(("above_paid", all_of([paid.known, given.term > paid.term])))
    for kind, broken in bounds:
        found = witness(
            book,
            [*constraints, *book.vocabulary.domain, given.known, broken],
            lambda f, k=kind: _amount_out_of(book.book, table.name, output, k, f) is not None,
        )
        if found is not None:
            amount = _amount_out_of(book.book, table.name, output, kind, found)
            yield _money_finding(table, output, kind, amount, found)


def _amount_out_of(
    book: Rulebook, table: str, output: str, kind: str, facts: Mapping[str, Value]
) -> int | None:
    """Return the first amount that the table really gives out of its bound; None if none."""
    answer = evaluate(book, table, facts)
    paid = facts.get("paid")
    for outputs in answer.collected or (answer.outputs,):
        amount = outputs.get(output)
        if not isinstance(amount, int):
            continue
        if amount < 0 if kind == "negative" else isinstance(paid, int) and amount > paid:
            return amount
    return None


def _money_finding(
    table: Table, output: str, kind: str, amount: Value | None, facts: Mapping[str, Value]
) -> Finding:
    shown = yuan(amount) if isinstance(amount, int) else "?"
    why = {
        "negative": Text("为负", "is negative"),
        "above_paid": Text("超过实付金额", "is more than was paid"),
    }[kind]
    return Finding(
        code="rules.money_not_conserved",
        field=f"tables.{table.name}",
        message=Text(
            f"{table.name}.{output} = {shown} 元，{why.zh}：{said(facts)}",
            f"`{table.name}.{output}` = {shown} yuan {why.en}: {said(facts)}",
        ),
        cure=Text("请用 min、max 限定金额", "bound the amount with min and max"),
    )


def witness(
    book: EncodedBook, constraints: list[Term], confirms: Callable[[dict[str, Value]], bool]
) -> dict[str, Value] | None:
    """Return the facts of a case that satisfies `constraints`, confirmed by evaluation; else None.

    Months make the solver's calendar loose, so a case it believes in may not be one: then it is
    asked again, a few times, with that case excluded.
    """
    asked = Question(constraints)
    for _ in range(8):
        model = asked.case()
        if model is None:
            return None
        facts = facts_of(model, book.vocabulary)
        if confirms(facts):
            return facts
        asked.add(_not_this(model, book))
    return None


def _not_this(model: Model, book: EncodedBook) -> Term:
    differing: list[Term] = []
    for meaning in book.vocabulary.values.values():
        term = meaning.term if isinstance(meaning, Quantity) else meaning.yes
        differing.append(term != model.value(term))
    return any_of(differing)


def facts_asked_for_presence(book: Rulebook, table: Table) -> frozenset[str]:
    """Return the facts whose being known at all is a condition somewhere behind the table."""
    found: set[str] = set()
    names = _names_behind(book, table)
    for name in names:
        if name in book.formulas:
            found.update(_asked_known(book.formulas[name].expression))
    for other in {table.name, *(n.partition(".")[0] for n in names if "." in n)}:
        for row in book.tables[other].rows:
            for output in row.then.values():
                found.update(_asked_known(output))
            for cells in row.alternatives:
                for cell in cells:
                    if cell.operator in (Operator.KNOWN, Operator.UNKNOWN):
                        found.add(cell.name)
                    for operand in cell.operands:
                        found.update(_asked_known(operand))
    facts = {f for name in found for f in facts_behind(book, name)}
    return frozenset(facts)


def _asked_known(node: Expression) -> Iterator[str]:
    match node:
        case Unary("known"):
            yield from names_in(node.operand)
        case Unary():
            yield from _asked_known(node.operand)
        case Binary():
            yield from _asked_known(node.left)
            yield from _asked_known(node.right)
        case Call():
            for argument in node.arguments:
                yield from _asked_known(argument)
        case Choice():
            for part in (node.condition, node.then, node.otherwise):
                yield from _asked_known(part)
        case _:
            return


def _names_behind(book: Rulebook, table: Table) -> set[str]:
    """Return every name that the table rests on, through formulas and other tables."""
    waiting, found = list(names_of_table(table)), set[str]()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in book.formulas:
            waiting.extend(names_in(book.formulas[name].expression))
        elif "." in name:
            waiting.extend(names_of_table(book.tables[name.partition(".")[0]]))
    return found


def money_within_paid(book: EncodedBook) -> list[Term]:
    """What is true of every order: parts do not exceed what was paid, nothing is negative."""
    found: list[Term] = []
    for part, whole in _PAID:
        if part in book.book.facts and whole in book.book.facts:
            one, all_of = book.vocabulary.fact(part), book.vocabulary.fact(whole)
            if isinstance(one, Quantity) and isinstance(all_of, Quantity):
                found += [one.term >= 0, one.term <= all_of.term]
    return found


def said(facts: Mapping[str, Value]) -> str:
    """Write a counterexample on one line, as facts that can be tried."""
    return "{" + ", ".join(f"{name}: {value}" for name, value in written(facts).items()) + "}"


def _where(book: Rulebook, row: Row | None) -> str:
    return f"rulebooks/{book.id}/{book.version}.yaml:{row.line if row else 1}"
