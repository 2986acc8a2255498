// Presenting: large enough for the back of the room, nothing cut or over each other, step by step, by keys, clicker, mouse and
// finger, with a window for the presenter; and what a team prepared goes with its layers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { onlyInChromium } from "./harness/browsers.mjs";
import { noMitreattack, readStrictly } from "./support/mitreattack.mjs";
import { choose, eventually, exported, press, score, see } from "./support/user.mjs";
import { present, step, wall } from "./support/wall.mjs";

const WALLS = [
  { width: 1280, height: 800, least: 9 },
  { width: 1920, height: 1080, least: 14 },
  { width: 3840, height: 2160, least: 28 },
];
const progress = (app) => app.locator(".present .slide-progress").textContent();
const kinds = (app) => app.locator(".present [data-matrix]").evaluateAll((all) => all.map(({ dataset }) => dataset.matrix));

for (const colorScheme of ["light", "dark"]) {
  for (const { width, height, least } of WALLS) {
    test(`the container matrix fills a wall of ${width} by ${height} (${colorScheme})`, async (t) => {
      const app = await open(t, { context: { viewport: { width, height }, colorScheme } });
      await score(app, "T1610", "40");
      await press(app, "Shift+S");
      await present(app);
      for (const key of [undefined, "ArrowRight", "ArrowRight"]) {
        if (key) await step(app, key);
        const { text, faults, cells } = await wall(app);
        assert.deepEqual(faults, []);
        assert.ok(text >= least, `${text} px`);
        assert.ok(cells > 40);
      }
      assert.deepEqual(await kinds(app), ["orchestration", "container"]);
      assert.equal(await app.locator(".present .tactic:not([data-dim]):visible").first().getAttribute("data-tactic"), "initial-access");
      assert.deepEqual(await app.violations(), []);
    });
  }

  test(`Microsoft's matrix fills a wall (${colorScheme})`, async (t) => {
    const app = await open(t, { context: { viewport: { width: 1920, height: 1080 }, colorScheme } });
    await app.run("bundle.microsoft");
    await see(app, /Threat Matrix/);
    await present(app);
    for (const key of [undefined, "PageDown", "PageDown"]) {
      if (key) await step(app, key);
      const { text, faults } = await wall(app);
      assert.deepEqual(faults, []);
      assert.ok(text >= 13, `${text} px`);
    }
    assert.deepEqual(await app.violations(), []);
  });
}

test("where the wall has room for more, no word is broken for it", async (t) => {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }]) {
    const app = await open(t, { context: { viewport } });
    await app.run("view.show-ids");
    await app.run("view.collapse-all");
    await present(app);
    assert.deepEqual((await wall(app)).faults, []);
  }
});

test("nothing but the slide is there, and leaving brings all back", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  await present(app);
  for (const gone of [".top", ".toolbar", ".stage", ".inspector"]) assert.equal(await app.locator(gone).first().isVisible(), false, gone);
  assert.equal(await app.locator('[data-region="presentation"] [role=gridcell][data-technique="T1610"]').first().getAttribute("data-score"), "40");
  await press(app, "s", "x", "Delete", "9");
  await press(app, "Escape");
  await app.locator(".present").waitFor({ state: "detached" });
  assert.equal(await app.locator(".top").isVisible(), true);
  assert.equal(await app.cell("T1610").first().getAttribute("data-score"), "40", "keys of a presentation change no layer");
  await app.page.waitForFunction(() => document.activeElement.matches(".cell"));
});

test("it takes the whole screen where the browser lets it, and the window where it doesn't", async (t) => {
  const app = await open(t);
  const whole = () => app.page.evaluate(() => document.fullscreenElement?.tagName ?? null);
  await press(app, "Shift+P");
  await app.locator(".present .cell").first().waitFor();
  await eventually(async () => assert.equal(await whole(), "HTML"));
  await press(app, "Escape");
  await app.locator(".present").waitFor({ state: "detached" });
  await eventually(async () => assert.equal(await whole(), null));
  await app.page.evaluate(() => (Element.prototype.requestFullscreen = () => Promise.reject(new TypeError("no"))));
  await press(app, "Shift+P");
  await app.locator(".present .cell").first().waitFor();
  const { width, height } = app.page.viewportSize();
  assert.deepEqual(await app.locator(".present").boundingBox(), { x: 0, y: 0, width, height });
});

test("a presenter goes by keys, clicker, commands, mouse and finger", async (t) => {
  const app = await open(t, { context: { hasTouch: true } });
  await press(app, "Shift+P");
  await app.locator(".present .cell").first().waitFor();
  const all = Number((await progress(app)).split(" / ")[1]);
  assert.equal(await progress(app), `1 / ${all}`);
  await step(app, "PageDown");
  await step(app, "Space");
  await step(app, "PageUp");
  assert.equal(await progress(app), `2 / ${all}`);
  await step(app, "End");
  await step(app, "Home");
  await app.run("present.next");
  await eventually(async () => assert.equal(await progress(app), `2 / ${all}`));
  await app.run("present.previous");
  await eventually(async () => assert.equal(await progress(app), `1 / ${all}`));
  await app.page.mouse.click(900, 400);
  await eventually(async () => assert.equal(await progress(app), `2 / ${all}`));
  const swipe = (from, to) =>
    app.page.evaluate(([from, to]) => {
      const room = document.querySelector(".present");
      for (const [type, x] of [["pointerdown", from], ["pointerup", to]]) {
        room.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: 300, isPrimary: true, pointerType: "touch", bubbles: true }));
      }
    }, [from, to]);
  await swipe(800, 500);
  await eventually(async () => assert.equal(await progress(app), `3 / ${all}`));
  await swipe(300, 700);
  await eventually(async () => assert.equal(await progress(app), `2 / ${all}`));
  await app.page.mouse.move(500, 300);
  await app.locator('.present-bar [data-command="present.stop"]').click();
  await app.locator(".present").waitFor({ state: "detached" });
});

test("the screen goes black and white, the pointer comes, and the overview leads to any step", async (t) => {
  const app = await open(t);
  await present(app);
  const attribute = (name) => app.locator(".present").getAttribute(name);
  await press(app, "b");
  await eventually(async () => assert.equal(await attribute("data-blank"), "black"));
  await press(app, ".");
  await eventually(async () => assert.equal(await attribute("data-blank"), null));
  await press(app, "w");
  await eventually(async () => assert.equal(await attribute("data-blank"), "white"));
  await step(app, "ArrowRight");
  assert.equal(await attribute("data-blank"), null);
  await press(app, "l");
  await app.page.mouse.move(420, 240);
  await eventually(async () => {
    const { x, y, width, height } = await app.locator(".present-spot").boundingBox();
    assert.deepEqual([x + width / 2, y + height / 2], [420, 240]);
  });
  await press(app, "o");
  await app.page.waitForFunction(() => document.activeElement.matches(".overview-step[aria-current]"));
  assert.deepEqual(await app.violations(), []);
  await app.page.locator(".overview-step", { hasText: "Persistence" }).click();
  await eventually(async () => assert.match(await app.locator(".present .slide-caption").textContent(), /^Persistence · 13 techniques/));
  assert.equal(await app.locator(".present-overview").count(), 0);
});

test("a technique with a comment is shown on its own, its comment large", async (t) => {
  const app = await open(t, { context: { viewport: { width: 1920, height: 1080 } } });
  await choose(app, "T1610");
  await app.locator('[data-field="comment"]').fill("Nothing watches the socket on build nodes.");
  await present(app);
  await step(app, "End");
  const card = app.locator(".present .card-inside");
  assert.match(await card.textContent(), /T1610 Deploy Container.*Nothing watches the socket on build nodes\./);
  const size = await card.locator(".card-comment").evaluate((line) => parseFloat(getComputedStyle(line).fontSize));
  assert.ok(size >= 40, `${size} px`);
  assert.deepEqual(await app.violations(), []);
});

test("layers are slides in the order that was prepared, with their steps and notes, and files keep it", { skip: noMitreattack }, async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  await app.run("layer.duplicate");
  await app.run("present.deck");
  const dialog = app.locator("dialog.deck-dialog");
  await dialog.waitFor();
  assert.deepEqual(await app.violations({ include: "dialog" }), []);
  const names = () => dialog.locator(".deck-slide-name").allTextContents();
  const before = await names();
  await dialog.getByRole("button", { name: `Earlier: ${before[1]}` }).click();
  await eventually(async () => assert.deepEqual(await names(), [before[1], before[0]]));
  await dialog.locator(".deck-slide-name").first().click();
  await dialog.getByRole("button", { name: "Take away: Tactic by tactic" }).click();
  await eventually(async () => assert.equal(await dialog.locator("[data-step]").count(), 3));
  await dialog.locator('[data-action="undo-deck"]').click();
  await eventually(async () => assert.equal(await dialog.locator("[data-step]").count(), 4));
  await dialog.getByRole("button", { name: "Take away: Tactic by tactic" }).click();
  await dialog.locator('[data-field="add-step"]').selectOption({ label: "Light on Impact" });
  await dialog.locator('[data-action="add-step"]').click();
  await dialog.locator('[data-step="tactic impact"] [data-field="step-notes"]').fill("Ask for the budget.");
  await dialog.locator('[data-field="slide-notes"]').fill("Ours");
  await dialog.locator('[data-action="close-deck"]').click();
  const file = (await exported(app)).text();
  const rows = JSON.parse(file).metadata;
  const value = (name) => rows.filter((row) => row.name === name).map((row) => row.value);
  assert.deepEqual(value("bulkhead:slide"), ["1\nOurs"]);
  assert.deepEqual(value("bulkhead:step"), ["unified", "split", "techniques", "tactic impact\nAsk for the budget."]);
  await readStrictly(file);
  await present(app);
  assert.equal(await app.locator(".present .slide-title").textContent(), before[1]);
  await step(app, "ArrowDown");
  assert.equal(await app.locator(".present .slide-title").textContent(), before[0]);
  await step(app, "ArrowUp");
  await step(app, "ArrowRight");
  await step(app, "ArrowRight");
  assert.match(await app.locator(".present .slide-caption").textContent(), /^Impact · 7 techniques/);
});

test("the selected techniques become a step that shows them one by one, undone and exported with the layer", async (t) => {
  const app = await open(t);
  await choose(app, "T1610");
  await app.locator('[data-field="comment"]').fill("Say this.");
  await app.cell("T1609", { tactic: "execution" }).locator(".cell-name").click({ modifiers: ["Control"] });
  await app.run("present.deck");
  const dialog = app.locator("dialog.deck-dialog");
  await dialog.waitFor();
  const add = async () => {
    await dialog.locator('[data-field="add-step"]').selectOption({ label: "Selected: 2 techniques, one by one" });
    await dialog.locator('[data-action="add-step"]').click();
  };
  const chosen = dialog.locator('[data-step="techniques T1609 T1610"]');
  await add();
  await chosen.waitFor();
  await dialog.locator('[data-action="undo-deck"]').click();
  await eventually(async () => assert.equal(await chosen.count(), 0));
  await add();
  await chosen.waitFor();
  // After all of it, only these are to be shown.
  for (const other of ["All of it, split", "Tactic by tactic", "Techniques with a comment, one by one"]) {
    await dialog.getByRole("button", { name: `Take away: ${other}` }).click();
    await eventually(async () => assert.equal(await dialog.getByRole("button", { name: `Take away: ${other}` }).count(), 0));
  }
  await dialog.locator('[data-action="close-deck"]').click();
  const rows = (await exported(app)).json().metadata;
  assert.deepEqual(rows.filter(({ name }) => name === "bulkhead:step").map(({ value }) => value), ["unified", "techniques T1609 T1610"]);
  await present(app);
  await step(app, "ArrowRight");
  const words = () => app.locator(".present").textContent();
  await eventually(async () => assert.match(await words(), /Container Administration Command/));
  assert.doesNotMatch(await words(), /Say this\./);
  await step(app, "ArrowRight");
  await eventually(async () => assert.match(await words(), /Say this\./));
});

// What was clicked may be gone before Firefox says that it was.
const ignored = () => {};

test("the presenter's window has the time, the notes, this slide and the next", async (t) => {
  const app = await open(t, { context: { viewport: { width: 1920, height: 1080 } } });
  await choose(app, "T1610");
  await app.locator('[data-field="comment"]').fill("Say this.");
  await present(app);
  const [window] = await Promise.all([app.page.waitForEvent("popup"), app.page.keyboard.press("s")]);
  await window.locator(".presenter-timer").waitFor();
  await eventually(async () => assert.ok((await window.locator(".presenter-slide .cell").count()) > 100));
  assert.match(await window.locator(".presenter-lines").textContent(), /T1610 Deploy Container: Say this\./);
  const first = await window.locator(".presenter-timer").textContent();
  await eventually(async () => assert.notEqual(await window.locator(".presenter-timer").textContent(), first));
  await window.locator('[data-command="present.next"]').click();
  await eventually(async () => assert.match(await progress(app), /^2 /));
  await window.keyboard.press("PageDown");
  await eventually(async () => assert.match(await progress(app), /^3 /));
  await eventually(async () => assert.match(await window.locator(".presenter-place").textContent(), /^3 /));
  await Promise.all([window.waitForEvent("close"), window.locator('[data-command="present.stop"]').click().catch(ignored)]);
  await app.locator(".present").waitFor({ state: "detached" });
});

test("a blocked window is told of", async (t) => {
  const app = await open(t, { before: (page) => page.addInitScript(() => (window.open = () => null)) });
  await present(app);
  await press(app, "s");
  assert.match(await app.message(/blocked/), /allow pop-up windows/);
});

test("with reduced motion nothing moves, and in high contrast axe finds no fault", { skip: onlyInChromium("Firefox ESR can't be told that the system asks for it") }, async (t) => {
  const app = await open(t, { context: { reducedMotion: "reduce", contrast: "more" } });
  await present(app);
  const moves = await app.page.evaluate(() =>
    [...document.querySelectorAll(".present *")].filter((it) => {
      const { transitionDuration, animationName } = getComputedStyle(it);
      return animationName !== "none" || transitionDuration.split(", ").some((time) => time !== "0s");
    }).length,
  );
  assert.equal(moves, 0);
  assert.deepEqual(await app.violations(), []);
});

for (const ground of ["white", "paper", "navy", "black"]) {
  test(`the ground can be ${ground}, and is remembered`, async (t) => {
    const app = await open(t);
    await score(app, "T1610", "40");
    await app.run("present.deck");
    await app.locator('[data-field="present-ground"]').selectOption(ground);
    await app.locator('[data-field="present-accent"]').selectOption("teal");
    await app.locator('[data-action="close-deck"]').click();
    await app.page.reload();
    await app.ready();
    await present(app);
    assert.equal(await app.locator(".present .slide").getAttribute("data-ground"), ground);
    assert.deepEqual((await wall(app)).faults, []);
    assert.deepEqual(await app.violations(), []);
  });
}
