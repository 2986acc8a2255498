// Colours as a user sets them: the gradient, the legend, the tactic row, and colours given by hand. What a score's colour
// must be was worked out by the official Navigator's own code.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { faults } from "./support/axe.mjs";
import { choose, eventually, exported, press, score, see } from "./support/user.mjs";

const OFFICIAL = {
  "red-green": ["#ff6666ff", "#ffe766ff", "#8ec843ff"],
  "green-red": ["#8ec843ff", "#ffe766ff", "#ff6666ff"],
  "blue-red": ["#66b1ffff", "#ff66f4ff", "#ff6666ff"],
  "red-blue": ["#ff6666ff", "#ff66f4ff", "#66b1ffff"],
  "white-blue": ["#ffffff00", "#66b1ffff"],
  "white-red": ["#ffffff00", "#ff6666ff"],
};
const SAFE = ["orange-blue", "violet-yellow", "navy-yellow", "pale-blue"];

const rgb = (hex) => `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(", ")})`;

const background = (locator) => locator.first().evaluate((element) => getComputedStyle(element).backgroundColor);

async function isPainted(app, technique, hex) {
  await eventually(async () => assert.equal(await background(app.cell(technique)), rgb(hex), `${technique} ${hex}`));
}

async function openPanel(app) {
  await press(app, "r");
  await app.locator(".colors-panel .preset:focus").first().waitFor();
}

const undo = (app) => app.locator('.top [data-command="edit.undo"]').click();

const field = (app, name) => app.locator(`.colors-panel [data-field="${name}"]`);

const values = (app, name) => field(app, name).evaluateAll((all) => all.map(({ value }) => value));

const menu = (app) => app.locator('.menu-button:has-text("Colours")');

const focusedIn = (app, selector) =>
  eventually(async () => assert.ok(await app.page.evaluate((it) => document.activeElement.matches(it), selector), selector));

test("cells have the official gradient's colours", async (t) => {
  const app = await open(t);
  const cases = [["T1190", "0", "#ff6666"], ["T1133", "3", "#ff6e66"], ["T1609", "25", "#ffa866"], ["T1610", "50", "#fde665"], ["T1611", "75", "#c4d754"], ["T1612", "99.9", "#8ec843"]];
  for (const [technique, value, color] of cases) {
    await score(app, technique, value);
    await isPainted(app, technique, color);
  }
});

test("a gradient is chosen from the menu by keyboard, keeps the ends, and can be undone", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "50");
  await menu(app).focus();
  await press(app, "ArrowDown");
  await focusedIn(app, '[role=menuitemradio][data-command="gradient.preset-red-green"][aria-checked="true"]');
  await press(app, "ArrowDown", "ArrowDown", "Enter");
  await isPainted(app, "T1610", "#ff66f1");
  await menu(app).click();
  const checked = app.locator('[role=menu] [aria-checked="true"][data-command^="gradient."]');
  assert.deepEqual(await checked.evaluateAll((all) => all.map(({ dataset }) => dataset.command)), ["gradient.preset-blue-red"]);
  await press(app, "Escape");
  await undo(app);
  await isPainted(app, "T1610", "#fde665");
});

test("every ready gradient is one command, and stands in the file as it should", async (t) => {
  const app = await open(t);
  await openPanel(app);
  await field(app, "gradient-minimum").fill("10");
  for (const word of [...Object.keys(OFFICIAL), ...SAFE]) {
    await app.locator(`.colors-panel [data-command="gradient.preset-${word}"]`).click();
    await app.locator(`.preset[data-command="gradient.preset-${word}"][aria-pressed="true"]`).waitFor();
    const { gradient } = (await exported(app)).json();
    if (OFFICIAL[word]) assert.deepEqual(gradient.colors, OFFICIAL[word]);
    assert.deepEqual([gradient.minValue, gradient.maxValue], [10, 100], word);
    assert.ok(gradient.colors.length >= 2 && gradient.colors.every((color) => /^#[0-9a-f]{8}$/.test(color)), word);
  }
});

test("the gradient's colours are set, added, moved, removed and reversed, each one step to undo", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "50");
  await openPanel(app);
  const colors = () => values(app, "gradient-color-text");
  const are = (expected) => eventually(async () => assert.deepEqual(await colors(), expected));
  const start = ["#ff6666", "#ffe766", "#8ec843"];
  await are(start);

  // As text, in any way of writing; what is no colour is told and changes nothing.
  await field(app, "gradient-color-text").nth(1).fill("blue");
  await isPainted(app, "T1610", "#0304fb");
  assert.equal(await field(app, "gradient-color").nth(1).inputValue(), "#0000ff");
  await field(app, "gradient-color-text").nth(1).fill("#12");
  await app.locator('.stop .field-error:has-text("is not a colour")').waitFor();
  assert.equal(await field(app, "gradient-color-text").nth(1).getAttribute("aria-invalid"), "true");
  await undo(app);
  await are(start);

  // With the browser's chooser.
  await field(app, "gradient-color").nth(0).fill("#000000");
  await are(["#000000", "#ffe766", "#8ec843"]);
  await undo(app);
  await are(start);

  // One more, half-way; then by keyboard along the strip, and out again.
  await app.locator(".stop").nth(0).getByRole("button", { name: "add one after it" }).press("Enter");
  await are(["#ff6666", "#ffa666", "#ffe766", "#8ec843"]);
  await focusedIn(app, '.stop[data-stop="1"] .color-text');
  await app.locator('.handle[data-stop="1"]').focus();
  await press(app, "ArrowRight");
  await are(["#ff6666", "#ffe766", "#ffa666", "#8ec843"]);
  await focusedIn(app, '.handle[data-stop="2"]');
  await press(app, "Delete");
  await are(start);
  await undo(app);
  await undo(app);
  await undo(app);
  await are(start);

  // Dragged from one end to the other: one step.
  const [from, to] = await Promise.all([0, 2].map((at) => app.locator(`.handle[data-stop="${at}"]`).boundingBox()));
  await app.page.mouse.move(from.x + 9, from.y + 12);
  await app.page.mouse.down();
  await app.page.mouse.move(to.x + 9, to.y + 12, { steps: 8 });
  await app.page.mouse.up();
  await are(["#ffe766", "#8ec843", "#ff6666"]);
  await undo(app);
  await are(start);

  // Down by its button, twice, with the focus going along.
  await app.locator('.stop[data-stop="0"] .down').press("Enter");
  await focusedIn(app, '.stop[data-stop="1"] .down');
  await press(app, "Enter");
  await are(["#ffe766", "#8ec843", "#ff6666"]);
  await undo(app);
  await are(start);

  await app.locator('.colors-panel [data-command="gradient.reverse"]').click();
  await are([...start].reverse());
  await undo(app);

  // Two always stay.
  await app.locator(".stop .remove").nth(1).click();
  await are(["#ff6666", "#8ec843"]);
  assert.equal(await app.locator(".stop .remove:disabled").count(), 2);
  await isPainted(app, "T1610", "#c69754");
});

test("the ends are set, and told where they make no sense", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "5");
  await openPanel(app);
  const [low, high] = [field(app, "gradient-minimum"), field(app, "gradient-maximum")];
  await high.fill("10");
  await isPainted(app, "T1610", "#fde665");
  await app.locator('[data-region="scale"]:has-text("from 0 to 10:")').waitFor();
  assert.deepEqual(await app.locator(".stop-score").allTextContents(), ["0", "5", "10"]);
  await high.fill("ten");
  await app.locator('.ends .field-error:has-text("Not a number")').waitFor();
  await isPainted(app, "T1610", "#fde665");
  await high.fill("2,5");
  await isPainted(app, "T1610", "#8ec843");
  await low.fill("7");
  await app.locator('.colors-panel .field-error:has-text("not below the high end")').waitFor();
  assert.deepEqual(
    Object.values((await exported(app)).json().gradient).slice(1),
    [7, 2.5],
  );
});

test("a legend is made, edited and shown below the matrix, where it covers nothing", async (t) => {
  const app = await open(t, { context: { viewport: { width: 1280, height: 800 } } });
  await choose(app, "T1610");
  await app.locator('.swatch[aria-label="blue"]').first().click();
  const bar = app.locator('[data-region="legend"]');
  assert.equal(await bar.isVisible(), false);
  await openPanel(app);
  const run = (command) => app.locator(`.colors-panel [data-command="${command}"]`).click();
  const shown = (expected) => eventually(async () => assert.deepEqual(await bar.locator("li").allTextContents(), expected));
  await run("legend.from-gradient");
  await shown(["0", "50", "100"]);
  await run("legend.from-colors");
  await run("legend.from-colors");
  await shown(["0", "50", "100", "blue"]);
  await run("legend.add");
  await focusedIn(app, '[data-legend-row="4"] [data-field="legend-label"]');
  await app.page.keyboard.type("out of scope");
  await shown(["0", "50", "100", "blue", "out of scope"]);
  await field(app, "legend-color-text").nth(4).fill("#123");
  await app.locator('[data-legend-row="4"] .up').press("Enter");
  await shown(["0", "50", "100", "out of scope", "blue"]);
  await app.locator('[data-legend-row="0"]').getByRole("button", { name: "Remove" }).click();
  await shown(["50", "100", "out of scope", "blue"]);
  const [stage, legend, status] = await Promise.all([".stage", '[data-region="legend"]', ".status"].map((it) => app.locator(it).boundingBox()));
  // A border may take a part of a pixel.
  const below = (one, other) => one.y + one.height <= other.y + 0.5;
  assert.ok(below(stage, legend) && below(legend, status), "one below the other");

  const file = (await exported(app)).json();
  const expected = [["#ffe766", "50"], ["#8ec843", "100"], ["#112233", "out of scope"], ["#3182bd", "blue"]];
  assert.deepEqual(file.legendItems, expected.map(([color, label]) => ({ color, label })));

  await run("legend.clear");
  await eventually(async () => assert.equal(await bar.isVisible(), false));
  await undo(app);
  await shown(["50", "100", "out of scope", "blue"]);
  await bar.getByRole("button", { name: "Hide" }).click();
  assert.equal(await bar.isVisible(), false);
  await app.locator('[data-saved="saved"]').waitFor();
  await app.page.reload();
  await app.ready();
  assert.equal(await bar.isVisible(), false, "hidden as it was");
  assert.equal(await app.locator('[data-region="scale"]').isVisible(), false);
  await app.run("view.legend");
  await shown(["50", "100", "out of scope", "blue"]);
});

test("the tactic row has its background, with ink that can be read on it", async (t) => {
  const app = await open(t);
  const tactic = app.locator('[data-tactic="execution"][role=columnheader]');
  const before = await background(tactic);
  await app.run("view.tactic-row-background");
  await eventually(async () => assert.equal(await background(tactic), rgb("#dddddd")));
  await openPanel(app);
  const cases = [["#205B8F", "light"], ["#B9482D", "light"], ["#aaaaaa", "dark"], ["#dddddd", "dark"]];
  for (const [at, [color, ink]] of [[2, cases[0]], [3, cases[1]], [1, cases[2]], [0, cases[3]]]) {
    await app.locator(".tactic-row .swatch").nth(at).click();
    await eventually(async () => assert.equal(await background(tactic), rgb(color)));
    const written = await tactic.locator(".tactic-count").evaluate((element) => getComputedStyle(element).color);
    assert.equal(written, ink === "light" ? rgb("#ffffff") : rgb("#000000"), color);
  }
  await field(app, "tactic-color-text").fill("#102030");
  await eventually(async () => assert.equal(await background(tactic), rgb("#102030")));
  const { showTacticRowBackground, tacticRowBackground } = (await exported(app)).json();
  assert.deepEqual([showTacticRowBackground, tacticRowBackground], [true, "#102030"]);
  await app.locator('.tactic-row [data-command="view.tactic-row-background"]').click();
  await eventually(async () => assert.equal(await background(tactic), before));
  await undo(app);
  await eventually(async () => assert.equal(await background(tactic), rgb("#102030")));
});

test("a technique's colour is typed, and offered again", async (t) => {
  const app = await open(t);
  await choose(app, "T1610");
  const text = app.locator('[data-field="color-text"]');
  await text.fill("#b04a12");
  await isPainted(app, "T1610", "#b04a12");
  await text.fill("no colour");
  await app.locator('.colors .field-error:has-text("is not a colour")').waitFor();
  await isPainted(app, "T1610", "#b04a12");
  await text.fill("teal");
  await text.press("Tab");
  await isPainted(app, "T1610", "#008080");
  await app.locator('[data-saved="saved"]').waitFor();
  await app.page.reload();
  await app.ready();
  await choose(app, "T1611");
  await app.locator('[aria-label="Colours used last"] .swatch[aria-label="#008080"]').click();
  await isPainted(app, "T1611", "#008080");
  assert.equal(await text.inputValue(), "#008080");
  await text.fill("");
  await eventually(async () => assert.equal((await exported(app)).json().techniques.some(({ techniqueID, color }) => techniqueID === "T1611" && color), false));
});

test("the panel stands beside the matrix: cells can be chosen and scored, and Escape closes it", async (t) => {
  const app = await open(t);
  await openPanel(app);
  const panel = app.locator('[role=dialog][aria-label="Colours"]');
  assert.equal(await panel.getAttribute("aria-modal"), null);
  await score(app, "T1609", "50");
  await isPainted(app, "T1609", "#fde665");
  await app.locator('.preset[data-command="gradient.preset-green-red"]').focus();
  await press(app, "Enter", "Escape");
  await panel.waitFor({ state: "detached" });
  await focusedIn(app, '.cell[data-technique="T1609"]');
  await app.locator('.inspector [data-field="score"]').waitFor();
  // The command that goes to a field goes there, whatever stands in the inspector's place.
  await openPanel(app);
  await app.cell("T1609").locator(".cell-name").click();
  await press(app, "c");
  await app.locator('[data-field="comment"]:focus').waitFor();
});

test("what was set is in the exported file, and there again when it is opened", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "2");
  await openPanel(app);
  await app.locator('.preset[data-command="gradient.preset-white-blue"]').click();
  await field(app, "gradient-maximum").fill("4");
  await app.locator('.colors-panel [data-command="legend.from-gradient"]').click();
  await app.locator(".tactic-row .swatch").nth(3).click();
  const first = await exported(app);
  const { gradient, legendItems, showTacticRowBackground, tacticRowBackground } = first.json();
  assert.deepEqual(gradient, { colors: ["#ffffff00", "#66b1ffff"], minValue: 0, maxValue: 4 });
  assert.deepEqual(legendItems, [{ color: "#ffffff", label: "0" }, { color: "#66b1ff", label: "4" }]);
  assert.deepEqual([showTacticRowBackground, tacticRowBackground], [true, "#B9482D"]);
  const other = await open(t);
  await other.openFile({ name: first.name, text: first.text() });
  await see(other, /Opened 1 layer/);
  assert.equal(await background(other.cell("T1610")), await background(app.cell("T1610")));
  assert.equal(await background(other.locator("[role=columnheader]")), rgb("#B9482D"));
  assert.equal((await exported(other)).text(), first.text());
});

test("rows of a legend that are none stay where they are", async (t) => {
  const app = await open(t);
  const legendItems = [{ color: "#ff0000", label: "one" }, { color: "no colour", label: "odd" }, { color: "#00ff00", label: "two", more: 1 }];
  const text = JSON.stringify({ name: "odd", versions: { layer: "4.5" }, domain: "enterprise-attack", techniques: [], legendItems });
  await app.openFile({ name: "odd.json", text });
  await see(app, /Opened 1 layer/);
  await openPanel(app);
  assert.equal(await app.locator(".legend-row").count(), 2);
  await app.locator('[data-legend-row="0"] .down').click();
  await eventually(async () => assert.deepEqual((await exported(app)).json().legendItems, [legendItems[2], legendItems[1], legendItems[0]]));
  await app.locator('.colors-panel [data-command="legend.clear"]').click();
  await eventually(async () => assert.deepEqual((await exported(app)).json().legendItems, [legendItems[1]]));
});

test("axe finds no fault in menu, panel and legend, light or dark", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const app = await open(t, { context: { colorScheme, viewport: { width: 1280, height: 900 } } });
    const check = async (screen) => assert.deepEqual(await faults(app), [], `${screen}, ${colorScheme}`);
    await score(app, "T1610", "50");
    await app.locator('[data-field="color-text"]').fill("#b04a12");
    await app.locator('[data-field="color-text"]').press("Tab");
    await check("inspector");
    await menu(app).click();
    await check("menu");
    await press(app, "Escape", "Escape");
    await openPanel(app);
    await app.locator('.colors-panel [data-command="legend.from-gradient"]').click();
    await check("panel");
    for (const at of [0, 1, 2, 3]) {
      await app.locator(".tactic-row .swatch").nth(at).click();
      await check(`tactic row ${at}`);
    }
    await field(app, "gradient-minimum").fill("200");
    await field(app, "gradient-color-text").first().fill("none of them");
    await check("faults");
  }
});
