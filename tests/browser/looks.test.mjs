// Looks for eyes that need more: high contrast, by choice or by the system, what colour-blind eyes see of a gradient, and
// letters on a large screen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { onlyInChromium } from "./harness/browsers.mjs";
import { choose, eventually, press, score } from "./support/user.mjs";

const contrast = (app) => app.page.evaluate(() => document.documentElement.dataset.contrast ?? "normal");

// By WCAG: of a text and its ground, from 1 to 21.
const ratio = (app, selector) =>
  app.locator(selector).first().evaluate((element) => {
    const bytes = (color) => color.match(/[\d.]+/g).slice(0, 3).map(Number);
    const light = (color) => {
      const [r, g, b] = bytes(color).map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    let ground = element;
    const isClear = (color) => /^rgba\(.*, 0\)$|transparent/.test(color);
    while (ground.parentElement && isClear(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
    const [low, high] = [light(getComputedStyle(element).color), light(getComputedStyle(ground).backgroundColor)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  });

for (const colorScheme of ["light", "dark"]) {
  test(`high contrast can be chosen and is remembered (${colorScheme})`, async (t) => {
    const app = await open(t, { context: { colorScheme } });
    assert.equal(await contrast(app), "normal");
    const before = await ratio(app, ".column-count, .muted");
    await app.run("view.contrast");
    await eventually(async () => assert.equal(await contrast(app), "more"));
    assert.ok((await ratio(app, ".column-count, .muted")) > Math.max(before, 10), "what is said in grey can be read by all");
    await score(app, "T1610", "40");
    assert.deepEqual(await app.violations(), []);
    await app.page.reload();
    await app.ready();
    assert.equal(await contrast(app), "more");
    await app.run("view.theme-system");
    await eventually(async () => assert.equal(await contrast(app), "normal"));
  });
}

test("high contrast is there from the start where the system asks for it, and can be switched off", { skip: onlyInChromium("Firefox ESR can't be told that the system asks for it") }, async (t) => {
  const app = await open(t, { context: { contrast: "more" } });
  assert.equal(await contrast(app), "more");
  await app.run("view.contrast");
  await eventually(async () => assert.equal(await contrast(app), "normal"));
  await app.page.reload();
  await app.ready();
  assert.equal(await contrast(app), "normal", "the user's choice goes before the system's");
  await app.run("view.theme-system");
  await eventually(async () => assert.equal(await contrast(app), "more"));
});

test("the colours panel tells what colour-blind eyes can't tell apart, and what to do", async (t) => {
  const app = await open(t);
  await app.run("layer.colors");
  const faults = () => app.locator('[data-vision][data-fault="true"]').evaluateAll((all) => all.map((line) => line.dataset.vision));
  await app.locator("[data-vision]").first().waitFor();
  assert.deepEqual(await faults(), ["deuteranopia"], "red to green is the gradient of a new layer");
  assert.deepEqual(await app.violations(), []);
  await app.locator('.vision-advice [data-command="gradient.preset-orange-blue"]').click();
  await eventually(async () => assert.deepEqual(await faults(), []));
  assert.equal(await app.locator(".vision-advice button").count(), 0);
});

// As large as they are seen, in pixels of the window.
const letters = (app, selector) =>
  app.locator(selector).first().evaluate((element) => parseFloat(getComputedStyle(element).fontSize) * element.currentCSSZoom);

const area = (app, selector) => app.locator(selector).first().boundingBox();

test("on a 4K screen what is around the matrix has larger letters, too, and stands where it belongs", async (t) => {
  const [width, height] = [3840, 2160];
  const app = await open(t, { context: { viewport: { width, height } } });
  await choose(app, "T1610");
  for (const around of [".tab", ".toolbar .segment", ".inspector p", ".status"]) {
    assert.ok((await letters(app, around)) > 15, around);
  }
  const cell = await area(app, '[data-technique="T1610"]');
  await app.cell("T1610").first().click({ button: "right", position: { x: 40, y: 12 } });
  const menu = await area(app, '[data-menu="context"]');
  assert.ok(Math.abs(menu.x - cell.x - 40) < 4 && Math.abs(menu.y - cell.y - 12) < 4, JSON.stringify([menu, cell]));
  assert.ok((await letters(app, '[data-menu="context"]')) > 15);
  await press(app, "Escape");
  const tab = await area(app, '.tab[data-active="true"]');
  await app.run("layer.rename");
  const field = await area(app, ".tab-field");
  assert.ok(Math.abs(field.x - tab.x) < 2, JSON.stringify([field, tab]));
  await press(app, "Escape");
  for (const command of ["coverage.page", "help.shortcuts", "layer.start", "crosswalk.compare"]) {
    await app.run(command);
    await app.locator("dialog[open]").waitFor();
    await eventually(async () => {
      const dialog = await area(app, "dialog[open]");
      assert.ok(dialog.height > height / 4 && dialog.y >= 0 && dialog.y + dialog.height <= height, `${command}: ${JSON.stringify(dialog)}`);
    });
    assert.ok((await letters(app, "dialog[open] button")) > 13, command);
    await press(app, "Escape");
    await app.locator("dialog[open]").waitFor({ state: "detached" });
  }
});
