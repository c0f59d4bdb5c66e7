"""python -m deploy.compose.make_secrets: make what compose.yaml keeps secret, each by chance, each once."""

import argparse
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent / "secrets"
SERVICES = {
    "intake": "village-database",
    "referral": "district-database",
    "notification": "district-database",
    "reporting": "centre-database",
}
ALONE = (
    "database_key",
    "database_root_password",
    "accounts_password",
    "family_key_secret",
    "notification_secret",
    *(f"{service}_mongodb_password" for service in SERVICES),
    *(f"{service}_pages_secret" for service in SERVICES),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files that are not there yet; those that are stay as they are. Exit codes: 0 done, 2 wrong words."""
    parser = argparse.ArgumentParser(prog="python -m deploy.compose.make_secrets", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they go (default: beside compose.yaml)")
    made = make(parser.parse_args(arguments).folder)
    sys.stdout.write(f"made {len(made)}: {', '.join(made)}\n" if made else "all are there already; nothing changed\n")
    return 0


def make(folder: Path) -> list[str]:
    """The names of the files it made. What was made with a secret has to be kept with it: none is ever replaced."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = [name for name in ALONE if _write_once(folder / name, secrets.token_hex(32))]
    kept = {name: (folder / name).read_text(encoding="utf-8") for name in ALONE}
    for service, database in SERVICES.items():
        account = f"{service}:{kept[f'{service}_mongodb_password']}"
        uri = f"mongodb://{account}@{database}:27017/?replicaSet=rs0&journal=true&w=majority&authSource={service}"
        if _write_once(folder / f"{service}_mongodb_uri", uri):
            made.append(f"{service}_mongodb_uri")
    identity = {
        "KC_DB_PASSWORD": kept["accounts_password"],
        "KC_BOOTSTRAP_ADMIN_PASSWORD": secrets.token_hex(16),
        "NOTIFICATION_SECRET": kept["notification_secret"],
        **{f"{service.upper()}_PAGES_SECRET": kept[f"{service}_pages_secret"] for service in SERVICES},
    }
    if _write_once(folder / "identity.env", "".join(f"{name}={value}\n" for name, value in identity.items())):
        made.append("identity.env")
    return made


def _write_once(file: Path, content: str) -> bool:
    # Containers read them as users of their own: the folder is what keeps others on this machine out.
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(content)
    except FileExistsError:
        return False
    file.chmod(0o644)
    return True


if __name__ == "__main__":
    sys.exit(main())
