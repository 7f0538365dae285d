// A trustee's steps through the key ceremony, pure: state in, state and message out
// (tally/ceremony.py; docs/spec/ceremony.md).
//
//   begin → commit          wait for all n commitments
//   reveal → reveal         wait for all n reveals
//   compare → ten digits    people read them aloud
//   deal → shares           only after a person confirmed the digits
//   receive → acknowledge   or a complaint: the ceremony ends; begin again as the next attempt
//   finish → keys           trustees.json made and checked here, secrets, memory
//
// The server relays and is believed in nothing: every list must have exactly one message from each
// trustee, one's own among them unchanged, and the lists of earlier steps are never given twice.
// What cannot go on because something is missing is a RefusedError; what somebody must have forged
// is a VerificationError with the trustee whose message it was.

import { sameBytes } from "../crypto/bytes.js";
import * as dkg from "../crypto/dkg.js";
import { ED25519 } from "../crypto/group.js";
import { freshScalars } from "../crypto/hashing.js";
import { signMessage } from "../crypto/signature.js";
import { RefusedError, VerificationError } from "../errors.js";
import {
  Acknowledgement,
  Commit,
  Complaint,
  Reveal,
  Shares,
  code,
  commitmentOf,
  transcript,
} from "../protocol/ceremony.js";
import { kindOf } from "../protocol/envelope.js";
import { NONCE_BYTES, sealShare } from "../protocol/sharebox.js";
import { decodeTrustees, encodeTrustees, verifyTrustees } from "../protocol/trustees.js";
import { drawKeys, trusteeKey } from "./drawing.js";
import { newMemory } from "./memory.js";
import {
  approvalOf,
  checkCertificate,
  checkDealer,
  distinct,
  keysOf,
  oneEach,
  sharesDigest,
  unchanged,
} from "./relayed.js";

/**
 * Draw all keys and the polynomial, and commit to them.
 * @param {{meeting: string, attempt: number, threshold: number, size: number}} session what the
 *   people of this meeting told the device
 * @param {number} index this trustee, from 1
 * @param {(n: number) => Uint8Array} rand uniform bytes
 * @returns {[object, Uint8Array]} the state, and the message to post
 * @throws {RefusedError} `ceremony-numbers`: not 2 <= t <= n < 2t, or an index outside
 */
export function begin(session, index, rand) {
  const { threshold: t, size: n } = session;
  if (!(t >= 2 && t <= n && n < 2 * t && index >= 1 && index <= n)) {
    throw new RefusedError("ceremony-numbers", { threshold: t, size: n });
  }
  const drawn = drawKeys(session, index, rand);
  const state = {
    session,
    index,
    ...drawn,
    commitment: commitmentOf(drawn.own),
    ownReveal: Reveal.encode(session, drawn.own),
    commits: null,
    reveals: null,
    transcript: "",
    ownShares: null,
    shares: null,
    sharesDigest: "",
    share: null,
    answer: null,
  };
  return [state, Commit.encode(session, { trustee: index, commitment: state.commitment })];
}

/**
 * Show what was committed to, holding all n commitments.
 * @throws {RefusedError} `ceremony-incomplete`
 * @throws {VerificationError} `ceremony-second`, `ceremony-own-changed`, `ceremony-duplicate`
 */
export function reveal(state, commits) {
  const { session, index } = state;
  const found = oneEach(session, commits.map((bytes) => Commit.decode(session, bytes)));
  if (found[index - 1].commitment !== state.commitment) {
    throw new VerificationError("ceremony-own-changed", { trustee: index });
  }
  unchanged(state.commits ?? found, found);
  distinct(found, (one) => [one.commitment]);
  return [{ ...state, commits: found }, state.ownReveal];
}

/**
 * Take all n reveals; then `codeOf` is what the people compare.
 * @throws {RefusedError} before this device revealed, or `ceremony-incomplete`
 * @throws {VerificationError} `ceremony-second`, `ceremony-own-changed`,
 *   `ceremony-not-committed`, `ceremony-context`, `ceremony-certificate`, `ceremony-duplicate`
 */
export function compare(state, reveals) {
  const { session, index } = state;
  if (state.commits === null) throw new RefusedError("ceremony-step");
  const found = oneEach(session, reveals.map((bytes) => Reveal.decode(session, bytes)));
  unchanged(state.reveals ?? found, found);
  if (!sameBytes(found[index - 1].raw, state.ownReveal)) {
    throw new VerificationError("ceremony-own-changed", { trustee: index });
  }
  found.forEach((shown, i) => {
    if (commitmentOf(shown) !== state.commits[i].commitment) {
      throw new VerificationError("ceremony-not-committed", { trustee: shown.trustee });
    }
    checkCertificate(session, shown);
  });
  distinct(found, keysOf);
  return { ...state, reveals: found, transcript: transcript(session, found) };
}

/** The ten digits to read aloud, once all n have revealed. */
export function codeOf(state) {
  return code(state.transcript);
}

/**
 * Send everybody his share, after a person confirmed the code.
 * @param {string} heard the ten digits as read aloud and entered or confirmed on this device
 * @throws {RefusedError} before there is a code, `ceremony-code` when another one was heard
 */
export function deal(state, heard, rand) {
  const { session, index } = state;
  if (!state.transcript) throw new RefusedError("ceremony-step");
  if (heard.replace(/\s/g, "") !== codeOf(state).replace(/\s/g, "")) {
    throw new RefusedError("ceremony-code");
  }
  if (state.ownShares !== null) return [state, state.ownShares];
  const draw = freshScalars(rand, ED25519);
  const approval = approvalOf(state.reveals, state.coefficients);
  const boxes = state.reveals.map((to) => sealShare(session, {
    dealer: index,
    recipient: to.trustee,
    share: state.polynomial.share(to.trustee),
    boxSecret: state.boxSecret,
    theirKey: to.boxKey,
    nonce: rand(NONCE_BYTES),
  }));
  const { signing } = dkg.secretsFromSeed(ED25519, state.seed);
  const message = Shares.encode(session, {
    trustee: index,
    transcript: state.transcript,
    coefficients: state.coefficients,
    approval: signMessage(ED25519, signing, approval, draw()),
    boxes,
  }, state.noteSeed);
  return [{ ...state, ownShares: message }, message];
}

/**
 * Open and check the shares; acknowledge them, or complain about the first wrong one.
 * @throws {RefusedError} before this device dealt, or `ceremony-incomplete`
 * @throws {ProofError} a message that its trustee's note key did not sign
 * @throws {VerificationError} `ceremony-second`, `ceremony-own-changed`, `ceremony-transcript`
 */
export function receive(state, messages, rand) {
  const { session, index } = state;
  if (state.ownShares === null || hasEnded(state)) throw new RefusedError("ceremony-step");
  const keys = noteKeysOf(state);
  const found = oneEach(session, messages.map((bytes) => Shares.decode(session, bytes, keys)));
  if (!messages.some((bytes) => sameBytes(bytes, state.ownShares))) {
    throw new VerificationError("ceremony-own-changed", { trustee: index });
  }
  if (state.shares !== null) {
    unchanged(state.shares, found);
    return [state, state.answer];
  }
  for (const one of found) {
    if (one.transcript !== state.transcript) {
      throw new VerificationError("ceremony-transcript", { trustee: one.trustee });
    }
  }
  const digest = sharesDigest(found);
  const received = { ...state, shares: found, sharesDigest: digest };
  const values = [];
  for (const one of found) {
    const [value, reason] = checkDealer(session, state.reveals, index, state.boxSecret, one);
    if (reason !== null) return complained(received, one.trustee, reason);
    values.push(value);
  }
  const share = dkg.combineShares(ED25519, values);
  const key = trusteeKey(state.seed, share, rand);
  const said = { trustee: index, transcript: state.transcript, shares: digest, key };
  const answer = Acknowledgement.encode(session, said, state.noteSeed);
  return [{ ...received, share, answer }, answer];
}

/**
 * Make `trustees.json` from what everybody acknowledged, and check all of it.
 * @returns {{trustees: Uint8Array, secrets: object, memory: object}}
 * @throws {RefusedError} `ceremony-complaint` with `by` and `against`; `ceremony-incomplete`
 * @throws {VerificationError} `ceremony-key`, `ceremony-shares`, and what `verifyTrustees` finds
 */
export function finish(state, answers) {
  const { session, index } = state;
  if (state.answer === null) throw new RefusedError("ceremony-step");
  const keys = noteKeysOf(state);
  for (const bytes of answers) {
    if (kindOf(bytes) !== "complaint") continue;
    const { trustee: by, against } = Complaint.decode(session, bytes, keys);
    throw new RefusedError("ceremony-complaint", { by, against });
  }
  if (state.share === null) throw new RefusedError("ceremony-step");
  const found = oneEach(session, answers.map((a) => Acknowledgement.decode(session, a, keys)));
  if (!answers.some((bytes) => sameBytes(bytes, state.answer))) {
    throw new VerificationError("ceremony-own-changed", { trustee: index });
  }
  const commitments = state.shares.map((one) => one.coefficients.commitments);
  for (const { trustee, transcript: seen, shares, key } of found) {
    if (seen !== state.transcript || shares !== state.sharesDigest) {
      throw new VerificationError("ceremony-shares", { trustee });
    }
    if (!key.publicKey.equals(dkg.verificationKey(ED25519, commitments, trustee))) {
      throw new VerificationError("ceremony-key", { trustee });
    }
  }
  const trustees = assemble(state, found);
  verifyTrustees(decodeTrustees(trustees, ED25519));
  const { seed, noteSeed, boxSecret, share } = state;
  const text = new TextDecoder().decode(trustees);
  const memory = newMemory({ session, index, trustees: text, noteKeys: keys });
  return { trustees, secrets: { share, seed, noteSeed, boxSecret }, memory };
}

/** Whether this trustee complained: only a new attempt goes on. */
export function hasEnded(state) {
  return state.shares !== null && state.share === null;
}

function complained(state, against, reason) {
  const said = { trustee: state.index, transcript: state.transcript, against, reason };
  const answer = Complaint.encode(state.session, said, state.noteSeed);
  return [{ ...state, answer }, answer];
}

function noteKeysOf(state) {
  return state.reveals.map((one) => one.noteKey);
}

function assemble(state, acks) {
  return encodeTrustees([{
    kind: "Pedersen",
    threshold: state.session.threshold,
    certificates: state.reveals.map((one) => one.certificate),
    coefficients: state.shares.map((one) => one.coefficients),
    signatures: state.shares.map((one) => one.approval),
    keys: acks.map((ack) => ack.key),
  }]);
}
