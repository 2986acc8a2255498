// What is chosen in the toolbar's menus.

const MENUS = {
  "gradient.preset-blue-red": "Colours",
  "gradient.preset-red-green": "Colours",
  "view.collapse-all": "Show",
  "view.expand-all": "Show",
  "view.layout-flat": "Layout",
  "view.layout-side": "Layout",
};

// What changes the matrix as a whole: the command, what undoes it before the next time, and what is there once it is done.
export const ALL_SUBTECHNIQUES = { command: "view.expand-all", other: "view.collapse-all", until: ["[role=gridcell][data-parent]", 10] };
export const ANOTHER_LAYOUT = { command: "view.layout-side", other: "view.layout-flat", until: ['.matrices[data-layout="side"]', 1] };

// The time from the click on a command, chosen after another one, until its outcome is painted, or what the clock was armed for.
export async function timed(tab, { command, other, until, arm }) {
  await (await choose(tab, other)).click();
  await tab.waitForTimeout(500);
  const item = await choose(tab, command);
  if (arm) await arm();
  else await tab.evaluate(([what, count]) => window.__measure.armUntil("click", what, count), until);
  await item.click();
  const taken = await tab.evaluate(() => window.__measure.wait());
  await tab.waitForTimeout(500);
  return taken;
}

// Opens the menu that has a command; what runs it, ready to be clicked.
async function choose(tab, command) {
  await tab.locator(".toolbar .menu-button", { hasText: MENUS[command] }).click({ timeout: 5000 });
  const item = tab.locator(`[role=menu] [data-command="${command}"]`);
  await item.waitFor({ timeout: 5000 });
  await tab.waitForTimeout(300);
  return item;
}
