"""What can change in a meeting's database, inside one transaction.

Transactions run one after another (``Store.transaction``), so what one has read still holds
when it writes; the database's own constraints stand behind that and are answered alike. After
any error raised here the transaction is to be left: it is rolled back.

Nothing here updates or deletes a ballot or a spoiled tracker. Only a credential's state moves,
once, away from ``active``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from voting.errors import ConflictError, RefusedError
from voting.storage.reading import Reading
from voting.storage.schema import (
    SCHEMA_KEY,
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
    from collections.abc import Iterable, Mapping

    from voting.errors import PiaojueError
    from voting.storage.rows import Account


class Transaction(Reading):
    """One change, all or nothing; made by ``Store.transaction()``."""

    # -- meta and archives -------------------------------------------------------------

    async def put_meta(self, name: str, value: bytes) -> None:
        """Store a small value by its name, over an earlier one."""
        assert name != SCHEMA_KEY, "the schema's version is written once, when it is made"
        changed = await self._change(sa.update(meta).where(meta.c.name == name).values(value=value))
        if not changed:
            await self._connection.execute(sa.insert(meta).values(name=name, value=value))

    async def put_archive(self, slot: str, stage: str, body: bytes) -> None:
        """Store a slot's archive at a stage, once; the same bytes again change nothing.

        Raises:
            RefusedError: ``archive-exists``: there are other bytes for this stage.
        """
        known = await self.archive(slot, stage)
        if known == body:
            return
        refused = RefusedError("archive-exists", slot=slot, stage=stage)
        if known is not None:
            raise refused
        await self._insert(archives, {"slot": slot, "stage": stage, "body": body}, refused)

    # -- ledger ------------------------------------------------------------------------

    async def append(self, line: bytes, *, at_height: int) -> None:
        """Append one line, if the ledger still has ``at_height`` lines.

        Raises:
            ConflictError: ``ledger-moved``: somebody appended first; fold again and retry.
        """
        moved = ConflictError("ledger-moved", expected=at_height)
        if await self.height() != at_height:
            raise moved
        await self._insert(ledger, {"height": at_height, "line": line}, moved)

    # -- ballots -----------------------------------------------------------------------

    async def insert_ballot(self, slot: str, tracker: str, credential: str, body: bytes) -> None:
        """Store a ballot that was verified. It uses up the credential for this slot.

        Whether the same bytes came before is for the caller to ask first (``ballot_of``).

        Raises:
            RefusedError: ``tracker-spoiled``: these bytes were opened to check a device;
                ``credential-used``: the credential has a ballot in this slot;
                ``credential-unknown`` or ``credential-void``: it has no vote in this slot.
        """
        if await self.is_spoiled(slot, tracker):
            raise RefusedError("tracker-spoiled", slot=slot)
        used = RefusedError("credential-used", slot=slot)
        if await self.ballot_of(slot, credential) is not None:
            raise used
        found = await self.credential(slot, credential)
        if found is None:
            raise RefusedError("credential-unknown", slot=slot)
        if found.state != "active":
            raise RefusedError("credential-void", slot=slot)
        row = {"slot": slot, "tracker": tracker, "credential": credential, "body": body}
        await self._insert(ballots, row, used)

    async def mark_spoiled(self, slot: str, tracker: str) -> None:
        """Bar a tracker from ever being cast in this slot.

        Raises:
            RefusedError: ``ballot-cast``: it is in the box already;
                ``tracker-spoiled``: it was spoiled before.
        """
        if await self.ballot(slot, tracker) is not None:
            raise RefusedError("ballot-cast", slot=slot)
        again = RefusedError("tracker-spoiled", slot=slot)
        if await self.is_spoiled(slot, tracker):
            raise again
        await self._insert(spoiled, {"slot": slot, "tracker": tracker}, again)

    # -- credentials -------------------------------------------------------------------

    async def add_credentials(self, slot: str, series: str, public_parts: Iterable[str]) -> None:
        """Store the public parts of a series for one slot, active, in sorted order.

        Raises:
            RefusedError: ``credential-exists``: one of them is there already, or comes twice.
        """
        rows = [
            {"slot": slot, "credential": part, "series": series, "state": "active"}
            for part in sorted(public_parts)
        ]
        if rows:
            refused = RefusedError("credential-exists", slot=slot, series=series)
            await self._insert(credentials, rows, refused)

    async def set_credential_state(
        self, slot: str, credential: str, state: Literal["leftover", "withdrawn"]
    ) -> None:
        """Void an active credential for one slot.

        Raises:
            RefusedError: ``credential-unknown``; ``credential-void``: it is not active.
        """
        changed = await self._change(
            sa.update(credentials)
            .where(
                credentials.c.slot == slot,
                credentials.c.credential == credential,
                credentials.c.state == "active",
            )
            .values(state=state)
        )
        if not changed:
            known = await self.credential(slot, credential) is not None
            raise RefusedError("credential-void" if known else "credential-unknown", slot=slot)

    # -- relayed messages --------------------------------------------------------------

    async def put_message(self, topic: str, sender: str, body: bytes) -> None:
        """Keep one sender's message on a topic; the same bytes again change nothing.

        Raises:
            RefusedError: ``message-exists``: the sender said something else before.
        """
        known = await self.message(topic, sender)
        if known == body:
            return
        refused = RefusedError("message-exists", topic=topic, sender=sender)
        if known is not None:
            raise refused
        await self._insert(messages, {"topic": topic, "sender": sender, "body": body}, refused)

    # -- accounts ----------------------------------------------------------------------

    async def add_account(
        self, account_id: str, *, role: str, label: str, invitation: bytes
    ) -> None:
        """Invite a device or an officer; ``invitation`` is the SHA-256 of a token good once.

        Raises:
            RefusedError: ``account-exists``.
        """
        row = {"id": account_id, "role": role, "label": label, "invitation": invitation}
        refused = RefusedError("account-exists", account=account_id)
        if await self.account(account_id) is not None:
            raise refused
        await self._insert(accounts, row, refused)

    async def invite_again(
        self,
        account_id: str,
        invitation: bytes,
        *,
        forget_key: bool = False,
        role: str | None = None,
    ) -> None:
        """End the account's sessions, forget its password, and give it a new invitation.

        Args:
            forget_key: Whether it may come back with another public key.
            role: What it comes back as; None is what it was.

        Raises:
            RefusedError: ``account-unknown``.
        """
        values: dict[str, object] = {"invitation": invitation, "session": None, "password": None}
        if forget_key:
            values["public_key"] = None
        if role is not None:
            values["role"] = role
        changed = await self._change(
            sa.update(accounts).where(accounts.c.id == account_id).values(values)
        )
        if not changed:
            raise RefusedError("account-unknown", account=account_id)
        await self._change(sa.delete(sessions).where(sessions.c.account == account_id))

    async def set_password(self, account_id: str, password: str | None) -> None:
        """Keep what a password is checked against; never the password."""
        await self._change(
            sa.update(accounts).where(accounts.c.id == account_id).values(password=password)
        )

    async def log_in(self, account_id: str, session: bytes, *, expires: int, now: int) -> None:
        """Begin an account's only browser session; those before it, and expired ones, end.

        Args:
            session: SHA-256 of the cookie's token.
            expires: Seconds since 1970, as ``now``.
        """
        gone = sa.or_(sessions.c.account == account_id, sessions.c.expires <= now)
        await self._change(sa.delete(sessions).where(gone))
        row = {"session": session, "account": account_id, "expires": expires}
        await self._connection.execute(sa.insert(sessions), row)

    async def log_out(self, session: bytes) -> None:
        """End a browser session; one that is not there changes nothing."""
        await self._change(sa.delete(sessions).where(sessions.c.session == session))

    async def redeem(
        self, invitation: bytes, *, session: bytes | None, public_key: str | None = None
    ) -> Account:
        """Turn an invitation into a session, once.

        Args:
            invitation: SHA-256 of the token that was shown to the device.
            session: SHA-256 of the token that the device sends from now on; None for a browser,
                which logs in.
            public_key: What the device enrols with; one that is there is never replaced.

        Raises:
            RefusedError: ``invitation-unknown``: never given or used already;
                ``key-enrolled``: the account has another key.
        """
        account = await self._one_account(accounts.c.invitation == invitation)
        if account is None:
            raise RefusedError("invitation-unknown")
        if public_key is not None and account.public_key not in (None, public_key):
            raise RefusedError("key-enrolled", account=account.id)
        await self._change(
            sa.update(accounts)
            .where(accounts.c.id == account.id)
            .values(invitation=None, session=session, public_key=public_key or account.public_key)
        )
        redeemed = await self.account(account.id)
        assert redeemed is not None
        return redeemed

    # ----------------------------------------------------------------------------------

    async def _insert(
        self,
        table: sa.Table,
        rows: Mapping[str, object] | list[dict[str, str]],
        refused: PiaojueError,
    ) -> None:
        try:
            await self._connection.execute(sa.insert(table), rows)
        except sa.exc.IntegrityError as error:
            raise refused from error

    async def _change(self, change: sa.Update | sa.Delete) -> int:
        return (await self._connection.execute(change)).rowcount
