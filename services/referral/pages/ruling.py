"""What a reviewer or the manager chose to do with a draft."""

from dataclasses import dataclass

from chassis.pages import Form
from chassis.pages import lazy as _
from services.referral.domain.deciding import Ruling
from services.referral.domain.reasons import ReturnReason


@dataclass(frozen=True)
class Ruled:
    """`reason` is set for a return only."""

    ruling: Ruling
    reason: ReturnReason | None


def ruled(form: Form) -> Ruled:
    """The ruling that the form holds. Raises WrongInput with what is missing."""
    ruling, reason = form.text("ruling"), form.text("reason")
    if ruling not in set(Ruling):
        form.refuse("", _("Choose whether you approve the draft or return it."))
    elif ruling == Ruling.RETURN and reason not in set(ReturnReason):
        form.refuse("reason", _("Say why you return it: the back office goes by your reason."))
    form.check()
    returned = Ruling(ruling) is Ruling.RETURN
    return Ruled(Ruling(ruling), ReturnReason(reason) if returned else None)
