"""Post x verb x stage from the permission table: who may, may; who may not changes nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gongdao.app.permissions import (
    OF_A_CASE,
    PERMISSIONS,
    Caller,
    Post,
    Verb,
    allow,
)
from gongdao.core.kernel.findings import NotAllowed
from gongdao.core.kernel.words import Role
from gongdao.store.config import current
from tests.app.world import MARKETS
from tests.security.matrix_asks import Ask
from tests.security.matrix_held import held
from tests.security.matrix_rows import ROWS
from tests.security.matrix_world import ROLES, STAGES, STRANGERS, Recording, World
from tests.web.stage import PEOPLE

if TYPE_CHECKING:
    from gongdao.store.postgres import Address
    from tests.web.stage import Answer

REPOSITORY = Path(__file__).parents[2]
EVERY_ASK = [(verb, n) for verb, row in ROWS.items() for n in range(len(row.asks))]
NAMES = [f"{verb}-{n}" for verb, n in EVERY_ASK]


@pytest.fixture(autouse=True)
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let days be exported to a folder of the test's own."""
    World.exports = tmp_path
    configured = replace(current(), export=tmp_path)
    monkeypatch.setattr("gongdao.web.export_shelf.current", lambda: configured)


def may(who: str, verb: Verb) -> bool:
    return PERMISSIONS[verb].covers(PEOPLE[who][0])


def prepared(world: World, ask: Ask, verb: Verb, *people: str) -> None:
    """Let whatever the ask reaches for be made, by asking once in vain."""
    for who in people:
        ask.do(world.without(who, PERMISSIONS[verb].scope), world)


# ---------------------------------------------------------------------- the table and its rows


def test_every_verb_has_its_row() -> None:
    assert set(ROWS) == set(Verb)


def test_every_operation_of_the_api_is_asked_for_by_a_row(db: Address) -> None:
    """Whatever address the API has, the matrix tries it."""
    world = World(db)
    Recording.asked.clear()
    for verb, n in EVERY_ASK:
        ROWS[verb].asks[n].do(world["operator"], world)
    document = json.loads((REPOSITORY / "docs/reference/openapi.json").read_text("utf-8"))
    wanted = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in document["paths"].items()
        for method in methods
    }
    asked = {
        (method, path)
        for method, path in wanted
        if any(m == method and matches(path, p) for m, p in Recording.asked)
    }
    assert wanted - asked == FOR_EVERYBODY


#: Operations that no verb guards, or that two rows share: health is told to anybody.
FOR_EVERYBODY = {("GET", "/health"), ("POST", "/replay")}


def matches(template: str, path: str) -> bool:
    """Whether a path is one of an operation; the name of a rulebook has slashes in it."""
    pattern = re.sub(r"\{(\w+)\}", lambda m: ".+" if m[1] == "ref" else "[^/]+", template)
    return re.fullmatch(pattern, path) is not None


# ---------------------------------------------------------------------- who may not


@pytest.mark.parametrize("stage", STAGES)
def test_a_post_without_the_verb_is_refused_and_changes_nothing(db: Address, stage: str) -> None:
    world = World(db, stage)
    refused = {verb: [who for who in ROLES if not may(who, verb)] for verb in ROWS}
    for verb, n in EVERY_ASK:
        prepared(world, ROWS[verb].asks[n], verb, *refused[verb])
    before = held()
    for verb, n in EVERY_ASK:
        for who in refused[verb]:
            got = ROWS[verb].asks[n].do(world[who], world)
            assert (verb, who, got.status, got.code) == (verb, who, 403, "permission.role")
        assert held() == before, (verb, refused[verb])


@pytest.mark.parametrize("who", STRANGERS)
def test_what_is_somebody_elses_does_not_exist(db: Address, who: str) -> None:
    world = World(db, "disputed")
    for verb, n in EVERY_ASK:
        prepared(world, ROWS[verb].asks[n], verb, who)
    before = held()
    for verb, n in EVERY_ASK:
        ask = ROWS[verb].asks[n]
        if ask.stranger == "his own":
            continue
        got = ask.do(world[who], world)
        if may(who, verb):
            assert found_nothing(ask, got), (verb, got.status, got.body)
        else:
            assert (verb, got.status, got.code) == (verb, 403, "permission.role")
        assert held() == before, verb


def found_nothing(ask: Ask, got: Answer) -> bool:
    match ask.stranger:
        case "empty":
            return got.status == 200 and list(got.body["items"]) == []
        case "refused":
            (item,) = got.body["items"]
            return item["settled"] == "refused" and item["code"] == "not_visible"
        case _:
            return got.status == 404 and got.code == "not_visible"


def test_a_key_without_the_scope_is_refused(db: Address) -> None:
    world = World(db, "disputed")
    holders = {verb: [who for who in ROLES if may(who, verb)] for verb in ROWS}
    for verb, n in EVERY_ASK:
        prepared(world, ROWS[verb].asks[n], verb, *holders[verb])
    before = held()
    for verb, n in EVERY_ASK:
        for who in holders[verb]:
            got = ROWS[verb].asks[n].do(world.without(who, PERMISSIONS[verb].scope), world)
            assert (verb, got.status, got.code) == (verb, 403, "permission.scope")
        assert held() == before, verb


def test_a_key_for_named_cases_reaches_no_other(db: Address) -> None:
    world = World(db, "disputed")
    elsewhere = world.another_case()
    programs = {who: Recording(who, case_ids=frozenset({elsewhere})) for who in ROLES}
    for verb, row in ROWS.items():
        for who in ROLES:
            if not may(who, verb):
                continue
            program = programs[who]
            for ask in row.asks:
                prepared(world, ask, verb, who)
                before = held()
                got = ask.do(program, world)
                if verb not in OF_A_CASE:
                    assert (verb, got.status, got.code) == (verb, 403, "permission.cases_only")
                    assert held() == before, verb
                elif got.status == 200 and row.changes:
                    assert elsewhere in json.dumps(got.body), verb
                else:
                    assert held() == before, verb


# ---------------------------------------------------------------------- who may


@pytest.mark.parametrize(("verb", "n"), EVERY_ASK, ids=NAMES)
def test_whoever_may_does(db: Address, verb: Verb, n: int) -> None:
    """In some stage everybody who may succeeds; where the process says no, nothing is left."""
    row, ask = ROWS[verb], ROWS[verb].asks[n]
    who_may = {who for who in ROLES if may(who, verb)}
    done: set[str] = set()
    for turn, stage in enumerate(ask.stages):
        world = World(db, stage)
        for who in sorted(who_may, reverse=bool(turn % 2)):  # another is first each time
            prepared(world, ask, verb, who)
            before = held()
            got = ask.do(world[who], world)
            if 200 <= got.status < 300:
                done.add(who)
                assert row.changes or held() == before
            else:
                assert got.status in {403, 409, 422}, (who, got.status, got.body)
                assert not got.code.startswith("permission."), (who, got.body)
                assert held() == before, who
    assert done >= who_may - ask.but, "nobody is to hold a verb in vain"
    assert not done & ask.but, "a post that this may succeed for is not to be excused"


@pytest.mark.parametrize("verb", [v for v, row in ROWS.items() if row.of_a_case])
def test_a_case_that_has_ended_is_left_alone(db: Address, verb: Verb) -> None:
    """But for what begins about it afterwards."""
    world = World(db, "closed")
    ask = ROWS[verb].asks[0]
    for who in ROLES:
        if may(who, verb):
            prepared(world, ask, verb, who)
            before = held()
            got = ask.do(world[who], world)
            if verb is not Verb.ACT:
                assert (who, got.status) == (who, 409), got.body
                assert held() == before, who


def test_an_action_is_only_for_the_roles_the_process_names(db: Address) -> None:
    world = World(db)
    before = held()
    for who in ("buyer", "arbitrator", "reviewer", "operator"):
        got = world[who].act(world.case_id, "reject", reason="x")
        assert (got.status, got.code) == (403, "case.not_your_action")
    assert held() == before


# ---------------------------------------------------------------------- pages


def test_pages_refuse_as_the_api_does(db: Address) -> None:
    world = World(db)
    for verb, row in ROWS.items():
        for who in (*ROLES, *STRANGERS) if row.door is not None else ():
            browser = world.browser(who)
            before = held()
            got = row.door(browser, world)
            if who in STRANGERS and verb is not Verb.SEE_RULES:
                assert (verb, who, got.status_code) in {(verb, who, 404), (verb, who, 403)}
                assert held() == before
            elif not may(who, verb):
                assert (verb, who, got.status_code) == (verb, who, 403)
                assert held() == before
            else:
                assert got.status_code < 500


# ---------------------------------------------------------------------- the table itself


@pytest.mark.parametrize("verb", list(Verb))
def test_the_table_is_what_is_enforced(verb: Verb) -> None:
    """Of every post and verb; the generated page shows the same table."""
    page = (REPOSITORY / "docs" / "reference" / "permissions.md").read_text("utf-8")
    line = next(li for li in page.splitlines() if li.startswith(f"| `{verb}` "))
    ticks = [cell.strip() == "✓" for cell in line.split("|")[3:-1]]
    for post, ticked in zip(Post, ticks, strict=True):
        caller = Caller(
            user_id="u", role=post.role, marketplace_ids=MARKETS, agent=post is Post.AGENT
        )
        if ticked:
            allow(caller, verb)
            continue
        with pytest.raises(NotAllowed) as refused:
            allow(caller, verb)
        assert refused.value.code == "permission.role"


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert {v for v in Verb if PERMISSIONS[v].covers(Post.AUDITOR)} <= {
        v for v in Verb if v == Verb.VERIFY or v.startswith("see_")
    }


def test_every_verb_of_the_table_is_for_somebody() -> None:
    assert set(PERMISSIONS) == set(Verb)
    for permission in PERMISSIONS.values():
        assert permission.roles
        assert Role.CLOCK not in permission.roles
