"""Pages for people: one frame, one set of components, two languages. It knows nothing of welfare."""

from chassis.pages.catalogue import lazy
from chassis.pages.formats import Formats
from chassis.pages.forms import Form, WrongInput
from chassis.pages.frame import NavItem
from chassis.pages.language import Language, language_of
from chassis.pages.people import ROLE_NAMES
from chassis.pages.rendering import Pages
from chassis.pages.static import add_static

__all__ = [
    "ROLE_NAMES",
    "Form",
    "Formats",
    "Language",
    "NavItem",
    "Pages",
    "WrongInput",
    "add_static",
    "language_of",
    "lazy",
]
