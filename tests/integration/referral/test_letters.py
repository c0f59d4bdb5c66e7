"""Letters of referral: made out once, numbered, handed to whoever sees the referral."""

import asyncio
import hashlib

from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis.area import COUNTRY
from services.referral.letters.store import LETTERS, StoredLetter
from tests.integration.referral.district import (
    BACK_OFFICE,
    EDUCATION,
    HEALTH,
    KIP_ONLY,
    MANAGER,
    District,
    Person,
    agency_person,
    problem,
)


async def stored_letter(district: District, referral: str) -> StoredLetter:
    return await district.service.runtime.store.reading(COUNTRY, LETTERS).get(referral)


async def test_a_referral_has_one_letter_whoever_asks_for_it_and_however_often(district: District) -> None:
    case = await district.opens()
    handling = (await district.decides(case)).handling
    kip, health = district.referral_to(EDUCATION, handling), district.referral_to(HEALTH, handling)
    asking = [agency_person(EDUCATION), BACK_OFFICE, MANAGER]
    answers = await asyncio.gather(*(district.get(f"/referrals/{kip}/letter", who) for who in asking))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    first = answers[0]
    assert first.headers["content-type"] == "application/pdf"
    assert first.headers["content-disposition"] == 'attachment; filename="surat-rujukan-32.03-2026-000001.pdf"'
    letter = await stored_letter(district, kip)
    assert letter.pdf_hash == hashlib.sha256(first.content).hexdigest()
    assert letter.letter.number == "32.03/2026/000001"

    await district.get(f"/referrals/{health}/letter", BACK_OFFICE)
    assert (await stored_letter(district, health)).letter.number == "32.03/2026/000002"
    elsewhere = Person("manager", "75.01")
    there = await district.opens(area="75.01.24.2001")
    await district.moves(there, "recommendation", Person("back_office", "75.01"), decisions=KIP_ONLY)
    await district.moves(there, "review", Person("supervisor", "75.01"), ruling="approve")
    await district.moves(there, "decision", elsewhere, ruling="approve")
    (referral,) = (await district.stored(there)).handling.referrals
    assert (await district.get(f"/referrals/{referral.referral_id}/letter", elsewhere)).status_code == 200
    assert (await stored_letter(district, referral.referral_id)).letter.number == "75.01/2026/000001"


async def test_a_letter_says_what_was_decided_and_stays_so_when_the_case_goes_on(district: District) -> None:
    case = await district.opens()
    kip = district.referral_to(EDUCATION, (await district.decides(case, KIP_ONLY)).handling)
    before = await district.get(f"/referrals/{kip}/letter", BACK_OFFICE)
    letter = (await stored_letter(district, kip)).letter
    referral = (await district.stored(case)).handling.referrals[0]
    assert (letter.regency, letter.agency) == ("Kabupaten Cianjur", "Dinas Pendidikan Kabupaten Cianjur")
    assert letter.village == "Desa Jambudipa, Kecamatan Warungkondang"
    assert letter.programme.startswith("Kartu Indonesia Pintar")
    assert (letter.issued_at, letter.due_at, letter.decided_at) == (
        referral.issued_at,
        referral.due_at,
        referral.issued_at,
    )
    assert [reason.explanation for reason in letter.reasons] == [
        "Ada anggota keluarga yang menjadi syarat program.",
        "Desil keluarga memenuhi batas program.",
        "Tidak ada hal yang mengecualikan keluarga.",
    ]
    assert letter.confirmed_at.endswith(f"/letters/{letter.code}")
    district.clock.move_to(district.clock.now().replace(year=2027))
    await district.answers(EDUCATION, kip, "accepted")
    assert (await district.get(f"/referrals/{kip}/letter", BACK_OFFICE)).content == before.content


async def test_nobody_gets_a_letter_of_a_referral_they_do_not_see(district: District) -> None:
    case = await district.opens()
    kip = district.referral_to(EDUCATION, (await district.decides(case, KIP_ONLY)).handling)
    path = f"/referrals/{kip}/letter"
    unseeing = (agency_person(HEALTH), Person("manager", "75.01"), Person("agency", "75.01", EDUCATION))
    for stranger in unseeing:
        assert problem(await district.get(path, stranger)) == (404, "not-found"), stranger
    for role in ("supervisor", "facilitator", "analyst", "operator"):
        assert problem(await district.get(path, Person(role))) == (403, "role-needed"), role
    assert problem(await district.get(path, Person("agency"))) == (403, "agency-needed")
    assert await district.service.runtime.store.reading(COUNTRY, LETTERS).count() == 0


async def test_a_referral_that_was_withdrawn_gets_no_letter_any_more_and_keeps_the_one_it_has(
    district: District,
) -> None:
    with_letter, without = await district.opens(), await district.opens()
    referrals = [
        district.referral_to(EDUCATION, (await district.decides(case, KIP_ONLY)).handling)
        for case in (with_letter, without)
    ]
    made_out = await district.get(f"/referrals/{referrals[0]}/letter", BACK_OFFICE)
    due = (await district.stored(without)).handling.referrals[0].due_at
    district.clock.move_to(due.replace(hour=due.hour + 1))
    for case in (with_letter, without):
        await district.until(case, lambda handling: not handling.open_referrals)
    assert (await district.get(f"/referrals/{referrals[0]}/letter", BACK_OFFICE)).content == made_out.content
    assert problem(await district.get(f"/referrals/{referrals[1]}/letter", BACK_OFFICE)) == (409, "no-letter")


async def test_no_span_repeats_the_code_that_was_asked_for(district: District) -> None:
    spans = InMemorySpanExporter()
    district.service.runtime.telemetry.tracer_provider.add_span_processor(SimpleSpanProcessor(spans))
    code = "ABCD2345" * 3 + "WX"
    assert (await district.service.api.get(f"/letters/{code}")).status_code == 404
    told = "".join(span.to_json() for span in spans.get_finished_spans())
    assert "/letters/-" in told
    assert code not in told
