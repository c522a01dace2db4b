"""Evidence and hearings over the database: copies, likeness, locks, impartiality."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image
from psycopg.errors import UniqueViolation

from gongdao.app.act import act
from gongdao.app.challenge_evidence import challenge
from gongdao.app.permissions import Caller
from gongdao.app.queries.assignments import my_cases
from gongdao.app.queries.evidence import evidence_matches, open_evidence
from gongdao.app.record_finding import record
from gongdao.app.release_case import release_case
from gongdao.app.submit_evidence import submit
from gongdao.app.take_case import take, take_next
from gongdao.core.cases.model import Case
from gongdao.core.kernel.findings import BadInput, Conflict, NotAllowed, NotVisible
from gongdao.core.kernel.words import Claim, Reason, Role
from gongdao.store.connection import cursor, release, transaction
from gongdao.store.people import MembershipRow, add_membership
from gongdao.store.postgres import Address
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    DAY,
    HOUR,
    MARKET,
    MARKETS,
    MERCHANT,
    OPERATOR,
    OTHER_BUYER,
    REVIEWER,
    SHOP,
    T0,
    everything_holds,
    one,
    opened,
    rows,
    with_orders,
)

GPS = 0x8825
OTHER_ARBITRATOR = replace(ARBITRATOR, user_id="u-arbitrator-2")


def scene(seed: int, size: int = 400) -> Image.Image:
    """Return a picture with structure, as a photo has; another seed, another picture."""
    noise = np.random.default_rng(seed).integers(0, 255, (24, 24, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((size, size), Image.Resampling.BICUBIC)


def jpeg(image: Image.Image, quality: int = 95, *, located: bool = False) -> bytes:
    exif = Image.Exif()
    if located:
        exif[0x010F] = "PhoneMaker"
        exif.get_ifd(GPS)[1] = "N"
        exif.get_ifd(GPS)[2] = (31.0, 13.0, 49.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def show(
    caller: Caller, case: Case, content: bytes, *, after: int = 1, name: str = "a.jpg"
) -> Case:
    return submit(
        caller, case.id, name=name, stream=io.BytesIO(content), kind="photo",
        key=str(uuid4()), now=T0 + after * HOUR,
    ).case  # fmt: skip


def disputed(number: int = 1) -> Case:
    case = opened(number)
    act(MERCHANT, case.id, "reject", {"reason": "不符"}, key=f"r{number}", now=T0 + HOUR)
    return act(BUYER, case.id, "escalate", {"reason": "不服"}, key=f"e{number}", now=T0 + HOUR).case


def reviewing(number: int = 1) -> Case:
    case = disputed(number)
    return act(ARBITRATOR, case.id, "close_evidence", key=f"c{number}", now=T0 + 2 * HOUR).case


def content_for(caller: Caller, case: Case) -> tuple[str, bytes]:
    with open_evidence(caller, case.id, case.evidence[0].id) as (item, content):
        return item.media_type, content.read()


def test_the_other_party_sees_the_picture_without_place_and_device(db: Address) -> None:
    with_orders(1)
    original = jpeg(scene(1), located=True)
    case = show(BUYER, opened(), original)
    assert content_for(BUYER, case)[1] == original
    for judge in (ARBITRATOR, REVIEWER, OPERATOR):
        assert content_for(judge, case)[1] == original
    media_type, seen = content_for(MERCHANT, case)
    assert media_type == "image/jpeg"
    assert b"PhoneMaker" in original
    assert b"PhoneMaker" not in seen
    with Image.open(io.BytesIO(seen)) as copy:
        assert dict(copy.getexif()) == {}
        assert copy.size == (400, 400)


def test_a_copy_stands_upright_though_the_note_that_says_so_is_gone(db: Address) -> None:
    with_orders(1)
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    scene(1).resize((400, 200)).save(out, "JPEG", exif=exif)
    case = show(BUYER, opened(), out.getvalue())
    with Image.open(io.BytesIO(content_for(MERCHANT, case)[1])) as copy:
        assert copy.size == (200, 400)


@pytest.mark.parametrize("written", ["PNG", "WEBP", "GIF", "HEIF"])
def test_pictures_of_every_kind_have_a_copy(db: Address, written: str) -> None:
    with_orders(1)
    out = io.BytesIO()
    scene(3).save(out, written)
    case = show(BUYER, opened(), out.getvalue())
    media_type, seen = content_for(MERCHANT, case)
    assert media_type == {"HEIF": "image/jpeg", "GIF": "image/png"}.get(
        written, f"image/{written.lower()}"
    )
    with Image.open(io.BytesIO(seen)) as copy:
        assert copy.size == (400, 400)


def test_a_damaged_picture_is_refused_and_nothing_kept(db: Address) -> None:
    with_orders(1)
    case = opened()
    with pytest.raises(BadInput) as refusal:
        show(BUYER, case, jpeg(scene(1))[:200])
    assert refusal.value.code == "evidence.picture_unreadable"
    assert one("SELECT count(*) FROM evidence_blob") == 0
    assert one("SELECT count(*) FROM evidence_use") == 0


def test_a_picture_too_large_to_unpack_is_refused_unseen(db: Address) -> None:
    with_orders(1)
    out = io.BytesIO()
    Image.new("1", (10_000, 6_001)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(BadInput) as refusal:
        show(BUYER, opened(), out.getvalue())
    assert refusal.value.code == "evidence.picture_too_large"


def test_the_same_photo_in_another_case_is_found_by_its_looks(db: Address) -> None:
    with_orders(3)
    photo = scene(7)
    first = show(BUYER, opened(1), jpeg(photo))
    show(BUYER, opened(2), jpeg(photo.resize((300, 300)), quality=60))
    show(BUYER, opened(3), jpeg(scene(8)))
    (match,) = evidence_matches(ARBITRATOR, first.id)
    assert (match.evidence_id, match.other_order_id) == (first.evidence[0].id, "o2")
    assert 0 <= match.distance <= 31
    assert match.given_by == "buyer"
    for party in (BUYER, MERCHANT):
        with pytest.raises(NotAllowed) as refusal:
            evidence_matches(party, first.id)
        assert refusal.value.code == "permission.role"
    with pytest.raises(NotVisible):
        evidence_matches(replace(ARBITRATOR, marketplace_ids=frozenset({"else"})), first.id)


def test_the_same_file_is_found_whatever_it_is_and_a_plain_picture_is_not_alike(
    db: Address,
) -> None:
    with_orders(2)
    white, paper = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (300, 300), (255, 255, 255)).save(white, "PNG")
    Image.new("RGB", (299, 300), (254, 254, 254)).save(paper, "PNG")
    first = show(BUYER, opened(1), "聊天".encode(), name="a.txt")
    show(BUYER, first, white.getvalue(), after=2)
    second = show(BUYER, opened(2), "聊天".encode(), name="b.txt")
    show(BUYER, second, paper.getvalue(), after=2)
    (match,) = evidence_matches(REVIEWER, first.id)
    assert (match.evidence_id, match.other_case_id, match.distance) == (
        first.evidence[0].id,
        second.id,
        0,
    )


def test_the_other_side_challenges_over_the_service(db: Address) -> None:
    with_orders(1)
    case = show(BUYER, disputed(), "证".encode(), after=2)
    given = case.evidence[0].id
    done = challenge(MERCHANT, case.id, given, "并非本单", key="q", now=T0 + 3 * HOUR)
    assert [c.reason for c in done.case.challenges] == ["并非本单"]
    assert challenge(MERCHANT, case.id, given, "并非本单", key="q", now=T0 + 4 * HOUR).repeated
    with pytest.raises(NotAllowed):
        challenge(ARBITRATOR, case.id, given, "x", key="q2", now=T0 + 4 * HOUR)
    with pytest.raises(NotVisible):
        challenge(OTHER_BUYER, case.id, given, "x", key="q3", now=T0 + 4 * HOUR)
    assert one("SELECT count(*) FROM event WHERE kind = 'evidence_challenged'") == 1
    everything_holds()


def test_each_of_many_arbitrators_gets_another_case(db: Address) -> None:
    with_orders(8)
    for number in range(1, 9):
        reviewing(number)

    def grab(number: int) -> str | None:
        taken = take_next(replace(ARBITRATOR, user_id=f"a{number}"))
        release()
        return taken.case_id if taken is not None else None

    with ThreadPoolExecutor(10) as pool:
        got = list(pool.map(grab, range(10)))
    assert len({g for g in got if g is not None}) == 8
    assert got.count(None) == 2
    assert one("SELECT count(*) FROM assignment WHERE ended_at IS NULL") == 8


def test_a_case_taken_is_nobody_elses_to_judge(db: Address) -> None:
    with_orders(1)
    case = reviewing()
    taken = take(ARBITRATOR, case.id)
    assert [a.case_id for a in my_cases(ARBITRATOR)] == [case.id]
    for attempt in (
        lambda: take(OTHER_ARBITRATOR, case.id),
        lambda: release_case(OTHER_ARBITRATOR, case.id),
        lambda: act(OTHER_ARBITRATOR, case.id, "rule", key="x", now=T0 + 3 * HOUR),
        lambda: act(OTHER_ARBITRATOR, case.id, "rule", key="x", preview=True, now=T0 + 3 * HOUR),
        lambda: record(OTHER_ARBITRATOR, case.id, "merchant_fault", "proven", key="y", now=T0),
    ):
        with pytest.raises(Conflict) as refusal:
            attempt()
        assert refusal.value.code == "assignment.held_by_another"
    assert take_next(OTHER_ARBITRATOR) is None
    assert one("SELECT count(*) FROM event WHERE kind = 'fact_found'") == 0
    take(REVIEWER, case.id)  # another role is another desk
    record(ARBITRATOR, case.id, "merchant_fault", "proven", key="z", now=T0 + 3 * HOUR)
    assert take(ARBITRATOR, case.id).id == taken.id
    release_case(ARBITRATOR, case.id)
    release_case(ARBITRATOR, case.id)
    assert my_cases(ARBITRATOR) == ()
    again = take_next(OTHER_ARBITRATOR)
    assert again is not None
    assert again.case_id == case.id


def test_a_case_left_lying_goes_back_to_the_pool(db: Address) -> None:
    with_orders(1)
    case = reviewing()
    taken = take(ARBITRATOR, case.id)
    assert (taken.expires_at - taken.taken_at).total_seconds() == pytest.approx(7200, abs=1)
    with transaction() as on:
        cursor(on).execute("UPDATE assignment SET expires_at = clock_timestamp()")
    assert my_cases(ARBITRATOR) == ()
    assert take(OTHER_ARBITRATOR, case.id).user_id == "u-arbitrator-2"
    assert rows('SELECT user_id, "end" FROM assignment ORDER BY taken_at') == [
        ("u-arbitrator", "expired"),
        ("u-arbitrator-2", ""),
    ]


def test_the_table_itself_refuses_a_second_holder(db: Address) -> None:
    with_orders(1)
    take(ARBITRATOR, reviewing().id)
    with pytest.raises(UniqueViolation), transaction() as on:
        cursor(on).execute(
            "INSERT INTO assignment (id, shop_id, case_id, marketplace_id, role, user_id,"
            " expires_at) SELECT gen_random_uuid(), shop_id, case_id, marketplace_id, role, 'x',"
            " expires_at FROM assignment"
        )


def with_interest(role: str) -> str:
    """Return a user who works for the platform and is also this case's party."""
    user = str(uuid4())
    with transaction() as on:
        cursor(on).execute(
            "INSERT INTO account_user (id, username, password, is_active, is_staff, is_superuser,"
            " first_name, last_name, email, date_joined)"
            " VALUES (%s, %s, '', true, false, false, '', '', '', now())",
            (user, user),
        )
        party = {"buyer_id": "b1"} if role == "buyer" else {"shop_id": SHOP}
        add_membership(on, user, MembershipRow(role=role, marketplace_id=MARKET, **party))
    return user


@pytest.mark.parametrize("role", ["buyer", "merchant"])
def test_a_party_does_not_judge_its_own_case(db: Address, role: str) -> None:
    with_orders(1)
    case = reviewing()
    judge = Caller(user_id=with_interest(role), role=Role.ARBITRATOR, marketplace_ids=MARKETS)
    assert take_next(judge) is None
    for attempt in (
        lambda: take(judge, case.id),
        lambda: record(judge, case.id, "merchant_fault", "proven", key="k", now=T0 + 3 * HOUR),
        lambda: act(judge, case.id, "hand_over", key="k", now=T0 + 3 * HOUR),
    ):
        with pytest.raises(NotAllowed) as refusal:
            attempt()
        assert refusal.value.code == "assignment.conflict_of_interest"
    assert one("SELECT count(*) FROM assignment") == 0
    assert take_next(ARBITRATOR) is not None


def test_whoever_ruled_does_not_hear_the_appeal(db: Address) -> None:
    with_orders(1, platform="kuaishou")
    case = opened(claim=Claim.RETURN_REFUND, reason=Reason.QUALITY)
    act(MERCHANT, case.id, "reject", {"reason": "不符"}, key="1", now=T0 + HOUR)
    act(BUYER, case.id, "escalate", {"reason": "不服"}, key="2", now=T0 + HOUR)
    act(ARBITRATOR, case.id, "close_evidence", key="3", now=T0 + 2 * HOUR)
    facts = (("merchant_fault", "proven"), ("buyer_fault", "refuted"), ("goods_returnable", True))
    for name, value in facts:
        record(REVIEWER, case.id, name, value, key=name, now=T0 + 2 * HOUR)
    act(REVIEWER, case.id, "rule", key="4", now=T0 + 3 * HOUR)
    act(MERCHANT, case.id, "appeal", {"ground": "new_evidence"}, key="5", now=T0 + DAY)
    assert take_next(REVIEWER) is None
    with pytest.raises(NotAllowed):
        act(REVIEWER, case.id, "uphold", key="6", now=T0 + DAY + HOUR)
    other = replace(REVIEWER, user_id="u-reviewer-2")
    taken = take_next(other)
    assert taken is not None
    assert taken.case_id == case.id
    act(other, case.id, "uphold", key="7", now=T0 + DAY + HOUR)
    everything_holds()
