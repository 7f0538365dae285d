// Which engine does a trustee's work: the program on this device, or this very page.

import { LoopbackEngine } from "./loopback.js";

/**
 * The engine for where this page comes from.
 * @param {{mode: string}} about what `/device/about` says
 */
export function engineFor(about) {
  if (about.mode === "installed") return new LoopbackEngine();
  return null;
}
