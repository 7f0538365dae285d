// One sentence for each thing that can go wrong before a voter: what it means for his vote and
// what to do next. What has no sentence of its own here gets that of every page.

import { VerificationError } from "../errors.js";
import { explain, has, say } from "../common/words.js";

/** By code: whom to tell, as `kiosk.tell.…`. */
const TELL = {
  "credential-used": "scrutineer",
  "credential-void": "secretary",
  "credential-unknown": "secretary",
  "election-mismatch": "scrutineer",
  "meeting-mismatch": "scrutineer",
  "tracker-mismatch": "scrutineer",
  "tracker-spoiled": "scrutineer",
  "not-enrolled": "staff",
  "not-your-role": "staff",
  leftover: "secretary",
  withdrawn: "secretary",
};

/** The sentence for an error; a `{word}` is said as it is. */
export function sentenceOf(error) {
  const id = `kiosk.why.${error?.code}`;
  return has(id) ? say(id, error.params ?? {}) : explain(error);
}

/** Whom the voter had better tell, or null. */
export function whomToTell(error) {
  if (TELL[error?.code]) return TELL[error.code];
  return error instanceof VerificationError ? "scrutineer" : null;
}
