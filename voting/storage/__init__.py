"""The one room that talks to a database; its face is ``Store``.

One meeting is one folder with an SQLite file, or one PostgreSQL database; the same code and
the same tests serve both. docs/spec/storage.md has the tables and what must hold of them.
"""

from voting.storage.reading import Reading
from voting.storage.rows import Account, CredentialState, StoredBallot, StoredCredential
from voting.storage.store import Store
from voting.storage.transaction import Transaction

__all__ = [
    "Account",
    "CredentialState",
    "Reading",
    "Store",
    "StoredBallot",
    "StoredCredential",
    "Transaction",
]
