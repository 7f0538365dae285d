"""The tables of one meeting's database, the same on SQLite and PostgreSQL.

One meeting is one database. Its schema has a version that is checked when it is opened and
never migrated: a meeting is over before the next version is installed.

What must hold here (docs/spec/storage.md): ``ballots``, ``credentials`` and ``spoiled`` have
no column of time, device or sequence, and no hidden row number either, so on SQLite they are
WITHOUT ROWID. Everything sorts by bytes, whatever the database's locale.
"""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 2
SCHEMA_KEY = "schema"  # the row of `meta` that holds the version

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite compares text by its bytes; PostgreSQL does so only in the collation "C".
_Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, _Text, nullable=nullable)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=nullable)


meta = sa.Table(
    "meta",
    metadata,
    _text("name"),
    _bytes("value"),
    sa.PrimaryKeyConstraint("name"),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("height", sa.Integer, autoincrement=False),  # 0 is the freeze
    _bytes("line"),
    sa.PrimaryKeyConstraint("height"),
)

credentials = sa.Table(
    "credentials",
    metadata,
    _text("slot"),
    _text("credential"),  # the public part
    _text("series"),
    _text("state"),
    sa.PrimaryKeyConstraint("slot", "credential"),
    sa.CheckConstraint("state IN ('active', 'leftover', 'withdrawn')", name="state"),
    sqlite_with_rowid=False,
)

ballots = sa.Table(
    "ballots",
    metadata,
    _text("slot"),
    _text("tracker"),
    _text("credential"),
    _bytes("body"),
    sa.PrimaryKeyConstraint("slot", "tracker"),
    sa.UniqueConstraint("slot", "credential"),
    sa.ForeignKeyConstraint(["slot", "credential"], ["credentials.slot", "credentials.credential"]),
    sqlite_with_rowid=False,
)

spoiled = sa.Table(
    "spoiled",
    metadata,
    _text("slot"),
    _text("tracker"),
    sa.PrimaryKeyConstraint("slot", "tracker"),
    sqlite_with_rowid=False,
)

messages = sa.Table(
    "messages",
    metadata,
    _text("topic"),
    _text("sender"),
    _bytes("body"),
    sa.PrimaryKeyConstraint("topic", "sender"),
)

accounts = sa.Table(
    "accounts",
    metadata,
    _text("id"),
    _text("role"),
    _text("label"),
    _text("public_key", nullable=True),
    _bytes("invitation", nullable=True),  # SHA-256 of a token that is good once
    _bytes("session", nullable=True),  # SHA-256 of the token that the device sends now
    _text("password", nullable=True),  # argon2id, for a browser; None where a program is used
    sa.PrimaryKeyConstraint("id"),
    sa.UniqueConstraint("invitation"),
    sa.UniqueConstraint("session"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    _bytes("session"),  # SHA-256 of the cookie's token
    _text("account"),
    sa.Column("expires", sa.BigInteger, nullable=False),  # seconds since 1970
    sa.PrimaryKeyConstraint("session"),
    sa.ForeignKeyConstraint(["account"], ["accounts.id"]),
)

archives = sa.Table(
    "archives",
    metadata,
    _text("slot"),
    _text("stage"),
    _bytes("body"),
    sa.PrimaryKeyConstraint("slot", "stage"),
)

# Rewritten when a round is sealed, each sorted by its primary key; parents before children.
UNORDERED = (credentials, ballots, spoiled)
