// The envelope of the key ceremony's messages: meeting, attempt, trustee, and a signature
// (docs/spec/ceremony.md, section 2; voting/protocol/envelope.py).
//
// What is signed is a tag and the bytes of the message. A message of another meeting or attempt
// is refused as malformed, before anything of its body is looked at.
//
// A *session* is what every device was told before it began: {meeting, attempt, threshold, size}.

import { ed25519 } from "@noble/curves/ed25519.js";

import { bytesToHex, concat, hexToBytes, toBytes } from "../crypto/bytes.js";
import { FormatError } from "../errors.js";
import * as codec from "./codec.js";
import { verifySignature } from "./note.js";

const SIGN_TAG = "piaojue/ceremony/1\n";
const MAX_BYTES = 256 * 1024;
const PLACE = "ceremony";

/** Write an unsigned message; trustee 0 is nobody. */
export function write(session, kind, trustee, body) {
  return codec.encode(message(session, kind, trustee, body));
}

/** Write a message signed with a trustee's 32-byte note seed. */
export function writeSigned(session, kind, trustee, body, noteSeed) {
  const said = message(session, kind, trustee, body);
  const signature = bytesToHex(ed25519.sign(signed(said), noteSeed));
  return codec.encode({ message: said, signature });
}

/** [trustee, body] of an unsigned message. Throws FormatError. */
export function read(session, kind, bytes) {
  return open(session, kind, decode(bytes));
}

/**
 * [trustee, body] of a signed message.
 * @param {string[]} noteKeys the trustees' note keys in hex, in the order of their indexes
 * @throws {FormatError} another form, meeting, attempt or kind
 * @throws {ProofError} `bad-signature`
 */
export function readSigned(session, kind, bytes, noteKeys) {
  const [said, spelled] = codec.fields(decode(bytes), PLACE, "message", "signature");
  const [trustee, body] = open(session, kind, said);
  const text = codec.text(spelled, `${PLACE}.signature`, { maxLength: 128 });
  if (trustee === 0 || !/^([0-9a-f]{2})*$/.test(text)) {
    throw new FormatError(`${PLACE}.signature`, "by nobody, or not lower-case hexadecimal");
  }
  const key = hexToBytes(noteKeys[trustee - 1]);
  verifySignature(key, signed(said), hexToBytes(text), `trustee:${trustee}`);
  return [trustee, body];
}

/** A message's kind, before anything else of it is checked. */
export function kindOf(bytes) {
  let value = decode(bytes);
  if (isObject(value) && Object.hasOwn(value, "message")) value = value.message;
  return codec.text(isObject(value) ? value.kind : null, `${PLACE}.kind`, { maxLength: 40 });
}

function signed(said) {
  return concat(toBytes(SIGN_TAG), codec.encode(said));
}

function message({ meeting, attempt }, kind, trustee, body) {
  return { ceremony: 1, kind, meeting, attempt, trustee, body };
}

function decode(bytes) {
  return codec.decodeExact(bytes, PLACE, { maxBytes: MAX_BYTES });
}

function open(session, kind, value) {
  const names = ["ceremony", "kind", "meeting", "attempt", "trustee", "body"];
  const [version, found, meeting, attempt, trustee, body] = codec.fields(value, PLACE, ...names);
  codec.integer(version, `${PLACE}.ceremony`, { low: 1, high: 1 });
  for (const [name, is, wanted] of [
    ["kind", found, kind],
    ["meeting", meeting, session.meeting],
    ["attempt", attempt, session.attempt],
  ]) {
    if (is !== wanted) throw new FormatError(`${PLACE}.${name}`, `not ${wanted}`);
  }
  return [codec.integer(trustee, `${PLACE}.trustee`, { low: 0, high: session.size }), body];
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
