"""What the front-end build rests on."""

import json

from chassis.pages.texts import ROOT

LOCK = ROOT / "web" / "package-lock.json"


def test_the_lock_names_versions_and_checksums_and_no_place_they_came_from() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert fetched
    assert all(package["integrity"] and package["version"] for package in fetched.values())
    assert "://" not in "".join(package.get("resolved", "") for package in fetched.values())
