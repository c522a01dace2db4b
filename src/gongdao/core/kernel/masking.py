"""Masking (脱敏): personal data in a text made unreadable, the rest of the text left as it is.

Shapes used in mainland China: mobile and fixed-line numbers, identity and bank card numbers, mail
addresses, chat accounts, names and addresses that stand behind their label or district.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_HAN = "\u4e00-\u9fff"
_SHAPES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(
            r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\dXx])"
        ),
        lambda found: found[0][:3] + "*" * 11 + found[0][-4:],
    ),
    (re.compile(r"(?<!\d)62\d{10,13}(\d{4})(?!\d)"), r"62****\1"),
    (re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)"), r"\1****\2"),
    (re.compile(r"(?<!\d)(0\d{2,3}[ -])\d{3,4}(\d{4})(?!\d)"), r"\1****\2"),
    (
        re.compile(r"([\w.+-])[\w.+-]{0,63}(@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})", re.ASCII),
        r"\1***\2",
    ),
    (
        re.compile(
            r"((?:微信|威信|薇信|[Vv][Xx]|[Ww][Xx]|[Ww]e[Cc]hat|QQ|qq)号?[ :：是为]{0,3})"
            r"[A-Za-z0-9_-]{5,20}"
        ),
        r"\1***",
    ),
    (
        re.compile(rf"((?:收货人|收件人|联系人|姓名|我叫)[ :：]{{0,2}}[{_HAN}])[{_HAN}]{{1,3}}"),
        r"\1**",
    ),
    (
        re.compile(
            rf"([{_HAN}]{{1,8}}[区县旗市镇])"
            rf"[{_HAN}]{{1,20}}\d{{1,6}}[号弄栋幢][{_HAN}A-Za-z0-9#-]{{0,20}}"
        ),
        r"\1****",
    ),
)


def mask(text: str) -> str:
    """Return `text` with what identifies or reaches a person masked; other words stay."""
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


def mask_name(name: str) -> str:
    """Return the first character of a name and asterisks: 张三 -> 张*."""
    return name[:1] + "*" * max(1, len(name) - 1)
