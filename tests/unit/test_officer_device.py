"""What an officer's device shows, signs and refuses, in front of a dishonest server."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from kiosk.device.console import Console
from kiosk.device.officer import OfficerDevice
from kiosk.device.recording import save_record, sign_record
from kiosk.device.talk import TerminalTalk
from tally.outcome import opened_of, outcome_digest, round_outcome
from tally.record.layout import NOTE
from tally.record.pack import pack
from tests.support.meeting import Simulation, seed_of, token_of
from tests.support.record import Meeting, closed_meeting, closed_record
from tests.support.sealed import new_case, opened_case
from tests.support.trustees import refuses
from voting.crypto.hashing import code_80bits, sha256_hex
from voting.errors import InputError, RefusedError, UnavailableError, VerificationError
from voting.meeting import keys, ledger
from voting.meeting.bodies import BODIES
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import encode_act, encode_ledger, signing_bytes
from voting.meeting.slips import encode_public_parts, public_parts
from voting.protocol import codec
from voting.protocol.ballot import tracker
from voting.protocol.checkpoint import ballots_digest
from voting.words import LANGS, catalogue

SERVER_ALONE = {
    *("issue", "attend", "leave", "return", "recuse", "unrecuse", "leftover", "withdraw"),
    *("present", "room", "minute", "spoil", "count"),
}
BY_DEVICES = {"destroy"}


@dataclass
class Server:
    """Answers what a test tells it to, and keeps what it was sent."""

    sim: Simulation
    files: dict[str, bytes] = field(default_factory=dict)
    act: ledger.Act | None = None
    meeting: bytes | None = None
    posted: list[Any] = field(default_factory=list)

    def get_bytes(self, path: str) -> bytes:
        if path == "/api/meeting":
            if not self.sim.state.frozen:
                raise RefusedError("not-frozen")
            return self.meeting or self.sim.meeting.raw
        if path.startswith("/api/ledger?from="):
            return encode_ledger(self.sim.lines[int(path.partition("=")[2]) :])
        return self.files[path]

    def get(self, path: str) -> Any:
        assert path == "/api/proposals"
        if self.act is None:
            return None
        places = ledger.required_signers(self.sim.meeting, self.act)[:-1]
        return {
            "act": encode_act(self.act).decode(),
            "places": [sorted(allowed) for allowed in places],
            "signed": [],
            "meeting": self.sim.meeting.raw.decode() if self.act.kind == "freeze" else None,
        }

    def post(self, path: str, value: Any) -> Any:
        assert path in ("/api/proposals", "/api/proposals/signature", "/api/record/signature")
        self.posted.append(value)
        if path == "/api/proposals":
            return {"act": "{}" if self.act is None else encode_act(self.act).decode()}
        return {"complete": False}

    def delete(self, path: str) -> None:
        """The server drops the act that is named, and no other."""
        if self.act is None or path != f"/api/proposals/{sha256_hex(encode_act(self.act))}":
            raise RefusedError("no-proposal")
        self.act = None

    def post_bytes(self, path: str, body: bytes) -> Any:
        assert path == "/api/tickets"
        self.posted.append(body)
        return {}


def refuse(error: Exception) -> None:
    raise error


def device_of(server: Server, officer: str, *, pen: bool = False) -> OfficerDevice:
    return OfficerDevice(server, officer, None if pen else seed_of(officer))


@pytest.fixture
def open_sim() -> Simulation:
    sim = Simulation.fresh()
    sim.sign_in(6)
    sim.prepare(["i1", "i2"])
    return sim


# What is shown


def test_every_act_that_officers_sign_has_words():
    signed = set(BODIES) - SERVER_ALONE - BY_DEVICES

    assert {f"sign.{kind}" for kind in signed} <= set(catalogue())


@pytest.mark.parametrize("lang", LANGS)
def test_before_an_opening_the_numbers_of_the_room_and_every_question_are_shown(open_sim, lang):
    act = open_sim.propose("open", **open_sim.open_body(["i1", "i2"]))

    text = device_of(Server(open_sim), "secretary").review(act, None, lang)

    meeting = open_sim.meeting
    assert all(meeting.items[item].question in text for item in ("i1", "i2"))
    assert meeting.items["i3"].question not in text
    assert {"7", "6"} <= set("".join(c if c.isdigit() else " " for c in text).split())


@pytest.mark.parametrize("lang", LANGS)
def test_before_the_freeze_fingerprint_people_and_keys_are_shown(lang):
    sim = Simulation(issued=False)
    act = sim.propose("freeze", meeting=sim.meeting.fingerprint)

    text = device_of(Server(sim), "secretary").review(act, sim.meeting.raw, lang)

    assert sim.meeting.code in text
    assert sim.meeting.title in text
    assert all(one.name in text for one in sim.meeting.officers.values())
    assert all(code_80bits(one.key) in text for one in sim.meeting.officers.values() if one.key)
    assert all(name in text for name in sim.meeting.trustees.names)
    assert all(item.question in text for item in sim.meeting.items.values())


def test_before_the_seal_heads_and_returned_are_shown(open_sim):
    slot = open_sim.open(["i1", "i2"])
    act = open_sim.propose("seal", **open_sim.seal_body(slot, 5))

    text = device_of(Server(open_sim), "secretary").review(act, None, "en")

    assert "5 heads counted, 5 ballots returned, 6 tickets issued, 6 present" in text


def test_void_and_correction_show_their_reasons(open_sim):
    slot = open_sim.open(["i1", "i2"])
    server = Server(open_sim)
    device = device_of(server, "scrutineer-1")
    void = open_sim.propose("void", slot=slot, reason="终端故障", pen=None)
    correct = open_sim.propose(
        "correct", leave=[open_sim.person(0)], attend=[], present=[], reason="走错会场"
    )

    assert "终端故障" in device.review(void, None, "zh")
    assert "走错会场" in device.review(correct, None, "zh")


def test_before_no_objection_every_tracker_in_the_sealed_box_is_shown():
    case, slot = opened_case()
    archive = case.archive(slot)
    trackers = sorted(tracker(one) for one in case.ballots[slot])
    case.sim.act(
        "seal",
        slot=slot,
        heads=6,
        returned=6,
        ballots=ballots_digest(trackers),
        archive=sha256_hex(archive),
        override=False,
    )
    act = case.sim.propose("no-objection", slot=slot)
    path = f"/api/slots/{slot}/archive/sealed"

    text = device_of(Server(case.sim, files={path: archive}), "scrutineer-1").review(
        act, None, "zh"
    )
    assert [line.split()[-1] for line in text.splitlines() if "追踪码 " in line] == trackers

    fewer = Server(case.sim, files={path: case.archive(slot, ballots=case.ballots[slot][1:])})
    refuses(
        VerificationError,
        "archive-mismatch",
        device_of(fewer, "scrutineer-1").review,
        act,
        None,
        "zh",
    )


# What is signed


def test_only_the_act_that_was_shown_last_is_signed(open_sim):
    """The server puts another act in the place of the one on the screen."""
    server = Server(open_sim)
    device = device_of(server, "secretary")
    shown = open_sim.propose("open", **open_sim.open_body(["i1", "i2"]))
    server.act = shown
    device.review(shown, None, "zh")
    server.act = open_sim.propose("void-series", series="A", reason="没有给人看过")

    device.sign()

    (sent,) = server.posted
    assert sent["act"] == sha256_hex(encode_act(shown))
    keys.verify(
        device.key,
        signing_bytes(open_sim.meeting.fingerprint, shown),
        sent["signature"],
        by="secretary",
    )


def test_nothing_is_signed_that_was_not_shown(open_sim):
    server = Server(open_sim)
    server.act = open_sim.propose("open", **open_sim.open_body(["i1", "i2"]))

    refuses(RefusedError, "no-proposal", device_of(server, "secretary").sign)
    assert server.posted == []


def test_an_act_that_was_refused_takes_back_the_one_shown_before(open_sim):
    server = Server(open_sim)
    device = device_of(server, "secretary")
    body = open_sim.open_body(["i1", "i2"])
    device.review(open_sim.propose("open", **body), None, "zh")
    wrong = open_sim.propose("open", **{**body, "active": body["active"] - 1})

    refuses(RefusedError, "active-mismatch", device.review, wrong, None, "zh")
    refuses(RefusedError, "no-proposal", device.sign)


def test_what_was_shown_is_not_signed_on_a_ledger_that_went_on(open_sim):
    server = Server(open_sim)
    device = device_of(server, "secretary")
    device.review(open_sim.propose("open", **open_sim.open_body(["i1", "i2"])), None, "zh")
    open_sim.act("recuse", **open_sim.recusal("i3", 5))

    refuses(RefusedError, "act-overtaken", device.sign)
    assert server.posted == []


def test_an_act_beside_the_head_is_a_finding_and_the_console_says_so_once(open_sim, capsys):
    """The console once kept silent about it, as if a colleague had been quicker."""
    server = Server(open_sim)
    act = open_sim.propose("open", **open_sim.open_body(["i1", "i2"]))
    server.act = replace(act, parent="ab" * 32)
    console = Console(
        device_of(server, "secretary"), server, TerminalTalk("zh", as_json=True), unattended=True
    )

    console._watch()
    console._seen.clear()  # as if the server formed another one
    console._watch()

    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one.get("code") for one in said if one["event"] == "error"] == ["broken-chain"]
    assert server.posted == []


def test_an_act_that_a_colleague_completed_is_no_error(open_sim, capsys):
    server = Server(open_sim)
    server.act = open_sim.propose("open", **open_sim.open_body(["i1", "i2"]))
    open_sim.act("recuse", **open_sim.recusal("i3", 5))
    console = Console(
        device_of(server, "secretary"), server, TerminalTalk("zh", as_json=True), unattended=True
    )

    console._watch()

    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["event"] for one in said] == ["meeting"]
    assert server.posted == []


# Whose key


def other_key(meeting: bytes, officer: str) -> bytes:
    value = json.loads(meeting)
    for one in value["officers"]:
        if one["id"] == officer:
            one["key"] = keys.public_key(seed_of("the server's own scrutineer"))
    return codec.encode(value)


def test_a_meeting_with_another_key_for_this_officer_is_refused(open_sim):
    """He did not sign the freeze, so nobody else would notice."""
    server = Server(open_sim, meeting=other_key(open_sim.meeting.raw, "scrutineer-2"))

    refuses(VerificationError, "other-key", device_of(server, "scrutineer-2").refresh)


def test_a_freeze_with_another_key_for_this_officer_is_not_signed():
    sim = Simulation(issued=False)
    raw = other_key(sim.meeting.raw, "secretary")
    act = sim.propose("freeze", meeting=decode_meeting(raw).fingerprint)
    device = device_of(Server(sim), "secretary")

    refuses(VerificationError, "other-key", device.review, act, raw, "zh")


def test_who_signs_by_pen_follows_the_meeting_and_signs_nothing(open_sim):
    device = device_of(Server(open_sim), "recorder", pen=True)

    assert device.refresh().frozen
    assert device.key is None
    refuses(RefusedError, "signs-by-pen", device.sign)
    refuses(RefusedError, "signs-by-pen", device.sign_line, "text\n")


def test_a_device_without_key_is_not_that_of_an_officer_who_has_one(open_sim):
    device = device_of(Server(open_sim), "chair", pen=True)

    refuses(VerificationError, "other-key", device.refresh)


# The certified box


@dataclass
class Counted:
    """A round that the server says is counted, by an archive of its choice."""

    meeting: Meeting
    slot: str
    final: bytes
    proofs: bytes

    def review(self) -> str:
        sim, slot = self.meeting.sim, self.slot
        body = {
            "slot": slot,
            "checkpoint": sim.note(slot),
            "archive": sha256_hex(self.final),
            "proofs": sha256_hex(self.proofs),
        }
        sim.act("count", **body)
        outcome = round_outcome(sim.meeting, sim.round(slot), opened_of(self.final))
        certify = {**sim.certify_body(slot, "teller"), "outcome": outcome_digest(outcome)}
        server = Server(sim)
        server.files[f"/api/slots/{slot}/archive/final"] = self.final
        server.files[f"/api/slots/{slot}/archive/proofs"] = self.proofs
        return device_of(server, "secretary").review(sim.propose("certify", **certify), None, "zh")


@pytest.fixture
def sealed() -> tuple[Meeting, str]:
    meeting = Meeting(new_case())
    slot = meeting.case.open(["i1"])
    meeting.seal(slot)
    meeting.sim.act("no-objection", slot=slot)
    return meeting, slot


def test_the_sealed_box_gone_on_is_certified_and_its_counts_are_shown(sealed):
    meeting, slot = sealed
    final, proofs = meeting.opened(meeting.papers[slot])

    text = Counted(meeting, slot, final, proofs).review()

    assert "同意 4、不同意 1、弃权 1" in text
    assert "通过" in text
    assert meeting.sim.meeting.officers["teller"].name in text


def test_a_valid_archive_that_is_not_the_sealed_box_is_not_certified(sealed):
    """The server alone signs *count*: it names a box with one ballot left out, all proofs right."""
    meeting, slot = sealed
    fewer = sorted(meeting.case.ballots[slot], key=tracker)[:5]
    final, proofs = meeting.opened(meeting.box(slot, ballots=fewer))

    error = refuses(VerificationError, "not-valid", Counted(meeting, slot, final, proofs).review)

    assert "V10" in error.params["checks"]


def test_a_box_without_right_second_proofs_is_not_certified(sealed):
    """Version 1 proofs alone can be forged by a trustee."""
    meeting, slot = sealed
    final, proofs = meeting.opened(meeting.papers[slot])
    broken = proofs.replace(b'"response":"', b'"response":"1', 1)

    error = refuses(VerificationError, "not-valid", Counted(meeting, slot, final, broken).review)

    assert error.params["checks"] == ["V15"]


# Tickets and record


def test_the_console_notices_tickets_that_are_not_those_it_uploaded(capsys, tmp_path):
    """The server takes tickets in alone: credentials of its own would let it vote."""
    sim = Simulation(issued=False)
    sim.act("freeze", meeting=sim.meeting.fingerprint)
    tokens = {
        one.id: [token_of(one.id, i) for i in range(one.printed)]
        for one in sim.meeting.series.values()
    }
    parts = public_parts(sim.meeting, tokens)
    theirs = public_parts(sim.meeting, {**tokens, "A": [token_of("X", 0), *tokens["A"][1:]]})
    path = tmp_path / "public.json"
    path.write_bytes(encode_public_parts(parts))
    server = Server(sim)
    console = Console(
        device_of(server, "secretary"), server, TerminalTalk("zh", as_json=True), unattended=False
    )
    sim.act("issue", **theirs.issue_body(made="apart"))

    console._do(f"upload {path}")

    said = json.loads(capsys.readouterr().out)
    assert (said["event"], said["code"]) == ("error", "issued-otherwise")
    assert server.posted == [path.read_bytes()]


def test_tickets_that_stand_in_the_ledger_as_uploaded_are_taken():
    sim = Simulation.fresh()
    tokens = {
        one.id: [token_of(one.id, i) for i in range(one.printed)]
        for one in sim.meeting.series.values()
    }

    device_of(Server(sim), "secretary").check_issued(public_parts(sim.meeting, tokens))


@pytest.mark.parametrize(
    ("path", "code"), [("meeting.json", "other-meeting"), ("ledger.jsonl", "other-ledger")]
)
def test_a_record_of_something_else_than_this_device_followed_is_not_signed(path, code):
    files = {**closed_record(), path: closed_record()[path] + b"\n"}
    server = Server(closed_meeting().sim, files={"/api/record/unsigned": pack(files)})

    refuses(VerificationError, code, sign_record, server, device_of(server, "secretary"))
    assert server.posted == []


def test_the_record_that_this_device_followed_is_signed():
    files = {path: data for path, data in closed_record().items() if path != NOTE}
    server = Server(closed_meeting().sim, files={"/api/record/unsigned": pack(files)})

    sign_record(server, device_of(server, "secretary"))

    (line,) = server.posted
    assert line["line"] in closed_record()[NOTE].decode()


def test_what_is_saved_nobody_else_can_read_and_nothing_is_overwritten(tmp_path):
    server = Server(Simulation.fresh(), files={"/api/record.zip": b"record"})
    path = tmp_path / "record.zip"

    save_record(server, path)

    assert path.stat().st_mode & 0o777 == 0o600
    refuses(InputError, "file-exists", save_record, server, path)


# The console


def test_the_console_says_kind_summary_and_words_once(open_sim, capsys):
    server = Server(open_sim)
    server.act = open_sim.propose("open", **open_sim.open_body(["i1", "i2"]))
    console = Console(
        device_of(server, "secretary"), server, TerminalTalk("zh", as_json=True), unattended=False
    )

    console._watch()
    console._watch()
    console._do("sign")

    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    events = [one["event"] for one in said]
    assert events == ["meeting", "to-sign", "signed", "others-to-sign", "ok"]
    assert said[0]["code"] == open_sim.meeting.code
    assert (said[1]["kind"], said[1]["act"].split()[0]) == ("open", "open")
    assert open_sim.meeting.items["i1"].question in said[1]["text"]
    assert len(server.posted) == 1


def test_the_console_shows_no_act_that_the_device_refuses(open_sim, capsys):
    server = Server(open_sim)
    body = open_sim.open_body(["i1", "i2"])
    server.act = open_sim.propose("open", **{**body, "active": body["active"] - 1})
    console = Console(
        device_of(server, "secretary"), server, TerminalTalk("zh", as_json=True), unattended=True
    )

    console._watch()

    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["event"] for one in said] == ["meeting", "error"]
    assert server.posted == []


def test_the_console_signs_at_the_next_look_what_a_silent_server_did_not_take(
    open_sim, capsys, monkeypatch
):
    server = Server(open_sim)
    server.act = open_sim.propose("open", **open_sim.open_body(["i1", "i2"]))
    device = device_of(server, "secretary")
    console = Console(device, server, TerminalTalk("zh", as_json=True), unattended=True)
    with monkeypatch.context() as away:
        away.setattr(server, "post", lambda *_: refuse(UnavailableError("server-silent")))
        console._watch()
    assert server.posted == []

    console._watch()

    assert [one["act"] for one in server.posted] == [sha256_hex(encode_act(server.act))]
    assert '"event":"signed"' in capsys.readouterr().out


def test_the_console_withdraws_what_it_said_and_not_what_came_in_its_place(open_sim, capsys):
    server = Server(open_sim)
    server.act = open_sim.propose("open", **open_sim.open_body(["i1", "i2"]))
    console = Console(
        device_of(server, "secretary"), server, TerminalTalk("zh", as_json=True), unattended=False
    )
    console._do("withdraw")
    console._watch()
    other = server.act = open_sim.propose("void-series", series="A", reason="x")

    console._do("withdraw")
    assert server.act == other
    console._do("propose void-series {}")
    console._do("withdraw")

    assert server.act is None
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["code"] for one in said if one["event"] == "error"] == ["no-proposal"] * 2


@pytest.mark.parametrize("typed", ['seal {"slot":', "seal [1]", 'seal {“slot”:"x"}', "seal {" * 3])
def test_a_proposal_that_is_no_object_is_told_how_to_write_it(typed, capsys):
    server = Server(Simulation.fresh())
    console = Console(
        device_of(server, "secretary"), server, TerminalTalk("zh", as_json=True), unattended=False
    )

    console._do(f"propose {typed}")

    assert json.loads(capsys.readouterr().out)["code"] == "command-json"
    assert server.posted == []


def test_a_proposal_may_be_typed_with_spaces(capsys):
    posted = []

    class Taking:
        def post(self, path, value):
            posted.append((path, value))
            return {"act": "{}"}

    device = OfficerDevice(Taking(), "secretary", None)
    console = Console(device, Taking(), TerminalTalk("zh", as_json=True), unattended=False)

    console._do('propose void-series { "series": "A", "reason": "遗失 一张" }')

    assert json.loads(capsys.readouterr().out)["event"] == "ok"
    body = {"series": "A", "reason": "遗失 一张"}
    assert posted == [("/api/proposals", {"kind": "void-series", "body": body})]


def test_a_command_that_the_server_cannot_read_is_told_with_its_place(capsys):
    class Refusing:
        def post(self, _path, _value):
            raise InputError("malformed", place="act.body.step")

    console = Console(None, Refusing(), TerminalTalk("zh"), unattended=False)

    console._do("room i1 done")

    said = capsys.readouterr().out
    assert "act.body.step" in said
    assert "secretary.md" in said


def test_forms_are_not_printed_before_anything_was_counted(capsys, tmp_path):
    server = Server(Simulation.fresh())
    console = Console(
        device_of(server, "secretary"), server, TerminalTalk("zh", as_json=True), unattended=False
    )

    console._do(f"forms {tmp_path / 'forms.pdf'}")

    assert json.loads(capsys.readouterr().out)["code"] == "nothing-counted"
    assert list(tmp_path.iterdir()) == []


def test_help_names_every_command(capsys):
    console = Console(None, None, TerminalTalk("en", as_json=True), unattended=False)

    console._do("help")

    said = json.loads(capsys.readouterr().out.splitlines()[0])
    assert {"attend", "propose", "sign", "quit"} <= set(said["commands"])


@pytest.mark.parametrize(("lang", "words"), [("zh", "正在投票"), ("en", "open")])
def test_the_status_gives_a_round_s_whole_name_and_its_state_in_words(lang, words, capsys):
    class Told:
        def get(self, _path):
            rounds = [{"slot": "czGGWXvvgBY76kwNd9stfZ", "state": "open"}]
            return {"stage": "frozen", "height": 44, "rounds": rounds}

    Console(None, Told(), TerminalTalk(lang), unattended=False)._do("status")

    assert f"czGGWXvvgBY76kwNd9stfZ {words}" in capsys.readouterr().out
