// Verifying all ballots of a box: every proof of every ballot, with one shared membership test.
//
// A verifier of version 1 needs the bytes of each commitment, because their hash is the challenge.
// So proofs cannot be summed with random weights as where commitments are sent along; each is
// computed, with shared tables (crypto/tables.js). What *is* tested together is that the points
// are members of the prime-order subgroup (crypto/membership.js), which is a third of the time
// when done one by one (docs/adr/0100-browser-crypto.md).

import { FormatError, PiaojueError } from "../errors.js";
import { decodeBallot, verifyBallot } from "./ballot.js";

const AT_ONCE = 100; // ballots: enough for the shared test, few enough to show progress

/**
 * Verify ballots as `verifyBallot` does, many at once.
 * @param {import("./election.js").Election} election
 * @param {Uint8Array[]} ballots
 * @param {{rand: (n: number) => Uint8Array, progress?: (done: number, total: number) => void}}
 *   options uniform bytes that the ballots' authors cannot have known: `crypto.getRandomValues`
 * @returns {import("./ballot.js").Ballot[]} decoded. The error of the first bad ballot, with
 *   `params.ballot`, its index from 0
 */
export function verifyBallots(election, ballots, { rand, progress = () => {} }) {
  const decoded = [];
  while (decoded.length < ballots.length) {
    const start = decoded.length;
    const part = ballots.slice(start, start + AT_ONCE);
    decoded.push(...decodeTogether(election, part, start, rand));
    decoded.slice(start).forEach((ballot, i) => {
      named(start + i, () => verifyBallot(election, ballot));
      progress(start + i + 1, ballots.length);
    });
  }
  return decoded;
}

function decodeTogether(election, part, start, rand) {
  const batch = election.group.batch();
  const decoded = part.map((data, i) =>
    named(start + i, () => decodeBallot(data, election, { group: batch.group })),
  );
  if (!batch.allMembers(rand)) {
    // One of them is not: the single test says which, and where.
    part.forEach((data, i) => named(start + i, () => decodeBallot(data, election)));
    throw new FormatError("ballots", "not all elements are members");
  }
  return decoded;
}

function named(ballot, work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof PiaojueError) error.params.ballot = ballot;
    throw error;
  }
}
