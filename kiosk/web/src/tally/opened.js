// What a complete archive says was opened, of which nothing is verified here (`opened_of` of
// tally/outcome.py). Where it matters that it holds, `countedTotals` of counted.js verifies it.

import { combineThreshold, removeFactors } from "../crypto/decryption.js";
import { VerificationError } from "../errors.js";
import { readArchive } from "../protocol/archive.js";
import * as codec from "../protocol/codec.js";
import { decodeElection } from "../protocol/election.js";
import { decodePartialDecryption } from "../protocol/shares.js";
import { decodeOutputs } from "../protocol/shuffles.js";
import { decodeTally } from "../protocol/tally.js";
import { decodeTrustees } from "../protocol/trustees.js";
import { blindOf } from "./outcome.js";

/**
 * Read what was opened out of an archive.
 * @param {Uint8Array} bytes
 * @returns {import("./outcome.js").Opened}
 * @throws {VerificationError} `archive-stage`
 */
export function openedOf(bytes) {
  const archive = readArchive(bytes);
  const { stage, setup, shuffles, result } = archive;
  if (stage !== "result") throw new VerificationError("archive-stage", { stage });
  const election = decodeElection(setup.election);
  const [rows] = codec.fields(codec.decodeExact(result, "result"), "result", "result");
  codec.array(rows, "result.result", { size: election.questions.length });
  const totals = shuffles.length ? faithful(election, archive, rows) : rows;
  return { totals, blind: blindOf(bytes) };
}

/** The rows, with null in the place of an entry's numbers that do not embed to what was opened. */
function faithful(election, { setup, tally, shuffles, shares }, rows) {
  const { group, questions } = election;
  const summed = decodeTally(tally.encryptedTally, election);
  const mixed = decodeOutputs(shuffles.at(-1).payload, election, summed);
  const { items: [{ threshold }] } = decodeTrustees(setup.trustees, group);
  const factors = shares.map(({ owner, payload }) =>
    [owner, decodePartialDecryption(payload, election, mixed).factors]);
  return rows.map((row, i) => {
    if (questions[i].kind === "homomorphic") return row;
    return row.map((numbers, j) => {
      const of = new Map(factors.map(([owner, each]) => [owner, each[i][j]]));
      const factor = combineThreshold(group, threshold, of);
      const element = removeFactors(group, mixed[i][j], [factor]);
      return group.embed(numbers).equals(element) ? numbers : null;
    });
  });
}
