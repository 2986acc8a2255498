// Where the time of the slowest actions goes: `cargo xtask bench --profile` calls this.
//
//   node benches/profile.mjs --dist <the app, built with the names of its functions>
//
// Each action is done some times with the browser's record of stages (style, layout, painting), and some times with
// its profiler, whose samples are told by the app's rooms and by functions.

import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "../tests/browser/harness/browsers.mjs";
import { noSharedData } from "../tests/browser/harness/facts.mjs";
import { serve } from "../tests/browser/harness/server.mjs";
import { ALL_SUBTECHNIQUES, ANOTHER_LAYOUT, timed } from "./menus.mjs";
import { enterpriseText, openApp, opened } from "./opening.mjs";
import { combined, compared, openTen, workbook } from "./planning.mjs";

const TIMES = 5;
const MOST_FUNCTIONS = 12;
const INTERVAL = 100;

// What the browser calls its stages, and what they are called here.
const STAGES = {
  UpdateLayoutTree: "style",
  Layout: "layout",
  PrePaint: "painting",
  Paint: "painting",
  Layerize: "painting",
  Commit: "painting",
  MinorGC: "collecting garbage",
  MajorGC: "collecting garbage",
  ParseHTML: "parsing",
};

const ACTIONS = [
  ["compare two of ten layers", compared],
  ["a workbook of ten layers", workbook],
  ["combine ten layers into a new one", combined],
  ["another layout", (tab) => timed(tab, ANOTHER_LAYOUT)],
  ["show all sub-techniques", (tab) => timed(tab, ALL_SUBTECHNIQUES)],
];

const { values } = parseArgs({ options: { dist: { type: "string" } } });
if (noSharedData) throw new Error(`the official Enterprise bundle is not here: ${noSharedData}`);
const file = join(tmpdir(), `enterprise-${randomUUID()}.json`);
await writeFile(file, enterpriseText());
const browser = await launch();
const server = await serve(values.dist);
try {
  const { context, tab } = await openApp(browser, server);
  await opened(tab, file);
  await openTen(tab);
  const session = await context.newCDPSession(tab);
  for (const [what, act] of ACTIONS) process.stdout.write(told(what, await staged(tab, act), await sampled(tab, session, act)));
} finally {
  await Promise.all([browser.close(), server.close(), rm(file, { force: true })]);
}

// How long the action took, and each of the browser's stages in it, in milliseconds of the median run.
async function staged(tab, act) {
  const runs = [];
  await act(tab);
  for (let run = 0; run < TIMES; run += 1) {
    await browser.startTracing(tab, { categories: ["devtools.timeline", "blink.user_timing", "v8"] });
    const taken = await act(tab);
    const { traceEvents } = JSON.parse(await browser.stopTracing());
    const at = (name) => traceEvents.findLast((event) => event.name === name);
    const [from, to] = [at("measured-from"), at("measured-to")];
    const within = traceEvents.filter(({ ph, ts, tid, pid }) => ph === "X" && pid === from.pid && tid === from.tid && ts >= from.ts && ts < to.ts);
    const stages = new Map();
    for (const { name, dur } of within) {
      if (STAGES[name]) stages.set(STAGES[name], (stages.get(STAGES[name]) ?? 0) + dur / 1000);
    }
    runs.push({ taken, stages });
  }
  return runs.sort((a, b) => a.taken - b.taken)[TIMES >> 1];
}

// Milliseconds by function, of all runs, divided by their number; without what the browser waited.
async function sampled(tab, session, act) {
  const functions = new Map();
  const note = ({ profile }) => {
    const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, named(callFrame)]));
    profile.samples.forEach((id, at) => {
      const name = names.get(id);
      if (name) functions.set(name, (functions.get(name) ?? 0) + (profile.timeDeltas[at + 1] ?? 0) / 1000 / TIMES);
    });
  };
  session.on("Profiler.consoleProfileFinished", note);
  await session.send("Profiler.enable");
  await session.send("Profiler.setSamplingInterval", { interval: INTERVAL });
  await tab.evaluate(() => (window.__measure.profiled = true));
  for (let run = 0; run < TIMES; run += 1) await act(tab);
  await tab.evaluate(() => (window.__measure.profiled = false));
  await session.send("Profiler.disable");
  session.off("Profiler.consoleProfileFinished", note);
  return functions;
}

// A function as its source calls it: without hashes and without what it was made for.
function named({ functionName, url }) {
  if (functionName === "(idle)") return null;
  const bare = functionName.replace(/::h[0-9a-f]{16}$/, "").replace(/^__wbg_(.+?)_[0-9a-f]{16}.*$/, "browser: $1");
  return bare || `(script ${url.split("/").at(-1)})`;
}

// Which of the app's rooms a function belongs to.
function room(name) {
  const own = name.match(/bulkhead::((?:app::)?\w+)/);
  if (own) return own[1];
  if (name.startsWith("browser: ") || name.startsWith("(")) return "browser";
  const library = name.match(/^<?&?(?:mut )?(\w+)(?:\[\w+\])?::/);
  return library ? `library ${library[1]}` : "other";
}

function told(what, { taken, stages }, functions) {
  const most = (map) => [...map].sort(([, a], [, b]) => b - a);
  const rooms = new Map();
  for (const [name, time] of functions) rooms.set(room(name), (rooms.get(room(name)) ?? 0) + time);
  const line = ([name, time]) => `  ${time.toFixed(1).padStart(6)} ms  ${name}`;
  return [
    `${what}: ${taken?.toFixed(0)} ms`,
    " stages of the browser",
    ...most(stages).map(line),
    " rooms",
    ...most(rooms).filter(([, time]) => time >= 0.5).map(line),
    " functions by themselves",
    ...most(functions).slice(0, MOST_FUNCTIONS).map(line),
    "",
    "",
  ].join("\n");
}
