"""What the placeholders of a message's text stand for, in words."""

from contracts.vocabulary import ComplaintKind
from services.notification.domain import message as told
from services.notification.domain.message import Message
from services.notification.domain.moments import Zone
from services.notification.words import Words


def fillings(message: Message, words: Words, zone: Zone) -> dict[str, str]:  # noqa: PLR0911 - one line a message
    """Placeholder -> words. Every text of the message's template may use these, and nothing else of the message."""
    calendar = words.calendar
    match message:
        case told.ComplaintReceived():
            return {"answer_by": _answer_by(message, words)}
        case told.ComplaintWithdrawn(reason=reason):
            return {"withdrawal": words.withdrawals[reason]}
        case told.CaseDecided():
            return {"needs": _decided(message, words, zone)}
        case told.ReferralPassedOn(answer_by=answer_by):
            return _asked(message, words) | {"when": calendar.say_moment(answer_by, zone)}
        case told.ReferralAccepted():
            return _asked(message, words)
        case told.ReferralRejected(reason=reason):
            because = words.phrases.because.substitute(reason=words.rejection_reasons[reason]) if reason else ""
            return _asked(message, words) | {"because": because, "next": _next(message.passed_on, words)}
        case told.ReferralCompleted(outcome=outcome):
            result = words.outcomes[outcome] if outcome else words.phrases.result_unknown.template
            return _asked(message, words) | {"outcome": result}
        case told.ReferralExpired():
            return _asked(message, words) | {"next": _next(message.passed_on, words)}
        case told.CaseLate(to_tier=tier) | told.CasePassedUp(to_tier=tier):
            return {"tier": words.tiers[tier]}
        case told.CaseResolved():
            return {
                "outcome": words.case_outcomes[message.outcome],
                "needs": _ended(message, words),
                "when": calendar.say_moment(message.reopen_until, zone),
            }
        case told.CaseClosed(by=by):
            return {"closing": words.closings[by]}
        case told.ComplaintAnswered() | told.ComplaintWaiting() | told.CaseReopened():
            return {}


def _answer_by(message: told.ComplaintReceived, words: Words) -> str:
    """In working days, not as a date: only the district's clocks know its calendar, and they start later than this.

    Source of the limits: domain.md section 6 (first response 3, enquiry 5, fast track the same working day).
    """
    phrases = words.phrases
    if message.fast_track:
        return phrases.answer_fast.template
    if message.kind is ComplaintKind.ENQUIRY:
        return phrases.answer_enquiry.template
    return phrases.answer_normal.template


def _asked(
    message: told.ReferralPassedOn
    | told.ReferralAccepted
    | told.ReferralRejected
    | told.ReferralCompleted
    | told.ReferralExpired,
    words: Words,
) -> dict[str, str]:
    agency = words.agency(message.agency)
    return {
        "programme": words.programme(message.programme),
        "agency": agency,
        "agency_first": agency[:1].upper() + agency[1:],
    }


def _next(passed_on: bool, words: Words) -> str:
    return (words.phrases.next_asked if passed_on else words.phrases.next_none).template


def _decided(message: told.CaseDecided, words: Words, zone: Zone) -> str:
    phrases, calendar = words.phrases, words.calendar
    lines: list[str] = []
    for asked in message.referred:
        programme = words.programme(asked.programme)
        if asked.agency is None or asked.answer_by is None:
            lines.append(phrases.need_referred_later.substitute(programme=programme))
        else:
            when = calendar.say_moment(asked.answer_by, zone)
            lines.append(
                phrases.need_referred.substitute(programme=programme, agency=words.agency(asked.agency), when=when)
            )
    for proposed in message.proposed:
        lines.append(
            phrases.need_proposed.substitute(
                programme=words.programme(proposed.programme),
                cut_off=calendar.say_day(proposed.cut_off),
                result=calendar.say_day(proposed.result_expected),
            )
        )
    for refused in message.refused:
        reason = words.refusal_reasons.get(refused.reason or "")
        phrase = phrases.need_refused if reason else phrases.need_refused_plain
        lines.append(phrase.safe_substitute(programme=words.programme(refused.programme), reason=reason or ""))
    return "\n".join(lines) or phrases.nothing_decided.template


def _ended(message: told.CaseResolved, words: Words) -> str:
    lines = [
        words.phrases.need_ended.substitute(
            programme=words.programme(need.programme), ending=words.endings[need.ending]
        )
        for need in message.needs
    ]
    return "\n".join(lines) or words.phrases.nothing_ended.template
