// Names to touch, up to as many as there are seats: cards or rows, each one key, and a key for
// nobody, which takes the names back. One name too many is not taken, and a sentence says why.

import { h } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { cardColumns } from "../layout.js";
import { nobody } from "../matter.js";
import { nobodyWord } from "./parts.js";

/** @returns {HTMLElement} the names of a leaf */
export function names(app, matter, leaf) {
  const shown = matter.names.slice(leaf.line, leaf.end);
  const few = leaf.cards;
  const element = h(few ? "ol.cards.choose" : "ol.rows.choose", { start: leaf.line + 1 },
    shown.map((one, index) => h("li", {}, toggle(app, matter, one, leaf.line + index + 1, few))));
  const wide = window.innerWidth > window.innerHeight;
  const columns = few ? cardColumns(shown.length, wide) : leaf.columns;
  element.dataset.items = shown.length;
  element.style.setProperty("--columns", columns);
  element.style.setProperty("--rows", few ? Math.ceil(shown.length / columns) : leaf.rows);
  return element;
}

function toggle(app, matter, { id, name, current, note }, number, card) {
  return h(
    card ? "button.person.card" : "button.person",
    {
      type: "button",
      role: "checkbox",
      "data-item": matter.item,
      "data-answer": id,
      "data-key": `${matter.item}/${id}`,
      onclick: () => app.send({ type: "mark", item: matter.item, answer: id }),
    },
    h("span.box", { "aria-hidden": "true" }),
    h("span.person-text", {}, [
      h("span.person-name", {}, [h("span.number", {}, String(number)), name]),
      (current || note) && h("span.person-post", {}, [current, note].filter(Boolean).join("　")),
    ]),
  );
}

/** 弃权, or 不推荐: one key that chooses nobody. */
export function nobodyKey(app, matter) {
  return h(
    "button.person.nobody",
    {
      type: "button",
      role: "checkbox",
      "data-item": matter.item,
      "data-answer": "",
      "data-key": `${matter.item}/nobody`,
      onclick: () => app.send({ type: "mark", item: matter.item, answer: null }),
    },
    h("span.box", { "aria-hidden": "true" }),
    h("span.person-text", {}, [
      h("span.person-name", {}, nobodyWord(app, matter)),
      h("span.person-post", {}, say("kiosk.choose.nobody")),
    ]),
  );
}

/** Show who is chosen; nothing is built anew. `line`: "" or "others" */
export function paintNames(element, state, line = "") {
  for (const one of element.querySelectorAll("[data-answer]")) {
    const mark = state.marks[one.dataset.item];
    const { answer } = one.dataset;
    const mine = answer ? (mark?.[line] ?? []).includes(answer) : nobody(mark);
    one.setAttribute("aria-checked", String(mine));
  }
}
