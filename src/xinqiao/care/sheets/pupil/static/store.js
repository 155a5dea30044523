// Storage that never throws: where the browser refuses (private window, full disk) a map in memory serves.

const memory = { local: new Map(), session: new Map() };

function browserStorage(kind) {
  try {
    return kind === "local" ? window.localStorage : window.sessionStorage;
  } catch (refused) {
    return null;
  }
}

function makeStore(kind) {
  const fallback = memory[kind];
  return {
    read(key) {
      if (fallback.has(key)) return fallback.get(key);
      try {
        return browserStorage(kind).getItem(key);
      } catch (refused) {
        return null;
      }
    },
    write(key, value) {
      try {
        browserStorage(kind).setItem(key, value);
        fallback.delete(key);
      } catch (refused) {
        fallback.set(key, value);
      }
    },
    remove(key) {
      fallback.delete(key);
      try {
        browserStorage(kind).removeItem(key);
      } catch (refused) {
        // nothing was kept there
      }
    },
    keys() {
      const found = Array.from(fallback.keys());
      try {
        const storage = browserStorage(kind);
        for (let i = 0; i < storage.length; i += 1) found.push(storage.key(i));
      } catch (refused) {
        // only the map in memory
      }
      return found;
    },
  };
}

export const onDevice = makeStore("local");
export const inTab = makeStore("session");
