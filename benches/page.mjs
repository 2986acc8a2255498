// What runs inside the measured page: clocks around what the user does. `install` is given to the browser as an init
// script, so it must not use anything from outside itself. It knows the DOM contract and no more.

export function install() {
  // The app's wasm memory is caught as it is made: the app need not show it to us.
  const memories = new Set();
  const note = (result) => {
    const memory = (result.instance ?? result).exports?.memory;
    if (memory instanceof WebAssembly.Memory) memories.add(memory);
    return result;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = (...given) => original.apply(WebAssembly, given).then(note);
  }

  const longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries())).observe({ type: "longtask", buffered: true });

  const cells = () => [...document.querySelectorAll("[role=gridcell][data-technique]")];

  // A frame callback runs right before the browser paints, and a message that it sends is handled right after.
  const painted = () =>
    new Promise((resolve) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      }),
    );

  // From the next event of this type to the end of the first painting after which `holds` does, in milliseconds.
  const timed = (type, holds, patience) =>
    new Promise((resolve) => {
      const from = async (event) => {
        // Ctrl of Ctrl+A is a key of its own, and changes nothing.
        if (["Alt", "Control", "Meta", "Shift"].includes(event.key)) return;
        removeEventListener(type, from, { capture: true });
        const { profiled } = window.__measure;
        if (profiled) console.profile();
        performance.mark("measured-from");
        const start = performance.now();
        for (;;) {
          const now = await painted();
          const done = holds();
          if (!done && now - start <= patience) continue;
          performance.mark("measured-to");
          if (profiled) console.profileEnd();
          window.__measure.end = now;
          return resolve(done ? now - start : null);
        }
      };
      addEventListener(type, from, { capture: true });
    });

  window.__measure = {
    cells: () => cells().length,
    wasmBytes: () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
    // Arms clocks for the next key or click: `wait` gives the time until an attribute has changed in what is in sight,
    // `waitForAll` until it has changed in at least `least` cells; null if it did in fewer.
    arm(type, attribute, least) {
      const before = new Map(cells().map((cell) => [cell, cell.getAttribute(attribute)]));
      const inSight = [...before.keys()].filter((cell) => {
        const { top, bottom } = cell.getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
      });
      const changed = (cell) => cell.getAttribute(attribute) !== before.get(cell);
      const count = (some) => some.filter(changed).length;
      this.pending = timed(type, () => count(inSight) >= Math.min(least, Math.floor(inSight.length * 0.95)), 2000);
      this.all = timed(type, () => count([...before.keys()]) >= least, 2000);
    },
    // The same until something holds: a selector finds so many elements.
    armUntil(type, selector, least, patience = 2000) {
      this.armWhen(type, () => document.querySelectorAll(selector).length >= least, patience);
    },
    armWhen(type, holds, patience) {
      this.pending = timed(type, holds, patience);
    },
    // Whether what is timed is given to the browser's profiler too, which makes it slower.
    profiled: false,
    // Arms a clock for the next file that is opened.
    armFile(least, patience) {
      performance.clearMarks();
      longTasks.length = 0;
      this.pending = timed("change", () => cells().length >= least, patience);
    },
    wait() {
      return this.pending;
    },
    waitForAll() {
      return this.all;
    },
    longestTask: () => Math.max(0, ...longTasks.map(({ duration }) => duration)),
    mark: (name) => performance.getEntriesByName(name, "mark").at(-1)?.startTime ?? null,
    async parse(address, times) {
      const text = await (await fetch(address)).text();
      const taken = [];
      for (let i = 0; i < times; i += 1) {
        const start = performance.now();
        const value = JSON.parse(text);
        taken.push(performance.now() - start);
        if (!value) return null;
      }
      return taken.sort((a, b) => a - b)[times >> 1];
    },
  };
}
