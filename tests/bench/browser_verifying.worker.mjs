// Verifies a box in a Worker, as a trustee's page does; see browser_sealing.py.

import { verifying } from "./browser_sealing.mjs";

self.addEventListener("message", ({ data: [items, number] }) => {
  self.postMessage(verifying(items, number));
});
