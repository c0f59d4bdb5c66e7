"""A stranger can use the API from its description alone."""

from typing import Any

import pytest
from fastapi import FastAPI

from chassis.identity import Role
from services.intake.answers import DeskAnswer
from services.intake.api import routes
from services.intake.api.examples import RECORDING
from services.intake.commands.desk import Desk
from services.intake.domain import case_number, contacting, errors
from services.intake.problems import problem_of
from services.intake.programmes import PROGRAMMES
from services.intake.told import ToldComplaint
from tests.unit.intake.builders import REGIONS, SECRET

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    app = FastAPI()
    # The description needs no database: no route is called.
    app.include_router(routes(None, Desk(REGIONS, PROGRAMMES, SECRET)))  # type: ignore[arg-type]
    return app.openapi()


def test_every_operation_is_named_summarised_and_grouped(document: dict[str, Any]) -> None:
    operations = [
        (path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
    assert operations
    for path, operation in operations:
        assert path.startswith("/v1/")
        assert operation["tags"]
        assert operation["summary"]
    ids = [operation["operationId"] for _, operation in operations]
    assert len(set(ids)) == len(ids)
    assert all(one.isalpha() for one in ids)


def test_who_changes_a_case_is_told_to_send_what_was_read(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        if "post" not in methods or path.endswith("/contact"):
            continue
        headers = {parameter["name"].lower() for parameter in methods["post"]["parameters"]}
        assert ("idempotency-key" if path == "/v1/complaints" else "if-match") in headers


@pytest.mark.parametrize("example", RECORDING)
def test_the_examples_are_taken(example: str) -> None:
    told = ToldComplaint.model_validate(RECORDING[example]["value"])
    assert set(told.needs) <= PROGRAMMES
    assert {member.nik[-4:] for member in (told.family.members if told.family else ()) if member.nik} <= {"0000"}


def test_every_refusal_of_the_village_has_its_own_code_and_says_what_to_do() -> None:
    kinds = {
        kind
        for module in (errors, case_number, contacting)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, errors.IntakeRefusal) and kind is not errors.IntakeRefusal
    }
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert "refused" not in {kind.code for kind in kinds}
    problem = problem_of(errors.IllegalMove("answer", "the case has ended", ()))
    assert (problem.status, problem.code) == (409, "illegal-move")
    assert problem.detail.startswith("Cannot answer: the case has ended.")


def test_answers_told_outside_are_codes_of_a_list() -> None:
    assert all(answer.value.replace("_", "").isalpha() for answer in DeskAnswer)
    assert Role.CONTACT_READER.value == "contact:read"
