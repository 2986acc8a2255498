// Measures the built app against its limits and writes the table: `cargo xtask bench` calls this.
//
//   node benches/run.mjs --dist <the built app> --empty <the built empty page> --output <a Markdown file>
//
// How each figure is taken is in figures.mjs; here they are run, compared with their limits, and written down.

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { launch } from "../tests/browser/harness/chromium.mjs";
import { firstVisit, work } from "./figures.mjs";

const { values } = parseArgs({ options: { dist: { type: "string" }, empty: { type: "string" }, output: { type: "string" } } });

const rows = [...(await firstVisit(values)), ...(await work(values))];
const text = page(rows, await machine());
await writeFile(values.output, text);
process.stdout.write(text);

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
- *Edits*: from the key event, in an idle page, to the end of the first painted frame in which the cells' attributes
  have changed. An idle browser draws that frame as soon as it is asked to, so no wait for the screen is in it.
- *Enterprise*: the official bundle, 45 MB, given to the app as a file, each time in a new page. \`JSON.parse\` gets the
  same text in the same page, before, five times. The longest block is that of the browser's own record of long tasks.
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
  return `Measured on ${processors.length} cores (${processors[0].model.trim()}), ${memory} GiB, Chromium ${version}, ${rust}.`;
}
