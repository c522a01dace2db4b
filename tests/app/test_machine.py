"""Whatever people, programs, clocks and payments do to the real service, its laws hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.app.machine import Machine
from tests.app.machine_dealings import Dealings
from tests.app.machine_hearing import Hearing
from tests.app.machine_money import Money
from tests.app.machine_newer import Newer

if TYPE_CHECKING:
    from gongdao.store.postgres import Address

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


class Everything(Hearing, Dealings, Money, Newer, Machine):
    """All that can happen."""

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            self.every_flood_ends()
            self.no_invoice_is_reversed_twice()
        super().teardown()


def play(db: Address, examples: int, steps: int, *, same: bool) -> None:
    Machine.address = db
    run_state_machine_as_test(
        Everything,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=same,
            suppress_health_check=SLOW,
            print_blob=True,
            phases=[Phase.generate, *([] if same else [Phase.shrink])],
        ),
    )
    print(sorted(Machine.seen.items(), key=lambda kv: -kv[1]))


def test_the_laws_hold_whatever_happens(db: Address) -> None:
    """A little of it each time, the same every time."""
    play(db, 40, 25, same=True)


@pytest.mark.deep
def test_the_laws_hold_whatever_happens_for_long(db: Address) -> None:
    play(db, 400, 50, same=False)
