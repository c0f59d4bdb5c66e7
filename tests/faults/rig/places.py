"""Where the load is played: villages of the demonstration's districts, and the offices that handle their cases."""

from dataclasses import dataclass

from tests.faults.rig.calling import Account


@dataclass(frozen=True)
class Place:
    """A village by its code; the offices above it follow from the code."""

    village: str

    @property
    def district(self) -> str:
        return ".".join(self.village.split(".")[:2])

    @property
    def clerk(self) -> Account:
        return Account("intake", f"front_office.{self.village}", "front_office", self.village)

    @property
    def back_office(self) -> Account:
        return self._office("back_office", self.district)

    @property
    def supervisor(self) -> Account:
        return self._office("supervisor", self.village.rpartition(".")[0])

    @property
    def manager(self) -> Account:
        return self._office("manager", self.district)

    def agency(self, code: str) -> Account:
        return Account("referral", f"agency.{code}", "agency", self.district, code)

    def _office(self, role: str, area: str) -> Account:
        return Account("referral", f"{role}.{area}", role, area)


PLACES = tuple(
    Place(village)
    for village in (
        "32.03.02.2002",  # Jambudipa; three agencies take up PBI-JK one after the other
        "32.03.02.2006",
        "71.73.01.1007",  # Lansot
        "71.73.01.1006",
        "75.01.24.2001",  # Pilolalenga
        "75.01.09.2020",  # Bongongoayu
    )
)
