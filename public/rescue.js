// Takes the page when the app has stopped because of a fault of its own: offers every stored layer as a file, and a
// fresh start. It reads the browser's database itself and needs nothing of the app, which may be broken. The names
// of the database, its stores and a record's fields are those of src/app/persistence/database.rs.

const DATABASE = "bulkhead";
const LAYERS = "layers";

// An edit waits up to 120 ms before it is stored, by a timer that still runs: what was done last is read after it.
const LAST_EDIT = 400;

export async function rescue(error) {
  // The app's own keys must not do anything any more.
  for (const kind of ["keydown", "keyup", "pointerdown", "pointermove", "dragover", "drop"]) {
    addEventListener(kind, (event) => event.stopImmediatePropagation(), true);
  }
  // In another page nothing is stored: there is nothing to offer, and no database to be made.
  const isEmbedded = "embed" in document.documentElement.dataset;
  const words = isEmbedded
    ? "Load the page again to see the matrix."
    : "Your layers are stored in this browser. Load the page again to go on with them; if it stops again, download them first.";
  document.title = "Bulkhead stopped";
  const sheet = make("link", { rel: "stylesheet", href: new URL("rescue.css", document.baseURI).href });
  document.head.append(sheet);
  const page = make("main", { id: "rescue" });
  const notice = make("div", {}, [
    make("h1", { textContent: "Bulkhead stopped because of a fault of its own" }),
    make("p", { textContent: words }),
  ]);
  notice.setAttribute("role", "alert");
  notice.setAttribute("data-message", "");
  const again = button("Load the page again", "reload", () => location.reload());
  const list = make("ul");
  const told = make("p", { textContent: "Reading the stored layers…" });
  const detail = make("details", {}, [
    make("summary", { textContent: "What the browser says" }),
    make("p", { textContent: String(error?.stack ?? error) }),
  ]);
  page.append(notice, make("p", {}, [again]), ...(isEmbedded ? [] : [told, list]), detail);
  document.body.replaceChildren(page);
  again.focus();
  if (isEmbedded) return;

  await new Promise((done) => setTimeout(done, LAST_EDIT));
  try {
    const layers = await stored();
    told.textContent = layers.length === 1 ? "1 layer is stored:" : `${layers.length} layers are stored:`;
    list.append(...layers.map(line));
    if (layers.length > 1) {
      const all = () => download("layers.json", `[${layers.map(({ file }) => file).join(",\n")}]`);
      again.after(" ", button("Download all as one file", "download-all", all));
    }
  } catch (problem) {
    told.textContent = `The stored layers can't be read: ${problem}`;
  }
}

function line({ name, file, changed }) {
  const when = changed ? new Date(changed).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }) : "";
  const save = button("Download", "download", () => download(fileName(name), file));
  save.setAttribute("aria-label", `Download ${name}`);
  return make("li", {}, [make("b", { textContent: name }), make("span", { textContent: when }), save]);
}

// Layers as files, the one changed last first. What can't be read as a layer is offered as it is.
async function stored() {
  const database = await asked(indexedDB.open(DATABASE));
  if (!database.objectStoreNames.contains(LAYERS)) return [];
  const values = await asked(database.transaction(LAYERS).objectStore(LAYERS).getAll());
  database.close();
  return values.map(read).sort((one, other) => other.changed - one.changed);
}

function read(value) {
  try {
    const { layer, changed = 0 } = JSON.parse(value);
    return { name: String(JSON.parse(layer).name || "(no name)"), file: layer, changed };
  } catch {
    return { name: "(not readable)", file: String(value), changed: 0 };
  }
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function fileName(name) {
  const plain = name.trim().toLowerCase().replace(/\s/g, "_").replace(/[/\\:*?"<>|\p{Cc}]/gu, "").replace(/^\.+|\.+$/g, "");
  return `${plain.slice(0, 120) || "layer"}.json`;
}

function download(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

function button(words, action, run) {
  const made = make("button", { type: "button", textContent: words });
  made.dataset.action = action;
  made.addEventListener("click", run);
  return made;
}

function make(tag, properties = {}, children = []) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
