"""Steps of the state machine: evidence, challenges, findings, cases taken and given back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from gongdao.app.challenge_evidence import challenge
from gongdao.app.record_finding import record
from gongdao.app.release_case import release_case
from gongdao.app.submit_evidence import submit
from gongdao.app.take_case import take, take_next
from gongdao.core.rulebook.model import Kind
from tests.app.machine_stage import PEOPLE, name_of, pick

if TYPE_CHECKING:
    from gongdao.app.permissions import Caller

PARTIES = PEOPLE[:3]
JUDGES = PEOPLE[3:7]


class Hearing:
    """See the module."""

    stage: Any
    give: Any
    try_: Any
    some_case: Any

    def _caller(self, data: st.DataObject, case_id: str, people: tuple[Caller, ...]) -> Caller:
        """Draw one of `people`; a buyer is the case's own."""
        caller = pick(data, people, "caller", name_of)
        return self.stage.buyer(case_id) if caller.buyer_id else caller

    @rule(data=st.data())
    def show(self, data: st.DataObject) -> None:
        """A party hands in a file."""
        case_id = self.some_case(data)
        if case_id is None:
            return
        caller = self._caller(data, case_id, PEOPLE)
        content = data.draw(st.sampled_from((b"one", b"two")), label="content")
        kind = data.draw(st.sampled_from(("photo", "chat", "voucher", "appraisal")), label="kind")
        self.give("submit_evidence", lambda key, _preview: submit(
            caller, case_id, name="a.txt", stream=io.BytesIO(content), kind=kind, key=key,
        ))  # fmt: skip

    @rule(data=st.data())
    def challenge(self, data: st.DataObject) -> None:
        """A party disputes a piece of evidence."""
        case_id = self.some_case(data)
        if case_id is None or not self.stage.case(case_id).evidence:
            return
        item = pick(data, self.stage.case(case_id).evidence, "item", lambda e: e.by)
        caller = self._caller(data, case_id, PARTIES)
        self.give("challenge_evidence", lambda key, _preview: challenge(
            caller, case_id, item.id, "不是本单商品", key=key,
        ))  # fmt: skip

    @rule(data=st.data())
    def find(self, data: st.DataObject) -> None:
        """An arbitrator or reviewer records a fact."""
        case_id = self.some_case(data)
        if case_id is None:
            return
        caller = pick(data, JUDGES, "caller", name_of)
        page = next(p for c, p in self.stage.pages(case_id) if c == caller)
        wanted = page.facts_wanted()
        books = [b for b in page.playbook.books.values() if b.facts]
        book = page.outlook.book if wanted else pick(data, books, "book", lambda b: b.ref)
        name = data.draw(st.sampled_from(wanted or sorted(book.facts)), label="fact")
        fact = book.facts[name]
        value: bool | int | str
        if fact.type.kind is Kind.BOOLEAN:
            value = data.draw(st.booleans(), label="value")
        elif fact.type.kind is Kind.ENUM and fact.type.enum in book.enums:
            members = sorted(book.enums[fact.type.enum].members)
            value = data.draw(st.sampled_from(members), label="value")
        elif fact.type.kind is Kind.INTEGER:
            value = data.draw(st.integers(-1, 100), label="value")
        else:
            value = data.draw(st.sampled_from(("3 d", "2024-03-01T00:00:00Z", "12.50", "x")))
        self.give("record_finding", lambda key, _preview: record(
            caller, case_id, name, value, key=key,
        ))  # fmt: skip

    @rule(data=st.data())
    def take_or_give_back(self, data: st.DataObject) -> None:
        """An arbitrator or reviewer takes a case, or puts one back."""
        caller = pick(data, PEOPLE[3:], "caller", name_of)
        case_id = self.some_case(data)
        how = data.draw(st.sampled_from(("take", "next", "release")), label="how")
        if how == "next":
            self.try_("take_next", lambda: take_next(caller))
        elif case_id is not None:
            verb = take if how == "take" else release_case
            self.try_(f"{how}_case", lambda: verb(caller, case_id))
