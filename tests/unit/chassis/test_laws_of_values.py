"""Small values that everything stands on: areas and scopes, heard ranges, moments, documents, idempotency keys."""

import asyncio
import contextlib
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from chassis.area import AREA_PATTERN, Scope, Tier, district_of, tier_of
from chassis.clock import to_milliseconds
from chassis.heard import Heard
from chassis.http.idempotency import IdempotencyKey, UsedKey, _key, _resource
from chassis.http.problems import Problem
from chassis.identity import Actor
from chassis.store.conditions import scope_filter
from chassis.store.documents import WITHIN, areas_around, document_from_stored, document_to_stored
from chassis.unbroken import unbroken
from services.reporting.domain.days import zone_of
from tests.strategies.effort import examples
from tests.strategies.room import at_once

PARTS = st.tuples(*[st.integers(0, 3).map(lambda n: f"{n:02d}")] * 3, st.integers(0, 2).map(lambda n: f"{n:04d}"))
AREAS = st.tuples(PARTS, st.integers(0, 4)).map(lambda drawn: ".".join(drawn[0][: drawn[1]]))
SOURCES = st.sampled_from(["/districts/32.03/intake", "/districts/32.03/referral"])
SUBJECTS = st.sampled_from(["a", "b"])
SAID = st.tuples(SOURCES, SUBJECTS, st.integers(1, 12))


def parts(area: str) -> list[str]:
    return area.split(".") if area else []


# --- areas ---


@given(AREAS, AREAS)
def test_a_scope_covers_exactly_the_areas_that_begin_with_its_parts(scope: str, area: str) -> None:
    below = parts(area)[: len(parts(scope))] == parts(scope)
    assert Scope(scope).covers(area) == below
    # What a query asks of the stored chain is what the rule in memory says.
    assert (scope_filter(Scope(scope))[WITHIN] in areas_around(area)) == below


@given(AREAS, AREAS, AREAS)
def test_scopes_within_scopes_see_no_more(outer: str, inner: str, area: str) -> None:
    if Scope(outer).covers(inner) and Scope(inner).covers(area):
        assert Scope(outer).covers(area)


@given(AREAS)
def test_an_area_lies_in_its_district_its_chain_and_one_tier(area: str) -> None:
    chain = areas_around(area)
    assert (chain[0], chain[-1], len(chain)) == ("", area, len(parts(area)) + 1)
    assert all(Scope(around).covers(area) for around in chain)
    assert [tier_of(around) for around in chain] == list(Tier)[: len(chain)]
    assert Scope(district_of(area)).covers(area)
    assert tier_of(district_of(area)) in (Tier.COUNTRY, Tier.PROVINCE, Tier.DISTRICT)


@given(st.text(alphabet="0123456789. x\n", max_size=14))
def test_only_region_codes_make_scopes(text: str) -> None:
    if re.fullmatch(AREA_PATTERN, text):
        assert Scope(text).area == text
    else:
        with pytest.raises(ValueError, match="region code"):
            Scope(text)


# --- heard ---


@examples(100)
@given(st.lists(SAID, max_size=40), st.lists(SAID, max_size=5))
def test_what_a_document_heard_is_the_set_of_what_was_said(said: list[Any], others: list[Any]) -> None:
    heard = Heard()
    for number, one in enumerate(said):
        assert heard.contains(*one) == (one in said[:number])
        heard = heard.adding(*one)
    known = set(said)
    for one in (*said, *others):
        assert heard.contains(*one) == (one in known)
    for source, subject in {(source, subject) for source, subject, _ in said}:
        sequences = {n for s, t, n in known if (s, t) == (source, subject)}
        assert heard.latest(source, subject) == max(sequences)
        gaps = {n for low, high in heard.missing(source, subject) for n in range(low, high + 1)}
        assert gaps == set(range(1, max(sequences))) - sequences


@examples(50)
@given(st.lists(SAID, max_size=20), SAID)
def test_hearing_again_changes_nothing_but_the_place_of_an_entry(said: list[Any], again: Any) -> None:
    heard = Heard()
    for one in (*said, again):
        heard = heard.adding(*one)
    repeated = heard.adding(*again)
    assert sorted(repeated.entries, key=str) == sorted(heard.entries, key=str)


# --- moments and documents ---


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_cut_to_milliseconds_stays_as_it_is(moment: datetime) -> None:
    cut = to_milliseconds(moment)
    assert to_milliseconds(cut) == cut
    assert timedelta(0) <= moment - cut < timedelta(milliseconds=1)


@given(AREAS, st.text(max_size=20), st.text(max_size=20))
def test_a_document_is_read_back_as_it_was_kept_whatever_a_newer_instance_added(
    area: str, resource: str, added: str
) -> None:
    made_at = datetime(2026, 11, 23, tzinfo=UTC)
    kept = UsedKey(id="k", area=area, body_hash="h", resource=resource, made_at=made_at)
    stored = document_to_stored(kept)
    assert document_from_stored(UsedKey, {**stored, "zz_added": added}) == kept
    assert stored[WITHIN] == list(areas_around(area))


@given(AREAS.filter(bool))
def test_every_area_has_one_of_three_zones(area: str) -> None:
    assert zone_of(area).utcoffset(None) in {timedelta(hours=hours) for hours in (7, 8, 9)}
    assert isinstance(zone_of(area), timezone)


# --- idempotency ---


class Asked:
    """A request as the key is made of it."""

    def __init__(self, method: str, path: str, body: bytes) -> None:
        self.method = method
        self.url = type("Url", (), {"path": path})
        self._body = body

    async def body(self) -> bytes:
        return self._body


Wish = tuple[str, str, str, str, bytes]
WORDS = st.text(alphabet="ab\n ", min_size=1, max_size=3)
PATHS = st.sampled_from(["/v1/complaints", "/v1/complaints/a/answer"])
WISHES = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["POST", "PUT"]), PATHS, WORDS, st.binary(max_size=2))


def key_of(wish: Wish) -> IdempotencyKey:
    who, method, path, key, body = wish
    actor = Actor(who, frozenset(), None)
    return at_once(_key(cast("Request", Asked(method, path, body)), actor, key))


@examples(200)
@given(WISHES, WISHES)
def test_two_requests_are_one_wish_exactly_when_actor_route_and_key_are_the_same(one: Wish, other: Wish) -> None:
    first, second = key_of(one), key_of(other)
    assert (first.id == second.id) == (one[:4] == other[:4])
    assert (first.body_hash == second.body_hash) == (one[4] == other[4])


@examples(100)
@given(WISHES, st.binary(max_size=2))
def test_a_used_key_gives_its_resource_to_the_same_body_and_to_no_other(wish: Wish, body: bytes) -> None:
    used_at = datetime(2026, 11, 23, tzinfo=UTC)
    first, again = key_of(wish), key_of((*wish[:4], body))
    used = UsedKey(id=first.id, area="", body_hash=first.body_hash, resource="r", made_at=used_at)
    if body == wish[4]:
        assert _resource(used, again) == "r"
    else:
        with pytest.raises(Problem) as refused:
            _resource(used, again)
        assert refused.value.status == 422


# --- unbroken ---


@examples(50)
@given(st.integers(1, 6), st.lists(st.integers(0, 8), max_size=6), st.booleans())
async def test_work_is_done_to_its_end_however_often_and_whenever_it_is_cancelled(
    steps: int, cancelled_after: list[int], fails: bool
) -> None:
    done: list[int] = []

    async def work() -> str:
        for step in range(steps):
            await asyncio.sleep(0)
            done.append(step)
        if fails:
            raise LookupError
        return "done"

    task = asyncio.create_task(unbroken(work()))
    reached_in_time = False
    for turns in cancelled_after:
        for _ in range(turns + 1):
            await asyncio.sleep(0)
        reached_in_time = task.cancel() or reached_in_time
    with contextlib.suppress(asyncio.CancelledError, LookupError):
        assert await task == "done"
    if done:
        assert done == list(range(steps)), "cut in the middle"
    else:
        assert cancelled_after, "not begun although nobody cancelled it"
    assert task.cancelled() or not reached_in_time
