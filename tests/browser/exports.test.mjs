// What is exported for reports: workbook, table, report and pictures. What is in the first three is tested natively, with
// other programs; here, that the user gets them, and what a picture looks like.

import assert from "node:assert/strict";
import { test } from "node:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { open, temporaryFolder } from "./harness/browser.mjs";
import { exported, press, score, see } from "./support/user.mjs";

test("workbook, table and report are downloaded, named after the layer", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  const workbook = await app.download(() => app.run("export.xlsx"));
  assert.match(workbook.name, /^layer\d*\.xlsx$/);
  assert.equal(workbook.bytes.subarray(0, 2).toString(), "PK");
  const all = await app.download(() => app.run("export.all-xlsx"));
  assert.equal(all.bytes.subarray(0, 2).toString(), "PK");
  const table = await app.download(() => app.run("export.csv"));
  assert.match(table.name, /\.csv$/);
  assert.match(table.text(), /\r\nT1610,Deploy Container,,Execution,[^\r]*,40,/);
  const report = await app.download(() => app.run("export.markdown"));
  assert.match(report.name, /\.md$/);
  assert.match(report.text(), /\| T1610 Deploy Container \| Execution \| 40 \|/);
});

for (const view of ["view.unified", "view.split"]) {
  for (const layout of ["view.layout-side", "view.layout-flat", "view.layout-mini"]) {
    test(`in a picture of ${view}, ${layout}, no text leaves its cell`, async (t) => {
      const app = await open(t);
      await score(app, "T1610", "40");
      await app.run(view);
      await app.run(layout);
      const picture = await app.download(() => app.run("export.svg"));
      const left = await app.page.evaluate((text) => {
        const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
        document.body.append(svg);
        const out = [];
        for (const cell of svg.querySelectorAll("g[class^=technique], g[class^=subtechnique]")) {
          const box = cell.querySelector("rect").getBoundingClientRect();
          for (const words of cell.querySelectorAll("text")) {
            const { left, right, top, bottom } = words.getBoundingClientRect();
            if (left < box.left || right > box.right || top < box.top - 1 || bottom > box.bottom + 1) out.push(words.textContent);
          }
        }
        const cells = svg.querySelectorAll("g[class^=technique], g[class^=subtechnique]").length;
        svg.remove();
        return { out, cells };
      }, picture.text().replace(/^<\?xml.*\?>\n/, ""));
      assert.deepEqual(left.out, []);
      assert.ok(left.cells > 40);
    });
  }
}

test("both matrices of a split stand side by side in its picture, or as the dialog is told", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  await app.run("view.split");
  const shape = (text) => {
    const titles = [...text.matchAll(/class="matrix-title" transform="translate\(([\d.]+), ([\d.]+)\)"/g)];
    return titles.map(([, x, y]) => [Number(x), Number(y)]);
  };
  const [first, second] = shape((await app.download(() => app.run("export.svg"))).text());
  assert.ok(first[1] === second[1] && first[0] + 500 < second[0], JSON.stringify([first, second]));
  await see(app, /Exported/);
  await app.run("export.picture");
  const choice = app.locator('[data-field="picture-representation"]');
  assert.equal(await choice.inputValue(), "split-beside");
  await choice.selectOption("split");
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  const stacked = shape((await app.download(() => app.locator('[data-action="export-svg"]').click())).text());
  assert.ok(stacked[0][0] === stacked[1][0] && stacked[0][1] < stacked[1][1], JSON.stringify(stacked));
  await see(app, /Exported/);
  // The screen and the layer stay as they are, whatever the picture shows.
  await app.run("view.unified");
  await app.run("export.picture");
  assert.equal(await choice.inputValue(), "unified");
  await choice.selectOption("split-beside");
  const picture = await app.download(() => app.locator('[data-action="export-svg"]').click());
  assert.equal(shape(picture.text()).length, 2);
  await see(app, /Exported/);
  const file = join(await temporaryFolder(), "beside.svg");
  await writeFile(file, picture.bytes);
  const layer = (await exported(app)).json();
  const fresh = await open(t, { server: app.server });
  await fresh.openFile(file);
  await see(fresh, /Opened 1 layer/);
  assert.deepEqual((await exported(fresh)).json(), layer);
});

test("a picture opens as the layer that it shows, as SVG and as PNG", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  const layer = (await exported(app)).json();
  await see(app, /Exported/);
  const folder = await temporaryFolder();
  for (const kind of ["svg", "png"]) {
    const picture = await app.download(() => app.run(`export.${kind}`));
    await see(app, /Exported/);
    const file = join(folder, picture.name);
    await writeFile(file, picture.bytes);
    const fresh = await open(t, { server: app.server });
    await fresh.openFile(file);
    await see(fresh, /Opened 1 layer/);
    assert.deepEqual((await exported(fresh)).json(), layer, kind);
    await fresh.close();
  }
});

test("a picture of someone else's is refused with the reason", async (t) => {
  const app = await open(t);
  await app.openFile({ name: "a.svg", text: "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>" });
  await see(app, /it is a picture without a layer in it/);
});

test("the picture's dialog shows what will be exported, and axe finds no fault in it", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  await app.run("export.picture");
  const preview = app.locator(".picture-preview img");
  await app.page.waitForFunction((image) => image.complete && image.naturalWidth === 1920, await preview.elementHandle());
  await app.locator('[data-field="picture-width"]').selectOption("1280");
  await app.page.waitForFunction((image) => image.complete && image.naturalWidth === 1280, await preview.elementHandle());
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  await app.locator('[data-field="picture-annotated"]').check();
  const picture = await app.download(() => app.locator('[data-action="export-svg"]').click());
  assert.equal(picture.text().match(/class="(sub)?technique /g).length, 1);
});

test("the report as a page shows the layer, and neither script nor style of a layer's gets into it", async (t) => {
  const app = await open(t);
  const hostile = "</td><script>alert(1)</script><img src=x onerror=alert(1)>";
  const techniques = [{ techniqueID: "T1610", tactic: "execution", score: 40, comment: hostile, links: [{ label: hostile, url: "javascript:alert(1)" }] }];
  await app.openFile({ name: "a.json", text: JSON.stringify({ name: hostile, versions: { layer: "4.5", attack: "19" }, domain: "enterprise-attack", description: hostile, legendItems: [{ color: "#ff6666", label: hostile }], techniques }) });
  await see(app, /Opened/);
  const report = await app.download(() => app.run("export.html"));
  assert.match(report.name, /\.html$/);
  const folder = await temporaryFolder();
  const file = join(folder, "report.html");
  await writeFile(file, report.bytes);
  const page = await app.context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => wrong.push(dialog.message()));
  await page.goto(`file://${file}`);
  const seen = await page.evaluate(() => ({
    active: document.querySelectorAll("script, img, iframe, object, [onerror], [href^=javascript]").length,
    titles: [...document.querySelectorAll("h2")].map((it) => it.textContent),
    cells: document.querySelectorAll("svg g[class^=technique], svg g[class^=subtechnique]").length,
    wide: document.documentElement.scrollWidth > innerWidth,
  }));
  assert.deepEqual(seen.titles, ["Matrix", "Coverage", "Gaps", "Evidence from the wild", "Annotations", "Legend"]);
  assert.deepEqual([seen.active, seen.wide, seen.cells > 30, wrong], [0, false, true, []]);
  await page.close();
});

test("what the filters hide can be left out of a layer file, and it is told how much that is", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  await score(app, "T1609", "50");
  await press(app, "x");
  await app.run("view.hide-disabled");
  await app.run("view.collapse-all");
  const file = await app.download(() => app.run("layer.export-visible-json"));
  await see(app, /without 1 annotation that is not shown/);
  assert.deepEqual(file.json().techniques.map(({ techniqueID }) => techniqueID), ["T1610"]);
});

test("a selection is copied as a table, as text and with its colours", async (t) => {
  const app = await open(t, { context: { permissions: ["clipboard-read", "clipboard-write"] } });
  await score(app, "T1610", "40");
  await app.cell("T1609", { tactic: "execution" }).locator(".cell-name").click({ modifiers: ["Control"] });
  await press(app, "Shift+C");
  await see(app, /Copied 2 cells as a table/);
  const copied = await app.page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const as = async (kind) => (await item.getType(kind)).text();
    const html = new DOMParser().parseFromString(await as("text/html"), "text/html");
    return { text: await as("text/plain"), cells: [...html.querySelectorAll("th, td")].map((it) => it.textContent), color: html.querySelector("td[bgcolor]")?.getAttribute("bgcolor") };
  });
  assert.deepEqual(copied.text.trimEnd().split("\n"), ["Execution", "T1609 Container Administration Command", "T1610 Deploy Container (40)"]);
  assert.deepEqual(copied.cells, ["Execution", "T1609 Container Administration Command", "T1610 Deploy Container (40)"]);
  assert.match(copied.color, /^#[0-9a-f]{6}$/);
});

test("a picture for a page has the page's size, in the unit that was chosen, and keeps it in another", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  await app.run("export.picture");
  const field = (name) => app.locator(`[role=dialog] [data-field="picture-${name}"]`);
  // A length is typed with a point or a comma, and stays as it is typed.
  await field("sheet").selectOption("custom");
  await field("sheet-width").fill("");
  await field("sheet-width").pressSequentially("8,5");
  assert.equal(await field("sheet-width").inputValue(), "8,5");
  await field("sheet").selectOption("letter");
  await field("unit").selectOption("cm");
  assert.equal(await field("width").isVisible(), false);
  await field("filters").check();
  await app.locator(".picture-more summary").click();
  await field("legend").selectOption("above");
  await field("font").selectOption("monospace");
  await field("border").fill("#123456");
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  const picture = (await app.download(() => app.locator('[data-action="export-svg"]').click())).text();
  assert.match(picture, /<svg [^>]*width="27.94cm" height="21.59cm"/);
  assert.match(picture, /monospace/);
  assert.match(picture, /Platforms: Containers/);
  assert.match(picture, /stroke="#123456"/);
  const outside = await app.page.evaluate((text) => {
    const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    document.body.append(svg);
    const box = svg.getBoundingClientRect();
    const out = [...svg.querySelectorAll("text, rect")].filter((it) => {
      const { left, right, top, bottom } = it.getBoundingClientRect();
      return left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
    });
    const words = [...svg.querySelectorAll("g[class^=technique], g[class^=subtechnique]")].filter((cell) => {
      const edge = cell.querySelector("rect").getBoundingClientRect();
      return [...cell.querySelectorAll("text")].some((it) => it.getBoundingClientRect().right > edge.right + 0.5);
    });
    svg.remove();
    return [out.length, words.length];
  }, picture.replace(/^<\?xml.*\?>\n/, ""));
  assert.deepEqual(outside, [0, 0]);
});

test("a picture can have other sub-techniques than the screen", async (t) => {
  const app = await open(t);
  const cells = async (choice) => {
    await app.run("export.picture");
    await app.locator(".picture-more summary").click();
    await app.locator('[data-field="picture-subtechniques"]').selectOption(choice);
    const picture = await app.download(() => app.locator('[data-action="export-svg"]').click());
    await see(app, /Exported/);
    return picture.text().match(/class="subtechnique /g)?.length ?? 0;
  };
  await app.run("view.collapse-all");
  assert.ok((await cells("all")) > 15);
  assert.equal(await cells("none"), await cells(""));
});
