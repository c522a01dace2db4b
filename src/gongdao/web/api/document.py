"""The OpenAPI document (接口文档): what ninja derives, refusals and recorded examples added.

The examples are calls that were really made, recorded by `tools/record_examples.py`; a test holds
each of them to the schemas, so that a shape cannot change behind its example.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from gongdao.web.api.problems import CONTENT_TYPE

#: What every refusal looks like (RFC 9457).
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457). `code` is stable; the words follow Accept-Language.",
    "required": ["type", "title", "status", "code", "detail", "field", "cure", "findings"],
    "properties": {
        "type": {"type": "string", "description": "`urn:gongdao:problem:` and the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string", "description": "What is wrong, in a sentence."},
        "field": {"type": ["string", "null"], "description": "Which part of the request."},
        "cure": {"type": ["string", "null"], "description": "What to do about it."},
        "findings": {
            "type": "array",
            "description": "Everything found wrong, the first of which is the problem's own.",
            "items": {
                "type": "object",
                "required": ["code", "field", "message", "cure", "severity"],
                "properties": {
                    "code": {"type": "string"},
                    "field": {"type": ["string", "null"]},
                    "message": {"type": "string"},
                    "cure": {"type": ["string", "null"]},
                    "severity": {"type": "string", "enum": ["error", "warning", "note"]},
                },
            },
        },
    },
}
_CONTENT = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
_RESPONSES: dict[str, dict[str, Any]] = {
    "Problem": {
        "description": "Refused: 401 not signed in, 403 not allowed, 404 not there for the caller, "
        "409 in conflict with the present state, 412 another version, 422 not valid.",
        "content": _CONTENT,
    },
    "TooMany": {
        "description": "Too many requests.",
        "headers": {
            "Retry-After": {
                "description": "Seconds to wait.",
                "schema": {"type": "integer"},
            }
        },
        "content": _CONTENT,
    },
}


class DocumentedAPI(NinjaAPI):
    """An API whose document also tells its refusals and shows examples."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the OpenAPI 3.1 document."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        document["components"]["schemas"]["ProblemOut"] = PROBLEM
        document["components"]["responses"] = _RESPONSES
        for operation in operations(document):
            operation["responses"] = {
                **{str(status): told for status, told in operation["responses"].items()},
                "429": {"$ref": "#/components/responses/TooMany"},
                "4XX": {"$ref": "#/components/responses/Problem"},
            }
            _show(operation, examples().get(operation["operationId"], {}))
        return document


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every operation of an OpenAPI document."""
    for path in document["paths"].values():
        yield from path.values()


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Return operation id -> `request` and `response` of a call that was made."""
    return dict(json.loads(files("gongdao.web.api").joinpath("examples.json").read_text("utf-8")))


def _show(operation: dict[str, Any], example: dict[str, Any]) -> None:
    """Put the example at the body asked for and at the answer, where the operation has them."""
    wanted = operation.get("requestBody", {}).get("content", {})
    answered = operation["responses"].get("200", {}).get("content", {})
    for side, content in (("request", wanted), ("response", answered)):
        if side in example:
            for media in content.values():
                media["example"] = example[side]
