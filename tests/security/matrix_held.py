"""All that a command could have changed: every table there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.app.world import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Of these only what a command could have changed: keys remember when they were last used, and the
#: log may say what was refused.
_IN_PART: Mapping[str, str] = {
    "api_token": "SELECT id, revoked_at, expires_at FROM api_token WHERE name NOT IN ('test', 't')",
    "audit_log": "SELECT * FROM audit_log WHERE result = 'done'",
}
#: Of a refused command these may keep what says nothing: a key made for words that were not kept, a
#: file that nothing refers to and `gongdao evidence sweep` removes.
_LEFT_OUT = frozenset(
    {
        "django_session", "django_migrations", "django_content_type", "personal_key",
        "evidence_blob",
    }
)  # fmt: skip


def held() -> dict[str, object]:
    """Return a digest of every table there is."""
    names = [
        str(name)
        for (name,) in rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        if name not in _LEFT_OUT and not str(name).startswith(("auth_", "account_", "axes_"))
    ]
    query = " UNION ALL ".join(
        f"SELECT '{name}', md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))"
        f" FROM ({_IN_PART.get(name, f'SELECT * FROM {name}')}) AS t"
        for name in names
    )
    return dict(rows(query))  # type: ignore[arg-type]
