// What is in a PDF, read by pdf.js: pages with their texts and where these stand, and fonts.
//
//   noPdf                    why it can't be read, or false: test("…", { skip: noPdf }, …)
//   await readPdf(bytes)     [{ width, height, words, texts: [{ text, left, right, top, bottom }], fonts: [{ name, embedded }] }]
//                            lengths in points, from the page's upper left corner

let pdfjs;
try {
  pdfjs = await import("pdfjs-dist/legacy/build/pdf.mjs");
} catch {
  pdfjs = undefined;
}

export const noPdf = pdfjs ? false : "pdfjs-dist is not here: `npm ci` in tests/browser installs it";

export async function readPdf(bytes) {
  const file = await pdfjs.getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 }).promise;
  const pages = [];
  for (let number = 1; number <= file.numPages; number += 1) {
    const page = await file.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    const texts = items
      .filter(({ str }) => str.trim())
      .map(({ str, transform: [, , , size, x, y], width: wide }) => ({
        text: str,
        left: x,
        right: x + wide,
        top: height - y - Math.abs(size) * 0.8,
        bottom: height - y + Math.abs(size) * 0.2,
      }));
    const words = items.map(({ str, hasEOL }) => str + (hasEOL ? "\n" : "")).join("");
    pages.push({ width, height, words, texts, fonts: await fontsOf(page) });
  }
  await file.destroy();
  return pages;
}

async function fontsOf(page) {
  // Fonts are known once the page's operations are.
  const { fnArray, argsArray } = await page.getOperatorList();
  const names = new Set(fnArray.flatMap((operation, at) => (operation === pdfjs.OPS.setFont ? [argsArray[at][0]] : [])));
  return [...names].map((name) => {
    const font = page.commonObjs.get(name);
    return { name: font.name, embedded: !font.missingFile };
  });
}
