// What the console knows, read again about every second and a half.
//
// One overview at a time, and what a panel has asked for besides; a failure changes nothing that
// is on the screen, it only says that the server is silent. What waits for a signature is asked of
// the officer's own device, not of the server.

import { RefusedError, UnavailableError } from "../errors.js";
import { get, poll, pollBytes } from "../common/api.js";
import { makeView } from "./model.js";

const EVERY = 1500; // milliseconds
const RETRY = 4000;

/** The store of one signed-in officer. Begins with `start`. */
export class Store {
  /**
   * @param {object} signer his device
   * @param {{account: string, role: string}} me
   * @param {{changed: () => void, lost: (error: Error) => void}} told changed: after every reading;
   *   lost: his session is over
   */
  constructor(signer, me, { changed, lost }) {
    this.signer = signer;
    this.me = me;
    this.view = null;
    this.pending = null;
    this.silent = null;
    this.loaded = new Map();
    this.ledger = [];
    this.following = null; // the promise of what is being fetched
    this.told = { changed, lost };
    this.meeting = null;
    this.stopped = false;
    this.reading = null;
  }

  /** Read once, then again and again until `stop`. */
  async start() {
    await this.refresh();
    this.timer = setTimeout(() => this.stopped || this.start(), this.silent ? RETRY : EVERY);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Read now; two readings never run beside each other. */
  async refresh() {
    while (this.reading) await this.reading;
    this.reading = this.read();
    await this.reading;
    this.reading = null;
  }

  /** The last answer of a GET, null before the first; see model.js, PANELS. */
  load(path, version) {
    const held = this.loaded.get(path) ?? { version: undefined, value: null, asking: false };
    this.loaded.set(path, held);
    if (held.version !== version && !held.asking) this.ask(path, version, held);
    return held.value;
  }

  /** The acts of the ledger as far as they are here, in order; what is new is fetched. */
  acts() {
    if (this.behind() && !this.following) {
      this.follow().then(
        () => this.tell(),
        (error) => (this.silent = error), // asked again after the next reading
      );
    }
    return this.ledger;
  }

  /**
   * The acts of the ledger up to now, for whoever decides by them: what is on the screen may be
   * older than what this page has just sent. Throws `UnavailableError`.
   */
  async latest() {
    await this.refresh();
    if (this.silent) throw this.silent;
    while (this.behind()) await this.follow();
    return this.ledger;
  }

  behind() {
    return this.ledger.length < this.view.overview.height;
  }

  /** One at a time, whoever asks: two answers to one question would put an act there twice. */
  follow() {
    this.following ??= this.fetchActs().finally(() => (this.following = null));
    return this.following;
  }

  async fetchActs() {
    const raw = await pollBytes(`/api/ledger?from=${this.ledger.length}`);
    const lines = new TextDecoder().decode(raw).split("\n").filter(Boolean);
    if (lines.length === 0) throw new UnavailableError("server-silent"); // it said there are more
    this.ledger = [...this.ledger, ...lines.map((line) => JSON.parse(line).act)];
  }

  /** A silent server is asked again after the next reading, not at once and without end. */
  async ask(path, version, held) {
    held.asking = true;
    let answered = true;
    try {
      held.value = await get(path);
    } catch (error) {
      answered = !(error instanceof UnavailableError);
    }
    if (answered) held.version = version;
    held.asking = false;
    if (answered) this.tell();
  }

  async read() {
    try {
      const overview = await poll("/api/overview");
      if (overview.code !== null && this.meeting === null) this.meeting = await readMeeting();
      await this.readPending(overview);
      this.view = makeView({ overview, me: this.me, meeting: this.meeting });
      this.silent = null;
    } catch (error) {
      if (error instanceof RefusedError && error.code === "not-enrolled") {
        this.stop();
        this.told.lost(error);
        return;
      }
      this.silent = error;
    }
    this.tell();
  }

  /** What fails to be drawn is said in the console and drawn again at the next reading. */
  tell() {
    if (this.stopped) return;
    try {
      this.told.changed();
    } catch (error) {
      console.error(error);
    }
  }

  async readPending(overview) {
    const head = overview.proposal && JSON.stringify([overview.proposal, overview.head]);
    if (!head) {
      this.pending = null;
      this.seen = null;
    } else if (head !== this.seen) {
      this.pending = await this.signer.pending();
      const reviewing = this.pending?.mine && this.pending.text === null;
      this.seen = reviewing || this.pending?.problem ? null : head;
    }
  }
}

async function readMeeting() {
  return JSON.parse(new TextDecoder().decode(await pollBytes("/api/meeting")));
}
