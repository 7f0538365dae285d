// What a frozen meeting says of the votes before it: gates of items, and the `chain`.
//
// Mirrors voting/meeting/frozen_chain.py; format: docs/spec/chain.md.

import { FormatError } from "../errors.js";
import * as shape from "./shape.js";

const PAPER = shape.record({
  gate: shape.identifier,
  digest: shape.hex64,
  voucher: shape.words,
});
const RECORD = shape.record({
  gate: shape.identifier,
  record: shape.optional(shape.hex64),
  item: shape.identifier,
  date: shape.date,
  voucher: shape.words,
  override: shape.prose,
});

/** A gate of an item: of an earlier record if it has the field `record`. */
export function gate(value, place) {
  return (shape.isObject(value) && "record" in value ? RECORD : PAPER)(value, place);
}

const FRACTION = shape.record({
  numerator: shape.count(1),
  denominator: shape.count(1),
  inclusive: shape.boolean,
});

export const CHAIN = shape.record({
  windows: shape.sequence(
    shape.record({ from: shape.date, until: shape.date, why: shape.words }),
    { high: 100 },
  ),
  concentration: shape.optional(FRACTION),
  ratio: shape.optional(shape.record({ names: shape.count(1, 100), seats: shape.count(1, 100) })),
});

/** Throws FormatError for what no chain can mean. */
export function checkChain({ windows, concentration }, place) {
  if (windows.some((one) => one.from > one.until)) {
    throw new FormatError(`${place}.windows`, "ends before it begins");
  }
  if (concentration === null) return;
  const { numerator, denominator, inclusive } = concentration;
  if (!(numerator < denominator + Number(inclusive))) {
    throw new FormatError(`${place}.concentration`, "not a share of a whole");
  }
}
