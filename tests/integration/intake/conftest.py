"""The window, open for a test."""

from typing import Any

import pytest

from chassis.clock import Clock, SettableClock
from services.intake.app import DEFINITION
from tests.harness.fixtures import Start
from tests.harness.tokens import Issuer
from tests.integration.intake.builders import MONDAY, SETTINGS, Opener, Window


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(MONDAY)


@pytest.fixture
def open_window(start: Start, issuer: Issuer, clock: SettableClock) -> Opener:
    async def opened(*, at: Clock = clock, **changes: Any) -> Window:
        return Window(await start(DEFINITION, clock=at, **(SETTINGS | changes)), issuer)

    return opened


@pytest.fixture
async def window(open_window: Opener) -> Window:
    return await open_window()
