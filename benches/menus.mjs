// What is chosen in the toolbar's menus.

const MENUS = {
  "gradient.preset-blue-red": "Colours",
  "gradient.preset-red-green": "Colours",
  "view.collapse-all": "Show",
  "view.expand-all": "Show",
  "view.layout-flat": "Layout",
  "view.layout-side": "Layout",
};

// Opens the menu that has a command; what runs it, ready to be clicked.
export async function choose(tab, command) {
  await tab.locator(".toolbar .menu-button", { hasText: MENUS[command] }).click({ timeout: 5000 });
  const item = tab.locator(`[role=menu] [data-command="${command}"]`);
  await item.waitFor({ timeout: 5000 });
  await tab.waitForTimeout(300);
  return item;
}
