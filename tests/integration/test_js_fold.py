"""The pages fold every ledger of the fold's own tests to the same state, or refuse it alike.

So a guard that gets a test in Python is tested in JavaScript too, with the same lines.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.web import ROOT, node

FOLDED = tuple(
    f"tests/unit/test_{name}.py" for name in ("ledger_lines", "binding", "recommendation")
)


def test_what_python_was_tested_with_folds_alike_in_a_page(tmp_path):
    program = node()
    if program is None:
        pytest.skip("node or the pages' packages are missing (make web): nothing was compared")
    folded = tmp_path / "folded.json"
    tests = sorted((ROOT / "tests" / "unit").glob("test_fold_*.py"))
    recorded = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "tests.support.fold_recorder"),
            *("-p", "no:cacheprovider", *FOLDED, *map(str, tests)),
        ],
        cwd=ROOT,
        env={**os.environ, "PIAOJUE_FOLDED": str(folded)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert recorded.returncode == 0, recorded.stdout

    done = subprocess.run(
        [program, "tests/web/fold_cases.mjs", str(folded)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    *differences, summary = done.stdout.splitlines()
    assert differences == []
    _, number, _, of = summary.split()
    assert number == of
    assert int(number) > 400
