"""No identity is in what reporting keeps: neither in the shape of its documents nor in what an event smuggles in."""

from collections.abc import Iterator
from typing import Any

import pytest

from chassis.store import Document
from contracts import decode, encode
from contracts.fields import Code
from contracts.manifest import PersonalDataPolicy
from contracts.personal_data import personal_data_faults
from services.reporting.domain.timeline import entry_of
from services.reporting.store import Counter, StoredCase, SurgeStep
from tests.harness.builders import an_event
from tests.unit.reporting.builders import Hearing, a_whole_case

MARKED = "Siti Rahmawati 3203021412900000"


def faults_of(document: type[Document]) -> tuple[str, ...]:
    """What its own fields could hold about a person; ids, areas and heard ranges are the chassis'."""
    schema = document.model_json_schema(mode="serialization")
    own = {name: field for name, field in schema["properties"].items() if name not in Document.model_fields}
    return personal_data_faults({**schema, "properties": own}, PersonalDataPolicy.PSEUDONYMOUS)


@pytest.mark.parametrize("document", [StoredCase, Counter, SurgeStep])
def test_no_field_of_a_stored_document_can_hold_personal_data(document: type[Document]) -> None:
    assert faults_of(document) == ()


def test_the_check_finds_a_planted_name_and_a_planted_remark() -> None:
    class Careless(StoredCase):
        citizen_name: Code
        because: str

    assert [fault.partition(":")[0] for fault in faults_of(Careless)] == ["data.citizen_name", "data.because"]


def test_what_an_event_carries_beyond_its_contract_is_not_kept() -> None:
    value = encode(an_event()).replace(b'"complaint":{', f'"complaint":{{"citizen":"{MARKED}",'.encode())
    assert MARKED.encode() in value
    assert MARKED not in Hearing().hear(decode(value)).case.model_dump_json()


def test_a_timeline_keeps_codes_only() -> None:
    said = {said.code for event in a_whole_case() for said in entry_of(event).said}
    assert said
    assert all(code.replace("_", "").replace("-", "").isalnum() for code in said), said


def strings_of(value: Any) -> Iterator[str]:
    """Every text inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)


def test_no_text_of_a_stored_case_has_room_for_a_sentence() -> None:
    stored = Hearing().hear(*a_whole_case()).stored
    assert stored is not None
    assert not [text for text in strings_of(stored.model_dump(mode="json")) if " " in text]
