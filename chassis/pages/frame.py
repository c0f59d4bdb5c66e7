"""What stands around a page's content: the ways of a role, languages, who is signed in, a notice."""

from dataclasses import dataclass
from urllib.parse import urlencode

from chassis.identity import Actor, Role
from chassis.pages.language import Language
from chassis.pages.notices import Notice
from chassis.pages.people import ROLE_NAMES
from chassis.regions import KemendagriRegions

_REGIONS = KemendagriRegions()


@dataclass(frozen=True)
class NavItem:
    """One way in the frame's navigation, for those with one of `roles`; without roles for whoever has no account."""

    label: str
    href: str
    roles: tuple[Role, ...] = ()

    def is_for(self, actor: Actor | None) -> bool:
        return actor is None if not self.roles else actor is not None and actor.has(*self.roles)


@dataclass(frozen=True)
class PageFrame:
    """What the frame shows around a page's content; `page` in templates. `kept`: it shows what was typed before."""

    title: str
    language: Language
    path: str
    query: tuple[tuple[str, str], ...]
    navigation: tuple[NavItem, ...]
    actor: Actor | None
    person: str | None
    kept: bool
    notice: Notice | None
    languages: tuple[Language, ...] = tuple(Language)

    @property
    def current(self) -> NavItem | None:
        """The way this page lies on: the longest that its address begins with."""
        within = [item for item in self.navigation if f"{self.path}/".startswith(f"{item.href.rstrip('/')}/")]
        return max(within, key=lambda item: len(item.href), default=None)

    @property
    def role_names(self) -> tuple[str, ...]:
        return tuple(name for role, name in ROLE_NAMES.items() if self.actor is not None and self.actor.has(role))

    @property
    def area_name(self) -> str | None:
        """What the actor's area is called; None for the whole country and for nobody."""
        if self.actor is None or self.actor.scope is None or not self.actor.scope.area:
            return None
        return _REGIONS.name(self.actor.scope.area) or self.actor.scope.area

    def with_query(self, **changed: str | None) -> str:
        """This page's address with some of its query changed; None leaves one out."""
        kept = [(name, value) for name, value in self.query if name not in changed]
        query = urlencode([*kept, *((name, value) for name, value in changed.items() if value is not None)])
        return f"{self.path}?{query}" if query else self.path
