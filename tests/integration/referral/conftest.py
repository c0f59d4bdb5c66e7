"""A district's office for every test of this folder."""

import pytest_asyncio

from chassis.clock import SettableClock
from services.referral.app import DEFINITION
from tests.harness.fixtures import Start
from tests.harness.tokens import Issuer
from tests.integration.referral.district import MONDAY, District


@pytest_asyncio.fixture
async def district(start: Start, issuer: Issuer, kafka_bootstrap: str, topics: str) -> District:
    """Cianjur's office on a Monday morning."""
    clock = SettableClock(MONDAY)
    return District(await start(DEFINITION, clock=clock), issuer, kafka_bootstrap, topics, clock)
