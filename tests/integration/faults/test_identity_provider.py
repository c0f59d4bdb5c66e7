"""The issuer slow, dead, or with other keys: who is known stays known, who cannot be told is asked to come again."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from chassis.identity import Actor, IssuerUnavailable, TokenVerifier
from chassis.identity import tokens as tokens_module
from chassis.identity.tokens import UnknownKey
from chassis.outbox.outgoing import new_id
from tests.faults.rig.identity import IdentityProvider
from tests.harness.builders import JAMBUDIPA
from tests.harness.fixtures import Start
from tests.harness.tiny import DESK
from tests.harness.tokens import AUDIENCE, Issuer
from tests.harness.waiting import eventually

PATIENCE_SECONDS = 0.5
SLOW_SECONDS = 0.75
"""Each way, and it is asked twice (where the keys are, then the keys): three seconds in all."""
MANY = 20


class Provider(IdentityProvider):
    """An issuer that changes its keys, and counts how often it is asked for them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder
        self.asked = 0

    def change_keys(self) -> None:
        (self._folder / "new").mkdir()
        self.issuer = Issuer.make(self._folder / "new")

    def token(self) -> str:
        return self.bearer("front_office", area=JAMBUDIPA)["Authorization"].removeprefix("Bearer ")

    def _route(self, path: str, body: bytes) -> tuple[str, object]:
        self.asked += path == "/jwks"
        return super()._route(path, body)


@pytest_asyncio.fixture
async def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Provider]:
    monkeypatch.setattr(tokens_module, "PATIENCE_SECONDS", PATIENCE_SECONDS)
    made = Provider(tmp_path / "issuer")
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def verifier(provider: Provider) -> TokenVerifier:
    return TokenVerifier(provider.url, AUDIENCE)


async def outcomes(verifier: TokenVerifier, token: str) -> list[Actor | BaseException]:
    """Of many requests at once; none waits longer than one is patient."""
    began = time.monotonic()
    found = await asyncio.gather(*(verifier.verify(token) for _ in range(MANY)), return_exceptions=True)
    assert time.monotonic() - began < PATIENCE_SECONDS + 5.0
    return found


async def recognised(verifier: TokenVerifier, token: str) -> bool:
    try:
        await verifier.verify(token)
    except IssuerUnavailable:
        return False
    return True


async def test_an_issuer_slower_than_a_request_is_patient_is_understood_in_the_end(
    provider: Provider, verifier: TokenVerifier
) -> None:
    provider.line.slow(SLOW_SECONDS)
    refused = await outcomes(verifier, provider.token())
    assert {type(outcome) for outcome in refused} == {IssuerUnavailable}
    await eventually(lambda: recognised(verifier, provider.token()))
    assert provider.asked == 1


async def test_while_the_issuer_is_dead_many_are_refused_at_once_and_it_is_found_again_by_itself(
    provider: Provider, verifier: TokenVerifier
) -> None:
    await provider.line.cut()
    for _ in range(2):
        assert {type(outcome) for outcome in await outcomes(verifier, provider.token())} == {IssuerUnavailable}
    await provider.line.heal()
    await eventually(lambda: recognised(verifier, provider.token()))


@pytest.mark.parametrize("dead", [True, False])
async def test_who_is_known_is_recognised_without_the_issuer(
    provider: Provider, verifier: TokenVerifier, dead: bool
) -> None:
    await verifier.verify(provider.token())
    if dead:
        await provider.line.cut()
    else:
        provider.line.half_open()
    assert {type(outcome) for outcome in await outcomes(verifier, provider.token())} == {Actor}


async def test_keys_changed_while_the_issuer_is_slow_refuse_nobody_for_good(
    provider: Provider, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens_module, "REFETCH_SECONDS", 2.0)
    old = provider.token()
    await verifier.verify(old)
    provider.change_keys()
    provider.line.slow(SLOW_SECONDS)
    answered_at = verifier._answered_at
    await eventually(lambda: asyncio.sleep(0, time.monotonic() - answered_at > 2.0))

    assert {type(outcome) for outcome in await outcomes(verifier, old)} == {Actor}
    # Not "sign in again": nobody can tell yet.
    assert {type(outcome) for outcome in await outcomes(verifier, provider.token())} == {IssuerUnavailable}
    await eventually(lambda: recognised(verifier, provider.token()))


async def test_invented_keys_do_not_burden_the_issuer(
    provider: Provider, verifier: TokenVerifier, tmp_path: Path
) -> None:
    stranger = Issuer.make(tmp_path)
    forged = stranger.token("manager", area="", issuer=provider.url)
    await verifier.verify(provider.token())
    assert {type(outcome) for outcome in await outcomes(verifier, forged)} == {UnknownKey}
    assert provider.asked == 1


async def test_a_service_started_without_its_issuer_runs_says_so_and_recovers(provider: Provider, start: Start) -> None:
    await provider.line.cut()
    desk = await start(DESK, oidc_issuer=provider.url, oidc_jwks_url=None)
    assert (await desk.api.get("/health/ready")).status_code == 200

    async def record() -> int:
        entry = new_id()
        answer = await desk.api.post(
            "/entries",
            json={"id": entry, "area": JAMBUDIPA, "title": "x"},
            headers={**provider.bearer("front_office", area=JAMBUDIPA), "Idempotency-Key": entry},
        )
        assert answer.status_code == 201 or answer.headers["Retry-After"]
        return answer.status_code

    assert (await desk.api.get("/entries")).status_code == 401
    assert await record() == 503
    await provider.line.heal()
    await eventually(record, lambda status: status == 201)
