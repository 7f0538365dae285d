// The one Trusted Types policy of every page, `piaojue`: it makes a Worker's address and nothing
// else, so no text that a page got from anywhere can become code (`require-trusted-types-for
// 'script'; trusted-types piaojue`). The policy is made once; a second one would be refused.

const WORKERS = new Set(["sealer.worker.js", "trustee.worker.js"]);
let policy = null;

/**
 * Start one of our own Workers.
 * @param {string} name a file under /assets/
 * @returns {Worker} TypeError: not one of ours
 */
export function startWorker(name) {
  return new Worker(workerAddress(name), { type: "module" });
}

/**
 * The address of one of our own Workers.
 * @param {string} name
 * @returns {string | TrustedScriptURL}
 */
export function workerAddress(name) {
  if (!globalThis.trustedTypes) return checkedAddress(name);
  policy ??= globalThis.trustedTypes.createPolicy("piaojue", { createScriptURL: checkedAddress });
  return policy.createScriptURL(name);
}

function checkedAddress(name) {
  if (!WORKERS.has(name)) throw new TypeError("not a Worker of ours");
  return `/assets/${name}`;
}
