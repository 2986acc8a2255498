// Without a network: after one visit the app starts and works, a new version is offered and never forced, and nothing
// that was done is lost on the way from one version to the next.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { dist, open, serve, temporaryFolder } from "./harness/browser.mjs";
import { onlyInChromium } from "./harness/browsers.mjs";
import { readJson, repository } from "./harness/facts.mjs";
import { said } from "./support/matrix.mjs";
import { choose, eventually, exported, score, see } from "./support/user.mjs";

const KEPT = { serviceWorkers: "allow" };

const saved = (app) => app.locator('[data-saved="saved"]').waitFor();
const release = (app) => app.page.evaluate(() => document.documentElement.dataset.release);
const look = (app) => app.page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration()).update()));
const offer = (app) => app.locator("[data-message]").filter({ hasText: /new version/ });

// Until the app is kept, and the page is served from what is kept.
const kept = (app) =>
  app.page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 20));
  });

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

// A build of one's own, which can be made the next version of itself.
async function build() {
  const folder = await temporaryFolder();
  await cp(dist, folder, { recursive: true });
  const edit = async (name, change) => writeFile(join(folder, name), change(await readFile(join(folder, name), "utf8")));
  return {
    folder,
    edit,
    async release(word) {
      await edit("index.html", (page) => page.replace(/<html( data-release="\w*")?/, `<html data-release="${word}"`));
      const listed = hash(await readFile(join(folder, "index.html")));
      await edit("sw.js", (worker) =>
        worker.replace(/("index\.html": )"\w+"/, `$1"${listed}"`).replace(/const VERSION = "\w+"/, `const VERSION = "${word}"`),
      );
    },
  };
}

test("after one visit the app starts, edits and exports without a network, with bundles that were opened", async (t) => {
  const profileDir = await temporaryFolder();
  const first = await open(t, { profileDir, base: "/some/where/", context: KEPT });
  await score(first, "T1610", "40");
  const bundle = readJson("data", "attack-containers-18.1.json");
  bundle.objects.find(({ type }) => type === "x-mitre-collection").name = "Opened by hand";
  await first.openFile({ name: "own.json", text: JSON.stringify(bundle) });
  await first.message(/Opened/);
  await kept(first);
  await saved(first);
  await first.close();
  await first.server.close();

  const again = await open(t, { profileDir, server: first.server, context: KEPT });
  await again.locator(".status", { hasText: "Opened by hand" }).waitFor();
  await score(again, "T1611", "70");
  assert.equal((await exported(again)).json().techniques.find(({ techniqueID }) => techniqueID === "T1611").score, 70);
  await again.locator("[role=tab][data-layer]").first().click();
  assert.deepEqual(await said(again), ["unified execution T1610: score 40"]);
  // What is known of a technique, and another bundle, are fetched and read as with a network.
  await choose(again, "T1610");
  await again.locator(".inspector").getByText("In the cluster:").waitFor();
  await again.run("bundle.microsoft");
  await again.message(/Threat Matrix/);
  assert.ok((await again.locator('[data-technique^="MS-TA"]').count()) > 30);
});

test("nothing is asked for to keep the app before its first matrix is painted", async (t) => {
  const app = await open(t, { context: KEPT });
  await kept(app);
  const order = app.server.requests.map(({ path }) => path);
  const rest = order.findIndex((path) => path.endsWith("split_rest.wasm"));
  assert.ok(rest > 0, order.join("\n"));
  for (const path of ["/sw.js", "/icons/icon-512.png", "/later/hand.css"]) {
    assert.ok(order.indexOf(path) > 0, `${path} is asked for`);
    assert.ok(path.startsWith("/later") || order.indexOf(path) > rest, `${path} comes after what is needed`);
  }
});

test("the app can be installed, with icons for every mask", { skip: onlyInChromium("only Chromium tells whether an app can be installed") }, async (t) => {
  const profileDir = await temporaryFolder();
  const app = await open(t, { profileDir, context: KEPT });
  await kept(app);
  const session = await app.context.newCDPSession(app.page);
  await eventually(async () => {
    const { url, errors } = await session.send("Page.getAppManifest");
    assert.equal(url, `${app.server.url}manifest.webmanifest`);
    assert.deepEqual(errors, []);
  });
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors, []);
  const { icons } = JSON.parse(await readFile(join(dist, "manifest.webmanifest"), "utf8"));
  for (const { src, sizes } of icons) {
    const bytes = await readFile(join(dist, src));
    assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes, src);
  }
  assert.ok(icons.some(({ purpose }) => purpose === "maskable"));
});

test("a new version is offered under an edited layer, waits to be taken, and loses nothing", async (t) => {
  const own = await build();
  const server = await serve(own.folder);
  const profileDir = await temporaryFolder();
  const app = await open(t, { profileDir, server, context: KEPT });
  await kept(app);
  await score(app, "T1610", "40");
  await own.release("next");
  await look(app);
  await offer(app).waitFor();
  assert.equal(await release(app), undefined, "it is offered, and not taken");
  // It does not go by itself, and a page that is loaded again is still of the version before.
  await app.page.reload();
  await app.ready();
  await offer(app).waitFor();
  assert.equal(await release(app), undefined);
  assert.deepEqual(await said(app), ["unified execution T1610: score 40"]);

  const other = await app.context.newPage();
  await other.goto(server.url);
  await other.waitForSelector('html[data-app="ready"]', { state: "attached" });
  await offer(app).getByRole("button", { name: "Use it now" }).click();
  await see(app, /open in another window/);
  await other.close();

  await score(app, "T1611", "70");
  await app.run("help.update");
  await app.page.waitForSelector('html[data-release="next"][data-app="ready"]', { state: "attached" });
  const all = ["unified execution T1610: score 40", "unified privilege-escalation T1611: score 70"];
  assert.deepEqual(await said(app), all);
  await app.page.keyboard.press("Control+z");
  await eventually(async () => assert.deepEqual(await said(app), all.slice(0, 1)), "what was done can be undone as before");
  assert.equal(await offer(app).count(), 0);
});

test("a version that is taken leaves alone what the one after it keeps already", async (t) => {
  const own = await build();
  const server = await serve(own.folder);
  const app = await open(t, { profileDir: await temporaryFolder(), server, context: KEPT });
  await kept(app);
  await own.release("second");
  await look(app);
  await offer(app).waitFor();
  await own.release("third");
  // It has all its files, and is not done yet.
  await own.edit("sw.js", (worker) => worker.replace("await asked(cache, new Request", "await new Promise((done) => setTimeout(done, 6_000));\n  await asked(cache, new Request"));
  await look(app);
  const caches = () => app.page.evaluate(async () => Promise.all((await caches.keys()).map(async (name) => [name.split(" ").at(-1), (await (await caches.open(name)).keys()).length])));
  const files = Object.fromEntries(await caches()).second;
  await eventually(async () => assert.equal(Object.fromEntries(await caches()).third, files - 1));
  await app.run("help.update");
  await app.page.waitForSelector('html[data-release="second"][data-app="ready"]', { state: "attached" });
  await offer(app).waitFor({ timeout: 15_000 });
  assert.deepEqual(await caches(), [["second", files], ["third", files]]);
});

test("what the site says of the app is there where the browser has no room to keep it", async (t) => {
  const own = await build();
  await writeFile(join(own.folder, "config.json"), '{ "comment": "of the site" }');
  await own.edit("sw.js", (worker) => `const put = Cache.prototype.put;
Cache.prototype.put = function (address, response) {
  if (address.endsWith("config.json")) return Promise.reject(new DOMException("full", "QuotaExceededError"));
  return put.call(this, address, response);
};
${worker}`);
  const server = await serve(own.folder);
  const app = await open(t, { profileDir: await temporaryFolder(), server, context: KEPT });
  await kept(app);
  assert.match(await app.page.evaluate(async () => (await fetch("config.json")).text()), /of the site/);
});

test("a version that is not whole is not taken, and the one before goes on", async (t) => {
  const own = await build();
  const server = await serve(own.folder);
  const app = await open(t, { profileDir: await temporaryFolder(), server, context: KEPT });
  await kept(app);
  await own.release("next");
  // What the server still has, or has already, is another version's.
  await own.edit("sw.js", (worker) => worker.replace(/("rescue\.css": )"\w+"/, `$1"${hash("another version's")}"`));
  await look(app).catch(() => {});
  await app.page.waitForTimeout(500);
  assert.equal(await offer(app).count(), 0);
  assert.equal(await app.page.evaluate(async () => (await caches.keys()).length), 1);
  await server.close();
  await app.page.reload();
  await app.ready();
  assert.equal(await release(app), undefined);
});

test("where one works on the app, nothing of a release that was kept comes in between", async (t) => {
  const own = await build();
  const server = await serve(own.folder);
  const app = await open(t, { profileDir: await temporaryFolder(), server, context: KEPT });
  await kept(app);
  await own.edit("index.html", (page) => page.replace("<html data-offline", '<html data-release="worked-on"'));
  await writeFile(join(own.folder, "sw.js"), await readFile(join(repository, "public/sw.js")));
  await app.page.reload();
  await app.page.waitForSelector('html[data-release="worked-on"]', { state: "attached", timeout: 15_000 });
  const left = () =>
    app.page.evaluate(async () => [(await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]);
  await eventually(async () => assert.deepEqual(await left(), [0, 0]));
});
