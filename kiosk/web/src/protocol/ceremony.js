// The key ceremony's messages and their bytes (docs/spec/ceremony.md, version 1;
// voting/protocol/ceremony.py).
//
//   commit            a hash over certificate, coefficients' digest, note key, box key, nonce
//   reveal            what was hashed, once all n commitments are held
//   shares            the coefficients, and a sealed share for every trustee
//   acknowledge       the public key of one's share: every share was right
//     or complaint    whose share was wrong: the ceremony ends
//   rehearsal         (from anybody) a ciphertext with its randomness and number
//   rehearsal-answer  one's factor of it
//
// The server only relays. From *shares* on a message is signed by the trustee's note key and names
// the digest of all that was revealed (the *transcript*), of which the people read ten digits
// aloud before any share is sent. Every kind here has `encode` and `decode`; messages are plain
// objects whose `raw` are the bytes that came in.

import { bytesToHex, fromBase64, hexToBytes, toBase64, toBytes } from "../crypto/bytes.js";
import { ED25519, decodeScalar } from "../crypto/group.js";
import { sha256Hex } from "../crypto/hashing.js";
import { FormatError } from "../errors.js";
import { decodeCertificate, decodeCoefficients, signedJson } from "./certificates.js";
import * as codec from "./codec.js";
import * as envelope from "./envelope.js";
import { keyJson } from "./trustees.js";
import { proofJson, takeProof } from "./values.js";

const COMMIT_TAG = "piaojue/ceremony-commit/1\n";
const CODE_TAG = "piaojue/ceremony-code/1\n";
const MAX_BOX = 2048; // Base64 characters; a box has 300

/** Why a trustee complains. */
export const REASONS = ["box", "share", "message"];

/** {trustee, commitment}: 64 hex digits. */
export const Commit = {
  encode: (session, { trustee, commitment }) =>
    envelope.write(session, "commit", trustee, { commitment }),

  decode(session, bytes) {
    const [trustee, body] = envelope.read(session, "commit", bytes);
    const [commitment] = codec.fields(body, "commit", "commitment");
    return { raw: bytes, trustee, commitment: codec.hex64(commitment, "commit.commitment") };
  },
};

/**
 * {trustee, certificate, coefficients, noteKey, boxKey, nonce}: what was committed to. All but
 * the certificate are 64 hex digits; `coefficients` is SHA-256 of the text that commits to the
 * polynomial.
 */
export const Reveal = {
  encode: (session, one) => envelope.write(session, "reveal", one.trustee, {
    certificate: signedJson(one.certificate.signed),
    coefficients: one.coefficients,
    note_key: one.noteKey,
    box_key: one.boxKey,
    nonce: one.nonce,
  }),

  decode(session, bytes) {
    const [trustee, body] = envelope.read(session, "reveal", bytes);
    const names = ["certificate", "coefficients", "note_key", "box_key", "nonce"];
    const [certificate, ...texts] = codec.fields(body, "reveal", ...names);
    const [coefficients, noteKey, boxKey, nonce] =
      texts.map((text, i) => codec.hex64(text, `reveal.${names[i + 1]}`));
    // Our text of an element is the reverse of RFC 8032's bytes.
    const point = ED25519.decode(bytesToHex(hexToBytes(noteKey).reverse()), "reveal.note_key");
    if (point.isIdentity) throw new FormatError("reveal.note_key", "the identity is not a key");
    const decoded = decodeCertificate(certificate, "reveal.certificate", ED25519);
    return { raw: bytes, trustee, certificate: decoded, coefficients, noteKey, boxKey, nonce };
  },
};

/** What commitment and transcript hash for one trustee. */
export function revealLines({ certificate, coefficients, noteKey, boxKey, nonce }) {
  const signed = new TextDecoder().decode(codec.encode(signedJson(certificate.signed)));
  return [signed, coefficients, noteKey, boxKey, nonce].join("\n");
}

/** The commitment to a reveal, in hex. */
export function commitmentOf(reveal) {
  return sha256Hex(COMMIT_TAG + revealLines(reveal));
}

/**
 * {trustee, transcript, coefficients, approval, boxes}: `approval` is the trustee's entry of
 * `signatures`; `boxes[j-1]` is for trustee j.
 */
export const Shares = {
  encode: (session, one, noteSeed) => envelope.writeSigned(session, "shares", one.trustee, {
    transcript: one.transcript,
    coefexps: signedJson(one.coefficients.signed),
    signature: proofJson(one.approval),
    boxes: one.boxes.map(toBase64),
  }, noteSeed),

  decode(session, bytes, noteKeys) {
    const [trustee, body] = envelope.readSigned(session, "shares", bytes, noteKeys);
    const names = ["transcript", "coefexps", "signature", "boxes"];
    const [digest, coefexps, signature, boxes] = codec.fields(body, "shares", ...names);
    const listed = codec.array(boxes, "shares.boxes", { size: session.size });
    return {
      raw: bytes,
      trustee,
      transcript: codec.hex64(digest, "shares.transcript"),
      coefficients: decodeCoefficients(coefexps, "shares.coefexps", ED25519),
      approval: takeProof(signature, "shares.signature", ED25519),
      boxes: listed.map((box, j) => takeBase64(box, `shares.boxes[${j}]`)),
    };
  },
};

/** {trustee, transcript, shares, key}: `shares` hashes all n *shares* messages. */
export const Acknowledgement = {
  encode: (session, { trustee, transcript: digest, shares, key }, noteSeed) => {
    const body = { transcript: digest, shares, key: keyJson(key) };
    return envelope.writeSigned(session, "acknowledge", trustee, body, noteSeed);
  },

  decode(session, bytes, noteKeys) {
    const place = "acknowledge";
    const [trustee, body] = envelope.readSigned(session, place, bytes, noteKeys);
    const [digest, shares, key] = codec.fields(body, place, "transcript", "shares", "key");
    const names = ["pok", "public_key", "signature"];
    const [pok, publicKey, signature] = codec.fields(key, `${place}.key`, ...names);
    return {
      raw: bytes,
      trustee,
      transcript: codec.hex64(digest, `${place}.transcript`),
      shares: codec.hex64(shares, `${place}.shares`),
      key: {
        pok: takeProof(pok, `${place}.key.pok`, ED25519),
        publicKey: ED25519.decode(publicKey, `${place}.key.public_key`),
        signature: takeProof(signature, `${place}.key.signature`, ED25519),
        name: null,
      },
    };
  },
};

/** {trustee, transcript, against, reason}: what `against` sent `trustee` is wrong. */
export const Complaint = {
  encode: (session, { trustee, transcript: digest, against, reason }, noteSeed) => {
    const body = { transcript: digest, against, reason };
    return envelope.writeSigned(session, "complaint", trustee, body, noteSeed);
  },

  decode(session, bytes, noteKeys) {
    const place = "complaint";
    const [trustee, body] = envelope.readSigned(session, place, bytes, noteKeys);
    const [digest, against, reason] = codec.fields(body, place, "transcript", "against", "reason");
    if (!REASONS.includes(reason)) throw new FormatError(`${place}.reason`, "not a reason");
    return {
      raw: bytes,
      trustee,
      against: codec.integer(against, `${place}.against`, { low: 1, high: session.size }),
      transcript: codec.hex64(digest, `${place}.transcript`),
      reason,
    };
  },
};

/** {alpha, beta, randomness, message}: a ciphertext whose randomness and number are public. */
export const Rehearsal = {
  encode: (session, { alpha, beta, randomness, message }) =>
    envelope.write(session, "rehearsal", 0, {
      alpha: alpha.text,
      beta: beta.text,
      randomness: randomness.toString(),
      message: message.toString(),
    }),

  decode(session, bytes) {
    const place = "rehearsal";
    const [trustee, body] = envelope.read(session, place, bytes);
    if (trustee !== 0) throw new FormatError(`${place}.trustee`, "a rehearsal is nobody's");
    const names = ["alpha", "beta", "randomness", "message"];
    const [alpha, beta, randomness, message] = codec.fields(body, place, ...names);
    return {
      raw: bytes,
      alpha: ED25519.decode(alpha, `${place}.alpha`),
      beta: ED25519.decode(beta, `${place}.beta`),
      randomness: decodeScalar(randomness, ED25519.order, `${place}.randomness`),
      message: decodeScalar(message, ED25519.order, `${place}.message`),
    };
  },
};

/** {trustee, rehearsal, factor}: `rehearsal` is the SHA-256 of the rehearsal message in hex. */
export const RehearsalAnswer = {
  encode: (session, { trustee, rehearsal, factor }, noteSeed) => {
    const body = { rehearsal, factor: factor.text };
    return envelope.writeSigned(session, "rehearsal-answer", trustee, body, noteSeed);
  },

  decode(session, bytes, noteKeys) {
    const place = "rehearsal-answer";
    const [trustee, body] = envelope.readSigned(session, place, bytes, noteKeys);
    const [digest, factor] = codec.fields(body, place, "rehearsal", "factor");
    return {
      raw: bytes,
      trustee,
      rehearsal: codec.hex64(digest, `${place}.rehearsal`),
      factor: ED25519.decode(factor, `${place}.factor`),
    };
  },
};

/** SHA-256 in hex over the session and all n reveals, in the order of their indexes. */
export function transcript(session, reveals) {
  const head = [session.meeting, session.attempt, session.threshold, session.size];
  const sorted = [...reveals].sort((a, b) => a.trustee - b.trustee);
  return sha256Hex(`${CODE_TAG}${[...head, ...sorted.map(revealLines)].join("\n")}\n`);
}

/** The ten digits that people read aloud, as `12345 67890` (33.2 bits). */
export function code(transcriptHex) {
  const number = BigInt(`0x${transcriptHex.slice(0, 32)}`) % 10n ** 10n;
  const digits = number.toString().padStart(10, "0");
  return `${digits.slice(0, 5)} ${digits.slice(5)}`;
}

function takeBase64(value, place) {
  const bytes = fromBase64(codec.text(value, place, { maxLength: MAX_BOX }));
  if (bytes === null) throw new FormatError(place, "not Base64, or in another spelling");
  return bytes;
}
