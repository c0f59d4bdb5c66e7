from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import StringConstraints, create_model

from contracts import EventData
from contracts.events import ComplaintCreated
from contracts.fields import Closed, Code, FamilyKey, PersonalData, PersonalDataClass
from contracts.manifest import Manifest, PersonalDataPolicy
from contracts.personal_data import personal_data_faults

NONE, PSEUDONYMOUS = PersonalDataPolicy.NONE, PersonalDataPolicy.PSEUDONYMOUS
IDENTITY = PersonalData(PersonalDataClass.IDENTITY)


class RoofMended(EventData):
    topic: ClassVar[str] = "roof.mended"
    material: Code


def faults_with(policy: Any = PSEUDONYMOUS, **planted: Any) -> tuple[str, ...]:
    """What is found in a harmless event after planting a field."""
    fields: dict[str, Any] = {name: (annotation, ...) for name, annotation in planted.items()}
    model = create_model("Planted", __base__=RoofMended, **fields)
    return personal_data_faults(model.model_json_schema(mode="serialization"), policy)


@pytest.mark.parametrize("policy", PersonalDataPolicy)
def test_an_event_without_people_is_clean(policy: PersonalDataPolicy) -> None:
    assert faults_with(policy) == ()


def test_a_field_marked_as_identity_is_found_whatever_it_is_called() -> None:
    (fault,) = faults_with(thing=Annotated[Code, IDENTITY])

    assert fault.startswith("data.thing: is marked identity")


def test_a_mark_deep_inside_an_optional_list_is_found() -> None:
    class Craftsman(Closed):
        badge: Annotated[Code, IDENTITY]

    (fault,) = faults_with(crew=tuple[Craftsman, ...] | None)

    assert fault.startswith("data.crew[].badge: is marked identity")


def test_a_familys_key_may_be_where_pseudonyms_may_and_nowhere_else() -> None:
    assert faults_with(PSEUDONYMOUS, key=FamilyKey) == ()
    assert any("marked pseudonym" in fault for fault in faults_with(NONE, key=FamilyKey))


@pytest.mark.parametrize("name", ["name", "full_name", "nik", "phone", "birth_date", "address", "notes", "email_of"])
def test_a_telling_name_is_found_even_if_its_text_has_a_shape(name: str) -> None:
    (fault,) = faults_with(**{name: Code})

    assert "the name tells of a person" in fault


def test_a_telling_name_is_allowed_once_somebody_answers_for_it() -> None:
    assert faults_with(name=Annotated[Code, PersonalData(PersonalDataClass.NOTHING)]) == ()


def test_a_telling_name_over_listed_values_is_no_danger() -> None:
    assert faults_with(phone=Literal["given", "missing"], email=bool) == ()


@pytest.mark.parametrize("text", [str, str | None, tuple[str, ...], Annotated[str, StringConstraints(pattern=r"^.*$")]])
def test_text_without_a_shape_is_found(text: Any) -> None:
    (fault,) = faults_with(colour=text)

    assert "text without a shape" in fault


@pytest.mark.parametrize("topic", [t for t in Manifest.load().topics if t.model], ids=lambda topic: topic.name)
def test_no_event_of_ours_could_carry_an_identity(topic: Any) -> None:
    schema = topic.model.model_json_schema(mode="serialization")

    assert personal_data_faults(schema, topic.personal_data) == ()


def test_the_events_of_a_complaint_do_carry_pseudonyms() -> None:
    schema = ComplaintCreated.model_json_schema(mode="serialization")

    assert [fault.split(":")[0] for fault in personal_data_faults(schema, NONE)] == [
        "data.complaint.case_number",
        "data.complaint.family.family_key",
    ]
