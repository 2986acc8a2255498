// The app in a page of its own, and the official Enterprise bundle in it.

import { readShared } from "../tests/browser/harness/facts.mjs";
import { install } from "./page.mjs";

export const READY = 'html[data-app="ready"]';
export const ENTERPRISE_CELLS = 800;

const ENTERPRISE = ["stix", "enterprise-attack-18.1.json.gz"];

// How long one opening may take before it is given up, in milliseconds.
export const PATIENCE = 30_000;

export const enterpriseText = () => readShared(...ENTERPRISE);

export async function openApp(browser, server) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const tab = await context.newPage();
  await tab.addInitScript(install);
  await tab.goto(server.url);
  await tab.waitForSelector(READY, { state: "attached" });
  // What else is known comes a moment later, and is not to be measured with what comes next.
  await tab.waitForFunction(() => performance.getEntriesByName("bundle-read").length > 0);
  return { context, tab };
}

// Gives the file to the app; the time until its whole matrix was painted, or null.
export async function open(tab, file) {
  await tab.evaluate(([least, patience]) => window.__measure.armFile(least, patience), [ENTERPRISE_CELLS, PATIENCE]);
  await tab.locator('input[type=file][data-field="open-file"]').first().setInputFiles(file, { timeout: 5000 });
  return tab.evaluate(() => window.__measure.wait());
}

// For figures that mean nothing unless the bundle is there.
export async function opened(tab, file) {
  if ((await open(tab, file)) === null) throw new Error(`${PATIENCE / 1000} s after the file was chosen its matrix was not there`);
}
