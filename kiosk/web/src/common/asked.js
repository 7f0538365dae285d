// What an item asks beside its question, in words for screens: names and seats, a roster, a grid.
//
// A contest arrives as GET /api/hall and GET /api/overview have it (docs/spec/api.md, section 6);
// `frozenContest` makes the same of an item of `meeting.json`. A line is {word, params}.

const OUTSIDE = "others:";

/** What an item is called: its candidate, the post of a contest, or what is asked. */
export function titleOf({ candidate, proposed, question, contest = null }) {
  return candidate || (contest && proposed) || question;
}

/**
 * @param {object|null} contest
 * @returns {{word: string, params: object}[]} nothing for an item of one mark
 */
export function askedWords(contest) {
  if (!contest) return [];
  if (contest.type === "grid") {
    const { subjects, aspects } = contest;
    const cells = subjects.length * aspects.length;
    return [
      line("asked.grid", { number: subjects.length, aspects: aspects.length, cells }),
      line("asked.who", { names: subjects }),
    ];
  }
  if (contest.type === "roster") {
    const { title, people, seats } = contest;
    return [line("asked.roster", { title, people, seats })];
  }
  const { names, seats, why } = contest;
  const params = { seats, number: names.length };
  return [
    line(`asked.names.${why}`, params),
    line("asked.who", { names: names.map((one) => one.name) }),
    ...(contest.outside ? [line("asked.outside")] : []),
  ];
}

/** The contest of an item of `meeting.json` (as JSON) as the first round asks it; null for none. */
export function frozenContest(meeting, { contest }) {
  if (!contest) return null;
  if (contest.type === "grid") {
    const subjects = contest.subjects.map((one) => one.name);
    return { type: "grid", subjects, aspects: contest.aspects.map((one) => one.title) };
  }
  if (contest.type === "roster") {
    const { title, names } = rosterOf(meeting, contest.roster);
    return { type: "roster", seats: contest.seats, title, people: names.length };
  }
  const names = contest.names.map(({ name, current }) => ({ name, current }));
  const outside = contest.write_in !== null;
  return { type: "names", seats: contest.seats, names, why: "first", outside };
}

/**
 * What the ids of an item's results are called: names, names of a roster, cells of a grid.
 * @param {object} meeting as JSON
 * @param {object} item of it
 * @param {string} id
 */
export function calledIn(meeting, { contest }, id) {
  if (contest?.type === "grid") {
    const [of, about] = id.split(".");
    const subject = contest.subjects.find((one) => one.id === of);
    const aspect = contest.aspects.find((one) => one.id === about);
    return subject && aspect ? `${subject.name} · ${aspect.title}` : id;
  }
  const own = contest?.names?.find((one) => one.id === id);
  if (own) return own.name;
  const given = id.startsWith(OUTSIDE) ? id.slice(OUTSIDE.length) : id;
  const roster = rosterOf(meeting, contest?.roster ?? contest?.write_in?.roster);
  const listed = /^[0-9]+$/.test(given) ? roster?.names[Number(given) - 1] : undefined;
  if (!listed) return given;
  return listed.key ? `${listed.name}(${listed.key})` : listed.name;
}

/** Hundredths of a percent as people read them. */
export function percent(hundredths) {
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}%`;
}

function rosterOf(meeting, id) {
  return (meeting.rosters ?? []).find((one) => one.id === id);
}

function line(word, params = {}) {
  return { word, params };
}
