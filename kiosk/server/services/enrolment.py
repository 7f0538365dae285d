"""Letting devices in: one-time invitations, tokens, accounts.

Nothing here is a secret at rest: codes and tokens are stored as digests
(``kiosk.server.security``), an officer's key is its public half. The key that an officer's
device brings stands in ``meeting.json`` from the freeze on; after it, a new key is refused,
because a later change is a new meeting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.server.security import Caller, new_invitation, new_token, secret_digest
from voting.errors import RefusedError
from voting.meeting.keys import check_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.server.services.room import Room
    from voting.meeting.draft import Draft
    from voting.storage import Account

KIOSKS = 4
"""Invitations for kiosks that a first start makes."""


def accounts_of(draft: Draft) -> list[tuple[str, str]]:
    """List every account that a draft asks for, as (account id, role)."""
    officers = [(f"officer:{one.id}", one.role) for one in draft.officers]
    trustees = [(f"trustee:{index}", "trustee") for index in range(1, len(draft.trustees) + 1)]
    kiosks = [(f"kiosk:{number}", "kiosk") for number in range(1, KIOSKS + 1)]
    return officers + trustees + kiosks


async def invite(room: Room) -> dict[str, str]:
    """Invite everybody of the draft who has no account yet; empty when there is nobody.

    Before the freeze also who has an account with another role: the draft was changed by hand, or
    a crash came in the middle of its change.
    """
    codes = {}
    async with room.turn() as turn:
        known = {one.id: one.role for one in await turn.tx.accounts()}
        for account, role in accounts_of(room.draft):
            if known.get(account) == role or (account in known and turn.view.meeting is not None):
                continue
            codes[account] = new_invitation(room.rand)
            digest = secret_digest(codes[account])
            if account in known:
                await turn.tx.invite_again(account, digest, forget_key=True, role=role)
            else:
                await turn.tx.add_account(account, role=role, label="", invitation=digest)
    return codes


async def enrol(room: Room, code: str, key: str | None) -> tuple[str, str]:
    """Turn an invitation into an account's token; return (account, token).

    Args:
        code: As it was printed; case, spaces and dashes do not matter.
        key: An officer's public key in hex; None for trustees, kiosks and pen signers.

    Raises:
        RefusedError: ``invitation-unknown`` (never given, or used), ``key-wanted``,
            ``key-not-wanted``, ``key-after-freeze``, ``key-in-use``; the code stays good then.
    """
    token = new_token(room.rand)
    async with room.turn() as turn:
        others = await turn.tx.accounts()
        account = await turn.tx.redeem(
            secret_digest(code), session=secret_digest(token), public_key=key
        )
        check_enrolment(room, account, key, others, frozen=turn.view.meeting is not None)
    return account.id, token


def check_enrolment(
    room: Room, account: Account, key: str | None, others: Iterable[Account], *, frozen: bool
) -> None:
    """Demand a key of whoever signs by key, and of nobody else.

    Args:
        others: All accounts as they were before this one was redeemed.

    Raises:
        RefusedError: ``key-wanted``, ``key-not-wanted``, ``key-after-freeze``, ``key-in-use``.
    """
    if (key is not None) is not _signs(room, account):
        code = "key-wanted" if key is None else "key-not-wanted"
        raise RefusedError(code, account=account.id)
    if key is not None:
        _check_key(account, key, others, frozen=frozen)


async def caller(room: Room, token: str) -> Caller:
    """Return who holds this token, or raise ``RefusedError`` ``not-enrolled``."""
    async with room.store.reading() as tx:
        account = await tx.account_by_session(secret_digest(token))
    if account is None:
        raise RefusedError("not-enrolled")
    return Caller(account.id, account.role)


def _signs(room: Room, account: Account) -> bool:
    """Whether the account is an officer's who signs by key."""
    return any(account.id == f"officer:{one.id}" and not one.pen for one in room.draft.officers)


def _check_key(account: Account, key: str, others: Iterable[Account], *, frozen: bool) -> None:
    check_key(key, "body.key")
    known = {one.id: one.public_key for one in others}
    if frozen and known[account.id] != key:
        raise RefusedError("key-after-freeze", account=account.id)
    if any(one != account.id and held == key for one, held in known.items()):
        raise RefusedError("key-in-use")
