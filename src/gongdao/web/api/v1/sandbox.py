"""Sandboxes (沙盒): an integrator moves the clock and forces what happens next."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, ConfigDict

from gongdao.app import drive_sandbox
from gongdao.web.api.authentication import caller

router = Router(tags=["sandbox"])


class SandboxOut(Schema):
    """How the sandbox stands, after what was due has happened."""

    marketplace_id: str
    now: datetime
    pays_itself: bool
    fired: int
    paid: int


class ClockIn(Schema):
    """What time it shall be there; null: real time."""

    model_config = ConfigDict(extra="forbid")

    now: AwareDatetime | None


class PayerIn(Schema):
    """Whether the sandbox confirms its payments by itself."""

    model_config = ConfigDict(extra="forbid")

    pays_itself: bool


@router.get("/{marketplace_id}", response=SandboxOut, summary="How a sandbox stands")
def get_sandbox(request: HttpRequest, marketplace_id: str) -> drive_sandbox.Sandbox:
    """Return its time and do what is due there."""
    return drive_sandbox.read_sandbox(caller(request), marketplace_id)


@router.put("/{marketplace_id}/clock", response=SandboxOut, summary="Set its clock")
def set_clock(request: HttpRequest, marketplace_id: str, body: ClockIn) -> drive_sandbox.Sandbox:
    """Make it another time there; what falls due on the way happens at once."""
    return drive_sandbox.set_clock(caller(request), marketplace_id, body.now)


@router.post("/{marketplace_id}/next-deadline", response=SandboxOut, summary="Pass a deadline")
def pass_next_deadline(
    request: HttpRequest, marketplace_id: str, case_id: str | None = None
) -> drive_sandbox.Sandbox:
    """Move the clock to just after the next deadline, of one case or of all."""
    return drive_sandbox.pass_next_deadline(caller(request), marketplace_id, case_id)


@router.put("/{marketplace_id}/payer", response=SandboxOut, summary="Choose who pays")
def choose_payer(request: HttpRequest, marketplace_id: str, body: PayerIn) -> drive_sandbox.Sandbox:
    """Let the sandbox confirm payments, or report them yourself: confirmed, failed, twice."""
    return drive_sandbox.choose_payer(caller(request), marketplace_id, pays_itself=body.pays_itself)
