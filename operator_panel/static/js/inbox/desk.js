/** What every part of the inbox shares: the boot data, the state, the calls, the drafts. */

import {createApi} from 'mostik/core/api.js';
import {createDrafts} from 'mostik/core/drafts.js';
import {setClock} from 'mostik/core/format.js';
import {setWords} from 'mostik/core/i18n.js';
import {createStore, initial} from 'mostik/core/store.js';

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}');

setWords(boot.strings, boot.lang);
setClock(boot.now);

export const store = createStore(initial(boot));
export const drafts = createDrafts(boot.me.id, boot.drafts);
export const api = createApi(boot.csrf, () => store.dispatch({type: 'session', expired: true}));

/** The drawing of the page: `now` where the next line needs what it makes, `reveal` a row that is to get the focus. */
export const drawing = {now() {}, reveal: (/** @type {string} */ id) => {}};

/** An observer and an editor read; the desk writes. */
export const mayWrite = ['admin', 'supervisor', 'operator'].includes(boot.me.role);
export const mayErase = boot.me.role === 'admin';
export const mayDelete = Boolean(boot.me.deletes);

/** Chiefs may change the words of others too. */
export const chief = ['admin', 'supervisor'].includes(boot.me.role);

/** Longest reply, in UTF-16 units: what every messenger takes in one piece. */
export const LONGEST = 4096;
