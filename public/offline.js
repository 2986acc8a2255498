// The service worker of a release: after one visit the app starts and works without a network. The build writes the list
// of files, each with the hash of its content, and puts this where sw.js is. A version is kept whole or not at all; the
// next one waits until the user takes it or every page of this one is closed. What the user made is not here: it is in
// IndexedDB, and no version touches it.

const VERSION = "{{version}}";
const FILES = {}; // {{files}}

const PREFIX = `bulkhead ${registration.scope} `;
const CACHE = PREFIX + VERSION;
const PAGE = "index.html";
// What the site says about the app: it changes when the site wants it to, and not with a version.
const SITE = "config.json";

// The page is asked for by its folder: some servers send index.html elsewhere.
const address = (path) => new URL(path === PAGE ? "./" : path, registration.scope).href;
const ownCaches = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A response that can be kept: what was unpacked on the way is not packed any more.
async function taken(response, expected) {
  if (!response?.ok) return undefined;
  const headers = new Headers(response.headers);
  const bytes = await response.arrayBuffer();
  if ((await hash(bytes)) !== expected) return undefined;
  for (const name of ["content-encoding", "content-length", "vary"]) headers.delete(name);
  return new Response(bytes, { headers });
}

// A file that an earlier version kept is not fetched again if it is the same.
async function keep(cache, older, path, expected) {
  for (const kept of older) {
    const response = await taken(await kept.match(address(path)), expected);
    if (response) return cache.put(address(path), response);
  }
  const response = await taken(await fetch(address(path), { cache: "no-cache" }), expected);
  if (!response) throw new Error(`${path} is not the file of this version`);
  return cache.put(address(path), response);
}

async function keepAll() {
  const older = await Promise.all((await ownCaches()).filter((name) => name !== CACHE).map((name) => caches.open(name)));
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(Object.entries(FILES).map(([path, expected]) => keep(cache, older, path, expected)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
  await asked(cache, new Request(address(SITE))).catch(() => {});
}

// From the site where it can be reached, else as it was last.
async function asked(cache, request) {
  try {
    const response = await fetch(request, { cache: "no-cache" });
    // Where there is no room to keep it, it is as good for now.
    if (response.ok) await cache.put(address(SITE), response.clone()).catch(() => {});
    return response;
  } catch (error) {
    const last = await cache.match(address(SITE));
    if (last) return last;
    throw error;
  }
}

// What earlier versions kept goes. Caches are named in the order in which they were made: one after this version's own is of a
// version that is still coming, or waits.
async function begin() {
  const names = await ownCaches();
  for (const name of names.slice(0, Math.max(names.indexOf(CACHE), 0))) await caches.delete(name);
  // The page of the first visit is of this version, too.
  await clients.claim();
}

// How many pages are open, if that is more than the one that asks; else this version begins.
async function takeOver(port) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.filter(({ url }) => url.startsWith(registration.scope)).length;
  if (open <= 1) await skipWaiting();
  port.postMessage(open);
}

addEventListener("install", (event) => event.waitUntil(keepAll()));
addEventListener("activate", (event) => event.waitUntil(begin()));
addEventListener("message", ({ data, ports }) => data === "take-over" && takeOver(ports[0]));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method !== "GET" || !url.startsWith(registration.scope)) return;
  const path = new URL(url).pathname.slice(new URL(registration.scope).pathname.length) || PAGE;
  if (path === SITE) event.respondWith(caches.open(CACHE).then((cache) => asked(cache, event.request)));
  if (!Object.hasOwn(FILES, path)) return;
  event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(address(path))) ?? fetch(event.request)));
});
