"""What is installed is pinned by its bytes and names no place; in CI a skip is a failure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
REQUIREMENTS = (ROOT / "requirements.txt").read_text("utf-8")
PINNED = re.compile(r"^([a-z0-9-]+)==\S+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M)


def name_of(requirement):
    return re.match(r"[A-Za-z0-9-]+", requirement)[0].lower()


def test_every_installed_file_is_pinned_by_a_hash():
    lines = PINNED.sub("", REQUIREMENTS).splitlines()

    assert [line for line in lines if line.strip() and not line.lstrip().startswith("#")] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements.in", "pyproject.toml"])
def test_no_registry_and_no_machine_is_named(name):
    text = (ROOT / name).read_text("utf-8")

    assert re.findall(r"[a-z]+://\S+|--\S*index\S*|--find\S*|/home/\S*|/root/\S*", text) == []


def test_everything_asked_for_is_in_the_hashed_file():
    project = PYPROJECT["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    tools = [
        line
        for line in (ROOT / "requirements.in").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    wanted = [*project["dependencies"], *extras, *tools, *PYPROJECT["build-system"]["requires"]]

    pinned = {match[1] for match in PINNED.finditer(REQUIREMENTS)}
    assert {name_of(each) for each in wanted} <= pinned


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)], ids=["in CI", "elsewhere"])
def test_a_skipped_test_fails_ci_with_its_reason(tmp_path, ci, code):
    skipping = tmp_path / "test_skipping.py"
    skipping.write_text('import pytest\n\n\ndef test_it():\n    pytest.skip("no database")\n')
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", "/dev/null"]

    done = subprocess.run(
        [*command, "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, skipping],
        cwd=ROOT,
        env=os.environ | {"CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code, done.stdout
    assert ("1 failed" in done.stdout) == (code == 1)
    assert ("counts as a failure: Skipped: no database" in done.stdout) == (code == 1)
