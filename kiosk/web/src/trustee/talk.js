// A trustee's device in conversation with the person in front of it: what the page renders.
//
// The Python program says the same through its loopback (kiosk/device/page_talk.py), so one page
// serves both. An event is `{n, event, params}`; at most one of them is a question. `ask` waits
// for its answer; `offer` does not: work goes on, and the answer is looked for when it matters.
//
// An *engine* is what the page is given (loopback.js, and the one that computes in the page):
//
//   state() → {enrolled, unlocked, account, media: [text], missing: [text]}
//   unlock(passphrase), enrol(invitation, passphrase) → the same
//   restore(bytes, account) → the same, where a saved copy can be taken in; `unlock` follows
//   onEvent(listener): listener(event|null, asking|null), first for everything said so far
//   answer(n, text): the answer to question n; "yes" agrees, anything else does not
//   onFault(listener): listener(error|null), the line to what does the work was lost, or is back
//
// Events, in the order of a meeting (? a question):
//
//   enrolled {account} · ceremony {attempt, threshold, size} · waiting {step, missing: [index]}
//   code? {code, meeting, threshold, size} · keys-made {media} · ceremony-again {} · rehearsed {}
//   accept? {code, title, text: {zh, en}} · accepted {} · agreed {slot, active}
//   compare-aloud? {slot, digest} · checking {slot, ballots} · progress {slot, done, total}
//   checkpoint {slot, digest} · cosigners {slot, have, need} · decrypted {slot}
//   destroy? {items: [], absent: [text]} · destroy-early? {items, absent} · destroying {}
//   media-again? {number} · destroy-again? {act, signature} · destroyed {} · destroyed-unsaid {}
//   copy? {number} · copied? {} · copies-gone? {}: only of a page that computes, which has no media
//     of its own: the person saves two files, and deletes them at the end
//   error {code, params} · stopped? {}: after an error that ended the work; any answer goes on

/** Events of which only the newest is kept. */
const PASSING = new Set(["progress", "waiting", "cosigners"]);

/** One device's conversation. */
export class Talk {
  constructor() {
    this.events = [];
    this.asking = null;
    this.last = 0;
    this.listeners = [];
    this.heard = null;
    this.waiting = null;
  }

  /** Hear everything said so far, then whatever follows. */
  onEvent(listener) {
    this.listeners.push(listener);
    for (const event of this.events) listener(event, this.asking);
  }

  /** Say what happened. */
  tell(event, params = {}) {
    const said = { n: ++this.last, event, params };
    if (PASSING.has(event)) this.events = this.events.filter((one) => one.event !== event);
    this.events.push(said);
    this.#heard(said);
    return said;
  }

  /** Say what went wrong; `error` is a PiaojueError. */
  complain(error) {
    this.tell("error", { code: error.code ?? "internal", params: error.params ?? {} });
  }

  /** Ask, and wait for the answer. A question that could wait is taken back first. */
  async ask(event, params = {}) {
    this.offer(event, params);
    const text = await new Promise((resolve) => (this.waiting = resolve));
    this.heard = null;
    return text;
  }

  /** Ask what may be answered later, or never. */
  offer(event, params = {}) {
    this.heard = null;
    this.asking = { n: this.last + 1, event, params };
    this.tell(event, params);
  }

  /** What was answered to the question that could wait: once, then null again. */
  answered() {
    const text = this.heard;
    this.heard = null;
    return text;
  }

  /** Take back the question that could wait. */
  withdraw() {
    this.heard = null;
    if (this.asking === null) return;
    this.asking = null;
    this.#heard(null);
  }

  /** A person answered question `n`; false when that is not what is being asked. */
  answer(n, text) {
    if (this.asking === null || this.asking.n !== n) return false;
    this.asking = null;
    this.heard = text;
    this.#heard(null);
    const waiting = this.waiting;
    this.waiting = null;
    waiting?.(text);
    return true;
  }

  #heard(event) {
    for (const listener of this.listeners) listener(event, this.asking);
  }
}
