// The trustee's page: follows one engine, and keeps exactly one instruction on the screen.

import { announce, h, show, $ } from "../common/dom.js";
import { frame } from "../common/frame.js";
import { explain, has, say } from "../common/words.js";
import { card } from "./cards.js";
import { enrolForm, unlockForm } from "./forms.js";
import { PHASES, indexOf, screenOf } from "./screen.js";

const UNLOGGED = new Set([
  ...["progress", "waiting", "cosigners", "stopped", "media-again"],
  ...["copy", "copied", "copies-gone"],
]);

/** What the page holds; the engine has everything that matters. */
export class App {
  #engine;
  #state = null;
  #events = [];
  #asking = null;
  #lost = null;
  #trouble = null; // why the last answer was not taken, as a fault of the screen
  #shown = "";
  #drawn = "";

  /** @param {object} engine as talk.js describes it */
  constructor(engine) {
    this.#engine = engine;
    engine.onFault((error) => this.#fault(error));
  }

  /** Build the page; again when the language changes. */
  async draw() {
    frame(
      say("keeper.title"),
      [
        h("div", { id: "phases" }),
        h("div", { id: "now" }),
        h("details.log", {}, h("summary", {}, say("keeper.log")), h("ol", { id: "log" })),
      ],
      { bar: [h("span.whose", { id: "whose" })] },
    );
    this.#shown = this.#drawn = "";
    if (this.#state === null) await this.#begin();
    else this.#render();
  }

  async #begin() {
    try {
      this.#take(await this.#engine.state());
    } catch (error) {
      this.#fault(error);
      setTimeout(() => this.#begin(), 1000);
    }
  }

  /** Show what the state asks for: a form, or what the device says. */
  #take(state) {
    const before = this.#state;
    this.#state = state;
    this.#lost = null;
    if (state.unlocked && !before?.unlocked) {
      this.#engine.onEvent((event, asking) => this.#hear(event, asking));
    }
    this.#render();
  }

  #hear(event, asking) {
    if (event !== null) this.#events.push(event);
    if (asking?.n !== this.#asking?.n) this.#trouble = null;
    this.#asking = asking;
    this.#render();
  }

  #fault(error) {
    this.#trouble = null;
    if (error?.code === "locked") {
      this.#state = null;
      this.#events = [];
      this.#asking = null;
      void this.#begin();
      return;
    }
    this.#lost = error;
    this.#render();
  }

  #render() {
    const place = $("#now");
    if (place === null) return;
    const screen = this.#screen();
    const key = `${screen.id} ${screen.question}`;
    const drawn = JSON.stringify([screen, this.#state?.missing]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    show($("#whose"), whose(this.#state?.account));
    show($("#phases"), phases(screen.phase));
    this.#log();
    if (key === this.#shown && (screen.id === "enrol" || screen.id === "unlock")) return;
    show(place, this.#card(screen));
    if (key === this.#shown) return;
    this.#shown = key;
    const heading = $("#step");
    ($("input", place) ?? heading).focus();
    announce(heading.textContent, { urgent: screen.question !== null });
  }

  #screen() {
    const none = { params: {}, missing: [], progress: null, cosigners: null, question: null };
    if (this.#lost !== null) return { ...none, id: "lost", fault: null, phase: null };
    if (this.#state === null) return { ...none, id: "starting", fault: null, phase: null };
    if (!this.#state.unlocked) {
      const id = this.#state.enrolled ? "unlock" : "enrol";
      return { ...none, id, fault: null, phase: "enrol" };
    }
    const screen = screenOf(this.#events, this.#asking);
    return this.#trouble === null ? screen : { ...screen, fault: this.#trouble };
  }

  #card(screen) {
    const { media, missing } = this.#state ?? { media: [], missing: [] };
    if (screen.id === "enrol") {
      const engine = this.#engine;
      return enrolForm(
        media,
        async (invitation, passphrase) => this.#take(await engine.enrol(invitation, passphrase)),
        engine.restore && (async (...copy) => this.#take(await engine.restore(...copy))),
      );
    }
    if (screen.id === "unlock") {
      return unlockForm(missing, async (passphrase) =>
        this.#take(await this.#engine.unlock(passphrase)));
    }
    return card(screen, media, (text) => this.#answer(screen.question, text));
  }

  async #answer(n, text) {
    for (const key of document.querySelectorAll("#now .keys button")) key.disabled = true;
    this.#trouble = null;
    try {
      await this.#engine.answer(n, text);
    } catch ({ code = "internal", params = {} }) {
      this.#trouble = { code, params };
      this.#drawn = "";
      this.#render();
      $("#step").focus();
    }
  }

  #log() {
    show($("#log"), this.#events.filter(({ event }) => !UNLOGGED.has(event)).map(logged));
  }
}

function whose(account) {
  return account ? say("keeper.whose", { index: indexOf(account) ?? account }) : null;
}

/** The day as a line: what is over, and where we are. */
function phases(phase) {
  const at = PHASES.indexOf(phase);
  return h(
    "ol.phases",
    { "aria-label": say("keeper.phases") },
    PHASES.map((name, i) =>
      h(`li${i < at ? ".over" : ""}`, { "aria-current": i === at ? "step" : null },
        say(`keeper.phase.${name}`))),
  );
}

function logged({ event, params }) {
  if (event === "error") return h("li.bad", {}, explain(params));
  return h("li", {}, has(`keeper.log.${event}`)
    ? say(`keeper.log.${event}`, params) : say(`device.${event}`, params));
}
