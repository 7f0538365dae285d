// What a kiosk knows of its meeting, and how it learns what a ticket may do.
//
// The frozen meeting is the measure: it is fetched once, its fingerprint stands on the waiting
// screen for people to compare, another one is refused from then on, and every election that the
// server offers is rebuilt from it. A server that could name another key would read every choice;
// one that could name another question would change its meaning; who stands in a later round is
// therefore the ledger's. Lists of credentials are kept by slot: they never change.

import { sha256Hex } from "../crypto/hashing.js";
import { VerificationError } from "../errors.js";
import { decodeMeeting, ruleOf } from "../meeting/frozen.js";
import { roundElection } from "../meeting/binding.js";
import { fold } from "../meeting/fold.js";
import { decodeLedger } from "../meeting/ledger.js";
import * as codec from "../protocol/codec.js";
import { get, getBytes, patiently, poll } from "../common/api.js";
import { lang } from "../common/words.js";
import { outOf, standingOf } from "./facts.js";
import { matterOf } from "./matter.js";

const decoder = new TextDecoder();

/** The meeting, its rounds, and their standing. */
export class Room {
  constructor() {
    this.meeting = null;
    this.rounds = []; // as /api/state tells them; shown, never believed
    this.standing = "draft";
    this.silent = false; // the server does not answer just now
    this.lists = new Map(); // by slot: the Set of active credentials
  }

  /** Ask how things stand, for the waiting screen. Throws nothing: silence is a standing too. */
  async refresh() {
    try {
      const state = await poll("/api/state");
      if (state.meeting !== null && state.meeting !== this.meeting?.fingerprint) {
        await this.#load(state.meeting);
      }
      const calls = await this.#lastCalls();
      this.rounds = this.meeting
        ? state.rounds.map((one) => ({ ...one, lastCall: calls.has(one.slot) }))
        : [];
      this.standing = standingOf(state.stage, this.rounds);
      this.silent = false;
    } catch (error) {
      this.silent = true;
      if (error instanceof VerificationError) throw error;
    }
  }

  /** Slots for which the room was told that the box is about to be closed. */
  async #lastCalls() {
    try {
      const { papers } = await poll("/api/hall");
      return new Set(papers.filter((one) => one.last_call).map((one) => one.slot));
    } catch {
      return new Set();
    }
  }

  /**
   * Take the meeting in, once. Another one later is refused: its key would be one that nobody
   * compared, offered for the length of a session and then no more. A new meeting wants the page
   * opened anew, and its fingerprint compared.
   */
  async #load(fingerprint) {
    if (this.meeting !== null) throw new VerificationError("meeting-changed");
    const meeting = decodeMeeting(await getBytes("/api/meeting"));
    if (meeting.fingerprint !== fingerprint) throw new VerificationError("meeting-mismatch");
    this.meeting = meeting;
  }

  /** What a paper is called: by its rule, in the reader's language. */
  titleOf(items) {
    const title = ruleOf(this.meeting, items[0]).title;
    return title[lang()] ?? title.zh;
  }

  /**
   * The open papers, recusal papers first, each rebuilt from the frozen meeting. Who stands in a
   * later round is read out of the ledger, where officers signed it.
   * @returns {Promise<import("./session.js").Paper[]>} without `counted`; with `election` its bytes
   *   and `standings` by item
   * @throws {VerificationError} `election-mismatch`
   */
  async papers(signal) {
    const offered = await patiently(() => get("/api/kiosk/papers"), { signal });
    const listed = codec.array(offered, "papers").map((one) => {
      const names = ["slot", "items", "standings", "election"];
      const [slot, items, standings, raw] = codec.fields(one, "paper", ...names);
      const ids = codec.array(items, "paper.items").map((item) => codec.text(item, "item"));
      const data = codec.text(raw, "paper.election", { maxLength: 2 ** 22 });
      return { slot, items: ids, later: Object.keys(standings).length > 0, data };
    });
    const opened = listed.some(({ later }) => later) ? await this.#opened(signal) : new Map();
    return listed.map(({ slot, items, later, data }) => {
      const standings = later ? opened.get(slot)?.standings : new Map();
      const election = rebuilt(this.meeting, slot, items, data, standings);
      const matters = items.map((id) => matterOf(this.meeting, id, standings.get(id) ?? null));
      return { slot, items, standings, matters, election };
    });
  }

  /** The rounds as the ledger opened them, by slot, every signature of it verified. */
  async #opened(signal) {
    const ledger = await patiently(() => getBytes("/api/ledger"), { signal });
    return fold(this.meeting, decodeLedger(ledger)).rounds;
  }

  /**
   * What a ticket may vote on now, in order; papers in which it has voted stand there counted.
   * @param {import("./ticket.js").Ticket} ticket
   * @param {object[]} papers the open ones, as `papers` gives them
   * @returns {Promise<import("./session.js").Paper[]>} empty when it is good for none of them
   */
  async papersOf(ticket, papers, signal) {
    const mine = [];
    for (const paper of papers) {
      const list = await this.#list(paper.slot, signal);
      if (!list.has(await ticket.credential(paper.slot))) continue;
      const counted = await this.counted(ticket, paper.slot, signal);
      mine.push({ ...paper, counted });
    }
    return mine;
  }

  /** The tracker of the ticket's ballot in a slot, or null: what the server has stored. */
  async counted(ticket, slot, signal) {
    const ask = () => ticket.act("query", slot, this.meeting.fingerprint);
    const { counted, tracker } = await patiently(ask, { signal });
    return counted ? codec.b64Hash(tracker, "tracker") : null;
  }

  /**
   * Papers no longer open in which this ticket was good, and whether it counted there.
   * @returns {Promise<import("./session.js").Paper[]>}
   */
  async past(ticket, signal) {
    const found = [];
    for (const { slot, items, state } of this.rounds) {
      if (state === "open" || state === "void") continue;
      const list = await this.#list(slot, signal);
      if (!list.has(await ticket.credential(slot))) continue;
      const counted = (await this.counted(ticket, slot, signal)) ?? "";
      found.push({ slot, items, matters: [], counted });
    }
    return found;
  }

  /** Why a ticket is on no list: `leftover`, `withdrawn`, or null where the ledger has no reason. */
  async reason(ticket, papers, signal) {
    const ledger = await patiently(() => getBytes("/api/ledger"), { signal });
    const mine = new Map();
    for (const { slot } of papers) mine.set(slot, await ticket.credential(slot));
    return outOf(decoder.decode(ledger), mine);
  }

  async #list(slot, signal) {
    if (!this.lists.has(slot)) {
      const path = `/api/slots/${slot}/credentials`;
      const raw = await patiently(() => getBytes(path), { signal });
      const value = codec.array(codec.decodeExact(raw, "credentials"), "credentials");
      this.lists.set(slot, new Set(value.map((text) => codec.hex64(text, "credential"))));
    }
    return this.lists.get(slot);
  }
}

/** The election of these items; only the round's number is taken from what came. */
function rebuilt(meeting, slot, items, data, standings) {
  const mismatch = () => new VerificationError("election-mismatch", { slot });
  const number = /"description":"piaojue\/round\/1 [0-9a-f]{64} ([0-9]{1,3}) /.exec(data);
  const known = items.length > 0 && items.every((item) => meeting.items.has(item));
  if (!number || !known || !standings || !meeting.slots.includes(slot)) throw mismatch();
  const election = roundElection(meeting, slot, items, Number(number[1]), standings);
  if (sha256Hex(election) !== sha256Hex(new TextEncoder().encode(data))) throw mismatch();
  return election;
}
