// Building pages without a framework: elements from functions, text always as text.

/**
 * Make an element.
 * @param {string} tag such as `"button"`; with classes `"p.note"`, `"div.card.wide"`
 * @param {Object<string, unknown>} props `on…` functions become listeners; true sets, false, null
 *   and undefined leave out an attribute; everything else becomes one (`value` a property)
 * @param {...(Node|string|number|null|undefined|false|Array)} children text is never parsed
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) set(element, key, value);
  element.append(...nodes(children));
  return element;
}

/** Put these children in the place of whatever an element holds. */
export function show(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/** The one element that a selector names. */
export function $(selector, within = document) {
  return within.querySelector(selector);
}

/** Tell people who use a screen reader; `urgent` interrupts what is being read. */
export function announce(text, { urgent = false } = {}) {
  const region = document.getElementById(urgent ? "alert" : "status");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}

/** The two live regions that `announce` speaks through; each page has them once. */
export function liveRegions() {
  return [
    h("div.unseen", { id: "status", role: "status", "aria-live": "polite" }),
    h("div.unseen", { id: "alert", role: "alert", "aria-live": "assertive" }),
  ];
}

function set(element, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "value") element.value = value;
  else element.setAttribute(key, value === true ? "" : String(value));
}

function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}
