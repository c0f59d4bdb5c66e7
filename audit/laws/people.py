"""Nobody's legal basis changes without a deed at the desk, and a consent that was taken back is taken back.

A person may be changed by a deed in another case: linked by their NIK, told of again, asked for consent. That leaves
no line in this case and no event. What shows is the moment: whatever was noted of a person, some case of the village
was recorded, amended or heard a withdrawal of consent at that very moment, in the same transaction. Names and contacts
are never read, so what was said of them is not judged.
"""

from collections import defaultdict
from datetime import datetime

from audit.evidence import Evidence, Findings

MAY_NOTE = frozenset({"complaint.created", "complaint.amended", "people.corrected"})
TAKEN_BACK = "consent.withdrawn"

Moments = dict[str, set[datetime]]
"""By village."""


def every_change_of_a_person_is_a_deed(evidence: Evidence, findings: Findings) -> None:
    noting: Moments = defaultdict(set)
    taking_back: Moments = defaultdict(set)
    for case in evidence.holdings.complaints.values():
        for deed in case.deeds(*MAY_NOTE):
            noting[case.area].add(deed.at)
        for deed in case.deeds(TAKEN_BACK):
            taking_back[case.area].add(deed.at)
    taken_back: Moments = defaultdict(set)
    for person in evidence.holdings.persons:
        findings.count("people")
        for basis in person.bases:
            findings.count("legal bases")
            if basis.noted_at not in noting[person.area]:
                findings.breach(f"person {person.id}: the basis for {basis.purpose} was noted by no deed")
            if basis.withdrawn_at is None:
                continue
            findings.count("taken back")
            taken_back[person.area].add(basis.withdrawn_at)
            if basis.withdrawn_at not in taking_back[person.area]:
                findings.breach(f"person {person.id}: the basis for {basis.purpose} was taken back by no deed")
    for case in evidence.holdings.complaints.values():
        for deed in case.deeds(TAKEN_BACK):
            if deed.at not in taken_back[case.area]:
                findings.breach(f"case {case.id}: a consent was taken back, and every person's still stands")
