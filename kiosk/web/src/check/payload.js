// What the kiosk shows first to a checking device: which ballot it has sealed
// (docs/spec/kiosk-page.md). The second code is the opening (docs/spec/sealing-seed.md), which is
// shown in parts, one code after another, where one code would be too fine to be read.

import { FormatError } from "../errors.js";
import * as codec from "../protocol/codec.js";

const PREFIX = "PJC1:";
const PART = "PJO1:";
const ONE_CODE = 1500; // characters of an opening that one code still holds
const PIECE = 700; // characters of each part of a longer one

/** The text of the first code: prefix, slot, tracker. */
export function trackerPayload(slot, tracker) {
  return `${PREFIX}${slot}:${tracker}`;
}

/**
 * Read it back.
 * @param {string} text
 * @returns {{slot: string, tracker: string}|null} null: another code than this one
 * @throws {FormatError} it begins like one and is none
 */
export function readTrackerPayload(text) {
  if (!text.startsWith(PREFIX)) return null;
  const parts = text.slice(PREFIX.length).split(":");
  if (parts.length !== 2) throw new FormatError("code", "not slot and tracker");
  const slot = codec.uuid(parts[0], "code.slot");
  return { slot, tracker: codec.b64Hash(parts[1], "code.tracker") };
}

/** The codes that show an opening: one, or its parts, each saying which of how many it is. */
export function openingCodes(opening) {
  if (opening.length <= ONE_CODE) return [opening];
  const parts = Math.ceil(opening.length / PIECE);
  return Array.from({ length: parts }, (_, i) =>
    `${PART}${i + 1}/${parts}:${opening.slice(i * PIECE, (i + 1) * PIECE)}`);
}

/**
 * Take one code of an opening.
 * @param {string} text
 * @param {string[]} before the parts read so far, by place
 * @returns {{opening: string} | {parts: string[], missing: number[]} | null} the whole; what is
 *   there and which are missing, from 1; null: no opening
 */
export function readOpeningCode(text, before) {
  if (text.startsWith("{")) return { opening: text };
  const read = /^PJO1:([0-9]{1,3})\/([0-9]{1,3}):(.+)$/s.exec(text);
  if (!read) return null;
  const [at, of] = [Number(read[1]), Number(read[2])];
  if (at < 1 || at > of) return null;
  const parts = Array.from({ length: of }, (_, i) => before[i]);
  parts[at - 1] = read[3];
  const missing = parts.flatMap((one, i) => (one === undefined ? [i + 1] : []));
  return missing.length ? { parts, missing } : { opening: parts.join("") };
}
