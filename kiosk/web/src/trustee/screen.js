// From what a trustee's device has said to the one thing that is on the screen. Pure.

/** The parts of a trustee's day, in order. */
export const PHASES = ["enrol", "ceremony", "rehearsal", "meeting", "rounds", "end"];

/** What the screen becomes when the device says so. */
const AFTER = {
  enrolled: "starting",
  ceremony: "gathering",
  "ceremony-again": "gathering",
  code: "dealing",
  "keys-made": "rehearsing",
  rehearsed: "rehearsed",
  accept: "rehearsed",
  accepted: "ready",
  agreed: "voting",
  checking: "checking",
  checkpoint: "signed",
  "shuffle-checking": "shuffle-checking",
  shuffling: "shuffling",
  shuffled: "shuffled",
  "shuffle-waits": "shuffle-waits",
  "shuffle-passed": "shuffle-passed",
  "shuffles-agreed": "shuffles-agreed",
  decrypted: "opened",
  destroying: "destroying",
  destroyed: "destroyed",
  "destroyed-unsaid": "destroyed-unsaid",
};

const PHASE = {
  enrol: "enrol",
  unlock: "enrol",
  gathering: "ceremony",
  code: "ceremony",
  dealing: "ceremony",
  rehearsing: "rehearsal",
  rehearsed: "meeting",
  accept: "meeting",
  ready: "rounds",
  voting: "rounds",
  checking: "rounds",
  signed: "rounds",
  "compare-aloud": "rounds",
  "shuffle-checking": "rounds",
  shuffling: "rounds",
  shuffled: "rounds",
  "shuffle-waits": "rounds",
  "shuffle-passed": "rounds",
  "shuffles-agreed": "rounds",
  opened: "rounds",
  "destroy-early": "rounds",
  copy: "ceremony",
  copied: "ceremony",
  "copies-gone": "end",
  destroy: "end",
  "media-again": "end",
  destroying: "end",
  "destroy-again": "end",
  destroyed: "end",
  "destroyed-unsaid": "end",
};

/**
 * What is to be shown now.
 * @param {{n: number, event: string, params: object}[]} events all of them, in order
 * @param {{n: number, event: string, params: object}|null} asking the open question
 * @returns {{id: string, params: object, question: number|null, missing: number[],
 *   progress: {done: number, total: number}|null, cosigners: {have: number, need: number}|null,
 *   fault: {code: string, params: object}|null, phase: string|null}} `fault`: what the device
 *   complained of last, until it gets on
 */
export function screenOf(events, asking) {
  const now = { id: "starting", params: {}, missing: [], progress: null, cosigners: null };
  let fault = null;
  let digest = null; // of the checkpoint signed last: people compare it also after the opening
  for (const { event, params } of events) {
    digest = event === "checkpoint" ? params.digest : digest;
    if (event === "waiting") now.missing = params.missing;
    else if (event === "progress" || event === "shuffle-progress") now.progress = params;
    else if (event === "cosigners" || event === "shuffle-signers") now.cosigners = params;
    else if (event === "error") fault = params;
    else if (event in AFTER) {
      Object.assign(now, { missing: [], progress: null, cosigners: null });
      Object.assign(now, { id: AFTER[event], params: { digest, ...params } });
      fault = null;
    }
  }
  const before = PHASE[now.id] ?? null;
  if (asking !== null) {
    // Whoever is missing, it is this person's turn now.
    Object.assign(now, { id: asking.event, params: asking.params, missing: [] });
  }
  const phase = PHASE[now.id] ?? before;
  return { ...now, fault, phase, question: asking === null ? null : asking.n };
}

/** The index of a trustee in an account's name (`trustee:2`), or null. */
export function indexOf(account) {
  const found = /^trustee:(\d+)$/.exec(account ?? "");
  return found ? Number(found[1]) : null;
}
