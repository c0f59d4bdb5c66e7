"""Chapter one: a mother in Jambudipa (Cianjur) asks for PKH and KIP; a child is ill without active insurance."""

from typing import Any

from contracts.vocabulary import AgencyAnswer, Outcome
from deploy.demo.agency import AgencySystem
from deploy.demo.district import District, answer, referral_of
from deploy.demo.errors import StoryBroke
from deploy.demo.stage import Citizen, Stage

VILLAGE, DISTRICT = "32.03.02.2002", "32.03"
FACILITATOR, ANALYST = "facilitator.jambudipa", "analyst.ministry"
EDUCATION, HEALTH = "agency.cianjur-education", "agency.cianjur-health"
MOTHER = "the mother"
DAYS_UNTIL_EXPIRY = 4


def _complaint(case: str, address: str) -> dict[str, Any]:
    """Everybody in it is invented: NIKs of serial 0000 are never issued."""
    return {
        "case_id": case,
        "area": VILLAGE,
        "kind": "participation",
        "sector": "social_assistance",
        "subject_kind": "family",
        "needs": ["pkh", "kip", "pbi_jk"],
        "channel": "home_visit",
        "story": "Asks for help with school for both children; the elder is ill and the insurance does not pay.",
        "family": {
            "members": [
                {
                    "name": "Ibu Rekaan",
                    "nik": "3203025705900000",
                    "born": "1990-05-17",
                    "sex": "female",
                    "relation": "head",
                    "contact": {"preferred": "email", "email": address, "language": "id"},
                },
                {
                    "name": "Anak Pertama",
                    "nik": "3203020102140000",
                    "born": "2014-02-01",
                    "sex": "male",
                    "relation": "child",
                    "conditions": ["pupil", "ill_without_active_insurance"],
                },
                {
                    "name": "Anak Kedua",
                    "nik_absence": "child_not_registered",
                    "born": "2018-08-09",
                    "sex": "female",
                    "relation": "child",
                    "conditions": ["pupil"],
                },
            ],
            "registry": {"listed": True, "decile": 2, "period": "2026-Q3"},
            "legal_bases": [{"member": 0, "purpose": "notify", "basis": "consent", "proof": "spoken_before_witness"}],
        },
        "reporter": 0,
    }


async def play(stage: Stage) -> str:
    """Play the chapter; returns the case."""
    stage.timeline.chapter("Jambudipa, Cianjur: a mother asks for her children")
    case, address = stage.new_case(), stage.new_address("ibu")
    before = await _counted(stage)
    async with stage.step(FACILITATOR, "records a mother's wish for PKH and KIP, and that a child is ill") as person:
        recorded = await person.create("intake", "/v1/complaints", _complaint(case, address))
        citizen = Citizen(MOTHER, address, recorded.body["case_number"])
        await stage.told(case, "complaint.created", "case.assessed")
        await stage.mail(citizen, 1)

    district = District(
        stage,
        case,
        back_office="back-office.cianjur",
        supervisor="supervisor.warungkondang",
        manager="manager.cianjur",
    )
    await district.see()
    await district.decide(
        [
            {"programme": "kip", "decision": "refer"},
            {"programme": "pkh", "decision": "propose"},
            {"programme": "pbi_jk", "decision": "refer"},
        ]
    )
    await stage.told(
        case,
        "case.decided",
        "referral.issued",
        "referral.issued",
        "partner.cianjur-education.referral.issued",
        "partner.cianjur-health.referral.issued",
    )
    await stage.mail(citizen, 2)
    await stage.between()

    await _education_helps(stage, case, citizen)
    await _health_is_passed_on_until_one_helps(stage, case, citizen)
    await _everyone_sees_the_end(stage, case, before)
    return case


async def _education_helps(stage: Stage, case: str, citizen: Citizen) -> None:
    async with stage.step(EDUCATION, "accepts the referral for KIP"):
        referral = await referral_of(stage, EDUCATION, case)
        await answer(stage, EDUCATION, referral, answer="accepted")
        await stage.told(case, "referral.answered")
        await stage.mail(citizen, 3)
    async with stage.step(EDUCATION, "completes it: both children are enrolled"):
        await answer(stage, EDUCATION, referral, answer="completed", outcome="enrolled")
        await stage.told(case, "referral.answered")
        await stage.mail(citizen, 4)


async def _health_is_passed_on_until_one_helps(stage: Stage, case: str, citizen: Citizen) -> None:
    async with stage.step(HEALTH, "rejects the reactivation of PBI-JK: not our service"):
        await answer(stage, HEALTH, await referral_of(stage, HEALTH, case), answer="rejected", reason="not_our_service")
        await stage.told(case, "referral.answered", "referral.issued", "partner.cianjur-health-bpjs.referral.issued")
        await stage.mail(citizen, 6)
    await stage.forward(DAYS_UNTIL_EXPIRY)
    async with stage.step("agency.cianjur-health-bpjs", "lets the time pass; the referral expires and is passed on"):
        *_, feed = await stage.told(
            case, "referral.expired", "referral.issued", "partner.cianjur-baznas.referral.issued"
        )
        await stage.mail(citizen, 8)
    baznas = AgencySystem("cianjur-baznas", stage.endpoints.kafka.bootstrap_servers)
    async with stage.step("the system of cianjur-baznas", "accepts, by its own topic"):
        await baznas.answer(feed, AgencyAnswer.ACCEPTED)
        await stage.told(case, "partner.cianjur-baznas.referral.answered", "referral.answered")
        await stage.mail(citizen, 9)
    async with stage.step("the system of cianjur-baznas", "completes it: given. Nothing is open any more"):
        await baznas.answer(feed, AgencyAnswer.COMPLETED, Outcome.GIVEN)
        await stage.told(case, "partner.cianjur-baznas.referral.answered", "referral.answered", "case.resolved")
        await stage.mail(citizen, 11)


async def _everyone_sees_the_end(stage: Stage, case: str, before: int) -> None:
    async with stage.step(FACILITATOR, "sees how it ended"):
        seen = await stage.seen_by(
            FACILITATOR,
            "intake",
            f"/v1/complaints/{case}/progress",
            lambda body: body["resolution"] is not None,
            "the resolution",
        )
        stage.timeline.seen(f"outcome: {seen.body['resolution']['outcome']}; it may be reopened for ten working days")
    async with stage.step("manager.cianjur", "reads the district's figures"):
        # Other cases of the district may end meanwhile, so the number itself is not the story's.
        await stage.until(lambda: _counted(stage), lambda count: count > before, "the case to be counted")
        stage.timeline.seen("one more case counted as resolved")
    async with stage.step(ANALYST, "reads the case's timeline at the ministry, without anybody in it"):
        seen = await stage.seen_by(
            ANALYST,
            "reporting",
            f"/v1/cases/{case}/timeline",
            lambda body: any("case.resolved" in entry["type"] for entry in body["entries"]),
            "the whole timeline",
        )
        if VILLAGE in str(seen.body["case"]):
            raise StoryBroke("the ministry can tell the village of a single case.")


async def _counted(stage: Stage) -> int:
    figures = await stage.person("manager.cianjur").read("reporting", "/v1/figures", area=DISTRICT, by="area")
    counts = figures.body["total"]["counts"]
    # A resolved case is confirmed, or closed by silence, in time: counted elsewhere, but still resolved.
    return sum(int(counts[standing] or 0) for standing in ("resolved", "confirmed", "closed_by_silence"))
