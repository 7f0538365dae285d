// What several screens of the kiosk are made of.

import { encodeQR } from "qr";

import { trackerText } from "../../common/code.js";
import { h } from "../../common/dom.js";
import { lang, say } from "../../common/words.js";

/** A whole screen: strip above, the matter, keys below. The heading has the focus at first. */
export function screen(name, { strip = null, main, foot = null, label = null }) {
  return h(
    `div.screen.screen-${name}`,
    { "data-screen": name, lang: lang() === "zh" ? "zh-Hans" : "en" },
    strip,
    h("main", { id: "main", "aria-label": label }, main),
    foot && h("footer.foot", {}, foot),
  );
}

/** The strip above: the mark, the title, what is always in sight at its end. */
export function strip(app, title, end = null) {
  return h("header.strip", {}, staffKey(app), title, h("div.strip-end", {}, end));
}

/** A heading that takes the focus when its screen comes, so that readers begin there. */
export function heading(tag, text) {
  return h(tag, { tabindex: "-1", "data-first": true }, text);
}

/** A key. `kind`: primary, quiet, danger or nothing. */
export function key(label, onclick, { kind = "", name = null, disabled = false, id = null } = {}) {
  return h(
    kind ? `button.${kind}` : "button",
    { type: "button", onclick, "aria-label": name, disabled, "data-key": id },
    label,
  );
}

/**
 * The mark: held for three seconds it covers and wipes whatever is on the screen, and asks for
 * the staff code only then (docs/spec/kiosk-page.md). A tap does nothing.
 */
export function staffKey(app) {
  let timer = null;
  const down = (event) => {
    if (event.type === "keydown") {
      if (event.repeat || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
    }
    clearTimeout(timer);
    timer = setTimeout(() => app.send({ type: "cover" }), 3000);
  };
  const up = () => clearTimeout(timer);
  return h(
    "button.mark",
    {
      type: "button",
      "aria-label": say("kiosk.staff.key"),
      title: say("kiosk.staff.key"),
      onpointerdown: down,
      onkeydown: down,
      onpointerup: up,
      onpointerleave: up,
      onpointercancel: up,
      onkeyup: up,
      onblur: up,
      oncontextmenu: (event) => event.preventDefault(),
    },
    h("span.seal", { "aria-hidden": "true" }, say("page.mark")),
  );
}

/** 第 1/2 张, only where there is more than one. */
export function paperNumber({ number, papers }) {
  return papers > 1 && h("span.paper-number", {}, say("kiosk.paper.number", { number, papers }));
}

/** The number that an item has on the agenda: the same on paper, hall screen, ballot and report. */
export function numberOf(meeting, item) {
  return [...meeting.items.keys()].indexOf(item) + 1;
}

/** A tracker to read or to write down. */
export function trackerCode(tracker) {
  return h("span.code.tracker", { "data-tracker": tracker.slice(0, 12) }, trackerText(tracker));
}

/** Where a candidate comes from and goes to, line by line; what is empty is left out. */
function posts(item) {
  const lines = [
    item.current && say("kiosk.item.current", { post: item.current }),
    item.proposed && say("kiosk.item.proposed", { post: item.proposed }),
    item.removed && say("kiosk.item.removed", { post: item.removed }),
  ].filter(Boolean);
  return h("div.posts", {}, lines.map((line) => h("p", {}, line)));
}

/** So many pixels is the page's own measure of type; layouts that are computed count in it. */
export function rem(units) {
  return units * parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** The name on an item: the candidate's, or the question where there is none. */
export function nameOf(item) {
  return item.candidate || item.question;
}

/** The name on a line: the item's, a name that stands, a subject; `whole`: with its aspect. */
export function lineName(app, { matter, line }, { whole = false } = {}) {
  if (!line.id) return nameOf(app.room.meeting.items.get(matter.item));
  if (!line.group) return line.title;
  const { name } = matter.groups.find(({ id }) => id === line.group);
  return whole ? `${name} ${line.title}` : name;
}

/** What a line says of a person's posts. */
export function linePosts(app, { matter, line }) {
  if (!line.id) return posts(app.room.meeting.items.get(matter.item));
  const one = line.group ? matter.groups.find(({ id }) => id === line.group) : line;
  const texts = [one.current, one.note].filter(Boolean);
  return h("div.posts", {}, texts.map((text) => h("p", {}, text)));
}

/** A word as it is frozen for a line. */
export function word(line, option) {
  return line.answers.find(([id]) => id === option)[1];
}

// Words of some kinds that have a sentence of their own (voting/rules/rule.py).
const OWN = {
  "recommendation.agree": "option.recommendation.agree",
  "recommendation.disagree": "option.recommendation.disagree",
  "nomination.agree": "option.recommendation.agree",
  "nomination.abstain": "option.recommendation.disagree",
  "election.agree": "option.election.agree",
  "election.disagree": "option.election.disagree",
};

/** What a word of the ballot means in the reader's language; null in the meeting's own. */
export function meaning(app, matter, line, option) {
  if (lang() === app.room.meeting.language) return null;
  const grade = line?.grades?.find(({ id }) => id === option);
  return grade ? grade.title[lang()] : say(OWN[`${matter.kind}.${option}`] ?? `option.${option}`);
}

/** How many a matter is for, as the printed ballot and the forms say it. */
export function seatsOf({ kind, seats }) {
  return kind === "nomination"
    ? say("kiosk.contest.recommend", { seats })
    : say("kiosk.contest.seats", { seats });
}

/** The word for choosing nobody, as frozen, with what it means. */
export function nobodyWord(app, matter) {
  const other = meaning(app, matter, null, "abstain");
  return other ? `${matter.nobody} (${other})` : matter.nobody;
}

/**
 * A QR code as a picture on a canvas, dark on white with a quiet zone of four.
 * @param {string} text
 * @param {string} label what it is, for people who do not see it
 * @param {number} side pixels that it should not exceed
 */
export function qrPicture(text, label, side) {
  const grid = encodeQR(text, "raw", { ecc: text.length > 300 ? "low" : "medium", border: 4 });
  const scale = Math.max(2, Math.floor(side / grid.length));
  const canvas = h("canvas.qr", { role: "img", "aria-label": label, "data-qr": grid.length });
  canvas.width = canvas.height = grid.length * scale;
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  grid.forEach((row, y) =>
    row.forEach((dark, x) => dark && context.fillRect(x * scale, y * scale, scale, scale)),
  );
  return canvas;
}
