// What a page says before a signature, for a test to compare with the device's own words:
// {words, meeting, lang, standings, evaluations} as JSON on stdin, the lines as JSON on stdout.

import { readFileSync } from "node:fs";

import { toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import { meetingLines } from "../../kiosk/web/src/meeting/wording.js";
import { askedLines, countedLines } from "../../kiosk/web/src/meeting/wording_contests.js";
import { loadWords, say } from "../../kiosk/web/src/common/words.js";

const given = JSON.parse(readFileSync(0, "utf8"));
globalThis.document = { documentElement: {} };
globalThis.fetch = async () => ({ ok: true, json: async () => given.words });
await loadWords(given.lang);

const meeting = decodeMeeting(toBytes(given.meeting));
const text = (lines) => lines.map(({ word, params }) => say(word, params));
process.stdout.write(
  JSON.stringify({
    frozen: text(meetingLines(meeting, given.lang)),
    asked: given.standings.map(([item, who]) => text(askedLines(meeting, item, who))),
    counted: given.evaluations.map(([item, evaluation]) =>
      text(countedLines(meeting, item, evaluation, given.lang))),
  }),
);
