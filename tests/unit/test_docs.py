"""What the documents say is there: commands, options, pages, decisions, links."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from kiosk.cli import COMMANDS, main
from kiosk.device.console import Console
from tally.verify.findings import CHECKS
from voting.meeting.bodies import BODIES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
INDEX = (DOCS / "README.md").read_text("utf-8")
FRONT = (ROOT / "README.md").read_text("utf-8")
GUIDES = "\n".join(path.read_text("utf-8") for path in sorted((DOCS / "guide").glob("*.md")))
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(DOCS.rglob("*.md")),
    *sorted((ROOT / "deploy").glob("*.md")),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)
ELSEWHERE = re.compile(
    r"(?<![A-Za-z0-9_}])/(?:home/[a-z]|root/|Users/|wor[k]/)|\bpyp[i]\.org|python[h]osted|npm[j]s|\.\./share[d]/design"
    r"|\bmirrors?\.[a-z]+|[a-z0-9]@sha256"
)
"""A machine's folder, or a registry."""


def options():
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        inner = command.commands.values() if isinstance(command, click.Group) else [command]
        for one in inner:
            for parameter in one.params:
                if isinstance(parameter, click.Option):
                    yield name, parameter.opts[0]


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git working tree")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme_with_its_exit_codes(command):
    rows = [line for line in FRONT.splitlines() if line.startswith(f"| `piaojue {command}")]

    assert len(rows) == 1
    assert re.search(r"\|[^|]*\d[^|]*\|$", rows[0]), rows


@pytest.mark.parametrize(("command", "option"), sorted(set(options())))
def test_every_option_is_documented(command, option):
    described = [line for line in (FRONT + GUIDES).splitlines() if f"piaojue {command}" in line]

    assert any(option in line for line in described) or (option == "--lang" and "--lang" in FRONT)


def test_no_command_is_promised_that_is_not_there():
    promised = set(re.findall(r"`?piaojue ([a-z]+)", FRONT + GUIDES))

    assert promised <= set(COMMANDS)


def test_every_command_of_the_console_is_in_the_secretary_s_guide():
    guide = (DOCS / "guide" / "secretary.md").read_text("utf-8")
    console = Console(None, None, None, unattended=False)

    listed = set(re.findall(r"`([a-z-]+)(?: [A-Z][^`]*)?`", guide))
    assert console._commands
    assert {*console._commands, "quit"} <= listed


@pytest.mark.parametrize("folder", ["spec", "adr", "guide"])
def test_every_page_is_in_the_index(folder):
    there = {f"{folder}/{path.name}" for path in (DOCS / folder).glob("*.md")}

    assert there
    assert there == {link for link in LINK.findall(INDEX) if link.startswith(f"{folder}/")}


@pytest.mark.parametrize("page", sorted((DOCS / "adr").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_is_short_and_has_its_number(page):
    text = page.read_text("utf-8")

    assert len(text.splitlines()) <= 40
    assert int(re.match(r"# (\d+)[.:] ", text)[1]) == int(page.name[:4])
    assert all(f"## {part}" in text for part in ("Context", "Decision", "Alternatives"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_resolve(page):
    text = CODE.sub("", page.read_text("utf-8"))
    for link in LINK.findall(text):
        if not re.match(r"[a-z]+:|#", link):
            assert (page.parent / link.partition("#")[0]).exists(), link


def test_every_check_is_specified():
    spec = (DOCS / "spec" / "verification.md").read_text("utf-8")

    assert re.findall(r"^\| (V\d+) \|", spec, re.M)[: len(CHECKS)] == list(CHECKS)


def test_every_kind_of_act_is_specified():
    spec = (DOCS / "spec" / "ledger.md").read_text("utf-8").partition("## 3. Kinds")[2]
    named = {
        name
        for row in re.findall(r"^\| (`[^|]+) \|", spec, re.M)
        for name in re.findall(r"`([a-z-]+)`", row)
    }

    assert set(BODIES) == named


def test_every_threat_says_what_meets_it():
    rows = re.findall(
        r"^\| (\d+) \|[^|]+\| (.+) \|$", (DOCS / "threat-model.md").read_text("utf-8"), re.M
    )

    assert [int(number) for number, _ in rows] == list(range(1, 43))
    assert all(re.search(r"\*\*(met|partly|not yet|outside)\*\*", answer) for _, answer in rows)


def test_the_tests_that_the_threat_model_names_are_there():
    named = re.findall(
        r"(?:tests/[a-z]+/)?test_[a-z_]+\.py", (DOCS / "threat-model.md").read_text("utf-8")
    )

    there = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert named
    assert {name.rpartition("/")[2] for name in named} <= there


def test_no_tracked_file_names_a_machine_or_a_registry():
    own = {Path(__file__).resolve(), Path(__file__).resolve().with_name("test_packaging.py")}
    found = []
    for path in tracked():
        if path.suffix in {".bel", ".pdf"} or path.resolve() in own or not path.is_file():
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if ELSEWHERE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")

    assert found == []
