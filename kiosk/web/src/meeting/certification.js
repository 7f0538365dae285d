// After the count: certify in the rule's order, release, destroy the shares, close
// (voting/meeting/certification.py).

import { RefusedError } from "../errors.js";
import { withRole } from "./frozen.js";
import { checkRelease } from "./standings.js";
import { roundAt, withRound } from "./state.js";

/** Take one officer's signature of a round's outcome; the last one certifies it. */
export function certify(meeting, state, body) {
  const one = roundAt(state, body.slot, "counted");
  const { slot } = one;
  const { officer, outcome, pen } = body;
  const expected = nextSigners(meeting, one).map((may) => may.id);
  if (!expected.includes(officer)) {
    throw new RefusedError("certify-order", { slot, officer, expected });
  }
  if (one.signed.some((other) => other.outcome !== outcome)) {
    throw new RefusedError("outcome-differs", { slot });
  }
  const page = pen === null ? null : pen.page;
  const confirmedBy = pen === null ? null : pen.confirmed_by;
  const signed = { ...one, signed: [...one.signed, { officer, outcome, page, confirmedBy }] };
  const all = nextSigners(meeting, signed).length === 0;
  return withRound(state, all ? { ...signed, state: "certified" } : signed);
}

/** Officers of the rule's first role that is not complete; empty when all have signed. */
export function nextSigners(meeting, one) {
  const done = new Set(one.signed.map((signed) => signed.officer));
  for (const { role, count } of meeting.rules.get(one.rule).signers) {
    const holders = withRole(meeting, role);
    if (holders.filter((officer) => done.has(officer.id)).length < count) {
      return holders.filter((officer) => !done.has(officer.id));
    }
  }
  return [];
}

/** Let the room be told what the rule's visibility allows; until then officers alone know. */
export function release(meeting, state, body) {
  const one = roundAt(state, body.slot, "counted", "certified");
  const { slot } = one;
  if (meeting.rules.get(one.rule).visibility === "withheld") {
    throw new RefusedError("result-withheld", { slot });
  }
  if (one.released) throw new RefusedError("already-released", { slot });
  checkRelease(meeting, state, one);
  return withRound(state, { ...one, released: true });
}

/** A trustee's device has destroyed its share, once nothing is left to open. */
export function destroy(_meeting, state, { trustee }) {
  checkEnded(state);
  if (state.destroyed.has(trustee)) throw new RefusedError("already-destroyed", { trustee });
  return { ...state, destroyed: new Set(state.destroyed).add(trustee) };
}

/** End the ledger; the act names the trustees whose share was not seen destroyed. */
export function close(meeting, state, body) {
  checkEnded(state);
  const everybody = meeting.trustees.names.map((_, i) => i + 1);
  const missing = everybody.filter((index) => !state.destroyed.has(index));
  if (body.missing.join() !== missing.join()) {
    throw new RefusedError("destroy-missing", { missing });
  }
  return { ...state, closed: true, missing };
}

function checkEnded(state) {
  for (const one of state.rounds.values()) {
    if (["open", "sealed", "counted"].includes(one.state)) {
      throw new RefusedError("round-unfinished", { slot: one.slot, state: one.state });
    }
  }
}
