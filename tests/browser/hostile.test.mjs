// Files that mean harm, through every view and every export: no script runs, nothing is asked for elsewhere, the policy is not
// even tried (the harness looks at that), the page doesn't freeze, a message tells, and what was there stays.

import assert from "node:assert/strict";
import { cpus, loadavg } from "node:os";
import { test } from "node:test";
import { open } from "./harness/browser.mjs";
import { attacks, large, LINKS } from "./support/attacks.mjs";
import { said } from "./support/matrix.mjs";
import { eventually, press, score } from "./support/user.mjs";

// The page may not be blocked for longer, in milliseconds. On a busy machine it may be, by others: so the best of some tries counts.
const FREEZE = 1_000;
const TRIES = 3;
// Where more runs than there are processors for, how long something takes says nothing of it.
const busy = () => loadavg()[0] > cpus().length;

const VIEWS = [
  "view.split", "view.layout-side", "view.layout-mini", "view.orchestration", "view.container", "view.unified", "view.layout-flat",
  "view.expand-all", "view.evidence", "view.evidence", "coverage.panel", "layer.colors", "view.inspector",
];
const EXPORTS = ["layer.export-json", "export.svg", "export.xlsx", "export.csv", "export.markdown"];

// What is said of each kind of file: what was opened, or why it wasn't, by the file's name.
const TOLD = { opens: /Opened 1 layer/, bundle: /Opened .* technique/, refused: /"(attack\.(json|png|zip)|a\.yml)"/ };

const tabs = (app) => app.locator("[role=tab][data-layer]").count();

async function watched(t, options) {
  const before = (page) =>
    page.addInitScript(() => {
      globalThis.blocked = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.blocked = Math.max(globalThis.blocked, duration);
      }).observe({ type: "longtask" });
    });
  return open(t, { before, ...options });
}

// What must hold after anything.
async function unharmed(app, what) {
  const state = await app.page.evaluate(() => ({
    pwned: window.pwned,
    polluted: {}.polluted,
    scripts: [...document.scripts].filter(({ src }) => !src.startsWith(location.origin)).length,
    handlers: [...document.querySelectorAll("*")].filter((it) => [...it.attributes].some(({ name }) => name.startsWith("on"))).length,
    links: [...document.querySelectorAll("a[href]")].map(({ href }) => href).filter((href) => !/^(https?|mailto|blob):/.test(href)),
  }));
  assert.deepEqual(state, { pwned: undefined, polluted: undefined, scripts: 0, handlers: 0, links: [] }, what);
}

// Until the first layer alone is there.
async function closeOthers(app) {
  for (let left = await tabs(app); left > 1; left = await tabs(app)) {
    await press(app, "Alt+w");
    await eventually(async () => assert.ok((await tabs(app)) < left));
  }
}

// Nothing in an export is run by what opens it.
async function harmless(app, { name, bytes, text }, what) {
  if (name.endsWith(".svg")) {
    const found = await app.page.evaluate((source) => {
      const svg = new DOMParser().parseFromString(source, "image/svg+xml");
      const all = [...svg.querySelectorAll("*")];
      return {
        broken: svg.querySelector("parsererror")?.textContent,
        names: all.map(({ localName }) => localName).filter((it) => /^(script|foreignObject|iframe|image|use|a)$/i.test(it)),
        attributes: all.flatMap((it) => [...it.attributes]).filter((it) => /^on/i.test(it.name) || /javascript:|url\(|https?:/i.test(it.value)).map((it) => `${it.name}=${it.value}`).filter((it) => !/^xmlns/.test(it)),
      };
    }, text());
    assert.deepEqual(found, { broken: undefined, names: [], attributes: [] }, what);
  } else if (name.endsWith(".csv")) {
    // A cell that a spreadsheet would reckon with is written so that it is a text.
    const cells = text().replace(/"(?:[^"]|"")*"/g, (quoted) => (/^"[=+\-@\t\r]/.test(quoted) ? "FORMULA" : "text")).split(/[,\r\n]/);
    assert.ok(!cells.some((cell) => cell === "FORMULA" || /^[=+@]/.test(cell)), what);
  } else if (name.endsWith(".md")) {
    assert.doesNotMatch(text(), /(?<!\\)<(script|img|svg|style|\/style)/i, what);
    assert.doesNotMatch(text(), /\]\((?!https?:|mailto:|#)/i, what);
  } else if (name.endsWith(".json")) {
    JSON.parse(text());
  } else {
    assert.equal(bytes.subarray(0, 2).toString(), "PK", what);
  }
}

for (const { name, what, file, expect } of attacks()) {
  test(`a file that means harm does none, in any view or export: ${what} (${name})`, async (t) => {
    const app = await watched(t);
    await score(app, "T1609", "7");
    const before = await said(app);
    await app.page.evaluate(() => (globalThis.blocked = 0));
    await app.openFile(file);
    const told = await app.message();
    await unharmed(app, name);
    const opened = (await tabs(app)) > 1;
    if (expect === "opens") assert.ok(opened, told);
    if (expect === "refused") assert.ok(!opened, "it was opened");
    assert.match(told, TOLD[expect === "either" ? (opened ? "opens" : "refused") : expect]);
    const former = app.locator("[role=tab][data-layer]").first();
    assert.equal(await former.textContent(), "layer", "the layer that was there is");
    if (expect === "bundle") {
      await app.cell("T1610").click();
      await app.locator("[data-panel=inspector] h2, .inspector h2").first().waitFor();
      await unharmed(app, `${name}: inspector`);
    }
    if (expect === "opens" || expect === "bundle") {
      for (const view of VIEWS) await app.run(view);
      await app.run("layer.settings");
      await app.locator("dialog.settings").waitFor();
      await unharmed(app, `${name}: settings`);
      await press(app, "Escape");
      await app.locator("dialog.settings").waitFor({ state: "detached" });
      for (const command of EXPORTS) await harmless(app, await app.download(() => app.run(command)), `${name}: ${command}`);
      await unharmed(app, name);
    }
    let blocked = await app.page.evaluate(() => globalThis.blocked);
    for (let tries = 1; tries < TRIES && blocked >= FREEZE && expect === "refused"; tries++) {
      await app.page.evaluate(() => (globalThis.blocked = 0));
      await app.locator("[data-message] button[aria-label=Dismiss]").click();
      await app.openFile(file);
      await app.message();
      blocked = await app.page.evaluate(() => globalThis.blocked);
    }
    assert.ok(blocked < FREEZE || busy(), `the page stood still for ${blocked} ms`);
    await closeOthers(app);
    if (expect === "bundle") await app.run("bundle.attack-19");
    await eventually(async () => assert.deepEqual(await said(app), before, "what was there is lost"));
  });
}

test("a link of a file leads nowhere unless it is http, https or mailto", async (t) => {
  const app = await watched(t);
  await app.openFile(attacks().find(({ name }) => name === "links").file);
  await app.message(/Opened/);
  await app.cell("T1610").first().click({ button: "right" });
  await app.locator("[role=menu]").waitFor();
  await unharmed(app, "menu");
  // The layer's own entries run no command: one for each link, and none that leads anywhere.
  const entries = app.locator("[role=menu] [role=menuitem]:not([data-command])");
  assert.deepEqual(await entries.evaluateAll((all) => all.map((it) => [it.localName, it.disabled])), LINKS.map(() => ["button", true]));
});

for (const [what, file] of [
  ["a layer with a million metadata entries", () => large.metadata(1_000_000)],
  ["a valid layer of 100 MB", () => large.comments(100)],
]) {
  test(`${what} opens without a freeze, and nothing is lost`, async (t) => {
    const app = await watched(t);
    await score(app, "T1609", "7");
    const before = await said(app);
    let least = Infinity;
    // Playwright hands over 50 MB at most: the page makes the file, as if it had been dropped.
    const { name, buffer } = file();
    const url = app.server.put("large.json", buffer, { type: "application/json" });
    for (let tries = 0; tries < TRIES && least >= FREEZE; tries++) {
      await give(app, url, name);
      least = Math.min(least, await app.page.evaluate(() => globalThis.blocked));
      await unharmed(app, what);
      await closeOthers(app);
      await eventually(async () => assert.deepEqual(await said(app), before));
    }
    t.diagnostic(`${Math.round(least)} ms at once`);
    assert.ok(least < FREEZE || busy(), `the page stood still for ${least} ms`);
  });
}

async function give(app, url, name) {
  await app.page.evaluate(async ([url, name]) => {
    const input = document.querySelector('input[type=file][data-field="open-file"]');
    const transfer = new DataTransfer();
    transfer.items.add(new File([await (await fetch(url)).blob()], name, { type: "application/json" }));
    globalThis.blocked = 0;
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, [url, name]);
  // Not what was said when the last one was closed.
  await app.locator("[data-message]").filter({ hasText: "Opened" }).waitFor({ timeout: 60_000 });
  await app.locator('[data-saved="saved"]').waitFor({ timeout: 60_000 });
}
