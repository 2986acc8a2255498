// What holds for every dialog, whatever is in it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { choose, eventually, press, see } from "./support/user.mjs";

const layer = (name, scores) => ({
  name: `${name}.json`,
  text: JSON.stringify({
    name,
    versions: { attack: "19", navigator: "5.1.0", layer: "4.5" },
    domain: "enterprise-attack",
    techniques: Object.entries(scores).map(([techniqueID, score]) => ({ techniqueID, score })),
  }),
});

// Each with what is there once what it waits for has come.
const DIALOGS = {
  "help.shortcuts": ".shortcut",
  "layer.start": ".dialog",
  "layer.settings": "[data-field=layer-name]",
  "layer.from-actors": ".actor-list label",
  "layer.combine": ".dialog",
  "layer.compare": ".compare-list .compare-line",
  "layer.upgrade": ".dialog",
  "layer.snapshots": ".snapshot-take",
  "coverage.page": ".gap",
  "coverage.threat": ".threat-lists li",
  "crosswalk.compare": ".crosswalk-line",
  "tiers.workbench": ".workbench-figures table",
  "export.picture": ".dialog",
  "share.embed": ".made-text",
  "bundle.manage": ".dialog",
  "present.deck": ".dialog",
};

// For each box of the dialog that scrolls down: how much is below the last thing that is seen in it.
function blankBelow() {
  const dialog = document.querySelector("dialog[open]");
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowY);
  const seen = (box, bottom = 0) => {
    for (const child of box.children) {
      const style = getComputedStyle(child);
      if (style.display === "none" || child.matches(".visually-hidden")) continue;
      bottom = Math.max(bottom, style.display === "contents" ? 0 : child.getBoundingClientRect().bottom + parseFloat(style.marginBottom));
      if (!/auto|scroll|hidden/.test(style.overflowY)) bottom = seen(child, bottom);
    }
    return bottom;
  };
  const boxes = [dialog, ...dialog.querySelectorAll("*:not(textarea)")].filter((box) => scrolls(box) && box.scrollHeight > box.clientHeight + 1);
  const blank = (box) => {
    const end = box.getBoundingClientRect().top + box.clientTop - box.scrollTop + box.scrollHeight;
    return Math.round(end - parseFloat(getComputedStyle(box).paddingBottom) - seen(box));
  };
  return boxes.map((box) => [box.className, blank(box)]).filter(([, pixels]) => pixels > 2);
}

for (const viewport of [{ width: 1280, height: 720 }, { width: 800, height: 600 }]) {
  test(`no dialog scrolls on below its last line (${viewport.width} × ${viewport.height})`, async (t) => {
    const app = await open(t, { context: { viewport } });
    for (const file of [layer("Theirs", { T1610: 3, T1611: 1 }), layer("Ours", { T1610: 80, T1611: 1 })]) {
      await app.openFile(file);
      await see(app, /Opened 1 layer/);
    }
    await choose(app, "T1610");
    const found = [];
    for (const [command, there] of Object.entries(DIALOGS)) {
      await app.run(command);
      await app.locator(`dialog[open]${there === ".dialog" ? "" : ` ${there}`}`).first().waitFor({ timeout: 10_000 });
      found.push([command, await app.page.evaluate(blankBelow)]);
      await press(app, "Escape");
      await eventually(async () => assert.equal(await app.locator("dialog[open]").count(), 0));
    }
    assert.deepEqual(found.filter(([, blank]) => blank.length), []);
  });
}

test("the focus goes back to the cell through a dialog that led to another", async (t) => {
  const app = await open(t);
  await choose(app, "T1610");
  await app.run("bundle.manage");
  await app.locator('dialog[open] [data-command="layer.open-address"]').click();
  await app.locator('dialog[open][aria-label="Open from the web"]').waitFor();
  await press(app, "Escape");
  await eventually(async () => {
    assert.equal(await app.locator("dialog").count(), 0);
    assert.equal(await app.page.evaluate(() => document.activeElement.dataset.technique), "T1610");
  });
});

test("in the list of keys nothing runs into anything", async (t) => {
  const app = await open(t, { context: { viewport: { width: 1280, height: 720 } } });
  await app.run("help.shortcuts");
  await app.locator(".shortcut").last().waitFor();
  const wide = await app.locator(".shortcut dt").evaluateAll((all) => {
    const range = document.createRange();
    const right = (element) => (range.selectNodeContents(element), range.getBoundingClientRect().right);
    return all.filter((keys) => right(keys) > keys.nextElementSibling.getBoundingClientRect().left - 4).map((keys) => keys.textContent);
  });
  assert.deepEqual(wide, []);
  const keys = await app.locator(".shortcut dt").allTextContents();
  assert.ok(keys.includes("Alt+Shift+Page\u00a0Up, Alt+Shift+←"), keys.join("\n"));
});
