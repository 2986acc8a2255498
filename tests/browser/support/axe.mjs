// What axe-core finds wrong with the page as it is shown just now, and where it could not tell whether text can be read:
// on a picture, on a gradient, half transparent. What just lies under something else is none of that.
//
//   await faults(app)      readable lines; [] is good

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Why axe leaves a text undecided that can be read as soon as it is scrolled to, or that is a single digit in a cell
// whose other texts axe has judged.
// A sign such as a minus is no text to it at all.
const COVERED = ["nonBmp", "bgOverlap", "elmPartiallyObscured", "elmPartiallyObscuring", "outsideViewport", "shortTextContent"];

export async function faults(app) {
  // Colours that are still on their way would be taken for the ones that stay.
  await app.page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect.getTiming().iterations !== Infinity)
        .map(({ finished }) => finished),
    ),
  );
  // Given to the engine and not to the page as a script, which the Content-Security-Policy would forbid.
  await app.page.evaluate(source);
  const { violations, incomplete } = await app.page.evaluate(() =>
    window.axe.run(document, { resultTypes: ["violations", "incomplete"], elementRef: false }),
  );
  const isCovered = ({ any }) => any.every(({ data }) => COVERED.includes(data?.messageKey));
  const unclear = incomplete
    .filter(({ id }) => id === "color-contrast")
    .map((rule) => ({ ...rule, nodes: rule.nodes.filter((node) => !isCovered(node)) }));
  return [...violations, ...unclear].flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join("; ");
      return `${id}: ${target.join(" ")}: ${why}`;
    }),
  );
}
