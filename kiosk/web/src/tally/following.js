// Who stands in a next round: computed from what the last one came to, never typed
// (tally/following.py).
//
// `opened` is by slot what a counted box opened to (`Opened` of outcome.js), for at least the slots
// that `askedOf` names.

import { RefusedError, VerificationError } from "../errors.js";
import { motionsOf } from "../meeting/chain.js";
import { evaluateRound } from "../meeting/decision.js";
import { ruleOf } from "../meeting/frozen.js";
import { COUNTED, isTold, lastRound } from "../meeting/standings.js";
import { roundsOf } from "../meeting/state.js";
import { countsIn, isUnread } from "./outcome.js";

/** Kinds of vote that may have a next round. */
const FOR_SEATS = new Set(["contested", "election"]);

/**
 * Who stands in the next round of every item that is to have one now; of a box with words that
 * nobody has read there is nothing to say yet.
 * @param {Map<string, import("./outcome.js").Opened>} opened
 * @returns {Map<string, import("../meeting/questions.js").Standing>} by item
 */
export function following(meeting, state, opened) {
  const found = new Map();
  for (const slot of askedOf(meeting, state)) {
    const one = state.rounds.get(slot);
    if (isUnread(meeting, one, opened.get(slot))) continue;
    for (const [item, who] of nextOf(meeting, one, opened.get(slot))) {
      if (lastRound(state, item) === one) found.set(item, who);
    }
  }
  const ordered = [...meeting.items.keys()].filter((item) => found.has(item));
  return new Map(ordered.map((item) => [item, found.get(item)]));
}

/**
 * The slots whose boxes tell what may open next: the last of each contest, and those of motions of
 * this meeting for which a vote waits.
 */
export function askedOf(meeting, state) {
  const items = [...meeting.items.keys()];
  const slots = new Set(items.flatMap((item) =>
    motionRounds(meeting, state, item).map((one) => one.slot)));
  for (const item of items) {
    const last = lastRound(state, item);
    const seats = FOR_SEATS.has(ruleOf(meeting, item).kind);
    if (seats && last !== null && COUNTED.has(last.state) && !isTold(state, item)) {
      slots.add(last.slot);
    }
  }
  return [...slots];
}

/**
 * Demand that an opening says of its items exactly who stands by the rule.
 * @param {object} state before the opening
 * @param {Map<string, object>} standings
 * @throws {VerificationError} `standing-mismatch`, `reading-mismatch`
 * @throws {RefusedError} `reading-missing`
 */
export function requireStandings(meeting, state, items, standings, opened) {
  for (const item of items) {
    const last = lastRound(state, item);
    if (opened.has(last?.slot)) countsIn(meeting, last, opened.get(last.slot));
  }
  const wanted = following(meeting, state, opened);
  const text = (standing) => JSON.stringify(standing ?? null);
  for (const item of items) {
    if (text(standings.get(item)) !== text(wanted.get(item))) {
      throw new VerificationError("standing-mismatch", { item });
    }
  }
}

/**
 * Demand that the motions of this meeting for which items wait have passed.
 * @throws {RefusedError} `earlier-not-passed`
 */
export function requireMotions(meeting, state, items, opened) {
  for (const item of items) {
    const wanted = motionsOf(meeting, item);
    for (const one of motionRounds(meeting, state, item)) {
      const counts = countsIn(meeting, one, opened.get(one.slot));
      for (const [motion, { decision }] of evaluateRound(meeting, one, counts)) {
        if (wanted.includes(motion) && decision !== "passed") {
          throw new RefusedError("earlier-not-passed");
        }
      }
    }
  }
}

/**
 * The items whose next round, still to come, is given up by releasing this round.
 * @throws {RefusedError} `reading-missing`: who stands next nobody knows yet
 */
export function endedBy(meeting, state, one, opened) {
  if (opened.has(one.slot)) countsIn(meeting, one, opened.get(one.slot));
  return [...following(meeting, state, opened).keys()].filter((item) => one.items.includes(item));
}

/**
 * The items whose next round must be held, or given up, before the meeting can end. It is given up
 * by a release; where the rule lets nothing be released the meeting ends without.
 * @param {Map<string, object>} standings as `following` gives them
 */
export function awaited(meeting, standings) {
  return [...standings.keys()].filter((item) => ruleOf(meeting, item).visibility !== "withheld");
}

/** Who stands next, by item, as one counted round left it. */
function nextOf(meeting, one, opened) {
  if (!FOR_SEATS.has(meeting.rules.get(one.rule).kind)) return new Map();
  const evaluations = evaluateRound(meeting, one, countsIn(meeting, one, opened));
  const left = [...evaluations].filter(([, { next }]) => next !== null);
  return new Map(left.map(([item, { next }]) => [item, next]));
}

/** The counted rounds of the motions for which an item waits. */
function motionRounds(meeting, state, item) {
  return roundsOf(state, motionsOf(meeting, item)).filter((one) => COUNTED.has(one.state));
}
