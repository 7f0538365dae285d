"""A faulty draft is one line that names its place, exit 2, and nothing written, everywhere."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from kiosk.server.settings import load_draft
from voting.errors import DraftError

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "standing-committee.toml"
FAULTS = {
    "unknown key": ("floor = 5 ", "flor = 5 ", "meeting.flor"),
    "a name twice": ('name = "马建国"', 'name = "林若彤"', "roll[4].name"),
    "own scrutineer": (
        'candidate = "唐一诺"',
        'candidate = "邓秀兰"',
        "officers[3].name",
    ),
    "t < 2": ("threshold = 2", "threshold = 1", "trustees.threshold"),
    "2t <= n": ('"田一鸣"]', '"田一鸣", "孙文博"]', "trustees.threshold"),
    "nobody due": ("[[roll]]\nname", '[[roll]]\nclass = "attendee"\nname', "roll"),
    "no such rule": ('rule = "standing-committee"', 'rule = "nothing"', "items[1].rule"),
    "no font": ('candidate = "唐一诺"', 'candidate = "唐一😀"', "items[1].candidate"),
    "no TOML": ("floor = 5 ", "floor = = 5 ", "TOML"),
}


def faulty(name, place):
    old, new, named = FAULTS[name]
    text = EXAMPLE.read_text("utf-8")
    if name == "nobody due":
        text = text.replace('class = "attendee"\n', "")
    changed = text.replace(old, new)
    assert changed != text
    place.write_text(changed, "utf-8")
    return named


def said_once(run, named):
    (line,) = run.stderr.splitlines()
    assert (run.exit_code, run.stdout) == (2, "")
    assert line.startswith(f"{named}：")
    assert "代码" not in line


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("command", ["check", "rehearse"])
def test_a_fault_is_one_line_that_names_its_place_and_nothing_is_written(name, command, tmp_path):
    named = faulty(name, tmp_path / "meeting.toml")
    out = tmp_path / "out"
    options = ["--out", str(out)] if command == "rehearse" else []

    said_once(CliRunner().invoke(main, [command, str(tmp_path), *options]), named)

    assert [path.name for path in tmp_path.iterdir()] == ["meeting.toml"]


def test_the_server_takes_no_name_that_it_could_not_print(tmp_path):
    faulty("no font", tmp_path / "meeting.toml")

    with pytest.raises(DraftError) as caught:
        load_draft(tmp_path)

    assert (caught.value.code, caught.value.place) == ("glyph-missing", "items[1].candidate")


def test_an_empty_folder_is_a_meeting_of_a_secretary_who_writes_the_rest(tmp_path):
    draft = load_draft(tmp_path)

    assert [(one.id, one.pen) for one in draft.officers] == [("secretary", False)]
    assert (draft.trustees, draft.roll, draft.items) == ((), (), ())


def test_a_folder_of_something_else_is_told_what_to_put_there(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"")

    with pytest.raises(DraftError) as caught:
        load_draft(tmp_path)

    assert caught.value.code == "no-draft"


def test_a_refused_draft_leaves_no_server_files(tmp_path):
    faulty("no font", tmp_path / "meeting.toml")
    command = [sys.executable, "-m", "kiosk", "serve", str(tmp_path), "--port", "0"]

    run = subprocess.run(command, check=False, capture_output=True, text=True)

    assert run.returncode == 2
    assert run.stderr.startswith("items[1].candidate：")
    assert [path.name for path in tmp_path.iterdir()] == ["meeting.toml"]


def test_a_port_that_is_taken_is_one_line(tmp_path):
    (tmp_path / "meeting.toml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "kiosk", "serve", str(tmp_path), "--port", port]
        run = subprocess.run(command, check=False, capture_output=True, text=True)

    assert (run.returncode, run.stdout) == (2, "")
    (line,) = run.stderr.splitlines()
    assert port in line
