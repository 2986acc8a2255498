// The matrix in another page, parts of the app that are switched off, and what a site says in its config.json.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, serve, dist } from "./harness/browser.mjs";
import { said } from "./support/matrix.mjs";
import { choose, eventually, press, score, see } from "./support/user.mjs";

const layer = (name, extra = {}) => ({
  name, versions: { attack: "19", navigator: "5.1.0", layer: "4.5" }, domain: "enterprise-attack",
  description: "What we see.", filters: { platforms: ["Containers"] },
  techniques: [{ techniqueID: "T1610", tactic: "execution", score: 40, comment: "a", ...extra }],
});

const shown = async (app, selectors) => {
  const all = {};
  for (const selector of selectors) all[selector] = (await app.locator(selector).filter({ visible: true }).count()) > 0;
  return all;
};

// A server whose site says this.
async function site(config, files = {}) {
  const server = await serve(dist);
  for (const [name, content] of Object.entries(files)) server.put(name, typeof content === "string" ? content : JSON.stringify(content));
  if (config !== undefined) server.put("config.json", typeof config === "string" ? config : JSON.stringify(config));
  return server;
}

test("?embed shows the matrix alone, keeps nothing, and leads into the whole app", async (t) => {
  const server = await site(undefined, { "layers/q4.json": layer("Coverage Q4") });
  const app = await open(t, { server, path: "?embed&theme=dark#layerURL=layers/q4.json&view=split" });
  await app.locator(".caption-name", { hasText: "Coverage Q4" }).waitFor();
  await eventually(async () => assert.deepEqual(await said(app), ["orchestration execution T1610: score 40", "container execution T1610: score 40"]));
  assert.deepEqual(await shown(app, [".top", ".toolbar", ".inspector", ".status", "[data-message]", ".caption-bar", "[role=grid]"]), {
    ".top": false, ".toolbar": false, ".inspector": false, ".status": false, "[data-message]": false, ".caption-bar": true, "[role=grid]": true,
  });
  assert.equal(await app.page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.deepEqual(await app.violations(), []);
  // Nothing that is typed changes anything.
  await app.cell("T1610").first().focus();
  await press(app, "7", "Delete", "u", "Control+k");
  assert.equal(await app.locator("[role=dialog]").count(), 0);
  assert.deepEqual((await said(app)).length, 2);
  // Whoever looks at it has nothing stored.
  const kept = await app.page.evaluate(async () => [(await indexedDB.databases()).length, localStorage.length]);
  assert.deepEqual(kept, [0, 0]);
  const href = await app.locator(".caption-open").getAttribute("href");
  assert.equal(new URL(href, app.server.url).href, `${app.server.url}#layerURL=layers/q4.json&view=split`);
  await app.page.reload();
  await app.locator(".caption-name", { hasText: "Coverage Q4" }).waitFor();
});

test("nothing of the bars is seen before an embedded matrix knows what it has", async (t) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const before = (page) => page.route("**/split_rest.wasm", async (route) => (await held, route.continue()));
  const app = await open(t, { path: "?embed", before, ready: "painted" });
  assert.deepEqual(await shown(app, [".top", ".toolbar", ".status", ".inspector", "[role=grid]"]), {
    ".top": false, ".toolbar": false, ".status": false, ".inspector": false, "[role=grid]": true,
  });
  release();
  await app.locator(".caption-bar").waitFor();
});

test("after a fault an embedded matrix offers nothing but itself, since nothing of it is stored", async (t) => {
  const app = await open(t, { path: "?embed" });
  await app.page.evaluate(() => dispatchEvent(new ErrorEvent("error", { error: new WebAssembly.RuntimeError("on purpose") })));
  await app.message(/fault of its own/);
  await app.page.getByRole("button", { name: "Load the page again" }).waitFor();
  assert.equal(await app.locator("#rescue ul").count(), 0);
  assert.equal(await app.page.evaluate(async () => (await indexedDB.databases()).length), 0);
});

test("a click in an embedded matrix opens the technique's menu, without what could change anything", async (t) => {
  const app = await open(t, { path: "?embed" });
  await app.locator(".caption-bar").waitFor();
  await app.cell("T1610", { tactic: "execution" }).locator(".cell-name").click();
  const menu = app.locator("[data-menu=context]");
  await menu.waitFor();
  const commands = await menu.locator("[data-command]").evaluateAll((all) => all.map((it) => it.dataset.command));
  assert.deepEqual(commands.filter((id) => /^(select|annotate)\./.test(id)), ["annotate.copy"]);
  assert.ok(commands.includes("view.technique-page"), commands.join(", "));
  assert.equal(await app.locator('[role=gridcell][aria-selected="true"]').count(), 0);
  await press(app, "Escape");
  // With selecting switched on, a click selects.
  const other = await open(t, { path: "?embed#selecting_techniques=true&scoring=true" });
  await other.locator(".caption-bar").waitFor();
  await eventually(() => choose(other, "T1610", { tactic: "execution" }));
  await press(other, "7");
  assert.deepEqual(await said(other), ["unified execution T1610: score 7"]);
});

test("a layer in the address is shown in an embedded matrix, again after each change of the address", async (t) => {
  const app = await open(t);
  await score(app, "T1610", "40");
  await app.run("share.embed");
  const dialog = app.locator("[role=dialog]");
  assert.deepEqual(await app.violations({ include: "[role=dialog]" }), []);
  const address = await dialog.locator("[data-field=embed-address]").inputValue();
  assert.match(address, /\?embed#layer=1/);
  const html = await dialog.locator("[data-field=embed-html]").inputValue();
  assert.equal(await app.page.evaluate((html) => new DOMParser().parseFromString(html, "text/html").querySelector("iframe").src, html), address);
  const other = await open(t, { server: app.server, path: address.slice(app.server.url.length) });
  await eventually(async () => assert.deepEqual(await said(other), ["unified execution T1610: score 40"]));
  await other.page.evaluate(() => (location.hash = "view=split"));
  await eventually(async () => assert.equal((await said(other)).length, 2));
});

test("the dialog makes the address of the whole app with chosen parts, too", async (t) => {
  const app = await open(t);
  await app.run("share.embed");
  const dialog = app.locator("[role=dialog]");
  await dialog.locator("[data-field=embed-what]").selectOption("whole");
  await dialog.locator("[data-field=embed-source]").selectOption("addresses");
  await dialog.locator("[data-field=embed-layers]").fill("layers/a.json\nlayers/b.json\n");
  await dialog.locator("[data-field=embed-tabs]").uncheck();
  await dialog.locator("[data-field=embed-scoring]").uncheck();
  const address = await dialog.locator("[data-field=embed-address]").inputValue();
  assert.equal(address, `${app.server.url}#layerURL=layers%2Fa.json&layerURL=layers%2Fb.json&tabs=false&scoring=false`);
  app.server.put("layers/a.json", JSON.stringify(layer("One")));
  app.server.put("layers/b.json", JSON.stringify(layer("Two")));
  const other = await open(t, { server: app.server, path: address.slice(app.server.url.length) });
  await see(other, /Opened 1 layer from "layers\/b.json"/);
  assert.deepEqual(await shown(other, ["[role=tab]", ".toolbar", ".inspector"]), { "[role=tab]": false, ".toolbar": true, ".inspector": true });
  assert.equal(await other.page.evaluate(() => location.hash), "#tabs=false&scoring=false");
  await choose(other, "T1609");
  await press(other, "7");
  assert.deepEqual(await said(other), ["unified execution T1610: score 40"]);
  assert.equal(await other.locator("[data-field=score]").isVisible(), false);
  assert.equal(await other.locator("[data-field=comment]").isVisible(), true);
});

test("a site's config.json switches, opens, adds to the menu, and shows a banner that is no markup", async (t) => {
  const server = await site({
    features: [{ name: "selection_controls", subfeatures: [{ name: "search", enabled: false }] }, { name: "sorting", enabled: false }],
    banner: "<img src=x onerror=alert(1)> Internal use",
    default_layers: { enabled: true, urls: ["layers/team.json"] },
    custom_context_menu_items: [{ label: "In our wiki", url: "https://wiki.example.org/{{technique_attackID}}/{{tactic_name}}" }],
    collection_index_url: "https://lists.example.org/index.json",
    versions: { enabled: true, entries: [{ name: "v18", version: "18", domains: [{ name: "Ours", data: ["data/attack-containers-18.1.json"] }] }] },
    comment_color: "#aa0000",
  }, { "layers/team.json": layer("Team") });
  const app = await open(t, { server });
  await app.message(/Opened 1 layer/);
  await app.locator(".site-banner", { hasText: "<img src=x" }).waitFor();
  assert.equal(await app.locator(".site-banner img").count(), 0);
  assert.deepEqual(await app.locator("[role=tab]").allTextContents(), ["Team"]);
  assert.deepEqual(await shown(app, [".search", "[data-menu-of=Sort]", "[data-menu-of=Layout]"]), {
    ".search": false, "[data-menu-of=Sort]": false, "[data-menu-of=Layout]": true,
  });
  assert.equal(await app.page.evaluate(() => getComputedStyle(document.querySelector(".cell-marks[data-marks]"), "::before").backgroundColor), "rgb(170, 0, 0)");
  await app.cell("T1610", { tactic: "execution" }).click({ button: "right" });
  const entry = app.locator("a[role=menuitem]");
  await entry.filter({ hasText: "In our wiki" }).waitFor();
  assert.equal(await entry.getAttribute("href"), "https://wiki.example.org/T1610/execution");
  await press(app, "Escape");
  // What is stored is not opened once more, nor pushed aside.
  await choose(app, "T1609");
  await press(app, "9");
  await app.locator('[data-saved="saved"]').waitFor();
  await app.page.reload();
  await app.ready();
  await app.locator(".site-banner").waitFor();
  assert.deepEqual(await app.locator("[role=tab]").allTextContents(), ["Team"]);
  assert.equal((await said(app)).length, 2);
  // The lists to open bundles from are the site's.
  await app.locator("[data-menu-of=Layer] .menu-button").click();
  await press(app, "Escape");
  await app.locator('.status [data-menu-of="Knowledge"] .menu-button').click();
  await app.locator('[data-command="layer.open-address"]').click();
  assert.deepEqual(await app.locator("[role=dialog] .wide-button b").allTextContents(), ["This site's list", "This site's releases"]);
  await app.locator("[data-action=site-releases]").click();
  await app.locator("[data-action=open-version]").click();
  await app.message(/Opened .*18\.1/);
});

test("a broken config.json is told with its place, and the rest of it is used", async (t) => {
  const app = await open(t, { server: await site('{"features": {"tabs": false, "taps": false}, "banner": 5}') });
  await app.message(/config\.json has 2 faults/);
  await app.locator("[data-message] .message-action").click();
  await app.locator("[role=dialog]", { hasText: 'features.taps: "taps" is nothing that can be switched.' }).waitFor();
  await press(app, "Escape");
  assert.deepEqual(await shown(app, ["[role=tab]"]), { "[role=tab]": false });
  const worse = await open(t, { server: await site('{\n  "tabs": false,\n}') });
  await worse.message(/config\.json was not used: line 3, column 1: trailing comma/);
});

test("without a config.json all is as usual, and so where a server answers with a page", async (t) => {
  const asked = (server) => server.requests.some(({ path, status }) => path === "/config.json" && status !== 0);
  const missing = await site();
  missing.put("config.json", "", { status: 404 });
  for (const server of [missing, await site("<!doctype html><p>Not here")]) {
    const app = await open(t, { server, allow: [/404/] });
    await app.locator(".inspector").waitFor();
    await eventually(() => assert.ok(asked(server)));
    // What is wrong with an answer is told within a moment of it.
    await app.page.waitForTimeout(300);
    assert.equal(await app.locator("[data-message]").count(), 0);
  }
});

test("where the browser puts nothing on the clipboard the dialog stays, and says so", async (t) => {
  const app = await open(t);
  await app.run("share.embed");
  await app.page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))));
  await app.locator("[data-action=copy-address]").click();
  await app.locator("[role=dialog] [role=alert]").filter({ hasText: "nothing on the clipboard" }).waitFor();
  assert.notEqual(await app.locator("[data-field=embed-address]").inputValue(), "");
});

test("the site's file is asked for after the first matrix", async (t) => {
  const app = await open(t);
  await app.page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/config.json")));
  const [config, painted] = await app.page.evaluate(() => [
    performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/config.json")).startTime,
    performance.getEntriesByName("matrix-painted")[0].startTime,
  ]);
  assert.ok(config > painted);
});

test("colours and signs of cells go by their switches", async (t) => {
  const techniques = { color: "" };
  const server = await site({ features: { comment_underline: false, non_aggregate_score_color: false } }, { "a.json": layer("One", techniques) });
  const app = await open(t, { server, path: "#layerURL=a.json" });
  await app.message(/Opened/);
  const cell = app.cell("T1610", { tactic: "execution" });
  await eventually(async () => assert.equal(await cell.evaluate((it) => it.style.getPropertyValue("--fill")), ""));
  assert.equal(await cell.getAttribute("data-score"), "40");
  assert.equal(await cell.locator(".cell-marks").evaluate((it) => getComputedStyle(it, "::before").display), "none");
});
