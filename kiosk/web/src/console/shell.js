// The frame of the console: the line of the meeting at the left, the chosen panel, the tray below.

import { PiaojueError } from "../errors.js";
import { announce, h, show } from "../common/dom.js";
import { dialog, frame } from "../common/frame.js";
import { post } from "../common/api.js";
import { explain, say } from "../common/words.js";
import { code, keyed, note, region, roleName, sayings } from "./parts.js";
import { panelOf } from "./panels/index.js";
import { makeRail } from "./rail.js";
import { makeTray } from "./tray.js";

const LISTS_ITSELF = new Set(["draft", "room"]); // panels that say themselves what is missing
const SHOWN = 12_000; // milliseconds that good news stay

/**
 * Build the console of one officer.
 * @param {import("./store.js").Store} store
 * @param {() => Promise<void>} leave signs out
 * @param {string|null} chosen the entry to show; null is what is now
 * @returns {{changed: () => void, chosen: string|null}} changed: called when the store has read
 */
export function makeShell(store, leave, chosen = null) {
  const shell = new Shell(store, leave, chosen);
  shell.build();
  return shell;
}

class Shell {
  constructor(store, leave, chosen) {
    this.store = store;
    this.leave = leave;
    this.chosen = chosen; // an entry's id
    this.open = null; // what is on the screen: {id, panel}
    this.ctx = contextOf(store, this);
  }

  build() {
    this.says = h("div.says", { hidden: true });
    this.silence = h("div.silence", { hidden: true });
    this.head = region("header.panel-head", headData, (data, view) => this.drawHead(view));
    this.place = h("div.panel-place");
    this.rail = makeRail(this.ctx);
    this.tray = makeTray(this.ctx);
    this.strip = region("div.strip", stripData, drawStrip);
    frame(
      say("desk.title"),
      [
        h(
          "div.desk",
          {},
          this.rail.node,
          h(
            "div.stage",
            { id: "stage", tabindex: "-1" },
            this.strip.node,
            this.head.node,
            this.place,
          ),
        ),
        h("div.foot", {}, this.silence, this.says, this.tray.node),
      ],
      { bar: this.bar() },
    );
    document.body.classList.add("console");
    this.changed();
  }

  bar() {
    const { role } = this.store.me;
    this.who = h("span.who", {}, say("desk.you", { role: roleName(role), name: "" }));
    return [
      this.who,
      keyed(say("desk.leave"), (e) => this.ctx.run(e, this.leave), { kind: "quiet" }),
    ];
  }

  changed() {
    const { view, pending, silent } = this.store;
    this.sayWhether(silent);
    if (!view) return;
    const own = view.overview.officers.find((one) => one.id === view.me.officer);
    if (own) this.who.textContent = say("desk.you", { role: roleName(own.role), name: own.name });
    this.rail.update(view, this.shownId(view));
    this.strip.update(view);
    this.tray.update(view, pending);
    this.fit();
    this.openPanel(view);
    this.head.update({ view, id: this.open.id });
    this.open.panel.update(view);
  }

  /** The tray never covers the end of a panel. */
  fit() {
    const foot = document.querySelector(".foot");
    document.body.style.setProperty("--foot", `${foot.offsetHeight}px`);
  }

  /** What was chosen, first what is now: nothing is swapped under anybody's hands afterwards. */
  shownId(view) {
    if (!view.entries.some((one) => one.id === this.chosen)) this.chosen = view.now;
    return this.chosen;
  }

  openPanel(view) {
    const id = this.shownId(view);
    if (this.open?.id === id) return;
    this.open = { id, panel: panelOf(id)(this.ctx, id) };
    show(this.place, this.open.panel.node);
  }

  go(id) {
    this.tell("");
    this.chosen = id;
    this.changed();
    document.getElementById("stage").focus();
    window.scrollTo({ top: 0 });
  }

  drawHead({ view, id }) {
    const entry = view.entries.find((one) => one.id === id);
    const next = view.now !== id && view.entries.find((one) => one.id === view.now);
    return [
      h("h2", {}, entryTitle(view, entry)),
      h("p.lead", {}, say(`desk.lead.${entry.id.split(":")[0]}`)),
      entry.state === "now" && entry.missing.length > 0 && !LISTS_ITSELF.has(entry.id)
        ? note("wait", h("p", {}, h("strong", {}, say("desk.missing"))), sayings(entry.missing))
        : null,
      next &&
        next.state === "now" &&
        entry.state !== "now" &&
        h(
          "p.onward",
          {},
          say("desk.onward", { title: entryTitle(view, next) }),
          keyed(say("desk.onward.go"), () => this.go(next.id), { kind: "quiet" }),
        ),
    ];
  }

  /** A line of its own: what was told before is still true, and still has to be read. */
  sayWhether(silent) {
    const text = silent ? explain(silent) : "";
    if (this.silence.textContent === text) return;
    this.silence.hidden = text === "";
    show(this.silence, text && h("p", {}, text));
    if (text) announce(text);
    this.fit();
  }

  tell(text, kind = "good") {
    this.says.hidden = text === "";
    this.says.className = `says ${kind}`;
    show(
      this.says,
      h("p", {}, text),
      h("button.quiet", { type: "button", onclick: () => this.tell("") }, say("desk.dismiss")),
    );
    if (text) announce(text, { urgent: kind === "bad" });
    clearTimeout(this.fading);
    if (text && kind === "good") this.fading = setTimeout(() => this.tell(""), SHOWN);
    this.fit();
  }
}

/** The title of an entry; a paper's says its number and items. */
export function entryTitle(view, entry) {
  if (!entry.paper) return say(`desk.entry.${entry.id}`);
  const { number, items, series } = entry.paper;
  if (series.length > 0) {
    return say("desk.entry.paper-series", { number, series, items: itemNumbers(view, items) });
  }
  return say("desk.entry.paper", { number, items: itemNumbers(view, items) });
}

/** 第 1–5 项 as few figures as will do. */
export function itemNumbers(view, items) {
  const numbers = items.map((item) => view.items[item]?.n ?? item);
  const runs = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last && last[1] + 1 === n) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
}

function headData({ view, id }) {
  const entry = view.entries.find((one) => one.id === id);
  const next = view.entries.find((one) => one.id === view.now);
  const titles = [entry, next].map((one) => one && entryTitle(view, one));
  return [id, entry.state, entry.missing, view.now, ...titles, view.meeting !== null];
}

function stripData({ overview }) {
  const { title, number, date, code: digits, numbers, stage } = overview;
  return { title, number, date, digits, numbers, stage };
}

function drawStrip({ title, number, date, digits, numbers, stage }) {
  return [
    h(
      "p.meeting-title",
      {},
      title || say("desk.untitled"),
      " ",
      h("span.hint", {}, [number, date].filter(Boolean).join(" · ")),
    ),
    digits && h("p.fingerprint", {}, say("desk.fingerprint"), " ", code(digits)),
    stage !== "draft" &&
      h(
        "p.attendance",
        {},
        h("span", {}, say("desk.number.due"), " ", h("b", {}, numbers.due)),
        h("span", {}, say("desk.number.present"), " ", h("b", {}, numbers.present)),
        numbers.away > 0 && h("span", {}, say("desk.number.away"), " ", h("b", {}, numbers.away)),
      ),
  ];
}

function contextOf(store, shell) {
  const ctx = {
    signer: store.signer,
    load: (path, version) => store.load(path, version),
    acts: () => store.acts(),
    latest: () => store.latest(),
    refresh: () => store.refresh(),
    tell: (text, kind) => shell.tell(text, kind),
    go: (id) => shell.go(id),
    get view() {
      return store.view;
    },
    async run(event, doing) {
      const button = event?.currentTarget ?? event?.target ?? null;
      button?.setAttribute("aria-busy", "true");
      if (button) button.disabled = true;
      shell.tell("");
      try {
        await doing();
      } catch (error) {
        shell.tell(explain(error), "bad");
        if (!(error instanceof PiaojueError)) console.error(error);
      }
      await store.refresh(); // until the page shows what was done, the key cannot do it again
      if (button) {
        button.disabled = false;
        button.removeAttribute("aria-busy");
      }
    },
    room: (act, { who = null, series = null, item = null, step = null } = {}) =>
      post("/api/room", { act, who, series, item, step }),
    async propose(kind, body, { ask = null } = {}) {
      if (ask && !(await confirmed(ask))) return false;
      await store.signer.propose(kind, body);
      ctx.tell(say("desk.proposed"), "good");
      return true;
    },
    ask: confirmed,
  };
  return ctx;
}

/** Ask before what cannot be undone; resolves to whether it was agreed to. */
async function confirmed({ title, lines, label, danger = false }) {
  const pressed = await dialog({
    title,
    body: lines.map((line) => (line instanceof Node ? line : h("p", {}, line))),
    keys: [
      { id: "cancel", label: say("desk.cancel") },
      { id: "yes", label, kind: danger ? "danger" : "primary" },
    ],
  });
  return pressed === "yes";
}
