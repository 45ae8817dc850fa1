/**
 * What this browser keeps of a visitor until the server has it: words on their way, the draft, how far he has read.
 *
 * The keys name the shop's page and the visitor, so that nobody finds the words of whoever sat here before. A frame on
 * somebody's page may be refused any storage: then the copy is lost, never the words in memory.
 */

const DAYS = 7 * 86_400_000;
let prefix = '';

/** @param {() => any} act @returns {any} */
function attempt(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** @returns {string[]} */
const keys = () => attempt(() => Object.keys(localStorage)) ?? [];

/** @param {string} name @returns {any} */
const read = (name) => attempt(() => JSON.parse(localStorage.getItem(prefix + name) ?? 'null'));

/** @param {string} name @param {unknown} value null removes */
function write(name, value) {
  attempt(() =>
    value === null ? localStorage.removeItem(prefix + name) : localStorage.setItem(prefix + name, JSON.stringify(value)),
  );
}

/** @param {string} place of the widget and the page @param {string} visitor */
export function keepFor(place, visitor) {
  prefix = `mostik:${place}:${visitor}:`;
  for (const key of keys()) {
    if (key.startsWith(`mostik:${place}:`) && !key.startsWith(prefix)) attempt(() => localStorage.removeItem(key));
  }
}

/** Forget all of this visitor. */
export function forget() {
  for (const key of keys()) if (prefix && key.startsWith(prefix)) attempt(() => localStorage.removeItem(key));
}

/** @param {{client_id: string, at: string}} send one key each: two tabs never write over each other's */
export const keepSend = (send) => write(`say:${send.client_id}`, send);

/** @param {string} id client_id */
export const dropSend = (id) => write(`say:${id}`, null);

/** @returns {any[]} in the order they were said */
export function sends() {
  const start = `${prefix}say:`;
  const all = keys().filter((key) => key.startsWith(start)).map((key) => read(key.slice(prefix.length)));
  const fresh = all.filter((send) => send?.client_id && Date.now() - Date.parse(send.at) < DAYS);
  return fresh.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** @returns {string} */
export const draft = () => String(read('draft') ?? '');

/** @param {string} text */
export const keepDraft = (text) => write('draft', text || null);

/** @param {string|null} conversation @returns {number|null} seq of its last message read here; null: not known here */
export function seen(conversation) {
  const mark = read('seen');
  return mark && mark.conversation === conversation ? mark.seq : null;
}

/** @param {string|null} conversation @param {number} seq */
export const keepSeen = (conversation, seq) => write('seen', {conversation, seq});
