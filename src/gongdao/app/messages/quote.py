"""Quote messages (引用聊天记录): an extract of a conversation becomes evidence of a case.

The system writes the extract from what the marketplace told, so nobody can leave a word out of a
message; its digest in the case names exactly these words. Contacts are masked: evidence is not
sealed, and whoever rules can read the conversation itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from gongdao.app.carry_out import visible_case
from gongdao.app.messages.sealing import opened_for_evidence
from gongdao.app.outcome import Outcome
from gongdao.app.permissions import Caller, Verb, allow, not_visible
from gongdao.app.submit_evidence import submit
from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text
from gongdao.core.service_desk.transcript import transcript
from gongdao.store.connection import transaction
from gongdao.store.messages import find_messages

MESSAGE = Text("消息", "message")
MOST_MESSAGES = 500
#: Kind of evidence, as the checklists name it.
CHAT = "chat"


def quote(
    caller: Caller,
    case_id: str,
    message_ids: Sequence[str],
    *,
    key: str,
    note: str = "",
    now: datetime | None = None,
) -> Outcome:
    """Add the named messages of the case's shop and buyer to the case as one piece of evidence.

    Raises NotAllowed, NotVisible for a message of another shop or buyer, and what `submit` refuses;
    BadInput `message.none_named`.
    """
    allow(caller, Verb.SUBMIT_EVIDENCE)
    allow(caller, Verb.SEE_MESSAGES)
    wanted = set(message_ids)
    if not 0 < len(wanted) <= MOST_MESSAGES:
        raise BadInput(
            Finding(
                code="message.none_named",
                field="message_ids",
                message=Text(
                    f"须指明 1 到 {MOST_MESSAGES} 条消息", f"name 1 to {MOST_MESSAGES} messages"
                ),
            )
        )
    with transaction() as on:
        held = visible_case(on, caller, case_id, lock=False)
        found = find_messages(on, held.case.shop_id, wanted)
        if len(found) != len(wanted) or any(m.buyer_id != held.case.order.buyer_id for m in found):
            raise not_visible(MESSAGE, "message_ids")
        text = transcript(opened_for_evidence(on, found))
    return submit(
        caller,
        case_id,
        name=f"chat-{found[0].session_id}.txt"[-200:],
        stream=BytesIO(text.encode()),
        kind=CHAT,
        key=key,
        note=note,
        now=now,
    )
