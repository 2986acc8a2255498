// Starts the app: loads the two files that its own tag names and hands the second to the first. It stands in a file of
// its own because the page's Content-Security-Policy allows no inline script. If the app cannot start, it says why in
// #boot. If the app stops later, rescue.js takes the page: it needs nothing of the app.

const tag = document.querySelector("script[data-js][data-wasm]");
const absolute = (name) => new URL(tag.dataset[name], document.baseURI).href;

// What the reader can do about it: the browser's own words come after, for whoever is asked for help.
function advice(error) {
  if (typeof WebAssembly !== "object") {
    return "This browser has no WebAssembly, or it is switched off. Use a current Firefox, Chrome, Edge or Safari.";
  }
  if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
    return "This browser is too old for Bulkhead. Use a current Firefox, Chrome, Edge or Safari.";
  }
  if (error instanceof WebAssembly.RuntimeError) {
    return "Bulkhead stopped while it was starting. Your layers are still stored in this browser.";
  }
  return "A part of Bulkhead could not be loaded. Check the connection and load the page again.";
}

function explain(error) {
  const place = document.getElementById("boot");
  if (!place) return;
  const title = document.createElement("strong");
  title.textContent = "Bulkhead could not start";
  const help = document.createElement("p");
  help.textContent = advice(error);
  const detail = document.createElement("p");
  detail.textContent = String(error);
  place.setAttribute("role", "alert");
  place.replaceChildren(title, help, detail);
}

// A fault of the app's own ends as a trap of WebAssembly: after it nothing of the app can be relied on.
let isRescued = false;
function rescueAfter(error) {
  const isTrap = typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;
  if (!isTrap || isRescued) return;
  isRescued = true;
  import(new URL("rescue.js", document.baseURI)).then(({ rescue }) => rescue(error)).catch(() => {
    const words = "Bulkhead stopped because of a fault of its own. What you had is stored: load the page again.";
    document.body.replaceChildren(Object.assign(document.createElement("p"), { textContent: words, role: "alert" }));
  });
}
addEventListener("error", (event) => rescueAfter(event.error));
addEventListener("unhandledrejection", (event) => rescueAfter(event.reason));

// In another page only the matrix is shown, from the first moment on; and in the theme that its address asks for.
const search = new URLSearchParams(location.search);
if (search.has("embed")) document.documentElement.dataset.embed = search.get("theme") ?? "";

// The browser's storage takes a while to wake, and the app asks it before it shows anything: so wake it now.
globalThis.indexedDB?.databases?.().catch(() => {});

try {
  if (typeof WebAssembly !== "object") throw new Error("WebAssembly is missing");
  const app = await import(absolute("js"));
  // For exports.js, by which the rest of the app finds what is running.
  globalThis.bulkhead = app;
  await app.default({ module_or_path: absolute("wasm") });
} catch (error) {
  explain(error);
  rescueAfter(error);
  throw error;
}
