// What a device checks of the ceremony's messages as a server relayed them (tally/relayed.py).
//
// Lists must have exactly one message from each trustee; certificates, coefficients and shares
// must be what was committed to, for this attempt of the ceremony, and fit together.

import { concat, sameBytes } from "../crypto/bytes.js";
import { checkShare } from "../crypto/dkg.js";
import { ED25519 } from "../crypto/group.js";
import { sha256Hex } from "../crypto/hashing.js";
import { verifyMessage } from "../crypto/signature.js";
import { FaultyTrusteeError, ProofError, RefusedError, VerificationError } from "../errors.js";
import { approvalMessage, verifySigned } from "../protocol/certificates.js";
import { openShare } from "../protocol/sharebox.js";

/** Exactly one message from each trustee, in the order of their indexes. */
export function oneEach(session, messages) {
  const found = new Map();
  for (const message of messages) {
    const { trustee } = message;
    if (found.has(trustee)) throw new VerificationError("ceremony-second", { trustee });
    found.set(trustee, message);
  }
  const everybody = Array.from({ length: session.size }, (_, i) => i + 1);
  const missing = everybody.filter((i) => !found.has(i));
  if (missing.length || messages.length !== session.size) {
    throw new RefusedError("ceremony-incomplete", { missing });
  }
  return everybody.map((i) => found.get(i));
}

/** Require the same messages as before; a trustee says each thing once. */
export function unchanged(before, now) {
  before.forEach((old, i) => {
    if (!sameBytes(old.raw, now[i].raw)) {
      throw new VerificationError("ceremony-second", { trustee: now[i].trustee });
    }
  });
}

/** Require that no value stands twice, for two trustees or for one. */
export function distinct(messages, keys) {
  const seen = new Map();
  for (const message of messages) {
    const { trustee } = message;
    for (const key of keys(message)) {
      if (seen.has(key)) {
        throw new VerificationError("ceremony-duplicate", { trustee, other: seen.get(key) });
      }
      seen.set(key, trustee);
    }
  }
}

/** What no two trustees may share, and no trustee may use twice. */
export function keysOf({ certificate, coefficients, noteKey, boxKey, nonce }) {
  const { verification, encryption } = certificate;
  return [verification.text, encryption.text, coefficients, noteKey, boxKey, nonce];
}

/** Hash all *shares* messages, given in the order of their trustees. */
export function sharesDigest(ordered) {
  const joined = ordered.flatMap((one, i) => (i ? [Uint8Array.of(10), one.raw] : [one.raw]));
  return sha256Hex(concat(...joined));
}

/** Check that a certificate is for this ceremony and index, and signed by its own key. */
export function checkCertificate(session, { trustee, certificate }) {
  const { groupName, size, threshold, index, verification, encryption } = certificate;
  const told = groupName === ED25519.name && size === session.size &&
    threshold === session.threshold && index === trustee;
  if (!told) throw new VerificationError("ceremony-context", { trustee });
  try {
    if (verification.isIdentity || encryption.isIdentity) throw new ProofError();
    verifySigned(ED25519, verification, certificate.signed);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new VerificationError("ceremony-certificate", { trustee });
  }
}

/**
 * What a dealer sent to trustee `index`: [share, null], or [0n, why it is wrong].
 * @returns {[bigint, "box"|"share"|"message"|null]}
 */
export function checkDealer(session, reveals, index, boxSecret, shares) {
  const shown = reveals[shares.trustee - 1];
  const { verification } = shown.certificate;
  const { coefficients, trustee: dealer } = shares;
  try {
    verifySigned(ED25519, verification, coefficients.signed);
    verifyMessage(ED25519, verification, approvalOf(reveals, coefficients), shares.approval);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    return [0n, "message"];
  }
  if (sha256Hex(coefficients.signed.message) !== shown.coefficients) return [0n, "message"];
  try {
    const whose = { dealer, recipient: index, boxSecret, theirKey: shown.boxKey };
    const share = openShare(session, shares.boxes[index - 1], whose);
    const { commitments } = coefficients;
    const { threshold } = session;
    checkShare(ED25519, { threshold, dealer, commitments, recipient: index, share });
    return [share, null];
  } catch (error) {
    if (error instanceof ProofError) return [0n, "box"];
    if (error instanceof FaultyTrusteeError) return [0n, "share"];
    throw error;
  }
}

/** The text with which a trustee approves all certificates and his coefficients. */
export function approvalOf(reveals, { commitments }) {
  return approvalMessage(reveals.map((one) => one.certificate.signed), commitments);
}
