"""Casting and spoiling by the use cases that the web calls, on both databases.

Whatever is refused changes nothing: every table and the minutes are compared.
"""

from __future__ import annotations

import asyncio

import pytest

from kiosk.server.services import casting
from tests.support.server import hall, refusal, unchanged
from voting.errors import FormatError, RefusedError, UnavailableError, VerificationError
from voting.protocol.ballot import tracker


@pytest.fixture
def at(tmp_path, storage_place):
    """Open the hall at a stage, on each of the two databases."""
    return lambda stage: hall(stage, tmp_path / "m", storage_place)


@pytest.fixture
def here(tmp_path):
    """The same on SQLite alone, where the database makes no difference."""
    return lambda stage: hall(stage, tmp_path / "m")


async def in_flight(h, number):
    """Wait until so many ballots are being verified."""
    while h.room.in_flight.get(h.slot, 0) < number:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def refused(h, doing, code):
    async with unchanged(h):
        return await refusal(doing, code)


async def test_the_same_bytes_get_the_same_answer_at_any_time(at):
    async with at("opened") as h:
        body = await h.ballot(0)

        assert await h.cast(body) == (tracker(body), True)
        async with unchanged(h):
            assert await h.cast(body) == (tracker(body), False)
        await h.vote(1, 2, 3, 4, 5)
        await h.seal(h.slot, 6)
        async with unchanged(h):
            assert await h.cast(body) == (tracker(body), False)


async def test_a_credential_votes_once_and_only_where_it_is_active(at):
    async with at("opened") as h:
        await h.cast(await h.ballot(0))
        own, leftover, other = (
            await h.ballot(0, number=1),
            await h.ballot(7),
            (await h.sealed(0, series="R")).data,
        )

        await refused(h, h.cast(own), "credential-used")
        await refused(h, h.cast(leftover), "credential-void")
        await refused(h, h.cast(other), "credential-void")
        await refused(h, h.cast((await h.sealed(40)).data), "credential-unknown")


async def test_who_withdrew_has_no_vote_in_that_slot(here):
    async with here("attended") as h:
        slot = (await h.frozen())[0].slots[0]
        await h.ticket_act("withdraw", slot, 5)
        await h.room_act("leave", "成员6")
        await h.open("i1", drawn=6)

        await refused(h, h.cast(await h.ballot(5)), "credential-void")
        await h.vote(0, 1, 2, 3, 4)


async def test_a_ballot_of_another_slot_is_no_ballot_of_this_one(here):
    async with here("opened") as h:
        first = h.slot
        second = await h.open("i2")
        body = await h.ballot(0, slot=first)

        error = await refused(h, h.cast(body, second), "ballot-uuid")
        assert isinstance(error, VerificationError)
        await h.cast(body, first)
        await h.cast(await h.ballot(0, slot=second), second)


async def test_malformed_and_false_ballots_are_told_apart(here):
    async with here("opened") as h:
        body = await h.ballot(0)
        end = body.rindex(b'"}}}')  # the last digit of the signature
        broken = body[: end - 1] + (b"1" if body[end - 1 : end] != b"1" else b"2") + body[end:]

        for wrong in (b"", b"{}", body + b"\n", body[:-1], b"\xff" * 100):
            error = await refused(h, h.cast(wrong), "malformed")
            assert isinstance(error, FormatError)
        with pytest.raises(VerificationError):
            await h.cast(broken)
        await h.cast(body)


async def test_no_round_and_a_sealed_round_take_nothing(here):
    async with here("sealed") as h:
        late = await h.ballot(0, number=1)
        unopened = (await h.frozen())[0].slots[3]

        await refused(h, h.cast(late), "round-sealed")
        await refused(h, h.cast(late, unopened), "no-round")
        await refused(h, h.spoil(1), "round-sealed")


async def test_cast_and_spoil_of_one_tracker_exclude_each_other(at):
    async with at("opened") as h:
        spoiled, cast = await h.ballot(0), await h.ballot(1)
        await casting.spoil(h.room, h.kiosk, h.slot, tracker(spoiled))
        await h.cast(cast)

        await refused(h, h.cast(spoiled), "tracker-spoiled")
        await refused(h, casting.spoil(h.room, h.kiosk, h.slot, tracker(cast)), "ballot-cast")
        async with unchanged(h):  # a kiosk that heard nothing asks again
            await casting.spoil(h.room, h.kiosk, h.slot, tracker(spoiled))
        await h.cast(await h.ballot(0, number=1))  # the ticket stays good


async def test_a_spoil_is_answered_again_after_the_seal(here):
    async with here("voted") as h:
        spoiled = await h.spoil(1)
        await h.seal(h.slot, 6)

        async with unchanged(h):
            await casting.spoil(h.room, h.kiosk, h.slot, spoiled)


async def test_of_concurrent_casts_with_one_credential_exactly_one_wins(at):
    async with at("opened") as h:
        bodies = [await h.ballot(0, number=number) for number in range(6)]

        done = await asyncio.gather(*(h.cast(one) for one in bodies), return_exceptions=True)

        accepted = [one for one in done if not isinstance(one, BaseException)]
        assert len(accepted) == 1
        assert {one.code for one in done if isinstance(one, RefusedError)} == {"credential-used"}
        async with h.room.store.reading() as tx:
            assert await tx.trackers(h.slot) == [accepted[0][0]]


async def test_the_same_bytes_sent_at_once_by_two_kiosks_are_one_ballot(at):
    async with at("opened") as h:
        body = await h.ballot(0)

        done = await asyncio.gather(*(h.cast(body) for _ in range(5)))

        assert {found for found, _ in done} == {tracker(body)}
        assert [new for _, new in done].count(True) == 1


@pytest.mark.parametrize("first", ["cast", "spoil"])
async def test_of_a_cast_and_a_spoil_at_once_exactly_one_wins(at, first):
    async with at("opened") as h:
        for member in range(4):
            body = await h.ballot(member)
            both = [h.cast(body), casting.spoil(h.room, h.kiosk, h.slot, tracker(body))]
            if first == "spoil":
                both.reverse()
            done = await asyncio.gather(*both, return_exceptions=True)

            assert sum(isinstance(one, RefusedError) for one in done) == 1
        async with h.room.store.reading() as tx:
            stored, spoiled = await tx.trackers(h.slot), await tx.spoiled(h.slot)
        assert len(stored) + len(spoiled) == 4
        assert not set(stored) & set(spoiled)
        assert (await h.frozen())[1].rounds[h.slot].spoiled == set(spoiled)


async def test_while_a_seal_waits_nothing_is_cast_or_spoiled_and_afterwards_it_is(here):
    async with here("voted") as h:
        late = await h.ballot(0, number=9)
        await h.propose("seal", {"slot": h.slot, "heads": 6, "override": False})

        await refused(h, h.cast(late), "sealing")
        await refused(h, h.spoil(1), "sealing")
        h.clock.forward(121)
        await refused(h, h.cast(late), "credential-used")
        await h.spoil(1)


async def test_a_seal_waits_for_the_ballots_in_flight(here):
    async with here("opened") as h:
        bodies = [await h.ballot(index) for index in range(6)]
        casts = [asyncio.create_task(h.cast(one)) for one in bodies]
        await asyncio.wait_for(in_flight(h, 6), 5)

        act = await h.propose("seal", {"slot": h.slot, "heads": 6, "override": False})

        assert act.body["returned"] == 6
        assert all(task.done() for task in casts)
        assert not h.room.draining


async def test_a_ballot_that_never_lands_delays_a_seal_only_so_long(here, monkeypatch):
    monkeypatch.setattr("kiosk.server.services.room.DRAIN_SECONDS", 0.05)
    async with here("voted") as h, h.room.casting(h.slot):
        wish = {"slot": h.slot, "heads": 6, "override": False}
        error = await refused(h, h.propose("seal", wish), "casts-in-flight")
        assert isinstance(error, UnavailableError)
        assert not h.room.draining


async def test_a_box_that_is_not_what_was_proposed_is_not_sealed(at):
    """An accepted ballot is in the sealed box, whatever raced with whatever."""
    async with at("opened") as h:
        await h.vote(0, 1, 2, 3, 4)
        await h.propose("seal", {"slot": h.slot, "heads": 5, "override": False})
        await h.sign("secretary")
        waiting, h.room.proposal = h.room.proposal, None
        await h.cast(await h.ballot(5))
        h.room.proposal = waiting

        await refused(h, h.sign("scrutineer-1"), "guard-changed")
        assert h.room.proposal is None
        await h.seal(h.slot, 6)


async def test_a_ticket_asks_whether_it_counted_and_nobody_else_can(here):
    async with here("opened") as h:
        body = await h.ballot(2)
        credential, proof = await h.signed_ticket("query", h.slot, 2)
        wrong, _ = await h.signed_ticket("query", h.slot, 3)

        async def ask(credential, proof):
            return await casting.query(h.room, h.kiosk, h.slot, credential, proof)

        assert await ask(credential, proof) is None
        await h.cast(body)
        assert await ask(credential, proof) == tracker(body)
        await refused(h, ask(wrong, proof), "ticket-act")
        for act, elsewhere in (("leftover", None), ("query", "ab" * 32)):
            _, other = await h.signed_ticket(act, h.slot, 2, meeting=elsewhere)
            await refused(h, ask(credential, other), "ticket-act")


async def test_a_ticket_is_voided_once_by_its_own_key_and_never_in_an_open_slot(at):
    async with at("opened") as h:
        nxt = (await h.frozen())[0].slots[1]

        async def void(act, slot, credential, proof):
            await casting.void_ticket(h.room, h.kiosk, act, slot, credential, proof)

        credential, proof = await h.signed_ticket("withdraw", nxt, 3)
        stranger, strange = await h.signed_ticket("withdraw", nxt, 50)
        _, other = await h.signed_ticket("withdraw", nxt, 4)
        _, query = await h.signed_ticket("query", nxt, 3)
        opened, good = await h.signed_ticket("withdraw", h.slot, 3)

        await refused(h, void("withdraw", nxt, credential, other), "ticket-act")
        await refused(h, void("withdraw", nxt, credential, query), "ticket-act")
        await refused(h, void("leftover", nxt, credential, proof), "ticket-act")
        await refused(h, void("query", nxt, credential, query), "malformed")
        await refused(h, void("withdraw", nxt, stranger, strange), "credential-unknown")
        await refused(h, void("withdraw", h.slot, opened, good), "slot-opened")
        await void("withdraw", nxt, credential, proof)
        await refused(h, void("withdraw", nxt, credential, proof), "credential-void")
        await h.cast(await h.ballot(3))  # the slot that is open is not touched


async def test_a_dead_worker_is_replaced_and_the_same_bytes_are_taken(here):
    async with here("opened") as h:
        body = await h.ballot(0)
        pool = h.room.pool
        await pool.warm()
        for process in list(pool._executor._processes.values()):
            process.kill()

        for _ in range(100):  # the executor may take a moment to notice
            done = await asyncio.gather(h.cast(await h.ballot(1)), return_exceptions=True)
            if isinstance(done[0], UnavailableError):
                break

        assert done[0].code == "worker-died"
        assert not h.room.in_flight
        assert await h.cast(body) == (tracker(body), True)


async def test_a_seal_proposed_behind_a_casts_back_refuses_the_cast(here, monkeypatch):
    """Should a seal ever be formed while proofs are verified, the ballot is not let in."""
    async with here("voted") as h:
        verify = h.room.pool.verify
        late = await h.ballot(6)  # of a ticket that was left over

        async def slowly(*args):
            done = await verify(*args)
            h.room.in_flight, held = {}, h.room.in_flight
            await h.propose("seal", {"slot": h.slot, "heads": 6, "override": False})
            h.room.in_flight = held
            return done

        monkeypatch.setattr(h.room.pool, "verify", slowly)
        await refused(h, h.cast(late), "sealing")
