"""Assignments (领取案件): take a case, or the next one, and give it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from gongdao.app.queries.assignments import my_cases
from gongdao.app.release_case import release_case
from gongdao.app.take_case import take, take_next
from gongdao.web.api.authentication import caller

router = Router(tags=["assignments"])


class AssignmentOut(Schema):
    """A case taken: nobody else works on it in this role until it is released or expires."""

    id: str
    case_id: str
    shop_id: str
    role: str
    user_id: str
    taken_at: datetime
    expires_at: datetime


class NextOut(Schema):
    """The case taken; null when none waits."""

    taken: AssignmentOut | None


class AssignmentsOut(Schema):
    """What the caller has taken, oldest first."""

    items: list[AssignmentOut]


@router.get("", response=AssignmentsOut, summary="My cases")
def list_mine(request: HttpRequest) -> dict[str, Any]:
    """Return the cases that the caller has taken in his role."""
    return {"items": list(my_cases(caller(request)))}


@router.put("/next", response=NextOut, summary="Take the next case")
def take_longest_waiting(request: HttpRequest) -> dict[str, Any]:
    """Take the disputed case that has waited longest; two people never get the same."""
    return {"taken": take_next(caller(request))}


@router.put("/{case_id}", response=AssignmentOut, summary="Take a case")
def take_one(request: HttpRequest, case_id: str) -> Any:  # noqa: ANN401  ninja shapes it
    """Take this case; again, to hold it for its whole time once more."""
    return take(caller(request), case_id)


@router.delete("/{case_id}", response=AssignmentsOut, summary="Give a case back")
def give_back(request: HttpRequest, case_id: str) -> dict[str, Any]:
    """Release the case for somebody else, and return what the caller still has."""
    release_case(caller(request), case_id)
    return list_mine(request)
