// The figures themselves: what is done to the app to get each, and the limit it must keep. Each function returns rows
// { what, value, unit, limit, basis } or { what, missing } when the app cannot be measured in that way (yet), and never
// lets one figure's failure hide the others.

import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../tests/browser/harness/browsers.mjs";
import { noSharedData } from "../tests/browser/harness/facts.mjs";
import { untilTheMatrix } from "../tests/browser/harness/first-visit.mjs";
import { serve } from "../tests/browser/harness/server.mjs";
import { afterManyEdits, memory } from "./memory.mjs";
import { ALL_SUBTECHNIQUES, ANOTHER_LAYOUT, timed } from "./menus.mjs";
import { ENTERPRISE_CELLS, PATIENCE, READY, enterpriseText, open, openApp, opened } from "./opening.mjs";
import { plainly } from "./plain.mjs";
import { planning } from "./planning.mjs";

const RUNS = 9;
const EDITS = 7;
const OPENED = "Enterprise: file chosen → matrix painted";
const OPENINGS = 5;

export async function firstVisit({ dist, empty }) {
  const rows = [];
  const browser = await launch();
  const [app, page] = [await serve(dist), await serve(empty)];
  try {
    const bytes = [];
    const starts = { app: [], empty: [] };
    const visit = async (server, measure) => {
      const before = server.requests.length;
      // What keeps the app for use without a network comes after the first visit, and by requests that the page doesn't list.
      const context = await browser.newContext({ serviceWorkers: "block" });
      const tab = await context.newPage();
      await tab.goto(server.url);
      const result = await measure(tab, () => server.requests.slice(before));
      await context.close();
      return result;
    };
    const startOfApp = async (tab, requests) => {
      await tab.waitForSelector(READY, { state: "attached" });
      const { painted, needed } = await untilTheMatrix(tab, requests);
      return { weight: needed.reduce((sum, request) => sum + request.bytes, 0), start: painted };
    };
    const startOfEmpty = async (tab) => {
      await tab.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
      return tab.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    };
    // The first visit of each warms the browser up and is not counted.
    for (let run = 0; run <= RUNS; run += 1) {
      const { weight, start } = await visit(app, startOfApp);
      const least = await visit(page, startOfEmpty);
      if (run === 0) continue;
      bytes.push(weight);
      starts.app.push(start);
      starts.empty.push(least);
    }
    rows.push({ what: "first visit: bytes over the wire", value: median(bytes) / 1000, unit: "kB", limit: 350 });
    const least = median(starts.empty);
    rows.push(
      starts.app.includes(null)
        ? { what: "cold start: container matrix painted", missing: 'the app sets no mark "matrix-painted"' }
        : {
            what: "cold start: container matrix painted",
            value: median(starts.app),
            unit: "ms",
            limit: 1.5 * least + 150,
            basis: `1.5 × the empty page's ${least.toFixed(0)} ms + 150 ms`,
          },
    );
  } catch (error) {
    rows.push(failed("first visit and cold start", error));
  }
  await Promise.all([browser.close(), app.close(), page.close()]);
  return rows;
}

export async function work({ dist }) {
  const rows = [];
  const browser = await launch();
  const server = await serve(dist);
  const file = join(tmpdir(), `enterprise-${randomUUID()}.json`);
  const inApp = async (what, measure) => {
    const { context, tab } = await openApp(browser, server);
    try {
      return await measure(tab, context);
    } catch (error) {
      rows.push(failed(what, error));
    } finally {
      await context.close();
    }
  };
  const container = await inApp("edits of the container matrix", (tab) => edits(tab, "container matrix", rows));
  await inApp("memory after a thousand edits", (tab, context) => afterManyEdits(tab, context, rows));
  if (noSharedData) {
    rows.push({ what: "official Enterprise bundle", missing: `its file is not here: ${noSharedData}` });
  } else {
    const text = enterpriseText();
    await writeFile(file, text);
    const address = server.put("measured/enterprise.json", text);
    const openings = [];
    for (let run = 0; run < OPENINGS; run += 1) {
      openings.push(await inApp("opening the official Enterprise bundle", (tab) => enterprise(tab, file, address)));
      if (!openings.at(-1) || openings.at(-1).missing) break;
    }
    if (openings.every((opening) => opening && !opening.missing)) {
      summarize(openings, rows);
      await inApp("memory", async (tab, context) => {
        await opened(tab, file);
        await memory(tab, context, rows);
      });
      await inApp("the same cells made by a plain script", async (tab) => {
        await opened(tab, file);
        await plainly(tab, rows);
      });
      const large = await inApp("edits of the Enterprise matrix", async (tab) => {
        await opened(tab, file);
        return edits(tab, "Enterprise matrix", rows);
      });
      await inApp("planning on the Enterprise matrix", async (tab) => {
        await opened(tab, file);
        await planning(tab, rows);
      });
      if (container && large) growth(container, large, rows);
    } else {
      rows.push({ what: OPENED, missing: openings.at(-1)?.missing ?? "see above" });
    }
  }
  await Promise.all([browser.close(), server.close(), rm(file, { force: true })]);
  return rows;
}

// Opens the bundle once; its times, or why there are none.
async function enterprise(tab, file, address) {
  const parse = await tab.evaluate((from) => window.__measure.parse(from, 5), address);
  const total = await open(tab, file);
  if (total === null) {
    const cells = await tab.evaluate(() => window.__measure.cells());
    return { missing: `${PATIENCE / 1000} s after the file was chosen there were ${cells} cells, and not ${ENTERPRISE_CELLS}` };
  }
  const [from, read, painted] = await tab.evaluate(() => {
    const { mark, end } = window.__measure;
    return [mark("bundle-bytes"), mark("bundle-read"), end];
  });
  const between = (start, end) => (start === null || end === null ? null : end - start);
  return {
    parse,
    total,
    reading: between(from, read),
    painting: between(read, painted),
    block: await tab.evaluate(() => window.__measure.longestTask()),
  };
}

function summarize(openings, rows) {
  const of = (key) => (openings.some((opening) => opening[key] === null) ? null : median(openings.map((opening) => opening[key])));
  const parse = of("parse");
  const row = (what, key, limit, basis) => {
    const value = of(key);
    const missing = 'the app sets no marks "bundle-bytes" (in memory) and "bundle-read" (knowledge)';
    rows.push(value === null ? { what, missing } : { what, value, unit: "ms", limit, basis });
  };
  row(OPENED, "total", undefined, `no limit; JSON.parse alone: ${parse.toFixed(0)} ms`);
  row("Enterprise: bytes → knowledge", "reading", parse, "JSON.parse of the same text");
  row("Enterprise: knowledge → matrix painted", "painting", 300);
  row("Enterprise: longest block of the main thread", "block", 50, "0 where the browser saw none above 50 ms");
}

// How long edits take on one cell and on all; the medians, for growth.
async function edits(tab, where, rows) {
  const cells = await tab.evaluate(() => window.__measure.cells());
  const result = { cells };
  // Until the cells in sight have changed, and until all have: medians, or null where too few did.
  const key = async (name, attribute, least, before) => {
    const [taken, all] = [[], []];
    for (let run = 0; run < EDITS; run += 1) {
      // Digits typed in one go may make one number: wait until the last one has settled.
      await tab.waitForTimeout(1200);
      await before?.();
      // An idle browser draws the next frame at once; a busy one, only when the screen is due (every 16.7 ms).
      await tab.waitForTimeout(200);
      await tab.evaluate(([what, count]) => window.__measure.arm("keydown", what, count), [attribute, least]);
      await tab.keyboard.press(typeof name === "function" ? name(run) : name);
      const [seen, whole] = await tab.evaluate(() => Promise.all([window.__measure.wait(), window.__measure.waitForAll()]));
      taken.push(seen);
      all.push(whole);
    }
    const known = !taken.includes(null) && !all.includes(null);
    return known ? { seen: median(taken), whole: median(all) } : { seen: null, whole: null };
  };
  const row = (what, value, limit, doing) =>
    rows.push(value === null ? { what, missing: `${doing} changed too few cells within 2 s` } : { what, value, unit: "ms", limit });

  const digit = (run) => String((run % 8) + 1);
  const chooseOne = async () => {
    await tab.keyboard.press("Escape");
    await tab.locator("[role=gridcell][data-technique]:visible").first().click({ position: { x: 12, y: 12 }, timeout: 5000 });
  };
  await chooseOne();
  const one = await key(digit, "data-score", 1);
  row(`${where}: a score on one cell`, one.seen, 16, "a digit");
  const selected = await key("Control+a", "aria-selected", Math.floor(cells * 0.95), chooseOne);
  result.selectAll = selected.seen;
  row(`${where}: select all ${cells} cells`, result.selectAll, 50, "Ctrl+A");
  const scored = await key(digit, "data-score", Math.floor(cells * 0.95), () => tab.keyboard.press("Control+a"));
  result.scoreAll = scored.seen;
  row(`${where}: a score on all ${cells} cells`, result.scoreAll, 50, "a digit after Ctrl+A");
  result.undo = result.scoreAll === null ? null : (await key("Control+z", "data-score", Math.floor(cells * 0.95))).seen;
  row(`${where}: undo it`, result.undo, 50, "Ctrl+Z");
  for (const [{ whole }, what] of [[selected, "selected"], [scored, "scored, out of sight too"]]) {
    const named = { what: `${where}: all ${cells} cells ${what}` };
    rows.push(whole === null ? { ...named, missing: "too few cells changed within 2 s" } : { ...named, value: whole, unit: "ms", basis: "no limit" });
  }
  await tab.keyboard.press("Control+Shift+Z");
  await menus({ tab, cells, where, row });
  return result;
}

// What is chosen in a menu, each time after something else.
async function menus({ tab, cells, where, row }) {
  const taken = async (choice) => {
    const times = [];
    for (let run = 0; run < EDITS; run += 1) times.push(await timed(tab, choice));
    return times.includes(null) ? null : median(times);
  };
  const recoloured = () =>
    tab.evaluate(([what, count]) => window.__measure.arm("click", what, count), ["style", Math.floor(cells * 0.9)]);
  const preset = { command: "gradient.preset-blue-red", other: "gradient.preset-red-green", arm: recoloured };
  row(`${where}: another gradient for ${cells} scores`, await taken(preset), 50, "a preset");
  row(`${where}: show all sub-techniques`, await taken(ALL_SUBTECHNIQUES), 300, "the menu");
  row(`${where}: another layout`, await taken(ANOTHER_LAYOUT), 300, "the menu");
}

function growth(small, large, rows) {
  const size = large.cells / small.cells;
  for (const [name, key] of [["select all", "selectAll"], ["a score on all", "scoreAll"], ["undo", "undo"]]) {
    const what = `growth: ${name}, ${small.cells} → ${large.cells} cells`;
    const known = small[key] !== null && large[key] !== null;
    const basis = `12 × the time for 10 × the cells, so ${(1.2 * size).toFixed(1)} × for ${size.toFixed(1)} ×`;
    rows.push(known ? { what, value: large[key] / small[key], unit: "×", limit: 1.2 * size, basis } : { what, missing: "see above" });
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function failed(what, error) {
  return { what, missing: String(error.message ?? error).split("\n")[0] };
}
