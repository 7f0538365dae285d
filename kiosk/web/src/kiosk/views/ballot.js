// The open ballot, leaf by leaf: an explicit word for every line, or names touched up to the seats.
// Nothing is chosen beforehand and nothing chooses for several; the order is the frozen one. What
// a key may not do is said in a sentence beside the heading, and nothing moves.

import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { leafAt, leavesOf } from "../leaves.js";
import { openLines, outsideRoom, seatsTaken } from "../matter.js";
import { current, openItems, position, progress } from "../session.js";
import { finder } from "./finder.js";
import { names, nobodyKey, paintNames } from "./names.js";
import { heading, key, numberOf, paperNumber, rem, screen, seatsOf, strip } from "./parts.js";
import { aspects, cards, linesOf, othersBar, paintWords, rowsOf } from "./words.js";

const AROUND = 10.7; // rem of strip, foot and what lies between them
const SIDES = 2.8; // rem beside it
const LONG = 22; // characters of a title that is set smaller
const CHECKED = 3.9; // rem of the note after a device check

/** @returns {{element: HTMLElement, update: Function}} */
export function ballotView(state, app) {
  const { items, matters } = current(state);
  const height = window.innerHeight / rem(1) - AROUND - (state.checked ? CHECKED : 0);
  const width = window.innerWidth / rem(1) - SIDES;
  const leaves = leavesOf(matters, { height, width, wide: window.innerWidth > window.innerHeight });
  const at = leafAt(leaves, state);
  const leaf = state.outside ? { ...leaves[at], kind: "others" } : leaves[at];
  const matter = matters[leaf.from];
  const counter = h("p.counter", { role: "status" });
  const behind = h("progress", { "aria-label": say("kiosk.ballot.progress") });
  const foot = h("div.turns");
  const body = BODIES[leaf.kind](app, matter, leaf, state);
  const head = leaf.kind === "singles" ? null : matterHead(app, matter, leaf);
  const element = screen("ballot", {
    strip: strip(
      app,
      h("div.strip-title", {}, [
        heading("h1", app.room.titleOf(items)),
        paperNumber(position(state)),
      ]),
      [matters.length + leaves.length > 2 && behind, counter],
    ),
    main: [
      state.checked && h("p.note.good", {}, say("kiosk.ballot.checked")),
      head?.element,
      body.elements,
    ],
    foot,
  });
  const update = (next) => {
    const moved = ["from", "line", "outside", "at"].some((one) => next[one] !== state[one]);
    if (next.screen !== "ballot" || moved) return false;
    body.update(next);
    head?.update(next);
    show(counter, counted(next, leaf));
    const { marked, all } = progress(next);
    behind.max = all;
    behind.value = marked;
    show(foot, ...turns(next, app, leaves, at));
    return true;
  };
  update(state);
  return { element, update, close: () => body.close?.() };
}

/** What a leaf holds, by its kind: elements, and how they show what is marked. */
const BODIES = {
  singles: (app, _, leaf, state) => {
    const lines = linesOf(state, leaf);
    return painted(paintWords, leaf.cards ? cards(app, lines) : rowsOf(app, lines, leaf.rows));
  },
  words: (app, matter, leaf, state) => {
    const lines = linesOf(state, leaf);
    const body = painted(paintWords, leaf.cards ? cards(app, lines) : rowsOf(app, lines, leaf.rows));
    if (!matter.others) return body;
    const bar = othersBar(app, matter, leaf.from);
    return {
      elements: [...body.elements, bar.element],
      update: (next) => [body, bar].forEach((one) => one.update(next)),
    };
  },
  grid: (app, matter, leaf, state) => gridBody(app, matter, leaf, state),
  choose: (app, matter, leaf) => {
    const bar = h("div.bar-below", {}, nobodyKey(app, matter));
    return painted(paintNames, names(app, matter, leaf), bar);
  },
  roster: (app, matter, _, state) => finder(app, matter, matter.ask, "", state),
  others: (app, matter, _, state) => finder(app, matter, matter.others, "others", state),
};

function painted(paint, ...elements) {
  return { elements, update: (state) => elements.forEach((one) => paint(one, state)) };
}

/** One subject under the heading, or several, each with its own name above its aspects. */
function gridBody(app, matter, leaf, state) {
  const lines = linesOf(state, leaf);
  const here = matter.groups.filter(({ id }) => lines.some(({ line }) => line.group === id));
  if (matter.aspects.length === 1) {
    const named = lines.map((one) => ({ ...one, number: leaf.line + lines.indexOf(one) + 1 }));
    return painted(paintWords, rowsOf(app, named, leaf.rows));
  }
  return painted(paintWords, ...here.flatMap((group) => {
    const own = lines.filter(({ line }) => line.group === group.id);
    const list = aspects(app, own, leaf.rows);
    return here.length > 1 ? [h("h3.subject", {}, subject(matter, group)), list] : [list];
  }));
}

function subject(matter, { id, name, current: post }) {
  const number = matter.groups.findIndex((one) => one.id === id) + 1;
  return [h("span.number", {}, String(number)), name, post && h("span.subject-post", {}, post)];
}

/** Who or what a leaf is about, how many are to be chosen, and why a key did nothing. */
function matterHead(app, matter, leaf) {
  const said = h("p.said", { role: "alert" });
  const taken = matter.capped && h("p.seats.taken-seats", { role: "status" });
  const title = titleOf(app, matter, leaf);
  if (taken) title.append(taken);
  const element = h("div.matter", {}, [title, said]);
  const update = (state) => {
    const { seats } = matter;
    const used = seatsTaken(matter, state.marks[matter.item]);
    if (taken) taken.textContent = say("kiosk.contest.taken", { taken: used, seats });
    element.classList.toggle("full", state.said !== null);
    said.textContent = state.said
      ? say(`kiosk.limit.${state.said.code}`, state.said.params)
      : "";
  };
  return { element, update };
}

function titleOf(app, matter, leaf) {
  if (matter.groups.length) {
    const per = matter.aspects.length;
    const here = matter.groups.slice(Math.floor(leaf.line / per), Math.ceil(leaf.end / per));
    const [one] = here;
    const scale = one.scaleTitle[document.documentElement.lang.startsWith("en") ? "en" : "zh"];
    const alone = here.length === 1 && per > 1;
    return h("div.matter-title", {}, [
      h("h2", {}, alone ? subject(matter, one) : matter.question),
      scale !== one.name && h("p.seats", {}, scale),
      alone && h("p.question", {}, matter.question),
    ]);
  }
  if (leaf.kind === "others") return h("div.matter-title", {}, [
    h("h2", {}, say("kiosk.others.key")),
    h("p.seats", {}, matter.title),
  ]);
  const touched = matter.form !== "words" && matter.ask.maximum > 1;
  const fewer = matter.kind === "nomination" ? "recommend-fewer" : "fewer";
  const facts = [
    seatsOf(matter),
    touched && say(`kiosk.contest.${fewer}`),
    matter.names.length > 0 && say("kiosk.contest.names", { names: matter.names.length }),
    matter.lines.length > 0 && say("kiosk.contest.names", { names: matter.lines.length }),
    matter.why === "tie" && say("kiosk.contest.tie"),
    matter.why === "open" && say("kiosk.contest.round", { round: matter.round }),
  ].filter(Boolean);
  return h("div.matter-title", {}, [
    h(matter.title.length > LONG ? "h2.long" : "h2", {}, [
      h("span.number", {}, String(numberOf(app.room.meeting, matter.item))),
      matter.title,
    ]),
    facts.map((fact) => h("p.seats", {}, fact)),
  ]);
}

/** 已选: words of the paper, or names of this matter out of its seats. */
function counted(state, leaf) {
  const matter = current(state).matters[leaf.from];
  const mark = state.marks[matter.item];
  if (leaf.kind === "others") {
    const marked = mark?.others?.length ?? 0;
    const items = Math.max(marked, outsideRoom(matter, mark));
    return say("kiosk.ballot.counter", { marked, items });
  }
  if (matter.form === "words") {
    const { marked, all } = progress(state);
    return say("kiosk.ballot.counter", { marked, items: all });
  }
  const { maximum } = matter.ask;
  return say("kiosk.ballot.counter", { marked: mark?.[""]?.length ?? 0, items: maximum });
}

function turns(state, app, leaves, at) {
  const { matters } = current(state);
  if (state.outside) {
    const back = () => app.send({ type: "turn", from: state.from, line: leaves[at].line });
    const done = key(say("kiosk.others.back"), back, { kind: "primary", id: "onward" });
    return [h("div.foot-left"), done];
  }
  const go = (to) => () => app.send({ type: "turn", ...leaves[to] });
  const last = at === leaves.length - 1;
  const complete = openItems(state).length === 0;
  return [
    h("div.foot-left", {}, [
      key(say("kiosk.ballot.stop"), () => app.stop(), { kind: "quiet", id: "stop" }),
    ]),
    leaves.length > 1 &&
      h("div.pager", {}, [
        key(say("kiosk.ballot.back"), go(at - 1), { disabled: at === 0, id: "back" }),
        h("span.page-number", {}, say("kiosk.ballot.page", { page: at + 1, pages: leaves.length })),
        key(say("kiosk.ballot.forward"), go(at + 1), {
          disabled: last,
          kind: !last && isMarked(state, matters, leaves[at]) ? "primary" : "",
          id: "forward",
        }),
      ]),
    key(say("kiosk.ballot.review"), () => app.send({ type: "review" }), {
      kind: complete || last ? "primary" : "",
      id: "review",
    }),
  ];
}

/** Whether nothing on a leaf is open. */
function isMarked(state, matters, leaf) {
  if (leaf.kind === "singles" || leaf.kind === "words" || leaf.kind === "grid") {
    return linesOf(state, leaf).every(({ matter, line }) =>
      state.marks[matter.item]?.[line.id] !== undefined);
  }
  const matter = matters[leaf.from];
  return openLines(matter, state.marks[matter.item]).length === 0;
}

