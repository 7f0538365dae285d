// The checkpoint of a sealed box: what trustees sign before any of them decrypts
// (docs/spec/checkpoint.md; voting/protocol/checkpoint.py).
//
// A checkpoint is {meeting, slot, phi, trustees, credentials, ballots, number}: digests in
// lower-case hex, `phi` the election's Base64 fingerprint. A device that has signed one text for
// a slot signs no other.

import { sha256Hex } from "../crypto/hashing.js";
import { FormatError } from "../errors.js";
import * as codec from "./codec.js";
import { parseNote, verifyNote } from "./note.js";

const HEADER = "piaojue/checkpoint/1";
const MAX_BALLOTS = 1_000_000;

/** The note's text, with its last line break: what is signed. */
export function checkpointText({ meeting, slot, phi, trustees, credentials, ballots, number }) {
  const lines = [HEADER, meeting, slot, phi, trustees, credentials, ballots, String(number)];
  return lines.map((line) => `${line}\n`).join("");
}

/** SHA-256 of the text in hex: what is compared aloud, and what `compared` names. */
export function checkpointDigest(checkpoint) {
  return sha256Hex(checkpointText(checkpoint));
}

/** Read the text of a checkpoint note. Throws FormatError. */
export function parseCheckpoint(text, place = "checkpoint") {
  const lines = text.split("\n");
  if (lines.length !== 9 || lines[0] !== HEADER || lines[8]) {
    throw new FormatError(place, "not the eight lines of a checkpoint");
  }
  if (!/^[0-9]{1,7}$/.test(lines[7])) {
    throw new FormatError(`${place}.number`, "not a decimal number");
  }
  const checkpoint = {
    meeting: codec.hex64(lines[1], `${place}.meeting`),
    slot: codec.uuid(lines[2], `${place}.slot`),
    phi: codec.b64Hash(lines[3], `${place}.phi`),
    trustees: codec.hex64(lines[4], `${place}.trustees`),
    credentials: codec.hex64(lines[5], `${place}.credentials`),
    ballots: codec.hex64(lines[6], `${place}.ballots`),
    number: codec.integer(Number(lines[7]), `${place}.number`, { high: MAX_BALLOTS }),
  };
  if (checkpointText(checkpoint) !== text) throw new FormatError(place, "not in canonical form");
  return checkpoint;
}

/** The name under which trustee `index` (from 1) signs. */
export function signer(index) {
  return `trustee:${index}`;
}

/** SHA-256 in hex of the trackers (43 Base64 characters each), sorted and joined by line breaks. */
export function ballotsDigest(trackers) {
  return sha256Hex([...trackers].sort().join("\n"));
}

/** Smallest number above (n + t - 1) / 2: two sets of so many trustees have t in common. */
export function cosignersNeeded(size, threshold) {
  return Math.floor((size + threshold - 1) / 2) + 1;
}

/**
 * Verify a checkpoint note.
 * @param {Uint8Array} bytes
 * @param {Uint8Array[]} noteKeys 32-byte Ed25519 keys of trustees 1 … n, in order
 * @returns {[object, Set<number>]} the checkpoint, and the indexes of those who signed it
 * @throws {FormatError} not a checkpoint note in canonical form
 * @throws {ProofError} an unknown key, a second signature by one trustee, or a bad one
 */
export function verifyCheckpoint(bytes, noteKeys) {
  const note = parseNote(bytes, "checkpoint");
  const checkpoint = parseCheckpoint(note.text);
  const known = new Map(noteKeys.map((key, i) => [signer(i + 1), key]));
  const names = verifyNote(note, known);
  const index = [...known.keys()];
  return [checkpoint, new Set(names.map((name) => index.indexOf(name) + 1))];
}
