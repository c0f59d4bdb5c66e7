"""In a house where nothing is wrong the audit finds nothing wrong, and has looked at everything."""

from audit.evidence import Standing
from tests.unit.audit.world import a_house_at_rest


def test_all_laws_hold_of_a_house_at_rest() -> None:
    findings = a_house_at_rest().findings()
    assert {law: found.breaches for law, found in findings.items() if found.breaches} == {}


def test_what_was_counted_is_what_is_there() -> None:
    findings = a_house_at_rest().findings()
    assert findings["deeds"].counted["deeds"] == 8
    assert findings["origins"].counted["events"] == 8
    assert findings["effects"].counted["effects"] == 19
    assert findings["messages"].counted["messages"] == 4
    assert findings["read models"].counted["cases compared"] == 4
    assert findings["outboxes"].counted["outboxes"] == 4
    assert findings["traces"].counted["events"] == 8


def test_without_a_list_of_what_clients_were_told_that_law_is_not_judged() -> None:
    assert a_house_at_rest().findings()["requests"].standing is Standing.NOT_JUDGED


def test_a_run_of_the_outbox_published_twice_breaks_nothing() -> None:
    house = a_house_at_rest()
    house.records += house.records[:5]
    assert house.broken() == set()
    assert house.findings()["deeds"].counted["copies besides"] == 5
