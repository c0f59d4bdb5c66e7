"""What codes are called on pages, in words of the office. Texts are marked for the catalogue."""

from collections.abc import Mapping

from chassis.pages import lazy as _

KINDS: Mapping[str, str] = {
    "enquiry": _("Enquiry"),
    "suggestion": _("Suggestion"),
    "grievance": _("Grievance"),
    "participation": _("Wants to join a programme"),
    "data_correction": _("Data correction"),
    "conduct": _("Conduct of an officer"),
}

SECTORS: Mapping[str, str] = {
    "social_assistance": _("Social assistance"),
    "health": _("Health"),
    "education": _("Education"),
    "civil_registration": _("Civil registration"),
    "food": _("Food"),
    "energy": _("Energy"),
    "housing": _("Housing"),
    "livelihood": _("Livelihood"),
    "social_rehabilitation": _("Social rehabilitation"),
}

STANDINGS: Mapping[str, str] = {
    "open": _("In hand"),
    "waiting_for_citizen": _("Waiting for the citizen"),
    "answered_at_desk": _("Answered at the desk"),
    "withdrawn": _("Taken back"),
    "resolved": _("Resolved by the district"),
    "confirmed": _("Solved, the citizen says"),
    "closed_by_silence": _("Closed without a word from the citizen"),
}

OUTCOMES: Mapping[str, str] = {
    "none_yet": _("None yet"),
    "answered_at_desk": _("Answered at the desk"),
    "withdrawn": _("Taken back"),
    "given": _("Everything given"),
    "partly_given": _("Partly given"),
    "awaiting_result": _("Awaiting a result"),
    "not_given": _("Not given"),
}

ENDINGS: Mapping[str, str] = {
    "none_yet": _("None yet"),
    "given": _("Given"),
    "enrolled": _("Enrolled"),
    "waiting_list": _("On a waiting list"),
    "not_eligible": _("Not eligible"),
    "no_quota": _("No quota left"),
    "unreachable": _("Family not reached"),
    "deceased": _("Deceased"),
    "moved": _("Moved away"),
    "proposed": _("Proposed"),
    "refused": _("Refused"),
    "exhausted": _("No agency gave it"),
}

TELLERS: Mapping[str, str] = {
    "intake": _("Village"),
    "referral": _("District office"),
    "notification": _("Messages"),
}
"""Who tells an event, by the last part of its source."""

ESCALATED_TO: Mapping[str, str] = {"province": _("Province"), "ministry": _("Ministry")}

PROGRAMMES: Mapping[str, str] = {
    "pkh": "PKH",
    "sembako": "Program Sembako",
    "pbi_jk": "PBI-JK",
    "kip": "KIP / PIP",
    "kur": "KUR",
}
"""Proper names, the same in every language. A programme that is not here is shown by its code."""

EVENTS: Mapping[str, str] = {
    "complaint.created": _("Recorded in the village"),
    "complaint.amended": _("Changed in the village"),
    "complaint.answered": _("Answered at the desk"),
    "complaint.withdrawn": _("Taken back"),
    "case.assessed": _("Matched to programmes"),
    "case.decided": _("Decided by the district"),
    "case.escalated": _("Passed up"),
    "case.resolved": _("Resolved by the district"),
    "case.reopened": _("Reopened by the citizen"),
    "case.closed": _("Closed"),
    "case.rated": _("Rated by the citizen"),
    "referral.issued": _("Referred to an agency"),
    "referral.answered": _("The agency answered"),
    "referral.expired": _("The agency did not answer in time"),
    "notification.delivered": _("Message delivered to the citizen"),
    "notification.failed": _("Message not delivered"),
}

FIELDS: Mapping[str, str] = {
    "change": _("What"),
    "reason": _("Why"),
    "by": _("Closed by"),
    "cause": _("Cause"),
    "clock": _("Clock"),
    "to_tier": _("Passed up to"),
    "programme": _("Programme"),
    "agency": _("Agency"),
    "attempt": _("Attempt"),
    "answer": _("Answer"),
    "outcome": _("Outcome"),
    "follow": _("What follows"),
    "round": _("Round"),
    "template": _("Message"),
    "channel": _("Channel"),
}

_CODES: Mapping[str, Mapping[str, str]] = {
    "change": {
        "documents_completed": _("Documents complete"),
        "facts_corrected": _("Facts corrected"),
        "waiting_for_citizen": _("Waiting for the citizen"),
        "no_longer_waiting": _("No longer waiting"),
    },
    "by": {"confirmation": _("the citizen's confirmation"), "silence": _("silence")},
    "cause": {
        "decision": _("a decision"),
        "breached_clock": _("a deadline that passed"),
        "no_agency_left": _("no agency is left"),
    },
    "clock": {
        "first_response": _("first response"),
        "enquiry": _("answer to an enquiry"),
        "verification": _("verification"),
        "agency_answer": _("the agency's answer"),
        "handling": _("handling"),
    },
    "template": {
        "complaint_received": _("received"),
        "complaint_answered": _("answered at the desk"),
        "complaint_waiting": _("documents are missing"),
        "complaint_withdrawn": _("taken back"),
        "case_decided": _("decided"),
        "referral_passed_on": _("passed on to the next agency"),
        "referral_accepted": _("accepted by the agency"),
        "referral_rejected": _("rejected by the agency"),
        "referral_completed": _("the agency's result"),
        "referral_expired": _("not answered by the agency in time"),
        "case_late": _("late"),
        "case_passed_up": _("passed up"),
        "case_resolved": _("resolved"),
        "case_reopened": _("reopened"),
        "case_closed": _("closed"),
    },
    "channel": {"email": _("e-mail"), "sms": "SMS", "whatsapp": "WhatsApp", "webhook": "webhook"},
    "to_tier": {
        "village": _("Village"),
        "sub_district": _("Sub-district"),
        "district": _("District"),
        **ESCALATED_TO,
    },
    "programme": PROGRAMMES,
    "answer": {"accepted": _("accepted"), "rejected": _("rejected"), "completed": _("completed")},
    "outcome": {**OUTCOMES, **ENDINGS},
    "follow": {"rerouted": _("passed on to the next agency"), "escalated": _("passed up")},
    "reason": {
        "taken_back": _("taken back by the citizen"),
        "duplicate": _("the same as another case"),
        "not_our_area": _("not the agency's area"),
        "not_our_service": _("not the agency's service"),
        "incomplete_documents": _("documents are missing"),
        "no_capacity": _("no capacity"),
        "not_eligible": _("not eligible"),
        "no_contact": _("no contact is known"),
        "contact_refused": _("the contact was not given out"),
        "no_channel": _("no channel reaches the citizen"),
        "rejected_by_provider": _("refused by the provider"),
        "gave_up": _("tried for too long"),
    },
}


def of_code(field: str, code: str) -> str:
    """What a code in a field of an event is called; a code without a word is shown as it is."""
    return _CODES.get(field, {}).get(code, code.replace("_", " "))


def programme_name(code: str) -> str:
    return PROGRAMMES.get(code, code.replace("_", " ").capitalize())
