// Review: every choice by name before anything is cast. What is open is named and leads to its
// place. The ballot is sealed here, before anybody can know whether it will be cast or the
// device be checked: its tracker is on the screen while the voter decides.

import { h, show } from "../../shared/dom.js";
import { say } from "../../shared/words.js";
import { columnsFor } from "../layout.js";
import { current, openItems, position } from "../session.js";
import {
  heading,
  key,
  nameOf,
  numberOf,
  optionWord,
  paperNumber,
  rem,
  screen,
  strip,
  trackerCode,
} from "./parts.js";

const LINE = 48; // pixels of one line, of which all can be touched
const NARROWEST = 13; // rem of one column
const STRIP = 5.8; // rem of the strip and the padding
const SAID = { open: 4, done: 2.5 }; // rem of the sentence above the lines
const FOOT = { open: 4.9, done: 6, narrow: 10.2 }; // rem of the keys below

/** @returns {{element: HTMLElement, update: Function}} */
export function reviewView(state, app) {
  const { items } = current(state);
  const foot = h("div.decide");
  const element = screen("review", {
    strip: strip(
      app,
      h("div.strip-title", {}, [
        heading("h1", say("kiosk.review.title")),
        paperNumber(position(state)),
      ]),
      h("p.counter", {}, say("kiosk.ballot.counter", {
        marked: items.length - openItems(state).length,
        items: items.length,
      })),
    ),
    main: [summary(state), lines(state, app)],
    foot,
  });
  const update = (next) => {
    if (next.screen !== "review" || next.marks !== state.marks) return false;
    show(foot, ...decide(next, app));
    return true;
  };
  update(state);
  return { element, update };
}

function summary(state) {
  const open = openItems(state).length;
  return open
    ? h("p.note.wait", { role: "alert" }, say("kiosk.review.open", { open }))
    : h("p.lead", {}, say("kiosk.review.lead"));
}

function lines(state, app) {
  const { items } = current(state);
  const { meeting } = app.room;
  const wide = Math.floor((window.innerWidth - rem(2.8)) / rem(NARROWEST));
  const columns = columnsFor(items.length, heightOfLines(state), LINE, wide);
  const list = h(
    "ol.lines",
    {},
    items.map((id) => {
      const item = meeting.items.get(id);
      const option = state.marks[id];
      const word = option === undefined ? say("kiosk.review.missing") : optionWord(meeting, option);
      return h(
        option === undefined ? "li.line.open" : "li.line",
        { "data-item": id, "data-choice": option },
        h(
          "button.line-key",
          {
            type: "button",
            "data-key": `line/${id}`,
            onclick: () => app.send({ type: "edit", item: id }),
          },
          h("span.number", {}, String(numberOf(meeting, id))),
          h("span.line-name", {}, nameOf(item), columns === 1 && h("small", {}, postOf(item))),
          h("span.line-word", {}, word),
          h("span.unseen", {}, say("kiosk.review.edit")),
        ),
      );
    }),
  );
  list.style.setProperty("--columns", columns);
  list.style.setProperty("--rows", Math.ceil(items.length / columns));
  list.dataset.columns = columns;
  return list;
}

function heightOfLines(state) {
  const open = openItems(state).length > 0;
  const narrow = window.innerHeight > window.innerWidth;
  const foot = open ? FOOT.open : narrow ? FOOT.narrow : FOOT.done;
  return window.innerHeight - rem(STRIP + (open ? SAID.open : SAID.done) + foot);
}

function postOf(item) {
  if (item.proposed) return say("kiosk.item.proposed", { post: item.proposed });
  return item.removed ? say("kiosk.item.removed", { post: item.removed }) : "";
}

function decide(state, app) {
  const { items } = current(state);
  const [first] = openItems(state);
  const back = key(
    say("kiosk.review.back"),
    () => app.send({ type: "edit", item: first ?? items[0] }),
    { id: "edit" },
  );
  if (first !== undefined) {
    const number = numberOf(app.room.meeting, first);
    return [
      back,
      key(say("kiosk.review.lead-to", { number }), () => app.send({ type: "edit", item: first }), {
        kind: "primary",
        id: "open",
      }),
    ];
  }
  const check = app.room.meeting.spoilQuota > 0;
  return [
    back,
    h("div.commitment", {}, [
      h("p.hint", {}, state.sealed
        ? [say("kiosk.review.tracker"), trackerCode(state.sealed)]
        : say("kiosk.review.sealing")),
      check &&
        h("button.link", {
          type: "button",
          "data-key": "check",
          disabled: !state.sealed,
          onclick: () => app.send({ type: "check" }),
        }, say("kiosk.review.check")),
    ]),
    h("button.primary.cast", {
      type: "button",
      "data-key": "cast",
      onclick: () => app.send({ type: "cast" }),
    }, say("kiosk.review.cast")),
  ];
}
