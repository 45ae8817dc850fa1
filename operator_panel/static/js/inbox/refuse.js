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
  try {
    await api.post(`/conversations/${encodeURIComponent(id)}/suggestions/refuse`, {articles}, newId());
  } catch (error) {
    complain(error);
    return;
  }
  const suggestions = (thread.suggestions ?? []).filter((one) => articles.length && !articles.includes(one.article_id));
  store.dispatch({type: 'thread.suggestions', id, suggestions});
  toast(t('ui.suggestions.noted'));
}
