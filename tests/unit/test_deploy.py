"""What lies in deploy/ fits the programs: options that exist, the port of the page, valid JSON."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from kiosk.cli import main

DEPLOY = Path(__file__).parents[2] / "deploy"
README = (DEPLOY / "README.md").read_text("utf-8")
LINES = [
    line.removeprefix("ExecStart=/opt/piaojue/.venv/bin/").strip()
    for path in [*DEPLOY.rglob("*.service"), DEPLOY / "README.md"]
    for line in path.read_text("utf-8").splitlines()
    if re.match(r"(ExecStart=\S*/)?\s*piaojue [a-z]+ \S", line)
    or "/bin/piaojue " in line.partition("=")[2]
]


def option(command, name):
    found = main.get_command(click.Context(main), command)
    return next(one for one in found.params if name in one.opts)


@pytest.mark.parametrize("line", sorted(set(LINES)))
def test_every_command_line_has_options_that_are_there(line):
    _, name, *rest = shlex.split(line)
    command = main.get_command(click.Context(main), name)

    known = {opt for one in command.params for opt in one.opts}
    assert {one for one in rest if one.startswith("--")} <= known


def test_command_lines_were_found():
    assert {shlex.split(line)[1] for line in LINES} >= {"serve", "kiosk"}


def test_a_tablet_may_open_its_own_page_and_nothing_else():
    policy = json.loads((DEPLOY / "kiosk" / "policy.json").read_text("utf-8"))
    origin = f"http://127.0.0.1:{option('kiosk', '--port').default}"
    screen = (DEPLOY / "kiosk" / "piaojue-screen.service").read_text("utf-8")

    assert policy["URLBlocklist"] == ["*"]
    assert policy["URLAllowlist"] == policy["VideoCaptureAllowedUrls"] == [origin]
    assert f" {origin}/kiosk\n" in screen
    assert " -s " not in screen  # cage would let a finger leave for another terminal


def test_the_server_s_unit_listens_where_the_runbook_says():
    unit = (DEPLOY / "piaojue.service").read_text("utf-8")

    port = option("serve", "--port").default
    assert f"--host 0.0.0.0 --port {port}\n" in unit
    assert "LimitCORE=0" in unit
    assert "IPAddressDeny=any" in unit


def test_the_runbook_names_every_file_beside_it():
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.name != "README.md"]

    assert [path.name for path in files if path.name not in README] == []
