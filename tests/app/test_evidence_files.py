"""Files of evidence: copies without metadata, what has none, and what nothing refers to."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import av
import numpy as np
import pikepdf
import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.test import override_settings
from PIL import Image

from gongdao.app.act import act
from gongdao.app.erase import erase_buyer
from gongdao.app.permissions import Caller
from gongdao.app.queries.evidence import open_evidence, withheld_pieces
from gongdao.app.submit_evidence import submit
from gongdao.app.sweep_evidence import sweep_evidence
from gongdao.core.kernel.findings import Conflict, NotAllowed, Refused
from gongdao.store.connection import release
from gongdao.store.postgres import Address
from tests.app.world import (
    ARBITRATOR,
    BUYER,
    HOUR,
    MARKET,
    MERCHANT,
    OPERATOR,
    T0,
    one,
    opened,
    with_orders,
)

SECRETS = {
    "title": "卧室",
    "artist": "Lin Xiaoyu",
    "location": "+31.2304+121.4737/",
    "comment": "Lin Xiaoyu",
}
PLACES = (b"+31.2304", b"Lin Xiaoyu", "卧室".encode())


@pytest.fixture(autouse=True)
def own_folder(db: Address, tmp_path: Path) -> Iterator[None]:
    """Keep files where no other test sees them."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    place = {"evidence": storage | {"OPTIONS": {"location": str(tmp_path)}}}
    with override_settings(STORAGES=settings.STORAGES | place):
        yield


def recording(made_as: str, picture: str | None, sound: str | None) -> bytes:
    """Return a second of pictures and sound with a title, a name and a place in it."""
    out = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if made_as in {"mp4", "mov"} else {}
    with av.open(out, "w", format=made_as, options=options) as container:
        container.metadata.update(SECRETS)
        video = container.add_stream(picture, rate=10) if picture else None
        audio = container.add_stream(sound, rate=48000) if sound else None
        if video is not None:
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            for n in range(10):
                pixels = np.full((48, 64, 3), n * 20, dtype=np.uint8)
                container.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            container.mux(video.encode(None))
        if audio is not None:
            for n in range(10):
                quiet = np.zeros((1, 1024), dtype=np.int16)
                frame = av.AudioFrame.from_ndarray(quiet, format="s16", layout="mono")
                frame.rate, frame.pts = 48000, n * 1024
                container.mux(audio.encode(frame))
            container.mux(audio.encode(None))
    return out.getvalue()


def pdf(**encryption: str) -> bytes:
    """Return a page with a photo whose camera wrote its owner into it, and an author."""
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Phone of Lin Xiaoyu"
    Image.new("RGB", (32, 32), (200, 10, 10)).save(photo, "JPEG", exif=exif, comment=b"Lin Xiaoyu")
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(100, 100))
    image = made.make_stream(
        b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=32, Height=32,
        ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
    )  # fmt: skip
    image.write(photo.getvalue(), filter=pikepdf.Name.DCTDecode)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
    page.Contents = made.make_stream(b"q 100 0 0 100 0 0 cm /Im Do Q")
    made.docinfo["/Author"] = "Lin Xiaoyu"
    with made.open_metadata() as words:
        words["dc:creator"] = ["Lin Xiaoyu"]
    out = io.BytesIO()
    made.save(out, encryption=pikepdf.Encryption(**encryption) if encryption else False)
    return out.getvalue()


def hand_in(case_id: str, content: bytes, key: str = "e", by: Caller = BUYER) -> str:
    given = submit(
        by, case_id, name="a", stream=io.BytesIO(content), kind="photo", key=key, now=T0 + HOUR
    )
    return given.case.evidence[-1].id


def read(caller: Caller, case_id: str, evidence_id: str) -> tuple[str, bytes]:
    with open_evidence(caller, case_id, evidence_id) as (item, content):
        return item.media_type, content.read()


def folder() -> Path:
    return Path(storages["evidence"].path(""))


def files() -> set[str]:
    return {path.name for path in folder().rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("made_as", "picture", "sound", "media_type"),
    [
        ("mp4", "libx264", "aac", "video/mp4"),
        ("mov", "libx264", "aac", "video/quicktime"),
        ("webm", "libvpx", "libopus", "video/webm"),
        ("mp3", None, "libmp3lame", "audio/mpeg"),
        ("ipod", None, "aac", "audio/mp4"),
        ("wav", None, "pcm_s16le", "audio/x-wav"),
    ],
)
def test_the_other_party_sees_a_recording_without_what_the_device_wrote(
    db: Address, made_as: str, picture: str | None, sound: str | None, media_type: str
) -> None:
    with_orders(1)
    case = opened()
    original = recording(made_as, picture, sound)
    assert any(place in original for place in PLACES)
    piece = hand_in(case.id, original)
    for reader in (BUYER, ARBITRATOR):
        assert read(reader, case.id, piece) == (media_type, original)
    told, copy = read(MERCHANT, case.id, piece)
    assert told == media_type
    assert not any(place in copy for place in PLACES)
    assert _packets(copy) == _packets(original), "pictures and sound are the same, bit by bit"
    assert withheld_pieces(MERCHANT, case.id) == frozenset()


def _packets(content: bytes) -> list[bytes]:
    with av.open(io.BytesIO(content)) as container:
        return [bytes(packet) for packet in container.demux() if packet.size]


def test_a_picture_taken_upright_stays_upright_in_the_copy(db: Address) -> None:
    with_orders(1)
    case = opened()
    content = bytearray(recording("mp4", "libx264", None))
    at = content.index(b"tkhd") + 4 + 4 + 20 + 16
    turned = b"".join(
        n.to_bytes(4, signed=True) for n in (0, 0x10000, 0, -0x10000, 0, 0, 48 << 16, 0, 0x40000000)
    )
    content[at : at + 36] = turned
    copy = read(MERCHANT, case.id, hand_in(case.id, bytes(content)))[1]
    at = copy.index(b"tkhd") + 4 + 4 + 20 + 16
    assert copy[at : at + 16] == turned[:16]


def test_the_other_party_sees_a_pdf_without_author_and_cameras(db: Address) -> None:
    with_orders(1)
    case = opened()
    original = pdf()
    assert original.count(b"Lin Xiaoyu") > 2
    piece = hand_in(case.id, original)
    assert read(OPERATOR, case.id, piece) == ("application/pdf", original)
    told, copy = read(MERCHANT, case.id, piece)
    assert told == "application/pdf"
    assert b"Lin Xiaoyu" not in copy
    with pikepdf.open(io.BytesIO(copy)) as opened_copy:
        photo = pikepdf.PdfImage(opened_copy.pages[0].Resources.XObject.Im).as_pil_image()
        assert photo.getpixel((3, 3))[0] > 190  # type: ignore[index]  # a colour has three parts


def test_a_file_that_cannot_be_cleaned_is_for_the_platform_and_its_giver(db: Address) -> None:
    with_orders(1)
    case = opened()
    locked = pdf(owner="a", user="b")
    piece = hand_in(case.id, locked)
    for reader in (BUYER, ARBITRATOR, OPERATOR):
        assert read(reader, case.id, piece)[1] == locked
    with pytest.raises(NotAllowed) as refusal:
        read(MERCHANT, case.id, piece)
    assert refusal.value.code == "evidence.withheld"
    assert withheld_pieces(MERCHANT, case.id) == {piece}


def test_of_a_refused_submission_nothing_stays(db: Address) -> None:
    with_orders(1)
    case = opened()
    act(BUYER, case.id, "withdraw", key="w", now=T0)
    before = files()
    with pytest.raises(Refused) as refusal:
        hand_in(case.id, pdf())
    assert refusal.value.code == "case.closed"
    assert files() == before
    assert one("SELECT count(*) FROM evidence_blob") == 0
    assert one("SELECT count(*) FROM audit_log WHERE result = 'case.closed'") == 1


def test_a_refusal_leaves_what_another_case_refers_to(db: Address) -> None:
    with_orders(2)
    first, second = opened(), opened(2)
    content = pdf()
    piece = hand_in(first.id, content, "e1")
    act(BUYER, second.id, "withdraw", key="w", now=T0)
    with pytest.raises(Refused):
        hand_in(second.id, content, "e2")
    assert read(MERCHANT, first.id, piece)[0] == "application/pdf"
    assert len(files()) == 2


def test_what_a_crash_left_behind_is_swept_and_nothing_else(
    db: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gongdao.app import submit_evidence

    with_orders(1)
    case = opened()
    kept = hand_in(case.id, b"kept")

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(submit_evidence, "carry_out", killed)
    with pytest.raises(KeyboardInterrupt):
        hand_in(case.id, pdf(), "e2")
    monkeypatch.undo()
    assert len(files()) == 3, "content and copy of what no event tells of"
    assert sweep_evidence().files == 0, "whoever is handing in right now is left alone"
    later = datetime.now(UTC) + timedelta(hours=2)
    would = sweep_evidence(dry_run=True, now=later)
    assert (would.unused, would.files, len(files())) == (1, 0, 3)
    done = sweep_evidence(now=later)
    assert (done.unused, done.files, len(files())) == (1, 2, 1)
    assert read(MERCHANT, case.id, kept)[1] == b"kept"
    assert one("SELECT count(*) FROM evidence_blob") == 1


def test_files_that_no_row_names_are_swept(db: Address) -> None:
    with_orders(1)
    case = opened()
    hand_in(case.id, pdf())
    stray = folder() / "ab" / "cd" / ("abcd" + "0" * 60)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"left over")
    later = datetime.now(UTC) + timedelta(hours=2)
    assert sweep_evidence(dry_run=True, now=later).files == 1
    assert sweep_evidence(now=later).files == 1
    assert not stray.exists()
    assert len(files()) == 2


def test_the_same_file_handed_in_while_it_is_swept_is_there_afterwards(db: Address) -> None:
    with_orders(8)
    cases = [opened(n) for n in range(1, 9)]
    content = pdf()
    later = datetime.now(UTC) + timedelta(hours=2)
    faults: list[BaseException] = []

    def run(what: Callable[[], object]) -> None:
        try:
            what()
        except Conflict as refusal:
            if refusal.code != "evidence.content_gone":
                faults.append(refusal)
        except BaseException as fault:  # noqa: BLE001  told below
            faults.append(fault)
        finally:
            release()

    work: list[Callable[[], object]] = [lambda: sweep_evidence(now=later)] * 8
    work += [lambda c=c: hand_in(c.id, content, c.id) for c in cases]  # type: ignore[misc]
    threads = [Thread(target=run, args=(what,)) for pair in zip(work[:8], work[8:], strict=True)
               for what in pair]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    recorded = one("SELECT count(*) FROM evidence_use")
    assert one("SELECT count(*) FROM evidence_blob") == (1 if recorded else 0)
    assert len(files()) == (2 if recorded else 0), "what an event tells of is there to be read"


def test_erasing_a_buyer_takes_the_copies_along(db: Address) -> None:
    with_orders(1)
    case = opened()
    hand_in(case.id, pdf())
    assert len(files()) == 2
    act(BUYER, case.id, "withdraw", key="w", now=T0 + HOUR)
    erase_buyer(OPERATOR, MARKET, "b1")
    assert files() == set()
