// What the members of a Pedersen group sign: certificates, coefficients, approvals
// (docs/spec/trustees.md, section 3; voting/protocol/certificates.py).
//
// Each is a JSON text inside a JSON string, with a Schnorr signature over `sigmsg|TEXT|`.
// Decoding proves form and membership; whether the context is the expected one and the signature
// holds is for `trustees.verifyTrustees` and the ceremony.
//
// A *signed text* is {message, signature}.

import { toBytes } from "../crypto/bytes.js";
import { verifyMessage } from "../crypto/signature.js";
import * as codec from "./codec.js";
import { proofJson, takeProof } from "./values.js";

const MAX_COEFFICIENTS = 100;
const MAX_TEXT = 100_000;

/** Throws ProofError unless `key` signed this text. */
export function verifySigned(group, key, { message, signature }) {
  verifyMessage(group, key, message, signature);
}

/** A signed text as JSON. */
export function signedJson({ message, signature }) {
  return { message, signature: proofJson(signature) };
}

/** The text that member `index` (from 1) signs as its certificate. */
export function certificateMessage(group, { size, threshold, index, verification, encryption }) {
  return textOf({
    context: { group: group.name, size, threshold, index },
    verification: verification.text,
    encryption: encryption.text,
  });
}

/** The text that a member signs as the commitments to its polynomial. */
export function coefficientsMessage(commitments) {
  return textOf({ coefexps: commitments.map((a) => a.text) });
}

/** The text by which a member names all certificates and its own commitments. */
export function approvalMessage(certificates, commitments) {
  const certs = certificates.map(signedJson);
  return `certs_sig|${textOf({ certs, coefexps: commitments.map((a) => a.text) })}`;
}

/** Take {"message":TEXT,"signature":proof}. */
export function decodeSigned(value, place, group) {
  const [message, signature] = codec.fields(value, place, "message", "signature");
  return {
    message: codec.text(message, `${place}.message`, { maxLength: MAX_TEXT }),
    signature: takeProof(signature, `${place}.signature`, group),
  };
}

/** A certificate: {signed, groupName, size, threshold, index, verification, encryption}. */
export function decodeCertificate(value, place, group) {
  const signed = decodeSigned(value, place, group);
  const inner = `${place}.message`;
  const message = codec.decodeExact(toBytes(signed.message), inner);
  const [context, verification, encryption] =
    codec.fields(message, inner, "context", "verification", "encryption");
  const at = `${inner}.context`;
  const [name, ...numbers] = codec.fields(context, at, "group", "size", "threshold", "index");
  const [size, threshold, index] = numbers.map((n) => codec.integer(n, at));
  return {
    signed,
    groupName: codec.text(name, `${at}.group`),
    size,
    threshold,
    index,
    verification: group.decode(verification, `${inner}.verification`),
    encryption: group.decode(encryption, `${inner}.encryption`),
  };
}

/** The commitments A_0 … A_(t-1) to one member's polynomial: {signed, commitments}. */
export function decodeCoefficients(value, place, group) {
  const signed = decodeSigned(value, place, group);
  const inner = `${place}.message`;
  const message = codec.decodeExact(toBytes(signed.message), inner);
  const [listed] = codec.fields(message, inner, "coefexps");
  const at = `${inner}.coefexps`;
  const texts = codec.array(listed, at, { low: 1, high: MAX_COEFFICIENTS });
  return { signed, commitments: texts.map((a, k) => group.decode(a, `${at}[${k}]`)) };
}

function textOf(value) {
  return new TextDecoder().decode(codec.encode(value));
}
