"""Bearer tokens: only the configured issuer's, only for us, only while they live."""

from pathlib import Path

import pytest

from chassis.area import Scope
from chassis.identity import InvalidToken, IssuerUnavailable, Role, TokenVerifier
from tests.harness.tokens import AUDIENCE, ISSUER, Issuer


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer.make(tmp_path)


@pytest.fixture
def verifier(issuer: Issuer) -> TokenVerifier:
    return TokenVerifier(ISSUER, AUDIENCE, issuer.jwks_url)


async def test_a_good_token_tells_who_acts_as_what_and_where(verifier: TokenVerifier, issuer: Issuer) -> None:
    actor = await verifier.verify(issuer.token("manager", "no_such_role", area="32.03", subject="7f"))
    assert actor.id == "7f"
    assert actor.roles == {Role.MANAGER}
    assert actor.scope == Scope("32.03")


@pytest.mark.parametrize("area", ["ID", ""])
async def test_the_whole_country_is_an_area_of_its_own(verifier: TokenVerifier, issuer: Issuer, area: str) -> None:
    actor = await verifier.verify(issuer.token("analyst", area=area))
    assert actor.scope == Scope("")


async def test_a_token_without_area_sees_no_area_rather_than_all(verifier: TokenVerifier, issuer: Issuer) -> None:
    assert (await verifier.verify(issuer.token("manager"))).scope is None


@pytest.mark.parametrize(
    "wrong",
    [{"audience": "another"}, {"issuer": "https://another.test"}, {"lives_seconds": -3600}, {"area": "everywhere"}],
)
async def test_wrong_audience_issuer_lifetime_or_area_is_refused(
    verifier: TokenVerifier, issuer: Issuer, wrong: dict[str, object]
) -> None:
    with pytest.raises(InvalidToken):
        await verifier.verify(issuer.token("manager", **wrong))  # type: ignore[arg-type]


async def test_a_tampered_token_is_refused(verifier: TokenVerifier, issuer: Issuer) -> None:
    head, body, signature = issuer.token("facilitator", area="32.03").split(".")
    other = issuer.token("manager", area="32.03").split(".")[1]
    assert body != other
    with pytest.raises(InvalidToken):
        await verifier.verify(f"{head}.{other}.{signature}")


async def test_a_token_that_is_none_is_refused(verifier: TokenVerifier) -> None:
    for nonsense in ("", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."):
        with pytest.raises(InvalidToken):
            await verifier.verify(nonsense)


async def test_another_issuers_key_is_refused_even_with_our_issuers_name(
    verifier: TokenVerifier, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    stranger = Issuer.make(tmp_path / "other")
    with pytest.raises(InvalidToken):
        await verifier.verify(stranger.token("manager", area=""))


async def test_a_dead_issuer_locks_nobody_out_whose_key_was_seen(verifier: TokenVerifier, issuer: Issuer) -> None:
    await verifier.verify(issuer.token("manager", area=""))
    issuer.jwks_file.unlink()
    assert (await verifier.verify(issuer.token("manager", area=""))).has(Role.MANAGER)


async def test_an_issuer_never_reached_is_an_outage_not_a_bad_token(tmp_path: Path, issuer: Issuer) -> None:
    with pytest.raises(IssuerUnavailable):
        await TokenVerifier(ISSUER, AUDIENCE, (tmp_path / "gone.json").as_uri()).verify(issuer.token("manager"))
