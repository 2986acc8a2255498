// What Firefox lacks as it is driven here, and users have.
//
//   await tellOfChanges(context)                     before pages are opened
//   await preferDark(context)                        the same
//   await stayInWindow(context)                      the same
//   replaceActions(page)                             once is enough for all
//   paper("A4")                                      for page.pdf(): its size, lying
//   const given = await handedOver(context, ms)      see downloads.mjs

// Playwright writes into a field as a script does, after which Firefox tells of no change when the field is left.
export function tellOfChanges(context) {
  return context.addInitScript(() => {
    let written = null;
    const tell = ({ target }) => {
      if (target !== written) return;
      written = null;
      target.dispatchEvent(new Event("change", { bubbles: true }));
    };
    addEventListener("input", ({ isTrusted, target }) => (written = isTrusted ? null : target), true);
    addEventListener("change", () => (written = null), true);
    addEventListener("focusout", tell, true);
    addEventListener("keydown", (event) => event.key === "Enter" && tell(event), true);
  });
}

// What a page asks the system is answered by scripts here: the ESR can't be told of another theme. Styles don't ask.
export function preferDark(context) {
  return context.addInitScript(() => {
    const ask = window.matchMedia;
    window.matchMedia = (query) => {
      const answer = ask.call(window, query);
      if (query.includes("prefers-color-scheme: dark")) Object.defineProperty(answer, "matches", { value: true });
      return answer;
    };
  });
}

// Its full screen is one of 1366 by 768, whatever the window is; a window that fills none stays as large as it was made.
export function stayInWindow(context) {
  return context.addInitScript(() => {
    Element.prototype.requestFullscreen = () => Promise.reject(new TypeError("Fullscreen request denied"));
  });
}

// Playwright selects what it is about to replace, which Firefox knows in no field of numbers: what is written came after what was
// there. And of two clicks in the same place it is not told that they belong together.
export function replaceActions(page) {
  const locator = Object.getPrototypeOf(page.locator("html"));
  if (locator.fillAsIs) return;
  locator.fillAsIs = locator.fill;
  locator.fill = async function (...given) {
    await this.evaluate((field) => field.type === "number" && (field.value = ""));
    return this.fillAsIs(...given);
  };
  locator.dblclick = async function (...given) {
    for (let click = 0; click < 2; click += 1) await this.click(...given);
    await this.dispatchEvent("dblclick");
  };
}

// In inches, lying. What Playwright is told of a size it hands on in inches, and Firefox takes them for centimetres.
const PAPER = { A4: [11.69, 8.27], Letter: [11, 8.5] };

export function paper(format) {
  const [width, height] = PAPER[format].map((inches) => `${inches * 2.54}in`);
  return { width, height };
}

// What the page is handing over, which is no download that Playwright is told of.
export async function handedOver(context, patience) {
  let waiting = null;
  await context.exposeBinding("__handedOver", (_, { name, base64 }) => waiting?.({ name, bytes: Buffer.from(base64, "base64") }));
  await context.addInitScript(() => {
    const blobs = new Map();
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const url = make.call(URL, blob);
      blobs.set(url, blob);
      return url;
    };
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      const blob = this.download && blobs.get(this.href);
      if (!blob) return click.call(this);
      const reader = new FileReader();
      reader.onload = () => window.__handedOver({ name: this.download, base64: reader.result.split(",")[1] ?? "" });
      reader.readAsDataURL(blob);
    };
  });
  const next = () =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`nothing was handed over in ${patience / 1000} s`)), patience);
      waiting = (file) => {
        clearTimeout(late);
        resolve(file);
      };
    });
  return { next };
}
