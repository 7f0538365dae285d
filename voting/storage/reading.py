"""What can be asked of a meeting's database inside one transaction.

Every list comes sorted by its key, by bytes: the order in which anything was inserted is
neither kept nor given out. ``Transaction`` adds what changes rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from voting.storage.rows import Account, CredentialState, StoredBallot, StoredCredential
from voting.storage.schema import (
    accounts,
    archives,
    ballots,
    credentials,
    ledger,
    messages,
    meta,
    sessions,
    spoiled,
)

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Reading:
    """A view of one moment; made by ``Store.reading()``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    # -- meta and archives -------------------------------------------------------------

    async def meta(self, name: str) -> bytes | None:
        return await self._bytes(sa.select(meta.c.value).where(meta.c.name == name))

    async def archive(self, slot: str, stage: str) -> bytes | None:
        return await self._bytes(
            sa.select(archives.c.body).where(archives.c.slot == slot, archives.c.stage == stage)
        )

    # -- ledger ------------------------------------------------------------------------

    async def ledger(self, start: int = 0) -> list[bytes]:
        """Return the lines from height ``start`` on, in order, without their line feeds."""
        query = sa.select(ledger.c.line).where(ledger.c.height >= start).order_by(ledger.c.height)
        return list((await self._connection.scalars(query)).all())

    async def height(self) -> int:
        """Return the number of lines, which is the height of the next one."""
        top: int | None = await self._connection.scalar(sa.select(sa.func.max(ledger.c.height)))
        return 0 if top is None else top + 1

    # -- ballots -----------------------------------------------------------------------

    async def ballot(self, slot: str, tracker: str) -> StoredBallot | None:
        return await self._one_ballot(ballots.c.slot == slot, ballots.c.tracker == tracker)

    async def ballot_of(self, slot: str, credential: str) -> StoredBallot | None:
        return await self._one_ballot(ballots.c.slot == slot, ballots.c.credential == credential)

    async def ballots(self, slot: str) -> list[StoredBallot]:
        query = _BALLOT.where(ballots.c.slot == slot).order_by(ballots.c.tracker)
        return [StoredBallot(*row) for row in await self._connection.execute(query)]

    async def trackers(self, slot: str) -> list[str]:
        query = sa.select(ballots.c.tracker).where(ballots.c.slot == slot)
        return list((await self._connection.scalars(query.order_by(ballots.c.tracker))).all())

    async def count_ballots(self, slot: str) -> int:
        query = sa.select(sa.func.count()).select_from(ballots).where(ballots.c.slot == slot)
        return int(await self._connection.scalar(query) or 0)

    async def is_spoiled(self, slot: str, tracker: str) -> bool:
        query = sa.select(spoiled.c.slot).where(
            spoiled.c.slot == slot, spoiled.c.tracker == tracker
        )
        return await self._connection.scalar(query) is not None

    async def spoiled(self, slot: str) -> list[str]:
        query = sa.select(spoiled.c.tracker).where(spoiled.c.slot == slot)
        return list((await self._connection.scalars(query.order_by(spoiled.c.tracker))).all())

    # -- credentials -------------------------------------------------------------------

    async def credential(self, slot: str, credential: str) -> StoredCredential | None:
        query = _CREDENTIAL.where(
            credentials.c.slot == slot, credentials.c.credential == credential
        )
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else StoredCredential(*row)

    async def credentials(self, slot: str) -> list[StoredCredential]:
        query = _CREDENTIAL.where(credentials.c.slot == slot).order_by(credentials.c.credential)
        return [StoredCredential(*row) for row in await self._connection.execute(query)]

    async def active_credentials(self, slot: str, series: str) -> list[str]:
        state: CredentialState = "active"
        query = sa.select(credentials.c.credential).where(
            credentials.c.slot == slot, credentials.c.series == series, credentials.c.state == state
        )
        return list(
            (await self._connection.scalars(query.order_by(credentials.c.credential))).all()
        )

    # -- relayed messages --------------------------------------------------------------

    async def message(self, topic: str, sender: str) -> bytes | None:
        return await self._bytes(
            sa.select(messages.c.body).where(messages.c.topic == topic, messages.c.sender == sender)
        )

    async def messages(self, topic: str) -> dict[str, bytes]:
        """Return the messages of ``topic`` by sender, sorted."""
        query = sa.select(messages.c.sender, messages.c.body).where(messages.c.topic == topic)
        rows = await self._connection.execute(query.order_by(messages.c.sender))
        return {row.sender: row.body for row in rows}

    async def senders(self, topic: str) -> list[str]:
        """Return who sent a message of ``topic``, sorted; no body is read."""
        query = sa.select(messages.c.sender).where(messages.c.topic == topic)
        return list((await self._connection.scalars(query.order_by(messages.c.sender))).all())

    # -- accounts ----------------------------------------------------------------------

    async def account(self, account_id: str) -> Account | None:
        return await self._one_account(accounts.c.id == account_id)

    async def account_by_session(self, session: bytes) -> Account | None:
        """Find who holds the session token with this SHA-256."""
        return await self._one_account(accounts.c.session == session)

    async def account_by_login(self, session: bytes, now: int) -> Account | None:
        """Find who logged in with the session token with this SHA-256, unless it has expired."""
        query = sa.select(sessions.c.account).where(
            sessions.c.session == session, sessions.c.expires > now
        )
        found: str | None = await self._connection.scalar(query)
        return None if found is None else await self.account(found)

    async def password(self, account_id: str) -> str | None:
        """Return an account's argon2id string; None where it has none, or there is no account."""
        query = sa.select(accounts.c.password).where(accounts.c.id == account_id)
        found: str | None = await self._connection.scalar(query)
        return found

    async def accounts(self) -> list[Account]:
        return [Account(*row) for row in await self._connection.execute(_ACCOUNT.order_by("id"))]

    # ----------------------------------------------------------------------------------

    async def _bytes(self, query: sa.Select[Any]) -> bytes | None:
        found: bytes | None = await self._connection.scalar(query)
        return found

    async def _one_ballot(self, *where: sa.ColumnElement[bool]) -> StoredBallot | None:
        row = (await self._connection.execute(_BALLOT.where(*where))).one_or_none()
        return None if row is None else StoredBallot(*row)

    async def _one_account(self, where: sa.ColumnElement[bool]) -> Account | None:
        row = (await self._connection.execute(_ACCOUNT.where(where))).one_or_none()
        return None if row is None else Account(*row)


_BALLOT = sa.select(ballots.c.tracker, ballots.c.credential, ballots.c.body)
_CREDENTIAL = sa.select(credentials.c.credential, credentials.c.series, credentials.c.state)
_ACCOUNT = sa.select(
    accounts.c.id,
    accounts.c.role,
    accounts.c.label,
    accounts.c.public_key,
    accounts.c.invitation.is_not(None),
)
