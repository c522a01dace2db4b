"""Problems (错误应答): every refusal as RFC 9457 problem+json, in the asker's language.

The members are the same for every refusal: type, title, status, code, detail, field, cure and
findings; `code` is stable, the words are not.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from gongdao.core.kernel.findings import (
    BadInput,
    Conflict,
    Finding,
    NotAllowed,
    NotVisible,
    Refused,
)
from gongdao.core.kernel.text import Text
from gongdao.web.desk.language import current_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ninja import NinjaAPI

_log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"

#: Refusal -> (status, title). The first that fits counts.
KINDS: tuple[tuple[type[Refused], int, Text], ...] = (
    (BadInput, 422, Text("输入有误", "the input is not valid")),
    (NotAllowed, 403, Text("无权执行", "not allowed")),
    (NotVisible, 404, Text("不存在", "not found")),
    (Conflict, 409, Text("与当前状态冲突", "in conflict with the present state")),
)


def status_of(refused: Refused) -> int:
    """Return the HTTP status of a refusal."""
    return next((status for kind, status, _ in KINDS if isinstance(refused, kind)), 400)


def problem(status: int, title: Text, findings: Sequence[Finding]) -> HttpResponse:
    """Return the answer for `findings`, the first of which is the problem's own."""
    language = current_language()
    first = findings[0]
    body: dict[str, Any] = {
        "type": f"urn:gongdao:problem:{first.code}",
        "title": title.in_language(language),
        "status": status,
        "code": first.code,
        "detail": first.message.in_language(language),
        "field": first.field,
        "cure": first.cure.in_language(language) if first.cure else None,
        "findings": [_finding(f) for f in findings],
    }
    answer = JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def refusal(refused: Refused) -> HttpResponse:
    """Return the answer for a refusal of the core or the application."""
    for kind, status, title in KINDS:
        if isinstance(refused, kind):
            return problem(status, title, refused.findings)
    return problem(400, Text("请求被拒绝", "refused"), refused.findings)


def _finding(finding: Finding) -> dict[str, Any]:
    language = current_language()
    return {
        "code": finding.code,
        "field": finding.field,
        "message": finding.message.in_language(language),
        "cure": finding.cure.in_language(language) if finding.cure else None,
        "severity": finding.severity,
    }


#: What ninja itself refuses, by status.
_PLAIN: dict[int, tuple[str, Text, Text]] = {
    400: (
        "request.malformed",
        Text("请求无法读取", "the request cannot be read"),
        Text("请发送合法的 JSON", "send valid JSON"),
    ),
    401: (
        "auth.required",
        Text("请先登录或提供令牌", "sign in, or give a token"),
        Text("Authorization: Bearer <token>", "Authorization: Bearer <token>"),
    ),
    403: (
        "auth.csrf",
        Text("来源校验未通过", "the request did not prove where it comes from"),
        Text("请带上 X-CSRFToken，或使用令牌", "send X-CSRFToken, or use a token"),
    ),
    404: (
        "request.not_found",
        Text("地址不存在", "there is nothing at this address"),
        Text("请查阅 /api/v1/openapi.json", "see /api/v1/openapi.json"),
    ),
    500: (
        "server.fault",
        Text("服务器出错，未作任何改动", "the server failed; nothing was changed"),
        Text("请稍后用同一幂等键重试", "try again later with the same idempotency key"),
    ),
    429: (
        "request.too_many",
        Text("请求过于频繁", "too many requests"),
        Text("请稍后再试", "wait a little"),
    ),
}


def _plain(status: int) -> HttpResponse:
    code, message, cure = _PLAIN.get(status, _PLAIN[400])
    return problem(status, message, [Finding(code=code, message=message, cure=cure)])


def _malformed(error: dict[str, Any]) -> Finding:
    """Turn one pydantic error into a finding; what ninja adds to the place is dropped."""
    place = [str(part) for part in error["loc"]]
    source, rest = place[0], place[1:]
    if source in {"body", "form", "file", "query"} and len(rest) > 1:
        rest = rest[1:]
    code = {"missing": "input.required", "extra_forbidden": "input.unknown"}.get(
        error["type"], "input.invalid"
    )
    message = {
        "input.required": Text("缺少必填项", "this is required"),
        "input.unknown": Text("不认识的字段", "this field is not known"),
    }.get(code, Text(f"值无效（{error['msg']}）", str(error["msg"]).lower()))
    return Finding(code=code, field=".".join(rest) or source, message=message)


def install(api: NinjaAPI) -> None:
    """Make `api` answer every refusal as a problem."""

    @api.exception_handler(Refused)
    def _on_refused(_request: HttpRequest, refused: Refused) -> HttpResponse:
        return refusal(refused)

    @api.exception_handler(ValidationError)
    def _on_invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        title = Text("输入有误", "the input is not valid")
        return problem(422, title, [_malformed(e) for e in error.errors])

    @api.exception_handler(AuthenticationError)
    def _on_stranger(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return _plain(401)

    @api.exception_handler(Http404)
    def _on_missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return _plain(404)

    @api.exception_handler(Exception)
    def _on_fault(request: HttpRequest, fault: Exception) -> HttpResponse:
        # Whatever went wrong is ours: it is logged whole, and told without its inside.
        _log.error("%s %s failed", request.method, request.path, exc_info=fault)
        return _plain(500)

    @api.exception_handler(Throttled)
    def _on_too_many(_request: HttpRequest, error: Throttled) -> HttpResponse:
        answer = _plain(429)
        answer["Retry-After"] = str(ceil(error.wait or 1))
        return answer

    @api.exception_handler(HttpError)
    def _on_http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return _plain(error.status_code)
