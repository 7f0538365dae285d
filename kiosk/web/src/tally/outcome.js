// An outcome that officers certify, held against what this page knows itself (tally/outcome.py).
//
// The bytes come from the server; the act names their digest. Every number in them must be the
// fold's, every count what the archive opened to, every decision what the frozen rule says. What is
// not compared is how the rule's steps are written out beside the decision.

import { concat, sameBytes, toBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import { VerificationError } from "../errors.js";
import { decisionOf } from "../meeting/decision.js";
import { roundIssued } from "../meeting/state.js";
import * as codec from "../protocol/codec.js";

const BLIND = "piaojue/outcome-blind/1\n";

/**
 * Check an outcome of a counted round.
 * @param {object} meeting
 * @param {object} one the round
 * @param {{totals: number[][], archive: Uint8Array}} opened the counted archive, verified, and
 *   what it opened to
 * @param {Uint8Array} bytes
 * @returns {{item: string, counts: [string, number][], decision: string}[]} what is decided
 * @throws {VerificationError} `outcome-mismatch`
 */
export function checkOutcome(meeting, one, { totals, archive }, bytes) {
  const mismatch = () => new VerificationError("outcome-mismatch", { slot: one.slot });
  const value = codec.decodeExact(bytes, "outcome");
  const rule = meeting.rules.get(one.rule);
  const decided = one.items.map((item, i) => {
    const counts = rule.options.map((option, j) => [option, totals[i][j]]);
    return { item, counts, decision: decisionOf(rule, one, item, new Map(counts)) };
  });
  if (!Array.isArray(value?.items) || value.items.length !== decided.length) throw mismatch();
  const items = decided.map(({ item, counts, decision }, i) => {
    const { evaluation } = value.items[i];
    const { figures } = evaluation ?? {};
    const said = evaluation?.rule === rule.id && evaluation.decision === decision &&
      counts.every(([option, n]) => figures?.counts?.[option] === n);
    if (!said) throw mismatch();
    return { item, counts: Object.fromEntries(counts), evaluation };
  });
  const wanted = { ...head(one), blind: blindOf(archive), items };
  if (!sameBytes(codec.encode(wanted), bytes)) throw mismatch();
  return decided;
}

/** Keeps the counts from being found by trying them all against the digest in the ledger. */
function blindOf(archive) {
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
