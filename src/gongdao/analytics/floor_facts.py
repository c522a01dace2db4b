"""Facts of law in bulk (法定事实): what a table of law reads beside a platform's own facts.

A fact that both books declare was judged by the platform's. Where the law would not accept it, a
word that it does not know or a number outside its bounds, it is unknown to the law, as it is for
one case. Facts that the law alone declares are refused like any others when they cannot be.
"""

from __future__ import annotations

from dataclasses import replace

from gongdao.analytics.agreement import facts_of_requirements, refuse_contradictions
from gongdao.analytics.intake import Access, Intake, given_columns, made_ready, require_types
from gongdao.analytics.plan import facts_read
from gongdao.analytics.refusals import other_kind
from gongdao.analytics.survey import survey
from gongdao.core.rulebook.facts import enums_of
from gongdao.core.rulebook.model import FactDeclaration, Kind, Rulebook, Value
from gongdao.core.rulebook.operations import BINARY


def facts_of_law(
    book: Rulebook, own: Intake, law: Rulebook, table: str, access: Access, prefix: str
) -> Intake:
    """Return what `table` of `law` reads of the cases that `own` holds for `book`.

    Columns are added to the relation of `own` under names that start with `prefix`. BadInput for
    what the law alone declares and no fact may be, and `bulk.other_kind` where the two books
    declare a fact that is read by different types.
    """
    given = given_columns(law, tuple(own.relation.columns))
    alone = {f: n for f, n in given.items() if f not in book.facts}
    require_types(law, own.relation, alone)
    seen = dict(survey(law, own.relation, alone, access.run))
    wanted = facts_read(law, table) | facts_of_requirements(law)
    narrow: set[str] = set()
    for fact in wanted & set(book.facts):
        one, other = book.facts[fact], law.facts[fact]
        if one.type.kind is not other.type.kind:
            raise other_kind(fact, book.ref, law.ref)
        if fact not in own.seen:
            continue
        seen[fact] = own.seen[fact]
        if _narrower(book, one, law, other):
            narrow.add(fact)
            seen[fact] = replace(seen[fact], nulls=True)
    used = {f: n for f, n in given.items() if f in wanted}
    read = made_ready(
        law, own.relation, used, seen, access, prefix=prefix, narrow=frozenset(narrow)
    )
    if alone:
        refuse_contradictions(law, read, access.run, book.facts)
    return read


def _narrower(book: Rulebook, one: FactDeclaration, law: Rulebook, other: FactDeclaration) -> bool:
    """Tell whether the law may refuse a value that the platform's book accepts."""
    if one.type.kind is Kind.ENUM:
        return not _words(book, one) <= _words(law, other)
    return _tighter(one.minimum, other.minimum, ">=") or _tighter(one.maximum, other.maximum, "<=")


def _words(book: Rulebook, declared: FactDeclaration) -> set[str]:
    enum = enums_of(book)[declared.type.enum or ""]
    return {*enum.members, *enum.synonyms}


def _tighter(mine: Value | None, theirs: Value | None, holds: str) -> bool:
    return theirs is not None and (mine is None or BINARY[holds](mine, theirs) is not True)
