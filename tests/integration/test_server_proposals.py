"""Acts with several signers: who may, what they sign, how long it lives, and what stops it."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.server.services import attendance, ceremony, counting, freezing, proposals, rounds
from tests.support.meeting import seed_of
from tests.support.server import PRESENT, hall, refusal, tickets, unchanged
from voting.crypto.hashing import sha256_hex
from voting.errors import FaultyTrusteeError, ProofError, RefusedError
from voting.meeting import keys, ledger, minutes
from voting.meeting.state import RoundState

CORRECTION = {
    "leave": ["成员6"],
    "attend": [{"who": "成员7", "series": None}],
    "present": [],
    "reason": "错",
}
OFFICERS = ("chair", "secretary", "scrutineer-1", "teller", "recorder")


@pytest.fixture
def here(tmp_path):
    return lambda stage: hall(stage, tmp_path / "m")


async def refused(h, doing, code):
    async with unchanged(h):
        return await refusal(doing, code)


def seal_of(h, heads=6, *, override=False):
    return {"slot": h.slot, "heads": heads, "override": override}


# --- who ------------------------------------------------------------------------------------------

MAY_PROPOSE = {
    "correct": {"secretary", "scrutineer-1"},
    "void-series": {"chair", "secretary", "scrutineer-1"},
    "open": {"chair", "secretary", "scrutineer-1"},
    "seal": {"secretary", "scrutineer-1"},
    "no-objection": {"scrutineer-1"},
    "compared": {"secretary", "scrutineer-1"},
    "void": {"chair", "scrutineer-1"},
    "close": {"secretary"},
}


async def wish_of(h, kind):
    return {
        "correct": CORRECTION,
        "void-series": {"series": "R", "reason": "破损"},
        "open": {},
        "seal": seal_of(h),
        "no-objection": {"slot": h.slot},
        "compared": {"slot": h.slot, "missing": [3]},
        "void": {"slot": h.slot, "reason": "停电", "pen": None},
        "close": {},
    }[kind]


@pytest.mark.parametrize("kind", MAY_PROPOSE)
async def test_only_a_role_that_signs_the_act_proposes_it(here, kind):
    stage = {"no-objection": "sealed", "compared": "sealed"}.get(kind, "voted")
    async with here(stage) as h:
        if kind == "open":
            await h.prepare("i2")
            await h.acknowledge()
        wish = await wish_of(h, kind)
        for officer in OFFICERS:
            if officer not in MAY_PROPOSE[kind]:
                await refused(h, h.propose(kind, wish, officer), "not-your-role")
        for other in ("kiosk:1", "trustee:1"):
            await refused(h, h.propose(kind, wish, other), "not-your-role")
        for officer in sorted(MAY_PROPOSE[kind]):
            (said,) = await asyncio.gather(h.propose(kind, wish, officer), return_exceptions=True)
            assert getattr(said, "code", "") != "not-your-role", (kind, officer)
            h.room.proposal = None


async def test_who_may_not_propose_a_seal_learns_nothing_of_the_box(here):
    async with here("voted") as h:
        for heads in (5, 6):
            error = await refused(
                h, h.propose("seal", seal_of(h, heads), "teller"), "not-your-role"
            )
            assert "6" not in str(error.params)
        error = await refused(h, h.propose("seal", seal_of(h, 5)), "heads-differ")
        assert error.params == {"slot": h.slot, "heads": 5}


async def test_one_officer_alone_completes_nothing_however_often_he_signs(here):
    async with here("attended") as h:
        await h.propose("correct", CORRECTION)

        async with unchanged(h):
            assert not await h.sign("secretary", "secretary", "secretary")
            for other in ("chair", "teller", "recorder", "kiosk:1", "trustee:2"):
                digest, _ = h.signature("secretary")
                signature = keys.sign(seed_of(other), b"")
                doing = proposals.sign(h.room, h.caller(other), digest, signature)
                await refusal(doing, "not-your-role")
        assert await h.sign("scrutineer-2")


async def test_a_signature_is_by_the_enrolled_key_over_this_act(here):
    async with here("attended") as h:
        await h.propose("correct", CORRECTION)
        digest, earlier = h.signature("scrutineer-1")
        _, of_secretary = h.signature("secretary")
        await proposals.withdraw(h.room, h.secretary, digest)
        h.clock.forward(1)
        await h.propose("correct", CORRECTION)
        fresh, _ = h.signature("secretary")

        async def sign(digest, signature):
            await proposals.sign(h.room, h.caller("scrutineer-1"), digest, signature)

        await refused(h, sign(digest, earlier), "no-proposal")
        for wrong in (earlier, of_secretary, "00" * 64):
            error = await refused(h, sign(fresh, wrong), "bad-signature")
            assert isinstance(error, ProofError)
        assert h.room.proposal.signatures == {}


async def test_the_line_has_the_signers_in_their_order_and_the_server_last(here):
    async with here("attended") as h:
        await h.propose("correct", CORRECTION, by="scrutineer-2")
        await h.sign("scrutineer-2", "secretary")

        line = ledger.decode_ledger(await h.ledger())[-1]
        assert [one.by for one in line.signatures] == ["secretary", "scrutineer-2", "server"]


# --- how long -------------------------------------------------------------------------------------


async def test_while_a_proposal_lives_nothing_else_is_appended(here):
    async with here("opened") as h:
        await h.propose("correct", CORRECTION)
        nxt = (await h.frozen())[0].slots[1]

        await refused(h, h.room_act("leave", "成员1"), "proposal-pending")
        await refused(h, h.discuss("i2"), "proposal-pending")
        await refused(h, h.ticket_act("leftover", nxt, 8), "proposal-pending")
        await refused(h, h.spoil(1), "proposal-pending")
        await refused(h, h.propose("seal", seal_of(h, 0)), "proposal-pending")
        await h.vote(0)  # a cast is no act: only the seal of its own slot stops it
        assert await h.sign("secretary", "scrutineer-1")
        await h.room_act("leave", "成员1")


@pytest.mark.parametrize("seconds", [119, 120])
async def test_a_proposal_lives_two_minutes(here, seconds):
    async with here("attended") as h:
        await h.propose("correct", CORRECTION)
        await h.sign("secretary")
        h.clock.forward(seconds)

        if seconds < 120:
            assert await h.sign("scrutineer-1")
            return
        await refused(h, h.sign("scrutineer-1"), "no-proposal")
        assert proposals.current(h.room) is None
        await h.room_act("leave", "成员1")


async def test_a_signer_withdraws_a_proposal_and_nobody_else(here):
    async with here("attended") as h:
        digest = sha256_hex(ledger.encode_act(await h.propose("correct", CORRECTION)))

        for other in ("chair", "teller", "kiosk:1", "trustee:1"):
            await refused(h, proposals.withdraw(h.room, h.caller(other), digest), "not-your-role")
        await proposals.withdraw(h.room, h.caller("scrutineer-2"), digest)
        await refused(h, proposals.withdraw(h.room, h.secretary, digest), "no-proposal")
        await refused(h, h.propose("destroy", {}), "kind-not-proposed")


async def test_another_act_of_the_same_kind_is_told_apart_and_not_withdrawn_for_the_first(here):
    """The overview once said kind, slot and places: a console went on showing the first one."""
    async with here("attended") as h, h.client("officer:secretary") as client:
        seen = []
        for _ in range(2):
            await h.propose("correct", CORRECTION)
            seen.append((await client.get("/api/overview")).json()["proposal"])
            h.clock.forward(120)
        first, second = [one.pop("act") for one in seen]
        assert seen[0] == seen[1]
        assert first != second == h.room.proposal.digest

        h.clock.forward(-1)
        late = await client.delete(f"/api/proposals/{first}")
        assert (late.status_code, late.json()["code"]) == (409, "no-proposal")
        assert h.room.proposal is not None
        done = await client.delete(f"/api/proposals/{second}")
        assert (done.status_code, h.room.proposal) == (200, None)


async def test_a_restart_forgets_a_proposal_and_keeps_the_ledger(tmp_path):
    async with hall("attended", tmp_path / "m") as h:
        await h.propose("correct", CORRECTION)
        digest, signature = h.signature("secretary")
    from tests.support.server import opened

    async with opened(tmp_path / "m", h.devices) as again:
        assert proposals.current(again.room) is None
        doing = proposals.sign(again.room, again.secretary, digest, signature)
        await refused(again, doing, "no-proposal")
        await again.act("correct", CORRECTION)


@pytest.mark.parametrize("meanwhile", ["expired", "withdrawn"])
async def test_what_ended_while_the_last_signature_waited_is_not_appended(here, meanwhile):
    async with here("attended") as h:
        await h.propose("correct", CORRECTION)
        await h.sign("secretary")
        async with unchanged(h):
            async with h.room.turn():  # somebody else is writing
                last = asyncio.create_task(h.sign("scrutineer-1"))
                await asyncio.sleep(0.01)
                assert h.room.proposal.line_signatures()
                if meanwhile == "expired":
                    h.clock.forward(120)
                else:
                    h.room.proposal = None
            await refusal(last, "no-proposal")


# --- what stops a seal ----------------------------------------------------------------------------


async def test_a_busy_kiosk_stops_a_seal_unless_both_override(here):
    async with here("voted") as h:
        rounds.set_busy(h.room, h.kiosk, busy=True)
        await refused(h, h.propose("seal", seal_of(h)), "kiosk-busy")

        await h.act("seal", seal_of(h, override=True))

        assert (await h.frozen())[1].rounds[h.slot].override


async def test_a_kiosk_that_becomes_busy_cancels_the_seal(here):
    async with here("voted") as h:
        await h.propose("seal", seal_of(h))
        await h.sign("secretary")
        rounds.set_busy(h.room, h.kiosk, busy=True)

        await refused(h, h.sign("scrutineer-1"), "kiosk-busy")

        assert h.room.proposal is None
        rounds.set_busy(h.room, h.kiosk, busy=False)
        await h.act("seal", seal_of(h))
        assert not (await h.frozen())[1].rounds[h.slot].override


async def test_a_lost_quorum_stops_a_seal_and_says_how_many_are_missing(here):
    async with here("voted") as h:
        await h.room_act("leave", "成员5")
        await h.room_act("leave", "成员6")

        error = await refused(h, h.propose("seal", seal_of(h)), "quorum-lost")

        assert error.params["missing"] == 1
        await h.room_act("return", "成员6")
        await h.act("seal", seal_of(h))


async def test_the_last_seal_waits_for_the_device_checks(here):
    async with here("sealed") as h:
        slot = await h.open("i2")
        await h.vote(slot=slot)

        error = await refused(h, h.propose("seal", seal_of(h)), "spoil-quota")

        assert error.params["missing"] == 1
        await h.spoil(1)
        await h.act("seal", seal_of(h))


async def test_the_sealed_box_and_its_act_are_stored_together(here, monkeypatch):
    async with here("voted") as h:
        await h.propose("seal", seal_of(h))
        await h.sign("secretary")

        async def fail(*_):
            raise OSError("the disk is full")

        with monkeypatch.context() as broken:
            broken.setattr("voting.storage.Transaction.put_archive", fail)
            async with unchanged(h):
                with pytest.raises(OSError, match="full"):
                    await h.sign("scrutineer-1")

        assert await h.sign("scrutineer-1")
        sealed = (await h.frozen())[1].rounds[h.slot].sealed_archive
        assert sha256_hex(await h.archive(h.slot, "sealed")) == sealed


# --- void, freeze, open ---------------------------------------------------------------------------


async def test_a_round_is_voided_until_the_first_factor_and_never_after(here):
    async with here("sealed") as h:
        wish = {"slot": h.slot, "reason": "投票中断", "pen": None}
        boxes = []
        for index in (1, 2, 3):
            box, line = await h.check_box(index, h.slot)
            boxes.append(box)
            await counting.post_checkpoint(h.room, h.caller(f"trustee:{index}"), h.slot, line)
        await h.propose("void", wish, by="chair")
        await h.sign("chair")
        answer = await h.factors(1, boxes[0])
        await counting.post_factors(h.room, h.caller("trustee:1"), h.slot, *answer)

        await refused(h, h.sign("scrutineer-1"), "decryption-begun")
        await refused(h, h.propose("void", wish, by="chair"), "decryption-begun")


async def test_no_factor_is_taken_before_the_checkpoint_is_signed_for(here):
    async with here("sealed") as h:
        boxes = {}
        for index in (1, 2, 3):
            boxes[index], line = await h.check_box(index, h.slot)
            await counting.post_checkpoint(h.room, h.caller(f"trustee:{index}"), h.slot, line)
        answer = await h.factors(1, boxes[1])

    async def post(h, index, answer):
        await counting.post_factors(h.room, h.caller(f"trustee:{index}"), h.slot, *answer)

    folder = h.room.folder.with_name("again")
    async with hall("sealed", folder) as h:
        await post_tally(h)
        error = await refused(h, post(h, 1, answer), "checkpoint-signatures")
        assert (error.params["have"], error.params["need"]) == (0, 3)
        with pytest.raises(FaultyTrusteeError) as faulty:
            await post(h, 2, answer)
        assert faulty.value.trustee == 2


async def post_tally(h):
    """Have the encrypted tally computed, which is no trustee's answer."""
    await counting._box(h.room, h.slot)


async def test_a_voided_round_leaves_its_items_for_the_next_slot(here):
    async with here("voted") as h:
        first = h.slot
        await h.act("void", {"slot": first, "reason": "断电", "pen": None}, "chair", "scrutineer-2")
        await refused(h, h.cast(await h.ballot(0, number=5, slot=first)), "round-void")

        second = await h.open("i1")
        await h.vote(slot=second)

        _, state = await h.frozen()
        assert state.rounds[first].state is RoundState.VOID
        assert state.rounds[second].number == 2
        async with h.room.store.reading() as tx:
            assert await tx.count_ballots(first) == 6


async def test_nothing_is_frozen_before_every_device_has_rehearsed(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        error = await refused(h, h.propose("freeze", {}), "not-rehearsed")
        assert error.params == {"have": 0, "need": 3}
    async with hall("keyed", tmp_path / "k") as h:
        async with h.room.store.transaction() as tx:
            from voting.storage.schema import messages

            gone = messages.delete().where(
                messages.c.topic == ceremony.topic(1, "rehearsal-answer"),
                messages.c.sender == "3",
            )
            await tx._connection.execute(gone)
        await refused(h, h.propose("freeze", {}), "not-rehearsed")


async def test_a_meeting_is_frozen_once_and_by_two_roles(tmp_path):
    async with hall("keyed", tmp_path / "m") as h:
        await refused(h, h.room_act("attend", "成员1"), "not-frozen")
        await h.propose("freeze", {})
        assert not await h.sign("secretary")
        assert (await h.room.view()).meeting is None
        assert await h.sign("scrutineer-2")
        await refused(h, h.propose("freeze", {}), "already-frozen")


async def test_tickets_of_another_meeting_or_twice_are_refused(tmp_path):
    async with hall("keyed", tmp_path / "m") as h:
        await h.act("freeze", {})
        wrong = await tickets(h, meeting="ab" * 32)
        right = await tickets(h)
        await refused(h, freezing.take_tickets(h.room, h.secretary, wrong), "other-meeting")
        await refused(h, freezing.take_tickets(h.room, h.secretary, b"{}"), "malformed")
        await refused(h, freezing.take_tickets(h.room, h.kiosk, right), "not-your-role")
        await refused(h, h.room_act("attend", "成员1"), "not-issued")
        await freezing.take_tickets(h.room, h.secretary, right)
        await refused(h, freezing.take_tickets(h.room, h.secretary, right), "already-issued")


async def test_a_leftover_after_the_acknowledgements_drops_what_was_prepared(here):
    async with here("attended") as h:
        slot = await h.prepare("i1")
        await h.acknowledge()
        await h.ticket_act("leftover", slot, 5)

        await refused(h, h.propose("open", {}), "issued-mismatch")
        await refused(h, h.propose("open", {}), "not-prepared")
        await h.room_act("leave", "成员6")
        await rounds.prepare(h.room, h.secretary, ["i1"], ["A"])
        await refused(h, h.propose("open", {}), "too-few-acks")
        await h.acknowledge()
        await h.act("open", {})


async def test_a_ticket_and_its_holder_gone_together_drop_it_too(here):
    """Issued and eligible are equal again, but the acknowledged list is another."""
    async with here("attended") as h:
        slot = await h.prepare("i1")
        await h.acknowledge()
        await h.ticket_act("withdraw", slot, 5)
        await h.room_act("leave", "成员6")

        await refused(h, h.propose("open", {}), "not-prepared")
        assert h.room.binding is None


async def test_who_looks_from_before_the_preparation_drops_nothing(here):
    async with here("attended") as h:
        old = await h.room.view()
        slot = await h.prepare("i1")
        with pytest.raises(RefusedError, match="not-prepared"):
            rounds.current_binding(h.room, old)  # as a reader whose awaits took long

        await h.acknowledge()
        assert rounds.current_binding(h.room, await h.room.view()).slot == slot


async def test_an_acknowledgement_is_by_the_trustees_own_key_for_what_is_prepared(here):
    async with here("attended") as h:
        slot = await h.prepare("i1")
        await h.acknowledge(1)
        first = h.room.binding.acks[1]
        other = (await h.frozen())[0].slots[2]

        async def acknowledge(who, slot, signature):
            await rounds.acknowledge(h.room, h.caller(who), slot, signature)

        await refused(h, acknowledge("trustee:2", slot, first), "bad-signature")
        await refused(h, acknowledge("trustee:1", other, first), "not-prepared")
        await refused(h, acknowledge("secretary", slot, first), "not-your-role")
        await refused(h, h.propose("open", {}), "too-few-acks")


# --- minutes --------------------------------------------------------------------------------------


async def test_the_minutes_name_who_every_named_act_is_about(here):
    async with here("attended") as h:
        await h.act("correct", CORRECTION)
        await h.room_act("leave", "成员1")
        await attendance.recuse(h.room, h.secretary, "成员2", "i2")
        await attendance.recuse(h.room, h.secretary, "成员2", "i2", back=True)

        told = (h.room.folder / attendance.MINUTES).read_bytes().splitlines()

        minutes.verify_minutes(ledger.decode_ledger(await h.ledger()), told)
        assert [one.count("成员") for one in map(bytes.decode, told)] == [1] * (len(PRESENT) + 5)
        assert (h.room.folder / attendance.MINUTES).stat().st_mode & 0o077 == 0
