// What an officer's page does itself before it signs: fold, recompute, compare
// (kiosk/device/officer.py).
//
// The server forms an act; this page folds the ledger from its first line, tries the act on its own
// fold, and recomputes what the act names: the meeting that is frozen, the trackers in a sealed
// box, the outcome that is certified. What is signed is the act that was reviewed, and shown, last;
// a reading other than the one proposed here is refused.

import { hexToBytes, toBytes } from "../crypto/bytes.js";
import { sha256Hex } from "../crypto/hashing.js";
import { RefusedError, UnavailableError, VerificationError } from "../errors.js";
import { standingsOf } from "../meeting/binding.js";
import { advance, fold } from "../meeting/fold.js";
import { decodeMeeting } from "../meeting/frozen.js";
import * as keys from "../meeting/keys.js";
import { decodeAct, decodeLedger, encodeAct, lineDigest, openedAt, signingBytes }
  from "../meeting/ledger.js";
import { maskedOf } from "../meeting/readings.js";
import { EMPTY, roundAt } from "../meeting/state.js";
import { readArchive } from "../protocol/archive.js";
import { tracker } from "../protocol/ballot.js";
import { ballotsDigest } from "../protocol/checkpoint.js";
import * as codec from "../protocol/codec.js";
import { signNote, signatureLine } from "../protocol/note.js";
import { countedTotals } from "./counted.js";
import { askedOf, endedBy, following, requireMotions, requireStandings } from "./following.js";
import { blindOf, checkOutcome, readingIn, writtenIn } from "./outcome.js";
import { Proposed } from "./proposed.js";
import { noteText, unpack } from "./record.js";

const NO_HEAD = "0".repeat(64);

/** {seed: hex|null, meeting, height, head} as the key file holds them. */
export function encodeOfficer({ seed, meeting, height, head }) {
  return codec.encode({ officer: 1, seed, meeting, height, head });
}

/** What a new key file holds; `seed` is null for an officer who signs by pen. */
export function newOfficer(seed) {
  return { seed, meeting: null, height: 0, head: NO_HEAD };
}

/** Read it again. Throws FormatError, also for a trustee's file. */
export function decodeOfficer(bytes) {
  const names = ["officer", "seed", "meeting", "height", "head"];
  const [version, seed, meeting, height, head] =
    codec.fields(codec.decodeExact(bytes, "keys"), "keys", ...names);
  codec.integer(version, "keys.officer", { low: 1, high: 1 });
  return {
    seed: seed === null ? null : codec.hex64(seed, "keys.seed"),
    meeting: meeting === null ? null : codec.hex64(meeting, "keys.meeting"),
    height: codec.integer(height, "keys.height"),
    head: codec.hex64(head, "keys.head"),
  };
}

/** One officer's page: his key, the ledger as he has seen it, and the line to the server. */
export class OfficerDevice {
  #client;
  #held;
  #keep;
  #verify;
  #mix;
  #lines = [];
  #state = EMPTY;
  #boxes = new Map(); // by slot: promises of the counted boxes, each verified once
  #refreshed = Promise.resolve();
  #newest = null; // the review that was begun last
  #reviewed = null;
  #proposed = new Proposed();

  /** The frozen meeting, once there is one. */
  meeting = null;

  /**
   * @param {{client: object, officer: string, held: object, keep: (held: object) => Promise<void>,
   *   verify: Function[], mix: object}} given held: as `decodeOfficer` gives it; keep: stores it,
   *   each time that more was seen; verify: as `recount` takes it; mix: as `mixer` of workers.js
   */
  constructor({ client, officer, held, keep, verify, mix = null }) {
    this.#client = client;
    this.officer = officer;
    this.#held = held;
    this.#keep = keep;
    this.#verify = verify;
    this.#mix = mix;
  }

  /** The public key in hex; null for an officer who signs by pen. */
  get key() {
    return this.#held.seed === null ? null : keys.publicKey(hexToBytes(this.#held.seed));
  }

  /**
   * Fold what is new in the ledger; what was seen before never changes. One after the other: an
   * older answer that comes last would be another ledger.
   * @throws {VerificationError} `other-key`, `other-meeting`, `ledger-rewritten`, or what the fold
   *   finds
   */
  refresh() {
    const next = () => this.#readOn();
    this.#refreshed = this.#refreshed.then(next, next);
    return this.#refreshed;
  }

  async #readOn() {
    if (this.meeting === null) {
      try {
        const found = decodeMeeting(await this.#client.getBytes("/api/meeting"));
        this.#checkOwn(found);
        this.meeting = found;
      } catch (error) {
        if (error.code !== "not-frozen") throw error;
        return this.#state;
      }
    }
    const path = `/api/ledger?from=${this.#lines.length}`;
    const lines = [...this.#lines, ...decodeLedger(await this.#client.getBytes(path))];
    const state = fold(this.meeting, lines.slice(this.#lines.length), this.#state);
    await this.#see(lines);
    this.#lines = lines;
    this.#state = state;
    return state;
  }

  /**
   * Who stands in the next round of every item that is to have one now, computed from boxes that
   * this page has verified.
   * @returns {Promise<Map<string, import("../meeting/questions.js").Standing>>} by item
   */
  async following() {
    const state = await this.refresh();
    if (this.meeting === null) return new Map();
    return following(this.meeting, state, await this.#contests(state));
  }

  /** The act that waits: {act, places, signed, frozen}, or null. */
  async pending() {
    const value = await this.#client.get("/api/proposals");
    if (value === null) return null;
    const names = ["act", "places", "signed", "meeting"];
    const [act, places, signed, meeting] = codec.fields(value, "proposal", ...names);
    const frozen = meeting === null ? null : toBytes(meeting);
    return { act: decodeAct(toBytes(act)), places, signed, frozen };
  }

  /**
   * Have the server form an act.
   * @param {string} kind
   * @param {object} body as docs/spec/api.md has it; of a reading `slot` and `entries`, each
   *   `{item, ask, text, as}`
   */
  async propose(kind, body) {
    const wish = this.#proposed.wish(kind, body);
    try {
      await this.#client.post("/api/proposals", { kind, body: wish });
    } catch (error) {
      // It may have been taken in, and the answer lost.
      if (!(error instanceof UnavailableError)) this.#proposed.refused();
      throw error;
    }
  }

  /**
   * Have the server drop the act with this digest, and no other that waits by now; what was
   * proposed here is proposed no more.
   */
  async withdraw(digest) {
    this.#proposed.forget();
    await this.#client.del(`/api/proposals/${digest}`);
  }

  /**
   * Check an act; from now on `sign` means this one, unless the review of another was begun since.
   * @param {object} act
   * @param {Uint8Array|null} frozen the meeting that a `freeze` act freezes
   * @returns {Promise<{meeting: object, after: object, found: object}>} what `actLines` takes
   * @throws {VerificationError|RefusedError} nothing can be signed then
   */
  async review(act, frozen) {
    const mine = (this.#newest = {});
    this.#reviewed = null;
    const state = await this.refresh();
    const meeting = this.#meetingOf(act, frozen);
    checkHead(act, state);
    const after = advance(meeting, state, act);
    const found = {};
    if (act.kind === "no-objection") found.trackers = await this.#sealedTrackers(state, act);
    else if (act.kind === "reading") found.read = await this.#read(state, act);
    else if (act.kind === "certify") found.decisions = await this.#decisions(state, act);
    else if (["open", "release"].includes(act.kind)) found.ended = await this.#next(state, act);
    if (this.#newest === mine) this.#reviewed = { act, meeting };
    return { meeting, after, found };
  }

  /** Sign the act that was reviewed last, if it has this digest; whether it is complete now. */
  async sign(digest) {
    if (this.#held.seed === null) throw new RefusedError("signs-by-pen");
    const { act, meeting } = this.#reviewed ?? {};
    if (act === undefined || sha256Hex(encodeAct(act)) !== digest) {
      throw new RefusedError("act-not-shown");
    }
    checkHead(act, await this.refresh()); // the fold goes on only from what was reviewed
    const message = signingBytes(meeting.fingerprint, act);
    const signature = keys.sign(hexToBytes(this.#held.seed), message);
    const path = "/api/proposals/signature";
    const { complete } = await this.#client.post(path, { act: digest, signature });
    if (this.#reviewed?.act === act) this.#reviewed = null;
    if (act.kind === "reading") this.#proposed.forget(act.body.slot);
    return complete === true;
  }

  /**
   * Check the record as far as a page can: the meeting, the ledger, and every archive, file of
   * proofs and outcome that the ledger names; return the text of its note.
   * @throws {VerificationError} what differs
   */
  async recordNote() {
    const state = await this.refresh();
    if (!state.closed) throw new RefusedError("not-closed");
    const files = unpack(await this.#client.getBytes("/api/record/unsigned"));
    return noteText(this.meeting, this.#lines, state, files);
  }

  /** Sign the note of the record. */
  async signRecord() {
    if (this.#held.seed === null) throw new RefusedError("signs-by-pen");
    const text = await this.recordNote();
    const signed = signNote(text, this.officer, hexToBytes(this.#held.seed));
    await this.#client.post("/api/record/signature", { line: signatureLine(signed) });
  }

  /** Demand that meeting and ledger go on from what was seen, and store what is seen now. */
  async #see(lines) {
    const { meeting, height, head } = this.#held;
    const { fingerprint } = this.meeting;
    if (meeting !== null && meeting !== fingerprint) throw new VerificationError("other-meeting");
    if (height && (lines.length < height || lineDigest(lines[height - 1]) !== head)) {
      throw new VerificationError("ledger-rewritten", { height });
    }
    if (meeting === fingerprint && lines.length === height) return;
    const last = lines.length ? lineDigest(lines.at(-1)) : NO_HEAD;
    const now = { ...this.#held, meeting: fingerprint, height: lines.length, head: last };
    await this.#keep(now);
    this.#held = now;
  }

  #meetingOf(act, frozen) {
    if (act.kind !== "freeze") {
      if (this.meeting === null) throw new RefusedError("not-frozen");
      return this.meeting;
    }
    if (frozen === null || this.meeting !== null) throw new VerificationError("other-meeting");
    const meeting = decodeMeeting(frozen);
    this.#checkOwn(meeting);
    return meeting;
  }

  /** Demand this page's own key in the meeting: else somebody signs in this name. */
  #checkOwn(meeting) {
    const own = meeting.officers.get(this.officer);
    if (own === undefined || own.key !== this.key) {
      throw new VerificationError("other-key", { officer: this.officer });
    }
  }

  /** Read the sealed box and compare it with the seal; its trackers, sorted. */
  async #sealedTrackers(state, { body: { slot } }) {
    const one = roundAt(state, slot, "sealed");
    const archive = await this.#client.getBytes(`/api/slots/${slot}/archive/sealed`);
    if (sha256Hex(archive) !== one.sealedArchive) {
      throw new VerificationError("archive-mismatch", { slot });
    }
    const trackers = readArchive(archive).ballots.map(tracker);
    if (trackers.some((each) => one.spoiled.has(each))) {
      throw new VerificationError("ballot-spoiled", { slot });
    }
    if (ballotsDigest(trackers) !== one.ballots || trackers.length !== one.returned) {
      throw new VerificationError("ballots-mismatch", { slot });
    }
    return trackers.sort();
  }

  /** Verify a counted round, and check the outcome that is certified; what it decides. */
  async #decisions(state, { body: { slot, outcome } }) {
    const one = roundAt(state, slot, "counted");
    const opened = await this.#counted(state, one);
    const stated = await this.#client.getBytes(`/api/slots/${slot}/outcome`);
    if (sha256Hex(stated) !== outcome) throw new VerificationError("outcome-mismatch", { slot });
    return checkOutcome(this.meeting, one, opened, stated);
  }

  /** Verify a counted round, and open a reading of what was written into it: text by text. */
  async #read(state, { body }) {
    const { slot } = body;
    const one = { ...roundAt(state, slot, "counted"), reading: maskedOf(body) };
    const opened = await this.#counted(state, one);
    const reading = readingIn(this.meeting, one, opened);
    const read = [...writtenIn(this.meeting, one, opened)].flatMap(([key, texts]) => {
      const [item, ask] = key.split("\n");
      const as = (text) => reading.get(key).get(text);
      return [...texts].map(([text, votes]) => ({ item, ask, text, votes, as: as(text) }));
    });
    this.#proposed.require(slot, read);
    return read;
  }

  /** Verify who an opening says stands; the items whose next round a release gives up. */
  async #next(state, { kind, body }) {
    const opened = await this.#contests(state);
    if (kind === "release") {
      return endedBy(this.meeting, state, roundAt(state, body.slot), opened);
    }
    requireStandings(this.meeting, state, body.items, standingsOf(body), opened);
    requireMotions(this.meeting, state, body.items, opened);
    return [];
  }

  /** What was opened in the last counted box of every contest, by slot. */
  async #contests(state) {
    const opened = new Map();
    for (const slot of askedOf(this.meeting, state)) {
      opened.set(slot, await this.#counted(state, state.rounds.get(slot)));
    }
    return opened;
  }

  /**
   * Verify the archive of a counted round, which the ledger names once: `Opened` of outcome.js.
   * Whoever asks while that is under way waits for the same; what failed is done again.
   */
  #counted(state, one) {
    const { slot } = one;
    if (!this.#boxes.has(slot)) {
      const opened = this.#verified(state, one);
      this.#boxes.set(slot, opened);
      opened.catch(() => this.#boxes.delete(slot));
    }
    return this.#boxes.get(slot);
  }

  async #verified(state, one) {
    const { slot } = one;
    const bytes = (name) => this.#client.getBytes(`/api/slots/${slot}/archive/${name}`);
    const archive = await bytes("final");
    const what = {
      meeting: this.meeting,
      state,
      one,
      archive,
      proofs: await bytes("proofs"),
      openedAt: openedAt(this.#lines, slot),
    };
    const totals = await countedTotals(what, { verify: this.#verify, mix: this.#mix });
    return { totals, blind: blindOf(archive) };
  }
}

/** The act stands on the head that this page sees; behind it, it is merely late. */
function checkHead({ height, parent }, state) {
  if (height < state.height) throw new RefusedError("act-overtaken");
  if (height !== state.height || parent !== state.head) {
    throw new VerificationError("broken-chain", { height });
  }
}
