"""The centre's figures, added up afresh from its cases; the cases themselves are compared with the topics.

Whole rows are compared, by area, day, kind, sector, programme and outcome, and every number in them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from audit.documents import Figure
from audit.evidence import Evidence, Findings
from audit.reckoned import reckon

Group = tuple[str, ...]
Sums = dict[Group, Counter[str]]


def figures_add_up(evidence: Evidence, findings: Findings) -> None:
    """The cases of the live read models against the counters beside them."""
    cases: Sums = defaultdict(Counter)
    programmes: Sums = defaultdict(Counter)
    for reported in evidence.holdings.reported_cases.values():
        figured = reckon(reported.area, reported.case)
        if figured is None:
            continue
        cases[figured.area, figured.day, figured.kind, figured.sector, figured.outcome] += figured.counts
        for (programme, ending), counts in figured.programmes.items():
            programmes[figured.area, figured.day, programme, ending] += counts
    holdings = evidence.holdings
    _compare(cases, _kept(((f.area, f.day, f.kind, f.sector, f.outcome), f) for f in holdings.case_figures), findings)
    of_programmes = (((f.area, f.day, f.programme, f.outcome), f) for f in holdings.programme_figures)
    _compare(programmes, _kept(of_programmes), findings)


def _kept(figures: Iterable[tuple[Group, Figure]]) -> Sums:
    sums: Sums = defaultdict(Counter)
    for group, figure in figures:
        sums[group].update(figure.counts)
    return sums


def _compare(added: Sums, kept: Sums, findings: Findings) -> None:
    for group in sorted(added.keys() | kept.keys()):
        for name, shown, wanted in _numbers(kept.get(group, Counter()), added.get(group, Counter())):
            findings.count("figures")
            if shown != wanted:
                findings.breach(f"reporting, figures of {', '.join(group)}: {name} is {shown}, its cases add {wanted}")


def _numbers(kept: Counter[str], added: Counter[str]) -> Iterator[tuple[str, int, int]]:
    """Name, kept, added: of every number that either has."""
    for name in sorted(kept.keys() | added.keys()):
        yield name, kept[name], added[name]
