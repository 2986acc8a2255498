// Coverage and its gaps, a threat over coverage, and snapshots: numbers against the page's own cells, and what comes of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { selected } from "./support/matrix.mjs";
import { choose, eventually, exported, press, score, see, show } from "./support/user.mjs";

const layer = (name, scores) => ({
  name: `${name}.json`,
  text: JSON.stringify({
    name,
    versions: { attack: "19", navigator: "5.1.0", layer: "4.5" },
    domain: "enterprise-attack",
    techniques: Object.entries(scores).map(([techniqueID, score]) => ({ techniqueID, score })),
  }),
});

async function opened(t, options) {
  const app = await open(t, options);
  for (const file of [layer("theirs", { T1610: 3, T1611: 1, T1609: 2 }), layer("ours", { T1609: 80, T1610: 10, T1190: 60 })]) {
    await app.openFile(file);
    await see(app, /Opened 1 layer/);
  }
  return app;
}

test("coverage is counted by tactic and tier, follows the threshold, and a bar selects what is behind it", async (t) => {
  const app = await opened(t);
  await press(app, "b");
  const total = (words) => app.locator(`[data-panel=coverage] [data-total=${words}]`).textContent();
  await eventually(async () => assert.match(await total("all"), /2 of 48/));
  const bar = (words) => app.locator(`[data-panel=coverage] [aria-label="${words}"]`);
  await bar("Execution, orchestration: 1 covered").click();
  assert.deepEqual(await selected(app), ["execution T1609"]);
  await bar("Initial Access, container: 1 covered").focus();
  await press(app, "Enter");
  assert.deepEqual(await selected(app), ["initial-access T1190"]);
  await app.locator('[data-field="coverage-threshold"]').fill("10");
  await eventually(async () => assert.match(await total("all"), /3 of 48/));
  assert.deepEqual(await app.violations({ include: "[data-panel=coverage]" }), []);
  await press(app, "Escape");
  await app.locator("[data-panel=coverage]").waitFor({ state: "detached" });
});

test("what counts as covered is the same in the panel, the bottom bar, the matrix, a report and what is combined", async (t) => {
  const app = await opened(t);
  const whole = app.locator(".status [data-coverage=whole]");
  await eventually(async () => assert.match(await whole.textContent(), /≥ 50: 4 %/));
  await press(app, "b");
  await app.locator('[data-field="coverage-threshold"]').fill("10");
  await eventually(async () => assert.match(await app.locator("[data-total=all]").textContent(), /6 % *3 of 48/));
  await eventually(async () => assert.match(await whole.textContent(), /≥ 10: 6 %/));
  assert.match(await app.locator("[data-matrix=unified]").textContent(), /48 techniques · 6 % covered/);
  const report = (await app.download(() => app.run("export.markdown"))).text();
  assert.match(report, /scored at 10 or above/);
  await app.run("layer.combine");
  await app.locator("dialog [data-action=template-gap]").click();
  assert.match(await app.locator("dialog [data-field=expression]").inputValue(), / < 10\)/);
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 1920]) {
    test(`the numbers of coverage stand on one line each (${width}, ${colorScheme})`, async (t) => {
      const app = await opened(t, { context: { viewport: { width, height: 900 }, colorScheme } });
      const high = () =>
        app.page.$$eval(".coverage-total > *", (all) =>
          all.filter((it) => it.textContent).map((it) => [it.textContent, it.getBoundingClientRect().height / parseFloat(getComputedStyle(it).fontSize), it.scrollWidth - it.clientWidth]),
        );
      const check = async () => {
        const parts = await high();
        assert.ok(parts.length >= 9);
        assert.deepEqual(parts.filter(([, lines, beyond]) => lines > 1.9 || beyond > 1), []);
      };
      await press(app, "b");
      await app.locator("[data-panel=coverage] [data-total=all]").waitFor();
      await check();
      await app.locator('[data-field="coverage-before"]').selectOption({ label: "theirs" });
      await app.locator(".coverage-was").filter({ hasText: "was" }).first().waitFor();
      await check();
      await press(app, "Escape");
      await app.run("coverage.page");
      await app.locator(".coverage-dialog [data-total=all]").waitFor();
      await check();
    });
  }
}

test("what coverage is compared with goes by the layer that is shown", async (t) => {
  const app = await opened(t);
  const before = app.locator('[data-field="coverage-before"]');
  const choices = () => before.locator("option").allTextContents();
  await press(app, "b");
  await before.selectOption({ label: "theirs" });
  await app.locator(".coverage-was").filter({ hasText: "was" }).first().waitFor();
  await app.locator('[role=tab][data-layer]:has-text("theirs")').click();
  await eventually(async () => assert.ok((await choices()).includes("ours")));
  assert.ok(!(await choices()).includes("theirs"));
  assert.equal(await before.inputValue(), "");
  assert.equal(await app.locator(".coverage-was").filter({ hasText: "was" }).count(), 0);
});

test("the gaps are listed with what would close them, compared with another layer, and the chart is a file", async (t) => {
  const app = await opened(t);
  await app.run("coverage.page");
  const page = app.locator(".coverage-dialog");
  await page.locator('[data-gaps="46"]').waitFor();
  const ids = await page.locator(".gap-name").evaluateAll((all) => all.map(({ dataset }) => dataset.technique));
  assert.ok(!ids.includes("T1609") && ids.includes("T1610"));
  assert.ok(await page.locator(".gap-part").first().locator("li").count());
  await eventually(async () => assert.ok(await page.locator('.gap-part:has-text("Microsoft")').count()));
  await page.locator('[data-field="coverage-before"]').selectOption({ label: "theirs" });
  await eventually(async () => assert.match(await page.locator("[data-total=all]").textContent(), /was 0 %/));
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  const file = await app.download(() => page.locator('[data-action="export-chart"]').click());
  assert.equal(file.name, "ours_coverage_by_tactic_and_tier.svg");
  assert.match(file.text(), /^<\?xml[^]*<svg xmlns[^]*ours\. ATT&amp;CK[^]*Compared with theirs\.[^]*not covered[^]*Execution[^]*<\/svg>\s*$/);
  await page.locator('.gap-name[data-technique="T1610"]').click();
  await eventually(async () => assert.ok((await selected(app)).includes("execution T1610")));
});

test("a threat over coverage is seen in the cells with words, listed by tactic and tier, and made a layer", async (t) => {
  const app = await opened(t);
  await app.run("coverage.threat");
  const dialog = app.locator(".threat-dialog");
  const count = (word) => dialog.locator(`[data-count=${word}]`).textContent();
  await eventually(async () => assert.deepEqual([await count("gap"), await count("both"), await count("covered")], ["2", "1", "1"]));
  const row = await dialog.locator('[data-tactic="execution"] td').allTextContents();
  assert.deepEqual(row, ["1", "1", "0", "1", "1", "0"]);
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  const file = await app.download(() => dialog.locator('[data-action="export-chart"]').click());
  assert.equal(file.name, "ours_threat_over_coverage.svg");
  assert.match(file.text(), /theirs over ours\.[^]*Only the threat uses it: a gap[^]*>1 · 1 · 0</);
  await dialog.locator('[data-action="show-threat"]').click();
  await eventually(async () => assert.equal(await app.cell("T1610").first().getAttribute("data-lens"), "gap"));
  assert.match(await app.cell("T1609").first().textContent(), /both/);
  assert.equal(await app.cell("T1190").first().getAttribute("data-lens"), "covered");
  await show(app, "s");
  await eventually(async () => assert.equal(await app.cell("T1610", { matrix: "container" }).first().getAttribute("data-lens"), "gap"));
  await show(app, "u");
  assert.deepEqual(await app.violations(), []);
  await app.locator('[data-region=lens] [data-action="make-layer"]').click();
  await see(app, /Made the layer "theirs over ours"/);
  const made = (await exported(app)).json();
  const scores = Object.fromEntries(made.techniques.map(({ techniqueID, score }) => [techniqueID, score]));
  assert.deepEqual(scores, { T1609: 1, T1610: 2, T1611: 2, T1190: 0 });
  assert.equal(made.legendItems.length, 3);
});

test("the snapshot that coverage is compared with stays the same when an earlier one is removed", async (t) => {
  const app = await open(t);
  for (const [name, technique] of [["first", "T1610"], ["second", "T1609"], ["third", "T1613"]]) {
    await app.run("layer.snapshots");
    await app.locator('[data-field="snapshot-name"]').fill(name);
    await press(app, "Enter");
    await app.locator(`[data-snapshot="${name}"]`).waitFor();
    await press(app, "Escape");
    await score(app, technique, "80");
  }
  const before = app.locator('[data-panel=coverage] [data-field="coverage-before"]');
  const chosen = () => before.evaluate((it) => it.selectedOptions[0].textContent);
  await press(app, "b");
  const second = (await before.locator("option").allTextContents()).find((it) => it.startsWith("second"));
  await before.selectOption({ label: second });
  await eventually(async () => assert.match(await app.locator("[data-total=all] .coverage-was").textContent(), /was 2 %/));
  await app.run("layer.snapshots");
  await app.locator('[data-snapshot="first"] [aria-label="Remove the snapshot first"]').click();
  await app.locator('[data-snapshot="first"]').waitFor({ state: "detached" });
  await press(app, "Escape");
  await eventually(async () => assert.equal(await chosen(), second));
  assert.match(await app.locator("[data-total=all] .coverage-was").textContent(), /was 2 %/);
});

test("a snapshot outlives the page and the file, is drawn, compared and restored, and undone", async (t) => {
  const profileDir = await temporaryFolder();
  const app = await open(t, { profileDir });
  await score(app, "T1610", "80");
  await app.run("layer.snapshots");
  await app.locator('[data-field="snapshot-name"]').fill("Q3 review");
  await press(app, "Enter");
  await app.locator('[data-snapshot="Q3 review"]').waitFor();
  assert.match(await app.locator(".snapshots-dialog svg.chart").getAttribute("aria-label"), /Q3 review: 2 %, now: 2 %/);
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  const file = await app.download(() => app.locator('.snapshots-dialog [data-action="export-chart"]').click());
  assert.match(file.name, /coverage_over_time\.svg$/);
  assert.match(file.text(), /Snapshots since \d{4}-\d\d-\d\d\.[^]*techniques covered, in percent[^]*Q3 review/);
  await press(app, "Escape");
  await choose(app, "T1610");
  await press(app, "Backspace", "Backspace", "5");
  await eventually(async () => assert.equal(await app.cell("T1610").first().getAttribute("data-score"), "5"));
  await eventually(async () => assert.equal(await app.locator("[data-saved]").getAttribute("data-saved"), "saved"));
  await app.close();
  const again = await open(t, { server: app.server, profileDir });
  await eventually(async () => assert.equal(await again.cell("T1610").first().getAttribute("data-score"), "5"));
  const layerFile = (await exported(again)).json();
  assert.deepEqual(layerFile.metadata.map(({ name }) => name), ["bulkhead:snapshot"]);
  await again.run("layer.snapshots");
  await again.locator('[data-action="restore-snapshot"]').click();
  await see(again, /"Q3 review"/);
  await eventually(async () => assert.equal(await again.cell("T1610").first().getAttribute("data-score"), "80"));
  await press(again, "Control+z");
  await eventually(async () => assert.equal(await again.cell("T1610").first().getAttribute("data-score"), "5"));
  assert.equal((await exported(again)).json().metadata.length, 1);
});
