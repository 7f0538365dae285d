"""A private PostgreSQL for the tests: made, used and thrown away by one test session.

The machine's own binaries start a cluster in a temporary folder, reached by a unix socket
only. PostgreSQL refuses to run as root, so under root it runs as an unprivileged user who
owns that folder. When the binaries are missing, root installs Debian's package; anybody else
sees the tests skipped with the reason. fsync is off: no test here cuts the power.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

START_SECONDS = 60


class NoPostgresError(Exception):
    """This machine has no PostgreSQL and we may not install one; says why."""


@dataclass
class Postgres:
    """A running cluster; ``fresh_database()`` gives the URL of an empty database."""

    psql: Path
    folder: Path
    _made: int = field(default=0)

    def fresh_database(self) -> str:
        self._made += 1
        name = f"test{self._made}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE template0")
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    def sql(self, statement: str) -> None:
        command = [self.psql, "-X", "-q", "-h", self.folder, "-U", "postgres", "-d", "postgres"]
        _run([*command, "-v", "ON_ERROR_STOP=1", "-c", statement])


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        binaries = _find_binaries() or _install()
        user = _unprivileged_user()
    except NoPostgresError as reason:
        pytest.skip(f"PostgreSQL is missing, half of the storage tests did not run: {reason}")
    folder = Path(tempfile.mkdtemp(prefix="piaojue-pg-"))
    try:
        yield from _serve(binaries, user, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(binaries: Path, user: pwd.struct_passwd, folder: Path) -> Iterator[Postgres]:
    # PostgreSQL dies with the thread that started it, even when the tests are killed.
    prefix = ["setpriv", "--pdeathsig=QUIT"]
    if os.geteuid() == 0:
        os.chown(folder, user.pw_uid, user.pw_gid)
        prefix += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    data = folder / "data"
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    _run([*prefix, binaries / "initdb", "-D", data, *options], cwd=folder)
    settings = ["listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=40"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*prefix, binaries / "postgres", "-D", data, "-k", folder]
            + [part for setting in settings for part in ("-c", setting)],
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_ready(server, binaries, folder)
        yield Postgres(binaries / "psql", folder)
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _wait_until_ready(server: subprocess.Popen[bytes], binaries: Path, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    ready = [binaries / "pg_isready", "-q", "-h", folder]
    while subprocess.run(ready, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")
        time.sleep(0.05)


def _find_binaries() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = [Path(found).resolve() for found in [shutil.which("initdb")] if found]
    return next((initdb.parent for initdb in debian + on_path), None)


def _install() -> Path:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise NoPostgresError("install it (Debian: apt-get install postgresql)")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with Path(tempfile.gettempdir(), "piaojue-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may come here at once
        if (found := _find_binaries()) is not None:
            return found
        for command in (
            ["update", "-qq"],
            ["install", "-qq", "--no-install-recommends", "postgresql"],
        ):
            done = subprocess.run(
                ["apt-get", "-y", *command],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise NoPostgresError(f"apt-get {command[0]} failed: {done.stderr.strip()}")
    found = _find_binaries()
    if found is None:
        raise NoPostgresError("Debian's postgresql was installed but has no initdb")
    return found


def _unprivileged_user() -> pwd.struct_passwd:
    if shutil.which("setpriv") is None:
        raise NoPostgresError("setpriv is missing (Debian: apt-get install util-linux)")
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgresError("root may not run it, and there is neither a user postgres nor nobody")


def _run(command: list[str | Path], cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout}{done.stderr}")
