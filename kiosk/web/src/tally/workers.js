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
  let running = null;
  let last = 0;
  return (work, given, progress = () => {}) => new Promise((resolve, reject) => {
    running ??= started(() => (running = null));
    const { worker, asked } = running;
    last += 1;
    worker.postMessage({ id: last, work, given });
    asked.set(last, { resolve, reject, progress });
  });
}

/** A Worker, and by id who waits for its answer: several may, and each gets his own. */
function started(died) {
  const worker = startWorker("trustee.worker.js");
  const asked = new Map();
  worker.onmessage = ({ data: { id, progress, error, part } }) => {
    const one = asked.get(id);
    if (progress) return one.progress(...progress);
    asked.delete(id);
    return error ? one.reject(unpackError(error)) : one.resolve(part);
  };
  worker.onerror = () => {
    worker.terminate();
    died();
    for (const one of asked.values()) one.reject(new UnavailableError("verifier-worker"));
  };
  return { worker, asked };
}
