// Which engine does a trustee's work: the program on this device, or this very page.

import { LoopbackEngine } from "./loopback.js";
import { pageEngine } from "./page_engine.js";

/**
 * The engine for where this page comes from.
 * @param {{mode: string}} about what `/device/about` says
 */
export function engineFor(about) {
  return about.mode === "installed" ? new LoopbackEngine() : pageEngine();
}
