// Builds the pages into dist/: one script and one style sheet per page, one script per Worker,
// the same few lines of HTML for all, and manifest.json with the SHA-256 of every file.
//
// A build that fails leaves the old files. `node build.mjs hall observer` builds these pages alone.
//
// Nothing is minified: who audits a kiosk reads what it runs. The digest of the manifest is the
// *build* that pages show, so that scrutineers can compare two tablets.

import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const built = join(here, "dist");
const wanted = process.argv.slice(2);

/** Files of a folder whose names end so, as paths. */
function files(folder, ending) {
  const path = join(source, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).filter((name) => name.endsWith(ending)).map((name) => join(path, name));
}

/** The pages asked for, by what their file is called. */
function pages(ending) {
  const all = files("pages", ending);
  return wanted.length ? all.filter((path) => wanted.includes(basename(path, ending))) : all;
}

const workers = ["kiosk", "tally"].flatMap((folder) => files(folder, ".worker.js"));

const target = mkdtempSync(join(here, "dist-"));
process.on("exit", () => rmSync(target, { recursive: true, force: true }));
if (wanted.length && existsSync(built)) cpSync(built, target, { recursive: true });
await build({
  entryPoints: [...pages(".js"), ...workers],
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
  entryPoints: pages(".css"),
  outdir: target,
  bundle: true,
  target: "chrome93",
  charset: "utf8",
  external: ["/fonts/*"],
  logLevel: "warning",
});
const shell = readFileSync(join(source, "pages", "page.html"), "utf8");
for (const name of pages(".js").map((path) => basename(path, ".js"))) {
  writeFileSync(join(target, `${name}.html`), shell.replaceAll("{page}", name));
}

const digests = {};
rmSync(join(target, "stamp"), { force: true });
rmSync(join(target, "manifest.json"), { force: true });
for (const name of readdirSync(target).sort()) {
  digests[name] = createHash("sha256").update(readFileSync(join(target, name))).digest("hex");
}
writeFileSync(join(target, "manifest.json"), JSON.stringify(digests, null, 1) + "\n");
rmSync(built, { recursive: true, force: true });
renameSync(target, built);
