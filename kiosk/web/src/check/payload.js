// What the kiosk shows first to a checking device: which ballot it has sealed
// (docs/spec/kiosk-page.md). The second code is the opening (docs/spec/sealing-seed.md).

import { FormatError } from "../errors.js";
import * as codec from "../protocol/codec.js";

const PREFIX = "PJC1:";

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
