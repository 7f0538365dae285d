"""What one transaction promises: one ballot a credential, one line a height, all or nothing."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from voting.errors import ConflictError, RefusedError
from voting.storage import Store, StoredBallot
from voting.storage.schema import ballots

SLOT = "slotAAAAAAAAAA"


@pytest.fixture
async def box(store):
    async with store.transaction() as tx:
        await tx.add_credentials(SLOT, "A", ["c2", "c1", "c3"])
    return store


async def refused_code(action):
    with pytest.raises(RefusedError) as refused:
        await action
    return refused.value.code


# -- ballots ---------------------------------------------------------------------------


async def cast(store, tracker, credential, body=b"sealed"):
    async with store.transaction() as tx:
        await tx.insert_ballot(SLOT, tracker, credential, body)


async def test_of_concurrent_casts_with_one_credential_exactly_one_is_stored(box, storage_place):
    other = await Store.open(storage_place)
    stores = [box, other]
    casts = [cast(stores[i % 2], f"t{i}", "c1", b"%d" % i) for i in range(12)]

    outcomes = await asyncio.gather(*casts, return_exceptions=True)
    await other.close()

    assert outcomes.count(None) == 1
    refusals = [outcome for outcome in outcomes if outcome is not None]
    assert {(type(each), each.code) for each in refusals} == {(RefusedError, "credential-used")}
    winner = outcomes.index(None)
    async with box.reading() as view:
        assert await view.ballots(SLOT) == [StoredBallot(f"t{winner}", "c1", b"%d" % winner)]


async def test_the_database_itself_refuses_a_second_ballot(box):
    await cast(box, "t1", "c1")

    async with box.transaction() as tx:
        with pytest.raises(sa.exc.IntegrityError):
            await tx._connection.execute(
                sa.insert(ballots).values(slot=SLOT, tracker="t2", credential="c1", body=b"")
            )


async def test_a_ballot_is_found_again_by_tracker_and_by_credential(box):
    await cast(box, "t1", "c1", b"the very bytes")

    async with box.transaction() as tx:
        ballot = StoredBallot("t1", "c1", b"the very bytes")
        assert await tx.ballot(SLOT, "t1") == ballot
        assert await tx.ballot_of(SLOT, "c1") == ballot
        assert await tx.ballot("another slot", "t1") is None
        assert await tx.ballot_of(SLOT, "c2") is None


async def test_the_same_credential_votes_once_in_each_slot(box):
    async with box.transaction() as tx:
        await tx.add_credentials("slot B", "A", ["c1"])
        await tx.insert_ballot(SLOT, "t1", "c1", b"")
        await tx.insert_ballot("slot B", "t1", "c1", b"")

    async with box.reading() as view:
        assert [await view.count_ballots(slot) for slot in (SLOT, "slot B", "slot C")] == [1, 1, 0]


async def test_a_credential_without_a_vote_is_refused_by_name(box):
    async with box.transaction() as tx:
        await tx.set_credential_state(SLOT, "c2", "leftover")

    assert await refused_code(cast(box, "t", "never printed")) == "credential-unknown"
    assert await refused_code(cast(box, "t", "c2")) == "credential-void"


async def test_ballots_come_sorted_by_the_bytes_of_the_tracker(box):
    for tracker, credential in [("b", "c1"), ("a", "c2"), ("B", "c3")]:
        await cast(box, tracker, credential)

    async with box.reading() as view:
        assert await view.trackers(SLOT) == ["B", "a", "b"]
        assert [ballot.tracker for ballot in await view.ballots(SLOT)] == ["B", "a", "b"]


# -- spoiling --------------------------------------------------------------------------


async def spoil(store, tracker):
    async with store.transaction() as tx:
        await tx.mark_spoiled(SLOT, tracker)


async def test_a_spoiled_tracker_is_never_cast(box):
    await spoil(box, "t1")

    assert await refused_code(cast(box, "t1", "c1")) == "tracker-spoiled"
    assert await refused_code(spoil(box, "t1")) == "tracker-spoiled"
    await cast(box, "t2", "c1")  # the ticket stays good


async def test_a_cast_tracker_is_never_spoiled(box):
    await cast(box, "t1", "c1")

    assert await refused_code(spoil(box, "t1")) == "ballot-cast"


async def test_cast_and_spoil_at_once_never_both_succeed(box, storage_place):
    other = await Store.open(storage_place)
    async with box.transaction() as tx:
        await tx.add_credentials(SLOT, "B", [f"d{i}" for i in range(10)])

    for i in range(10):
        race = [cast(box, f"t{i}", f"d{i}"), spoil(other, f"t{i}")]
        outcomes = await asyncio.gather(*race, return_exceptions=True)
        assert outcomes.count(None) == 1, outcomes
    await other.close()

    async with box.reading() as view:
        cast_ones, spoiled_ones = await view.trackers(SLOT), await view.spoiled(SLOT)
        assert sorted([*cast_ones, *spoiled_ones]) == sorted(f"t{i}" for i in range(10))
        assert [await view.is_spoiled(SLOT, tracker) for tracker in spoiled_ones] == [True] * len(
            spoiled_ones
        )


# -- ledger ----------------------------------------------------------------------------


async def append(store, line, height):
    async with store.transaction() as tx:
        await tx.append(line, at_height=height)


async def test_lines_come_back_in_order_as_they_were(store):
    for height in range(12):
        await append(store, b'{"n":%d}' % height, height)

    async with store.reading() as view:
        assert await view.height() == 12
        assert await view.ledger() == [b'{"n":%d}' % height for height in range(12)]
        assert await view.ledger(start=10) == [b'{"n":10}', b'{"n":11}']


@pytest.mark.parametrize("height", [0, 2], ids=["behind", "ahead"])
async def test_an_append_at_another_height_is_a_conflict(store, height):
    await append(store, b"first", 0)

    with pytest.raises(ConflictError) as moved:
        await append(store, b"second", height)

    assert moved.value.code == "ledger-moved"
    async with store.reading() as view:
        assert await view.ledger() == [b"first"]


async def test_of_concurrent_appends_at_one_height_exactly_one_wins(store, storage_place):
    other = await Store.open(storage_place)

    outcomes = await asyncio.gather(
        *[append([store, other][i % 2], b"%d" % i, 0) for i in range(8)], return_exceptions=True
    )
    await other.close()

    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, ConflictError) for outcome in outcomes) == 7


async def test_what_was_read_still_holds_when_it_is_written_upon(store, storage_place):
    """A seal between a cast's look at the ledger and its insert would be a lost ballot."""
    other = await Store.open(storage_place)

    async def read_wait_append(a_store, line):
        async with a_store.transaction() as tx:
            height = await tx.height()
            await asyncio.sleep(0.05)
            await tx.append(line, at_height=height)

    await asyncio.gather(*[read_wait_append([store, other][i % 2], b"%d" % i) for i in range(6)])
    await other.close()

    async with store.reading() as view:
        assert sorted(await view.ledger()) == [b"%d" % i for i in range(6)]


async def test_an_error_leaves_nothing_behind(box):
    async def write_and_fail():
        async with box.transaction() as tx:
            await tx.append(b"line", at_height=0)
            await tx.insert_ballot(SLOT, "t1", "c1", b"")
            await tx.mark_spoiled(SLOT, "t2")
            raise RefusedError("something-else")

    assert await refused_code(write_and_fail()) == "something-else"
    async with box.reading() as view:
        found = (await view.ledger(), await view.count_ballots(SLOT), await view.spoiled(SLOT))
        assert found == ([], 0, [])


async def test_a_reader_sees_one_moment_and_stops_nobody(store):
    await append(store, b"0", 0)

    async with store.reading() as view:
        assert await view.height() == 1
        await append(store, b"1", 1)
        assert await view.height() == 1

    async with store.reading() as view:
        assert await view.height() == 2


# -- credentials -----------------------------------------------------------------------


async def test_credentials_are_listed_by_series_and_state(box):
    async with box.transaction() as tx:
        await tx.add_credentials(SLOT, "B", ["c0"])
        await tx.set_credential_state(SLOT, "c2", "withdrawn")

    async with box.reading() as view:
        assert await view.active_credentials(SLOT, "A") == ["c1", "c3"]
        assert await view.active_credentials(SLOT, "B") == ["c0"]
        assert [
            (row.credential, row.series, row.state) for row in await view.credentials(SLOT)
        ] == [
            ("c0", "B", "active"),
            ("c1", "A", "active"),
            ("c2", "A", "withdrawn"),
            ("c3", "A", "active"),
        ]
        assert await view.credential(SLOT, "c9") is None


async def test_a_credential_is_voided_once_and_in_one_slot(box):
    async with box.transaction() as tx:
        await tx.add_credentials("slot B", "A", ["c1"])
        await tx.set_credential_state(SLOT, "c1", "leftover")

    async def void(credential):
        async with box.transaction() as tx:
            await tx.set_credential_state(SLOT, credential, "withdrawn")

    assert await refused_code(void("c1")) == "credential-void"
    assert await refused_code(void("c9")) == "credential-unknown"
    async with box.reading() as view:
        assert await view.active_credentials("slot B", "A") == ["c1"]


async def test_a_credential_is_added_once(box):
    async def add(*parts):
        async with box.transaction() as tx:
            await tx.add_credentials(SLOT, "B", parts)

    assert await refused_code(add("c7", "c1")) == "credential-exists"
    assert await refused_code(add("c8", "c8")) == "credential-exists"
    async with box.reading() as view:
        assert await view.active_credentials(SLOT, "B") == []


# -- messages, archives, meta, accounts ------------------------------------------------


async def test_a_sender_speaks_once_on_a_topic(store):
    async with store.transaction() as tx:
        await tx.put_message("commit", "2", b"two")
        await tx.put_message("commit", "1", b"one")
        await tx.put_message("commit", "1", b"one")

    async def contradict():
        async with store.transaction() as tx:
            await tx.put_message("commit", "1", b"another")

    assert await refused_code(contradict()) == "message-exists"
    async with store.reading() as view:
        assert list((await view.messages("commit")).items()) == [("1", b"one"), ("2", b"two")]
        assert await view.message("commit", "1") == b"one"
        assert await view.messages("reveal") == {}
        assert await view.senders("commit") == ["1", "2"]
        assert await view.senders("reveal") == []


async def test_an_archive_is_written_once_for_each_stage(store):
    async with store.transaction() as tx:
        await tx.put_archive(SLOT, "sealed", b"bytes")
        await tx.put_archive(SLOT, "sealed", b"bytes")
        await tx.put_archive(SLOT, "final", b"more bytes")

    async def overwrite():
        async with store.transaction() as tx:
            await tx.put_archive(SLOT, "sealed", b"other bytes")

    assert await refused_code(overwrite()) == "archive-exists"
    async with store.reading() as view:
        assert await view.archive(SLOT, "sealed") == b"bytes"
        assert await view.archive(SLOT, "open") is None


async def test_a_small_value_is_replaced(store):
    async with store.transaction() as tx:
        assert await tx.meta("draft") is None
        await tx.put_meta("draft", b"one")
        await tx.put_meta("draft", b"two")
        assert await tx.meta("draft") == b"two"


async def test_an_invitation_is_good_once(store):
    async with store.transaction() as tx:
        await tx.add_account("kiosk-1", role="kiosk", label="终端一", invitation=b"i1")
        account = await tx.account("kiosk-1")
        assert (account.role, account.label, account.public_key) == ("kiosk", "终端一", None)
        assert account.invited

        redeemed = await tx.redeem(b"i1", session=b"s1", public_key="key")
        assert (redeemed.public_key, redeemed.invited) == ("key", False)
        assert await tx.account_by_session(b"s1") == redeemed
        assert await tx.account_by_session(b"i1") is None

    async def redeem(invitation, key=None):
        async with store.transaction() as tx:
            await tx.redeem(invitation, session=b"s2", public_key=key)

    assert await refused_code(redeem(b"i1")) == "invitation-unknown"

    async with store.transaction() as tx:
        await tx.invite_again("kiosk-1", b"i2")
        assert await tx.account_by_session(b"s1") is None
    assert await refused_code(redeem(b"i2", "another key")) == "key-enrolled"
    await redeem(b"i2")
    async with store.reading() as view:
        assert [(each.id, each.public_key) for each in await view.accounts()] == [
            ("kiosk-1", "key")
        ]


async def test_an_account_is_added_once(store):
    async def add(invitation):
        async with store.transaction() as tx:
            await tx.add_account("a", role="kiosk", label="", invitation=invitation)

    await add(b"i1")
    assert await refused_code(add(b"i2")) == "account-exists"

    async def invite_nobody():
        async with store.transaction() as tx:
            await tx.invite_again("b", b"i3")

    assert await refused_code(invite_nobody()) == "account-unknown"
