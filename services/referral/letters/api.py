"""/v1/referrals/{referral_id}/letter: the letter of a referral, for its agency and its district."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from chassis.http.access import acting_as, scope_of
from chassis.http.problems import ProblemDetails
from chassis.identity import Actor, Role
from chassis.store import Store
from services.referral.letters.desk import LetterDesk, LetterFile
from services.referral.queries import READERS, referrals_seen_by, visible_referral
from services.referral.store import REFERRALS

Reading = Annotated[Actor, Depends(acting_as(*READERS, Role.AGENCY))]
LETTER_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "The letter as PDF/A, tagged"},
    404: {"model": ProblemDetails, "description": "No such referral for you"},
    409: {"model": ProblemDetails, "description": "Withdrawn before a letter was made out"},
    503: {"model": ProblemDetails, "description": "Many letters are being made; try again"},
}


def letter_routes(store: Store, desk: LetterDesk) -> APIRouter:
    router = APIRouter(prefix="/v1/referrals", tags=["referrals"])

    @router.get(
        "/{referral_id}/letter",
        operation_id="read_letter",
        summary="The letter of a referral",
        response_class=Response,
        responses=LETTER_ANSWERS,
    )
    async def letter(
        referral_id: Annotated[str, Path(examples=["01936d00-0000-7000-9000-000000000001"])], actor: Reading
    ) -> Response:
        """In Indonesian, without a name or a NIK. It is made out when it is first asked for, and stays as it is."""
        return handed_out(await file_for(store, desk, actor, referral_id))

    return router


async def file_for(store: Store, desk: LetterDesk, actor: Actor, referral_id: str) -> LetterFile:
    """The letter of a referral that this actor sees. Raises NotFound, Problem."""
    reader = store.reading(scope_of(actor), REFERRALS)
    return await desk.file_of(await visible_referral(reader, referrals_seen_by(actor), referral_id))


def handed_out(file: LetterFile) -> Response:
    return Response(
        file.pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
