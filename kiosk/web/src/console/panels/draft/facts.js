// Title, body, date and the meeting's own numbers, as fields.

import { h } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { card, field, keyed } from "../../parts.js";

const FIELDS = [
  ["title", "text"],
  ["body", "text"],
  ["number", "text"],
  ["date", "text"],
  ["secrecy", "text"],
  ["retention", "text"],
  ["floor", "number"],
  ["spoil-quota", "number"],
  ["slots", "number"],
];
const CHOICES = {
  language: ["zh", "en"],
  pages: ["installed", "server"],
  tickets: ["apart", "server"],
};
const DEFAULTS = {
  floor: 5,
  "spoil-quota": 1,
  slots: 32,
  language: "zh",
  pages: "installed",
  tickets: "apart",
};
const NEEDED = new Set(["title", "body", "date"]);

/** The tab *facts*. */
export function facts(work) {
  const had = work.draft.tables.meeting ?? {};
  const inputs = new Map();
  for (const [name, type] of FIELDS) {
    const value = String(had[name] ?? DEFAULTS[name] ?? "");
    inputs.set(
      name,
      h("input", {
        type,
        value,
        autocomplete: "off",
        required: NEEDED.has(name),
        min: type === "number" ? "0" : null,
      }),
    );
  }
  for (const [name, values] of Object.entries(CHOICES)) {
    const select = h(
      "select",
      {},
      values.map((value) => h("option", { value }, say(`desk.draft.${name}.${value}`))),
    );
    select.value = had[name] ?? DEFAULTS[name];
    inputs.set(name, select);
  }
  return card(
    null,
    h(
      "div.fields",
      {},
      [...inputs].map(([name, input]) => field(say(`desk.draft.field.${name}`), input, hint(name))),
    ),
    h(
      "div.keys",
      {},
      keyed(
        say("desk.draft.save"),
        (e) => work.ctx.run(e, () => work.part("meeting", valuesOf(had, inputs))),
        { kind: "primary" },
      ),
    ),
  );
}

function hint(name) {
  return ["date", "floor", "spoil-quota", "slots", "pages", "tickets"].includes(name)
    ? say(`desk.draft.hint.${name}`)
    : null;
}

/**
 * A date as people write it (2026年11月2日, 2026.11.2, 2026/11/2) as the draft wants it; what is none
 * stays as it was typed, and is told as a fault.
 */
export function isoDate(text) {
  const parts = /^(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?$/.exec(text.trim());
  return parts ? [parts[1], ...parts.slice(2).map((one) => one.padStart(2, "0"))].join("-") : text.trim();
}

/** What was typed; what is empty or as it would be anyway, and was not written, stays out. */
function valuesOf(had, inputs) {
  const value = {};
  for (const [name, input] of inputs) {
    const text = name === "date" ? isoDate(input.value) : input.value.trim();
    const typed = input.type === "number" ? Number(text) : text;
    const idle = typed === "" || typed === DEFAULTS[name];
    if (NEEDED.has(name) || !idle || name in had) value[name] = typed;
  }
  return value;
}
