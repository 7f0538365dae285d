// Reading a sealed box from its first byte, verifying every ballot, adding them up
// (tally/verify/{archive,ballots}.py, checks V6 to V11 of docs/spec/verification.md).
//
// Verifying ballots is all of the work; it is given to as many Workers as there are, in parts of
// the box, and each gives back the sum of its part. What decides which ballots belong together, no
// credential twice and none that is not active, is settled here, over all parts.

import { ED25519 } from "../crypto/group.js";
import { sha256Hex } from "../crypto/hashing.js";
import { randomBytes } from "../crypto/random.js";
import { PiaojueError, UnavailableError, UnsupportedError, VerificationError } from "../errors.js";
import { readArchive } from "../protocol/archive.js";
import { verifyBallots } from "../protocol/box.js";
import { decodeCredentials } from "../protocol/credential.js";
import { decodeElection } from "../protocol/election.js";
import { TallyBuilder, decodeTally, encodeTally } from "../protocol/tally.js";
import { decodeTrustees, verifyTrustees } from "../protocol/trustees.js";

const PART = 25; // ballots given to a Worker at once: a second of work or less

/**
 * Verify some ballots of a box and add them up.
 * @param {Uint8Array} electionRaw bytes of election.json
 * @param {Uint8Array[]} ballots
 * @param {{rand: (n: number) => Uint8Array, progress?: (done: number) => void}} options
 * @returns {{credentials: string[], tally: Uint8Array}} each ballot's credential, and the sum
 * @throws {VerificationError|FormatError} with `params.ballot`, from 0 in this part
 */
export function recountPart(electionRaw, ballots, { rand, progress = () => {} }) {
  const election = electionOf(electionRaw);
  const builder = new TallyBuilder(election);
  const credentials = verifyBallots(election, ballots, { rand, progress }).map((ballot) => {
    builder.add(ballot.answers);
    return ballot.credential.text;
  });
  return { credentials, tally: encodeTally(builder.ciphertexts()) };
}

/**
 * Check a sealed archive by itself and add its ballots up, each credential once.
 * @param {Uint8Array} bytes the sealed `.bel`, up to and with EndBallots
 * @param {{verify: Array<(election: Uint8Array, ballots: Uint8Array[]) => Promise<object>>,
 *   progress?: (done: number, total: number) => void, rand?: (n: number) => Uint8Array}} options
 *   verify: as `recountPart`, one for each Worker
 * @returns {Promise<{archive: object, election: object, ciphertexts: object[][]}>}
 * @throws {VerificationError} `not-valid` with the check that failed and its cause;
 *   `archive-stage`, `credential-twice`
 */
export async function recount(bytes, { verify, progress = () => {}, rand = randomBytes }) {
  const archive = check("V6", () => readArchive(bytes));
  const { setup, ballots } = archive;
  const election = check("V7", () => decodeElection(setup.election));
  check("V8", () => verifyTrustees(decodeTrustees(setup.trustees, ED25519), election.publicKey));
  const credentials = check("V9", () => decodeCredentials(setup.credentials, ED25519));
  if (archive.stage !== "closed") {
    throw new VerificationError("archive-stage", { stage: archive.stage });
  }
  check("V10", () => requireDistinct(ballots));
  const parts = await inParts(setup.election, ballots, verify, progress);
  const used = parts.flatMap((part) => part.credentials);
  const active = new Set(credentials.map(({ element }) => element.text));
  check("V10", () => {
    const foreign = used.findIndex((credential) => !active.has(credential));
    if (foreign >= 0) throw new VerificationError("ballot-credential", { ballot: foreign });
  });
  if (new Set(used).size !== used.length) {
    throw new VerificationError("credential-twice", { slot: election.uuid });
  }
  const builder = new TallyBuilder(election);
  for (const { tally, credentials: some } of parts) {
    builder.merge(decodeTally(tally, election, { rand }), some.length);
  }
  return { archive, election, ciphertexts: builder.ciphertexts() };
}

async function inParts(electionRaw, ballots, verify, progress) {
  const parts = [];
  let next = 0;
  let done = 0;
  const work = async (one) => {
    while (next < ballots.length) {
      const start = next;
      const some = ballots.slice(start, start + PART);
      next += some.length;
      parts[start / PART] = await named(start, one(electionRaw, some));
      done += some.length;
      progress(done, ballots.length);
    }
  };
  try {
    await Promise.all(verify.map(work));
  } catch (error) {
    next = ballots.length; // the others need not go on
    throw error;
  }
  return parts;
}

/** A ballot's number in the box, and the check that its fault belongs to. */
async function named(start, part) {
  try {
    return await part;
  } catch (error) {
    if (!isFinding(error)) throw error;
    if (Number.isInteger(error.params.ballot)) error.params.ballot += start;
    const form = error.code === "malformed" || error.code.startsWith("ballot-uuid") ||
      error.code === "ballot-election";
    return check(form ? "V10" : "V11", () => {
      throw error;
    });
  }
}

function requireDistinct(ballots) {
  const seen = new Set();
  ballots.forEach((bytes, ballot) => {
    const digest = sha256Hex(bytes);
    if (seen.has(digest)) throw new VerificationError("ballot-duplicate", { ballot });
    seen.add(digest);
  });
}

/** Run one check; what it finds is `not-valid` with the check's number, and is its cause. */
function check(number, body) {
  try {
    return body();
  } catch (error) {
    if (!isFinding(error)) throw error;
    const finding = new VerificationError("not-valid", { checks: [number] });
    finding.cause = error;
    throw finding;
  }
}

/** Not a fault of the program, nor what is refused by name, nor a check that was not made. */
function isFinding(error) {
  const other = error instanceof UnsupportedError || error instanceof UnavailableError;
  return error instanceof PiaojueError && !other;
}

const elections = new Map();

/** A decoded election: a Worker gets the same one with every message. */
export function electionOf(raw) {
  const digest = sha256Hex(raw);
  if (!elections.has(digest)) {
    elections.clear();
    elections.set(digest, decodeElection(raw));
  }
  return elections.get(digest);
}
