"""Settings (设置): everything an operator may set, read once from GONGDAO_* of the environment.

| variable | meaning | default |
|---|---|---|
| GONGDAO_VAR | folder of database, evidence, secret | `var` of the checkout, or of where we are |
| DATABASE_URL | an external PostgreSQL (15 or newer) | none: the embedded server |
| GONGDAO_SECRET_KEY | signs sessions; 50 characters or more | made once, kept under GONGDAO_VAR |
| GONGDAO_DEBUG | 1 shows tracebacks in pages | 0 |
| GONGDAO_DEMO | 1 offers the demo accounts and the demo secret | 0 |
| GONGDAO_HOSTS | names the pages answer to, separated by commas | localhost, 127.0.0.1, [::1] |
| GONGDAO_HOST, GONGDAO_PORT | address the web server listens on | 127.0.0.1, 8000 |
| GONGDAO_LANGUAGE | zh or en: language before a person chooses | zh |
| GONGDAO_EXPORT | folder into which the worker exports each day | none; in the demo `exports` |
| GONGDAO_EVIDENCE | folder, or s3://bucket, for evidence | `evidence` under GONGDAO_VAR |
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, cast

from gongdao.core.kernel.findings import BadInput, Finding
from gongdao.core.kernel.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DEMO_SECRET = "demo-only-" * 6
SHORTEST_SECRET_CHARACTERS = 50
LARGEST_PORT = 65535
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator set, already checked for form; `unsafe()` judges whether it is wise."""

    var: Path
    database_url: str | None = field(default=None, repr=False)
    secret_key: str = field(repr=False)
    debug: bool = False
    demo: bool = False
    hosts: tuple[str, ...] = LOCAL_HOSTS
    host: str = "127.0.0.1"
    port: int = 8000
    language: Language = "zh"
    evidence: str
    export: Path | None = None

    @property
    def is_public(self) -> bool:
        """Whether anyone beyond this machine may reach the pages."""
        return any(not _is_loopback(name) for name in (*self.hosts, self.host))


def _is_loopback(name: str) -> bool:
    bare = name.strip("[]")
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def unsafe(settings: Settings) -> tuple[Finding, ...]:
    """Return why these settings must not serve people; empty when they may.

    Codes: settings.secret_default, settings.secret_short, settings.debug_public,
    settings.hosts_any.
    """
    wrong: list[Finding] = []
    if settings.secret_key == DEMO_SECRET and not settings.demo:
        wrong.append(_SECRET_DEFAULT)
    elif len(settings.secret_key) < SHORTEST_SECRET_CHARACTERS:
        wrong.append(_SECRET_SHORT)
    if settings.debug and settings.is_public:
        wrong.append(_DEBUG_PUBLIC)
    if "*" in settings.hosts:
        wrong.append(_HOSTS_ANY)
    return tuple(wrong)


_SECRET_DEFAULT = Finding(
    code="settings.secret_default",
    field="GONGDAO_SECRET_KEY",
    message=Text("正式运行却使用了演示密钥", "the demo's public secret is used outside the demo"),
    cure=Text(
        "删除 GONGDAO_SECRET_KEY（将自动生成），或设为 50 个以上随机字符",
        "unset GONGDAO_SECRET_KEY (one is made), or set 50 or more random characters",
    ),
)
_SECRET_SHORT = Finding(
    code="settings.secret_short",
    field="GONGDAO_SECRET_KEY",
    message=Text("密钥少于 50 个字符", "the secret has fewer than 50 characters"),
    cure=Text("设为 50 个以上随机字符", "set 50 or more random characters"),
)
_DEBUG_PUBLIC = Finding(
    code="settings.debug_public",
    field="GONGDAO_DEBUG",
    message=Text(
        "调试模式开在公开地址上，会泄露数据",
        "debug is on at an address others can reach; it would show them data",
    ),
    cure=Text("关闭 GONGDAO_DEBUG，或只监听本机", "unset GONGDAO_DEBUG, or listen on loopback"),
)
_HOSTS_ANY = Finding(
    code="settings.hosts_any",
    field="GONGDAO_HOSTS",
    message=Text(
        "GONGDAO_HOSTS 为 *，任何域名都会被接受",
        "GONGDAO_HOSTS is *, so a forged host name would be believed",
    ),
    cure=Text("写明域名，用逗号分隔", "name the hosts, separated by commas"),
)


def load(environ: Mapping[str, str]) -> Settings:
    """Read settings from `environ`. Raises BadInput (settings.bad_value) naming the variable."""
    var = _var(environ)
    demo = _flag(environ, "GONGDAO_DEMO")
    secret = environ.get("GONGDAO_SECRET_KEY") or (DEMO_SECRET if demo else _kept_secret(var))
    hosts = tuple(h.strip() for h in environ.get("GONGDAO_HOSTS", "").split(",") if h.strip())
    return Settings(
        var=var,
        database_url=environ.get("DATABASE_URL") or None,
        secret_key=secret,
        debug=_flag(environ, "GONGDAO_DEBUG"),
        demo=demo,
        hosts=hosts or LOCAL_HOSTS,
        host=environ.get("GONGDAO_HOST") or "127.0.0.1",
        port=_port(environ),
        language=_language(environ),
        evidence=environ.get("GONGDAO_EVIDENCE") or str(var / "evidence"),
        export=_export(environ, var, demo=demo),
    )


def _export(environ: Mapping[str, str], var: Path, *, demo: bool) -> Path | None:
    """Return the folder of the daily exports; the demo shows them without being told to."""
    if folder := environ.get("GONGDAO_EXPORT"):
        return Path(folder).expanduser().absolute()
    return var / "exports" if demo else None


@cache
def current() -> Settings:
    """Return the settings of this process, read at the first call."""
    return load(os.environ)


def var_folder() -> Path:
    """Return the folder of everything this installation keeps, whether it is there yet or not."""
    return _var(os.environ)


def _var(environ: Mapping[str, str]) -> Path:
    """Absolute, because every process must mean the same folder whatever it was started in."""
    if named := environ.get("GONGDAO_VAR"):
        return Path(named).expanduser().absolute()
    checkout = Path(__file__).parents[3]
    home = checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()
    return home / "var"


def _kept_secret(var: Path) -> str:
    """Return the secret kept under `var`; the first caller makes it, readable by its owner only."""
    var.mkdir(parents=True, exist_ok=True)
    kept = var / "secret_key"
    if not kept.exists():
        # Written beside and linked into place, so that a racing reader never sees half of it.
        made = var / f".secret_key.{os.getpid()}"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(made, kept)
        made.unlink()
    return kept.read_text(encoding="ascii").strip()


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value not in _TRUE | _FALSE:
        raise _bad(name, value, Text("写 1 或 0", "write 1 or 0"))
    return value in _TRUE


def _port(environ: Mapping[str, str]) -> int:
    value = environ.get("GONGDAO_PORT") or "8000"
    if not value.isdecimal() or not 0 < int(value) <= LARGEST_PORT:
        raise _bad("GONGDAO_PORT", value, Text("写 1 到 65535", "write 1 to 65535"))
    return int(value)


def _language(environ: Mapping[str, str]) -> Language:
    value = environ.get("GONGDAO_LANGUAGE") or "zh"
    if value not in {"zh", "en"}:
        raise _bad("GONGDAO_LANGUAGE", value, Text("写 zh 或 en", "write zh or en"))
    return cast("Language", value)


def _bad(name: str, value: str, cure: Text) -> BadInput:
    return BadInput(
        Finding(
            code="settings.bad_value",
            field=name,
            message=Text(f"{name} 的值“{value}”无效", f"{name} cannot be `{value}`"),
            cure=cure,
        )
    )
