"""The desk's own small functions: countdowns, amounts, forms, drawings, rules said in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from inspect import getsource
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gongdao.core.cases.verbs.act import listed_words
from gongdao.core.kernel.findings import BadInput
from gongdao.core.kernel.words import Arbitration, Goods, MoneyState, Party
from gongdao.core.rulebook.expression import Binary, Choice, Constant, Name
from gongdao.library.shelf import Shelf
from gongdao.web.desk.countdown import countdown
from gongdao.web.desk.drawing import HEIGHT, WIDTH, arrange, draw, wrap
from gongdao.web.desk.language import wording
from gongdao.web.desk.payload import field, read_payload
from gongdao.web.desk.rule_text import spoken
from gongdao.web.templatetags.desk import yuan

NOW = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
PROCESSES = [p for book in Shelf().all() for p in book.processes.values()]


def test_every_need_of_every_action_has_an_input_with_a_label_in_chinese() -> None:
    wanted = [
        (book, action.name, need)
        for book in Shelf().all()
        for process in book.processes.values()
        for state in process.states.values()
        for action in state.actions.values()
        for need in action.needs
    ]
    assert len({need for _, _, need in wanted}) >= 15
    with translation.override("zh-hans"):
        for book, action, need in wanted:
            shown = field(need, listed=listed_words(action, need, book))
            assert re.search(r"[一-鿿]", shown.label), (book.ref, action, need)
            if listed_words(action, need, book):
                assert shown.input == "choice", (book.ref, action, need)
    with translation.override("en"):
        for _, _, need in wanted:
            assert not re.search(r"[一-鿿]", field(need).label), need


@pytest.mark.parametrize(
    ("left", "zh", "en", "level"),
    [
        (timedelta(days=1, hours=3, minutes=59), "剩余 1 天 3 小时", "1 d 3 h left", "ample"),
        (timedelta(hours=6), "剩余 6 小时 0 分", "6 h 0 min left", "ample"),
        (timedelta(hours=5, minutes=59), "剩余 5 小时 59 分", "5 h 59 min left", "soon"),
        (timedelta(0), "剩余 0 分 0 秒", "0 min 0 s left", "soon"),
        (timedelta(seconds=-61), "逾期 1 分 1 秒", "1 min 1 s overdue", "late"),
    ],
)
def test_what_is_left_is_said(left: timedelta, zh: str, en: str, level: str) -> None:
    for language, text in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            got = countdown(NOW + left, NOW)
            assert (got.text, got.level) == (text, level)


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "¥0.00"), (5, "¥0.05"), (123456789, "¥1,234,567.89"), (-100, "−¥1.00")]
)
def test_amounts_are_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


@given(st.integers(min_value=0, max_value=10**12))
def test_an_amount_entered_in_yuan_is_kept_to_the_fen(fen: int) -> None:
    given_ = {"refund_fen": f"{fen // 100}.{fen % 100:02d}", "remedy": "refund_only"}
    assert read_payload(given_, given_) == {"refund_fen": fen, "remedy": "refund_only"}


def test_an_overrule_left_empty_is_none() -> None:
    form = {"remedy": "", "liable": "buyer", "refund_fen": "5", "note": " x "}
    assert read_payload(form, form) == {"note": "x"}


@pytest.mark.parametrize("text", ["1.234", "abc", "1e99", "NaN", "-Infinity"])
def test_what_is_no_amount_is_refused_by_field(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_payload({"refund_fen": text, "remedy": "x"}, ["refund_fen", "remedy"])
    assert refused.value.findings[0].field == "payload.refund_fen"


def test_none_reads_by_its_own_list() -> None:
    with translation.override("zh-hans"):
        said = [wording(w.NONE) for w in (Party, Goods, MoneyState, Arbitration)]
    assert said == ["无", "不涉及货物", "未涉及", "未介入"]


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.name)
def test_every_state_of_every_process_has_a_place_of_its_own(process: object) -> None:
    places = arrange(process)  # type: ignore[arg-type]
    assert set(places) == set(process.states)  # type: ignore[attr-defined]
    boxes = list(places.values())
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert abs(a.x - b.x) >= WIDTH or abs(a.y - b.y) >= HEIGHT
    picture = ET.fromstring(str(draw(process)))  # type: ignore[arg-type]
    assert len(picture.findall("g")) == len(boxes)


@given(st.text(st.sampled_from("abc 退款"), max_size=60), st.integers(4, 30))
def test_labels_keep_within_two_lines(text: str, most: int) -> None:
    lines = wrap(text.strip(), most)
    assert len(lines) <= 2
    assert all(len(line) <= most for line in lines)


def test_expressions_are_said_with_labels() -> None:
    book = Shelf().exact("house/dispute@2020-01-01")
    node = Choice(
        Binary("==", Name("reason"), Constant("quality", "enum")),
        Constant(Fraction(3, 10), "decimal"),
        Constant(1250, "money"),
    )
    with translation.override("zh-hans"):
        assert spoken(node, book) == "若售后原因 = 质量问题则0.3，否则12.50 元"
    with translation.override("en"):
        assert spoken(node, book) == "0.3 if reason = quality, else 12.50 yuan"


def test_an_event_without_words_is_shown_all_the_same() -> None:
    from dataclasses import dataclass

    from gongdao.web.desk.timeline import entries

    @dataclass(frozen=True)
    class GoodsFoundAgain:
        at: datetime

    (entry,) = entries([GoodsFoundAgain(NOW)], None, None)  # type: ignore[list-item, arg-type]
    assert (entry.what, entry.at) == ("goods_found_again", NOW)


def test_every_kind_of_event_has_its_words() -> None:
    from gongdao.core.cases.events import Event
    from gongdao.web.desk import timeline, timeline_platform

    told = set(re.findall(r"\b([A-Z][A-Za-z]+)\(\)", getsource(timeline._entry)))
    told |= {kind.__name__ for kind in timeline_platform._SAID}
    assert {kind.__name__ for kind in get_args(Event)} - told == set()
