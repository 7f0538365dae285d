// What the recorder enters for an item: who introduced, spoke, went out for a recusal, came back
// (voting/meeting/recording.py).
//
// The ledger holds the kind of line, and a digest of its words under a salt of its own. Whatever
// is entered once the item has a round is marked late (事后补记), by the fold and not by a hand.

import { RefusedError } from "../errors.js";
import { roundOf, withEntry } from "./state.js";

/** Enter one line of the minutes. Only a remark may be about no item. */
export function minute(meeting, state, { item, what, late }) {
  if (item === null ? what !== "remark" : !meeting.items.has(item)) {
    throw new RefusedError("unknown-item", { item });
  }
  const isLate = item !== null && roundOf(state, item) !== null;
  if (late !== isLate) throw new RefusedError("late-differs", { item, late: isLate });
  const entered = state.minutes.get(item) ?? [];
  const number = (kind) => entered.filter((one) => one === kind).length;
  // The principal speaks last, and once; what was forgotten is a remark, or comes late.
  const speaks = ["introducer", "speaker", "principal-last"].includes(what);
  const after = !late && speaks && number("principal-last") > 0;
  const enters = what === "recused-in" && number("recused-in") >= number("recused-out");
  if (after || enters) throw new RefusedError("minute-order", { item, what });
  return { ...state, minutes: withEntry(state.minutes, item, [...entered, what]) };
}
