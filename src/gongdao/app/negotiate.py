"""Negotiate (协商): make an offer or counter one; accept, decline or withdraw it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from gongdao.app.carry_out import Request, carry_out
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb
from gongdao.app.plain_values import check_text
from gongdao.core.cases.commands import AnswerOffer, MakeOffer
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.remedies.offer import Terms

Answer = Literal["accept", "decline", "withdraw"]
ANSWERS = ("accept", "decline", "withdraw")


def offer(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    case_id: str,
    terms: Terms,
    *,
    key: str,
    note: str = "",
    expected_version: int | None = None,
    preview: bool = False,
    now: datetime | None = None,
) -> Outcome:
    """Make an offer in the caller's role; one still open is replaced. Raises Refused."""
    check_text(note, "note")
    request = Request(
        caller=caller,
        verb=Verb.NEGOTIATE,
        case_id=case_id,
        key=key,
        content={"terms": terms, "note": note},
        expected_version=expected_version,
        preview=preview,
        now=now,
    )
    return carry_out(
        request, lambda _case, _now: MakeOffer(terms=terms, by=caller.actor, note=note)
    )


def answer(  # noqa: PLR0913  the arguments are what the form asks
    caller: Caller,
    case_id: str,
    number: int,
    answer: Answer,
    *,
    key: str,
    expected_version: int | None = None,
    preview: bool = False,
    now: datetime | None = None,
) -> Outcome:
    """Answer offer `number`; accepting it binds both sides. Raises Refused."""
    if answer not in ANSWERS:
        raise BadInput(
            Finding(
                code="offer.unknown_answer",
                field="answer",
                message=Text(
                    "答复须为 accept、decline 或 withdraw",
                    "an offer is answered by accept, decline or withdraw",
                ),
            )
        )
    request = Request(
        caller=caller,
        verb=Verb.NEGOTIATE,
        case_id=case_id,
        key=key,
        content={"number": number, "answer": answer},
        expected_version=expected_version,
        preview=preview,
        now=now,
    )
    return carry_out(
        request, lambda _case, _now: AnswerOffer(number=number, answer=answer, by=caller.actor)
    )
