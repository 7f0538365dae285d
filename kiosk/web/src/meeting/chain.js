// Guards of the ledger that come from the votes before: windows, and motions of the same meeting.
//
// Mirrors voting/meeting/chain.py; docs/spec/chain.md.

import { RefusedError } from "../errors.js";
import { ruleOf } from "./frozen.js";
import { roundsOf } from "./state.js";

/** Kinds of rules that decide an appointment (voting/rules/earlier.py). */
const DECIDING = ["confirmation", "contested"];
/** Acts bear UTC; a day is that of Beijing. */
const HOURS_EAST = 8;

/** The first motion of this meeting for which an item still waits, null without one. */
export function waitsFor(meeting, state, item) {
  return motionsOf(meeting, item).find((motion) => {
    const held = roundsOf(state, [motion]);
    return held.length === 0 || held.some((one) => one.state !== "certified");
  }) ?? null;
}

/** The items of this meeting for which an item waits; the gate of a paper has no `record`. */
export function motionsOf(meeting, item) {
  const gates = meeting.items.get(item).gates ?? [];
  return gates.filter((one) => one.record === null).map((one) => one.item);
}

/** Refuse to open an item whose motion, of this meeting, is not certified. */
export function checkMotions(meeting, state, items) {
  for (const item of items) {
    const motion = waitsFor(meeting, state, item);
    if (motion !== null) throw new RefusedError("motion-waiting", { item, motion });
  }
}

/** Refuse an `open` act of an appointment on a day of a freeze window. */
export function checkWindow(meeting, { items }, at) {
  if (at === null || meeting.chain.windows.length === 0) return;
  const day = new Date(Date.parse(at) + HOURS_EAST * 3_600_000).toISOString().slice(0, 10);
  for (const name of items) {
    const item = meeting.items.get(name);
    const decides = item !== undefined && DECIDING.includes(ruleOf(meeting, name).kind);
    if (!decides || !(item.proposed || item.removed)) continue;
    for (const window of meeting.chain.windows) {
      if (window.from <= day && day <= window.until) {
        throw new RefusedError("freeze-window", { day, why: window.why });
      }
    }
  }
}
