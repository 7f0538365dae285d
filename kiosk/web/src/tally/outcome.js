// An outcome that officers certify, held against what this page knows itself (tally/outcome.py).
//
// The bytes come from the server; the act names their digest. Every number in them must be the
// fold's, every count what the archive opened to, every decision what the frozen rule says. What is
// not compared is how the rule's steps are written out beside the decision.

import { concat, sameBytes, toBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import { VerificationError } from "../errors.js";
import { evaluateRound } from "../meeting/decision.js";
import { countsOf, isSingle } from "../meeting/marks.js";
import { asksInWords, openReading } from "../meeting/readings.js";
import { roundIssued } from "../meeting/state.js";
import * as codec from "../protocol/codec.js";

const BLIND = "piaojue/outcome-blind/1\n";

/**
 * What was opened of a counted box.
 * @typedef {object} Opened
 * @property {(number[]|(number[]|null)[])[]} totals as `countedTotals` gives them
 * @property {string} blind as `blindOf` the archive
 */

/**
 * What was opened of a round, by item (`countsOf` of meeting/marks.js), its words as they are read.
 * @param {object} meeting
 * @param {object} one the round
 * @param {Opened} opened
 * @throws what `openReading` of meeting/readings.js throws
 */
export function countsIn(meeting, one, opened) {
  const reading = readingIn(meeting, one, opened);
  return countsOf(meeting, one.items, opened.totals, one.standings, reading);
}

/** What was written in a counted box is read as; empty where it has no words. */
export function readingIn(meeting, one, opened) {
  return openReading(meeting, one, writtenIn(meeting, one, opened), opened.blind);
}

/**
 * What was written into a counted box in words, and how often, in its order.
 * @returns {Map<string, Map<string, number>>} by `keyOf` of meeting/readings.js, where there are any
 */
export function writtenIn(meeting, one, { totals }) {
  const asks = asksInWords(meeting, one);
  if (!asks.size) return new Map();
  const counts = countsOf(meeting, one.items, totals, one.standings);
  const found = [...asks].map(([key, { item, ask }]) => {
    const { texts } = counts.get(item)[ask.id];
    return [key, new Map(texts.map(({ text, votes }) => [text, votes]))];
  });
  return new Map(found.filter(([, texts]) => texts.size));
}

/** Whether a counted box has words that nobody has read yet. */
export function isUnread(meeting, one, opened) {
  return one.reading === null && writtenIn(meeting, one, opened).size > 0;
}

/**
 * Check an outcome of a counted round.
 * @param {object} meeting
 * @param {object} one the round
 * @param {Opened} opened of the counted archive, which was verified
 * @param {Uint8Array} bytes
 * @returns {{item: string, counts: [string, number][], decision: string, evaluation: object}[]}
 *   what is decided; `counts` by option, of an item with a contest empty; `evaluation` as
 *   `result.json` holds it
 * @throws {VerificationError} `outcome-mismatch`
 */
export function checkOutcome(meeting, one, opened, bytes) {
  const mismatch = () => new VerificationError("outcome-mismatch", { slot: one.slot });
  const value = codec.decodeExact(bytes, "outcome");
  const counts = countsIn(meeting, one, opened);
  const evaluations = evaluateRound(meeting, one, counts);
  if (!Array.isArray(value?.items) || value.items.length !== one.items.length) throw mismatch();
  const items = one.items.map((item, i) => {
    const stated = value.items[i]?.evaluation ?? {};
    const evaluation = written(evaluations.get(item), stated);
    return { item, counts: counts.get(item), evaluation };
  });
  const wanted = { ...head(one), blind: opened.blind, items };
  if (!sameBytes(codec.encode(wanted), bytes)) throw mismatch();
  return items.map(({ item, counts: counted, evaluation }) => ({
    item,
    counts: isSingle(meeting, item) ? Object.entries(counted) : [],
    decision: evaluation.decision,
    evaluation,
  }));
}

/** An evaluation as it is written out: what is stated of its steps and notes stands in its place. */
function written({ rule, decision, reason, opened, figures, ...rest }, { steps, notes }) {
  const said = { steps: steps ?? null, notes: notes ?? null };
  return { rule, decision, reason, opened, figures, ...said, ...rest };
}

/** Keeps what is counted from being found by trying it against what stands in the ledger. */
export function blindOf(archive) {
  return sha256Hex(concat(toBytes(BLIND), archive));
}

function head(one) {
  return {
    slot: one.slot,
    round: one.number,
    rule: one.rule,
    state: "counted",
    reason: one.voidReason,
    numbers: {
      due: one.due,
      present_at_open: one.presentAtOpen,
      present_at_seal: one.presentAtSeal,
      issued: roundIssued(one),
      returned: one.returned,
      heads: one.heads,
      spoiled: one.spoiled.size,
    },
    archive: one.finalArchive,
    proofs: one.proofs,
  };
}
