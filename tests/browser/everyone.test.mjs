// The app for those who see little, use no pointer, or hear the page: every screen by axe in three themes, narrow and zoomed
// windows, a planning session by keys alone, and whether what is heard makes sense.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { focused, said } from "./support/matrix.mjs";
import { eventually, press } from "./support/user.mjs";

// Whatever opens over or beside the matrix, and how to know that it is there.
const SCREENS = {
  "help.shortcuts": "dialog[open]",
  "help.about": "dialog[open]",
  "layer.settings": "dialog[open]",
  "layer.colors": "[data-panel=colors]",
  "layer.start": "dialog[open]",
  "layer.open-address": "dialog[open]",
  "layer.snapshots": "dialog[open]",
  "layer.combine": "dialog[open]",
  "layer.compare": "dialog[open]",
  "layer.upgrade": "dialog[open]",
  "layer.from-actors": "dialog[open]",
  "annotate.replace-in-comments": "dialog[open]",
  "coverage.panel": "[data-panel=coverage]",
  "coverage.page": "dialog[open]",
  "coverage.threat": "dialog[open]",
  "crosswalk.compare": "dialog[open]",
  "bundle.manage": "dialog[open]",
  "export.picture": "dialog[open]",
  "share.link": "dialog[open]",
  "tiers.workbench": "dialog[open]",
  "tiers.retier": "dialog[open]",
  "draft.list": "dialog[open]",
  "draft.technique": "dialog[open]",
  "draft.procedure": "dialog[open]",
  "view.evidence": ".lens-items",
};

async function closed(app) {
  await press(app, "Escape");
  await app.locator("dialog[open]").waitFor({ state: "detached" });
}

async function twoLayers(app) {
  await app.cell("T1610").first().locator(".cell-name").click();
  await app.page.keyboard.type("40");
  await press(app, "Alt+n");
  await eventually(async () => assert.equal(await app.locator("[role=tab][data-layer]").count(), 2));
  await app.cell("T1611").first().locator(".cell-name").click();
  await app.page.keyboard.type("75");
}

for (const [theme, context, contrast] of [
  ["light", { colorScheme: "light" }, false],
  ["dark", { colorScheme: "dark" }, false],
  ["high contrast", { colorScheme: "light" }, true],
]) {
  test(`axe finds nothing wrong with any screen (${theme})`, { timeout: 300_000 }, async (t) => {
    const app = await open(t, { context: { ...context, reducedMotion: "reduce", viewport: { width: 1440, height: 900 } } });
    if (contrast) await app.run("view.contrast");
    await twoLayers(app);
    for (const [command, there] of Object.entries(SCREENS)) {
      await app.run(command);
      await app.locator(there).first().waitFor();
      assert.deepEqual(await app.violations(), [], `${command}, ${theme}`);
      if (there === "dialog[open]") await closed(app);
    }
  });
}

// 320 px are 1280 px at a zoom of four; 640 by 400 are a usual window at two.
for (const [what, viewport, deviceScaleFactor] of [
  ["320 px wide", { width: 320, height: 640 }, 1],
  ["zoomed to 200 %", { width: 640, height: 400 }, 2],
]) {
  test(`nothing is lost in a window ${what}`, { timeout: 120_000 }, async (t) => {
    const app = await open(t, { context: { viewport, deviceScaleFactor } });
    await app.locator('link[href*="narrow"]').waitFor({ state: "attached" });
    const outside = () =>
      app.page.evaluate(() => {
        const scrolls = (element) => {
          for (let at = element.parentElement; at; at = at.parentElement) {
            if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return true;
          }
          return false;
        };
        const controls = [...document.querySelectorAll("button, input, select, textarea, [role=tab], h2, dialog[open]")];
        const out = controls.filter((control) => {
          const { left, right, width, height } = control.getBoundingClientRect();
          return width > 1 && height > 1 && (left < -1 || right > innerWidth + 1) && !scrolls(control);
        });
        const page = document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} px wide`] : [];
        return [...page, ...out.map((control) => control.dataset.command ?? control.dataset.field ?? control.textContent)];
      });
    await eventually(async () => assert.deepEqual(await outside(), []));
    await twoLayers(app);
    assert.deepEqual(await outside(), [], "selected");
    for (const [command, there] of Object.entries(SCREENS)) {
      await app.run(command);
      await app.locator(there).first().waitFor();
      assert.deepEqual(await outside(), [], command);
      if (there === "dialog[open]") await closed(app);
    }
  });
}

test("a planning session by keys alone: open, search, select, score, compare, export, present", async (t) => {
  const app = await open(t);
  const { keyboard } = app.page;
  // Choosers of files are caught from now on, and not only once one is waited for.
  app.page.on("filechooser", () => {});
  const colleague = {
    name: "Colleague",
    versions: { attack: "19", navigator: "5.1.0", layer: "4.5" },
    domain: "enterprise-attack",
    techniques: [{ techniqueID: "T1611", tactic: "privilege-escalation", score: 75 }],
  };
  // A layer of one's own beside the first, and a colleague's. The browser's own dialog can't be typed in here; the key must bring it up.
  await press(app, "Alt+n");
  await eventually(async () => assert.equal(await app.locator("[role=tab][data-layer]").count(), 2));
  await press(app, "Alt+PageUp");
  await app.locator('[role=tab][aria-selected="true"]').filter({ hasText: /^layer$/ }).waitFor();
  const [chooser] = await Promise.all([app.page.waitForEvent("filechooser"), press(app, "Control+o")]);
  await chooser.setFiles({ name: "colleague.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(colleague)) });
  await eventually(async () => assert.deepEqual(await said(app), ["unified privilege-escalation T1611: score 75"]));
  // To one's own, search, and score.
  await press(app, "Alt+PageDown");
  await eventually(async () => assert.deepEqual(await said(app), []));
  await press(app, "Control+k");
  await app.locator('[data-field="search"]:focus').waitFor();
  await keyboard.type("escape to host");
  await app.locator("dialog.palette").getByText("Escape to Host").first().waitFor();
  await press(app, "Enter");
  await eventually(async () => assert.equal((await focused(app))?.technique, "T1611"));
  await keyboard.type("40");
  await press(app, "c");
  await app.locator('[data-field="comment"]:focus').waitFor();
  await keyboard.type("Only with seccomp.");
  await press(app, "Escape");
  await eventually(async () => assert.equal((await focused(app))?.technique, "T1611"));
  // More of them, and score them together.
  await press(app, "Shift+ArrowDown");
  await press(app, "+");
  await press(app, "Control+z");
  await eventually(async () => assert.deepEqual((await said(app)).map((it) => it.match(/score \d+/)?.[0]), ["score 40"]));
  // Compare with the colleague's, by the palette.
  await app.run("layer.compare");
  await app.locator("dialog[open]").waitFor();
  const second = app.locator('dialog[open] [data-field="compare-second"]');
  for (let presses = 0; presses < 9 && !(await second.evaluate((it) => it === document.activeElement)); presses += 1) await press(app, "Tab");
  await keyboard.type("Coll");
  await eventually(async () => assert.equal(await second.evaluate((it) => it.selectedOptions[0].textContent), "Colleague"));
  await app.locator("dialog[open]").getByText("In both, differently (1)").waitFor();
  await closed(app);
  // Coverage, and back.
  await press(app, "Shift+B");
  await app.locator("dialog[open]").waitFor();
  await closed(app);
  // Export.
  const file = (await app.download(() => press(app, "Control+s"))).json();
  assert.deepEqual(
    file.techniques.map(({ techniqueID, score, comment }) => ({ techniqueID, score, comment })),
    [{ techniqueID: "T1611", score: 40, comment: "Only with seccomp." }],
  );
  // Present it: the first slide, the next, and back to the cell.
  const [before, slide] = [await focused(app), app.locator(".present .slide-progress")];
  assert.ok(before);
  await press(app, "Shift+P");
  await slide.filter({ hasText: /^1 / }).waitFor();
  await press(app, "ArrowRight");
  await slide.filter({ hasText: /^2 / }).waitFor();
  await press(app, "Escape");
  await slide.waitFor({ state: "detached" });
  await eventually(async () => assert.deepEqual(await focused(app), before));
});

test("what is heard makes sense: everything that can be used has a name, and a cell's name is a sentence", async (t) => {
  const app = await open(t);
  await app.cell("T1610").first().locator(".cell-name").click();
  await app.page.keyboard.type("40");
  await app.locator(".inspector").getByText("In the cluster:").waitFor();
  const tree = await app.locator("body").ariaSnapshot();
  const nameless = tree.split("\n").filter((line) => /^\s*- (button|link|gridcell|tab|menuitem|textbox|combobox|checkbox|radio|dialog|grid|columnheader|img)(:| \[|$)/.test(line));
  assert.deepEqual(nameless, []);
  // The landmarks, in the order in which one comes through them.
  const landmarks = [...tree.matchAll(/^\s*- (banner|main|complementary|contentinfo|navigation|region|toolbar|search)\b/gm)].map(([, it]) => it);
  for (const wanted of ["banner", "main", "contentinfo"]) assert.ok(landmarks.includes(wanted), landmarks.join(", "));
  assert.match(tree, /gridcell "T1610 score 40 Deploy Container"/);
  assert.match(tree, /gridcell "T1609 Container Administration Command"/);
  const described = (id) => app.cell(id).first().getAttribute("aria-description");
  assert.equal(await described("T1610"), "seen in the wild");
});
