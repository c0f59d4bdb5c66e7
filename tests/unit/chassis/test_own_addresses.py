"""Where a sign-in leads back to: always a path of this site, however a browser reads it."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chassis.signin.origin import local_path, with_kept

ADDRESSES = st.text(st.sampled_from("/\\:?#@.%& \t\r\n\0abché"), max_size=12)


def as_browsers_read(address: str) -> str:
    """The WHATWG's URL parser: tabs and newlines are dropped, the ends trimmed, a backslash is a slash."""
    kept = "".join(letter for letter in address if letter not in "\t\r\n")
    return kept.strip("".join(map(chr, range(0x21)))).replace("\\", "/")


@given(ADDRESSES)
@example("//elsewhere.example")
@example("/\\elsewhere.example")
@example("\t//elsewhere.example")
@example("/\n/elsewhere.example")
@example("https://elsewhere.example/")
def test_no_address_leads_to_another_site(address: str) -> None:
    read = as_browsers_read(local_path(address))
    assert read.startswith("/")
    assert not read.startswith("//")


@pytest.mark.parametrize("page", ["/", "/village/cases?status=open&day=1", "/case/32.03.02.2002-2026-7#now", "/a%20b"])
def test_a_page_of_ours_is_led_back_to(page: str) -> None:
    assert local_path(page) == page


def test_a_sign_in_does_not_lead_to_itself() -> None:
    assert local_path("/sign-in?next=/sign-in") == "/"
    assert local_path("/sign-out") == "/"


def test_what_is_kept_is_named_once_in_an_address_and_the_rest_stays() -> None:
    once = with_kept("/village/new?day=1&empty=", "one")
    again = with_kept(once, "two")
    assert again == "/village/new?day=1&empty=&kept=two"
    assert urlsplit(once).query == "day=1&empty=&kept=one"
