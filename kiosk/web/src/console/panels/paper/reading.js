// 认读: names that voters wrote in words, read by two scrutineers before anybody certifies.
//
// The server lists what it opened; each of the two sees the whole reading again in the tray, as his
// own device read the texts out of the verified box, and signs that (docs/spec/ledger.md). The server
// is sent no text back; the device, which knows what was proposed here, refuses a reading that says
// otherwise. Words that are a name of the roster can be read as a number of that name or
// as invalid, and as nothing else; several of one name are told apart by their keys, and nothing is
// preselected then.

import { find } from "../../../kiosk/finding.js";
import { calledIn, titleOf } from "../../../common/asked.js";
import { h, show } from "../../../common/dom.js";
import { lang, say } from "../../../common/words.js";
import { mayPropose } from "../../model.js";
import { card, field, keyed, note } from "../../parts.js";

const FOUND = 12;

/** The part of *counting* that reads; hidden where nothing was written. */
export function reading(ctx, slot) {
  const meant = new Map(); // by place in the list: what this officer chose
  const node = h("div");
  let shown = "";
  let draw = () => {};
  return {
    node,
    update({ view, paper: { round } }) {
      const due = round?.reading ?? null;
      const words = due && ctx.load(`/api/slots/${slot}/words`, view.overview.height);
      node.hidden = !words || view.meeting === null;
      if (node.hidden) return;
      const { entries } = words;
      if (due === "done" && entries.some(({ as }) => as === null)) return; // the answer before
      const open = round.state === "counted" && round.signed.length === 0 && !round.released;
      const given = [entries, due, open, view.me.role, Boolean(view.overview.proposal), lang()];
      const text = JSON.stringify(given);
      if (text === shown) return;
      shown = text;
      draw = () => show(node, drawReading(ctx, view, { slot, entries, due, open, meant, draw }));
      draw();
    },
  };
}

/**
 * What an entry can be read as without a search, in the order of the page.
 * @param {{named: number[], stands: boolean}} entry as `GET /api/slots/{slot}/words` has it
 * @returns {(number|string)[]}
 */
export function readings({ named, stands }) {
  return [...named, ...(named.length || stands ? [] : ["written"]), "invalid"];
}

/** What stands for an entry before anybody chose: one of that name, never one of two. */
export function proposedFor({ named, as }) {
  return as ?? (named.length === 1 ? named[0] : null);
}

function drawReading(ctx, view, { slot, entries, due, open, meant, draw }) {
  const mine = open && mayPropose(view.me.role, "reading");
  const chosen = entries.map((entry, i) => meant.get(i) ?? proposedFor(entry));
  const left = chosen.filter((one) => one === null).length;
  const barred = view.overview.proposal
    ? say("desk.barred.proposal")
    : left > 0 ? say("desk.reading.left", { number: left }) : null;
  const propose = () => {
    const body = entries.map(({ item, ask, text }, i) => ({ item, ask, text, as: chosen[i] }));
    return ctx.propose("reading", { slot, entries: body });
  };
  const form = [
    h("p", {}, say("desk.reading.how")),
    entries.map((entry, i) => drawEntry(view, entry, i, chosen[i], (as) => {
      meant.set(i, as);
      draw();
    })),
    h("div.keys", {}, keyed(
      say("desk.reading.propose"),
      (e) => ctx.run(e, propose),
      { kind: "primary.large", reason: barred },
    )),
  ];
  return card(
    say("desk.reading.title"),
    due === "done" && drawDone(view, entries),
    due === "due" && !mine && note("wait", say("desk.reading.waits")),
    mine && due === "due" && form,
    mine && due === "done" &&
      h("details.more", {}, h("summary", {}, say("desk.reading.again")), form),
  );
}

function drawDone(view, entries) {
  return [
    note("good", say("desk.reading.done")),
    h("ul.readings", {}, entries.map(({ item, text, votes, as }) =>
      h("li", {}, say("desk.reading.entry", { text, votes }), " → ", said(view, item, as)))),
  ];
}

function drawEntry(view, entry, index, chosen, choose) {
  const { item, text, votes, named } = entry;
  const known = readings(entry);
  const options = known.includes(chosen) || chosen === null ? known : [chosen, ...known];
  const people = named.length || entry.stands ? [] : peopleOf(view, item);
  const name = `reading-${index}`;
  return h(
    "fieldset.choice.reading",
    {},
    h("legend", {}, say("desk.reading.entry", { text, votes })),
    h("p.hint", {}, titleOf(view.items[item]), " · ", remark(entry, people)),
    options.map((as) => h(
      "label.option",
      {},
      h("input", {
        type: "radio",
        name,
        checked: as === chosen,
        "data-as": String(as),
        onchange: () => choose(as),
      }),
      h("span", {}, said(view, item, as)),
    )),
    people.length > 0 && drawSearch(people, choose),
  );
}

/** Search the roster, where the words are nobody's name on it: a slip of the pen, a short form. */
function drawSearch(people, choose) {
  const hits = h("div.keys");
  const input = h("input", {
    type: "search",
    autocomplete: "off",
    oninput: () => {
      const found = input.value.trim() ? find(people, input.value).slice(0, FOUND) : [];
      show(hits, found.map(({ number, label, unit }) => keyed(
        say("reading.number", { number, name: unit ? `${label} ${unit}` : label }),
        () => choose(number),
        { kind: "quiet" },
      )));
    },
  });
  return [field(say("desk.reading.find"), input, say("desk.reading.find.hint")), hits];
}

function remark({ named, stands }, people) {
  if (stands) return say("forms.entry.stands");
  if (named.length > 1) return say("forms.entry.homonyms", { numbers: named });
  if (named.length) return say("forms.entry.listed", { number: named[0] });
  return say(people.length ? "forms.entry.not-listed" : "forms.entry.words");
}

function said(view, item, as) {
  if (typeof as === "string") return say(`reading.${as}`);
  const name = calledIn(view.meeting, view.items[item], `${as}`);
  return say("reading.number", { number: as, name });
}

function peopleOf(view, item) {
  const { contest } = view.items[item];
  const roster = contest.type === "roster" ? contest.roster : null;
  const { names = [] } = view.meeting.rosters.find(({ id }) => id === roster) ?? {};
  return names.map((one, i) => ({
    ...one,
    number: i + 1,
    label: one.key ? `${one.name}(${one.key})` : one.name,
  }));
}
