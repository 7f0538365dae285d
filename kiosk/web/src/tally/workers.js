// Two Workers where the machine has two cores, which verify parts of a box (recount.js); and one
// that shuffles (mixer.js).

import { UnavailableError, unpackError } from "../errors.js";
import { startWorker } from "../common/trusted.js";

const MOST = 2;

/**
 * Functions that verify a part of a box, one for each Worker; a Worker starts with its first part.
 * @returns {((election: Uint8Array, ballots: Uint8Array[]) => Promise<object>)[]} throw what
 *   `recountPart` throws, and UnavailableError `verifier-worker` when the Worker died
 */
export function verifiers() {
  const number = Math.min(MOST, navigator.hardwareConcurrency ?? 1);
  return Array.from({ length: number }, () => {
    const ask = asker();
    return (election, ballots) => ask("recount", [election, ballots]);
  });
}

/**
 * What makes and checks shuffles in a Worker of its own, which starts with the first.
 * @returns {{shuffle: Function, check: Function}} as mixer.js, each with one argument more:
 *   `progress(done, total)`; promises of bytes, which throw as `verifiers` do
 */
export function mixer() {
  const ask = asker();
  return {
    shuffle: (election, tally, progress) => ask("shuffle", [election, tally], progress),
    check: (election, tally, body, progress) => ask("check", [election, tally, body], progress),
  };
}

function asker() {
  let worker = null;
  let last = 0;
  return (work, given, progress = () => {}) => new Promise((resolve, reject) => {
    worker ??= startWorker("trustee.worker.js");
    const mine = worker;
    last += 1;
    const id = last;
    mine.onmessage = ({ data }) => {
      if (data.id !== id) return;
      if (data.progress) progress(...data.progress);
      else if (data.error) reject(unpackError(data.error));
      else resolve(data.part);
    };
    mine.onerror = () => {
      mine.terminate();
      worker = null;
      reject(new UnavailableError("verifier-worker"));
    };
    mine.postMessage({ id, work, given });
  });
}
