// Which browser is started, and how; it knows nothing of the app or of tests.
//
//   await launch(flags)                              Playwright's Browser, headless; contexts of it store nothing
//   await launchWithProfile(folder, options)         Playwright's BrowserContext, with what it stores in the folder
//
// The environment: CHROMIUM, the browser's program; without it, the first one found on the search path.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch(flags = []) {
  return chromium.launch({ executablePath: program(), args: [...FLAGS, ...flags] });
}

export function launchWithProfile(folder, options = {}) {
  return chromium.launchPersistentContext(folder, { executablePath: program(), args: FLAGS, ...options });
}

function program() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  assert.ok(found, "no Chromium found: set CHROMIUM to its program");
  return found;
}
