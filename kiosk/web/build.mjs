// Builds the pages into dist/: one script and one style sheet per page, one script per Worker,
// the HTML as it is, and manifest.json with the SHA-256 of every file.
//
// Nothing is minified: who audits a kiosk reads what it runs. The digest of the manifest is the
// *build* that pages show, so that scrutineers can compare two tablets.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "dist");

/** Files of a folder whose names end so, as paths. */
function files(folder, ending) {
  const path = join(source, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).filter((name) => name.endsWith(ending)).map((name) => join(path, name));
}

const pages = files("pages", ".js");
const workers = ["kiosk", "tally"].flatMap((folder) => files(folder, ".worker.js"));

rmSync(target, { recursive: true, force: true });
await build({
  entryPoints: [...pages, ...workers],
  outdir: target,
  entryNames: "[name]",
  bundle: true,
  format: "esm",
  target: "chrome93",
  charset: "utf8",
  legalComments: "linked",
  logLevel: "warning",
});
await build({
  entryPoints: files("pages", ".css"),
  outdir: target,
  bundle: true,
  target: "chrome93",
  charset: "utf8",
  external: ["/fonts/*"],
  logLevel: "warning",
});
for (const path of files("pages", ".html")) {
  writeFileSync(join(target, path.slice(join(source, "pages").length + 1)), readFileSync(path));
}

const digests = {};
for (const name of readdirSync(target).sort()) {
  digests[name] = createHash("sha256").update(readFileSync(join(target, name))).digest("hex");
}
writeFileSync(join(target, "manifest.json"), JSON.stringify(digests, null, 1) + "\n");
