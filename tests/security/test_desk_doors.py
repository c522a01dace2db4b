"""Every address of the desk x every person: nobody gets in by a page where the table says no."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from gongdao.app.permissions import PERMISSIONS
from gongdao.web.desk.urls import urlpatterns
from tests.security.matrix_doors import DOORS, FORM, filled
from tests.security.matrix_held import held
from tests.security.matrix_world import ROLES, STRANGERS, World
from tests.web.stage import PEOPLE

if TYPE_CHECKING:
    from gongdao.store.postgres import Address

#: How a door stays shut: not yours, not there, not this way, not so.
SHUT = (403, 404, 405)
NOT_SO = (400, 409, 422)
PARTS = {str(u.name): re.findall(r"<\w+:(\w+)>", str(u.pattern)) for u in urlpatterns}


def address_of(name: str, world: World) -> str:
    known = filled(world)
    return reverse(f"desk:{name}", kwargs={part: known[part] for part in PARTS[name]})


def may(who: str, name: str) -> bool:
    verb = DOORS[name]
    return verb is None or PERMISSIONS[verb].covers(PEOPLE[who][0])


def test_every_address_has_its_row() -> None:
    assert set(PARTS) - set(DOORS) == set()


@pytest.mark.parametrize("who", ROLES)
def test_whoever_may_not_finds_the_page_shut(db: Address, who: str) -> None:
    world = World(db, "disputed")
    addresses = {name: address_of(name, world) for name in PARTS if not may(who, name)}
    browser = world.browser(who)
    before = held()
    for name, address in addresses.items():
        assert browser.get(address).status_code in SHUT, name
        assert browser.post(address, FORM).status_code in (*SHUT, *NOT_SO), name
        assert held() == before, name


@pytest.mark.parametrize("who", STRANGERS)
def test_what_is_somebody_elses_is_not_on_any_page(db: Address, who: str) -> None:
    world = World(db, "disputed")
    bound = [n for n in PARTS if set(PARTS[n]) - {"ref", "name", "version"}]
    addresses = {name: address_of(name, world) for name in bound}
    browser = world.browser(who)
    before = held()
    for name, address in addresses.items():
        for got in (browser.get(address), browser.post(address, FORM)):
            assert got.status_code in (*SHUT, *NOT_SO), (name, got.status_code)
        assert held() == before, name


@pytest.mark.parametrize("who", ROLES)
def test_no_page_fails_whatever_is_sent(db: Address, who: str) -> None:
    world = World(db, "disputed")
    addresses = {name: address_of(name, world) for name in PARTS if may(who, name)}
    browser = world.browser(who)
    forms: tuple[dict[str, Any], ...] = ({}, FORM, dict.fromkeys(FORM, "垃圾\x00"))
    for name, address in addresses.items():
        assert browser.get(address).status_code < 500, name
        for form in forms:
            assert browser.post(address, form).status_code < 500, (name, form)


def test_whoever_is_not_signed_in_is_asked_to(db: Address) -> None:
    world = World(db, "disputed")
    addresses = {name: address_of(name, world) for name in PARTS}
    before = held()
    browser = Client(SERVER_NAME="localhost")
    for name, address in addresses.items():
        for got in (browser.get(address), browser.post(address, FORM)):
            assert got.status_code in {302, 403, 405}, name
            if got.status_code == 302:
                assert "/accounts/login/" in got["Location"], name
    assert held() == before
