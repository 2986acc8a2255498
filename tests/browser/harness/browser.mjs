// The app in a real browser, for a test of node:test. What a test may rely on in the page is in the DOM contract; this
// file opens the app, watches it, and does what every test needs.
//
//   import { test } from "node:test";
//   import { open } from "./harness/browser.mjs";
//   test("a score is shown", async (t) => {
//     const app = await open(t);                   // waits until the matrix is painted and the whole program is there
//     await app.run("select.all");                 // a command, through the palette
//     await app.page.keyboard.press("7");          // app.page and app.context are Playwright's
//     const file = await app.download(() => app.run("layer.export-json"));
//     file.json();                                 // { name, bytes, text(), json() }
//   });
//
// When the test ends, the app is closed, and the test fails if there was an error in the console, an error nobody
// caught, a violation of the Content-Security-Policy, or a request to another host (app.problems).
//
// open(t, options):
//   base         where the app is served; default "/"
//   path         what follows the app's address: "?…" or "#view=split"
//   profileDir   a folder for the browser's storage; with it the app starts in a browser of its own, and opening it
//                again with the same folder finds what was stored. temporaryFolder() gives one
//   server       another app's, to open the app again from the same origin: open(t, { server: app.server, profileDir })
//   ready        false: don't wait; "painted": only until html[data-app="ready"], when much of the program is still to come
//   allow        patterns of problems that the test means to cause
//   context      further options of Playwright's browser.newContext: viewport, colorScheme, reducedMotion, locale, …
//                { serviceWorkers: "allow" } lets the app keep itself for use without a network
//   before       called with the page before the app is opened, to add init scripts or routes
// app.locator(selector) …                          = app.page.locator
// app.cell("T1610", { tactic, matrix })            the cell's locator
// app.settled()                                    waits until what the last key set going is done and drawn
// app.message(/stored/)                            waits for such a message; returns its text
// app.openFile(path | { name, text } | [ … ])      gives files to the app; { name, buffer, mimeType } too
// app.violations({ include })                      what axe finds, as readable lines; [] is good
// app.kill()                                       ends the browser at once, as a power cut would (needs profileDir)
// app.close()                                      closes it earlier than the test's end, and checks for problems
// app.server                                       see server.mjs; it runs until the file's last test has ended
//
// The environment: BULKHEAD_DIST (the built app; default dist/), and those of browsers.mjs.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { isFirefox, killed, launch, launchWithProfile } from "./browsers.mjs";
import { downloads } from "./downloads.mjs";
import { repository } from "./facts.mjs";
import { preferDark, replaceActions, stayInWindow, tellOfChanges } from "./firefox.mjs";
import { serve } from "./server.mjs";

export { serve };

// How long the app may take to be ready, in milliseconds: far more than it needs, on a busy machine.
const PATIENCE = 30_000;

export const dist = process.env.BULKHEAD_DIST ?? join(repository, "dist");

export async function open(t, options = {}) {
  const { base = "/", path = "", profileDir, ready = true, allow = [], context: contextOptions = {}, before } = options;
  assert.ok(existsSync(join(dist, "index.html")), `${dist} has no index.html: run \`cargo xtask build --release\` first`);
  const server = options.server ?? (await serve(dist, { base }));
  leftovers.push(() => server.close());
  // Without a service worker, every request comes to the server, where tests see it; offline.test.mjs is about the worker.
  // In Firefox letters are larger, and a message lies over more of the matrix.
  const room = isFirefox ? { viewport: { width: 1280, height: 900 } } : {};
  const context = await newContext(profileDir, { acceptDownloads: true, serviceWorkers: "block", ...room, ...contextOptions });
  const problems = [];
  const note = (problem) => allow.some((pattern) => pattern.test(problem)) || problems.push(problem);
  await watch(context, new URL(server.url).origin, note);
  const page = context.pages()[0] ?? (await context.newPage());
  if (isFirefox) replaceActions(page);
  if (isFirefox && contextOptions.colorScheme === "dark") await preferDark(context);
  if (isFirefox && contextOptions.viewport) await stayInWindow(context);
  const app = new App({ page, context, server, problems, profileDir, downloads: await downloads(context, page) });
  t.after(() => app.close());
  await before?.(page, app);
  await page.goto(server.url + path);
  if (ready) await (ready === "painted" ? app.painted() : app.ready());
  return app;
}

// A folder that is gone when the file's last test has ended.
export async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), "bulkhead-"));
  leftovers.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

class App {
  #closed = false;
  #profileDir;
  #downloads;

  constructor({ page, context, server, problems, profileDir, downloads }) {
    Object.assign(this, { page, context, server, problems });
    this.#profileDir = profileDir;
    this.#downloads = downloads;
  }

  // The matrix is painted, and what it does without is there, too.
  async ready() {
    await this.painted();
    await this.page.waitForFunction(() => performance.getEntriesByName("everything-loaded").length > 0, null, { timeout: PATIENCE });
  }

  async painted() {
    try {
      await this.page.waitForSelector('html[data-app="ready"]', { state: "attached", timeout: PATIENCE });
    } catch {
      const shown = await this.page.evaluate(() => document.body?.innerText ?? "").catch(() => "");
      throw new Error(`the app was not ready after ${PATIENCE / 1000} s\nproblems: ${this.problems.join("\n")}\npage: ${shown}`);
    }
  }

  locator(selector) {
    return this.page.locator(selector);
  }

  cell(technique, { tactic, matrix } = {}) {
    const grid = matrix ? `[data-matrix="${matrix}"] ` : "";
    const column = tactic ? `[data-tactic="${tactic}"]` : "";
    return this.page.locator(`${grid}[role=gridcell][data-technique="${technique}"]${column}`);
  }

  // Runs a command by its id (or title), as a user would who knows no menu.
  async run(command) {
    await this.page.keyboard.press("Control+k");
    const field = this.page.locator('[data-field="search"]:focus');
    await field.waitFor({ timeout: 5_000 });
    await field.fill(command);
    await field.press("Enter");
    // What was found for the words comes a moment after them; the command runs once the palette has gone.
    await this.page.locator("dialog.palette").waitFor({ state: "detached", timeout: 5_000 });
    await this.settled();
  }

  // What the last key or click set going is done and drawn: what the app puts off, it puts off to a task of its own or
  // to the next frame. (A window that isn't seen has no frames; a tenth of a second does there.) A page that is left
  // meanwhile, as for a new version, has nothing more to do.
  async settled() {
    const settling = this.page.evaluate(async () => {
      const task = () => new Promise((done) => setTimeout(done));
      const frame = () => new Promise((done) => {
        requestAnimationFrame(done);
        setTimeout(done, 100);
      });
      await task();
      await frame();
      await task();
    });
    await settling.catch((error) => {
      if (!/Execution context was destroyed/.test(error.message)) throw error;
    });
  }

  async openFile(files) {
    const inputs = [files].flat().map((file) =>
      typeof file === "string"
        ? file
        : { name: file.name, mimeType: file.mimeType ?? "application/json", buffer: Buffer.from(file.text ?? file.buffer) },
    );
    // Playwright takes either paths or contents, not both at once.
    const contents = inputs.some((input) => typeof input !== "string");
    const read = async (path) => ({ name: path.split(/[\\/]/).pop(), mimeType: "application/json", buffer: await readFile(path) });
    const given = contents ? await Promise.all(inputs.map((input) => (typeof input === "string" ? read(input) : input))) : inputs;
    await this.page.locator('input[type=file][data-field="open-file"]').first().setInputFiles(given);
  }

  // Does something and takes the file that the browser is given to store.
  async download(action) {
    const [{ name, bytes }] = await Promise.all([this.#downloads.next(), action()]);
    return {
      name,
      bytes,
      text: () => bytes.toString("utf8"),
      json: () => JSON.parse(bytes.toString("utf8")),
    };
  }

  async message(pattern = /./) {
    const message = this.page.locator("[data-message]").filter({ hasText: pattern }).first();
    await message.waitFor({ state: "attached", timeout: 10_000 });
    return (await message.textContent()).trim();
  }

  async violations({ include } = {}) {
    const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    // Given to the engine and not to the page as a script, which the Content-Security-Policy would forbid.
    await this.page.evaluate(source);
    const { violations } = await this.page.evaluate((root) => window.axe.run(root ?? document), include);
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}`));
  }

  async kill() {
    assert.ok(this.#profileDir, "only a browser with a profileDir is the test's own");
    this.#closed = true;
    const gone = new Promise((resolve) => this.context.once("close", resolve));
    await killed(this.context, this.page, this.#profileDir);
    await gone;
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    await this.context.close();
    assert.deepEqual(this.problems, [], "the page had problems");
  }
}

// One browser for all tests of a file; each test gets a context of its own, which shares nothing with the others.
let shared;
const leftovers = [];
after(async () => {
  await (await shared)?.close();
  for (const clear of leftovers) await clear();
});

async function newContext(profileDir, options) {
  if (profileDir) return launchWithProfile(profileDir, options);
  shared ??= launch();
  return (await shared).newContext(options);
}

async function watch(context, origin, note) {
  if (isFirefox) await tellOfChanges(context);
  await context.exposeBinding("__reportViolation", (_, violation) => note(`policy: ${violation}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      window.__reportViolation(`${event.effectiveDirective} forbids ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`),
    );
  });
  context.on("console", (message) => message.type() === "error" && note(`console: ${message.text()}`));
  context.on("weberror", (error) => note(`uncaught: ${error.error().stack ?? error.error()}`));
  context.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && asked !== origin) note(`request: ${request.url()}`);
  });
}
