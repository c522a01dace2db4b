"""What is done about parcels (物流), by command."""

from __future__ import annotations

from typing import assert_never

from gongdao.core.cases.commands import (
    GiveReturnAddress,
    InspectReturn,
    ParcelCommand,
    ReceiveReturn,
    ReportLost,
    ReportPickup,
    RequestPickup,
    SendReturn,
)
from gongdao.core.cases.draft import Draft
from gongdao.core.cases.verbs.parcel import inspect_return, report_lost
from gongdao.core.cases.verbs.pickup import report_pickup, request_pickup
from gongdao.core.cases.verbs.return_address import give_return_address
from gongdao.core.cases.verbs.return_parcel import receive_return, send_return


def handle_parcel(draft: Draft, command: ParcelCommand) -> None:
    """Draft what a command about parcels leads to. Raises Refused."""
    match command:
        case GiveReturnAddress():
            give_return_address(draft, command)
        case RequestPickup():
            request_pickup(draft, command)
        case ReportPickup():
            report_pickup(draft, command)
        case SendReturn():
            send_return(draft, command)
        case ReceiveReturn():
            receive_return(draft, command)
        case InspectReturn():
            inspect_return(draft, command)
        case ReportLost():
            report_lost(draft, command)
        case _:
            assert_never(command)
