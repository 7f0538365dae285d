// Reading a box that was counted, before an officer certifies what came out of it
// (kiosk/device/certifying.py, tally/verify/box.py: V6 to V16 of docs/spec/verification.md).
//
// The server alone signs *count*, so that the archive it names is valid says nothing: it must be
// the sealed one gone on, over the frozen trustees and the committed credentials, with a second
// proof of every factor.

import { combineThreshold, openCount, removeFactors } from "../crypto/decryption.js";
import { ED25519 } from "../crypto/group.js";
import { sameBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import { randomBytes } from "../crypto/random.js";
import { FaultyTrusteeError, VerificationError } from "../errors.js";
import { roundElection, verifyActive } from "../meeting/binding.js";
import { tracker } from "../protocol/ballot.js";
import { readArchive } from "../protocol/archive.js";
import { ballotsDigest } from "../protocol/checkpoint.js";
import * as codec from "../protocol/codec.js";
import {
  decodePartialDecryption,
  decodeSecondProofs,
  verifyPartialDecryption,
  verifySecondProofs,
} from "../protocol/shares.js";
import { decodeTally, encodeTally } from "../protocol/tally.js";
import { decodeTrustees } from "../protocol/trustees.js";
import { needsShuffles } from "./mixing.js";
import { recount } from "./recount.js";

/**
 * Verify a counted round and return what was opened.
 * @param {{meeting: object, state: object, one: object, archive: Uint8Array, proofs: Uint8Array,
 *   openedAt: string|null}} what one: the round; openedAt: the time of its `open` act
 * @param {object} options as `recount` takes them; mix: as `mixer` of workers.js
 * @returns {Promise<(number[]|(number[]|null)[])[]>} for each question one number for each choice,
 *   or of one that was shuffled each entry's numbers, null for one that no numbers embed to
 * @throws {VerificationError} `archive-mismatch` or what does not hold
 */
export async function countedTotals({ meeting, state, one, archive, proofs, openedAt }, options) {
  const { slot } = one;
  const mismatch = () => new VerificationError("archive-mismatch", { slot });
  const digests = sha256Hex(archive) === one.finalArchive && sha256Hex(proofs) === one.proofs;
  if (!digests) throw mismatch();
  const read = readArchive(archive);
  const sealed = archive.subarray(0, read.sealedSize);
  if (read.stage !== "result" || sha256Hex(sealed) !== one.sealedArchive) throw mismatch();
  if (openedAt === null || read.timestamp !== Date.parse(openedAt) / 1000) throw mismatch();
  const { election, ciphertexts } = await recount(sealed, options);
  checkSetup(meeting, state, one, read);
  const { encryptedTally, numTallied, totalWeight } = read.tally;
  const number = read.ballots.length;
  const summed = sameBytes(encodeTally(ciphertexts), encryptedTally) && numTallied === number;
  if (!summed || totalWeight !== BigInt(number)) throw new VerificationError("tally-wrong");
  const mixed = await checkShuffles(one, read, election, ciphertexts, options);
  const trustees = checkTrustees(meeting, read.setup.trustees);
  const factors = checkShares(election, trustees, mixed, read.shares, proofs);
  const owners = read.shuffles.map(({ owner }) => owner);
  const stranger = [...factors.keys()].find((owner) => owners.length && !owners.includes(owner));
  if (stranger !== undefined) throw new VerificationError("share-unshuffled", { owner: stranger });
  return checkResult(election, trustees, mixed, factors, number, read.result);
}

/** The ciphertexts after the shuffles that the trustees signed, each verified. */
async function checkShuffles(one, { shuffles, shufflesEnded }, election, ciphertexts, { mix }) {
  const made = shuffles.map(({ owner, payload }) => `${owner} ${sha256Hex(payload)}`);
  const signed = one.shuffles.map(([owner, digest]) => `${owner} ${digest}`);
  const needed = needsShuffles(election);
  if (made.join() !== signed.join() || needed !== shufflesEnded || needed !== made.length > 0) {
    throw new VerificationError("record-shuffles", { slot: one.slot });
  }
  let tally = encodeTally(ciphertexts);
  for (const { payload } of shuffles) tally = await mix.check(election.raw, tally, payload);
  return needed ? decodeTally(tally, election, { rand: randomBytes }) : ciphertexts;
}

/** Election, trustees, credentials and ballots are those of meeting and ledger. */
function checkSetup(meeting, state, one, { setup, ballots }) {
  const { slot } = one;
  const rebuilt = roundElection(meeting, slot, one.items, one.number, one.standings);
  if (!sameBytes(setup.election, rebuilt)) {
    throw new VerificationError("election-mismatch", { slot });
  }
  if (setup.certificate !== null) throw new VerificationError("record-certificate");
  verifyActive(state, slot, setup.credentials);
  checkBallots(one, ballots.map(tracker));
}

/** The frozen trustees: the same bytes, one group of the frozen threshold and number. */
function checkTrustees({ trustees: { certificates, threshold, names } }, raw) {
  const trustees = decodeTrustees(raw, ED25519);
  const [group, ...others] = trustees.items;
  const frozen = sha256Hex(raw) === certificates && !others.length &&
    group.threshold === threshold && trustees.size === names.length;
  if (!frozen) throw new VerificationError("record-trustees");
  return trustees;
}

/** The ballots are those that were sealed, in their order, and none of them was spoiled. */
function checkBallots({ slot, returned, ballots, spoiled }, trackers) {
  if (trackers.length !== returned || ballotsDigest(trackers) !== ballots) {
    throw new VerificationError("ballots-mismatch", { slot });
  }
  if (trackers.some((one) => spoiled.has(one))) {
    throw new VerificationError("ballot-spoiled", { slot });
  }
  if (trackers.some((one, i) => i > 0 && trackers[i - 1] >= one)) {
    throw new VerificationError("record-unsorted");
  }
}

/** The factors by owner, each with both proofs. */
function checkShares(election, trustees, ciphertexts, listed, proofs) {
  const second = decodeSecondProofs(proofs, election, ciphertexts);
  const owners = listed.map(({ owner }) => owner);
  if ([...second.trustees.keys()].join() !== owners.join()) {
    throw new VerificationError("proofs-owners", { owners });
  }
  if (new Set(owners).size !== owners.length || trustees.missing(owners)) {
    throw new VerificationError("share-missing", { missing: trustees.missing(owners) });
  }
  return new Map(listed.map(({ owner, payload }) => {
    if (owner > trustees.size) throw new FaultyTrusteeError(owner);
    const share = decodePartialDecryption(payload, election, ciphertexts);
    const key = trustees.key(owner);
    verifyPartialDecryption(election, ciphertexts, owner, key, share);
    verifySecondProofs(election, ciphertexts, owner, key, share, second.trustees.get(owner));
    return [owner, share.factors];
  }));
}

/** Open every total and demand that the archive states these. */
function checkResult(election, { items: [group] }, ciphertexts, factors, number, result) {
  const elements = ciphertexts.map((row, i) => row.map((ciphertext, j) => {
    const of = new Map([...factors].map(([owner, rows]) => [owner, rows[i][j]]));
    const factor = combineThreshold(ED25519, group.threshold, of);
    return removeFactors(ED25519, ciphertext, [factor]);
  }));
  const rows = election.questions.map(({ kind, size }, i) => elements[i].map((element) =>
    (kind === "homomorphic"
      ? openCount(ED25519, element, number)
      : ED25519.extract(size, element))));
  election.questions.forEach((question, i) => requireSum(question, rows[i], number));
  if (!sameBytes(codec.encode({ result: rows }), result)) {
    throw new VerificationError("result-wrong");
  }
  const faithful = (numbers, element) => ED25519.embed(numbers).equals(element);
  return rows.map((row, i) => (election.questions[i].kind === "homomorphic"
    ? row
    : row.map((numbers, j) => (faithful(numbers, elements[i][j]) ? numbers : null))));
}

/** Bounds of a question's totals: what its ballots prove. */
function requireSum({ kind, minimum, maximum, blank }, row, number) {
  if (kind !== "homomorphic") return;
  const empty = blank ? row[0] : 0;
  const chosen = row.reduce((sum, n) => sum + n, 0) - empty;
  const voters = number - empty;
  if (chosen < minimum * voters || chosen > maximum * voters) {
    throw new VerificationError("result-sum");
  }
}
