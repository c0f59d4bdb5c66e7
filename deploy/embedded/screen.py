"""What a person sees: the ready screen, and the same list for the home page."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from deploy.embedded.demo_users import DemoUsers
from deploy.embedded.endpoints import Endpoints


@dataclass(frozen=True)
class Destination:
    """One address of the running system. `is_page`: worth opening in a browser."""

    what: str
    address: str
    whom: str = ""
    is_page: bool = True


def destinations(endpoints: Endpoints) -> tuple[Destination, ...]:
    pages, apis = endpoints.pages, endpoints.apis
    return (
        Destination("Home: everything on one page", pages.home, "anybody"),
        Destination("Intake: the village's desk", pages.intake, "facilitator.jambudipa"),
        Destination(
            "Referral: the district's office",
            pages.referral,
            "back-office.cianjur, manager.cianjur, agency.*",
        ),
        Destination("Notification: what citizens were told", pages.notification, "operator"),
        Destination("Reporting: the ministry's figures", pages.reporting, "analyst.ministry"),
        Destination("Operation: how everything does", f"{pages.home}operation", "anybody"),
        Destination("Accounts, roles and areas (Keycloak)", pages.identity, "admin"),
        Destination("Traces: one deed through every service", pages.traces, "anybody"),
        Destination("Inbox: what reaches each citizen", f"{pages.home}inbox", "anybody"),
        Destination("The demonstration's clock", f"{pages.home}clock", "anybody"),
        *(Destination(f"API of {name}", f"{url}/docs") for name, url in apis.items()),
        Destination("Kafka", endpoints.kafka.bootstrap_servers, is_page=False),
        *(
            Destination(f"Documents of {name}", uri.partition("?")[0], is_page=False)
            for name, uri in endpoints.mongodb.items()
        ),
    )


def show_ready(console: Console, endpoints: Endpoints, users: DemoUsers, var: str) -> None:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold")
    table.add_column("Ready", no_wrap=True)
    table.add_column("Address", no_wrap=True)
    table.add_column("Whom to be there")
    for place in destinations(endpoints):
        table.add_row(place.what, place.address, place.whom)
    console.print()
    console.print(table)
    console.print()
    console.print(f"Everybody's password: {users.password}    Names: {endpoints.pages.home}", highlight=False)
    console.print(f"Data and logs: {var}    Ctrl-C stops everything and keeps the data.", highlight=False)
