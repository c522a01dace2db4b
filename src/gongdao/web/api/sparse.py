"""Sparse fields (字段选取): `?fields=case.id,case.stage` returns these parts of an answer alone."""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from django.http import JsonResponse
from ninja import Query, Schema
from ninja.responses import NinjaJSONEncoder
from pydantic import BaseModel

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

Fields: TypeAlias = Annotated[
    str | None,
    Query(
        description="Only these fields, separated by commas; a dot goes into a part:"
        " `case_id,stage`, `case.id,case.order.order_id`. Of a list they are the fields of its"
        " items. Without it everything is returned. An unknown field is refused, 422"
        " `fields.unknown`."
    ),
]
#: Field -> fields wanted of it; an empty tree: all of it.
_Tree: TypeAlias = "dict[str, _Tree]"


def sparse(shape: type[Schema], answer: Any, fields: str | None) -> Any:  # noqa: ANN401  any answer
    """Return the answer, or of it the fields wanted alone.

    `shape` is the answer's own. Raises BadInput `fields.unknown` naming each field it lacks.
    """
    if fields is None:
        return answer
    tree = _tree_of(fields, shape)
    whole = shape.model_validate(answer, from_attributes=True).model_dump()
    return _written(_picked(whole, tree))


def sparse_page(
    shape: type[Schema], item: type[Schema], answer: dict[str, Any], fields: str | None
) -> Any:  # noqa: ANN401  any answer
    """Return a page of a list, its items with the fields wanted alone. Raises as `sparse`."""
    if fields is None:
        return answer
    tree = _tree_of(fields, item)
    whole = shape.model_validate(answer, from_attributes=True).model_dump()
    items = [_picked(each, tree) for each in whole["items"]]
    return _written(whole | {"items": items})


def _written(answer: Any) -> JsonResponse:  # noqa: ANN401  any JSON
    """Write it as ninja writes whole answers, instants and all."""
    return JsonResponse(answer, encoder=NinjaJSONEncoder, json_dumps_params={"ensure_ascii": False})


def _tree_of(fields: str, shape: type[BaseModel]) -> _Tree:
    tree: _Tree = {}
    unknown: list[Finding] = []
    for named in (part.strip() for part in fields.split(",")):
        found = _known(named, shape)
        if found is not None:
            unknown.append(found)
            continue
        branch = tree
        for part in named.split("."):
            branch = branch.setdefault(part, {})
    if unknown:
        raise BadInput(*unknown)
    return tree


def _known(named: str, shape: type[BaseModel]) -> Finding | None:
    """Return what is wrong with a field's name, if anything."""
    here: type[BaseModel] | None = shape
    for part in named.split("."):
        if here is None or part not in here.model_fields:
            have = ", ".join(here.model_fields) if here is not None else ""
            return Finding(
                code="fields.unknown",
                field="fields",
                message=Text(f"没有字段“{named}”", f"there is no field `{named}`"),
                cure=Text(f"可选：{have}", f"choose from: {have}") if have else None,
            )
        here = _model_in(here.model_fields[part].annotation)
    return None


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  as pydantic keeps it
    """Return the shape inside an annotation: of itself, of a list's items, of an optional one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {list, Union, UnionType}:
        for inside in get_args(annotation):
            if (found := _model_in(inside)) is not None:
                return found
    return None


def _picked(value: Any, tree: _Tree) -> Any:  # noqa: ANN401  any JSON
    if not tree or value is None:
        return value
    if isinstance(value, list):
        return [_picked(each, tree) for each in value]
    return {name: _picked(value[name], branch) for name, branch in tree.items()}
