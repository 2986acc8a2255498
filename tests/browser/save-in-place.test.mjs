// Saving to the file that a layer was opened from. Without a screen the browser has no pickers, so one stands in for them
// that keeps its files in memory and knows no more of the interface than the standard says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { choose, eventually, press, score, see } from "./support/user.mjs";

const LAYER = JSON.stringify({
  name: "Q4", versions: { attack: "19", navigator: "5.1.0", layer: "4.5" }, domain: "enterprise-attack",
  techniques: [{ techniqueID: "T1610", tactic: "execution", score: 40 }],
});

// Files by name: { text, changed, may }.
const pickers = (page, files) =>
  page.addInitScript((files) => {
    window.disk = files;
    const handle = (name) => ({
      kind: "file",
      name,
      getFile: async () => new File([window.disk[name].text], name, { lastModified: window.disk[name].changed }),
      requestPermission: async ({ mode }) => (mode === "readwrite" && window.disk[name].may ? "granted" : "denied"),
      async createWritable() {
        let text = "";
        return {
          write: async (part) => void (text += part),
          close: async () => {
            await window.held;
            Object.assign(window.disk[name], { text, changed: window.disk[name].changed + 1000 });
          },
        };
      },
    });
    window.showOpenFilePicker = async () => [handle(window.picked)];
    window.showSaveFilePicker = async ({ suggestedName }) => {
      if (window.aborts) throw new DOMException("no", "AbortError");
      window.disk[suggestedName] ??= { text: "", changed: 1, may: true };
      return handle(suggestedName);
    };
  }, files);

const disk = (app, name) => app.page.evaluate((name) => window.disk[name], name);

async function opened(t, files, picked) {
  const app = await open(t, { before: (page) => pickers(page, files) });
  await app.page.evaluate((name) => (window.picked = name), picked);
  await app.run("layer.open-in-place");
  await see(app, /Opened/);
  return app;
}

test("a layer that was opened to be saved in place is saved to its file, again and again", async (t) => {
  const app = await opened(t, { "q4.json": { text: LAYER, changed: 5, may: true } }, "q4.json");
  for (const value of ["7", "9"]) {
    // Digits that follow each other in one cell make one number.
    await choose(app, "T1613");
    await score(app, "T1609", value);
    await press(app, "Control+s");
    await see(app, /Saved "q4\.json"/);
    const { techniques } = JSON.parse((await disk(app, "q4.json")).text);
    assert.deepEqual(techniques.map(({ techniqueID, score }) => `${techniqueID} ${score}`), ["T1610 40", `T1609 ${value}`]);
  }
});

test("a file that another program wrote since is not replaced unseen", async (t) => {
  const app = await opened(t, { "q4.json": { text: LAYER, changed: 5, may: true } }, "q4.json");
  await app.page.evaluate(() => Object.assign(window.disk["q4.json"], { text: "theirs", changed: 99 }));
  await score(app, "T1609", "7");
  await press(app, "Control+s");
  await see(app, /was changed by another program since: nothing was saved/);
  assert.equal((await disk(app, "q4.json")).text, "theirs");
  await press(app, "Control+s");
  await see(app, /Saved/);
  assert.match((await disk(app, "q4.json")).text, /T1609/);
});

// A disk that takes its time: what is written is there once it is let go.
const hold = (app) => app.page.evaluate(() => void (window.held = new Promise((done) => (window.letGo = done))));
const letGo = (app) => app.page.evaluate(() => window.letGo());

test("what is saved again while it is being saved is saved twice, and nobody else is said to have changed the file", async (t) => {
  const app = await opened(t, { "q4.json": { text: LAYER, changed: 5, may: true } }, "q4.json");
  await hold(app);
  await press(app, "Control+s");
  await score(app, "T1609", "7");
  await press(app, "Control+s", "Control+s");
  await letGo(app);
  await eventually(async () => assert.equal((await disk(app, "q4.json")).changed, 2005));
  assert.match((await disk(app, "q4.json")).text, /T1609/);
  await see(app, /Saved "q4\.json"/);
  assert.equal(await app.locator("[data-message]").count(), 0);
});

test("a file that another program wrote since is not replaced by who saves twice before it is said", async (t) => {
  const app = await opened(t, { "q4.json": { text: LAYER, changed: 5, may: true } }, "q4.json");
  await app.page.evaluate(() => Object.assign(window.disk["q4.json"], { text: "theirs", changed: 99 }));
  await app.page.evaluate(() => {
    const press = () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "s", code: "KeyS", ctrlKey: true, bubbles: true, cancelable: true }));
    press();
    press();
  });
  await see(app, /was changed by another program since: nothing was saved/);
  assert.equal((await disk(app, "q4.json")).text, "theirs");
});

test("without the user's permission nothing is written, and the layer can be exported", async (t) => {
  const app = await opened(t, { "q4.json": { text: LAYER, changed: 5, may: false } }, "q4.json");
  await press(app, "Control+s");
  await see(app, /not allowed to write/);
  assert.equal((await disk(app, "q4.json")).text, LAYER);
  const file = await app.download(() => app.run("layer.export-json"));
  assert.equal(file.json().name, "Q4");
});

test("a file with several layers is no one layer's file", async (t) => {
  const app = await opened(t, { "two.json": { text: `[${LAYER},${LAYER}]`, changed: 5, may: true } }, "two.json");
  await app.download(() => press(app, "Control+s"));
  assert.equal((await disk(app, "two.json")).text, `[${LAYER},${LAYER}]`);
});

test("saving to a picked file makes it the layer's own; changing one's mind does nothing", async (t) => {
  const app = await open(t, { before: (page) => pickers(page, {}) });
  await choose(app, "T1610");
  await press(app, "4");
  await app.page.evaluate(() => (window.aborts = true));
  await app.run("layer.save-as");
  await app.page.waitForTimeout(300);
  assert.equal(await app.locator("[data-message]").count(), 0);
  await app.page.evaluate(() => (window.aborts = false));
  await app.run("layer.save-as");
  await see(app, /Saved "layer\.json"/);
  await score(app, "T1609", "8");
  await press(app, "Control+s");
  await see(app, /Saved/);
  await eventually(async () => assert.match((await disk(app, "layer.json")).text, /T1609/));
});

test("where the browser has no pickers, saving is a download and opening the usual field", async (t) => {
  const before = (page) => page.addInitScript(() => {
    delete window.showSaveFilePicker;
    delete window.showOpenFilePicker;
  });
  const app = await open(t, { before });
  await score(app, "T1610", "40");
  for (const command of ["layer.save", "layer.save-as"]) {
    const file = await app.download(() => app.run(command));
    assert.equal(file.json().techniques.length, 1, command);
  }
  const asked = app.page.waitForEvent("filechooser");
  await app.run("layer.open-in-place");
  await asked;
});
