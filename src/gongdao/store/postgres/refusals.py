"""Why the database cannot be had, each with its code and cure."""

from __future__ import annotations

from gongdao.core.kernel.findings import Finding, Refused
from gongdao.core.kernel.text import Text

_EXTERNAL = Text(
    "或设置 DATABASE_URL 使用外部 PostgreSQL（15 及以上）",
    "or set DATABASE_URL to use a PostgreSQL (15 or newer) of your own",
)


def refused(code: str, zh: str, en: str, *, cure_zh: str = "", cure_en: str = "") -> Refused:
    """Build the refusal `postgres.<code>`; the way out by DATABASE_URL is always named."""
    return Refused(
        Finding(
            code=f"postgres.{code}",
            field="GONGDAO_VAR",
            message=Text(zh, en),
            cure=Text(
                f"{cure_zh}；{_EXTERNAL.zh}" if cure_zh else _EXTERNAL.zh.removeprefix("或"),
                f"{cure_en}, {_EXTERNAL.en}" if cure_en else _EXTERNAL.en.removeprefix("or "),
            ),
        )
    )


def external_refused(code: str, zh: str, en: str) -> Refused:
    """Build the refusal `postgres.<code>` of the server that DATABASE_URL names."""
    return Refused(
        Finding(
            code=f"postgres.{code}",
            field="DATABASE_URL",
            message=Text(zh.strip(), en.strip()),
            cure=Text(
                "改正 DATABASE_URL，或删除它以使用内置数据库",
                "correct DATABASE_URL, or unset it to use the embedded server",
            ),
        )
    )
