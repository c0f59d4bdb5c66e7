"""The receipt's code: what lets a citizen follow the case without an account."""

from chassis import tries
from chassis.area import Scope
from chassis.store import Store, UnitOfWork
from chassis.tries import Counted, Tries
from services.intake.commands.desk import Desk
from services.intake.domain.case_number import CaseNumber, WrongCaseNumber
from services.intake.domain.citizen_code import Visit, code_of, digest_of, same_digest
from services.intake.domain.tries import OF_A_CASE, OF_AN_ADDRESS, TooManyTries, WrongCode
from services.intake.queries import complaint_by_number
from services.intake.store import CITIZEN_CODES, COMPLAINTS, CitizenCode, StoredComplaint


async def issue_code(unit: UnitOfWork, desk: Desk, case_id: str, receipt: str) -> str:
    """The code of a receipt, kept as a digest only; the code of another receipt opens nothing any more.

    `receipt` is its own key: issued again it has the same code. Raises NotFound.
    """
    stored = await unit.of(COMPLAINTS).get(case_id)
    code = code_of(receipt, case_id, desk.family_key_secret)
    digest = digest_of(code, case_id, desk.family_key_secret)
    codes = unit.of(CITIZEN_CODES)
    earlier = await codes.find(case_id)
    if earlier is None:
        await codes.add(CitizenCode(id=case_id, area=stored.area, digest=digest, issued_at=unit.now))
    elif earlier.digest != digest:
        await codes.save(earlier.model_copy(update={"digest": digest, "issued_at": unit.now}))
    return code


async def begin_visit(store: Store, desk: Desk, *, number: str, code: str, address: str) -> tuple[StoredComplaint, str]:
    """The case that number and code open, and the visit as the browser carries it.

    Raises TooManyTries, WrongCode.
    """
    secret = desk.family_key_secret
    try:
        case_number = CaseNumber.parse(number)
    except WrongCaseNumber:
        raise WrongCode from None
    counted = Counted("case", str(case_number), OF_A_CASE), Counted("address", address, OF_AN_ADDRESS)
    trying = Tries(store, secret)
    try:
        await trying.count(*counted)
    except tries.TooManyTries as wait:
        raise TooManyTries(wait.again_at) from None
    scope = Scope(case_number.area)
    stored = await complaint_by_number(store, scope, str(case_number))
    kept = None if stored is None else await store.reading(scope, CITIZEN_CODES).find(stored.id)
    # Where there is nothing to compare with, the same is computed: the time of the answer tells nothing.
    said = digest_of(code, stored.id if stored else "", secret)
    if stored is None or kept is None or not same_digest(said, kept.digest):
        raise WrongCode
    await trying.forgive(*counted)
    visit = Visit.beginning(stored.id, stored.area, store.clock.now())
    return stored, visit.sealed(kept.digest, secret)


async def visited_case(store: Store, desk: Desk, carried: str) -> StoredComplaint | None:
    """The case that a browser may look at; None without a visit that is true and not over."""
    visit = Visit.claimed(carried, store.clock.now())
    if visit is None:
        return None
    try:
        scope = Scope(visit.area)
    except ValueError:
        return None
    kept = await store.reading(scope, CITIZEN_CODES).find(visit.case_id)
    if kept is None or not visit.sealed_as(carried, kept.digest, desk.family_key_secret):
        return None
    return await store.reading(scope, COMPLAINTS).find(visit.case_id)
