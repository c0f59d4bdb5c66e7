"""Changes made on purpose, each judged as a reader would."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from contracts.compatibility import Verdict, compare
from contracts.events import CaseResolved, PartnerReferralAnswered
from contracts.frozen import Shelf, Version
from contracts.manifest import Manifest
from contracts.wire_schema import Schema, frozen_form, opened, reader_form

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def released() -> Schema:
    return Shelf.of_package().schema("case.resolved", Version(1, 0))


@pytest.fixture(scope="module")
def reader() -> Schema:
    return reader_form(CaseResolved)


def changed(schema: Schema, change: Change) -> Schema:
    new = copy.deepcopy(schema)
    change(new)
    return new


def removes_a_field(schema: Schema) -> None:
    del schema["properties"]["outcome"]
    schema["required"] = [name for name in schema["required"] if name != "outcome"]


def removes_a_field_deep_inside(schema: Schema) -> None:
    referral = schema["$defs"]["ReferralState"]
    del referral["properties"]["due_at"]
    referral["required"] = [name for name in referral["required"] if name != "due_at"]


def adds_a_field(schema: Schema, *, required: bool) -> None:
    schema["properties"]["satisfaction"] = {"type": "integer"}
    if required:
        schema["required"] = [*schema["required"], "satisfaction"]


def narrows_an_enumeration(schema: Schema) -> None:
    schema["$defs"]["Tier"]["enum"] = [v for v in schema["$defs"]["Tier"]["enum"] if v != "province"]


def widens_an_enumeration(schema: Schema) -> None:
    schema["$defs"]["Tier"]["enum"] = [*schema["$defs"]["Tier"]["enum"], "hamlet"]


def changes_a_type(schema: Schema) -> None:
    schema["properties"]["round"] = {"type": "string"}


def test_the_models_of_today_are_the_ones_released(released: Schema, reader: Schema) -> None:
    comparison = compare(released, frozen_form(Manifest.load().topic_of(CaseResolved), CaseResolved), reader)

    assert comparison.verdict is Verdict.UNCHANGED
    assert comparison.changes == ()


def test_a_new_field_with_a_default_rolls_out_in_any_order(released: Schema, reader: Schema) -> None:
    comparison = compare(
        released,
        changed(released, lambda s: adds_a_field(s, required=True)),
        changed(reader, lambda s: adds_a_field(s, required=False)),
    )

    assert comparison.verdict is Verdict.COMPATIBLE
    assert "data.satisfaction: the field is new" in comparison.changes
    assert comparison.roll_out.startswith("any order")


def test_a_new_field_that_readers_require_breaks_the_facts_that_are_kept(released: Schema, reader: Schema) -> None:
    def change(schema: Schema) -> None:
        adds_a_field(schema, required=True)

    comparison = compare(released, changed(released, change), changed(reader, change))

    assert comparison.verdict is Verdict.BREAKS_KEPT_FACTS
    assert comparison.roll_out.startswith("writers first")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (removes_a_field, "data.outcome: the field is gone"),
        (removes_a_field_deep_inside, "data.handling.referrals[].due_at: the field is gone"),
        (widens_an_enumeration, "data.handling.tier: value 'hamlet' is new"),
    ],
)
def test_what_a_released_reader_would_miss_or_refuse_breaks_readers(
    released: Schema, reader: Schema, change: Change, told: str
) -> None:
    comparison = compare(released, changed(released, change), changed(reader, change))

    assert comparison.verdict is Verdict.BREAKS_READERS
    assert told in comparison.changes
    assert comparison.roll_out.startswith("readers first")


def test_a_narrower_enumeration_breaks_the_facts_that_are_kept(released: Schema, reader: Schema) -> None:
    comparison = compare(released, changed(released, narrows_an_enumeration), changed(reader, narrows_an_enumeration))

    assert comparison.verdict is Verdict.BREAKS_KEPT_FACTS
    assert "data.handling.tier: value 'province' is gone" in comparison.changes


def test_another_type_breaks_both_ways(released: Schema, reader: Schema) -> None:
    comparison = compare(released, changed(released, changes_a_type), changed(reader, changes_a_type))

    assert comparison.verdict is Verdict.BREAKS_BOTH
    assert comparison.breaks
    assert 'data.round: type was "integer", is "string"' in comparison.changes


def test_words_of_explanation_may_change_freely(released: Schema, reader: Schema) -> None:
    reworded = changed(released, lambda s: s.update(title="Ended", description="It ended."))

    assert compare(released, reworded, reader).verdict is Verdict.UNCHANGED


def test_of_an_agency_only_what_readers_need_is_asked() -> None:
    schema = frozen_form(Manifest.load().topic_of(PartnerReferralAnswered), PartnerReferralAnswered)

    assert schema["required"] == ["referral_id", "answer"]


def test_opening_a_schema_reaches_every_part_of_it(released: Schema) -> None:
    assert "additionalProperties" in str(released)
    assert "additionalProperties" not in str(opened(released))
