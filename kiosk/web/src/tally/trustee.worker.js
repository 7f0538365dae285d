// A Worker that verifies parts of a box and adds them up (tally/recount.js). It holds no secret.
//
// In: {id, election: Uint8Array, ballots: Uint8Array[]}. Out: {id, part} or {id, error}, the error
// packed by errors.js.

import { packError } from "../errors.js";
import { recountPart } from "./recount.js";

const rand = (n) => crypto.getRandomValues(new Uint8Array(n));

self.addEventListener("message", ({ data: { id, election, ballots } }) => {
  try {
    self.postMessage({ id, part: recountPart(election, ballots, { rand }) });
  } catch (error) {
    self.postMessage({ id, error: packError(error) });
  }
});
