/** Drafts on the server: kept 800 ms after the last letter, shown on the other devices, forgotten with the sent words. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {newId} from 'mostik/core/ids.js';
import {api, drafts, store} from 'mostik/inbox/desk.js';

/** @typedef {import('mostik/core/drafts.js').Mode} Mode */

const IDLE_MS = 800;
const AGAIN_MS = 5000;
const MODES = /** @type {Mode[]} */ (['reply', 'note']);
const page = newId();

/** @type {Map<string, {timer: number, busy: Promise<void>, said: string}>} by conversation and mode: what the server was told */
const kept = new Map();

/** @param {string} conversation @param {Mode} mode */
const slot = (conversation, mode) => {
  const key = `${conversation}.${mode}`;
  const draft = drafts.get(conversation, mode);
  const found = kept.get(key) ?? {timer: 0, busy: Promise.resolve(), said: draft.stamp ? content(draft) : ''};
  kept.set(key, found);
  return found;
};

/** @param {import('mostik/core/drafts.js').Draft} draft @returns {string} what the server is to know of it; empty: nothing */
function content({text, files, quote, suggestion}) {
  if (!text.trim() && !files.length && !quote) return '';
  return JSON.stringify([text, files.map(({id}) => id), quote, suggestion ?? '']);
}

/** @param {string} conversation @param {Mode} mode */
const path = (conversation) => `/conversations/${encodeURIComponent(conversation)}/draft`;

/** @param {string} conversation @param {Mode} mode */
const onItsWay = (conversation, mode) => store.state.sends.some((send) => send.conversation === conversation && send.kind === mode);

/** @param {string} conversation @param {Mode} mode */
async function tell(conversation, mode) {
  const own = slot(conversation, mode);
  const draft = drafts.get(conversation, mode);
  const said = content(draft);
  // What was just sent is forgotten by the server with the words themselves.
  if (said === own.said || (!said && onItsWay(conversation, mode))) return;
  const body = {mode, text: draft.text, attachments: draft.files.map(({id}) => ({file_id: id})), reply_to: draft.quote || null, suggestion: draft.suggestion || null, seq: draft.seq, page};
  try {
    const answer = await api.put(path(conversation), body);
    own.said = said;
    if (answer.draft && content(drafts.get(conversation, mode)) === said) drafts.put(conversation, mode, {stamp: answer.draft.stamp}, draft.seq);
    else if (answer.draft && !content(drafts.get(conversation, mode)) && !onItsWay(conversation, mode)) later(conversation, mode, 0);
    store.dispatch({type: 'part'});
  } catch {
    later(conversation, mode, AGAIN_MS); // it is kept here meanwhile, and nobody was told otherwise
  }
}

/** @param {string} conversation @param {Mode} mode @param {number} ms */
function later(conversation, mode, ms) {
  const own = slot(conversation, mode);
  clearTimeout(own.timer);
  own.timer = setTimeout(() => {
    own.timer = 0;
    own.busy = own.busy.then(() => tell(conversation, mode));
  }, ms);
}

/** @param {any} event another page of this person wrote a draft, or sent it */
async function drafted({conversation_id: conversation, mode, page: who}) {
  const own = slot(conversation, mode);
  if (who === page || own.timer || content(drafts.get(conversation, mode)) !== own.said) return;
  const {items} = await api.get(path(conversation));
  const one = items.find((/** @type {{mode: string}} */ each) => each.mode === mode) ?? null;
  if (content(drafts.get(conversation, mode)) !== own.said) return;
  drafts.take(conversation, mode, one);
  own.said = content(drafts.get(conversation, mode));
  store.dispatch({type: 'draft'});
}

/** @param {any} event */
function follow(event) {
  const {thread} = store.state;
  if (event.type === 'drafted') drafted(event).catch(() => {});
  else if (event.type === 'draft' && thread) {
    for (const mode of MODES) if (content(drafts.get(thread.id, mode)) !== slot(thread.id, mode).said) later(thread.id, mode, IDLE_MS);
  } else if (event.type === 'message.sent' || event.type === 'held.sent') {
    const id = event.id ?? event.message.conversation_id;
    for (const mode of MODES) if (!content(drafts.get(id, mode)) && slot(id, mode).said) forget(id, mode);
  }
}

/** The words are acknowledged, and their draft went with them; one kept while they were on their way goes now. @param {string} id @param {Mode} mode */
function forget(id, mode) {
  const own = slot(id, mode);
  own.busy = own.busy.then(async () => {
    if (content(drafts.get(id, mode))) return;
    await api.remove(`${path(id)}?${new URLSearchParams({mode, page})}`).then(() => (own.said = ''), () => later(id, mode, AGAIN_MS));
  });
}

export function beginDrafts() {
  store.subscribe(follow);
  follow({type: 'draft'});
}

/** @param {string} conversation @param {Mode} mode the server keeps it: said only after the server has said so */
export function draftTemplate(conversation, mode) {
  const said = content(drafts.get(conversation, mode));
  const own = slot(conversation, mode);
  return said && said === own.said ? html`<span class="draft-kept" data-testid="draft-kept">${icon('check')}${t('ui.draft.kept')}</span>` : nothing;
}
