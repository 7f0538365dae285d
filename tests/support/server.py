"""A meeting on the real services, fast: stages are reached once, stored, and copied.

    async with hall("opened", place) as h:     # i1 is open, six members hold tickets
        await casting.cast(h.room, h.kiosk, h.slot, h.ballot(0))

Stages: ``drafted`` (devices enrolled), ``keyed`` (ceremony, rehearsal), ``issued`` (frozen,
tickets), ``attended`` (six of seven sign in and draw), ``opened``, ``voted`` (six ballots),
``sealed`` (without objection), ``counted``. Each is the real thing, made by the use cases that
the web calls, with real keys on devices that live here.
"""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import sqlalchemy as sa

from kiosk.server.app import make_app, open_room
from kiosk.server.pool import BallotPool
from kiosk.server.security import Caller
from kiosk.server.services import (
    attendance,
    casting,
    ceremony,
    counting,
    enrolment,
    freezing,
    proposals,
    rounds,
    signed_pages,
)
from kiosk.server.settings import Settings
from tally.rehearsal import answer_rehearsal, check_rehearsal
from tally.release import release_factors, sign_checkpoint
from tally.trustee import acknowledge, check_sealed
from tests.support import trustees
from tests.support.ballots import scalar, seed
from tests.support.drafts import draft_text, item_of
from tests.support.meeting import seed_of, token_of
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError
from voting.meeting import keys, ledger
from voting.meeting.slips import encode_public_parts, public_parts
from voting.protocol.ballot import SealedBallot, seal_ballot, tracker
from voting.protocol.credential import private_credential, public_credential, sign_ticket_act
from voting.protocol.election import decode_election
from voting.protocol.values import proof_json
from voting.storage import Store
from voting.storage.schema import SCHEMA_KEY, metadata
from voting.storage.store import FILE_NAME

if TYPE_CHECKING:
    from kiosk.server.services.room import Room
    from tally.ceremony import Keys
    from tally.memory import TrusteeMemory, TrusteeSecrets
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DRAFT = draft_text(items=item_of(1) + item_of(2))
STAGES = ("drafted", "keyed", "issued", "attended", "opened", "voted", "sealed", "counted")
PRESENT = [f"成员{i}" for i in range(1, 7)]
AGREE, AGAINST, ABSTAIN = (1, 0, 0), (0, 1, 0), (0, 0, 1)
VOTES = (AGREE, AGREE, AGREE, AGREE, AGAINST, ABSTAIN)
PAGE = b"%PDF-1.7 signed by pen"
Rand = Callable[[int], bytes]


class Clock:
    """A time that only a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Devices:
    """What lies on people's own devices: never in the meeting's folder."""

    trustees: list[tuple[TrusteeSecrets, TrusteeMemory]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    slots: list[str] = field(default_factory=list)

    def copy(self) -> Devices:
        return Devices(list(self.trustees), dict(self.tokens), list(self.slots))


@dataclass
class Hall:
    """An open meeting room with its people."""

    room: Room
    clock: Clock
    devices: Devices

    # --- who --------------------------------------------------------------------------------------

    def caller(self, name: str) -> Caller:
        """An officer by id, ``trustee:2`` or ``kiosk:1``."""
        kind, _, _ = name.partition(":")
        if kind in ("trustee", "kiosk"):
            return Caller(name, kind)
        (role,) = [one.role for one in self.room.draft.officers if one.id == name]
        return Caller(f"officer:{name}", role)

    @property
    def kiosk(self) -> Caller:
        return self.caller("kiosk:1")

    @property
    def secretary(self) -> Caller:
        return self.caller("secretary")

    @property
    def slot(self) -> str:
        """The slot that was opened last."""
        return self.devices.slots[-1]

    async def frozen(self) -> tuple[Meeting, State]:
        return (await self.room.view()).frozen()

    # --- officers ---------------------------------------------------------------------------------

    async def propose(self, kind: str, wish: dict[str, Any], by: str = "secretary") -> ledger.Act:
        return await proposals.propose(self.room, self.caller(by), kind, wish)

    def signature(self, officer: str) -> tuple[str, str]:
        """What an officer's device sends for the act that waits: its digest, his signature."""
        waiting = self.room.proposal
        assert waiting is not None
        message = ledger.signing_bytes(waiting.meeting.fingerprint, waiting.act)
        digest = sha256_hex(ledger.encode_act(waiting.act))
        return digest, keys.sign(seed_of(officer), message)

    async def sign(self, *officers: str) -> bool:
        complete = False
        for one in officers:
            complete = await proposals.sign(self.room, self.caller(one), *self.signature(one))
        return complete

    async def act(
        self, kind: str, wish: dict[str, Any], *signers: str, by: str | None = None
    ) -> None:
        signers = signers or ("secretary", "scrutineer-1")
        await self.propose(kind, wish, by or signers[0])
        assert await self.sign(*signers)

    # --- the room ---------------------------------------------------------------------------------

    async def discuss(self, *items: str) -> None:
        meeting, _ = await self.frozen()
        for item in items:
            for step in meeting.rule_of(item).room_gates:
                await attendance.room_step(self.room, self.secretary, item, step)

    async def room_act(self, act: Any, who: str, series: str | None = None) -> None:
        await attendance.move(self.room, self.secretary, act, who, series)

    async def ticket_act(
        self, act: str, slot: str, index: int, series: str = "A", meeting: str | None = None
    ) -> None:
        credential, proof = await self.signed_ticket(act, slot, index, series, meeting)
        await casting.void_ticket(self.room, self.kiosk, act, slot, credential, proof)

    async def signed_ticket(
        self, act: str, slot: str, index: int, series: str = "A", meeting: str | None = None
    ) -> tuple[str, Any]:
        secret = private_credential(token_of(series, index), slot, ED25519)
        frozen, _ = await self.frozen()
        proof = sign_ticket_act(
            secret,
            act,  # type: ignore[arg-type]
            slot=slot,
            meeting_fingerprint=meeting or frozen.fingerprint,
            nonce=scalar(index + 77),
            group=ED25519,
        )
        return public_credential(secret, ED25519).text, proof

    async def prepare(self, *items: str, drawn: int = 6) -> str:
        """Gates, leftovers, binding and every trustee's acknowledgement; the slot."""
        meeting, state = await self.frozen()
        slot = meeting.slots[len(state.rounds)]
        await self.discuss(*(one for one in items if not state.steps.get(one)))
        for index in range(drawn, meeting.series["A"].printed):
            await self.ticket_act("leftover", slot, index)
        await rounds.prepare(self.room, self.secretary, items, ["A"])
        return slot

    async def acknowledge(self, *trustees: int) -> None:
        view = await self.room.view()
        meeting, _ = view.frozen()
        bound = rounds.current_binding(self.room, view)
        body = {
            "slot": bound.slot,
            "round": bound.number,
            "items": list(bound.items),
            "series": list(bound.series),
            "standings": {item: who.to_json() for item, who in bound.standings.items()},
            "election": bound.election_digest,
            "credentials": bound.credentials.digest,
            "active": len(bound.credentials.elements),
        }
        for index in trustees or (1, 2, 3):
            secrets, memory = self.devices.trustees[index - 1]
            memory, signature = acknowledge(
                memory,
                secrets,
                meeting=meeting.raw,
                ledger=await self.ledger(),
                binding_body=body,
                election=bound.election,
                credentials=bound.credentials.raw,
            )
            self.devices.trustees[index - 1] = secrets, memory
            caller = self.caller(f"trustee:{index}")
            await rounds.acknowledge(self.room, caller, bound.slot, signature)

    async def open(self, *items: str, drawn: int = 6) -> str:
        slot = await self.prepare(*items, drawn=drawn)
        await self.acknowledge()
        await self.act("open", {})
        self.devices.slots.append(slot)
        return slot

    async def ledger(self) -> bytes:
        async with self.room.store.reading() as tx:
            return b"".join(line + b"\n" for line in await tx.ledger())

    # --- voting -----------------------------------------------------------------------------------

    async def sealed(
        self, index: int, number: int = 0, slot: str | None = None, series: str = "A"
    ) -> SealedBallot:
        """The ballot of the holder of ticket ``index``; another ``number``, another ballot."""
        raw = await casting.election_of(self.room, slot or self.slot)
        return _sealed(raw, series, index, number)

    async def ballot(self, index: int, number: int = 0, slot: str | None = None) -> bytes:
        return (await self.sealed(index, number, slot)).data

    async def cast(self, body: bytes, slot: str | None = None) -> tuple[str, bool]:
        return await casting.cast(self.room, self.kiosk, slot or self.slot, body)

    async def vote(self, *indexes: int, slot: str | None = None) -> list[str]:
        bodies = [await self.ballot(index, slot=slot) for index in indexes or range(6)]
        done = await asyncio.gather(*(self.cast(body, slot) for body in bodies))
        return [each for each, _ in done]

    async def spoil(self, name: int, slot: str | None = None) -> str:
        body = await self.ballot(0, number=1000 + name, slot=slot)
        await casting.spoil(self.room, self.kiosk, slot or self.slot, tracker(body))
        return tracker(body)

    async def seal(self, slot: str, heads: int) -> None:
        await self.act("seal", {"slot": slot, "heads": heads, "override": False})
        await self.act("no-objection", {"slot": slot}, "scrutineer-1", "scrutineer-2")

    # --- counting ---------------------------------------------------------------------------------

    async def archive(self, slot: str, stage: str) -> bytes:
        async with self.room.store.reading() as tx:
            found = await tx.archive(slot, stage)
        assert found is not None
        return found

    async def check_box(self, index: int, slot: str) -> tuple[Any, str]:
        """A trustee's device reads the box and signs its checkpoint; the box and the line."""
        secrets, memory = self.devices.trustees[index - 1]
        meeting, _ = await self.frozen()
        memory, box = check_sealed(
            memory,
            meeting=meeting.raw,
            ledger=await self.ledger(),
            slot=slot,
            archive=await self.archive(slot, "sealed"),
            workers=1,
        )
        memory, line = sign_checkpoint(memory, secrets, box)
        self.devices.trustees[index - 1] = secrets, memory
        return box, line

    async def factors(self, index: int, box: Any) -> tuple[bytes, bytes]:
        secrets, memory = self.devices.trustees[index - 1]
        note = await counting.checkpoint_note(self.room, box.slot)
        assert note is not None
        memory, made = release_factors(memory, secrets, box, note, rand=token_bytes)
        self.devices.trustees[index - 1] = secrets, memory
        return made.share, made.proofs

    async def count(self, slot: str) -> None:
        boxes = {}
        for index in (1, 2, 3):
            boxes[index], line = await self.check_box(index, slot)
            caller = self.caller(f"trustee:{index}")
            await counting.post_checkpoint(self.room, caller, slot, line)
        for index in (1, 2):
            answer = await self.factors(index, boxes[index])
            caller = self.caller(f"trustee:{index}")
            await counting.post_factors(self.room, caller, slot, *answer)

    async def certify(self, slot: str) -> None:
        for officer in ("teller", "scrutineer-1", "scrutineer-2", "chair"):
            pen = officer == "teller"
            kept = await signed_pages.keep(self.room, self.secretary, PAGE)
            page = {"page": kept, "confirmed_by": "secretary"} if pen else None
            by = "secretary" if pen else officer
            await self.act("certify", {"slot": slot, "officer": officer, "pen": page}, by)

    # --- the web ----------------------------------------------------------------------------------

    def client(self, account: str | None = None) -> httpx2.AsyncClient:
        """A device at the door: with the token of its account, or with none."""
        token = None if account is None else self.devices.tokens[account]
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(make_app(self.room)),
            base_url="http://hall",
            headers={} if token is None else {"authorization": f"Bearer {token}"},
        )

    # --- what is stored ---------------------------------------------------------------------------

    async def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        async with self.room.store.reading() as tx:
            return {
                table.name: sorted(
                    (tuple(row) for row in await tx._connection.execute(sa.select(table))), key=repr
                )
                for table in metadata.sorted_tables
            }


@asynccontextmanager
async def unchanged(h: Hall) -> AsyncIterator[None]:
    """Whatever happens inside leaves every table and the minutes as they were."""

    async def everything() -> tuple[object, ...]:
        minutes = h.room.folder / attendance.MINUTES
        return await h.tables(), minutes.read_bytes() if minutes.exists() else b""

    before = await everything()
    yield
    assert await everything() == before


async def refusal(doing: Awaitable[object], code: str) -> PiaojueError:
    """Await something that must be refused with this code."""
    with pytest.raises(PiaojueError) as caught:
        await doing
    assert caught.value.code == code
    return caught.value


# --- stages -----------------------------------------------------------------------------------


async def _drafted(h: Hall) -> None:
    async with h.room.store.transaction() as tx:
        await tx.put_meta(ceremony.UUID, trustees.MEETING.encode())
    codes = await enrolment.invite(h.room)
    by_key = {f"officer:{one.id}": one.id for one in h.room.draft.officers if not one.pen}
    for account, code in codes.items():
        key = keys.public_key(seed_of(by_key[account])) if account in by_key else None
        if account != "kiosk:4":  # one invitation is left
            _, h.devices.tokens[account] = await enrolment.enrol(h.room, code, key)
    h.devices.tokens["code"] = codes["kiosk:4"]


async def _keyed(h: Hall) -> None:
    held, made = _ceremony()
    for step, name in (("commit",) * 2, ("reveal",) * 2, ("shares",) * 2, ("answer",) * 2):
        for index, message in enumerate(held.messages[name], start=1):
            await ceremony.post(h.room, h.caller(f"trustee:{index}"), 1, step, message)
    for index, one in enumerate(made, start=1):
        await ceremony.post(h.room, h.caller(f"trustee:{index}"), 1, "trustees", one.trustees)
    question = (await ceremony.read(h.room, 1, "rehearsal"))["0"]
    answers = [answer_rehearsal(one.memory, one.secrets, question) for one in made]
    for index, answer in enumerate(answers, start=1):
        caller = h.caller(f"trustee:{index}")
        await ceremony.post(h.room, caller, 1, "rehearsal-answer", answer)
    h.devices.trustees = [
        (one.secrets, check_rehearsal(one.memory, question, answers)) for one in made
    ]


async def _issued(h: Hall) -> None:
    await h.act("freeze", {})
    await freezing.take_tickets(h.room, h.secretary, await tickets(h))


async def _attended(h: Hall) -> None:
    for name in PRESENT:
        await attendance.move(h.room, h.secretary, "attend", name)


async def _opened(h: Hall) -> None:
    await h.open("i1")


async def _voted(h: Hall) -> None:
    await h.vote()


async def _sealed_stage(h: Hall) -> None:
    await h.seal(h.slot, 6)


async def _counted(h: Hall) -> None:
    await h.count(h.slot)


_MAKE = dict(
    zip(
        STAGES,
        (_drafted, _keyed, _issued, _attended, _opened, _voted, _sealed_stage, _counted),
        strict=True,
    )
)


async def reach(h: Hall, after: str | None, stage: str) -> None:
    """Play the meeting from one stage to another; ``None`` is the empty folder."""
    first = 0 if after is None else STAGES.index(after) + 1
    for name in STAGES[first : STAGES.index(stage) + 1]:
        await _MAKE[name](h)


async def tickets(h: Hall, **changes: Any) -> bytes:
    """The file that ``piaojue tickets`` would write."""
    meeting, _ = await h.frozen()
    drawn = {
        one.id: [token_of(one.id, index) for index in range(one.printed)]
        for one in meeting.series.values()
    }
    return encode_public_parts(replace(public_parts(meeting, drawn), **changes))


def new_folder(folder: Path, draft: str = DRAFT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "meeting.toml").write_text(draft, "utf-8")
    return folder


@asynccontextmanager
async def opened(
    folder: Path, devices: Devices, database: str | None = None, clock: Clock | None = None
) -> AsyncIterator[Hall]:
    """Open a folder as the server does, with workers that all tests share."""
    clock = clock or Clock()
    settings = Settings(folder, database)
    async with open_room(settings, pool=shared_pool(), clock=clock) as room:
        yield Hall(room, clock, devices)


@asynccontextmanager
async def hall(stage: str, folder: Path, place: str | None = None) -> AsyncIterator[Hall]:
    """A meeting at a stage, in an empty folder: copied from where it was played.

    ``place`` is what the fixture ``storage_place`` gives: a URL, or a folder, which says SQLite.
    """
    template, devices = await _template(stage)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    database = None
    if place is not None and "://" in place:
        database = place
        (folder / FILE_NAME).unlink()
        await _fill(place, _rows[stage])
    async with opened(folder, devices.copy(), database) as h:
        yield h


async def _fill(place: str, rows: Mapping[str, list[tuple[Any, ...]]]) -> None:
    """Put a template's rows into an empty database."""
    store = await Store.open(place)
    async with store.transaction() as tx:
        for table in metadata.sorted_tables:
            values = [
                dict(zip(table.columns.keys(), row, strict=True))
                for row in rows[table.name]
                if row[0] != SCHEMA_KEY
            ]
            if values:
                await tx._connection.execute(sa.insert(table), values)
    await store.close()


_rows: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
_templates: dict[str, tuple[Path, Devices]] = {}


async def _template(stage: str) -> tuple[Path, Devices]:
    """Make a stage from the one before it, once in a session, and keep its closed folder."""
    if stage in _templates:
        return _templates[stage]
    folder = _temporary() / stage
    if stage == STAGES[0]:
        devices, before = Devices(), None
        new_folder(folder)
    else:
        before = STAGES[STAGES.index(stage) - 1]
        template, earlier = await _template(before)
        devices = earlier.copy()
        shutil.copytree(template, folder)
    async with opened(folder, devices) as h:
        await reach(h, before, stage)
        _rows[stage] = await h.tables()
    _templates[stage] = folder, devices
    return folder, devices


@cache
def _temporary() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="piaojue-hall-"))
    atexit.register(shutil.rmtree, folder)
    return folder


@cache
def shared_pool() -> BallotPool:
    return BallotPool()


@cache
def _ceremony() -> tuple[trustees.Room, list[Keys]]:
    held = trustees.Room()
    return held, held.dealt().receive().finish()


@lru_cache(maxsize=64)
def _sealed(raw: bytes, series: str, index: int, number: int) -> SealedBallot:
    election = decode_election(raw)
    return seal_ballot(
        election,
        private_credential(token_of(series, index), election.uuid, ED25519),
        [VOTES[index % 6]] * len(election.questions),
        seed=seed(100 * number + index),
        signature_nonce=scalar(9000 + 100 * number + index),
    )


def ticket_json(act: str, slot: str, signed: tuple[str, Any]) -> dict[str, object]:
    """The body of ``/api/ticket-acts``."""
    return {"act": act, "slot": slot, "credential": signed[0], "proof": proof_json(signed[1])}
