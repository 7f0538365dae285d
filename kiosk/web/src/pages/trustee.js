// A trustee's page: ceremony, rehearsal, accepting the meeting, opening boxes, destroying a share.

import { get, patiently } from "../common/api.js";
import { begin } from "../common/frame.js";
import { App } from "../trustee/app.js";
import { engineFor } from "../trustee/engines.js";

const app = new App(engineFor(await patiently(() => get("/device/about"))));
await begin(() => app.draw());
