// Stands where a release has its service worker (offline.js), in every build that is no release: whoever works on the app
// must see what was built last, and not what a release kept that was once served at the same address. It takes away
// what was kept, and itself.

const kept = async () => (await caches.keys()).filter((name) => name.startsWith(`bulkhead ${registration.scope} `));

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await kept()) await caches.delete(name);
      await registration.unregister();
      // Pages that were served from what is gone are loaded again; others are left alone.
      for (const client of await clients.matchAll({ type: "window" })) await client.navigate(client.url);
    })(),
  );
});
