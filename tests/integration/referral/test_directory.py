"""What a stranger finds: the directory, and an OpenAPI document that explains itself."""

from pydantic import TypeAdapter

from services.referral.api.handlings import NewRecommendation, NewRuling
from services.referral.api.referrals import NewAnswer
from tests.integration.referral.district import District, Person


async def test_the_directory_shows_programmes_and_the_agencies_of_ones_area(district: District) -> None:
    facilitator = Person("facilitator", "32.03.02.2002")
    programmes = (await district.get("/programmes", facilitator, language="en")).json()["items"]
    pkh = next(one for one in programmes if one["code"] == "pkh")
    assert (pkh["track"], pkh["verified"]) == ("proposal", False)
    assert "Welfare rank (decile)" in pkh["criteria"]
    agencies = (await district.get("/agencies", facilitator, programme="pbi_jk")).json()["items"]
    assert [one["code"] for one in agencies] == ["cianjur-health", "cianjur-health-bpjs", "cianjur-baznas"]
    everywhere = (await district.get("/agencies", Person("operator", ""))).json()["items"]
    assert {one["area"] for one in everywhere} == {"32.03", "75.01", "71.73"}
    assert (await district.service.api.get("/v1/agencies")).status_code == 401


async def test_every_operation_says_what_it_is_for_and_its_examples_are_accepted(district: District) -> None:
    document = (await district.service.api.get("/openapi.json")).json()
    operations = {
        (path, method): operation
        for path, methods in document["paths"].items()
        if path.startswith("/v1/")
        for method, operation in methods.items()
    }
    assert len(operations) == 11
    for operation in operations.values():
        assert operation["summary"]
        assert operation["tags"]
        assert "_v1_" not in operation["operationId"], "made up by the framework"
    for model in (NewRecommendation, NewRuling, NewAnswer):
        for example in document["components"]["schemas"][model.__name__]["examples"]:
            assert TypeAdapter(model).validate_python(example)
