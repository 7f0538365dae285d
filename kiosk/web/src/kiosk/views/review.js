// Review: every choice by name before anything is cast, on as many leaves as it takes. What is open
// is named and leads to its place. The ballot is sealed here, before anybody can know whether it
// will be cast or the device be checked: its tracker is on the screen while the voter decides.

import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { columnsFor } from "../layout.js";
import { openLines } from "../matter.js";
import { cutByWeight, entriesOf, inColumns } from "../reviewed.js";
import { current, openItems, position, progress } from "../session.js";
import {
  heading,
  key,
  lineName,
  numberOf,
  paperNumber,
  rem,
  screen,
  strip,
  trackerCode,
} from "./parts.js";
import { gridHead, entryLine } from "./reviewed.js";

const LINE = 48; // pixels of one line, of which all can be touched
const WIDE = 3.7; // rem of one line that is as wide as the screen
const NARROWEST = 13; // rem of one column
const STRIP = 5.8; // rem of the strip and the padding
const SAID = { open: 4, done: 3.4 }; // rem of the sentence above the lines
const FOOT = { open: 4.9, done: 6, narrow: 10.2 }; // rem of the keys below
const GRID_HEAD = 2.4;

/** @returns {{element: HTMLElement, update: Function}} */
export function reviewView(state, app) {
  const { marked, all } = progress(state);
  const foot = h("div.decide");
  const body = lines(state, app);
  const element = screen("review", {
    strip: strip(
      app,
      h("div.strip-title", {}, [
        heading("h1", say("kiosk.review.title")),
        paperNumber(position(state)),
      ]),
      h("p.counter", {}, say("kiosk.review.counter", { marked, all })),
    ),
    main: [h("div.review-top", {}, [summary(state), body.pager]), body.list],
    foot,
  });
  const update = (next) => {
    if (next.screen !== "review" || next.marks !== state.marks || next.page !== state.page) {
      return false;
    }
    decide(foot, next, app);
    return true;
  };
  update(state);
  return { element, update };
}

function summary(state) {
  const { marked, all } = progress(state);
  return marked < all
    ? h("p.note.wait", { role: "alert" }, say("kiosk.review.open", { open: all - marked }))
    : h("p.lead", {}, say("kiosk.review.lead"));
}

/** The leaf of the review that is on the screen, and the keys that turn it. */
function lines(state, app) {
  const entries = entriesOf(current(state).matters, state.marks);
  const height = heightOfLines(state);
  const columned = inColumns(entries);
  const wide = Math.floor((window.innerWidth - rem(2.8)) / rem(NARROWEST));
  const most = columned ? Math.max(1, wide) : 1;
  const tall = entries.some(({ type }) => type === "grid") ? height - rem(GRID_HEAD) : height;
  const room = Math.max(1, Math.floor(tall / (columned ? LINE : rem(WIDE))));
  const leaves = cutByWeight(entries, room * most);
  const page = Math.min(state.page, leaves.length - 1);
  const shown = leaves[page];
  const columns = columned ? columnsFor(shown.length, height, LINE, most) : 1;
  const kind = tall < height ? "ol.lines.wide.of-grid" : "ol.lines.wide";
  const list = h(columned ? "ol.lines" : kind, {}, [
    gridHead(state, shown),
    shown.map((entry) => entryLine(app, state, entry, columns === 1)),
  ]);
  list.style.setProperty("--columns", columns);
  list.style.setProperty("--rows", columned ? Math.ceil(shown.length / columns) : shown.length);
  list.dataset.columns = columns;
  return { list, pager: leaves.length > 1 && pager(app, page, leaves.length) };
}

function pager(app, page, pages) {
  const go = (to) => () => app.send({ type: "leaf", page: to });
  const last = page === pages - 1;
  return h("div.pager", {}, [
    key(say("kiosk.ballot.back"), go(page - 1), { disabled: page === 0, id: "leaf-back" }),
    h("span.page-number", {}, say("kiosk.ballot.page", { page: page + 1, pages })),
    key(say("kiosk.ballot.forward"), go(page + 1), {
      disabled: last,
      kind: last ? "" : "primary",
      id: "leaf-forward",
    }),
  ]);
}

function heightOfLines(state) {
  const open = openItems(state).length > 0;
  const narrow = window.innerHeight > window.innerWidth;
  const foot = open ? FOOT.open : narrow ? FOOT.narrow : FOOT.done;
  return window.innerHeight - rem(STRIP + (open ? SAID.open : SAID.done) + foot);
}

function decide(foot, state, app) {
  const { items, matters } = current(state);
  const [first] = openItems(state);
  const place = first === undefined
    ? { item: items[0] }
    : placeOf(matters.find(({ item }) => item === first), state);
  const back = key(say("kiosk.review.back"), () => app.send({ type: "edit", ...place }), {
    id: "edit",
  });
  if (first !== undefined) {
    const matter = matters.find(({ item }) => item === first);
    const line = matter.lines[place.line];
    const label = line?.id
      ? say("kiosk.review.lead-to-name", { name: lineName(app, { matter, line }) })
      : say("kiosk.review.lead-to", { number: numberOf(app.room.meeting, first) });
    show(foot, back, key(label, () => app.send({ type: "edit", ...place }), {
      kind: "primary",
      id: "open",
    }));
    return;
  }
  const check = app.room.meeting.spoilQuota > 0;
  show(foot, back, h("div.commitment", {}, [
    commitment(state),
    check &&
      h("button.link", {
        type: "button",
        "data-key": "check",
        disabled: !state.sealed,
        onclick: () => app.send({ type: "check" }),
      }, say("kiosk.review.check")),
  ]), h("button.primary.cast", {
    type: "button",
    "data-key": "cast",
    onclick: () => app.send({ type: "cast" }),
  }, say("kiosk.review.cast")));
}

/** The first place of a matter that is open. */
function placeOf(matter, state) {
  const [line] = openLines(matter, state.marks[matter.item]);
  const at = matter.lines.findIndex(({ id }) => id === line);
  return { item: matter.item, line: Math.max(0, at) };
}

function commitment({ sealed, sealing }) {
  if (sealed) return h("p.hint", {}, [say("kiosk.review.tracker"), trackerCode(sealed)]);
  const doing = say("kiosk.review.sealing");
  const part = sealing && h("progress", { max: 1, value: sealing, "aria-label": doing });
  return h("p.hint", {}, [doing, part]);
}
