// What a user does, in words of a user.
//
//   await press(app, "4", "0")                      keys, one after the other; then waits until the page has settled
//   await choose(app, "T1610", { matrix, tactic })  clicks a technique's (first) cell
//   await score(app, "T1610", "40", { … })          chooses it and types the score
//   await see(app, /Opened/)                        waits for a message and dismisses it
//   await show(app, "s")                            presses the key of a representation and waits until it is there
//   await exported(app)                             what Ctrl+S downloads, where no dialog asks
//   await exportedFromSplit(app, "export-one")      what Ctrl+S downloads, with that choice in the dialog
//   await another(app)                              the app in another window of the same browser
//   await eventually(check)                         repeats the check until it throws no more; for what takes a moment

import assert from "node:assert/strict";

const PATIENCE = 10_000;

const REPRESENTATIONS = {
  u: ["unified"],
  s: ["orchestration", "container"],
  o: ["orchestration"],
  n: ["container"],
};

export async function press(app, ...keys) {
  for (const key of keys) {
    // A dialog is shown a frame after it was asked for: nobody closes what they don't see yet.
    if (key === "Escape") await app.page.waitForFunction(() => [...document.querySelectorAll("dialog")].every(({ open }) => open));
    await app.page.keyboard.press(key);
  }
  await app.settled();
}

export async function choose(app, technique, place = {}) {
  const cell = app.cell(technique, place).first();
  // On its name: elsewhere in the cell may be the button that opens its sub-techniques.
  await cell.locator(".cell-name").click();
  await app.page.waitForFunction((cell) => cell.getAttribute("aria-selected") === "true", await cell.elementHandle());
}

export async function score(app, technique, value, place = {}) {
  await choose(app, technique, place);
  await app.page.keyboard.type(value);
}

export async function show(app, key) {
  await press(app, key);
  await eventually(async () => {
    const shown = await app.page.$$eval("[data-matrix]", (all) => all.map(({ dataset }) => dataset.matrix));
    assert.deepEqual(shown, REPRESENTATIONS[key]);
  });
}

export async function see(app, words) {
  const text = await app.message(words);
  await app.locator("[data-message]").filter({ hasText: words }).getByRole("button", { name: "Dismiss" }).click();
  return text;
}

export function exported(app) {
  return app.download(() => press(app, "Control+s"));
}

export async function exportedFromSplit(app, field) {
  await press(app, "Control+s");
  await app.locator(`[role=dialog] [data-field="${field}"]`).check();
  return app.download(() => app.locator('[role=dialog] [data-action="export"]').click());
}

export async function another(app) {
  const page = await app.context.newPage();
  await page.goto(app.server.url);
  const other = Object.assign(Object.create(Object.getPrototypeOf(app)), app, { page });
  await other.ready();
  return other;
}

export async function eventually(check) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
