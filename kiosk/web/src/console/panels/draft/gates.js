// The gates of the items: for each paper its SHA-256, computed here, and who answers for it.

import { h } from "../../../shared/dom.js";
import { say } from "../../../shared/words.js";
import { card, code, field, keyed, note, picker } from "../../parts.js";

const GATES = ["examined", "department-discussed", "consulted", "opinions"];

/** The tab *gates*. */
export function gates(work) {
  const items = structuredClone(work.draft.tables.items ?? []);
  if (items.length === 0) return note("", say("desk.gates.no-items"));
  return [forAll(work, items), items.map((item, index) => itemGates(work, items, item, index))];
}

function forAll(work, items) {
  const fields = GATES.map((gate) => gateFields(gate, { digest: "", voucher: "" }));
  return card(
    say("desk.gates.all"),
    h("p", {}, say("desk.gates.how")),
    fields.map((one) => one.node),
    h(
      "div.keys",
      {},
      keyed(
        say("desk.gates.all.save"),
        (e) =>
          work.ctx.run(e, async () => {
            const given = fields
              .map((one) => one.value())
              .filter((one) => one.digest && one.voucher);
            if (given.length === 0) return work.ctx.tell(say("desk.gates.nothing"), "bad");
            for (const item of items) {
              item.gates = withPapers(item.gates ?? [], [...papers(item.gates ?? []), ...given]);
            }
            await work.part("items", items);
          }),
        { kind: "primary" },
      ),
    ),
  );
}

function itemGates(work, items, item, index) {
  const had = new Map(papers(item.gates ?? []).map((one) => [one.gate, one]));
  const fields = GATES.map((gate) =>
    gateFields(gate, had.get(gate) ?? { digest: "", voucher: "" }),
  );
  const whole = GATES.every((gate) => had.has(gate));
  return h(
    "details.card.more",
    {},
    h(
      "summary",
      {},
      h("b", {}, say("desk.recusal.item", { n: index + 1, candidate: item.candidate ?? "" })),
      " ",
      h(
        whole ? "span.tag.good" : "span.tag.wait",
        {},
        say("desk.of", { have: had.size, need: GATES.length }),
      ),
    ),
    fields.map((one) => one.node),
    h(
      "div.keys",
      {},
      keyed(
        say("desk.draft.save"),
        (e) =>
          work.ctx.run(e, async () => {
            const given = fields
              .map((one) => one.value())
              .filter((one) => one.digest && one.voucher);
            items[index].gates = withPapers(item.gates ?? [], given);
            await work.part("items", items);
          }),
        { kind: "primary" },
      ),
    ),
  );
}

function gateFields(gate, { digest, voucher }) {
  let held = digest;
  const seen = h("p.hint", {}, held ? code(held.slice(0, 16)) : say("desk.gates.none"));
  const file = picker(say("desk.gates.paper"));
  const by = h("input", { value: voucher, autocomplete: "off", maxlength: "100" });
  file.input.addEventListener("change", async () => {
    const [chosen] = file.input.files;
    if (!chosen) return;
    held = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer())));
    seen.replaceChildren(code(held.slice(0, 16)));
  });
  return {
    node: h(
      "fieldset.gate",
      {},
      h("legend", {}, say(`gate.${gate}`)),
      h("div.row", {}, file.node, field(say("desk.gates.voucher"), by)),
      seen,
    ),
    value: () => ({ gate, digest: held, voucher: by.value.trim() }),
  };
}

/** The gates that this page shows: papers of the kinds above. */
export function papers(gates) {
  return gates.filter((one) => GATES.includes(one.gate) && "digest" in one);
}

/**
 * Gates with these papers instead of those that were there; of one kind the last. Everything else
 * stays: other kinds, and references to earlier records, are written in the draft's text.
 */
export function withPapers(gates, given) {
  const shown = new Set(papers(gates));
  const others = gates.filter((one) => !shown.has(one));
  const settled = new Set(others.map((one) => one.gate));
  const all = new Map(given.map((one) => [one.gate, one]));
  const kept = GATES.filter((gate) => all.has(gate) && !settled.has(gate));
  return [...others, ...kept.map((gate) => all.get(gate))];
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
