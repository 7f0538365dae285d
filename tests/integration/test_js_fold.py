"""The pages' own code answers what Python's tests ask as Python answers it.

Every line that the fold's tests apply folds to the same state in a page, or is refused with the
same code; everything that the tests of a trustee's device ask of it is answered, or refused, alike.
So a guard that gets a test in Python is tested in JavaScript too, with the same bytes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.web import ROOT, node

if TYPE_CHECKING:
    from pathlib import Path

UNIT = ROOT / "tests" / "unit"
FOLDED = [
    *sorted(UNIT.glob("test_fold_*.py")),
    *(UNIT / f"test_{name}.py" for name in ("ledger_lines", "binding", "recommendation")),
]
ASKED = [UNIT / f"test_{name}.py" for name in ("trustee", "release", "mixing", "mixing_forged")]


def replayed(
    tests: list[Path], plugin: str, variable: str, script: str, folder: Path
) -> tuple[list[str], str]:
    """Run tests in Python with a recorder, and what they did in Node.

    Returns:
        The differences, and the last line.
    """
    program = node()
    if program is None:
        pytest.skip("node or the pages' packages are missing (make web): nothing was compared")
    recorded = folder / "recorded.json"
    options = ["-q", "-p", plugin, "-p", "no:cacheprovider"]
    python = _run(
        [sys.executable, "-m", "pytest", *options, *map(str, tests)], **{variable: str(recorded)}
    )
    assert python.returncode == 0, python.stdout
    page = _run([program, f"tests/web/{script}", str(recorded)])
    assert page.returncode == 0, page.stderr
    *differences, summary = page.stdout.splitlines()
    return differences, summary


def _run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_line_of_the_folds_tests_folds_alike_in_a_page(tmp_path):
    differences, summary = replayed(
        FOLDED, "tests.support.fold_recorder", "PIAOJUE_FOLDED", "fold_cases.mjs", tmp_path
    )
    assert differences == []
    _, number, _, of = summary.split()
    assert number == of
    assert int(number) > 400


def test_a_trustees_page_demands_what_the_command_line_demands(tmp_path):
    differences, summary = replayed(
        ASKED, "tests.support.trustee_recorder", "PIAOJUE_ASKED", "trustee_cases.mjs", tmp_path
    )
    assert differences == []
    assert int(summary.removeprefix("asked ")) > 60
