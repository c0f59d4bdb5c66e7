"""A rebuild beside running instances: equal, switched at once, nothing lost or doubled."""

from collections.abc import Callable

import pytest

from chassis.store.generations import Generations
from services.reporting.app import DEFINITION
from services.reporting.settings import ReportingSettings
from services.reporting.store import READ_MODELS
from tests.harness.fixtures import Start
from tests.harness.waiting import eventually
from tests.integration.reporting.cases import acknowledged, created_and_amended, tell
from tests.integration.reporting.rebuilds import command, live_number, what_is_shown
from tests.unit.reporting.builders import a_whole_case

CREATED = "complaint.created"


@pytest.fixture
def settings(settings_of: Callable[..., ReportingSettings]) -> ReportingSettings:
    return settings_of(DEFINITION)


async def test_a_system_at_rest_is_rebuilt_equal_and_switched(
    start: Start, settings: ReportingSettings, kafka_bootstrap: str, topics: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reporting = await start(DEFINITION)
    store = reporting.runtime.store
    pairs = created_and_amended(60)
    await tell(kafka_bootstrap, topics, [*(event for pair in pairs for event in pair), *a_whole_case()])
    await eventually(lambda: acknowledged(kafka_bootstrap, topics, CREATED), lambda count: count == 61)
    before = await what_is_shown(store)
    assert await command(settings, "rebuild", "--patience", "5") == 0
    said = capsys.readouterr().out
    assert "compared 61 cases" in said
    assert "they are equal" in said
    assert await live_number(store) == 2
    assert await what_is_shown(store) == before
    assert await Generations(store, READ_MODELS).building() is None
