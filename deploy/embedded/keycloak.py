"""Keycloak: accounts, roles and sign-in of the embedded stack, on the loopback interface."""

import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy import identity
from deploy.embedded.atomic import write_atomically
from deploy.embedded.java import JAVA, QUICK_START_FLAGS
from deploy.embedded.parts import CannotPrepare, Part
from deploy.embedded.places import TOOLS
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.realm import REALM
from deploy.embedded.zipkin import answers_ok

ADMIN = "admin"
BUILD = (
    "--db=dev-file",
    # What the realm does not use costs time at every start.
    "--features-disabled=kerberos,ciba,device-flow,organization,passkeys,web-authn,impersonation",
)
JVM = (
    *("-Xms64m", "-Xmx384m", "-XX:MaxMetaspaceSize=256m", "-XX:+ExitOnOutOfMemoryError", *QUICK_START_FLAGS),
    *("-Dfile.encoding=UTF-8", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"),
    *("-Dquarkus-log-max-startup-records=10000", "-Dpicocli.disable.closures=true"),
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
    "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
    *("--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED"),
    *("--add-opens=java.base/java.security=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED"),
    "--enable-native-access=ALL-UNNAMED",
)
SHARED = ("lib", "conf", "providers")
THEMES = Path(identity.__file__).parent / "themes"


@dataclass(frozen=True)
class Keycloak:
    """One server with its accounts in `directory`. The port may differ from the last run's.

    `realm` gives what is imported into an empty directory. When it gives something else than the last time (other
    ports, other people) the directory is emptied: what was changed by hand there is forgotten.
    """

    archive: Path
    directory: Path
    port: int
    realm: Callable[[], bytes]
    admin_password: Callable[[], str]

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.url}/realms/{REALM}"

    @property
    def token_url(self) -> str:
        return f"{self.issuer}/protocol/openid-connect/token"

    @property
    def admin_console(self) -> str:
        return f"{self.url}/admin/master/console/#/{REALM}"

    def part(self) -> Part:
        return Part(
            name="keycloak",
            what="accounts and sign-in",
            command=(
                *_java(self.directory, installation(self.archive)),
                *("start", "--optimized", "--import-realm", "--cache=local", "--http-enabled=true"),
                *(f"--http-host={LOOPBACK}", f"--http-port={self.port}", f"--hostname={self.url}"),
            ),
            environment={
                "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
                "KC_BOOTSTRAP_ADMIN_PASSWORD": self.admin_password(),
                # It tells services of a sign-out: no proxy of the environment reaches this machine's loopback.
                "NO_PROXY": f"{LOOPBACK},localhost",
                "no_proxy": f"{LOOPBACK},localhost",
            },
            prepare=self._prepare,
            ready=lambda _log: answers_ok(f"{self.issuer}/.well-known/openid-configuration"),
            start_budget_seconds=900,
            stop_budget_seconds=60,
        )

    def _prepare(self) -> None:
        unpack(self.archive)
        shared = installation(self.archive)
        imported, realm = self.directory / "data" / "import" / f"{REALM}-realm.json", self.realm()
        if imported.is_file() and imported.read_bytes() != realm:
            shutil.rmtree(self.directory)
        if not imported.is_file():
            write_atomically(imported, realm)
        for name, target in ({name: shared / name for name in SHARED} | {"themes": THEMES}).items():
            link = self.directory / name
            if not link.is_symlink() or link.readlink() != target:
                link.unlink(missing_ok=True)
                link.symlink_to(target)


def installation(archive: Path) -> Path:
    """Where the server's files are, shared by all stacks of this checkout; see unpack."""
    return TOOLS / archive.stem


def unpack(archive: Path) -> None:
    """Unpacks the distribution and builds it for what the stack needs, once. Raises CannotPrepare."""
    target = installation(archive)
    if target.is_dir():
        return
    TOOLS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TOOLS, prefix=f".{archive.stem}.") as folder:
        with zipfile.ZipFile(archive) as distribution:
            distribution.extractall(folder)
        (unpacked,) = Path(folder).iterdir()
        built = subprocess.run(  # noqa: S603 - the command is ours
            (*_java(unpacked, unpacked), "build", *BUILD), check=False, capture_output=True, text=True
        )
        if built.returncode != 0:
            raise CannotPrepare(f"Keycloak cannot be built: {(built.stderr or built.stdout).strip()}")
        try:
            unpacked.rename(target)
        except OSError:
            # Another stack of this checkout was quicker.
            if not target.is_dir():
                raise


def _java(home: Path, shared: Path) -> tuple[str, ...]:
    """Without the distribution's shell script: a signal to it would reach the server by a detour."""
    return (
        *(str(JAVA), *JVM, f"-Dkc.home.dir={home}", f"-Djboss.server.config.dir={home / 'conf'}"),
        *("-cp", str(shared / "lib" / "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"),
    )
