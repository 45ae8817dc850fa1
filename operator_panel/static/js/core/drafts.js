/**
 * Drafts and words on their way, kept in this browser at once: per operator, conversation and mode, so that neither a
 * reload nor an ended session loses a letter.
 */

/** @typedef {import('mostik/core/files.js').Attachment} Attachment */
/**
 * @typedef {{text: string, files: Attachment[], quote: string, seq: number, at: number, suggestion?: string, stamp?: string}} Draft
 *   `files`: those already on the server; `quote`: id of the message it answers; `seq`: the newest message there was when
 *   it began; `suggestion`: id of the article that was inserted; `stamp`: as the server keeps it, none while it does not
 */
/** @typedef {'reply'|'note'} Mode */

const EMPTY = Object.freeze({text: '', files: [], quote: '', seq: 0, at: 0});
const KEEP = 30 * 86_400_000;

/** @param {string} key @returns {any} */
export function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value null removes; a full or forbidden storage only loses the copy */
export function save(key, value) {
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

/** @param {any} one a draft as the server keeps it @returns {Draft} */
export const ofServer = ({text, attachments, reply_to, seq, at, suggestion, stamp}) => ({text, files: attachments, quote: reply_to ?? '', seq, at: Date.parse(at), suggestion: suggestion ?? '', stamp});

/**
 * @param {string} operator id
 * @param {any[]} [kept] what the server keeps of his drafts
 */
export function createDrafts(operator, kept = []) {
  const prefix = `mostik.draft.${operator}.`;
  const outKey = `mostik.outbox.${operator}`;
  /** @type {Map<string, Draft>} */
  const all = new Map();
  for (const key of storedKeys()) {
    const draft = key.startsWith(prefix) ? load(key) : null;
    const whole = draft && {...draft, files: draft.files ?? [], quote: draft.quote ?? ''};
    if (whole && (whole.text || whole.files.length || whole.quote) && Date.now() - whole.at < KEEP) all.set(key.slice(prefix.length), whole);
    else if (draft) save(key, null);
  }
  // What was not changed here since the server kept it gives way to what it keeps now: it may be sent elsewhere.
  for (const [key, {stamp}] of [...all]) if (stamp) all.delete(key);
  for (const one of kept) all.has(`${one.conversation_id}.${one.mode}`) || all.set(`${one.conversation_id}.${one.mode}`, ofServer(one));

  return {
    /** @param {string} conversation @param {Mode} mode @returns {Draft} */
    get: (conversation, mode) => all.get(`${conversation}.${mode}`) ?? EMPTY,

    /**
     * Change what is said of the words or the files; the rest stays.
     * @param {string} conversation @param {Mode} mode @param {{text?: string, files?: Attachment[], quote?: string, suggestion?: string, stamp?: string}} change
     * @param {number} seq the newest message now; kept from the first letter or file on
     */
    put(conversation, mode, change, seq) {
      const key = `${conversation}.${mode}`;
      const old = all.get(key);
      const draft = {text: '', files: [], quote: '', ...old, ...change, seq: old?.seq ?? seq, at: Date.now(), stamp: change.stamp ?? ''};
      if (!draft.text && !draft.files.length && !draft.quote) {
        all.delete(key);
        save(prefix + key, null);
        return;
      }
      all.set(key, draft);
      save(prefix + key, draft);
    },

    /** Take what the server keeps. @param {string} conversation @param {Mode} mode @param {any} one null: nothing any more */
    take(conversation, mode, one) {
      const key = `${conversation}.${mode}`;
      if (one) all.set(key, ofServer(one));
      else all.delete(key);
      save(prefix + key, one && ofServer(one));
    },

    /** What is on its way to the server and not acknowledged. @returns {any[]} */
    waiting: () => load(outKey) ?? [],

    /** @param {any[]} sends */
    keepWaiting: (sends) => save(outKey, sends.length ? sends : null),
  };
}
