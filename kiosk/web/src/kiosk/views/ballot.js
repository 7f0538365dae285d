// The open ballot: an explicit word for every item. Up to six items are equal cards; more are
// equal rows on pages, as frozen. Nothing is chosen beforehand and nothing chooses for several.

import { h, show } from "../../shared/dom.js";
import { say } from "../../shared/words.js";
import { CARDS, cardColumns, pageOf, rowsPerPage } from "../layout.js";
import { current, openItems, position } from "../session.js";
import {
  heading,
  key,
  nameOf,
  numberOf,
  optionName,
  optionWord,
  paperNumber,
  posts,
  rem,
  screen,
  strip,
} from "./parts.js";

const ROW = 4.1; // rem that a row wants at least
const AROUND = 10.7; // rem of strip, foot and what lies between them
const CHECKED = 3.9; // rem of the note after a device check

/** @returns {{element: HTMLElement, update: Function}} */
export function ballotView(state, app) {
  const { items } = current(state);
  const paged = items.length > CARDS;
  const height = window.innerHeight - rem(AROUND + (state.checked ? CHECKED : 0));
  const rows = paged ? rowsPerPage(items.length, height, rem(ROW)) : items.length;
  const page = pageOf(state.from, rows);
  const shown = items.slice(page * rows, (page + 1) * rows);
  const counter = h("p.counter", { role: "status" });
  const foot = h("div.turns");
  const element = screen("ballot", {
    strip: strip(
      app,
      h("div.strip-title", {}, [
        heading("h1", app.room.titleOf(items)),
        paperNumber(position(state)),
      ]),
      counter,
    ),
    main: [
      state.checked && h("p.note.good", {}, say("kiosk.ballot.checked")),
      paged ? list(state, app, shown, page * rows, rows) : cards(state, app, shown),
    ],
    foot,
  });
  const update = (next) => {
    if (next.screen !== "ballot" || next.from !== state.from || next.at !== state.at) return false;
    paint(element, next);
    show(counter, say("kiosk.ballot.counter", { marked: marked(next), items: items.length }));
    show(foot, ...turns(next, app, { paged, rows, page }));
    return true;
  };
  update(state);
  return { element, update };
}

function marked(state) {
  return current(state).items.length - openItems(state).length;
}

function cards(state, app, items) {
  const columns = cardColumns(items.length, window.innerWidth > window.innerHeight);
  const grid = h(
    "ol.cards",
    {},
    items.map((id) =>
      h("li.item-card", { "data-item": id }, [
        title(app, id),
        posts(app.room.meeting.items.get(id)),
        words(state, app, id),
      ]),
    ),
  );
  grid.dataset.items = items.length;
  grid.style.setProperty("--columns", columns);
  grid.style.setProperty("--rows", Math.ceil(items.length / columns));
  return grid;
}

function list(state, app, items, before, rows) {
  const element = h(
    "ol.rows",
    { start: before + 1 },
    items.map((id) =>
      h("li.item-row", { "data-item": id }, [
        h("div.row-head", {}, [
          title(app, id),
          posts(app.room.meeting.items.get(id)),
        ]),
        words(state, app, id),
      ]),
    ),
  );
  element.style.setProperty("--rows", rows);
  return element;
}

function title(app, id) {
  return h("h2.item-name", { id: `name-${id}` }, [
    h("span.number", {}, String(numberOf(app.room.meeting, id))),
    nameOf(app.room.meeting.items.get(id)),
  ]);
}

/** The word keys of one item: a radio group, of which the arrows move and a press chooses. */
function words(state, app, id) {
  const { meeting } = app.room;
  const name = nameOf(meeting.items.get(id));
  const keys = current(state).options.map((option) =>
    h(
      "button.word",
      {
        type: "button",
        role: "radio",
        "data-option": option,
        "data-key": `${id}/${option}`,
        "aria-label": `${name} ${optionName(meeting, option)}`,
        onclick: () => app.send({ type: "mark", item: id, option }),
      },
      h("span.tick", { "aria-hidden": "true" }),
      h("span.word-text", {}, optionWord(meeting, option)),
    ),
  );
  const step = (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = keys.indexOf(document.activeElement);
    if (!by || at < 0) return;
    event.preventDefault();
    keys[(at + by + keys.length) % keys.length].focus();
  };
  return h(
    "div.words",
    {
      role: "radiogroup",
      "aria-labelledby": `name-${id}`,
      "data-words": keys.length,
      onkeydown: step,
    },
    keys,
  );
}

/** Show which words are chosen; nothing is built anew, so that focus and place stay. */
function paint(element, state) {
  for (const box of element.querySelectorAll("[data-item]")) {
    const chosen = state.marks[box.dataset.item];
    box.classList.toggle("chosen", chosen !== undefined);
    for (const [index, one] of box.querySelectorAll(".word").entries()) {
      const mine = one.dataset.option === chosen;
      one.setAttribute("aria-checked", String(mine));
      one.tabIndex = mine || (chosen === undefined && index === 0) ? 0 : -1;
    }
  }
}

function turns(state, app, { paged, rows, page }) {
  const { items } = current(state);
  const pages = Math.ceil(items.length / rows);
  const go = (to) => () => app.send({ type: "turn", from: to * rows });
  const open = openItems(state);
  const review = () => app.send({ type: "review" });
  const here = items.slice(page * rows, (page + 1) * rows);
  const last = page === pages - 1;
  const complete = open.length === 0;
  return [
    h("div.foot-left", {}, [
      key(say("kiosk.ballot.stop"), () => app.stop(), { kind: "quiet", id: "stop" }),
    ]),
    paged &&
      h("div.pager", {}, [
        key(say("kiosk.ballot.back"), go(page - 1), { disabled: page === 0, id: "back" }),
        h("span.page-number", {}, say("kiosk.ballot.page", { page: page + 1, pages })),
        key(say("kiosk.ballot.forward"), go(page + 1), {
          disabled: last,
          kind: !last && !here.some((id) => open.includes(id)) ? "primary" : "",
          id: "forward",
        }),
      ]),
    key(say("kiosk.ballot.review"), review, {
      kind: complete || last ? "primary" : "",
      id: "review",
    }),
  ];
}
