"""Lists the skipped tests of a JUnit report by the capability they lack; exit 1 when one names none.

A test may be skipped only where the machine lacks something, and says so:
`pytest.skip("capability: zipkin")`.
"""

import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

MARK = "capability: "


def skips_by_reason(report: Path) -> dict[str, list[str]]:
    """Reason -> names of the tests. An expected failure counts too: it hides what does not hold."""
    skips = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - written by our own run
        for skipped in case.iter("skipped"):
            reason = skipped.get("message", "") or skipped.get("type", "")
            skips[reason].append(f"{case.get('classname')}::{case.get('name')}")
    return skips


def main(arguments: list[str]) -> int:
    report = Path(arguments[0])
    if not report.exists():
        print("no report of the tests: they did not run")
        return 1
    skips = skips_by_reason(report)
    for reason, tests in sorted(skips.items()):
        print(f"skipped ({len(tests)}) {reason}")
        for test in tests:
            print(f"  {test}")
    if not skips:
        print("no test was skipped")
    unexplained = [reason for reason in skips if not reason.startswith(MARK)]
    for reason in unexplained:
        print(f"not a lack of capability: {reason!r}; write the reason as '{MARK}<what is missing>'")
    return 1 if unexplained else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
