// The recorder's page: item by item who introduced, spoke, went out and came back, who spoke last.
//
// Names and words stay in the minutes; the ledger hears a digest. The gates of the room, without
// which no round opens, are entered with them. What comes after the opening is marked 事后补记.

import { get, post } from "../../common/api.js";
import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { printOnly } from "../invitations.js";
import { gateState, gatesOf } from "../model.js";
import { card, field, keyed, note, panel, region } from "../parts.js";

const WRITES = new Set(["recorder", "secretary"]);
const LINELESS = "discussed"; // the gate is all there is of it
const GATE_OF = {
  introducer: "introduced",
  discussed: "discussed",
  "principal-last": "principal-last",
};

/** The panel *room*. */
export function room(ctx) {
  const lines = (view) => ctx.load("/api/minutes", view.overview.height)?.lines;
  const told = region(
    "div",
    (view) => [view.meeting !== null && ctx.acts().length, lines(view), view.me.role],
    ([, all], view) =>
      view.meeting && view.meeting.items.map((item) => itemCard(ctx, view, item, all ?? [])),
  );
  return panel(
    region(
      "div",
      (view) => [view.meeting === null, view.me.role],
      ([early, role]) => [
        early && note("", say("desk.minutes.early")),
        !WRITES.has(role) && note("", say("desk.minutes.recorder")),
      ],
    ),
    entryForm(ctx),
    told,
    h(
      "div.keys",
      {},
      keyed(say("desk.minutes.print"), () => printOnly(told.node), { kind: "quiet" }),
    ),
  );
}

function entryForm(ctx) {
  const what = h(
    "select",
    {},
    ["introducer", "speaker", "discussed", "principal-last", "remark"].map((one) =>
      h("option", { value: one }, say(`desk.minutes.what.${one}`)),
    ),
  );
  const names = h("datalist", { id: "desk-names" });
  const who = h("input", { list: "desk-names", autocomplete: "off", maxlength: "100" });
  const text = h("input", { autocomplete: "off", maxlength: "500" });
  const items = h("div.checks.items-checks", {
    role: "group",
    "aria-label": say("desk.minutes.items"),
  });
  const fields = [field(say("desk.minutes.who"), who), field(say("desk.minutes.text"), text)];
  const adapt = () => {
    fields[0].hidden = what.value === "discussed";
    fields[1].hidden = what.value !== "remark";
  };
  what.addEventListener("change", adapt);
  adapt();
  const all = (checked) => () =>
    items.querySelectorAll("input").forEach((box) => (box.checked = checked));
  const tick = (item, checked) => {
    items.querySelector(`input[value="${CSS.escape(item)}"]`).checked = checked;
  };
  const enter = (event) =>
    ctx.run(event, async () => {
      const chosen = [...items.querySelectorAll("input:checked")].map((box) => box.value);
      if (chosen.length === 0) return ctx.tell(say("desk.minutes.choose"), "bad");
      const gate = GATE_OF[what.value] ?? null;
      const states = gate ? await gateStates(ctx, chosen, gate) : {};
      const early = chosen.filter((item) => states[item] === "early");
      if (early.length > 0) return ctx.tell(tooEarly(ctx.view, early, gate), "bad");
      const due = chosen.filter((item) => what.value !== LINELESS || states[item] === "now");
      if (due.length === 0) return ctx.tell(say("desk.minutes.nothing"), "bad");
      for (const [index, item] of due.entries()) {
        ctx.tell(say("desk.minutes.progress", { n: index + 1, of: due.length }), "wait");
        if (states[item] === "now") await ctx.room("room", { item, step: gate });
        await enterLine(item, what.value, who.value.trim(), text.value.trim());
        tick(item, false); // if the next one fails, this one is not entered again
      }
      ctx.tell(say("desk.minutes.done", { number: due.length }), "good");
      text.value = "";
      all(false)();
    });
  const node = card(
    say("desk.minutes.enter"),
    h("div.row", {}, field(say("desk.minutes.what"), what), fields),
    names,
    h(
      "p",
      {},
      say("desk.minutes.items"),
      " ",
      keyed(say("desk.minutes.all"), all(true), { kind: "quiet" }),
      keyed(say("desk.minutes.none"), all(false), { kind: "quiet" }),
    ),
    items,
    h("div.keys", {}, keyed(say("desk.minutes.enter"), enter, { kind: "primary" })),
  );
  let filled = false;
  return {
    node,
    update(view) {
      node.hidden =
        view.meeting === null || !WRITES.has(view.me.role) || view.overview.stage !== "frozen";
      if (node.hidden) return;
      const roll = ctx.load("/api/roll", view.overview.height);
      if (roll && names.children.length === 0)
        show(
          names,
          roll.people.map((one) => h("option", { value: one.who })),
        );
      if (filled) return;
      filled = true;
      show(
        items,
        Object.values(view.items).map((item) =>
          h(
            "label.option",
            {},
            h("input", { type: "checkbox", value: item.id }),
            h("span", {}, say("desk.recusal.item", { n: item.n, candidate: item.candidate })),
          ),
        ),
      );
    },
  };
}

/** Whether the gate can be entered, by item: as the ledger is now, not as it was last shown. */
async function gateStates(ctx, items, gate) {
  const acts = await ctx.latest();
  return Object.fromEntries(
    items.map((item) => [item, gateState(ctx.view.meeting, acts, item, gate)]),
  );
}

function tooEarly(view, early, gate) {
  const items = early.map((item) => view.items[item].n);
  return say("desk.minutes.order", { items, gate: { word: `room-gate.${gate}`, params: {} } });
}

/** A line of the minutes. */
async function enterLine(item, what, who, text) {
  if (what === LINELESS) return;
  await post("/api/minutes", { item, what, who, text: what === "remark" ? text : "" });
}

function itemCard(ctx, view, item, told) {
  const { gates, entered } = gatesOf(view.meeting, ctx.acts(), item.id);
  const mine = linesOf(told, item);
  const n = view.items[item.id].n;
  return h(
    "details.card.more.item",
    { "data-name": item.id, open: entered < gates.length && entered > 0 },
    h(
      "summary",
      {},
      h("b", {}, say("desk.recusal.item", { n, candidate: item.candidate || item.question })),
      " ",
      h(
        "span.gates",
        {},
        gates.map((gate, index) =>
          h(
            index < entered ? "span.tag.good" : "span.tag",
            {},
            index < entered ? "✓ " : "",
            say(`room-gate.${gate}`),
          ),
        ),
      ),
    ),
    recusedKeys(ctx, view, item, mine),
    mine.length === 0
      ? h("p.hint", {}, say("desk.minutes.empty"))
      : h("ol.lines", {}, mine.map(minuteLine)),
  );
}

function minuteLine(line) {
  return h(
    "li",
    {},
    h("time", { datetime: line.at }, clock(line.at)),
    h("b", {}, say(`desk.minutes.what.${line.what}`)),
    " ",
    line.who,
    line.text && `：${line.text}`,
    line.late && h("span.tag.wait", {}, say("desk.minutes.late")),
  );
}

function recusedKeys(ctx, view, item, mine) {
  if (!WRITES.has(view.me.role)) return null;
  const roll = ctx.load("/api/roll", view.overview.height);
  const recused = (roll?.people ?? []).filter((one) => one.recused.includes(item.id));
  if (recused.length === 0) return null;
  return h(
    "ul.recused",
    {},
    recused.map((one) => {
      const next = nextOf(mine, one.who);
      return h(
        "li",
        {},
        h("b", {}, one.who),
        keyed(
          say(`desk.minutes.what.${next}`),
          (e) =>
            ctx.run(e, async () => {
              const { lines } = await get("/api/minutes"); // pressed twice, it is entered once
              if (nextOf(linesOf(lines, item), one.who) !== next) return;
              await post("/api/minutes", { item: item.id, what: next, who: one.who, text: "" });
            }),
          { key: `${item.id} ${one.who}` },
        ),
      );
    }),
  );
}

/** Whether a recused person goes out or comes back next, by the lines of the item. */
function nextOf(mine, who) {
  const last = mine
    .filter((line) => line.who === who && line.what.startsWith("recused-"))
    .at(-1);
  return last?.what === "recused-out" ? "recused-in" : "recused-out";
}

function linesOf(told, item) {
  return told.filter((line) => line.item === item.id && line.kind === "minute");
}

/** A time of the ledger (UTC) on this room's clock. */
export function clock(at) {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
}
