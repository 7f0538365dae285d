// The kiosk: holds the state, draws its screen, and wipes.
//
// A step (session.js) gives the next state; then the screen is drawn and what the state asks for
// is done (acts.js). The marks lie in the state, everything else that is secret in acts.js. What
// the server says is asked for on the waiting screen alone (standby.js).

import { RefusedError } from "../errors.js";
import { get, post } from "../common/api.js";
import { announce, h, liveRegions } from "../common/dom.js";
import { dialog } from "../common/frame.js";
import { TypedScanner } from "../common/scan.js";
import { lang, loadWords, say } from "../common/words.js";
import { Acts } from "./acts.js";
import { BusySign } from "./busy.js";
import { sentenceOf } from "./explain.js";
import { clearHistory } from "./guard.js";
import { FAREWELL, IdleClock, countDown } from "./idle.js";
import { Room } from "./room.js";
import { CAMERA, IDLE, SESSION, step, waiting } from "./session.js";
import { StaffCode } from "./staff.js";
import { KioskCamera, Standby } from "./standby.js";
import { VIEWS } from "./views/index.js";

const NOTICE = 12_000; // milliseconds that a sentence about a code stays on the waiting screen
const HOLD = 1200; // an end screen takes no touch at first: the finger may still be on 投票
const SETTLED = 150; // milliseconds without a change of size before it is drawn anew

/** Screens that are laid out by number and not by style alone. */
const SIZED = new Set(["ballot", "review", "tracker", "opening"]);
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "Tab"]);

/** Scanners may put marks of their own before a code (`]Q1`), and a finger may touch a key. */
function afterMarks(text) {
  return text.slice(Math.max(0, text.toUpperCase().lastIndexOf("PJ1:")));
}

/** The kiosk's page. */
export class App {
  #stopCount = null;
  #since = 0; // when the end screen came
  #noticeTimer = null;

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
    this.acts = new Acts(this);
    this.standby = new Standby(this);
    this.camera = new KioskCamera((text) => this.#scanned(text));
    this.scanner = new TypedScanner((text) => this.#scanned(afterMarks(text)));
    this.idle = new IdleClock({
      warn: (left) => this.#warn(left),
      out: () => this.send({ type: "wipe" }),
    });
    for (const type of ["pointerdown", "keydown"]) {
      document.addEventListener(type, (event) => this.#touched(event), true);
    }
    let timer;
    window.addEventListener("resize", () => {
      clearTimeout(timer);
      timer = setTimeout(() => SIZED.has(this.state.screen) && this.#draw(), SETTLED);
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
    if (!other) return this.acts.entered(before, this.state);
    this.busy.set(SESSION.has(screen) || screen === "typing");
    if (IDLE.has(screen)) this.idle.reset();
    else this.idle.stop();
    if (screen === "waiting") this.standby.begin();
    this.acts.entered(before, this.state);
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
    this.watch();
    if (this.view.tick) {
      this.#stopCount = countDown(FAREWELL, this.view.tick, () => this.send({ type: "wipe" }));
      this.#since = performance.now();
    }
  }

  /**
   * Let the camera look for codes where this screen has it: not before the page knows how things
   * stand, or a slip that lies before a kiosk that starts would only be told to come again.
   */
  watch() {
    const { video } = this.view ?? {};
    if (!video || !this.standby.looked || this.camera.video === video) return;
    if (CAMERA.has(this.state.screen)) this.camera.start(video);
  }

  #closeView() {
    this.camera.stop();
    this.#stopCount?.();
    this.#stopCount = null;
    this.view?.close?.();
    this.view = null;
    for (const box of document.querySelectorAll("dialog")) box.remove();
  }

  /** Everything of a session goes: requests, ticket, seeds, marks, elements, history. */
  #wipe() {
    this.acts.drop();
    this.#closeView();
    document.body.replaceChildren();
    window.getSelection()?.removeAllRanges();
    clearHistory();
    // Even where it is the one in use: another one may still be on its way.
    const { language } = this.room.meeting ?? {};
    if (language) this.speak(language);
  }

  #warn(left) {
    const old = document.getElementById("idle");
    if (left === null) return old?.remove();
    const text = say("kiosk.idle.left", { seconds: left });
    if (old) {
      old.querySelector(".seconds").textContent = text;
      return undefined;
    }
    const named = { id: "idle", role: "alertdialog", "aria-labelledby": "idle-title" };
    const box = h("div.cover", named, [
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
    const farewell = this.view?.tick && performance.now() - this.#since > HOLD;
    if (farewell && (event.type === "pointerdown" || !MODIFIERS.has(event.key))) {
      event.preventDefault();
      // After this event: what lies under the finger next must not be pressed by it.
      setTimeout(() => this.state.screen === screen && this.send({ type: "wipe" }));
    }
  }

  // --- codes -----------------------------------------------------------------------------------

  async #scanned(text) {
    const { screen } = this.state;
    const code = text.toUpperCase();
    // Somebody who types fast: the keys have arrived, only Enter was taken for a scanner's.
    const byHand = !code.startsWith("PJ1:") && (screen === "typing" || screen === "covered");
    if (byHand) return this.view.submit?.();
    if (!CAMERA.has(screen) && screen !== "typing") return undefined;
    const error = await this.acts.take({ scanned: code });
    return error && this.#notice(error);
  }

  /** Take a ticket that was typed by hand; resolves to what is wrong with it, or null. */
  typed(text) {
    return this.acts.take({ typed: text });
  }

  #notice(error) {
    this.send({ type: "notice", notice: error });
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => this.send({ type: "notice", notice: null }), NOTICE);
  }

  // --- what keys do beside a session -------------------------------------------------------------

  /** Switch the language; every session begins in the meeting's. */
  async speak(language) {
    const before = lang();
    try {
      await loadWords(language);
    } catch {
      return; // no server: the old language stays
    }
    if (lang() !== before) this.#draw();
  }

  /** Use the tablet's other camera. */
  flipCamera() {
    this.camera.flip();
    this.#draw();
  }

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
    const wrong = await this.staff.tried(code);
    if (wrong) return say(`kiosk.covered.${wrong}`);
    this.send({ type: "released" });
    return null;
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
