"""The plan of a campaign follows from its seed."""

from collections import Counter
from itertools import islice

from tests.faults.rig.disturbance import KILL, Entry
from tests.faults.rig.disturbances import DISTURBANCES
from tests.faults.rig.plan import volleys
from tests.faults.rig.steps import SERVICES, steps_of


def entries(count: int, seed: int = 1, *only: str, own_servers: bool = True) -> list[Entry]:
    planned = (entry for volley in volleys(seed, only, own_servers=own_servers) for entry in volley.entries)
    return list(islice(planned, count))


def test_the_same_seed_gives_the_same_plan_and_another_one_another() -> None:
    assert entries(100) == entries(100)
    assert entries(100) != entries(100, seed=2)


def test_numbers_follow_each_other() -> None:
    assert [entry.number for entry in entries(100)] == list(range(1, 101))


def test_every_step_of_every_service_gets_its_kill_before_any_gets_a_second() -> None:
    kills = [entry for entry in entries(400) if entry.name == KILL]
    for service in SERVICES:
        wanted = {*steps_of(service), None}
        first = [entry.step for entry in kills if entry.where == service][: len(wanted)]
        assert Counter(first) == Counter(wanted)


def test_every_other_disturbance_has_its_turn() -> None:
    others = {entry.name for entry in entries(400) if entry.name != KILL}
    assert others == DISTURBANCES.keys() - {KILL}


def test_disturbances_are_done_where_they_can_be() -> None:
    for entry in entries(400):
        kind = DISTURBANCES[entry.name]
        assert entry.where in kind.where
        if kind.at_steps and entry.name != KILL:
            assert entry.step in kind.steps(entry.where)


def test_only_those_asked_for_are_planned() -> None:
    assert {entry.name for entry in entries(40, 1, "clock-jump")} == {"clock-jump"}
    assert {entry.name for entry in entries(40, 1, KILL)} == {KILL}


def test_on_servers_of_somebody_else_nothing_kills_them() -> None:
    planned = {entry.name for entry in entries(400, own_servers=False)}
    assert planned == {name for name, kind in DISTURBANCES.items() if not kind.needs_own_servers}
