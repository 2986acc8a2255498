// Which browser is started, and how; it knows nothing of the app or of tests.
//
//   await launch(flags)                              Playwright's Browser, headless; contexts of it store nothing
//   await launchWithProfile(folder, options)         Playwright's BrowserContext, with what it stores in the folder
//   await killed(context, page, folder)              ends the browser with that profile at once, as a power cut would
//   isFirefox                                        whether it is Firefox, and not Chromium
//   onlyInChromium("reason")                         why a test is left out in Firefox; false in Chromium
//
// The environment: BULKHEAD_BROWSER, "chromium" (the default) or "firefox", as it is installed: it is driven by WebDriver BiDi, which an
// unchanged Firefox speaks. CHROMIUM and FIREFOX, their programs; without them, the first one found on the search path.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, firefox } from "playwright-core";

const CHROMIUM = {
  type: chromium,
  program: process.env.CHROMIUM,
  names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

const FIREFOX = { type: firefox, channel: "moz-firefox", program: process.env.FIREFOX, names: ["firefox", "firefox-esr"], args: [] };

export const isFirefox = process.env.BULKHEAD_BROWSER === "firefox";

export const onlyInChromium = (why) => (isFirefox ? why : false);

const CHOSEN = isFirefox ? FIREFOX : CHROMIUM;

export function launch(flags = []) {
  const { type, channel, args } = CHOSEN;
  return type.launch({ channel, executablePath: program(), args: [...args, ...flags] });
}

export function launchWithProfile(folder, options = {}) {
  const { type, channel, args } = CHOSEN;
  return type.launchPersistentContext(folder, { channel, executablePath: program(), args, ...options });
}

export async function killed(context, page, folder) {
  // Every process of Firefox's has its profile on the command line, or ends with the one that has.
  if (isFirefox) return void spawnSync("pkill", ["-KILL", "-f", folder]);
  const session = await context.newCDPSession(page);
  session.send("Browser.crash").catch(() => {});
}

function program() {
  if (CHOSEN.program) return CHOSEN.program;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = CHOSEN.names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  assert.ok(found, `no ${CHOSEN.names[0]} found: install it, or name its program in the environment`);
  return found;
}
