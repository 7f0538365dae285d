// A Worker that verifies parts of a box and adds them up (tally/recount.js), and makes and checks
// shuffles (tally/mixer.js). It holds no key; a permutation is drawn here and never leaves.
//
// In: {id, work, given: […]}, work one of WORK. Out: {id, progress: [done, total]} any number of
// times, then {id, part} or {id, error}, the error packed by errors.js.

import { randomBytes } from "../crypto/random.js";
import { packError } from "../errors.js";
import { checkShuffle, shuffleTally } from "./mixer.js";
import { recountPart } from "./recount.js";

const WORK = { recount: recountPart, shuffle: shuffleTally, check: checkShuffle };

self.addEventListener("message", ({ data: { id, work, given } }) => {
  const progress = work === "recount"
    ? () => {}
    : (done, total) => self.postMessage({ id, progress: [done, total] });
  try {
    self.postMessage({ id, part: WORK[work](...given, { rand: randomBytes, progress }) });
  } catch (error) {
    self.postMessage({ id, error: packError(error) });
  }
});
