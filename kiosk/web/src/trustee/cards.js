// The one card on a trustee's screen: what to do now, in large type, and the keys for it.

import { h } from "../common/dom.js";
import { dialog } from "../common/frame.js";
import { explain, lang, say } from "../common/words.js";

/** Screens that show a code to compare, and the parameter that it is. */
const CODES = {
  code: "code",
  accept: "code",
  signed: "digest",
  "compare-aloud": "digest",
  opened: "digest",
};

const SHUFFLES = ["shuffle-checking", "shuffling"];
const WORKING = new Set([
  "gathering",
  "dealing",
  "rehearsing",
  "checking",
  ...SHUFFLES,
  "destroying",
]);
const GOOD = new Set([
  "rehearsed",
  "ready",
  "signed",
  "shuffled",
  "shuffles-agreed",
  "opened",
  "destroyed",
]);
const SIGNED = new Set(["signed", "shuffles-agreed"]);
const MEDIA = new Set(["destroy", "destroyed", "destroyed-unsaid"]);

/** The keys of each question: id of the answer, and how the key looks. */
const KEYS = {
  code: [["yes", "primary"], ["no", "danger"]],
  accept: [["yes", "primary"], ["no", "danger"]],
  "compare-aloud": [["yes", "primary"], ["no", "danger"]],
  copy: [["yes", "primary"]],
  copied: [["yes", "primary"]],
  "copies-gone": [["yes", "primary"]],
  destroy: [["yes", "danger"]],
  "destroy-early": [["yes", "danger"]],
  "media-again": [["yes", "primary"]],
  "destroy-again": [["yes", "primary"], ["no", "quiet"]],
  stopped: [["yes", "primary"]],
};

/** Questions whose yes cannot be taken back: asked once more. */
const FINAL = new Set(["destroy", "destroy-early"]);

/**
 * The card for a screen.
 * @param {object} screen as `screenOf` returns it
 * @param {string[]} media where the key file lies
 * @param {(text: string) => Promise<void>} answer
 * @returns {HTMLElement}
 */
export function card(screen, media, answer) {
  const { id, params } = screen;
  return h(
    `section.card.step${id === "stopped" ? ".trouble" : ""}${GOOD.has(id) ? ".good" : ""}`,
    { "aria-labelledby": "step", "aria-busy": WORKING.has(id) ? "true" : null },
    h("h2", { id: "step", tabindex: "-1" }, say(`keeper.${id}.title`, params)),
    fault(screen),
    h("p.lead", {}, say(`keeper.${id}.body`, params)),
    id === "accept" ? h("p.meeting", {}, params.title) : null,
    id in CODES ? symbols(id, params[CODES[id]]) : null,
    missing(screen.missing),
    progress(screen),
    SIGNED.has(id) ? cosigners(screen.cosigners) : null,
    absent(params.absent),
    MEDIA.has(id) ? mediaList(media) : null,
    keys(id, params, answer),
    more(id, params),
  );
}

function fault({ id, fault: found }) {
  if (!found) return null;
  return h(`p.note.${id === "stopped" ? "bad" : "wait"}`, { role: "alert" }, explain(found));
}

/** Digits or symbols in groups, each its own cell, so that two people can point at one. */
function symbols(id, text) {
  if (!text) return null;
  return h(
    `ol.symbols${id === "code" ? ".digits" : ""}`,
    { "aria-label": say("keeper.symbols") },
    text.split(" ").map((group) => h("li.code", { "aria-label": [...group].join(" ") }, group)),
  );
}

function missing(indexes) {
  if (!indexes?.length) return null;
  return h("p.waiting", {}, h("span.pulse", { "aria-hidden": "true" }),
    say("keeper.missing", { missing: indexes }));
}

function progress({ id, params, progress: now }) {
  const shuffles = SHUFFLES.includes(id);
  if (id !== "checking" && !(shuffles && now)) return null;
  const { done, total } = now ?? { done: 0, total: params.ballots };
  const text = say(shuffles ? "keeper.shuffle.progress" : "keeper.progress", { done, total });
  return h(
    "div.progress",
    {},
    h("progress", { max: Math.max(1, total), value: done, "aria-label": text }),
    h("p.count", {}, text),
  );
}

function cosigners(numbers) {
  if (!numbers) return null;
  return h("p.waiting", {}, h("span.pulse", { "aria-hidden": "true" }),
    say("keeper.cosigners", numbers));
}

function absent(paths) {
  return paths?.length ? h("p.note.wait", {}, say("keeper.absent", { absent: paths })) : null;
}

function mediaList(media) {
  return h("ul.media", { "aria-label": say("keeper.media") },
    media.map((path) => h("li", {}, h("code", {}, path))));
}

function keys(id, params, answer) {
  if (!(id in KEYS)) return null;
  const pressed = async (text) => {
    if (FINAL.has(id) && !(await sure(params))) return;
    await answer(text);
  };
  return h(
    "div.keys",
    {},
    KEYS[id].map(([text, kind]) =>
      h(`button.${kind}.large`, { type: "button", onclick: () => pressed(text) },
        say(`keeper.${id}.${text}`, params)),
    ),
  );
}

async function sure({ items }) {
  const pressed = await dialog({
    title: say("keeper.sure.title"),
    body: [
      h("p", {}, say("keeper.sure.body")),
      items?.length ? h("p.note.bad", {}, say("keeper.sure.items", { items })) : null,
    ],
    keys: [
      { id: "no", label: say("keeper.sure.no"), kind: "primary" },
      { id: "yes", label: say("keeper.sure.yes"), kind: "danger" },
    ],
  });
  return pressed === "yes";
}

/** What only some people want to read: the meeting's facts; the act that was signed. */
function more(id, params) {
  if (id === "accept" && params.text) return folded("keeper.facts", params.text[lang()]);
  if (id === "destroy-again") return folded("keeper.act", `${params.act}\n${params.signature}`);
  return null;
}

function folded(name, text) {
  return h("details", {}, h("summary", {}, say(name)), h("pre", {}, text));
}
