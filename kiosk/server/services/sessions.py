"""Browsers' accounts: an invitation becomes a password, a password becomes a session.

For the simple mode, where nothing is installed; a program has a token instead
(``enrolment``). The server keeps argon2id of a password and SHA-256 of a session's token. One
account has one session: a new one ends the one before. There is no default password; nobody has
an account who was not handed an invitation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.server.security import Caller, new_invitation, new_token, secret_digest
from kiosk.server.services.enrolment import accounts_of, check_enrolment
from voting.errors import RefusedError

if TYPE_CHECKING:
    from kiosk.server.passwords import Passwords
    from kiosk.server.services.room import Room

SECONDS: Final = 14 * 3600
"""How long a session lasts: a long day."""

KIOSK_SECONDS: Final = 7 * 24 * 3600
"""A tablet is enrolled the day before, and has no password to come back with."""

MOST_KIOSKS: Final = 99


async def begin_by_invitation(
    room: Room, passwords: Passwords, code: str, password: str | None, key: str | None
) -> tuple[Caller, str]:
    """Turn an invitation into an account with a password, logged in; return it and its token.

    Args:
        password: None for a kiosk, which nobody logs in again: it gets another invitation.
        key: The public key of an officer who signs by key; None for everybody else.

    Raises:
        RefusedError: ``invitation-unknown``, ``page-installed``, ``password-wanted``,
            ``password-too-short``, and those of a key; the code stays good then.
    """
    stored = None if password is None else await passwords.make(password)
    token = new_token(room.rand)
    pages = await room.pages_from()
    async with room.turn() as turn:
        others = await turn.tx.accounts()
        account = await turn.tx.redeem(secret_digest(code), session=None, public_key=key)
        if pages == "installed" and (account.role in ("kiosk", "trustee") or key is not None):
            raise RefusedError("page-installed", account=account.id)
        if (stored is None) is not (account.role == "kiosk"):
            raise RefusedError("password-wanted" if stored is None else "password-not-wanted")
        check_enrolment(room, account, key, others, frozen=turn.view.meeting is not None)
        await turn.tx.set_password(account.id, stored)
        now = _now(room)
        end = now + (KIOSK_SECONDS if account.role == "kiosk" else SECONDS)
        await turn.tx.log_in(account.id, secret_digest(token), expires=end, now=now)
    return Caller(account.id, account.role), token


async def begin(
    room: Room, passwords: Passwords, account_id: str, password: str
) -> tuple[Caller, str]:
    """Log in; return who it is and the session's token.

    Raises:
        RefusedError: ``login-wrong``: there is no such account, it has no password, or another;
            nothing tells which.
    """
    async with room.store.reading() as tx:
        stored = await tx.password(account_id)
    if not await passwords.fits(stored, password):
        raise RefusedError("login-wrong")
    token = new_token(room.rand)
    async with room.store.transaction() as tx:
        account = await tx.account(account_id)
        if account is None or await tx.password(account_id) != stored:
            raise RefusedError("login-wrong")  # invited again meanwhile
        now = _now(room)
        await tx.log_in(account_id, secret_digest(token), expires=now + SECONDS, now=now)
    return Caller(account.id, account.role), token


async def end(room: Room, token: str) -> None:
    """Log out."""
    async with room.store.transaction() as tx:
        await tx.log_out(secret_digest(token))


async def caller(room: Room, token: str) -> Caller:
    """Return who logged in with this token, or raise ``RefusedError`` ``not-enrolled``."""
    async with room.store.reading() as tx:
        account = await tx.account_by_login(secret_digest(token), _now(room))
    if account is None:
        raise RefusedError("not-enrolled")
    return Caller(account.id, account.role)


async def invite(room: Room, caller: Caller, account_id: str) -> str:
    """Give an account a new invitation and end what it had; return the code, shown once.

    A kiosk may be added or replaced at any time: it keeps nothing. Whoever has a key or a share
    is replaced before the freeze only; afterwards a new key would be another meeting.

    Raises:
        RefusedError: ``not-your-role``, ``account-unknown``, ``invitation-after-freeze``.
    """
    caller.must_be("secretary")
    code = new_invitation(room.rand)
    async with room.turn() as turn:
        wanted = dict(accounts_of(room.draft))
        account = await turn.tx.account(account_id)
        kiosk = _is_kiosk(account_id)
        if not kiosk and account_id not in wanted:
            raise RefusedError("account-unknown", account=account_id)
        frozen = turn.view.meeting is not None
        holds = account is not None and (account.public_key or account.role == "trustee")
        if frozen and not kiosk and holds:
            raise RefusedError("invitation-after-freeze", account=account_id)
        digest = secret_digest(code)
        if account is None:
            role = "kiosk" if kiosk else wanted[account_id]
            await turn.tx.add_account(account_id, role=role, label="", invitation=digest)
        else:
            await turn.tx.invite_again(account_id, digest, forget_key=True)
    return code


def _is_kiosk(account_id: str) -> bool:
    kind, _, number = account_id.partition(":")
    usual = number.isascii() and number.isdigit() and not number.startswith("0")
    return kind == "kiosk" and usual and int(number) <= MOST_KIOSKS


def _now(room: Room) -> int:
    return int(room.clock().timestamp())
