"""Settings are read strictly, and unwise ones are refused by name."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gongdao.core.kernel.findings import BadInput
from gongdao.store.config import DEMO_SECRET, Settings, load, unsafe

SECRET = "s" * 50


def settings(tmp_path: Path, **environ: str) -> Settings:
    return load({"GONGDAO_VAR": str(tmp_path), **environ})


def codes(found: Settings) -> list[str]:
    return [finding.code for finding in unsafe(found)]


def test_defaults_are_safe(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert codes(found) == []
    assert (found.host, found.port, found.language, found.debug, found.demo) == (
        "127.0.0.1",
        8000,
        "zh",
        False,
        False,
    )
    assert found.evidence == str(tmp_path / "evidence")


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert first.secret_key not in repr(first)


def test_the_demo_has_its_own_secret_and_leaves_no_file(tmp_path: Path) -> None:
    found = settings(tmp_path, GONGDAO_DEMO="1")
    assert found.secret_key == DEMO_SECRET
    assert codes(found) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"GONGDAO_SECRET_KEY": DEMO_SECRET}, ["settings.secret_default"]),
        ({"GONGDAO_SECRET_KEY": "s" * 49}, ["settings.secret_short"]),
        ({"GONGDAO_SECRET_KEY": SECRET}, []),
        ({"GONGDAO_DEBUG": "1"}, []),
        ({"GONGDAO_DEBUG": "1", "GONGDAO_HOST": "0.0.0.0"}, ["settings.debug_public"]),
        ({"GONGDAO_DEBUG": "1", "GONGDAO_HOSTS": "localhost, a.cn"}, ["settings.debug_public"]),
        ({"GONGDAO_DEBUG": "1", "GONGDAO_HOST": "::1"}, []),
        ({"GONGDAO_HOSTS": "*"}, ["settings.hosts_any"]),
    ],
)
def test_unwise_settings_are_refused(
    tmp_path: Path, environ: dict[str, str], expected: list[str]
) -> None:
    assert codes(settings(tmp_path, **environ)) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GONGDAO_PORT", "0"),
        ("GONGDAO_PORT", "65536"),
        ("GONGDAO_PORT", "http"),
        ("GONGDAO_LANGUAGE", "de"),
        ("GONGDAO_DEBUG", "maybe"),
        ("GONGDAO_DEMO", "2"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadInput) as refusal:
        settings(tmp_path, **{name: value})
    (finding,) = refusal.value.findings
    assert (finding.code, finding.field) == ("settings.bad_value", name)
    assert finding.cure
