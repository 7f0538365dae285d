// The pieces that every panel is built of: regions, facts, keys with a reason, fields.

import { h, show } from "../common/dom.js";
import { lang, say, sayWord } from "../common/words.js";

/**
 * A part of the page that follows the view: drawn again only when its own data is another, and
 * never under the cursor of somebody who types in it.
 * @param {string} tag as for `h`
 * @param {(view: object) => unknown} select what it shows, as JSON
 * @param {(data: any, view: object) => unknown} draw its children
 * @returns {{node: HTMLElement, update: (view: object) => void}}
 */
export function region(tag, select, draw, props = {}) {
  const node = h(tag, props);
  let shown;
  return {
    node,
    update(view) {
      const data = select(view);
      const text = lang() + JSON.stringify(data);
      if (text === shown || typing(node)) return;
      shown = text;
      keepFocus(node, () => show(node, draw(data, view)));
    },
  };
}

/** Several parts as one panel. */
export function panel(...parts) {
  const regions = parts.filter((part) => typeof part?.update === "function");
  const node = h(
    "div.panel",
    {},
    parts.map((part) => part?.node ?? part),
  );
  return { node, update: (view) => regions.forEach((part) => part.update(view)) };
}

/** A titled surface. */
export function card(title, ...children) {
  return h("section.card", {}, title && h("h3", {}, title), children);
}

/**
 * Numbers, each with its name: 应到 12, 实到 10.
 * @param {[string, string|number, string?][]} facts name, value, class ("good", "bad")
 */
export function facts(entries) {
  return h(
    "dl.facts",
    {},
    entries
      .filter(Boolean)
      .map(([name, value, kind]) =>
        h(kind ? `div.fact.${kind}` : "div.fact", {}, h("dt", {}, name), h("dd", {}, value)),
      ),
  );
}

/** A note of one or more lines: `"good"`, `"wait"`, `"bad"` or plain. */
export function note(kind, ...children) {
  return h(
    kind ? `div.note.${kind}` : "div.note",
    {},
    children.map((one) => (one instanceof Node ? one : h("p", {}, one))),
  );
}

/** Sayings of the server as a list; nothing when there are none. */
export function sayings(list, tag = "ul.missing") {
  if (!list || list.length === 0) return null;
  return h(
    tag,
    {},
    list.map((one) => h("li", {}, sayWord(one))),
  );
}

let counter = 0;

/**
 * A key; with a reason it cannot be pressed, and the reason stands beside it.
 * @param {string} label
 * @param {(event: Event) => void} onclick
 * @param {{kind?: string, reason?: string|null, key?: string}} options key: keeps the focus when
 *   the region around is drawn again
 */
export function keyed(label, onclick, { kind = "", reason = null, key = label } = {}) {
  const id = `reason-${(counter += 1)}`;
  const button = h(
    kind ? `button.${kind}` : "button",
    {
      type: "button",
      onclick,
      disabled: reason !== null,
      "data-key": key,
      "aria-describedby": reason === null ? null : id,
    },
    label,
  );
  if (reason === null) return button;
  return h("div.barred", {}, button, h("p.hint", { id }, reason));
}

/**
 * A labelled field.
 * @param {string} label
 * @param {HTMLElement} input
 * @param {string|null} hint
 */
export function field(label, input, hint = null) {
  const id = input.id || `field-${(counter += 1)}`;
  input.id = id;
  const about = hint === null ? null : h("p.hint", { id: `${id}-hint` }, hint);
  if (about) input.setAttribute("aria-describedby", about.id);
  return h("div.field", {}, h("label", { for: id }, label), about, input);
}

/**
 * A file to be chosen, by a key of our own: a browser's says it in the browser's language.
 * @returns {{node: HTMLElement, input: HTMLInputElement, clear: () => void}}
 */
export function picker(label, hint = null, accept = null) {
  const id = `field-${(counter += 1)}`;
  const name = h("span.hint", { "aria-live": "polite" }, say("desk.file.none"));
  const input = h("input.unseen", { type: "file", id, accept });
  const told = () => (name.textContent = input.files[0]?.name ?? say("desk.file.none"));
  input.addEventListener("change", told);
  return {
    input,
    node: h(
      "div.field.picker",
      {},
      h("p", { id: `${id}-what` }, h("b", {}, label), hint && h("span.hint", {}, " ", hint)),
      input,
      h("label.key", { for: id }, say("desk.file.choose"), h("span.unseen", {}, label)),
      " ",
      name,
    ),
    clear() {
      input.value = "";
      told();
    },
  };
}

/** A choice among few: radio keys in a row. */
export function choice(name, legend, options, chosen) {
  return h(
    "fieldset.choice",
    {},
    h("legend", {}, legend),
    options.map(([value, label, hint]) =>
      h(
        "label.option",
        {},
        h("input", { type: "radio", name, value, checked: value === chosen }),
        h("span", {}, label, hint && h("span.hint", {}, hint)),
      ),
    ),
  );
}

/** What of a named group of radio keys is chosen. */
export function chosen(node, name) {
  return node.querySelector(`input[name="${name}"]:checked`)?.value ?? null;
}

/** Offer bytes as a file to keep; the address is dropped at once. */
export function download(bytes, name, type) {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A fingerprint or code, for reading aloud. */
export function code(text) {
  return h("span.code", { translate: "no" }, text);
}

/** The name of a role. */
export function roleName(role) {
  if (role === "member") return say("desk.role.member");
  if (role === "trustee") return say("desk.role.trustee");
  if (role === "kiosk") return say("desk.role.kiosk");
  return say(`role.${role}`);
}

/** An officer as people know him: role and name. */
export function officerName(view, id) {
  const one = view.overview.officers.find((officer) => officer.id === id);
  return one ? say("desk.officer", { role: roleName(one.role), name: one.name }) : id;
}

function nameOf(details) {
  return details.dataset.name ?? details.querySelector("summary")?.textContent;
}

function typing(node) {
  const at = document.activeElement;
  if (!at || !node.contains(at)) return false;
  return at.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
}

/** Draw again, with the focus where it was and open what was open. */
function keepFocus(node, draw) {
  const at = document.activeElement;
  const key = at && node.contains(at) ? at.dataset.key : null;
  const opened = new Map(
    [...node.querySelectorAll("details")].map((one) => [nameOf(one), one.open]),
  );
  draw();
  for (const one of node.querySelectorAll("details")) {
    if (opened.has(nameOf(one))) one.open = opened.get(nameOf(one));
  }
  if (!key) return;
  const again = [...node.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  again?.focus();
}
