// Two Workers where the machine has two cores, which verify parts of a box (recount.js).

import { UnavailableError, unpackError } from "../errors.js";
import { startWorker } from "../shared/trusted.js";

const MOST = 2;

/**
 * Functions that verify a part of a box, one for each Worker; a Worker starts with its first part.
 * @returns {((election: Uint8Array, ballots: Uint8Array[]) => Promise<object>)[]} throw what
 *   `recountPart` throws, and UnavailableError `verifier-worker` when the Worker died
 */
export function verifiers() {
  const number = Math.min(MOST, navigator.hardwareConcurrency ?? 1);
  return Array.from({ length: number }, verifier);
}

function verifier() {
  let worker = null;
  let last = 0;
  return (election, ballots) => new Promise((resolve, reject) => {
    worker ??= startWorker("trustee.worker.js");
    const mine = worker;
    last += 1;
    const id = last;
    mine.onmessage = ({ data }) => {
      if (data.id !== id) return;
      if (data.error) reject(unpackError(data.error));
      else resolve(data.part);
    };
    mine.onerror = () => {
      mine.terminate();
      worker = null;
      reject(new UnavailableError("verifier-worker"));
    };
    mine.postMessage({ id, election, ballots });
  });
}
