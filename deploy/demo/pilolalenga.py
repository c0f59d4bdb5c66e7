"""Chapter two: in Pilolalenga (Gorontalo) a citizen says it was not solved after all."""

from typing import Any

from deploy.demo.district import District, answer, referral_of
from deploy.demo.stage import Citizen, Stage

VILLAGE = "75.01.24.2001"
FRONT_OFFICE, SCHOOLS = "front-office.pilolalenga", "agency.gorontalo-education"
FATHER = "the father"


def _complaint(case: str, address: str) -> dict[str, Any]:
    return {
        "case_id": case,
        "area": VILLAGE,
        "kind": "participation",
        "sector": "education",
        "subject_kind": "family",
        "needs": ["kip"],
        "channel": "desk",
        "story": "Asks for KIP for his daughter.",
        "family": {
            "members": [
                {
                    "name": "Bapak Rekaan",
                    "nik": "7501240303850000",
                    "born": "1985-03-03",
                    "sex": "male",
                    "relation": "head",
                    "contact": {"preferred": "email", "email": address, "language": "id"},
                },
                {
                    "name": "Anak Rekaan",
                    "nik": "7501245205150000",
                    "born": "2015-05-12",
                    "sex": "female",
                    "relation": "child",
                    "conditions": ["pupil"],
                },
            ],
            "registry": {"listed": True, "decile": 3, "period": "2026-Q3"},
            "legal_bases": [{"member": 0, "purpose": "notify", "basis": "consent", "proof": "spoken_before_witness"}],
        },
        "reporter": 0,
    }


async def play(stage: Stage) -> str:
    """Play the chapter; returns the case."""
    stage.timeline.chapter("Pilolalenga, Gorontalo: it was not solved after all")
    case, address = stage.new_case(), stage.new_address("bapak")
    async with stage.step(FRONT_OFFICE, "records a father's wish for KIP for his daughter") as person:
        recorded = await person.create("intake", "/v1/complaints", _complaint(case, address))
        citizen = Citizen(FATHER, address, recorded.body["case_number"])
        await stage.told(case, "complaint.created", "case.assessed")
        await stage.mail(citizen, 1)
    district = District(
        stage,
        case,
        back_office="back-office.gorontalo",
        supervisor="supervisor.dungaliyo",
        manager="manager.gorontalo",
    )
    await district.see()
    await _round(stage, district, case, outcome="not_eligible")
    await stage.mail(citizen, 5)

    async with stage.step(FRONT_OFFICE, "reopens it: the father says his daughter is a pupil after all") as person:
        path = f"/v1/complaints/{case}"
        resolved = await stage.seen_by(FRONT_OFFICE, "intake", path, lambda body: body["resolved"], "the resolution")
        await person.move(
            "intake", f"{path}/reopening", {"reason": "She has been a pupil all year."}, resting_on=resolved
        )
        await stage.told(case, "case.reopened", "case.assessed")
        await stage.mail(citizen, 6)
    await stage.seen_by(
        district.back_office,
        "referral",
        f"/v1/handlings/{case}",
        lambda body: body["round"] == 1,
        "the second round",
    )
    stage.timeline.seen("it is back with whoever handled it last, with a new clock")
    await _round(stage, district, case, outcome="enrolled")
    await stage.mail(citizen, 10)

    async with stage.step(FRONT_OFFICE, "notes that the father confirms: solved") as person:
        resolved = await stage.seen_by(
            FRONT_OFFICE, "intake", path, lambda body: body["resolved"] and body["round"] == 1, "the second resolution"
        )
        await person.move("intake", f"{path}/confirmation", {}, resting_on=resolved)
        await stage.told(case, "case.closed")
        await stage.mail(citizen, 11)
    return case


async def _round(stage: Stage, district: District, case: str, outcome: str) -> None:
    await district.decide([{"programme": "kip", "decision": "refer"}])
    await stage.told(case, "case.decided", "referral.issued", "partner.gorontalo-education.referral.issued")
    await stage.between()
    async with stage.step(SCHOOLS, "accepts"):
        referral = await referral_of(stage, SCHOOLS, case)
        await answer(stage, SCHOOLS, referral, answer="accepted")
        await stage.told(case, "referral.answered")
    async with stage.step(SCHOOLS, f"completes: {outcome.replace('_', ' ')}"):
        await answer(stage, SCHOOLS, referral, answer="completed", outcome=outcome)
        await stage.told(case, "referral.answered", "case.resolved")
