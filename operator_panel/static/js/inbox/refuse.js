/** An operator says that suggestions do not fit: the matcher learns it. Fetched when asked for. */

import {t} from 'mostik/core/i18n.js';
import {newId} from 'mostik/core/ids.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {api, store} from 'mostik/inbox/desk.js';

/** These do not answer the question, or (none given) nothing in the base is to. @param {string[]} articles */
export async function refuse(articles) {
  const {thread} = store.state;
  if (!thread) return;
  const {id} = thread;
  if (!(await say(id, 'refuse', articles))) return;
  const suggestions = (thread.suggestions ?? []).filter((one) => articles.length && !articles.includes(one.article_id));
  store.dispatch({type: 'thread.suggestions', id, suggestions});
  toast(t('ui.suggestions.noted'), {action: {label: t('ui.undo'), run: () => takeBack(id, articles)}});
}

/** @param {string} id @param {'refuse'|'unrefuse'} verb @param {string[]} articles */
async function say(id, verb, articles) {
  try {
    await api.post(`${pathOf(id)}/${verb}`, {articles}, newId());
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

/** Take it back: what fits is suggested again. @param {string} id @param {string[]} articles */
async function takeBack(id, articles) {
  if (!(await say(id, 'unrefuse', articles))) return;
  try {
    store.dispatch({type: 'thread.suggestions', id, suggestions: await api.get(pathOf(id))});
  } catch (error) {
    complain(error);
  }
}

/** @param {string} id */
const pathOf = (id) => `/conversations/${encodeURIComponent(id)}/suggestions`;
