// What the app gives to the rest of itself, which comes later: the program that is already running. The rest asks for it
// by this name, which stays the same while the app's own changes with every build.

export function initSync(...given) {
  return globalThis.bulkhead.initSync(...given);
}
