// What Firefox lacks as it is driven here, and users have.
//
//   await tellOfChanges(context)                     before pages are opened
//   await preferDark(context)                        the same
//   replaceNumbers(page)                             once is enough for all
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

// Playwright selects what it is about to replace, which Firefox knows in no field of numbers: what is written came after what was there.
export function replaceNumbers(page) {
  const locator = Object.getPrototypeOf(page.locator("html"));
  if (locator.fillAsIs) return;
  locator.fillAsIs = locator.fill;
  locator.fill = async function (...given) {
    await this.evaluate((field) => field.type === "number" && (field.value = ""));
    return this.fillAsIs(...given);
  };
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
