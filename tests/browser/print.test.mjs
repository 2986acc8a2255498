// What the browser prints: pages counted, fonts embedded, no cell cut at an edge of its page, and all of the text there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { isFirefox } from "./harness/browsers.mjs";
import { paper } from "./harness/firefox.mjs";
import { choose, press, score, see } from "./support/user.mjs";
import { noPdf, readPdf } from "./support/pdf.mjs";

const FORMATS = ["A4", "Letter"];

async function commented(app, technique, comment) {
  await choose(app, technique);
  await app.locator('[data-field="comment"]').fill(comment);
  await app.locator('[data-field="comment"]').press("Escape");
}

// As the browser's dialog would: the page is told before and after.
async function printed(app, format) {
  const size = isFirefox ? paper(format) : { format, landscape: true };
  return readPdf(await app.page.pdf({ ...size, printBackground: true, preferCSSPageSize: false }));
}

function check(pages) {
  for (const [at, { width, height, texts, fonts }] of pages.entries()) {
    assert.ok(width > height, "landscape");
    assert.ok(fonts.length > 0 && fonts.every((font) => font.embedded), JSON.stringify(fonts));
    for (const { text, left, right, top, bottom } of texts) {
      const inside = left >= 14 && right <= width - 14 && top >= 14 && bottom <= height - 14;
      assert.ok(inside, `page ${at + 1}: "${text}" is cut: ${[left, top, right, bottom]} in ${[width, height]}`);
    }
  }
}

for (const format of FORMATS) {
  test(`a layer is printed whole on ${format}: its matrix, and a table of what it says`, { skip: noPdf }, async (t) => {
    const app = await open(t);
    await score(app, "T1610", "40");
    await commented(app, "T1611", "Nothing watches the socket on build nodes.");
    const shown = await app.locator(".stage [role=gridcell]").evaluateAll((all) => all.map((cell) => cell.dataset.technique));
    const pages = await printed(app, format);
    check(pages);
    const all = pages.map((page) => page.words).join("\n");
    const count = (text, word) => text.split(word).length - 1;
    const table = pages.at(-1).words;
    for (const id of new Set(shown)) {
      const expected = shown.filter((other) => other === id).length;
      const found = pages.slice(0, -1).reduce((sum, page) => sum + page.words.split(/\s+/).filter((word) => word === id).length, 0);
      assert.equal(found, expected, `${id} on the matrix's pages`);
    }
    assert.ok(pages.length >= 2 && pages.length <= 4, `${pages.length} pages`);
    assert.match(table, /what is said of techniques/);
    assert.match(table, /Nothing watches the socket on build nodes\./);
    assert.equal(count(all, "what is said of techniques"), 1);
    assert.equal(await app.locator(".print").count(), 0, "nothing of it stays");
  });
}

test("a split is printed tier by tier, a long table goes on with its head, and a deck is printed in its order", { skip: noPdf }, async (t) => {
  const app = await open(t, { before: (page) => page.addInitScript(() => (window.print = () => (window.printed = true))) });
  await choose(app, "T1610");
  await press(app, "Control+a", "4", "0");
  await press(app, "s");
  const pages = await printed(app, "A4");
  check(pages);
  const tables = pages.filter((page) => /Technique\s+Tactic\s+Score/.test(page.words));
  assert.ok(tables.length > 1, "over several pages");
  assert.ok(pages.some((page) => /· orchestration/.test(page.words)) && pages.some((page) => /· container/.test(page.words)));
  await press(app, "Escape");
  await app.run("layer.duplicate");
  await app.run("print.deck");
  await app.page.waitForFunction(() => window.printed);
  const both = await printed(app, "A4");
  check(both);
  assert.equal(both.length, pages.length * 2);
});

test("Microsoft's matrix is printed whole", { skip: noPdf }, async (t) => {
  const app = await open(t);
  await app.run("bundle.microsoft");
  await see(app, /Threat Matrix/);
  const pages = await printed(app, "A4");
  check(pages);
  assert.match(pages.map((page) => page.words).join("\n"), /MS-TA9008/);
});
