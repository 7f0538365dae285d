// What an item rests on: for each paper its SHA-256, computed here, and who answers for it; for an
// earlier vote the digest of that record's result, or the item of this meeting.

import { h, show } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { card, keyed, note } from "../../parts.js";
import { gateForm, paperForm } from "./gate_form.js";
import { gatesHad, gatesShown, papersWanted, ruleOf, withPapers } from "./model.js";

/** The tab *gates*. */
export function gates(work, at) {
  const items = structuredClone(work.draft.tables.items ?? []);
  if (items.length === 0) return note("", say("desk.gates.no-items"));
  return [
    forAll(work, items),
    items.map((item, index) => itemGates(work, items, index, at?.row === index + 1)),
  ];
}

function forAll(work, items) {
  const wanted = papersWanted(work.draft.book, items);
  if (wanted.length === 0) return note("", say("desk.gates.none-wanted"));
  const forms = wanted.map((gate) => paperForm({ gate }));
  const keep = (event) =>
    work.ctx.run(event, async () => {
      const given = forms.map((one) => one.value()).filter((one) => one.digest && one.voucher);
      if (given.length === 0) return work.ctx.tell(say("desk.gates.nothing"), "bad");
      for (const item of items) {
        const mine = ruleOf(work.draft.book, item)?.gates ?? [];
        const papers = given.filter((one) => mine.includes(one.gate));
        if (papers.length > 0) item.gates = withPapers(item.gates ?? [], papers);
      }
      await work.part("items", items);
    });
  return card(
    say("desk.gates.all"),
    h("p", {}, say("desk.gates.how")),
    forms.map((one) => one.node),
    h("div.keys", {}, keyed(say("desk.gates.all.save"), keep, { kind: "primary" })),
  );
}

function itemGates(work, items, index, open) {
  const item = items[index];
  const rule = ruleOf(work.draft.book, item);
  const [have, need] = [gatesHad(item, rule), rule?.gates.length ?? 0];
  const more = (item.gates ?? []).length - have;
  const place = h("div");
  const node = h(
    "details.card.more",
    { open, "data-name": `gates-${item.id ?? index}` },
    h(
      "summary",
      {},
      h("b", {}, say("desk.recusal.item", { n: index + 1, candidate: calledIn(item) })),
      " ",
      need > 0 &&
        h(have === need ? "span.tag.good" : "span.tag.wait", {}, say("desk.of", { have, need })),
      more > 0 && h("span.tag", {}, say("desk.gates.more", { number: more })),
    ),
    place,
  );
  let drawn = false; // of a hundred items nobody needs every field at once
  const draw = () => {
    if (drawn || !node.open) return;
    drawn = true;
    show(place, itemForms(work, items, index));
  };
  node.addEventListener("toggle", draw);
  draw();
  return node;
}

function itemForms(work, items, index) {
  const { book } = work.draft;
  const item = items[index];
  const wanted = new Set(ruleOf(book, item)?.gates ?? []);
  const before = items.slice(0, index).map((one, i) => [one.id ?? `i${i + 1}`, calledIn(one)]);
  const list = h("div");
  const forms = [];
  const add = (gate) => {
    const kind = book.gates.find((one) => one.gate === gate.gate);
    const form = gateForm(gate, kind, {
      before,
      wanted: wanted.has(gate.gate),
      remove: () => {
        forms.splice(forms.indexOf(form), 1);
        form.node.remove();
      },
    });
    forms.push(form);
    list.append(form.node);
  };
  for (const gate of gatesShown(item, ruleOf(book, item))) add(gate);
  const keep = (event) =>
    work.ctx.run(event, async () => {
      item.gates = forms.map((one) => one.value()).filter(Boolean);
      if (item.gates.length === 0) delete item.gates;
      await work.part("items", items);
    });
  return [
    list,
    adding(book, () => forms.map((one) => one.kind), add),
    h("div.keys", {}, keyed(say("desk.draft.save"), keep, { kind: "primary" })),
  ];
}

/** Another kind of gate than those that are there; of some there may be several. */
function adding(book, there, add) {
  const which = h("select", { "aria-label": say("desk.gates.add") });
  const draw = () =>
    show(
      which,
      h("option", { value: "" }, say("desk.gates.add")),
      book.gates
        .filter((one) => one.many || !there().includes(one.gate))
        .map((one) => h("option", { value: one.gate }, say(`gate.${one.gate}`))),
    );
  which.addEventListener("focus", draw);
  which.addEventListener("change", () => {
    if (which.value) add({ gate: which.value });
    draw();
  });
  draw();
  return h("div.field", {}, which);
}

function calledIn({ candidate, proposed, question }) {
  return candidate || proposed || question || "";
}
