// A round that was prepared for opening, as the server offers it to trustees' devices
// (kiosk/device/prepared.py). Nothing of it is believed; `acknowledge` recomputes it.

import { toBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import { BODIES } from "../meeting/bodies.js";
import * as codec from "../protocol/codec.js";

const NAMES = ["slot", "items", "series", "round", "standings", "election", "credentials", "acks"];

/**
 * Read the answer of `/api/binding`.
 * @returns {{body: object, election: Uint8Array, credentials: Uint8Array, acks: number[]}} body: of
 *   the *open* act that would follow, without acknowledgements; acks: who has, as the server says
 * @throws {FormatError}
 */
export function readPrepared(value) {
  const place = "binding";
  const [slot, items, series, round, standings, ...rest] = codec.fields(value, place, ...NAMES);
  const acks = rest.pop();
  const [election, credentials] =
    rest.map((text) => toBytes(codec.text(text, place, { maxLength: codec.MAX_BYTES })));
  const listed = codec.array(codec.decodeExact(credentials, "credentials"), "credentials");
  const body = {
    slot,
    round,
    items,
    series,
    standings,
    election: sha256Hex(election),
    credentials: sha256Hex(credentials),
    active: listed.length,
    acks: [],
  };
  return {
    body: BODIES.open(body, place),
    election,
    credentials,
    acks: codec.array(acks, `${place}.acks`).map((one) => codec.integer(one, `${place}.acks`)),
  };
}
