"""What citizens come with, and what will become of it as far as people decide that: drawn by a seeded chance."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.faults.rig.places import Place

View = Any
"""A case as the village's API shows it."""

REGULARS = 20
"""Citizens of each village with a NIK, who come again and again: their second case finds them known."""
PROGRAMMES = ("pkh", "kip", "pbi_jk", "sembako", "kur")
SECTORS = ("social_assistance", "health", "education", "food", "livelihood")


@dataclass(frozen=True)
class VillageMove:
    """One deed at the desk while the case is open. `done` tells from the case whether it was done already."""

    path: str
    move: str
    """The name under `possible_moves`; a move that is not possible any more is passed over."""
    body: Callable[[View], object]
    done: Callable[[View], bool]


@dataclass(frozen=True)
class Wish:
    """A complaint as it will be recorded, and how everybody will behave."""

    complaint: dict[str, Any]
    village: tuple[VillageMove, ...] = ()
    returned_by: tuple[str, ...] = ()
    """Steps at which the recommendation is sent back once: review, decision."""
    reopenings: int = 0
    confirmed: bool = True
    """What the citizen says at last; else nothing is said, and time closes the case."""


def draw_wish(chance: Random, case: str, place: Place, earlier: str | None, *, invented_niks: bool) -> Wish:
    """Every journey of the domain has its share. `earlier`: another case of the village, to be a duplicate of."""
    told = _complaint(chance, case, place, invented_niks=invented_niks)
    course = chance.random()
    if course < 0.15:
        told |= {"kind": "enquiry", "needs": [], "subject_kind": chance.choice(("community", told["subject_kind"]))}
        told = _sound(told)
        return Wish(told, (*_amendments(chance, told, 0.2), _answering(chance)))
    if course < 0.25:
        duplicate = earlier if chance.random() < 0.5 else None
        return Wish(told, (*_amendments(chance, told, 0.3), _withdrawing(duplicate)))
    return Wish(
        told,
        village=_amendments(chance, told, 0.35),
        returned_by=tuple(step for step in ("review", "decision") if chance.random() < 0.12),
        reopenings=chance.choices((0, 1, 2), (80, 16, 4))[0],
        confirmed=chance.random() < 0.7,
    )


def _complaint(chance: Random, case: str, place: Place, *, invented_niks: bool) -> dict[str, Any]:
    kind = chance.choices(("participation", "grievance", "data_correction", "suggestion"), (70, 15, 10, 5))[0]
    needs = chance.sample(PROGRAMMES, chance.choice((1, 1, 2, 3))) if kind == "participation" else []
    told: dict[str, Any] = {
        "case_id": case,
        "area": place.village,
        "kind": kind,
        "sector": chance.choice(SECTORS),
        "subject_kind": chance.choice(("family", "family", "person")),
        "needs": needs,
        "channel": chance.choice(("desk", "home_visit", "telephone")),
        "story": f"Told at the window. Case {case[-12:]}.",
        "family": _family(chance, case, place, invented_niks=invented_niks),
        "reporter": 0,
    }
    if chance.random() < 0.08:
        told |= {"fast_track": True, "fast_track_cause": "danger"}
    if chance.random() < 0.1:
        told["missing_documents"] = ["family_card"]
    if kind != "participation" and chance.random() < 0.5:
        told["subject_kind"] = "group"
    return _sound(told)


def _sound(told: dict[str, Any]) -> dict[str, Any]:
    """A group or a community comes without a family and leaves nobody to write to."""
    if told["subject_kind"] in ("group", "community"):
        return {name: value for name, value in told.items() if name not in ("family", "reporter")}
    return told


def _family(chance: Random, case: str, place: Place, *, invented_niks: bool) -> dict[str, Any]:
    head: dict[str, Any] = {
        "name": f"Warga {case[-6:]}",
        "nik_absence": "not_at_hand",
        "born": f"{chance.randint(1950, 2000)}-05-17",
        "sex": chance.choice(("female", "male")),
        "relation": "head",
        "conditions": ["ill_without_active_insurance"] if chance.random() < 0.4 else [],
    }
    address = f"warga.{case[-12:]}@rekaan.example"
    if invented_niks and chance.random() < 0.3:
        regular = chance.randrange(REGULARS)
        head |= {"name": f"Langganan {regular}", "born": f"{1970 + regular}-03-09", "sex": "male"}
        head["nik"] = f"{place.village.replace('.', '')[:6]}0903{70 + regular}0000"
        del head["nik_absence"]
        address = f"langganan.{regular}.{place.village}@rekaan.example"
    contacted = chance.random() < 0.85
    if contacted:
        head["contact"] = {"preferred": "email", "email": address, "language": chance.choice(("id", "en"))}
    child = {
        "name": f"Anak {case[-6:]}",
        "nik_absence": "child_not_registered",
        "born": f"{chance.randint(2009, 2024)}-02-01",
        "sex": chance.choice(("female", "male")),
        "relation": "child",
        "conditions": ["pupil"],
    }
    basis = {"member": 0, "purpose": "notify", "basis": "consent", "proof": "spoken_before_witness"}
    listed = chance.random() < 0.9
    return {
        "members": [head, child] if chance.random() < 0.8 else [head],
        "registry": {"listed": listed, "period": "2026-Q3"} | ({"decile": chance.randint(1, 7)} if listed else {}),
        "circumstances": ["pkh_graduated", "runs_business"] if chance.random() < 0.2 else [],
        "legal_bases": [basis] if contacted else [],
    }


def _amendments(chance: Random, told: dict[str, Any], share: float) -> tuple[VillageMove, ...]:
    if chance.random() >= share:
        return ()
    kinds = ["documents", "waiting", "facts"]
    if "family" in told:
        kinds.append("people")
        kinds += ["consent"] if told["family"]["legal_bases"] else []
    moves = {
        "documents": (_waiting, _documents_come),
        "waiting": (_waiting, _going_on_without),
        "facts": (_other_words,),
        "people": (_another_name,),
        "consent": (_consent_taken_back,),
    }
    return moves[chance.choice(kinds)]


def _amend(move: str, done: Callable[[View], bool], **change: object) -> VillageMove:
    return VillageMove("amendments", move, lambda _: change, done)


_waiting = _amend(
    "wait_for_citizen",
    lambda case: case["status"] == "waiting_for_citizen",
    change="waiting_for_citizen",
    missing_documents=["family_card"],
)
_documents_come = _amend("complete_documents", lambda case: not case["missing_documents"], change="documents_completed")
_going_on_without = _amend(
    "stop_waiting", lambda case: case["status"] != "waiting_for_citizen", change="no_longer_waiting"
)
CORRECTED = "Told once more, and better."
_other_words = _amend(
    "correct_facts",
    lambda case: case["story"] == CORRECTED,
    change="facts_corrected",
    story=CORRECTED,
    sector="housing",
)
NEW_NAME = "Nama Dibetulkan"
_another_name = VillageMove(
    "amendments",
    "correct_facts",
    lambda case: {
        "change": "facts_corrected",
        "family": {
            "members": [
                {"person_id": case["reporter"]["person_id"], "name": NEW_NAME}
                | ({"nik": case["reporter"]["nik"]} if case["reporter"]["nik"] else {"nik_absence": "document_lost"})
            ]
        },
    },
    lambda case: case["reporter"] is None or case["reporter"]["name"] == NEW_NAME,
)
_consent_taken_back = VillageMove(
    "consent-withdrawals",
    "correct_facts",  # possible whenever the case is open
    lambda case: {"person_id": case["reporter"]["person_id"], "purposes": ["notify"]},
    lambda case: (
        not any(
            basis["purpose"] == "notify" and basis["withdrawn_at"] is None for basis in case["reporter"]["legal_bases"]
        )
    ),
)


def _answering(chance: Random) -> VillageMove:
    said = {"answer": chance.choice(("explained_schedule", "told_status", "showed_where_to_go"))}
    return VillageMove("answer", "answer", lambda _: said, lambda case: case["status"] == "answered")


def _withdrawing(duplicate_of: str | None) -> VillageMove:
    said = {"reason": "taken_back"} if duplicate_of is None else {"reason": "duplicate", "duplicate_of": duplicate_of}
    return VillageMove("withdrawal", "withdraw", lambda _: said, lambda case: case["status"] == "withdrawn")
