"""The server relays shuffles: in turn, verified, once; and counts what only shufflers opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from secrets import token_bytes
from typing import Any

import pytest

from kiosk.server.services import casting, counting
from kiosk.server.services.facts import gather
from kiosk.server.services.overview import overview_of
from kiosk.server.services.steps import meeting_steps
from tally.mixing import Shuffled, add_shuffle, agree_to_chain, follow, unmixed
from tally.outcome import opened_of
from tally.release import _decrypt, release_factors
from tally.verify.archive import verify_archive
from tests.support.ballots import scalar, seed
from tests.support.forged_box import encrypting
from tests.support.meeting import seed_of, token_of
from tests.support.server import VOTES, Hall, hall, refusal, unchanged
from tests.support.shuffled import ENTRIES, numbers, roster
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.errors import ProofError
from voting.meeting.state import RoundState
from voting.protocol.ballot import seal_ballot
from voting.protocol.checkpoint import signer
from voting.protocol.credential import private_credential
from voting.protocol.election import decode_election
from voting.protocol.mixing import Chain, sign_chain

pytestmark = pytest.mark.usefixtures(roster.__name__)


@dataclass
class Trustees:
    """Three devices in front of one sealed box."""

    h: Hall
    boxes: dict[int, Any]

    async def chain(self) -> list[Shuffled]:
        found, _ = await counting.shuffles(self.h.room, self.h.slot)
        return [Shuffled(k, found.bodies[k], found.lines[k]) for k in found.chain.owners]

    async def mixed(self, index):
        mixed = unmixed(self.boxes[index])
        for one in await self.chain():
            mixed = follow(self.h.devices.trustees[index - 1][1], self.boxes[index], mixed, one)
        return mixed

    async def shuffle(self, index):
        secrets, memory = self.h.devices.trustees[index - 1]
        note = await counting.checkpoint_note(self.h.room, self.h.slot)
        mixed = await self.mixed(index)
        memory, made = add_shuffle(
            memory, secrets, self.boxes[index], note, mixed, compared=True, rand=token_bytes
        )
        self.h.devices.trustees[index - 1] = secrets, memory
        return made

    async def post(self, made, by=None):
        caller = self.h.caller(f"trustee:{by or made.owner}")
        await counting.post_shuffle(self.h.room, caller, self.h.slot, made.body, made.line)

    async def agree(self, index):
        secrets, memory = self.h.devices.trustees[index - 1]
        memory, line = agree_to_chain(memory, secrets, self.boxes[index], await self.mixed(index))
        self.h.devices.trustees[index - 1] = secrets, memory
        caller = self.h.caller(f"trustee:{index}")
        await counting.post_agreement(self.h.room, caller, self.h.slot, line)

    async def decrypt(self, index):
        secrets, memory = self.h.devices.trustees[index - 1]
        note = await counting.checkpoint_note(self.h.room, self.h.slot)
        _, shuffles = await counting.shuffles(self.h.room, self.h.slot)
        memory, made = release_factors(
            memory,
            secrets,
            self.boxes[index],
            note,
            mixed=await self.mixed(index),
            shuffles=shuffles,
            compared=True,
            rand=token_bytes,
        )
        caller = self.h.caller(f"trustee:{index}")
        await counting.post_factors(self.h.room, caller, self.h.slot, made.share, made.proofs)


def ballot(election, slot, index, entry=None):
    return seal_ballot(
        election,
        private_credential(token_of("A", index), slot, ED25519),
        [VOTES[index], entry or numbers(ENTRIES[index])],
        seed=seed(index),
        signature_nonce=scalar(5000 + index),
    ).data


async def signed(h, signers=(1, 2, 3), odd=()) -> Trustees:
    """The round is voted, sealed, checked by all and signed for by ``signers``.

    ``odd`` are ballots, made of election and slot, in the place of the first members'.
    """
    slot = await h.open("i1")
    election = decode_election(await casting.election_of(h.room, slot))
    cast = [make(election, slot) for make in odd]
    for index in range(6):
        await h.cast(cast[index] if index < len(cast) else ballot(election, slot, index))
    await h.seal(slot, 6)
    boxes = {}
    for index in (1, 2, 3):
        boxes[index], line = await h.check_box(index, slot)
        if index in signers:
            await counting.post_checkpoint(h.room, h.caller(f"trustee:{index}"), slot, line)
    await counting._box(h.room, slot)  # the tally is kept when it is first asked for
    return Trustees(h, boxes)


@pytest.fixture
def here(tmp_path):
    return lambda: hall("attended", tmp_path / "m")


async def refused(h, doing, code):
    async with unchanged(h):
        return await refusal(doing, code)


async def test_three_shuffle_agree_and_two_open(here):
    async with here() as h:
        room = await signed(h)
        for index in (1, 2, 3):
            await room.post(await room.shuffle(index))
        for index in (1, 2, 3):
            await room.agree(index)
        for index in (3, 1):
            await room.decrypt(index)

        _, state = await h.frozen()
        one = state.rounds[h.slot]
        assert one.state is RoundState.COUNTED
        assert [owner for owner, _ in one.shuffles] == [1, 2, 3]
        final = await h.archive(h.slot, "final")
        verify_archive(final, workers=1).require_valid()
        opened = opened_of(final)
        assert opened.totals == ((4, 1, 1), ())
        assert sorted(opened.entries[1]) == sorted(map(numbers, ENTRIES))


def descending(election, slot):
    return ballot(election, slot, 0, numbers((3, 1)))


def embedded_by_nothing(election, slot):
    with encrypting(5 * ED25519.generator):
        return ballot(election, slot, 1)


async def test_what_no_kiosk_seals_is_taken_in_shuffled_and_opened_as_it_is(here):
    """Its proofs hold, and nobody can see what is in it before it is opened by itself."""
    async with here() as h:
        room = await signed(h, odd=(descending, embedded_by_nothing))
        for index in (1, 2, 3):
            await room.post(await room.shuffle(index))
        for index in (1, 2, 3):
            await room.agree(index)
        for index in (1, 2):
            await room.decrypt(index)

        final = await h.archive(h.slot, "final")
        opened = opened_of(final)
        assert opened.totals[0] == (4, 1, 1)
        rest = [numbers((3, 1)), *map(numbers, ENTRIES[2:])]
        assert sorted(one for one in opened.entries[1] if one is not None) == sorted(rest)
        assert opened.entries[1].count(None) == 1


async def test_a_shuffle_is_taken_only_in_turn_and_once(here):
    async with here() as h:
        room = await signed(h)
        first = await room.shuffle(1)
        second = Shuffled(2, first.body, _signed(room, [(2, first.body)], 2))
        await refused(h, room.post(second), "shuffle-turn")
        await room.post(first)
        async with unchanged(h):
            await room.post(first)  # the answer was lost
        again = replace(first, body=first.body + b" ")
        await refused(h, room.post(again), "shuffle-turn")
        for index in (2, 3):
            await room.post(await room.shuffle(index))
        await refused(h, room.post(again), "shuffle-unneeded")


def _signed(room, links, index):
    chain = Chain(room.boxes[1].checkpoint.digest)
    for owner, body in links:
        chain = chain.then(owner, sha256_hex(body))
    secrets, _ = room.h.devices.trustees[index - 1]
    return sign_chain(chain, index, secrets.note_seed)


async def test_a_wrong_shuffle_names_its_maker_and_is_not_kept(here):
    async with here() as h:
        room = await signed(h)
        honest = await room.shuffle(1)
        body = honest.body.replace(b'"alpha":"', b'"alpha":"0', 1)
        wrong = Shuffled(1, body, _signed(room, [(1, body)], 1))
        error = await refused(h, room.post(wrong), "faulty-trustee")
        assert error.params["trustee"] == 1
        await room.post(honest)
        # the second trustee gives the first one's output as his own
        copied = Shuffled(2, honest.body, _signed(room, [(1, honest.body), (2, honest.body)], 2))
        error = await refused(h, room.post(copied), "faulty-trustee")
        assert error.params["trustee"] == 2


async def test_nobody_shuffles_in_anothers_name(here):
    async with here() as h:
        room = await signed(h)
        made = await room.shuffle(1)
        await refused(h, room.post(made, by=2), "shuffle-turn")
        for line in (
            _signed(room, [(1, made.body)], 2),
            sign_chain(Chain("ab" * 32).then(1, sha256_hex(made.body)), 1, seed_of(signer(1))),
        ):
            with pytest.raises(ProofError):
                await room.post(replace(made, line=line))
        for account in ("secretary", "kiosk:1"):
            doing = counting.post_shuffle(h.room, h.caller(account), h.slot, made.body, made.line)
            await refused(h, doing, "not-your-role")


async def test_no_shuffle_before_the_checkpoint_is_signed_for(here):
    async with here() as h:
        room = await signed(h, signers=(1, 2))
        doing = counting.post_shuffle(h.room, h.caller("trustee:1"), h.slot, b"{}", "")
        await refused(h, doing, "checkpoint-signatures")
        assert room.boxes


async def test_no_factor_before_the_shuffles_are_agreed_to(here):
    async with here() as h:
        room = await signed(h)
        for index in (1, 2, 3):
            await room.post(await room.shuffle(index))
        await room.agree(1)
        await room.agree(2)
        secrets, memory = h.devices.trustees[0]
        share, proofs = _factors(room, secrets, memory, await room.mixed(1))
        doing = counting.post_factors(h.room, h.caller("trustee:1"), h.slot, share, proofs)
        await refused(h, doing, "shuffles-signatures")
        await room.agree(3)
        await counting.post_factors(h.room, h.caller("trustee:1"), h.slot, share, proofs)


def _factors(room, secrets, memory, mixed):
    """What a dishonest device would answer: it demands nothing."""
    box = replace(room.boxes[1], ciphertexts=mixed.ciphertexts)
    return _decrypt(memory, secrets, box, token_bytes)


async def test_who_is_missing_is_passed_over_only_by_two_officers(here):
    async with here() as h:
        room = await signed(h, signers=(1, 3))
        await refused(
            h,
            counting.post_shuffle(h.room, h.caller("trustee:1"), h.slot, b"{}", ""),
            "checkpoint-signatures",
        )
        await h.act("compared", {"slot": h.slot, "missing": [2]})
        compared = (await h.frozen())[1].rounds[h.slot].compared
        room.boxes = {k: replace(box, compared=compared) for k, box in room.boxes.items()}
        for index in (1, 3):
            await room.post(await room.shuffle(index))
        for index in (1, 3):
            await room.agree(index)
        await refusal(room.decrypt(2), "checkpoint-signatures")
        for index in (1, 3):
            await room.decrypt(index)
        _, state = await h.frozen()
        assert [owner for owner, _ in state.rounds[h.slot].shuffles] == [1, 3]


async def test_the_console_says_who_is_waited_for(here):
    async with here() as h:
        room = await signed(h)

        async def told():
            facts = await gather(h.room)
            (row,) = [one for one in overview_of(facts)["rounds"] if one["slot"] == h.slot]
            (step,) = [s for s in meeting_steps(facts) if s.slot == h.slot and s.id == "count"]
            return row["shuffles"], [one["word"] for one in step.missing]

        progress, words = await told()
        assert progress == {"done": [], "agreed": [], "need": 3, "waits": 1}
        assert words == ["desk.missing.shuffle"]
        for index in (1, 2, 3):
            await room.post(await room.shuffle(index))
        await room.agree(2)
        progress, words = await told()
        assert progress == {"done": [1, 2, 3], "agreed": [2], "need": 3, "waits": None}
        assert words == ["desk.missing.shuffles"]


async def test_the_shuffles_are_read_by_trustees_alone(here):
    async with here() as h:
        room = await signed(h)
        made = await room.shuffle(1)
        path = f"/api/slots/{h.slot}/shuffles"
        async with h.client("trustee:1") as web:
            answer = await web.post(path, json={"shuffle": made.body.decode(), "line": made.line})
            assert answer.status_code == 200
        async with h.client("trustee:2") as web:
            listed = (await web.get(path)).json()
            assert listed == {"shuffles": [{"owner": 1, "line": made.line}], "note": None}
            assert (await web.get(f"{path}/1")).content == made.body
            assert (await web.get(f"{path}/2")).status_code == 404
        for account in (None, "officer:secretary", "kiosk:1"):
            async with h.client(account) as web:
                for one in (path, f"{path}/1"):
                    assert (await web.get(one)).status_code in (401, 403)
