// Signed notes: a text with Ed25519 signatures beneath (C2SP signed-note; docs/spec/checkpoint.md,
// section 2; voting/protocol/note.py).
//
// Read more strictly than C2SP: every line must be by a known signer, of the one known kind
// (Ed25519), valid, at most one for each name, and in ascending order of names. So a note has one
// spelling. A signature says that the holder of a key saw this text, and nothing of time.

import { ed25519 } from "@noble/curves/ed25519.js";

import { concat, fromBase64, sameBytes, toBase64, toBytes } from "../crypto/bytes.js";
import { sha256Bytes } from "../crypto/hashing.js";
import { FormatError, ProofError } from "../errors.js";

const MAX_BYTES = 64 * 1024;
const KIND_ED25519 = 1;
const SPACE = "\\s\\u001c-\\u001f\\u0085"; // what Python's \s matches beside JavaScript's
const NAME = new RegExp(`^[^${SPACE}+\\x00-\\x1f\\x7f]{1,100}$`, "u");
const LINE = new RegExp(`^— ([^${SPACE}+]{1,100}) ([A-Za-z0-9+/]{91}=)$`, "u");
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]/;

/** First 4 bytes of SHA-256(name, line break, 0x01, 32-byte Ed25519 public key). */
export function keyId(name, publicKey) {
  return sha256Bytes(`${name}\n`, new Uint8Array([KIND_ED25519]), publicKey).subarray(0, 4);
}

/** The 32-byte Ed25519 public key of a 32-byte seed. */
export function publicNoteKey(seed) {
  return ed25519.getPublicKey(seed);
}

/**
 * Sign a text under a name.
 * @param {string} text ends in a line break
 * @param {string} name without space and plus sign
 * @param {Uint8Array} seed 32 bytes
 * @returns {{name: string, keyId: Uint8Array, signature: Uint8Array}}
 */
export function signNote(text, name, seed) {
  checkText(text, "note");
  if (!NAME.test(name)) {
    throw new FormatError("note.name", "empty, too long, or has a space or a plus sign");
  }
  const id = keyId(name, publicNoteKey(seed));
  return { name, keyId: id, signature: ed25519.sign(toBytes(text), seed) };
}

/** A signature's line as it stands in the note, without its line break. */
export function signatureLine({ name, keyId: id, signature }) {
  return `— ${name} ${toBase64(concat(id, signature))}`;
}

/** Write a note, its signatures sorted by name. Bytes. */
export function encodeNote(text, signatures) {
  const sorted = [...signatures].sort((a, b) => (a.name < b.name ? -1 : 1));
  return toBytes(`${text}\n${sorted.map((one) => `${signatureLine(one)}\n`).join("")}`);
}

/** Read one signature line, without its line break. Throws FormatError. */
export function parseSignatureLine(line, place = "note.signature") {
  const match = LINE.exec(line);
  if (match === null) throw new FormatError(place, "not a signature line");
  const blob = fromBase64(match[2]);
  if (blob === null) throw new FormatError(place, "Base64 with unused bits set");
  return { name: match[1], keyId: blob.subarray(0, 4), signature: blob.subarray(4) };
}

/**
 * Read a note that is exactly what `encodeNote` writes; no signature is verified.
 * @returns {{text: string, signatures: object[]}}
 * @throws {FormatError}
 */
export function parseNote(bytes, place = "note") {
  if (bytes.length > MAX_BYTES) throw new FormatError(place, `longer than ${MAX_BYTES} bytes`);
  let whole;
  try {
    whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FormatError(place, "not UTF-8 text");
  }
  const blank = whole.lastIndexOf("\n\n");
  const block = whole.slice(blank + 2);
  if (blank < 0 || !block.endsWith("\n")) {
    throw new FormatError(place, "no signatures after a blank line");
  }
  const text = whole.slice(0, blank + 1);
  checkText(text, place);
  const signatures = block.slice(0, -1).split("\n")
    .map((line, i) => parseSignatureLine(line, `${place}.signatures[${i}]`));
  if (signatures.some((one, i) => i > 0 && signatures[i - 1].name >= one.name)) {
    throw new FormatError(place, "signatures are not in ascending order of distinct names");
  }
  return { text, signatures };
}

/**
 * Verify every signature of a note and return the signers' names.
 * @param {{text: string, signatures: object[]}} note
 * @param {Map<string, Uint8Array>} known 32-byte public key by name
 * @throws {ProofError} `note-unknown-signer`, `note-signed-twice`, `bad-signature`
 */
export function verifyNote(note, known) {
  const names = [];
  for (const { name, keyId: id, signature } of note.signatures) {
    const key = known.get(name);
    if (key === undefined || !sameBytes(keyId(name, key), id)) {
      throw new ProofError("note-unknown-signer", { name });
    }
    if (names.includes(name)) throw new ProofError("note-signed-twice", { name });
    verifySignature(key, toBytes(note.text), signature, name);
    names.push(name);
  }
  return names;
}

/**
 * Verify an RFC 8032 signature (32-byte key, 64-byte signature), or throw `bad-signature`.
 *
 * Not by ZIP 215's rules: then the verdict is libsodium's on every input.
 * @param {string} by whose it should be, for the error
 */
export function verifySignature(publicKey, message, signature, by) {
  let holds = false;
  try {
    holds = ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    holds = false; // a length or a point that is none
  }
  if (!holds) throw new ProofError("bad-signature", { by });
}

function checkText(text, place) {
  if (!text.endsWith("\n") || text === "\n") {
    throw new FormatError(place, "the text does not end in a line break");
  }
  if (CONTROL.test(text)) throw new FormatError(place, "a control character");
}
