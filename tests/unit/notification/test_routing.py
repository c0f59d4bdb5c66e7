"""By which channel a message goes next."""

from datetime import timedelta

from contracts.vocabulary import MessageChannel
from services.notification.domain.routing import Try, TryState, next_channel, with_try
from tests.harness.builders import RECORDED_AT as NOW

EMAIL, SMS, WHATSAPP = MessageChannel.EMAIL, MessageChannel.SMS, MessageChannel.WHATSAPP
PATIENCE = timedelta(minutes=15)
LONG_AGO = NOW - timedelta(hours=1)


def tried(channel: MessageChannel, state: TryState, *, minutes_ago: float = 0, since: float | None = None) -> Try:
    first = minutes_ago if since is None else since
    return Try(
        channel=channel,
        state=state,
        first_at=NOW - timedelta(minutes=first),
        last_at=NOW - timedelta(minutes=minutes_ago),
    )


def chosen(order: tuple[MessageChannel, ...], *tries: Try) -> MessageChannel | None:
    return next_channel(order, tries, NOW, PATIENCE)


def test_a_message_goes_first_where_the_citizen_wants_it_first() -> None:
    assert chosen((WHATSAPP, SMS)) is WHATSAPP


def test_a_channel_that_refused_is_followed_by_the_next_at_once() -> None:
    assert chosen((WHATSAPP, SMS, EMAIL), tried(WHATSAPP, TryState.REFUSED)) is SMS


def test_a_channel_that_is_away_is_waited_for_a_while() -> None:
    assert chosen((WHATSAPP, SMS), tried(WHATSAPP, TryState.NOT_NOW, minutes_ago=14)) is WHATSAPP


def test_a_channel_that_is_away_for_longer_is_passed_over() -> None:
    assert chosen((WHATSAPP, SMS), tried(WHATSAPP, TryState.NOT_NOW, minutes_ago=1, since=16)) is SMS


def test_when_all_are_away_each_has_its_turn() -> None:
    whatsapp = tried(WHATSAPP, TryState.NOT_NOW, minutes_ago=2, since=60)
    sms = tried(SMS, TryState.NOT_NOW, minutes_ago=5, since=40)

    assert chosen((WHATSAPP, SMS), whatsapp, sms) is SMS
    assert chosen((WHATSAPP, SMS), whatsapp, *with_try((sms,), SMS, TryState.NOT_NOW, NOW)) is WHATSAPP


def test_a_message_in_doubt_stays_where_it_may_have_been_taken_however_long() -> None:
    doubt = tried(SMS, TryState.IN_DOUBT, minutes_ago=600)

    assert chosen((WHATSAPP, SMS), doubt) is SMS
    assert chosen((WHATSAPP, SMS), tried(WHATSAPP, TryState.REFUSED), doubt) is SMS


def test_a_doubt_about_a_channel_the_citizen_no_longer_wants_keeps_nothing_back() -> None:
    assert chosen((EMAIL,), tried(SMS, TryState.IN_DOUBT)) is EMAIL


def test_where_all_have_refused_or_there_is_none_nothing_is_left() -> None:
    assert chosen(()) is None
    assert chosen((SMS, EMAIL), tried(SMS, TryState.REFUSED), tried(EMAIL, TryState.REFUSED)) is None


def test_a_further_try_keeps_when_the_first_was() -> None:
    (one,) = with_try((tried(SMS, TryState.NOT_NOW, minutes_ago=60),), SMS, TryState.IN_DOUBT, NOW)

    assert (one.first_at, one.last_at, one.state) == (LONG_AGO, NOW, TryState.IN_DOUBT)
