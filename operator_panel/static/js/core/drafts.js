/**
 * Drafts and words on their way, kept in this browser at once: per operator, conversation and mode, so that neither a
 * reload nor an ended session loses a letter.
 */

/** @typedef {{text: string, seq: number, at: number}} Draft `seq`: the newest message there was when it began */
/** @typedef {'reply'|'note'} Mode */

const EMPTY = Object.freeze({text: '', seq: 0, at: 0});
const KEEP = 30 * 86_400_000;

/** @param {string} key @returns {any} */
function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value null removes; a full or forbidden storage only loses the copy */
function save(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows may refuse storage: the words stay in memory.
  }
}

/** @returns {string[]} */
function storedKeys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/**
 * @param {string} operator id
 */
export function createDrafts(operator) {
  const prefix = `mostik.draft.${operator}.`;
  const outKey = `mostik.outbox.${operator}`;
  /** @type {Map<string, Draft>} */
  const all = new Map();
  for (const key of storedKeys()) {
    const draft = key.startsWith(prefix) ? load(key) : null;
    if (draft?.text && Date.now() - draft.at < KEEP) all.set(key.slice(prefix.length), draft);
    else if (draft) save(key, null);
  }

  return {
    /** @param {string} conversation @param {Mode} mode @returns {Draft} */
    get: (conversation, mode) => all.get(`${conversation}.${mode}`) ?? EMPTY,

    /**
     * @param {string} conversation @param {Mode} mode @param {string} text
     * @param {number} seq the newest message now; kept from the first letter on
     */
    put(conversation, mode, text, seq) {
      const key = `${conversation}.${mode}`;
      if (!text) {
        all.delete(key);
        save(prefix + key, null);
        return;
      }
      const draft = {text, seq: all.get(key)?.seq ?? seq, at: Date.now()};
      all.set(key, draft);
      save(prefix + key, draft);
    },

    /** What is on its way to the server and not acknowledged. @returns {any[]} */
    waiting: () => load(outKey) ?? [],

    /** @param {any[]} sends */
    keepWaiting: (sends) => save(outKey, sends.length ? sends : null),
  };
}
