"""Orders between the rig and a process: carried out once, at their step, and written down before they are."""

import os
import signal
from pathlib import Path

import pytest

from tests.faults.rig.steps import SERVICES, Arming, Deed, Order, Reached, Step, Steps, steps_of


@pytest.fixture
def arming(tmp_path: Path) -> Arming:
    return Arming(tmp_path, "intake-1")


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> list[signal.Signals]:
    """What the process would have sent itself."""
    sent: list[signal.Signals] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append(number))
    return sent


def test_nothing_happens_without_an_order(arming: Arming, signals: list[signal.Signals]) -> None:
    Steps(arming).reach(Step.COMMIT_BEFORE)
    assert signals == []


def test_an_order_is_carried_out_at_its_step_and_at_no_other(arming: Arming, signals: list[signal.Signals]) -> None:
    steps = Steps(arming)
    arming.arm(Order(number=1, step=Step.PUBLISH_AFTER))
    steps.reach(Step.PUBLISH_BEFORE)
    assert signals == []
    assert arming.reached(1) is None
    steps.reach(Step.PUBLISH_AFTER)
    assert signals == [signal.SIGKILL]
    assert arming.reached(1) == Reached(number=1, step=Step.PUBLISH_AFTER, pid=os.getpid())


def test_a_step_may_have_to_be_reached_several_times_first(arming: Arming, signals: list[signal.Signals]) -> None:
    steps = Steps(arming)
    arming.arm(Order(number=1, step=Step.COMMIT_AFTER, hits_first=2))
    steps.reach(Step.COMMIT_AFTER)
    steps.reach(Step.COMMIT_AFTER)
    assert signals == []
    steps.reach(Step.COMMIT_AFTER)
    assert signals == [signal.SIGKILL]


def test_the_next_life_of_a_killed_process_is_not_killed_by_the_same_order(
    arming: Arming, signals: list[signal.Signals]
) -> None:
    arming.arm(Order(number=1, step=Step.COMMIT_AFTER))
    Steps(arming).reach(Step.COMMIT_AFTER)
    Steps(arming).reach(Step.COMMIT_AFTER)
    assert signals == [signal.SIGKILL]


def test_a_disarmed_order_is_not_carried_out(arming: Arming, signals: list[signal.Signals]) -> None:
    steps = Steps(arming)
    arming.arm(Order(number=1, step=Step.SEND_AFTER))
    assert steps.expects(Step.SEND_AFTER)
    arming.disarm()
    assert not steps.expects(Step.SEND_AFTER)
    steps.reach(Step.SEND_AFTER)
    assert signals == []


def test_a_new_order_begins_to_count_anew(arming: Arming, signals: list[signal.Signals]) -> None:
    steps = Steps(arming)
    arming.arm(Order(number=1, step=Step.COMMIT_AFTER, hits_first=1))
    steps.reach(Step.COMMIT_AFTER)
    arming.arm(Order(number=2, step=Step.COMMIT_AFTER, hits_first=1))
    steps.reach(Step.COMMIT_AFTER)
    assert signals == []
    steps.reach(Step.COMMIT_AFTER)
    assert arming.reached(2) is not None


@pytest.mark.parametrize(("deed", "sent"), [(Deed.STOP, signal.SIGSTOP), (Deed.TERM, signal.SIGTERM)])
def test_a_process_may_also_be_stopped_or_asked_to_end(
    arming: Arming, signals: list[signal.Signals], deed: Deed, sent: signal.Signals
) -> None:
    steps = Steps(arming)
    arming.arm(Order(number=1, step=Step.FIRE_BEFORE, deed=deed))
    steps.reach(Step.FIRE_BEFORE)
    steps.reach(Step.FIRE_BEFORE)
    assert signals == [sent]


def test_every_step_exists_in_some_service() -> None:
    assert {step for service in SERVICES for step in steps_of(service)} == set(Step)
    assert Step.SEND_BEFORE not in steps_of("intake")
