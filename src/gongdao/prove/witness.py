"""Witnesses (反例): a solver's model as facts of a case, checked by the ordinary evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from gongdao.core.kernel.time import Span
from gongdao.core.rulebook.model import Kind, TypeOf, Value
from gongdao.prove.logic import Model, Term, any_of
from gongdao.prove.terms import Meaning, Quantity, Truth, members
from gongdao.prove.vocabulary import Vocabulary


def facts_of(model: Model, vocabulary: Vocabulary) -> dict[str, Value]:
    """Return the known facts of a model; facts left open by it are left out."""
    found: dict[str, Value] = {}
    for name, meaning in vocabulary.values.items():
        if name.startswith("parameter "):
            continue
        value = _value(model, meaning, vocabulary.book.facts[name].type, vocabulary)
        if value is not None:
            found[name] = value
    return found


def _value(model: Model, meaning: Meaning, type_: TypeOf, vocabulary: Vocabulary) -> Value | None:
    if isinstance(meaning, Truth):
        return True if model.holds(meaning.yes) else (False if model.holds(meaning.no) else None)
    if not model.holds(meaning.known):
        return None
    term = meaning.term
    match type_.kind:
        case Kind.DECIMAL:
            return model.fraction(term)
        case Kind.TEXT:
            return model.string(term)
        case Kind.ENUM:
            return members(vocabulary.book, type_.enum or "")[model.whole(term)]
        case Kind.INSTANT:
            return datetime.fromtimestamp(model.whole(term), UTC)
        case Kind.SPAN:
            return Span(0, model.whole(term))
        case _:
            return model.whole(term)


def complete(vocabulary: Vocabulary, may_be_unknown: frozenset[str]) -> list[Term]:
    """Return the constraints of a case in which every fact is known, but for those named."""
    found: list[Term] = list(vocabulary.domain)
    for name, meaning in vocabulary.values.items():
        if name not in may_be_unknown:
            found.append(known(meaning))
    return found


def known(meaning: Meaning) -> Term:
    """Return the term that says a value is known."""
    return meaning.known if isinstance(meaning, Quantity) else any_of([meaning.yes, meaning.no])


def written(facts: Mapping[str, Value]) -> dict[str, bool | int | str]:
    """Write facts as `gongdao decide --facts` reads them, so that a counterexample can be tried."""
    return {name: _plain(value) for name, value in sorted(facts.items())}


def _plain(value: Value) -> bool | int | str:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
