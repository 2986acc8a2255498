// Making a layer of others by an expression: what a user types, sees beside it, and gets. The values of expressions are
// tested natively.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { eventually, exported, press, score, see } from "./support/user.mjs";

const layer = (name, scores, more = {}) => ({
  name: `${name}.json`,
  text: JSON.stringify({
    name,
    versions: { attack: "19", navigator: "5.1.0", layer: "4.5" },
    domain: "enterprise-attack",
    techniques: Object.entries(scores).map(([techniqueID, score]) => ({ techniqueID, tactic: "execution", score, comment: `${name} ${techniqueID}` })),
    ...more,
  }),
});

const field = (app, name) => app.locator(`.combine-dialog [data-field="${name}"]`);
const preview = (app) => app.locator(".combine-dialog [data-preview]");
const says = (app, words) => eventually(async () => assert.match(await preview(app).textContent(), words));
const make = (app) => app.locator('.combine-dialog [data-action="make-layer"]');

const scores = ({ techniques }) => Object.fromEntries(techniques.filter((it) => "score" in it).map(({ techniqueID, score }) => [techniqueID, score]));

async function opened(t) {
  const app = await open(t);
  for (const file of [layer("ours", { T1609: 80, T1610: 10 }), layer("theirs", { T1610: 3, T1053: 1, T1609: 2 })]) {
    await app.openFile(file);
    await see(app, /Opened 1 layer/);
  }
  await app.locator('[role=tab]:has-text("ours")').click();
  await app.run("layer.combine");
  await field(app, "expression").waitFor();
  return app;
}

test("layers are combined by their letters, which the tabs show meanwhile, with a preview that follows every key", async (t) => {
  const app = await opened(t);
  const letters = await app.page.$$eval(".tab-list > .tab", (all) => all.map((it) => getComputedStyle(it, "::before").content));
  assert.ok(letters.every((content) => content.includes("letter")), letters.join());
  const chips = await app.page.$$eval("[data-letter]", (all) => all.map((it) => it.textContent));
  assert.deepEqual(chips, ["aours", "btheirs"]);
  const [ours, theirs] = chips.slice(-2).map((text) => text[0]);
  await field(app, "expression").pressSequentially(`max(${ours}, ${theirs} * 2)`);
  await says(app, /3 techniques get a score, from 2 to 80/);
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await field(app, "combine-comments").selectOption({ label: `${theirs} · theirs` });
  await make(app).click();
  await see(app, /Made the layer "layer by operation": 3 techniques/);
  const made = (await exported(app)).json();
  assert.deepEqual(scores(made), { T1609: 80, T1610: 10, T1053: 2 });
  assert.deepEqual(made.techniques.map(({ comment }) => comment).sort(), ["theirs T1053", "theirs T1609", "theirs T1610"]);
  assert.deepEqual([made.gradient.minValue, made.gradient.maxValue], [2, 80]);
});

test("an error points at its character, and nothing can be made of it", async (t) => {
  const app = await opened(t);
  const cases = [["a + * b", 4, /Character 5/], ["(a + b", 0, /never closed/], ["a + z", 4, /no layer z/], ["a = 5", 2, /==/]];
  for (const [text, at, words] of cases) {
    await field(app, "expression").fill(text);
    await app.locator(`[data-fault-at="${at}"]`).waitFor();
    assert.match(await app.locator("#expression-fault").textContent(), words);
    assert.ok(await make(app).isDisabled());
    assert.equal(await field(app, "expression").getAttribute("aria-invalid"), "true");
  }
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await field(app, "expression").fill("a");
  await eventually(async () => assert.ok(await make(app).isEnabled()));
});

test("their techniques minus our coverage is one click, and keeps their words", async (t) => {
  const app = await opened(t);
  await app.locator('[data-letter]:has-text("theirs")').waitFor();
  await app.locator('[data-action="template-gap"]').click();
  await says(app, /techniques? gets? a score/);
  await make(app).click();
  await see(app, /Made the layer ".* minus ours"/);
  const made = (await exported(app)).json();
  assert.deepEqual(scores(made), { T1610: 3, T1053: 1 });
  assert.ok(made.techniques.every(({ comment }) => comment.startsWith("theirs")));
});

test("a layer that was made can be scored on, and a letter is written where the caret is", async (t) => {
  const app = await opened(t);
  await field(app, "expression").fill("(+ 1)");
  await press(app, "Home", "ArrowRight");
  const last = app.locator("[data-letter]").last();
  const letter = await last.getAttribute("data-letter");
  await last.click();
  assert.equal(await field(app, "expression").inputValue(), `(${letter}+ 1)`);
  await says(app, /3 techniques get a score, from 2 to 4/);
  await press(app, "Enter");
  await see(app, /Made the layer/);
  await score(app, "T1611", "7");
  assert.equal(scores((await exported(app)).json()).T1611, 7);
});
