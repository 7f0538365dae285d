// The kiosk: holds the state, draws its screen, and does what a step asks for.
//
// Three secrets pass through here and are dropped at every wipe: the ticket (ticket.js), the
// sealed ballot with its seed (sealer.js, in its Worker), and the marks (in the state). Nothing
// that the server says touches a session: it is asked for the standing on the waiting screen only.

import { RefusedError, VerificationError } from "../errors.js";
import { get, patiently, post, postBytes, sleep } from "../shared/api.js";
import { announce, h, liveRegions } from "../shared/dom.js";
import { dialog } from "../shared/frame.js";
import { Camera, TypedScanner } from "../shared/scan.js";
import { lang, loadWords, say } from "../shared/words.js";
import { BusySign } from "./busy.js";
import { sentenceOf, whomToTell } from "./explain.js";
import { clearHistory } from "./guard.js";
import { FAREWELL, IdleClock, countDown } from "./idle.js";
import { Room } from "./room.js";
import { Sealer } from "./sealer.js";
import { CAMERA, IDLE, SESSION, choicesOf, openItems, step, waiting } from "./session.js";
import { StaffCode } from "./staff.js";
import { Ticket } from "./ticket.js";
import { VIEWS } from "./views/index.js";
import { askChoices, withdraw } from "./withdrawal.js";

const CALM = 4000; // milliseconds between two looks at the server while nobody votes
const HELLO = 20_000; // milliseconds between two signs of life
const NOTICE = 12_000; // that a sentence about a code stays on the waiting screen
const FACING = "piaojue-camera";
const HOLD = 1200; // an end screen takes no touch at first: the finger may still be on 投票
const WRONG_CODES = [0, 0, 5, 10, 20, 30]; // seconds to wait after so many wrong staff codes

export class App {
  /** @param {{about: object, account: string|null}} known */
  constructor({ about, account }) {
    this.about = about;
    this.build = about.build ?? "";
    this.number = account?.split(":")[1] ?? "";
    this.state = { screen: "start" };
    this.view = null;
    this.room = new Room();
    this.staff = new StaffCode();
    this.busy = new BusySign();
    this.sealer = new Sealer();
    this.ticket = new Ticket(this.sealer);
    this.sealed = null; // {ballot, tracker}: what is sent, until there is an answer
    this.loaded = ""; // which elections the Worker has tables for
    this.running = new AbortController(); // what this session still waits for
    this.wrong = 0;
    this.camera = this.#makeCamera();
    this.scanner = new TypedScanner((text) => this.#scanned(text));
    this.idle = new IdleClock({ warn: (left) => this.#warn(left), out: () => this.send({ type: "wipe" }) });
    for (const type of ["pointerdown", "keydown"]) {
      document.addEventListener(type, (event) => this.#touched(event), true);
    }
    let redraw;
    window.addEventListener("resize", () => {
      clearTimeout(redraw);
      redraw = setTimeout(() => SIZED.has(this.state.screen) && this.#draw(), 150);
    });
  }

  /** Show a state that is not a step's: the first one, or one before the kiosk is one. */
  enter(state) {
    this.state = state;
    this.#changed(null);
  }

  /** Take an event; what follows from it is drawn and done. */
  send(event) {
    const before = this.state;
    const after = step(before, event);
    if (after === before) return;
    this.state = after;
    if (event.type === "wipe" || event.type === "cover") this.#wipe();
    this.#changed(before);
  }

  explain(error) {
    return sentenceOf(error);
  }

  // --- drawing ---------------------------------------------------------------------------------

  #changed(before) {
    const { screen } = this.state;
    const other = before?.screen !== screen;
    if (other || !this.view?.update?.(this.state)) this.#draw({ keepFocus: !other });
    if (!other) return this.#acted(before);
    this.busy.set(SESSION.has(screen) || screen === "typing");
    if (IDLE.has(screen)) this.idle.reset();
    else this.idle.stop();
    if (screen === "waiting") this.#wait();
    this.#acted(before);
  }

  #draw({ keepFocus = true } = {}) {
    const focused = keepFocus ? document.activeElement?.dataset?.key : null;
    this.#closeView();
    const make = VIEWS[this.state.screen];
    if (!make) return;
    this.view = make(this.state, this);
    document.title = say("kiosk.waiting.title");
    document.body.replaceChildren(this.view.element, ...liveRegions());
    const same = focused && this.view.element.querySelector(`[data-key="${CSS.escape(focused)}"]`);
    (same ?? this.view.element.querySelector("[data-first]"))?.focus({ preventScroll: true });
    if (this.view.video && CAMERA.has(this.state.screen)) this.camera.start(this.view.video);
    if (this.view.tick) {
      this.stopCount = countDown(FAREWELL, this.view.tick, () => this.send({ type: "wipe" }));
      this.since = performance.now();
    }
  }

  #closeView() {
    this.camera.stop();
    this.stopCount?.();
    this.stopCount = null;
    this.view?.close?.();
    this.view = null;
    for (const box of document.querySelectorAll("dialog")) box.remove();
  }

  /** Everything of a session goes: requests, ticket, seed, marks, elements, history. */
  #wipe() {
    this.running.abort();
    this.running = new AbortController();
    this.#drop();
    this.#closeView();
    document.body.replaceChildren();
    window.getSelection()?.removeAllRanges();
    clearHistory();
    const { language } = this.room.meeting ?? {};
    if (language && language !== lang()) this.speak(language);
  }

  #warn(left) {
    const old = document.getElementById("idle");
    if (left === null) return old?.remove();
    const text = say("kiosk.idle.left", { seconds: left });
    if (old) {
      old.querySelector(".seconds").textContent = text;
      return undefined;
    }
    const box = h("div.cover", { id: "idle", role: "alertdialog", "aria-labelledby": "idle-title" }, [
      h("div.cover-box", {}, [
        h("h2", { id: "idle-title" }, say("kiosk.idle.title")),
        h("p.lead", {}, say("kiosk.idle.lead")),
        h("p.seconds", {}, text),
        h("button.primary", { type: "button" }, say("kiosk.idle.stay")),
      ]),
    ]);
    document.body.append(box);
    announce(say("kiosk.idle.title"), { urgent: true });
    return undefined;
  }

  #touched(event) {
    const { screen } = this.state;
    if (this.idle.running || this.idle.warned) {
      if (this.idle.warned) event.preventDefault();
      this.idle.reset();
    }
    const farewell = this.view?.tick && performance.now() - this.since > HOLD;
    if (farewell && (event.type === "pointerdown" || !MODIFIERS.has(event.key))) {
      event.preventDefault();
      // After this event: what lies under the finger next must not be pressed by it.
      setTimeout(() => this.state.screen === screen && this.send({ type: "wipe" }));
    }
  }

  // --- waiting ---------------------------------------------------------------------------------

  async #wait() {
    const turn = (this.turn = {});
    while (this.state.screen === "waiting" && this.turn === turn) {
      await this.#look();
      await sleep(CALM);
    }
  }

  async #look() {
    try {
      const known = this.room.meeting;
      await this.room.refresh();
      const first = !known && this.room.meeting;
      if (first && this.room.meeting.language !== lang()) await this.speak(this.room.meeting.language);
    } catch (error) {
      if (this.state.screen === "waiting") this.send({ type: "notice", notice: error });
      return;
    }
    if (this.state.screen === "waiting") this.view?.update?.(this.state);
    this.#hello();
    await this.#foresee();
  }

  /** Tell the console now and then that this kiosk is alive, and which build it shows. */
  #hello() {
    if (performance.now() < (this.nextHello ?? 0)) return;
    this.nextHello = performance.now() + HELLO;
    post("/api/kiosk/hello", { build: this.build }).catch(() => {});
  }

  /** Have the tables for the open papers made before the first voter comes. */
  async #foresee() {
    const open = this.room.rounds.filter((one) => one.state === "open");
    if (!open.length || this.state.screen !== "waiting") return;
    if (open.every((one) => this.loaded.includes(one.slot))) return;
    await this.#load(await this.room.papers()).catch(() => {}); // a scan will tell what is wrong
  }

  /** Switch the language; every session begins in the meeting's. */
  async speak(language) {
    try {
      await loadWords(language);
    } catch {
      return; // no server: the old language stays
    }
    this.#draw();
  }

  #makeCamera() {
    const camera = new Camera((text) => this.#scanned(text), {
      facing: localStorage.getItem(FACING) === "environment" ? "environment" : "user",
      trouble: (kind) => {
        camera.kind = kind;
        const place = document.querySelector(".camera-trouble");
        if (place) place.textContent = kind ? this.cameraTrouble(kind) : "";
        if (kind === null) this.#countCameras();
      },
    });
    camera.kind = null;
    camera.choice = false;
    return camera;
  }

  cameraTrouble(kind) {
    return say(`kiosk.camera.${kind}`);
  }

  async #countCameras() {
    const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    this.camera.choice = devices.filter((one) => one.kind === "videoinput").length > 1;
  }

  /** Use the tablet's other camera, and remember that; it tells nothing about anybody. */
  flipCamera() {
    localStorage.setItem(FACING, this.camera.flip());
    this.#draw();
  }

  // --- reading a ticket ------------------------------------------------------------------------

  #scanned(text) {
    const { screen } = this.state;
    // Somebody who types fast: the keys have arrived, only Enter was taken for a scanner's.
    const byHand = !text.toUpperCase().startsWith("PJ1:");
    if (byHand && (screen === "typing" || screen === "covered")) return this.view.submit?.();
    if (!CAMERA.has(screen) && screen !== "typing") return undefined;
    return this.#take({ scanned: text.toUpperCase() }).then((error) => error && this.#notice(error));
  }

  /** Take a ticket that was typed by hand; resolves to what is wrong with it, or null. */
  typed(text) {
    return this.#take({ typed: text });
  }

  #notice(error) {
    this.send({ type: "notice", notice: error });
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => this.send({ type: "notice", notice: null }), NOTICE);
  }

  async #take(read) {
    const { screen } = this.state;
    if (this.taking) return null;
    this.taking = true;
    try {
      await this.ticket.read(read);
    } catch (error) {
      return error;
    } finally {
      this.taking = false;
    }
    if (this.state.screen === screen) this.send({ type: "read" });
    return null;
  }

  /** Do what the new state asks for. */
  #acted(before) {
    const { state } = this;
    const entered = before?.screen !== state.screen;
    if (state.screen === "ballot" && (entered || before.at !== state.at)) this.#prepare();
    const act = entered && this.#acts[state.screen];
    if (act) this.#during(act);
  }

  #acts = {
    reading: () => this.#admit(),
    review: () => this.#seal(),
    casting: () => this.#cast(),
    marking: () => this.#spoil(),
    sending: () => this.#withdraw(),
    done: () => this.#drop(),
  };

  /** Run something of this session; what it throws ends the session with a sentence. */
  async #during(act) {
    const { running } = this;
    try {
      await act(running.signal);
    } catch (error) {
      if (running.signal.aborted) return;
      this.#drop();
      this.send({ type: "refused", error, tell: whomToTell(error) });
    }
  }

  /** Token, seeds and sealed bytes go; the Worker that held them ends. */
  #drop() {
    this.sealed = null;
    this.ticket.forget();
  }

  async #admit() {
    const { signal } = this.running;
    const { ticket, room } = this;
    await room.refresh();
    if (!room.meeting) throw new RefusedError("not-open-yet");
    if (this.state.purpose === "withdraw") {
      const choices = await askChoices(room.meeting, ticket, signal);
      if (!signal.aborted) this.send({ type: "asked", choices });
      return;
    }
    const open = await room.papers(signal);
    await this.#load(open);
    const papers = await room.papersOf(ticket, open, signal);
    const found = papers.length ? papers : await room.past(ticket, signal);
    if (signal.aborted) return;
    if (!found.length) throw await this.#nothing(ticket, open, signal);
    this.send({ type: "admitted", papers: found });
  }

  async #nothing(ticket, open, signal) {
    if (!open.length) return new RefusedError("not-open-yet");
    const reason = await this.room.reason(ticket, open, signal);
    return new RefusedError(reason ?? "credential-unknown");
  }

  // --- the ballot ------------------------------------------------------------------------------

  /** Make the Worker's tables for the open papers, if it has not. */
  async #load(papers) {
    const loaded = papers.map((paper) => paper.slot).join();
    if (loaded === this.loaded) return;
    await this.sealer.load(papers.map((paper) => paper.election));
    this.loaded = loaded;
  }

  get #slot() {
    return this.state.papers[this.state.at].slot;
  }

  /** A seed for this paper, while the voter reads; what was sealed before is forgotten. */
  #prepare() {
    this.sealed = null;
    this.sealer.drop(this.#slot);
    this.sealer.ready(this.#slot);
  }

  /** Seal what is marked, unless it is or an item is open. */
  async #seal() {
    const { signal } = this.running;
    const { state } = this;
    if (openItems(state).length) return;
    this.sealed ??= await this.sealer.seal({ slot: this.#slot, choices: choicesOf(state) });
    if (!signal.aborted) this.send({ type: "sealed", tracker: this.sealed.tracker });
  }

  async #cast() {
    const { signal } = this.running;
    const path = `/api/slots/${this.#slot}/ballots`;
    // 投票 may be pressed a moment before the seal is ready.
    const choices = choicesOf(this.state);
    this.sealed ??= await this.sealer.seal({ slot: this.#slot, choices });
    const { ballot, tracker } = this.sealed;
    let answer;
    try {
      answer = await this.#untilAnswered(() => postBytes(path, ballot), signal);
    } catch (error) {
      if (signal.aborted) return;
      this.sealer.drop(this.#slot);
      this.send({ type: "lost", error, tell: whomToTell(error) });
      return;
    }
    if (signal.aborted) return;
    if (answer.tracker !== tracker) throw new VerificationError("tracker-mismatch");
    this.sealer.drop(this.#slot);
    this.sealed = null;
    this.send({ type: "counted", tracker });
  }

  #untilAnswered(send, signal) {
    const closing = async () => {
      for (;;) {
        try {
          return await send();
        } catch (error) {
          // Officers are about to seal, or were just before us: neither is an answer yet.
          if (!NOT_YET.has(error.code)) throw error;
          await sleep(1000, signal);
          if (signal.aborted) throw error;
        }
      }
    };
    return patiently(closing, { signal, waiting: () => this.send({ type: "waiting", silent: true }) });
  }

  // --- checking the device ---------------------------------------------------------------------

  async #spoil() {
    const { signal } = this.running;
    const { tracker } = this.sealed;
    const path = `/api/slots/${this.#slot}/spoil`;
    await this.#untilAnswered(() => post(path, { tracker }), signal);
    if (signal.aborted) return;
    const opening = new TextDecoder().decode(await this.sealer.open(this.#slot));
    this.sealed = null;
    if (!signal.aborted) this.send({ type: "marked", opening });
  }

  // --- withdrawing -----------------------------------------------------------------------------

  async #withdraw() {
    const { signal } = this.running;
    const { slots } = this.state.choices[this.state.choice];
    const told = (sent) => this.send({ type: "progress", sent });
    await withdraw(this.room.meeting, this.ticket, slots, told, signal);
    if (signal.aborted) return;
    this.#drop();
    this.send({ type: "left" });
  }

  // --- the voter stops, the staff, letting in --------------------------------------------------

  /** Ask before marks are thrown away. */
  async stop() {
    const { screen } = this.state;
    const pressed = await dialog({
      title: say("kiosk.stop.title"),
      body: [h("p", {}, say("kiosk.stop.lead"))],
      keys: [
        { id: "stay", label: say("kiosk.stop.stay"), kind: "primary" },
        { id: "stop", label: say("kiosk.stop.stop"), kind: "danger" },
      ],
    });
    if (pressed === "stop" && this.state.screen === screen) this.send({ type: "wipe" });
  }

  setStaffCode() {
    this.enter({ screen: "staff-code" });
  }

  async keepStaffCode(code) {
    await this.staff.set(code);
    this.enter(waiting());
  }

  /** Return to service; a sentence when the code is wrong. */
  async release(code) {
    if (this.locked > performance.now()) return say("kiosk.covered.slow");
    if (await this.staff.fits(code)) {
      this.wrong = 0;
      this.send({ type: "released" });
      return null;
    }
    this.wrong += 1;
    const seconds = WRONG_CODES[Math.min(this.wrong, WRONG_CODES.length - 1)];
    this.locked = performance.now() + seconds * 1000;
    return say("kiosk.covered.wrong");
  }

  /** Use up the one-time code; an error when it is refused. */
  async enrol(invitation, staffCode) {
    try {
      if (this.about.mode === "installed") await post("/device/enrol", { invitation });
      else await post("/api/login/invite", { code: invitation, password: null, key: null });
      const { account, role } = await get("/api/account");
      if (role !== "kiosk") throw new RefusedError("not-a-kiosk", { account });
      this.number = account.split(":")[1];
      if (staffCode) await this.staff.set(staffCode);
    } catch (error) {
      return error;
    }
    this.enter(waiting());
    return null;
  }
}

/** Screens that are laid out by number and not by style alone. */
const SIZED = new Set(["ballot", "review", "tracker", "opening"]);
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "Tab"]);
const NOT_YET = new Set(["sealing", "ledger-moved", "proposal-pending"]);
