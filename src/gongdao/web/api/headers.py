"""Headers of commands (命令头): each is given once under its key, on the version its giver saw."""

from __future__ import annotations

import re
from typing import Annotated, TypeAlias

from ninja import Header

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Text

IdempotencyKey: TypeAlias = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Any text of 1 to 200 characters, new for every command. The same key with the"
        " same command returns the first result; with another command, 409 command.key_reused.",
    ),
]
IfMatch: TypeAlias = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='Version of the case that the command was decided on: `"7"`; 409 when moved.',
    ),
]
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})"')


def version(if_match: str | None) -> int | None:
    """Read `If-Match: "7"`; None when absent or `*`. BadInput `command.bad_version` otherwise."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        raise BadInput(
            Finding(
                code="command.bad_version",
                field="If-Match",
                message=Text(
                    f"If-Match “{if_match}”不是版本号", f"`{if_match}` is not a version in quotes"
                ),
                cure=Text('请写成 "7"', 'write it like "7"'),
            )
        )
    return int(found[1])
