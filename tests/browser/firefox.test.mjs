// The main job in Firefox, where it is installed ($FIREFOX, or firefox or firefox-esr on the search path): the other tests run in
// Chromium alone. Driven by WebDriver BiDi, which an unchanged Firefox speaks.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import puppeteer from "puppeteer-core";
import { dist, serve, temporaryFolder } from "./harness/browser.mjs";
import { noSharedData, readShared } from "./harness/facts.mjs";
import { eventually } from "./support/user.mjs";

const folders = (process.env.PATH ?? "").split(delimiter);
const program = process.env.FIREFOX || ["firefox", "firefox-esr"].flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
const skip = program ? false : "Firefox is not installed";

async function open(t) {
  const server = await serve(dist);
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: program, headless: true });
  t.after(async () => {
    await browser.close();
    await server.close();
  });
  const page = await browser.newPage();
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.setViewport({ width: 1280, height: 800 });
  // What is handed over as a download, as text.
  await page.evaluateOnNewDocument(() => {
    globalThis.downloads = [];
    const create = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      if (blob instanceof Blob) blob.text().then((text) => globalThis.downloads.push(text));
      return create.call(URL, blob);
    };
  });
  await page.goto(server.url);
  await page.waitForSelector('html[data-app="ready"]');
  return { page, problems, server };
}

const score = (page, id) => page.$eval(`[role=gridcell][data-technique="${id}"]`, (cell) => cell.dataset.score ?? null);

async function choose(page, id) {
  await page.click(`[role=gridcell][data-technique="${id}"] .cell-name`);
  await eventually(async () => assert.equal(await page.$eval(`[role=gridcell][data-technique="${id}"]`, (cell) => cell.ariaSelected ?? cell.getAttribute("aria-selected")), "true"));
}

async function chord(page, modifier, key) {
  await page.keyboard.down(modifier);
  await page.keyboard.press(key);
  await page.keyboard.up(modifier);
}

test("in Firefox a layer is scored, split, undone, stored, exported and opened again", { skip, timeout: 120_000 }, async (t) => {
  const { page, problems } = await open(t);
  assert.equal((await page.$$("[role=gridcell]")).length, 66);
  await choose(page, "T1610");
  await page.keyboard.type("40");
  await eventually(async () => assert.equal(await score(page, "T1610"), "40"));
  await page.keyboard.press("s");
  await eventually(async () => assert.deepEqual(await page.$$eval("[data-matrix]", (all) => all.map(({ dataset }) => dataset.matrix)), ["orchestration", "container"]));
  await page.keyboard.press("u");
  await choose(page, "T1611");
  await page.keyboard.press("7");
  await eventually(async () => assert.equal(await score(page, "T1611"), "7"));
  await chord(page, "Control", "z");
  await eventually(async () => assert.equal(await score(page, "T1611"), null));
  await page.waitForSelector('[data-saved="saved"]');
  await page.reload();
  await page.waitForSelector('html[data-app="ready"]');
  await eventually(async () => assert.equal(await score(page, "T1610"), "40"));
  await page.click('[role=gridcell][data-technique="T1610"] .cell-name');
  await chord(page, "Control", "s");
  await eventually(async () => assert.equal(await page.evaluate(() => globalThis.downloads.length), 1));
  const file = JSON.parse(await page.evaluate(() => globalThis.downloads[0]));
  assert.deepEqual(file.techniques.map(({ techniqueID, score }) => [techniqueID, score]), [["T1610", 40]]);
  const path = join(await temporaryFolder(), "again.json");
  await writeFile(path, JSON.stringify({ ...file, name: "Again", techniques: [{ techniqueID: "T1609", tactic: "execution", score: 12 }] }));
  await (await page.$('input[type=file][data-field="open-file"]')).uploadFile(path);
  await eventually(async () => assert.equal(await score(page, "T1609"), "12"));
  assert.deepEqual(problems, []);
});

test("in Firefox every screen opens, and search finds", { skip, timeout: 120_000 }, async (t) => {
  const { page, problems } = await open(t);
  await choose(page, "T1610");
  await page.waitForFunction(() => document.querySelector(".inspector")?.innerText.includes("In the cluster:"));
  for (const command of ["help.shortcuts", "layer.settings", "coverage.page", "layer.combine", "export.picture", "share.link", "bundle.manage", "layer.snapshots"]) {
    await chord(page, "Control", "k");
    await page.waitForSelector('[data-field="search"]:focus');
    await page.keyboard.type(command);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("dialog[open]:not(.palette)"));
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("dialog[open]"));
  }
  await chord(page, "Control", "k");
  await page.waitForSelector('[data-field="search"]:focus');
  await page.keyboard.type("escape to host");
  await page.waitForFunction(() => document.querySelector("dialog.palette")?.innerText.includes("Escape to Host"));
  assert.deepEqual(problems, []);
});

test("in Firefox the official Enterprise bundle is read by the worker", { skip: skip || noSharedData, timeout: 180_000 }, async (t) => {
  const { page, problems } = await open(t);
  const path = join(await temporaryFolder(), "enterprise.json");
  await writeFile(path, readShared("stix/enterprise-attack-18.1.json.gz"));
  await (await page.$('input[type=file][data-field="open-file"]')).uploadFile(path);
  await page.waitForFunction(() => document.querySelectorAll("[role=gridcell]").length > 600, { timeout: 90_000 });
  assert.deepEqual(problems, []);
});
