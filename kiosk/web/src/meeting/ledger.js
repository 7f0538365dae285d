// The ledger's lines: bytes, chain and signatures (docs/spec/ledger.md; voting/meeting/ledger.py).
//
// One line is one act with its signatures, canonical JSON. `parent` is SHA-256 of the line before
// it, so no line can be changed, left out or moved. What an officer signs is the act alone, with
// the meeting's fingerprint before it; the server signs the same bytes last and so fixes the
// order. Signatures of one line are by different enrolled keys.

import { concat, toBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import { FormatError, VerificationError } from "../errors.js";
import * as codec from "../protocol/codec.js";
import { BODIES, TIMELESS } from "./bodies.js";
import { withRole } from "./frozen.js";
import * as keys from "./keys.js";
import * as shape from "./shape.js";

export { GENESIS } from "./state.js";

const PREFIX = "piaojue/act/1\n";
const SERVER = "server";
const MAX_LINE_BYTES = 2 ** 20;

const SIGNATURES = shape.sequence(
  shape.record({ by: shape.words, signature: shape.signature }),
  { low: 1, high: 99 },
);

/** Read the bytes of an act alone, as a signer gets it: {kind, height, parent, at, body}. */
export function decodeAct(bytes) {
  return takeAct(codec.decodeExact(bytes, "act", { maxBytes: MAX_LINE_BYTES }), "act");
}

/** Read one line without its line break: {raw, act, signatures}. No signature is verified. */
export function decodeLine(bytes) {
  const value = codec.decodeExact(bytes, "line", { maxBytes: MAX_LINE_BYTES });
  const [act, signatures] = codec.fields(value, "line", "act", "signatures");
  SIGNATURES(signatures, "line.signatures");
  return { raw: bytes, act: takeAct(act, "line.act"), signatures };
}

/** Read a whole `ledger.jsonl`, or the lines that were added; every line ends in a line break. */
export function decodeLedger(bytes) {
  const lines = [];
  let start = 0;
  for (let end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) {
    lines.push(decodeLine(bytes.subarray(start, end)));
  }
  if (start !== bytes.length) {
    throw new FormatError("ledger", "the last line does not end in a line break");
  }
  return lines;
}

/** SHA-256 of a line's bytes, in hex: the next line's parent. */
export function lineDigest(line) {
  return sha256Hex(line.raw);
}

/** The bytes of an act. */
export function encodeAct({ kind, height, parent, at, body }) {
  return codec.encode({ kind, height, parent, at, body });
}

/** What every signer of an act signs. */
export function signingBytes(fingerprint, act) {
  return concat(toBytes(`${PREFIX}${fingerprint}\n`), encodeAct(act));
}

/** The time of a slot's `open` act, or null. */
export function openedAt(lines, slot) {
  const opening = lines.find(({ act }) => act.kind === "open" && act.body.slot === slot);
  return opening === undefined ? null : opening.act.at;
}

/**
 * Verify that exactly the required signers signed the line, by different enrolled keys.
 * @throws {VerificationError} `wrong-signers`, `same-key`, `same-person`, `unknown-signer`,
 *   `bad-pen`
 * @throws {ProofError} `bad-signature`
 */
export function verifySignatures(meeting, line) {
  const { kind } = line.act;
  const required = requiredSigners(meeting, line.act);
  const signers = line.signatures.map((one) => one.by);
  const right = signers.length === required.length &&
    signers.every((name, i) => required[i].includes(name));
  if (!right) throw new VerificationError("wrong-signers", { kind, signers });
  const held = signers.map((name) => keyOf(meeting, name));
  if (new Set(held).size !== held.length) {
    throw new VerificationError("same-key", { kind, signers });
  }
  const people = new Set(signers.map((name) => meeting.officers.get(name)?.name));
  if (kind === "reading" && people.size < signers.length) {
    throw new VerificationError("same-person", { kind, signers });
  }
  const message = signingBytes(meeting.fingerprint, line.act);
  line.signatures.forEach((one, i) => keys.verify(held[i], message, one.signature, one.by));
}

/** Who signs an act, in order: for each place, who may take it. The server's is the last. */
export function requiredSigners(meeting, act) {
  return [...officersNeeded(meeting, act), [SERVER]];
}

/** The enrolled key of a signer, in hex. Throws VerificationError `unknown-signer`. */
export function keyOf(meeting, signer) {
  if (signer === SERVER) return meeting.server;
  const index = meeting.trustees.noteKeys.findIndex((_, i) => signer === `trustee:${i + 1}`);
  if (index >= 0) return meeting.trustees.noteKeys[index];
  const key = meeting.officers.get(signer)?.key ?? null;
  if (key === null) throw new VerificationError("unknown-signer", { signer });
  return key;
}

const ROLES = {
  freeze: [["secretary"], ["scrutineer"]],
  correct: [["secretary"], ["scrutineer"]],
  "void-series": [["chair", "secretary"], ["scrutineer"]],
  open: [["chair", "secretary"], ["scrutineer"]],
  seal: [["secretary"], ["scrutineer"]],
  compared: [["secretary"], ["scrutineer"]],
  reading: [["scrutineer"], ["scrutineer"]],
  release: [["chair", "secretary"], ["scrutineer"]],
  close: [["secretary"]],
};

function officersNeeded(meeting, { kind, body }) {
  if (kind === "no-objection") return withRole(meeting, "scrutineer").map((one) => [one.id]);
  if (kind === "certify") return [signerOrWitness(meeting, body.officer, body.pen)];
  if (kind === "void") {
    const chair = withRole(meeting, "chair")[0];
    return [signerOrWitness(meeting, chair.id, body.pen), holders(meeting, ["scrutineer"])];
  }
  if (kind === "destroy") return [[`trustee:${body.trustee}`]];
  return (ROLES[kind] ?? []).map((roles) => holders(meeting, roles));
}

function holders(meeting, roles) {
  return withRole(meeting, ...roles).filter((one) => one.key !== null).map((one) => one.id);
}

/**
 * Who signs for this officer: himself, or by pen who confirms the page. The witness has a key,
 * another role, and is another person; whoever enrolled a key has no pen.
 */
function signerOrWitness(meeting, id, pen) {
  const officer = meeting.officers.get(id);
  if (officer === undefined) throw new VerificationError("unknown-signer", { signer: id });
  if (pen === null) return [id];
  const witness = meeting.officers.get(pen.confirmed_by);
  const byPen = officer.key === null && ["chair", "teller", "recorder"].includes(officer.role);
  const bears = witness !== undefined && witness.key !== null;
  if (!byPen || !bears || witness.role === officer.role || witness.name === officer.name) {
    throw new VerificationError("bad-pen", { officer: id, confirmed_by: pen.confirmed_by });
  }
  return [witness.id];
}

function takeAct(value, place) {
  const names = ["kind", "height", "parent", "at", "body"];
  const [kind, height, parent, at, body] = codec.fields(value, place, ...names);
  if (typeof kind !== "string" || !Object.hasOwn(BODIES, kind)) {
    throw new FormatError(`${place}.kind`, "not a kind of act");
  }
  return {
    kind,
    height: codec.integer(height, `${place}.height`),
    parent: codec.hex64(parent, `${place}.parent`),
    at: takeTime(kind, at, `${place}.at`),
    body: BODIES[kind](body, `${place}.body`),
  };
}

function takeTime(kind, value, place) {
  if (TIMELESS.has(kind)) {
    if (value !== null) throw new FormatError(place, "this kind of act carries no time");
    return null;
  }
  return shape.time(value, place);
}
