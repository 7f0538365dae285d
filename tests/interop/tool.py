"""The independent verifier, in two versions out of Debian's packages, and how to ask it.

* 3.0 (trixie) knows Ed25519. Its ``election verify`` forgets what its check of the ballots said,
  so only ``belenios_oracle`` is a verdict; ``verify-ballot`` alone is sound for one ballot.
* 2.0 (bookworm) enforces ballots, and knows only groups of integers modulo p.

The first test that needs one unpacks it under ``.tools``, without a change to the system. Where
that cannot be done the test is skipped, which ``tests/conftest.py`` makes a failure in CI.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / ".tools"
COMMANDS = {
    "3.0": (HERE / "get-belenios-tool", "trixie"),
    "2.0": (HERE / "get-belenios-2",),
}
FETCH_SECONDS = 300


def installed(version: str) -> tuple[Path, str]:
    """Return where ``belenios-tool`` is, and why it is not; empty where it is."""
    return _installed(version)


def tool(version: str) -> Path:
    """Return the path of ``belenios-tool``; skip the test where it cannot be had."""
    path, why = _installed(version)
    if why:
        pytest.skip(f"belenios-tool {version} is not here: {why}")
    return path


def belenios_oracle(archive: Path) -> None:
    """Assert that belenios-tool 3.0, soundly used, accepts an archive named ``UUID.bel``."""
    accepted, said = ask_oracle(archive)
    assert accepted, said


def ask_oracle(archive: Path) -> tuple[bool, str]:
    """Return the oracle's verdict and what it printed."""
    command = [sys.executable, str(HERE / "belenios-oracle"), str(archive), str(tool("3.0"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip()
    assert said.startswith(("ACCEPT ", "REJECT ")), said  # anything else is no verdict
    return done.returncode == 0 and said.startswith("ACCEPT "), said


def verify(version: str, archive: Path) -> subprocess.CompletedProcess[str]:
    """Run ``election verify`` on an archive that lies alone in its folder."""
    command = [str(tool(version)), "election", "verify", "--dir", str(archive.parent)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@cache
def _installed(version: str) -> tuple[Path, str]:
    """Return where the tool is, and why it is not."""
    folder = TOOLS / f"belenios-{version}"
    path = folder / "belenios-tool"
    missing = [name for name in ("apt-get", "dpkg-deb") if shutil.which(name) is None]
    TOOLS.mkdir(exist_ok=True)
    with _locked(TOOLS / "belenios.lock"):
        if _runs(path, version):
            return path, ""
        if missing:
            return path, f"no {missing[0]}"
        shutil.rmtree(folder, ignore_errors=True)
        script, *suite = COMMANDS[version]
        try:
            done = subprocess.run(
                [str(script), *suite, str(folder)],
                capture_output=True,
                text=True,
                timeout=FETCH_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return path, f"{script.name} took over {FETCH_SECONDS} s"
    if done.returncode != 0 or not _runs(path, version):
        last = (done.stderr.strip() or "it printed nothing").splitlines()[-1]
        return path, f"{script.name} failed: {last}"
    return path, ""


def _runs(path: Path, version: str) -> bool:
    """True if the tool is there and is the version that was asked for."""
    try:
        said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return said.returncode == 0 and said.stdout.startswith(version)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Two test runs do not unpack into one folder."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
