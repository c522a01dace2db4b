"""Ruling (裁决): the rulebook's answer turned into what is granted and who is liable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TypeVar

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.money import round_half_up
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.words import Party, Remedy, Role
from gongdao.core.rulebook.answer import Answer
from gongdao.core.rulebook.model import Value

_W = TypeVar("_W", Remedy, Party)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value a ruling read, as text, and where it came from."""

    name: str
    value: str | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was ruled: by which clauses, on which values, by whom."""

    number: int
    rulebook: str
    digest: str
    table: str
    rows: tuple[str, ...]
    cite: tuple[str, ...]
    remedy: Remedy
    liable: Party
    outbound_freight: Party
    return_freight: Party
    refund_fen: int | None
    """None: the whole claim."""
    compensation_fen: int
    read: tuple[Reading, ...]
    by: Role
    actor: str
    at: datetime
    overruled: bool = False
    """True when a person departed from the rulebook; `reason` says why, `proposed` what it said."""
    reason: str = ""
    proposed: str = ""
    score_effect: bool = True
    """It weighs on the merchant's score; False: the outcome is not held against the merchant."""
    penalties: tuple[str, ...] = ()
    """Breaches by the merchant that the ruling finds."""
    corrects: int | None = None
    """Number of the ruling that this one puts right without deciding anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrule:
    """A person's departure from the rulebook (人工改判): the whole ruling they put in its place."""

    remedy: Remedy
    liable: Party
    outbound_freight: Party
    return_freight: Party
    refund_fen: int | None
    compensation_fen: int
    reason: str
    score_effect: bool | None = None
    """None: as the liability has it."""
    penalties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who rules, when, and which ruling of the case this is."""

    number: int
    by: Role
    actor: str
    at: datetime


def ruling_from(answer: Answer, authority: Authority, overrule: Overrule | None = None) -> Ruling:
    """Return the ruling that a decided `answer` leads to, or the one put in its place.

    With `overrule`, the answer may be undecided: it is recorded as what the rulebook proposed.
    """
    out = answer.outputs
    chosen = overrule or _proposed(out)
    return Ruling(
        number=authority.number,
        rulebook=answer.rulebook,
        digest=answer.digest,
        table=answer.table,
        rows=_rows(answer),
        cite=_cited(answer),
        remedy=chosen.remedy,
        liable=chosen.liable,
        outbound_freight=chosen.outbound_freight,
        return_freight=chosen.return_freight,
        refund_fen=chosen.refund_fen,
        compensation_fen=chosen.compensation_fen,
        read=tuple(
            Reading(name=r.name, value=plain(r.value), origin=r.origin) for r in answer.read
        ),
        by=authority.by,
        actor=authority.actor,
        at=authority.at,
        overruled=overrule is not None,
        reason=chosen.reason,
        proposed=str(out.get("remedy") or answer.status) if overrule is not None else "",
        score_effect=(
            chosen.liable in (Party.MERCHANT, Party.SHARED)
            if chosen.score_effect is None
            else chosen.score_effect
        ),
        penalties=chosen.penalties,
    )


def _rows(answer: Answer) -> tuple[str, ...]:
    rows = tuple(f"{hit.table}/{hit.row}" for hit in answer.hits)
    floor = answer.floor
    return rows if floor is None else (*rows, f"{floor.rulebook}:{floor.table}/{floor.row}")


def _cited(answer: Answer) -> tuple[str, ...]:
    """Return the clauses of the rulebook and, where the law overrode it, those of the law."""
    floor = answer.floor
    if floor is None:
        return answer.cite
    return tuple(dict.fromkeys((*answer.cite, *(source.id for source in floor.sources))))


def _proposed(out: Mapping[str, Value | None]) -> Overrule:
    refund, compensation = out.get("refund"), out.get("compensation")
    scored, breach = out.get("score_effect"), out.get("penalty")
    return Overrule(
        remedy=Remedy(str(out["remedy"])),
        liable=Party(str(out.get("liable") or Party.NONE)),
        outbound_freight=Party(str(out.get("outbound_freight") or Party.NONE)),
        return_freight=Party(str(out.get("return_freight") or Party.NONE)),
        refund_fen=_fen(refund),
        compensation_fen=_fen(compensation) or 0,
        reason="",
        score_effect=scored if isinstance(scored, bool) else None,
        penalties=(breach,) if isinstance(breach, str) and breach else (),
    )


def _fen(value: Value | None) -> int | None:
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return round_half_up(value)
    return None


def plain(value: Value | None) -> str | None:
    """Write a value as text for the record: exact, and the same on every machine."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


#: What an overrule consists of besides its remedy.
_PARTS = (
    "liable",
    "outbound_freight",
    "return_freight",
    "refund_fen",
    "compensation_fen",
    "score_effect",
    "penalty",
    "overrule_reason",
)


def overrule_from(payload: Mapping[str, bool | int | str], claimed_fen: int) -> Overrule | None:
    """Read an overrule from an action's payload; None when the payload holds none.

    Raises BadInput when the departure is incomplete: remedy, liable party and reason are required,
    and a refund may not exceed the claim. Parts of an overrule without its remedy are refused
    rather than passed over: whoever gave them meant them.
    """
    if "remedy" not in payload:
        stray = [name for name in _PARTS if payload.get(name) not in (None, "")]
        if stray:
            raise _bad(
                "remedy",
                Text(
                    f"填写了 {'、'.join(stray)} 却没有改判的处理方案",
                    f"{', '.join(stray)} given, but no remedy to overrule with",
                ),
            )
        return None
    reason = str(payload.get("overrule_reason", "")).strip()
    if not reason:
        raise _bad("overrule_reason", Text("改判须写明理由", "an overrule needs a reason"))
    refund = payload.get("refund_fen")
    compensation = payload.get("compensation_fen", 0)
    for name, amount in (("refund_fen", refund), ("compensation_fen", compensation)):
        if amount is not None and (isinstance(amount, bool | str) or amount < 0):
            raise _bad(
                name, Text(f"{name} 须为非负整数（分）", f"`{name}` is whole fen, not negative")
            )
    scored, breach = payload.get("score_effect"), str(payload.get("penalty", "")).strip()
    if scored is not None and not isinstance(scored, bool):
        raise _bad(
            "score_effect", Text("score_effect 须为是或否", "`score_effect` is true or false")
        )
    if isinstance(refund, int) and refund > claimed_fen:
        raise _bad("refund_fen", Text("退款超过诉求金额", "the refund exceeds what is claimed"))
    return Overrule(
        remedy=_word(Remedy, payload, "remedy"),
        liable=_word(Party, payload, "liable"),
        outbound_freight=_word(Party, payload, "outbound_freight", Party.NONE),
        return_freight=_word(Party, payload, "return_freight", Party.NONE),
        refund_fen=refund if isinstance(refund, int) else None,
        compensation_fen=compensation if isinstance(compensation, int) else 0,
        reason=reason,
        score_effect=scored if isinstance(scored, bool) else None,
        penalties=(breach,) if breach else (),
    )


def _word(
    words: type[_W], payload: Mapping[str, bool | int | str], name: str, default: _W | None = None
) -> _W:
    given = payload.get(name)
    if given is None and default is not None:
        return default
    try:
        return words(str(given))
    except ValueError:
        allowed = ", ".join(words)
        raise _bad(
            name, Text(f"{name} 须为：{allowed}", f"`{name}` is one of: {allowed}")
        ) from None


def _bad(name: str, message: Text) -> BadInput:
    return BadInput(Finding(code="ruling.bad_overrule", field=f"payload.{name}", message=message))
