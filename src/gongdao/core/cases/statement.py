"""The statement of reasons (裁决书): a ruling told to one party, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from gongdao.core.adjudication.ruling import Reading, Ruling
from gongdao.core.cases.hearing import Dossier
from gongdao.core.cases.model import Case
from gongdao.core.cases.second_review import at_stake_fen
from gongdao.core.kernel.money import yuan
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import Span, beijing
from gongdao.core.kernel.words import Party, Remedy, Role, label
from gongdao.core.rulebook.explain import said, title_of, type_of_name
from gongdao.core.rulebook.model import Kind, Rulebook, Value

_GOODS_BACK = (Remedy.RETURN_REFUND, Remedy.EXCHANGE, Remedy.REPAIR)
_ADMISSIONS = {
    "accepted": Text("按时", "in time"),
    "late": Text("逾期提交", "late"),
    "annex": Text("附卷", "annex"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the statement: a heading and its sentences."""

    title: Text
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A ruling as one reader is told of it."""

    case_id: str
    number: int
    audience: Role
    at: datetime
    in_force: bool
    """Whether no later ruling has taken its place."""
    title: Text
    sections: tuple[Section, ...]
    dossier_digest: str | None
    """Of what lay before those who ruled."""


def statement_of(case: Case, ruling: Ruling, audience: Role, book: Rulebook) -> Statement:
    """Return the statement of reasons of `ruling` for `audience`; `book` is the one it rests on.

    Who ruled is told to parties by role only.
    """
    dossier = _dossier_of(case, ruling)
    latest = case.ruling is not None and case.ruling.number == ruling.number
    sections = (
        Section(title=Text("案件", "The case"), lines=_case(case)),
        Section(title=Text("裁决", "The ruling"), lines=_ruled(case, ruling)),
        Section(
            title=Text("对您意味着", "What it means for you"), lines=_for(case, ruling, audience)
        ),
        Section(title=Text("查明的事实", "Facts established"), lines=_facts(case, ruling, book)),
        Section(title=Text("凭证", "Evidence considered"), lines=_evidence(case, dossier)),
        Section(title=Text("依据", "Clauses"), lines=_clauses(ruling, book)),
        Section(title=Text("后续", "What follows"), lines=_next(case, ruling, latest=latest)),
    )
    return Statement(
        case_id=case.id,
        number=ruling.number,
        audience=audience,
        at=ruling.at,
        in_force=latest,
        title=Text(f"裁决书（第 {ruling.number} 号）", f"Statement of reasons no. {ruling.number}"),
        sections=tuple(s for s in sections if s.lines),
        dossier_digest=dossier.digest if dossier is not None else None,
    )


def _dossier_of(case: Case, ruling: Ruling) -> Dossier | None:
    before = [d for d in case.dossiers if d.at <= ruling.at]
    return before[-1] if before else None


def _case(case: Case) -> tuple[Text, ...]:
    claim, reason = label(case.claim), label(case.reason)
    amount = yuan(case.requested_fen)
    return (
        Text(f"案件号：{case.id}", f"Case: {case.id}"),
        Text(f"订单号：{case.order.order_id}", f"Order: {case.order.order_id}"),
        Text(
            f"买家以“{reason.zh}”申请{claim.zh}，金额 {amount} 元。",
            f"The buyer asked for {claim.en} because of: {reason.en}; amount {amount} yuan.",
        ),
    )


def _ruled(case: Case, ruling: Ruling) -> tuple[Text, ...]:
    by, remedy, liable = label(ruling.by), label(ruling.remedy), label(ruling.liable)
    out, back = label(ruling.outbound_freight), label(ruling.return_freight)
    total = yuan(at_stake_fen(case, ruling))
    lines = [
        Text(
            f"{by.zh}于 {beijing(ruling.at)} 裁决：{remedy.zh}。",
            f"Ruled by the {by.en} at {beijing(ruling.at)} (Beijing): {remedy.en}.",
        ),
        Text(
            f"责任：{liable.zh}；发货运费：{out.zh}；退货运费：{back.zh}。",
            f"Liable: {liable.en}; outbound freight: {out.en}; return freight: {back.en}.",
        ),
        Text(f"退款与赔付合计 {total} 元。", f"Refund and compensation together: {total} yuan."),
    ]
    if ruling.compensation_fen:
        amount = yuan(ruling.compensation_fen)
        lines.append(Text(f"其中赔付 {amount} 元。", f"Of this, compensation: {amount} yuan."))
    if ruling.overruled:
        lines.append(
            Text(
                f"本裁决由人工作出，不同于规则所示，理由：{ruling.reason}",
                f"This ruling departs from what the rules propose, because: {ruling.reason}",
            )
        )
    return tuple(lines)


def _for(case: Case, ruling: Ruling, audience: Role) -> tuple[Text, ...]:
    total = yuan(at_stake_fen(case, ruling))
    goods_back = ruling.remedy in _GOODS_BACK
    if audience is Role.BUYER:
        lines = [Text(f"您将收到 {total} 元。", f"You will receive {total} yuan.")]
        if goods_back:
            lines.append(
                Text(
                    "请按时寄回商品并填写单号。", "Send the goods back in time and give the number."
                )
            )
        if ruling.return_freight is Party.BUYER and goods_back:
            lines.append(Text("退货运费由您承担。", "You bear the freight of the return."))
        return tuple(lines)
    if audience is Role.MERCHANT:
        lines = [
            Text(
                f"您须退款和赔付合计 {total} 元。",
                f"You owe refund and compensation of {total} yuan in all.",
            )
        ]
        if goods_back:
            lines.append(
                Text("请在收到退回的商品后按时确认。", "Confirm in time when the goods are back.")
            )
        if ruling.return_freight is Party.MERCHANT and goods_back:
            lines.append(Text("退货运费由您承担。", "You bear the freight of the return."))
        return tuple(lines)
    return ()


def _facts(case: Case, ruling: Ruling, book: Rulebook) -> tuple[Text, ...]:
    names = {item.id: item.name for item in case.evidence}
    lines: list[Text] = []
    for reading in ruling.read:
        if reading.origin in ("parameter", "table"):
            continue
        title, value = title_of(book, reading.name), _value(book, reading)
        found = case.facts.get(reading.name) if "finding" in reading.origin else None
        zh, en = f"{title.zh}：{value.zh}", f"{title.en}: {value.en}"
        if found is not None:
            by = label(found.by)
            zh, en = f"{zh}（{by.zh}认定）", f"{en} (found by the {by.en})"
            if found.evidence:
                shown = [names.get(e, e) for e in found.evidence]
                zh, en = f"{zh}，凭证：{'、'.join(shown)}", f"{en}, on: {', '.join(shown)}"
            if found.note:
                zh, en = f"{zh}；说明：{found.note}", f"{en}; note: {found.note}"
        lines.append(Text(zh, en))
    return tuple(lines)


def _value(book: Rulebook, reading: Reading) -> Text:
    """Say a value as it was kept: money in fen, instants and spans as text."""
    kept = reading.value
    if kept is None:
        return Text("未知", "unknown")
    value: Value = kept
    match type_of_name(book, reading.name).kind:
        case Kind.BOOLEAN:
            value = kept == "true"
        case Kind.MONEY | Kind.INTEGER:
            value = int(Fraction(kept))
        case Kind.DECIMAL:
            value = Fraction(kept)
        case Kind.INSTANT:
            value = datetime.fromisoformat(kept)
        case Kind.SPAN:
            value = Span.parse(kept)
        case _:
            pass
    return said(book, reading.name, value)


def _evidence(case: Case, dossier: Dossier | None) -> tuple[Text, ...]:
    if dossier is None:
        return ()
    names = {item.id: item.name for item in case.evidence}
    lines: list[Text] = []
    for piece in dossier.pieces:
        by, when = label(piece.by), _ADMISSIONS.get(piece.admission, Text("", ""))
        name = names.get(piece.evidence, piece.evidence)
        zh = f"{by.zh}：{name}（{when.zh}，sha256 {piece.digest[:16]}…）"
        en = f"{by.en}: {name} ({when.en}, sha256 {piece.digest[:16]}…)"
        for reason in piece.challenged:
            zh, en = f"{zh}；对方质证：{reason}", f"{en}; challenged: {reason}"
        lines.append(Text(zh, en))
    lines.append(
        Text(f"案卷 sha256：{dossier.digest}", f"Digest of the dossier (sha256): {dossier.digest}")
    )
    return tuple(lines)


def _clauses(ruling: Ruling, book: Rulebook) -> tuple[Text, ...]:
    lines = [Text(f"{book.title.zh}（{book.ref}）", f"{book.title.en} ({book.ref})")]
    for clause in ruling.cite:
        source = book.sources.get(clause)
        text = source.text if source is not None else Text("", "")
        lines.append(Text(f"{clause}：{text.zh}", f"{clause}: {text.en}"))
    return tuple(lines)


def _next(case: Case, ruling: Ruling, *, latest: bool) -> tuple[Text, ...]:
    if not latest and case.ruling is not None:
        number = case.ruling.number
        return (Text(f"已由第 {number} 号裁决取代。", f"Replaced by ruling no. {number}."),)
    running = [t for t in case.timers if t.track == "dispute" and t.due_at >= ruling.at]
    return tuple(
        Text(
            f"{timer.reason.zh}；截止 {beijing(timer.due_at)}",
            f"{timer.reason.en}; until {beijing(timer.due_at)} (Beijing)",
        )
        for timer in running
    )
