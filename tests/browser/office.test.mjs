// The workbook in another office program, LibreOffice, as a colleague would open it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { matrices } from "./support/matrix.mjs";
import { noOffice, sheetsIn } from "./support/office.mjs";
import { see, show } from "./support/user.mjs";

const COMMENT = '=1+1, "quoted" <b>&amp;</b>\nsecond line,  two spaces';

/** Something of everything: scores, a short colour, a comment that looks like a formula, a disabled technique. */
const LAYER = {
  name: "Plan",
  versions: { layer: "4.5", attack: "19" },
  domain: "enterprise-attack",
  layout: { layout: "side", showID: true, showName: true, expandedSubtechniques: "all" },
  showTacticRowBackground: true,
  tacticRowBackground: "#204060",
  gradient: { colors: ["#ff0000", "#00ff00"], minValue: 0, maxValue: 100 },
  techniques: [
    { techniqueID: "T1610", tactic: "execution", score: 0 },
    { techniqueID: "T1609", tactic: "execution", score: 100, comment: COMMENT, metadata: [{ name: "owner", value: "@blue" }, { name: "since", value: "Q3" }], links: [{ label: "run book", url: "https://example.org/run" }] },
    { techniqueID: "T1204", tactic: "execution", score: 33.5, enabled: false },
    { techniqueID: "T1204.003", tactic: "execution", color: "#abc", comment: "images" },
    { techniqueID: "T1525", tactic: "persistence", score: -2.25 },
    // Stands in no matrix of containers; nothing that is said may be missing all the same.
    { techniqueID: "T1001", tactic: "command-and-control", score: 7, comment: "elsewhere" },
  ],
};

/** In what is shown of LAYER, by tactic and technique. */
const SCORES = { "execution T1610": "0", "execution T1609": "100", "persistence T1525": "-2.25" };

test("LibreOffice shows the matrix as the screen does, with merged headers and colours", { skip: noOffice }, async (t) => {
  const { app, sheets } = await openedThere(t);
  assert.deepEqual(sheets.map(({ name }) => name), ["Plan", "Plan list"]);
  const [{ cells }] = sheets;
  const [shown] = await matrices(app);
  assert.deepEqual(placed(cells), expected(shown));
  assert.ok(Object.values(cells).some(({ across, down }) => across === 1 && down > 1), "a technique is as high as its sub-techniques");
  const head = Object.values(cells).find(({ text }) => text === "Execution");
  assert.deepEqual([head.text, head.across, head.fill, head.ink, head.bold], ["Execution", 2, "#204060", "#ffffff", true]);
  const look = (start) => Object.values(cells).filter(({ text }) => text.startsWith(start)).map(({ fill, ink }) => [fill, ink])[0];
  assert.deepEqual(look("T1610 "), ["#ff0000", "#000000"]);
  assert.deepEqual(look("T1609 "), ["#00ff00", "#000000"]);
  assert.deepEqual(look("T1204.003 "), ["#aabbcc", "#000000"]);
  assert.deepEqual(look("T1204 "), ["transparent", "#bcbcbc"], "what is disabled is grey");
});

test("LibreOffice shows each matrix of a split on a sheet that is named after it", { skip: noOffice }, async (t) => {
  const { app, sheets } = await openedThere(t, async (app) => show(app, "s"));
  assert.deepEqual(sheets.map(({ name }) => name), ["Plan orchestration", "Plan container", "Plan list"]);
  for (const [at, shown] of (await matrices(app)).entries()) assert.deepEqual(placed(sheets[at].cells), expected(shown));
});

test("LibreOffice shows all that the layer says in the list", { skip: noOffice }, async (t) => {
  const { app, sheets } = await openedThere(t);
  const { cells, heights } = sheets[1];
  const head = Object.entries(cells).filter(([name]) => /^[A-Z]1$/.test(name)).map(([name, { text }]) => [name[0], text]);
  const count = Math.max(...Object.keys(cells).map((name) => Number(name.slice(1))));
  const rows = Array.from({ length: count - 1 }, (_, at) => Object.fromEntries(head.map(([letter, name]) => [name, cells[`${letter}${at + 2}`]])));
  const [{ columns }] = await matrices(app);
  const standing = columns.flatMap(({ name, cells }) => cells.filter(({ place }) => place !== "heading").map(({ technique }) => `${technique} ${name}`));
  assert.deepEqual(rows.map((row) => `${row.Technique.text} ${row.Tactic.text}`).sort(), [...standing, "T1001 Command and Control"].sort());
  const said = (row) => Object.fromEntries(["Score", "Colour", "Enabled", "Comment", "Metadata", "Links"].flatMap((name) => (row[name] ? [[name, row[name].number ?? row[name].text]] : [])));
  const of = (technique, tactic) => said(rows.find((row) => row.Technique.text === technique && row.Tactic.text === tactic));
  assert.deepEqual(of("T1610", "Execution"), { Score: 0, Enabled: "yes" });
  assert.deepEqual(of("T1609", "Execution"), { Score: 100, Enabled: "yes", Comment: COMMENT, Metadata: "owner: @blue\nsince: Q3", Links: "run book: https://example.org/run" });
  assert.deepEqual(of("T1204", "Execution"), { Score: 33.5, Enabled: "no" });
  assert.deepEqual(of("T1204.003", "Execution"), { Colour: "#abc", Enabled: "yes", Comment: "images" });
  assert.deepEqual(of("T1525", "Persistence"), { Score: -2.25, Enabled: "yes" });
  assert.deepEqual(of("T1001", "Command and Control"), { Score: 7, Enabled: "yes", Comment: "elsewhere" });
  assert.equal(rows.filter((row) => Object.keys(said(row)).length > 1).length, 6, "and nothing of others");
  const comment = rows.findIndex((row) => row.Comment?.text === COMMENT);
  const line = Math.min(...Object.values(heights).filter(Boolean));
  assert.ok(heights[comment + 2] > 1.9 * line, `both lines of a comment are seen: ${heights[comment + 2]} of ${line}`);
});

async function openedThere(t, arrange = async () => {}) {
  const app = await open(t);
  await app.openFile({ name: "plan.json", text: JSON.stringify(LAYER) });
  await see(app, /Opened 1 layer/);
  await arrange(app);
  const workbook = await app.download(() => app.run("export.xlsx"));
  return { app, sheets: await sheetsIn(app.page, workbook.bytes) };
}

/** What stands where, and over how many cells. */
function placed(cells) {
  return Object.fromEntries(Object.entries(cells).map(([name, { text, across, down }]) => [name, `${text} ${across}×${down}`]));
}

/** The same of what the screen shows: sub-techniques beside their technique, which is as high as all of them. */
function expected({ columns }) {
  const out = {};
  let left = 0;
  const name = (column, row) => `${String.fromCharCode(65 + column)}${row}`;
  for (const { tactic, name: title, cells } of columns) {
    const double = cells.some(({ parent }) => parent);
    out[name(left, 1)] = `${title} ${double ? 2 : 1}×1`;
    let row = 2;
    for (const [at, cell] of cells.entries()) {
      if (cell.parent) continue;
      const children = [];
      for (let next = at + 1; cells[next]?.parent; next += 1) children.push(cells[next]);
      const text = ({ technique, name, place }) => {
        const score = place === "heading" ? undefined : SCORES[`${tactic} ${technique}`];
        return `${technique} ${name}${score ? ` (${score})` : ""}`;
      };
      const down = Math.max(1, children.length);
      out[name(left, row)] = `${text(cell)} ${double && children.length === 0 ? 2 : 1}×${down}`;
      for (const [under, child] of children.entries()) out[name(left + 1, row + under)] = `${text(child)} 1×1`;
      row += down;
    }
    left += double ? 2 : 1;
  }
  return out;
}
