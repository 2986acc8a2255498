// What planning takes on the whole Enterprise matrix with ten layers open: combining all of them, comparing two, and a
// workbook of all. There is no limit for these; they are watched.

import { median } from "./figures.mjs";

const LAYERS = 10;
const RUNS = 5;

// How long one of them may take before it is given up, in milliseconds.
const PATIENCE = 20_000;

// Ten layers that say something of every cell, as one file for the app.
function layers(cells) {
  const techniques = (number) =>
    cells.map(({ technique, tactic }, at) => ({
      techniqueID: technique, tactic, score: (at * 37 + number * 11) % 101, comment: `what layer ${number} says of ${technique}`,
    }));
  const layer = (number) => ({
    name: `measured ${number}`, versions: { attack: "18", navigator: "5.1.0", layer: "4.5" }, domain: "enterprise-attack",
    techniques: techniques(number),
  });
  return JSON.stringify(Array.from({ length: LAYERS }, (_, number) => layer(number)));
}

// Opens the ten; says of how many cells they are.
export async function openTen(tab) {
  const cells = await tab.$$eval("[role=gridcell][data-technique]", (all) =>
    all.map(({ dataset }) => ({ technique: dataset.technique, tactic: dataset.tactic })),
  );
  const before = await tabs(tab);
  const file = { name: "ten.json", mimeType: "application/json", buffer: Buffer.from(layers(cells)) };
  await tab.locator('input[type=file][data-field="open-file"]').setInputFiles(file);
  await tab.waitForFunction((count) => document.querySelectorAll("[role=tab][data-layer]").length >= count, before + LAYERS - 1);
  await tab.waitForTimeout(1_000);
  await dismiss(tab);
  return cells.length;
}

export async function planning(tab, rows) {
  const cells = await openTen(tab);
  const row = (what, times) => {
    const known = times.length > 0 && !times.includes(null);
    const more = { unit: "ms", basis: `no limit; ${cells} cells in each of ${LAYERS} layers` };
    rows.push(known ? { what, value: median(times), ...more } : { what, missing: `it was not there after ${PATIENCE / 1000} s` });
  };
  row("Enterprise, ten layers: combine all, until the preview says so", await repeated(() => preview(tab)));
  row("Enterprise, ten layers: combine all, until the new layer is painted", await repeated(() => combined(tab)));
  row("Enterprise, ten layers: compare two, until every difference is listed", await repeated(() => compared(tab)));
  row("Enterprise, ten layers: a workbook of all of them", await repeated(() => workbook(tab)));
}

async function repeated(measure) {
  const times = [];
  for (let run = 0; run < RUNS; run += 1) times.push(await measure());
  return times;
}

const tabs = (tab) => tab.locator("[role=tab][data-layer]").count();

async function dismiss(tab) {
  const close = tab.locator("[data-message]").getByRole("button", { name: "Dismiss" });
  while ((await close.count()) > 0) await close.first().click();
}

async function run(tab, command) {
  await tab.keyboard.press("Control+k");
  await tab.locator('[data-field="search"]:focus').fill(command, { timeout: 5_000 });
  await tab.keyboard.press("Enter");
}

const until = (tab, type, selector, least) =>
  tab.evaluate(([type, selector, least, patience]) => window.__measure.armUntil(type, selector, least, patience), [type, selector, least, PATIENCE]);
const time = (tab) => tab.evaluate(() => window.__measure.wait());

// Every letter that the dialog offers, added up.
async function typed(tab) {
  await run(tab, "layer.combine");
  const field = tab.locator('.combine-dialog [data-field="expression"]');
  await field.waitFor();
  const letters = await tab.$$eval(".combine-dialog [data-letter]", (all) => all.map(({ dataset, textContent }) => dataset.letter || textContent[0]));
  return { field, expression: letters.slice(-LAYERS).join(" + ") };
}

async function preview(tab) {
  const { field, expression } = await typed(tab);
  await tab.evaluate((patience) => {
    const said = () => document.querySelector(".combine-dialog [data-preview]")?.textContent ?? "";
    const before = said();
    window.__measure.armWhen("input", () => said() !== before && /\d/.test(said()), patience);
  }, PATIENCE);
  await field.fill(expression);
  const taken = await time(tab);
  await tab.keyboard.press("Escape");
  return taken;
}

export async function combined(tab) {
  const { field, expression } = await typed(tab);
  await field.fill(expression);
  await tab.waitForTimeout(1_000);
  await until(tab, "click", "[role=tab][data-layer]", (await tabs(tab)) + 1);
  await tab.locator('.combine-dialog [data-action="make-layer"]').click();
  const taken = await time(tab);
  await dismiss(tab);
  // Closed again, so that every run has the same layers.
  await tab.keyboard.press("Alt+w");
  await tab.waitForTimeout(500);
  await dismiss(tab);
  return taken;
}

export async function compared(tab) {
  await tab.keyboard.press("Control+k");
  await tab.locator('[data-field="search"]:focus').fill("layer.compare", { timeout: 5_000 });
  await until(tab, "keydown", "dialog[open] .compare-cell", 800);
  await tab.keyboard.press("Enter");
  const taken = await time(tab);
  await tab.keyboard.press("Escape");
  return taken;
}

export async function workbook(tab) {
  await tab.locator('[data-menu-of="Export"] .menu-button').click();
  const item = tab.locator('[role=menu] [data-command="export.all-xlsx"]');
  await item.waitFor();
  await until(tab, "click", "[data-message]", 1);
  const file = tab.waitForEvent("download");
  await item.click();
  const taken = await time(tab);
  await (await file).delete();
  await dismiss(tab);
  return taken;
}
