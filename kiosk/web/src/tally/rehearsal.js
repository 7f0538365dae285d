// The rehearsal decryption: every set of t opens it, and it can open nothing else
// (tally/rehearsal.py; docs/spec/ceremony.md, section 6).
//
// The ciphertext comes with its randomness and number, and a device checks both before it answers.
// Whoever can name r has made the ciphertext himself and learns nothing from an answer; of a
// ballot nobody can. So no proof is needed in the answers either: the right factor is r·X_j.
//
// Refused for ever after the first opening.

import { toBytes } from "../crypto/bytes.js";
import { combineThreshold, removeFactors } from "../crypto/decryption.js";
import { Encryptor } from "../crypto/elgamal.js";
import { ED25519 } from "../crypto/group.js";
import { sha256Hex } from "../crypto/hashing.js";
import { FaultyTrusteeError, RefusedError, VerificationError } from "../errors.js";
import { Rehearsal, RehearsalAnswer } from "../protocol/ceremony.js";
import { decodeTrustees } from "../protocol/trustees.js";
import { remember } from "./memory.js";
import { oneEach } from "./relayed.js";

/**
 * This trustee's factor of a rehearsal ciphertext, as the message to post.
 * @throws {RefusedError} `rehearsal-over` after the first opening, `share-destroyed`
 * @throws {VerificationError} `rehearsal-ciphertext`: it is not what it says it is
 */
export function answerRehearsal(memory, secrets, bytes) {
  if (memory.destroyed) throw new RefusedError("share-destroyed");
  if (memory.opened) throw new RefusedError("rehearsal-over");
  const { alpha } = checked(memory, bytes);
  const factor = alpha.multiply(secrets.share);
  const said = { trustee: memory.index, rehearsal: sha256Hex(bytes), factor };
  return RehearsalAnswer.encode(memory.session, said, secrets.noteSeed);
}

/**
 * Check that all n answered and every set of t opens the rehearsal; returns the new memory.
 * @throws {RefusedError} `ceremony-incomplete` with the `missing` trustees
 * @throws {FaultyTrusteeError} an answer that is not r·X_j
 * @throws {VerificationError} `rehearsal-opens-wrong`
 */
export function checkRehearsal(memory, bytes, answers) {
  const rehearsal = checked(memory, bytes);
  const { session, noteKeys } = memory;
  const trustees = trusteesOf(memory);
  const digest = sha256Hex(bytes);
  const decoded = answers.map((one) => RehearsalAnswer.decode(session, one, noteKeys));
  const factors = new Map();
  for (const { trustee, rehearsal: asked, factor } of oneEach(session, decoded)) {
    const right = trustees.key(trustee).multiply(rehearsal.randomness);
    if (asked !== digest || !factor.equals(right)) throw new FaultyTrusteeError(trustee);
    factors.set(trustee, factor);
  }
  const wanted = ED25519.multiplyGenerator(rehearsal.message);
  for (const chosen of combinations([...factors.keys()], session.threshold)) {
    const some = new Map(chosen.map((index) => [index, factors.get(index)]));
    const opened = combineThreshold(ED25519, session.threshold, some);
    if (!removeFactors(ED25519, rehearsal, [opened]).equals(wanted)) {
      throw new VerificationError("rehearsal-opens-wrong", { trustees: chosen });
    }
  }
  return remember(memory, { rehearsed: true });
}

function checked(memory, bytes) {
  const rehearsal = Rehearsal.decode(memory.session, bytes);
  const { publicKey } = trusteesOf(memory);
  const encryptor = new Encryptor(ED25519, publicKey);
  const made = encryptor.encrypt(rehearsal.message, rehearsal.randomness);
  if (!rehearsal.alpha.equals(made.alpha) || !rehearsal.beta.equals(made.beta)) {
    throw new VerificationError("rehearsal-ciphertext");
  }
  return rehearsal;
}

function trusteesOf(memory) {
  return decodeTrustees(toBytes(memory.trustees), ED25519);
}

function combinations(values, size) {
  if (size === 0) return [[]];
  return values.flatMap((value, i) =>
    combinations(values.slice(i + 1), size - 1).map((rest) => [value, ...rest]));
}
