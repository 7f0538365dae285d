// Lines that take one word each: items, names, cells of a grid. Word keys look alike until one is
// chosen; nothing chooses for several lines.

import { h } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { cardColumns } from "../layout.js";
import { calledIn } from "../matter.js";
import { current } from "../session.js";
import { lineName, linePosts, meaning, numberOf, word } from "./parts.js";

/** Equal cards, all on one leaf. `lines`: [{matter, line, number}] */
export function cards(app, lines) {
  const columns = cardColumns(lines.length, window.innerWidth > window.innerHeight);
  const grid = h("ol.cards", {}, lines.map((one) =>
    h("li.item-card", boxed(one), [title(app, one), linePosts(app, one), words(app, one)])));
  grid.dataset.items = lines.length;
  grid.style.setProperty("--columns", columns);
  grid.style.setProperty("--rows", Math.ceil(lines.length / columns));
  return grid;
}

/** Equal rows of a paged list; `rows`: what a full page has. */
export function rowsOf(app, lines, rows) {
  const element = h("ol.rows", { start: lines[0].number }, lines.map((one) =>
    h("li.item-row", boxed(one), [
      h("div.row-head", {}, [title(app, one), linePosts(app, one)]),
      words(app, one),
    ])));
  element.style.setProperty("--rows", rows);
  return element;
}

/** A subject with its aspects, a row of grades for each. */
export function aspects(app, lines, rows) {
  const element = h("ol.rows.aspects", {}, lines.map((one) =>
    h("li.item-row", boxed(one), [
      h("h3.aspect", { id: labelId(one) }, one.line.title),
      words(app, one),
    ])));
  element.style.setProperty("--rows", rows);
  return element;
}

function boxed({ matter, line }) {
  return { "data-item": matter.item, "data-line": line.id, "data-answers": line.answers.length };
}

function labelId({ matter, line }) {
  return line.id ? `name-${matter.item}-${line.id}` : `name-${matter.item}`;
}

function title(app, one) {
  const { matter, line } = one;
  const number = line.id ? one.number : numberOf(app.room.meeting, matter.item);
  return h("h2.item-name", { id: labelId(one) }, [
    h("span.number", {}, String(number)),
    lineName(app, one),
  ]);
}

/** The word keys of one line: a radio group, of which the arrows move and a press chooses. */
function words(app, one) {
  const { matter, line } = one;
  const name = lineName(app, one, { whole: true });
  const keys = line.answers.map(([option]) =>
    h(
      "button.word",
      {
        type: "button",
        role: "radio",
        "data-option": option,
        "data-key": [matter.item, line.id, option].filter(Boolean).join("/"),
        "aria-label": [name, word(line, option), meaning(app, matter, line, option)]
          .filter(Boolean).join(" "),
        onclick: () => app.send({ type: "mark", item: matter.item, line: line.id, option }),
      },
      h("span.tick", { "aria-hidden": "true" }),
      h("span.word-text", {}, wordWithMeaning(app, matter, line, option)),
    ));
  return h(
    "div.words",
    {
      role: "radiogroup",
      "aria-labelledby": labelId(one),
      "data-words": keys.length,
      onkeydown: (event) => stepAmong(keys, event),
    },
    keys,
  );
}

/** A word as frozen, and under it what it means in the reader's language if that differs. */
export function wordWithMeaning(app, matter, line, option) {
  const other = meaning(app, matter, line, option);
  return other ? [word(line, option), h("small", {}, other)] : word(line, option);
}

function stepAmong(keys, event) {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const at = keys.indexOf(document.activeElement);
  if (!by || at < 0) return;
  event.preventDefault();
  keys[(at + by + keys.length) % keys.length].focus();
}

/** Show which words are chosen; nothing is built anew, so that focus and place stay. */
export function paintWords(element, state) {
  for (const box of element.querySelectorAll("[data-line]")) {
    const chosen = state.marks[box.dataset.item]?.[box.dataset.line];
    box.classList.toggle("chosen", chosen !== undefined);
    for (const [index, one] of box.querySelectorAll(".word").entries()) {
      const mine = one.dataset.option === chosen;
      one.setAttribute("aria-checked", String(mine));
      one.tabIndex = mine || (chosen === undefined && index === 0) ? 0 : -1;
    }
  }
}

/** The bar under the names of an election: who is chosen from outside, and the key to more. */
export function othersBar(app, matter, from) {
  const list = h("p.others-list");
  const element = h("div.bar-below", {}, [
    h("button.others-key", {
      type: "button",
      "data-key": "others",
      onclick: () => app.send({ type: "turn", from, outside: true }),
    }, say("kiosk.others.key")),
    list,
  ]);
  const update = (state) => {
    const mark = state.marks[matter.item] ?? {};
    const names = (mark.others ?? []).map((one) => calledIn(matter.others, one));
    list.textContent = names.length
      ? say("kiosk.others.chosen", { names })
      : say("kiosk.others.lead");
  };
  return { element, update };
}

/** The lines of one leaf, with the number that each has on the paper. */
export function linesOf(state, leaf) {
  const { matters } = current(state);
  if (leaf.kind === "singles") {
    return matters.slice(leaf.from, leaf.end).map((matter, i) =>
      ({ matter, line: matter.lines[0], number: leaf.from + i + 1 }));
  }
  const matter = matters[leaf.from];
  return matter.lines.slice(leaf.line, leaf.end).map((line, i) =>
    ({ matter, line, number: leaf.line + i + 1 }));
}
