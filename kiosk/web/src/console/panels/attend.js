// Check-in and drawing in one motion: find the name, press one large key, hand over the bowl.

import { h } from "../../common/dom.js";
import { say, sayWord } from "../../common/words.js";
import { countPeople, findPeople, voidSeries } from "../model.js";
import { card, facts, keyed, note, panel, region } from "../parts.js";
import { printOnly } from "../invitations.js";
import { correction } from "./correction.js";
import { groups } from "./groups.js";
import { recusals } from "./recusals.js";

/** The panel *attend*. */
export function attend(ctx) {
  const rollOf = (view) => ctx.load("/api/roll", view.overview.height);
  const parts = [
    region("div", (view) => [view.overview.numbers, counted(rollOf(view))], drawNumbers),
    groups(ctx, rollOf),
    checkIn(ctx, rollOf),
    recusals(ctx, rollOf),
    correction(ctx, rollOf),
  ];
  return panel(...parts);
}

function counted(roll) {
  return roll ? countPeople(roll) : null;
}

function drawNumbers([numbers, people]) {
  const most = numbers.quorum.reduce((a, one) => Math.max(a, one.needed), 0);
  return [
    facts([
      [say("desk.number.due"), numbers.due],
      [
        say("desk.number.present"),
        numbers.present,
        numbers.quorum.every((one) => one.met) ? "good" : "bad",
      ],
      [say("desk.number.needed"), most],
      people?.named > 0 && [say("desk.number.expected"), people.expected],
      [say("desk.number.away"), numbers.away],
      numbers.attendees > 0 && [say("desk.number.attendees"), numbers.attendees],
    ]),
    numbers.quorum.map((one) => note(one.met ? "good" : "wait", sayWord(one.said))),
  ];
}

function checkIn(ctx, rollOf) {
  const search = h("input.search", {
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": say("desk.attend.search"),
    placeholder: say("desk.attend.search"),
  });
  const list = region(
    "ul.people",
    (view) => [rollOf(view)?.people, search.value, view.overview.papers],
    ([people], view) => drawPeople(ctx, view, people, search),
  );
  let last = null;
  search.addEventListener("input", () => last && list.update(last));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    list.node.querySelector("button")?.focus();
  });
  return {
    node: card(
      say("desk.attend.title"),
      search,
      list.node,
      h(
        "div.keys",
        {},
        keyed(say("desk.attend.print"), () => printOnly(list.node), { kind: "quiet" }),
      ),
    ),
    update(view) {
      last = view;
      list.update(view);
    },
  };
}

function drawPeople(ctx, view, people, search) {
  if (!people) return h("li.hint", {}, say("desk.loading"));
  const found = findPeople({ people }, search.value);
  if (found.length === 0) return h("li.hint", {}, say("desk.attend.nobody"));
  return found.map((one) => personRow(ctx, view, one, search));
}

function personRow(ctx, view, one, search) {
  return h(
    `li.person.${one.state}`,
    {},
    h("span.n", {}, one.n),
    h("span.name", {}, h("b", {}, one.who), h("span.hint", {}, one.post)),
    h("span.states", {}, stateTags(view, one)),
    h("span.person-keys", {}, personKeys(ctx, view, one, search)),
  );
}

function stateTags(view, one) {
  const tags = [];
  if (one.state === "present") {
    tags.push(
      h(
        "span.tag.good",
        {},
        one.drawn ? say("desk.attend.drew", { series: one.drawn }) : say("desk.attend.here"),
      ),
    );
  }
  if (one.state === "away") tags.push(h("span.tag.wait", {}, say("desk.attend.away")));
  if (one.class !== "member") tags.push(h("span.tag", {}, say(`desk.class.${one.class}`)));
  if (one.recused.length > 0) {
    const items = one.recused.map((item) => view.items[item]?.n ?? item);
    tags.push(h("span.tag", {}, say("desk.attend.recused", { items })));
  }
  return tags;
}

function personKeys(ctx, view, one, search) {
  if (view.me.role !== "secretary") return null;
  const act =
    (name, series = null) =>
    (event) =>
      ctx.run(event, async () => {
        await ctx.room(name, { who: one.who, series });
        ctx.tell(say(`desk.attend.done.${name}`, { name: one.who }), "good");
        search.value = "";
        search.focus();
      });
  const key = (label, name, kind, series) =>
    keyed(label, act(name, series), { kind, key: `${name} ${one.who}` });
  const draws = one.class === "member";
  if (one.state === "expected") {
    return key(
      say(draws ? "desk.attend.draw" : "desk.attend.sign"),
      "attend",
      "primary.large",
      reserveFor(view, one),
    );
  }
  if (one.state === "away") return key(say("desk.attend.return"), "return", "primary");
  const reserve = reserveFor(view, one);
  const lost = one.drawn !== null && voidSeries(view.overview).has(one.drawn) && reserve;
  return [
    lost && key(say("desk.attend.redraw", { series: reserve }), "attend", "primary", reserve),
    key(say("desk.attend.leave"), "leave", "quiet"),
  ];
}

/** The series to draw from when one's own is void; null is one's own. */
function reserveFor(view, one) {
  const void_ = voidSeries(view.overview);
  if (one.series === null || !void_.has(one.series)) return null;
  return view.meeting.series.find((series) => !void_.has(series.id))?.id ?? null;
}
