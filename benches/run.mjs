// Measures the built app against its limits and writes the table: `cargo xtask bench` calls this.
//
//   node benches/run.mjs --dist <the built app> --empty <the built empty page> --output <a Markdown file>
//   node benches/run.mjs --dist … --empty … --before <another build> --reference <its name>
//                                                    prints what differs between the two, measured in turns
//
// How each figure is taken is in figures.mjs; here they are run, compared with their limits, and written down.

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { launch } from "../tests/browser/harness/browsers.mjs";
import { firstVisit, work } from "./figures.mjs";

// Each of two builds is measured so often, in turns.
const TURNS = 3;

const words = { type: "string" };
const { values } = parseArgs({
  options: { dist: words, empty: words, output: words, before: words, reference: words },
});

const measure = async (build) => [...(await firstVisit(build)), ...(await work(build))];
const text = values.before ? await compared() : page(await measure(values), await machine());
if (values.output) await writeFile(values.output, text);
process.stdout.write(text);

async function compared() {
  const turns = { before: [], now: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    turns.before.push(await measure({ ...values, dist: values.before }));
    turns.now.push(await measure(values));
  }
  const figure = (runs, what) => {
    const rows = runs.map((rows) => rows.find((row) => row.what === what)).filter((row) => row && !row.missing);
    const sorted = rows.map(({ value }) => value).sort((a, b) => a - b);
    return rows.length > 0 ? { value: sorted[sorted.length >> 1], unit: rows[0].unit, least: sorted[0], most: sorted.at(-1) } : null;
  };
  const named = [...new Set([...turns.now, ...turns.before].flat().map(({ what }) => what))];
  const lines = named.map((what) => {
    const [before, now] = [figure(turns.before, what), figure(turns.now, what)];
    const cell = (it) => (it ? show(it.value, it.unit) : "not measured");
    // What lies within the spread of the runs is noise.
    const apart = before && now && (now.least > before.most || now.most < before.least);
    const ratio = before && now && before.value > 0 ? (now.value / before.value).toFixed(2) : "";
    return `| ${what} | ${cell(before)} | ${cell(now)} | ${ratio} | ${apart ? (now.value < before.value ? "better" : "**worse**") : ""} |`;
  });
  return `${await machine()}

Medians of ${TURNS} turns; a word at the end where no run of the one is within those of the other.

| what | ${values.reference} | now | now / then | |
|---|---:|---:|---:|---|
${lines.join("\n")}
`;
}

function page(rows, machine) {
  const missed = rows.filter((row) => verdict(row) === "**missed**").length;
  const open = rows.filter((row) => row.missing).length;
  return `# What the app takes

\`cargo xtask bench\` writes this file. ${machine}

| what | measured | limit | measured / limit | |
|---|---:|---:|---:|---|
${rows.map(line).join("\n")}

${missed} missed, ${open} not measured.

## How it is measured

The release build is served with gzip from the same machine, over loopback, to headless Chromium. Each figure is the
median of several runs; machines are noisy, so read the ratios, above all those to something measured in the same run.

- *First visit* and *cold start*: each run is a new browser profile without a cache. Bytes are those on the socket, with
  headers, until \`data-app="ready"\`; time is from the navigation to the mark \`matrix-painted\`. The empty page
  (\`benches/empty-page\`) is built and loaded in the same way and shows one sentence; its time is that of its first
  painted content. The two take turns.
- *Edits*: from the key event, in an idle page, to the end of the first painted frame in which the attributes of the
  cells in sight have changed; large matrices change the rest in the frames after, which has lines of its own. An idle browser draws that frame as soon as it is asked to, so no wait for the screen is in it.
- *Enterprise*: the official bundle, 45 MB, given to the app as a file, each time in a new page. \`JSON.parse\` gets the
  same text in the same page, before, five times. The longest block is that of the browser's own record of long tasks.
- *Ten layers*: ten layers that say something of every Enterprise cell, opened as one file; from the key or the click to the
  end of the painted frame in which the outcome is there. The workbook's file is made by then.
- *Memory*: JS heap after a forced collection, plus the size of the main thread's wasm memory, which never shrinks.
`;
}

function line(row) {
  if (row.missing) return `| ${row.what} | | | | not measured yet: ${row.missing} |`;
  const limit = row.limit === undefined ? "" : show(row.limit, row.unit);
  const ratio = row.limit === undefined ? "" : (row.value / row.limit).toFixed(2);
  const remarks = [verdict(row), row.basis].filter(Boolean).join("; ");
  return `| ${row.what} | ${show(row.value, row.unit)} | ${limit} | ${ratio} | ${remarks} |`;
}

function verdict({ missing, value, limit }) {
  if (missing || limit === undefined) return "";
  return value <= limit ? "met" : "**missed**";
}

function show(value, unit) {
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${unit}`;
}

async function machine() {
  const processors = cpus();
  const browser = await launch();
  const version = browser.version();
  await browser.close();
  const rust = execFileSync("rustc", ["--version"], { encoding: "utf8" }).split(" ").slice(0, 2).join(" ");
  const memory = Math.round(totalmem() / 2 ** 30);
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  return `Measured at commit ${commit} on ${processors.length} cores (${processors[0].model.trim()}), ${memory} GiB, Chromium ${version}, ${rust}.`;
}
