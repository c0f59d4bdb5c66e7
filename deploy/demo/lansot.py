"""Chapter three: at the desk in Lansot (Tomohon) a question is answered at once."""

from typing import Any

from deploy.demo.stage import Citizen, Stage

VILLAGE = "71.73.01.1007"
FRONT_OFFICE, ANALYST = "front-office.lansot", "analyst.ministry"
VISITOR = "the visitor"


def _enquiry(case: str, address: str) -> dict[str, Any]:
    return {
        "case_id": case,
        "area": VILLAGE,
        "kind": "enquiry",
        "sector": "food",
        "subject_kind": "person",
        "channel": "desk",
        "story": "Asks when the next distribution is.",
        "family": {
            "members": [
                {
                    "name": "Oma Rekaan",
                    "nik": "7173014107550000",
                    "born": "1955-07-01",
                    "sex": "female",
                    "relation": "head",
                    "contact": {"preferred": "email", "email": address, "language": "en"},
                }
            ],
            "registry": {"listed": True, "decile": 4, "period": "2026-Q3"},
            "legal_bases": [{"member": 0, "purpose": "notify", "basis": "consent", "proof": "spoken_before_witness"}],
        },
        "reporter": 0,
    }


async def play(stage: Stage) -> str:
    """Play the chapter; returns the case."""
    stage.timeline.chapter("Lansot, Tomohon: a question answered at the desk")
    case, address = stage.new_case(), stage.new_address("oma")
    async with stage.step(FRONT_OFFICE, "records an enquiry") as person:
        recorded = await person.create("intake", "/v1/complaints", _enquiry(case, address))
        citizen = Citizen(VISITOR, address, recorded.body["case_number"])
        await stage.told(case, "complaint.created", "case.assessed")
        await stage.mail(citizen, 1)
    async with stage.step(FRONT_OFFICE, "answers it at once: it ends in the village") as person:
        path = f"/v1/complaints/{case}"
        said = {"answer": "explained_schedule", "text": "The next distribution is on the 20th."}
        await person.move("intake", f"{path}/answer", said, resting_on=await person.read("intake", path))
        await stage.told(case, "complaint.answered")
        await stage.mail(citizen, 2)
    async with stage.step(ANALYST, "sees it counted as answered at the desk, without anybody in it"):
        seen = await stage.seen_by(
            ANALYST,
            "reporting",
            f"/v1/cases/{case}/timeline",
            lambda body: body["case"]["status"] == "answered_at_desk",
            "the case answered at the desk",
        )
        stage.timeline.seen(f"status: {seen.body['case']['status']}")
    return case
