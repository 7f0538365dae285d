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
import { encodeTally } from "../protocol/tally.js";
import { decodeTrustees } from "../protocol/trustees.js";
import { recount } from "./recount.js";

/**
 * Verify a counted round and return what was opened.
 * @param {{meeting: object, state: object, one: object, archive: Uint8Array, proofs: Uint8Array,
 *   openedAt: string|null}} what one: the round; openedAt: the time of its `open` act
 * @param {object} options as `recount` takes them
 * @returns {Promise<number[][]>} for each item one number for each option
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
  if (!summed || totalWeight !== BigInt(number) || read.shuffles.length || read.shufflesEnded) {
    throw new VerificationError("tally-wrong");
  }
  const trustees = decodeTrustees(read.setup.trustees, ED25519);
  const factors = checkShares(election, trustees, ciphertexts, read.shares, proofs);
  return checkResult(election, trustees, ciphertexts, factors, number, read.result);
}

/** Election, trustees, credentials and ballots are those of meeting and ledger. */
function checkSetup(meeting, state, one, { setup, ballots }) {
  const { slot } = one;
  if (!sameBytes(setup.election, roundElection(meeting, slot, one.items, one.number))) {
    throw new VerificationError("election-mismatch", { slot });
  }
  if (sha256Hex(setup.trustees) !== meeting.trustees.certificates || setup.certificate !== null) {
    throw new VerificationError("record-trustees");
  }
  verifyActive(state, slot, setup.credentials);
  const trackers = ballots.map(tracker);
  if (trackers.length !== one.returned || ballotsDigest(trackers) !== one.ballots) {
    throw new VerificationError("ballots-mismatch", { slot });
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
  const totals = ciphertexts.map((row, i) => row.map((ciphertext, j) => {
    const of = new Map([...factors].map(([owner, rows]) => [owner, rows[i][j]]));
    const factor = combineThreshold(ED25519, group.threshold, of);
    return openCount(ED25519, removeFactors(ED25519, ciphertext, [factor]), number);
  }));
  if (totals.some((row) => row.reduce((sum, n) => sum + n, 0) !== number)) {
    throw new VerificationError("result-sum");
  }
  if (!sameBytes(codec.encode({ result: totals }), result)) {
    throw new VerificationError("result-wrong");
  }
  return totals;
}
