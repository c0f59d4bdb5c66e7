"""Sending a letter by SMTP. A repetition carries the same Message-ID, so that mail servers and readers recognise it."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib
from opentelemetry.trace import SpanKind, Tracer

from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification.channels.port import Parcel
from services.notification.contacts import Contact
from services.notification.letters import Letter, Letters
from services.notification.outcomes import NotNow, Refused
from services.notification.settings import NotificationSettings, SmtpSecurity

MESSAGE_ID_DOMAIN = "puskesos"
TIMEOUT_SECONDS = 10.0
PERMANENT = 500
"""RFC 5321, 4.2.1: 4yz is "not now", 5yz is "never"."""


class Mail:
    """The mail server of this installation."""

    kind = MessageChannel.EMAIL

    def __init__(self, settings: NotificationSettings, letters: Letters, tracer: Tracer) -> None:
        self._settings = settings
        self._letters = letters
        self._tracer = tracer

    def reaches(self, contact: Contact) -> bool:
        return contact.email is not None

    async def send(self, parcel: Parcel) -> None:
        """Hand the letter to the mail server. Raises NotNow, Refused; neither says to whom it was."""
        message = self._message(parcel)
        settings = self._settings
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        with self._tracer.start_as_current_span(
            "send mail",
            kind=SpanKind.CLIENT,
            attributes={"peer.service": "smtp", "server.address": settings.smtp_host, "puskesos.case": parcel.case_id},
            record_exception=False,
            set_status_on_exception=False,
        ):
            try:
                await aiosmtplib.send(
                    message,
                    hostname=settings.smtp_host,
                    port=settings.smtp_port,
                    username=settings.smtp_username,
                    password=password,
                    use_tls=settings.smtp_security is SmtpSecurity.TLS,
                    start_tls=_STARTTLS[settings.smtp_security],
                    timeout=TIMEOUT_SECONDS,
                )
            except aiosmtplib.SMTPRecipientsRefused as refused:
                raise _of_code(min(one.code for one in refused.recipients)) from None
            except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as refused:
                raise _of_code(refused.code) from None
            except aiosmtplib.SMTPNotSupported:
                # An address with letters this server cannot take; another day it cannot either.
                raise Refused from None
            except (aiosmtplib.SMTPException, OSError) as fault:
                # Also what the server holds against us rather than the letter (sender, sign-in, greeting): an operator
                # can mend it, and then the letter goes out. `from None`: the fault may quote the address.
                answered = isinstance(fault, aiosmtplib.SMTPResponseException | aiosmtplib.SMTPConnectError)
                raise NotNow(
                    f"the mail server does not take letters now ({type(fault).__name__})", maybe_taken=not answered
                ) from None

    async def close(self) -> None:
        """Every letter has a connection of its own."""

    def _message(self, parcel: Parcel) -> EmailMessage:
        letter = self._letter(parcel)
        message = EmailMessage()
        try:
            message["To"] = Address(" ".join(parcel.to.addressee.split()), addr_spec=parcel.to.email)
        except (MessageError, ValueError, IndexError):  # what the parser raises for text that is no address
            raise Refused(DeliveryFailure.NO_CHANNEL) from None
        message["From"] = self._settings.smtp_sender
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(parcel.now)
        message["Message-ID"] = f"<{parcel.delivery_id}@{MESSAGE_ID_DOMAIN}>"
        # One conversation a case in the reader's mailbox.
        message["References"] = f"<{parcel.case_id}@{MESSAGE_ID_DOMAIN}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
        message.set_content(letter.text)
        message["Content-Language"] = letter.language.value  # setting the content takes such headers away
        return message

    def _letter(self, parcel: Parcel) -> Letter:
        return self._letters.write(
            parcel.message,
            addressee=parcel.to.addressee,
            case_number=parcel.to.case_number,
            language=parcel.to.spoken,
            area=parcel.area,
        )


_STARTTLS: dict[SmtpSecurity, bool | None] = {
    SmtpSecurity.IF_OFFERED: None,
    SmtpSecurity.STARTTLS: True,
    SmtpSecurity.TLS: False,
    SmtpSecurity.NONE: False,
}


def _of_code(code: int) -> NotNow | Refused:
    return Refused() if code >= PERMANENT else NotNow(f"the mail server answered {code}")
