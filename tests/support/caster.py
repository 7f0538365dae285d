"""A process that casts until it is killed: one line on stdout for each acknowledged ballot.

python -m tests.support.caster PLACE FIRST
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import sys

from voting.storage import Store

SLOT = "slotAAAAAAAAAA"


def ballot(number: int) -> tuple[str, str, bytes]:
    body = hashlib.sha512(b"%d" % number).digest() * 200
    return hashlib.sha256(body).hexdigest(), f"credential{number}", body


async def main(place: str, first: int) -> None:
    store = await Store.open(place)
    for number in itertools.count(first):
        tracker, credential, body = ballot(number)
        async with store.transaction() as tx:
            await tx.append(tracker.encode(), at_height=await tx.height())
            await tx.add_credentials(SLOT, "A", [credential])
            await tx.insert_ballot(SLOT, tracker, credential, body)
        print(tracker, flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
