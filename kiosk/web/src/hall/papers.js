// One paper on the hall screen: its items, how far the voting is, its box, its announcement.

import { askedWords, titleOf } from "../common/asked.js";
import { trackerText } from "../common/code.js";
import { h } from "../common/dom.js";
import { say, sayWord } from "../common/words.js";
import { pageOf, turnOf } from "./turning.js";

const SMALL = 12; // items or trackers from which on the lines are set smaller, in columns
const TINY = 60;
const CODES = 40; // trackers on a page

/** Items in their frozen order, each with what is proposed or asked; many on pages that turn. */
export function items(paper) {
  const { lines, ...at } = pageOf(paper.items, turnOf(Date.now()));
  const list = h(
    "ol",
    { class: `items ${density(lines.length)}` },
    lines.map((one) =>
      h(
        one.contest ? "li.contest" : "li",
        {},
        h("span.n", { "aria-hidden": "true" }, String(one.n)),
        h("strong", {}, titleOf(one)),
        h(
          "span.posts",
          {},
          one.proposed &&
            one.proposed !== titleOf(one) &&
            h("span", {}, say("screen.proposed", { post: one.proposed })),
          one.removed && h("span", {}, say("screen.removed", { post: one.removed })),
          askedWords(one.contest).map((line) => h("span", {}, sayWord(line))),
        ),
      ),
    ),
  );
  return [list, pageNumber(at)];
}

/** 发出, and 已收回 in steps. */
export function voting({ issued, returned, exact }) {
  return h(
    "div.voting",
    {},
    h(
      "dl",
      {},
      number(say("screen.issued"), issued),
      number(say(exact ? "screen.returned" : "screen.returned-about"), returned),
    ),
    h("progress", {
      max: Math.max(issued, 1),
      value: returned,
      "aria-label": say("screen.returned-about"),
    }),
  );
}

/** After the seal: how many, and every tracker, sorted. */
export function box({ issued, returned, trackers, checkpoint }) {
  const { lines, ...at } = pageOf(trackers, turnOf(Date.now()), CODES);
  return h(
    "div.box-shown",
    {},
    h("dl", {}, number(say("screen.issued"), issued), number(say("screen.returned"), returned)),
    h("h3", {}, say("screen.trackers")),
    h("p.hint", {}, say("screen.trackers.what")),
    h(
      "ul",
      { class: `trackers ${density(lines.length)}` },
      lines.map((one) => h("li.code", {}, trackerText(one))),
    ),
    pageNumber(at),
    checkpoint && h("p", {}, say("screen.checkpoint"), " ", h("span.code", {}, checkpoint)),
  );
}

/** The customary words; with a rule that shows no counts there are none in them. */
export function announcement([first, ...rest]) {
  const { lines, ...at } = pageOf(rest, turnOf(Date.now()));
  return [
    h(
      "div",
      { class: `announcement ${density(lines.length)}`, role: "status" },
      h("p.first", {}, first),
      lines.map((line) => h("p", {}, line)),
    ),
    pageNumber(at),
  ];
}

function pageNumber({ page, pages }) {
  return pages > 1 && h("p.turning", {}, say("screen.page", { page, pages }));
}

/** One number with its name, inside a `dl`. */
export function number(name, value) {
  return h("div.number", {}, h("dt", {}, name), h("dd", {}, String(value)));
}

function density(count) {
  if (count > TINY) return "tiny";
  return count > SMALL ? "small" : count > SMALL / 2 ? "middle" : "large";
}
