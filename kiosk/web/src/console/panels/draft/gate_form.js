// One gate of an item: a paper with who answers for it, or the earlier vote that it rests on.

import { h, show } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { code, field, keyed, picker } from "../../parts.js";
import { isEmpty, wayOf, waysOf } from "./model.js";

let counter = 0;

/**
 * A gate as a form.
 * @param {object} gate as in the draft
 * @param {{gate: string, paper: boolean, record: boolean}|undefined} kind of the book; of a kind
 *   that the book does not have, the gate stays as it is
 * @param {{before: [string, string][], wanted: boolean, remove: Function}} more before: items of
 *   this meeting that it may name; wanted: whether the rule wants the kind
 * @returns {{node: HTMLElement, kind: string, value: () => object|null}} null: nothing was said
 */
export function gateForm(gate, kind, { before, wanted, remove }) {
  if (kind === undefined) return { node: unknown(gate, remove), kind: gate.gate, value: () => gate };
  const ways = waysOf(kind);
  const first = isEmpty(gate) ? ways[0] : wayOf(gate);
  const place = h("div");
  let form;
  const draw = (way) => {
    form = FORMS[way](way === wayOf(gate) ? gate : { gate: gate.gate }, before);
    show(place, form.fields);
  };
  draw(first);
  const name = `gate-way-${(counter += 1)}`;
  const node = h(
    "fieldset.gate",
    {},
    h(
      "legend",
      {},
      say(`gate.${gate.gate}`),
      " ",
      wanted && h("span.tag", {}, say("desk.gates.wanted")),
    ),
    ways.length > 1 &&
      h(
        "div.row",
        {},
        ways.map((way) =>
          h(
            "label.option",
            {},
            h("input", {
              type: "radio",
              name,
              value: way,
              checked: way === first,
              onchange: () => draw(way),
            }),
            h("span", {}, say(`desk.gates.way.${way}`)),
          )),
      ),
    place,
    !wanted && h("div.keys", {}, keyed(say("desk.people.remove"), remove, { kind: "quiet" })),
  );
  return {
    node,
    kind: gate.gate,
    value: () => {
      const said = form.value();
      return isEmpty(said) ? null : said;
    },
  };
}

/** A paper alone, as the card of what all items share has it. */
export function paperForm(gate) {
  const form = paper(gate);
  return {
    node: h("fieldset.gate", {}, h("legend", {}, say(`gate.${gate.gate}`)), form.fields),
    value: form.value,
  };
}

const FORMS = { paper, record, here };

function paper({ gate, digest = "", voucher = "" }) {
  const file = digestOf(say("desk.gates.paper"), digest);
  const by = line(voucher);
  return {
    fields: [h("div.row", {}, file.node, field(say("desk.gates.voucher"), by)), file.seen],
    value: () => ({ gate, digest: file.value(), voucher: by.value.trim() }),
  };
}

function record(had) {
  const { gate } = had;
  const file = digestOf(say("desk.gates.record"), had.record ?? "", say("desk.gates.record.hint"));
  const inputs = { item: line(had.item), date: line(had.date), voucher: line(had.voucher) };
  const override = gate === "concentrated" || had.override ? line(had.override) : null;
  return {
    fields: [
      file.node,
      file.seen,
      h(
        "div.row",
        {},
        field(say("desk.gates.item"), inputs.item, say("desk.gates.item.hint")),
        field(say("desk.gates.date"), inputs.date, say("desk.draft.hint.date")),
        field(say("desk.gates.voucher"), inputs.voucher),
      ),
      override && field(say("desk.gates.override"), override, say("desk.gates.override.hint")),
    ],
    value: () => said({ gate, record: file.value(), ...trimmed(inputs) }, override),
  };
}

/** An item of this meeting, which is voted on before. */
function here(had, before) {
  const { gate } = had;
  const which = h(
    "select",
    {},
    h("option", { value: "" }, say("desk.gates.here.choose")),
    before.map(([id, title]) => h("option", { value: id }, `${id} ${title}`)),
  );
  if (had.item && !before.some(([id]) => id === had.item)) {
    which.append(h("option", { value: had.item }, had.item));
  }
  which.value = had.item ?? "";
  const by = line(had.voucher);
  const override = gate === "concentrated" || had.override ? line(had.override) : null;
  const date = had.date ? { date: had.date } : {};
  return {
    fields: [
      h(
        "div.row",
        {},
        field(say("desk.gates.here"), which),
        field(say("desk.gates.voucher"), by),
      ),
      override && field(say("desk.gates.override"), override, say("desk.gates.override.hint")),
    ],
    value: () =>
      which.value
        ? said({ gate, item: which.value, ...date, voucher: by.value.trim() }, override)
        : { gate },
  };
}

function unknown(gate, remove) {
  return h(
    "fieldset.gate",
    {},
    h("legend", {}, gate.gate ?? ""),
    h("p.hint", {}, say("desk.gates.unknown")),
    h("div.keys", {}, keyed(say("desk.people.remove"), remove, { kind: "quiet" })),
  );
}

/** A file of which only the SHA-256 is kept, computed here. */
function digestOf(label, digest, hint = null) {
  let held = digest;
  const seen = h("p.hint", {}, held ? code(held.slice(0, 16)) : say("desk.gates.none"));
  const file = picker(label, hint);
  file.input.addEventListener("change", async () => {
    const [chosen] = file.input.files;
    if (!chosen) return;
    held = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer())));
    seen.replaceChildren(code(held.slice(0, 16)));
  });
  return { node: file.node, seen, value: () => held };
}

function line(value = "") {
  return h("input", { value, autocomplete: "off", maxlength: "100" });
}

function trimmed(inputs) {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, input]) => [key, input.value.trim()]),
  );
}

function said(gate, override) {
  const reason = override?.value.trim();
  return reason ? { ...gate, override: reason } : gate;
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
