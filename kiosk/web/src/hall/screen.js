// Draws the hall screen from one answer of GET /api/hall.

import { h, liveRegions } from "../common/dom.js";
import { languageSwitch, seal } from "../common/frame.js";
import { lang, say, sayWord } from "../common/words.js";
import { fit } from "./fit.js";
import { announcement, box, items, number, voting } from "./papers.js";

const FEW = 12; // items up to which a paper shares its line with others

/**
 * @param {object|null} hall the answer of GET /api/hall, null before the first
 * @param {object[]} active those of its papers that stand on the screen (current.js)
 * @param {{lost: boolean}} link whether the server does not answer now
 */
export function draw(hall, active, { lost }) {
  document.title = say("screen.title");
  const shown = hall ? content(hall, active) : h("p.waiting", {}, say("screen.connecting"));
  document.body.replaceChildren(
    h(
      "header.masthead",
      {},
      seal(),
      h(
        "div.heading",
        {},
        h("p.body", {}, hall?.body ?? ""),
        h("h1", {}, hall?.title || say("screen.title")),
      ),
      languageSwitch(),
    ),
    h("main", { id: "main" }, lost && h("p.note.bad", { role: "alert" }, say("screen.lost")), shown),
    footer(hall),
    ...liveRegions(),
  );
  for (const element of document.querySelectorAll(".fit")) fit(element);
}

function content(hall, active) {
  return [
    h(
      "div.stage",
      {},
      h(active.length > 1 ? "section.main.fit.several" : "section.main.fit", { "aria-label": say("screen.papers") }, active.length ? active.map(paper) : [intro(hall)]),
      h("aside", { "aria-label": say("screen.attendance") }, attendance(hall), record(hall)),
    ),
  ];
}

function paper(one) {
  const state = one.last_call && one.state === "open" ? "last-call" : one.state;
  return h(
    "article",
    { class: `paper ${one.state} ${one.items.length > FEW ? "long" : "short"}` },
    h(
      "header.paper-head",
      {},
      h("h2", {}, say(one.recused ? "screen.paper.recused" : "screen.paper", { number: one.number })),
      h("p.state", {}, say(`screen.state.${state}`)),
    ),
    one.state === "open" && voting(one),
    one.announcement ? announcement(one.announcement[lang()]) : one.trackers ? box(one) : items(one),
    one.void !== null && h("p.note.wait", {}, say("screen.void", { reason: one.void })),
  );
}

function intro(hall) {
  const word = hall.stage === "draft" ? "screen.preparing" : "screen.soon";
  return h("div.intro", {}, h("p.waiting", {}, say(word)));
}

function attendance({ stage, numbers }) {
  if (stage === "draft") return null;
  return h(
    "div.numbers",
    {},
    h("h2", {}, say("screen.attendance")),
    h(
      "dl",
      {},
      number(say("screen.due"), numbers.due),
      number(say("screen.present"), numbers.present),
    ),
    numbers.quorum.map((one) =>
      h("p", { class: `note ${one.met ? "good" : "wait"}` }, sayWord(one.said)),
    ),
  );
}

function record({ record }) {
  if (!record.closed) return null;
  return h(
    "div.record",
    {},
    h("h2", {}, say("screen.closed")),
    record.digest && [
      h("p", {}, say("screen.record")),
      h("p.code", {}, record.digest.slice(0, 64).match(/.{1,8}/g).join(" ")),
    ],
  );
}

function footer(hall) {
  if (!hall?.code) return h("footer.foot", {}, h("p", {}, say("screen.no-code")));
  return h(
    "footer.foot",
    {},
    h("p", {}, say("screen.code")),
    h("p.code.fingerprint", {}, hall.code),
    h("p.hint", {}, say("screen.code.what")),
  );
}
