// The record as far as an officer's page can check it before it signs its note
// (tally/record/{layout,pack}.py; docs/spec/record.md).
//
// Meeting and ledger are those that this page followed; every archive and file of proofs is the one
// that the ledger names, each verified when it was certified; every outcome is the one that was
// certified. Not checked are the README and the typeset report: `piaojue verify` does that.

import { bytesToHex, concat, sameBytes } from "../crypto/bytes.js";
import { code80bits, sha256Hex } from "../crypto/hashing.js";
import { FormatError, VerificationError } from "../errors.js";
import { GENESIS, lineDigest } from "../meeting/ledger.js";
import * as codec from "../protocol/codec.js";

const ALWAYS = ["README.txt", "ledger.jsonl", "meeting.json", "report.pdf", "result.json"];
const AFTER_COUNT = ["certify", "release", "minute", "destroy", "close"];
const LOCAL = "504b0304";
const HEADER = 30;
const MAX_FILES = 1000;

/**
 * The files of a stored zip, by path: what counts is what they are, for that is what is signed.
 * @param {Uint8Array} bytes
 * @returns {Map<string, Uint8Array>}
 * @throws {FormatError} no zip, or a file twice
 */
export function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map();
  let at = 0;
  while (isLocal(bytes, at) && files.size < MAX_FILES) {
    const size = view.getUint32(at + 22, true);
    const begin = at + HEADER + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    const stored = view.getUint16(at + 8, true) === 0 && view.getUint32(at + 18, true) === size;
    const name = new TextDecoder().decode(bytes.subarray(at + HEADER, begin));
    if (!stored || begin + size > bytes.length || files.has(name)) {
      throw new FormatError("record.zip", "not a zip of stored files");
    }
    files.set(name, bytes.subarray(begin, begin + size));
    at = begin + size;
  }
  if (!files.size) throw new FormatError("record.zip", "not a zip");
  return files;
}

/**
 * Check the files of a record, and write the text of its note.
 * @param {object} meeting
 * @param {object[]} lines the whole ledger
 * @param {object} state what they fold to
 * @param {Map<string, Uint8Array>} files
 * @returns {string}
 * @throws {VerificationError} `record-papers`, `other-meeting`, `other-ledger`, `archive-mismatch`,
 *   `proofs-digest`, `outcome-mismatch`
 */
export function noteText(meeting, lines, state, files) {
  const rounds = [...state.rounds.values()];
  requireFiles(rounds, files);
  if (!sameBytes(files.get("meeting.json"), meeting.raw)) {
    throw new VerificationError("other-meeting");
  }
  const ledger = concat(...lines.flatMap((line) => [line.raw, Uint8Array.of(10)]));
  if (!sameBytes(files.get("ledger.jsonl"), ledger)) throw new VerificationError("other-ledger");
  for (const { slot, sealedArchive, finalArchive, proofs } of rounds) {
    const digest = (path) => sha256Hex(files.get(path));
    const archive = finalArchive ?? sealedArchive;
    if (archive !== null && digest(`papers/${slot}.bel`) !== archive) {
      throw new VerificationError("archive-mismatch", { slot });
    }
    if (proofs !== null && digest(`papers/${slot}.proofs`) !== proofs) {
      throw new VerificationError("proofs-digest", { slot });
    }
  }
  checkResult(meeting, lines, rounds, files.get("result.json"));
  return textOf(files);
}

function requireFiles(rounds, files) {
  const wanted = new Set(ALWAYS);
  for (const { slot, sealedArchive, proofs } of rounds) {
    if (sealedArchive !== null) wanted.add(`papers/${slot}.bel`);
    if (proofs !== null) wanted.add(`papers/${slot}.proofs`);
  }
  const missing = [...wanted].filter((path) => !files.has(path));
  const foreign = [...files.keys()].filter((path) => !wanted.has(path));
  if (missing.length || foreign.length) {
    throw new VerificationError("record-papers", { missing, foreign });
  }
}

function checkResult(meeting, lines, rounds, bytes) {
  const value = codec.decodeExact(bytes, "result");
  const names = ["version", "meeting", "head", "rounds"];
  const [version, digest, head, stated] = codec.fields(value, "result", ...names);
  const last = lines.filter(({ act }) => !AFTER_COUNT.includes(act.kind)).at(-1);
  const right = version === 1 && digest === sha256Hex(meeting.raw) &&
    head === (last === undefined ? GENESIS : lineDigest(last)) && stated.length === rounds.length;
  if (!right) throw new VerificationError("outcome-mismatch", { slot: "" });
  rounds.forEach(({ slot, state, signed }, i) => {
    const certified = state === "certified"
      ? sha256Hex(codec.encode(stated[i])) === signed[0].outcome
      : stated[i]?.state === state && stated[i].items.every((item) => item.counts === null);
    if (stated[i]?.slot !== slot || !certified) {
      throw new VerificationError("outcome-mismatch", { slot });
    }
  });
}

function textOf(files) {
  const named = [...files.keys()].sort().map((path) => `${sha256Hex(files.get(path))}  ${path}`);
  const code = code80bits(sha256Hex(files.get("result.json")));
  return ["piaojue/record/1", code, ...named].map((line) => `${line}\n`).join("");
}

function isLocal(bytes, at) {
  return at + HEADER <= bytes.length && bytesToHex(bytes.subarray(at, at + 4)) === LOCAL;
}
