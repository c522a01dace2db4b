"""What a process is (流程): states, the actions open in each, and the clocks that run there.

A process is data in a rulebook. Each state has a way out; each state in which somebody is waited
for has a clock whose running out is itself an action, done by the role CLOCK.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gongdao.core.kernel.calendar import NO_CALENDAR, Calendar
from gongdao.core.kernel.text import Text
from gongdao.core.kernel.time import DailyWindow, Span
from gongdao.core.kernel.words import Arbitration, Claim, Goods, Remedy, Role
from gongdao.core.rulebook.expression import Expression


class EffectKind(StrEnum):
    """What an action does beyond its move. A closed list: the core acts on each."""

    REFUND = "refund"
    """Grant the buyer money. Argument: a formula or money fact of the book; default the claim."""
    COMPENSATE = "compensate"
    """Grant the buyer compensation from the merchant. Argument: a formula or output."""
    CONFIRM_REFUND = "confirm_refund"
    """A refund paid outside the platform (COD) is proven by voucher: the grant counts as paid."""
    ADVANCE_PAYOUT = "advance_payout"
    """The platform pays what the merchant owes and recovers it from the merchant's deposit."""
    PENALISE = "penalise"
    """Record a breach by the merchant. Argument: its code."""
    START = "start"
    """Start another process of the playbook in the same case (`start: dispute`); this one is
    held."""
    RESUME = "resume"
    """End this process's hold on the suspended after-sale process without a ruling."""
    RULE = "rule"
    """Ask the playbook for the ruling on the facts found, and carry it out. Argument: the
    question's key; default `ruling`."""
    REOPEN = "reopen"
    """An appeal is granted: reverse the ruling's money and let it be ruled anew."""
    PAUSE = "pause"
    """Stop the clocks of every other process of the case."""
    RELEASE = "release"
    """Let them go on with what they had left."""
    CORRECT = "correct"
    """Put a slip of the ruling right, with the amounts that the payload names."""
    LIFT = "lift"
    """The case counts no longer in a part: `dispute_rate`, `score`, `penalty` or `all`; default
    the payload's `part`."""
    RESTORE = "restore"
    """The case counts again in what this process lifted."""
    MARK = "mark"
    """Record bad conduct of the `buyer`, the `merchant` or the `adjudicator`."""
    UNMARK = "unmark"
    """Withdraw what this process recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One effect of an action."""

    kind: EffectKind
    argument: str | None = None
    through: str = "platform"
    """Who hands the money over: `platform` (payment instruction) or `merchant` (by voucher)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing somebody may do in a state (动作)."""

    name: str
    """The verb: `agree`, `reject`, `ship_return`, `confirm_receipt`, `withdraw`, `escalate`, …"""
    by: tuple[Role, ...]
    to: str
    """The next state; may be the same state."""
    title: Text
    needs: tuple[str, ...] = ()
    """Payload fields that must be given: `reason`, `tracking_number`, `return_address`,
    `voucher`, …"""
    when: Expression | None = None
    """Guard over the case's facts; unknown counts as not fulfilled, and the refusal names the
    facts."""
    does: tuple[Effect, ...] = ()
    goods: Goods | None = None
    """Where the goods are afterwards, if that changes."""
    remedies: tuple[Remedy, ...] = ()
    """For `by: ruling`: the remedies of a ruling that are carried out by this action."""
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline of a state (时限): after this span the action `then` is done by the system."""

    name: str
    then: str
    after: Span | None
    """None: the parameter it names has no value; such a clock never starts and the checker says
    so."""
    parameter: str | None = None
    """Name of the parameter that `after` was read from, if any."""
    starts: str = "entry"
    """`entry` (when the state is entered), `next_midnight` (00:00 of the following day), or an
    instant fact."""
    window: DailyWindow | None = None
    """Counted only inside these hours of the day."""
    calendar: Calendar = field(default=NO_CALENDAR, compare=False, repr=False)
    """The working days by which a span in working days is counted."""
    reason: Text = field(default_factory=lambda: Text("", ""))
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a process (状态)."""

    name: str
    title: Text
    waits_for: tuple[Role, ...] = ()
    actions: Mapping[str, Action] = field(default_factory=dict[str, Action])
    clocks: tuple[Clock, ...] = ()
    final: str | None = None
    """Outcome code when the process ends here: `refunded`, `withdrawn`, `expired`, `dismissed`,
    …"""
    suspended: bool = False
    """The process stands still here while another one of the case decides (platform
    intervention)."""
    arbitration: Arbitration | None = None
    """The arbitration axis while here, for processes of disputes."""
    another: bool = False
    """For the platform, only somebody may act here who has not decided in the matter before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serves:
    """Which cases a process is for."""

    track: str
    """`order` (cancellation), `after_sale`, `dispute`; or `governance`: no case at all (content
    review, an evaluation calendar, a complaint about an adjudicator)."""
    claims: tuple[Claim, ...] = ()
    """Empty: every claim."""
    when: Expression | None = None
    """Further condition over the order's facts, for example `payment == 'cod'`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process (流程) of a rulebook."""

    name: str
    title: Text
    serves: Serves
    start: str
    states: Mapping[str, State]
    cite: tuple[str, ...] = ()
