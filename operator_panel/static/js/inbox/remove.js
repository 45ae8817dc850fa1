/** A conversation is deleted for good, once what goes and what stays was read. Fetched when asked for. */

import {html, nothing, render} from 'lit-html';
import {wider} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {neighbour} from 'mostik/core/rows.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';
import {closeThread, focusRow, loadRows, openConversation} from 'mostik/inbox/navigation.js';

const place = document.body.appendChild(document.createElement('div'));
const dialog = () => /** @type {HTMLDialogElement|null} */ (place.querySelector('dialog'));

/** @param {import('mostik/core/store.js').Row} row */
async function remove(row) {
  const {selected, rows} = store.state;
  const next = neighbour(store.state, row.id, 1) ?? neighbour(store.state, row.id, -1);
  if (selected === row.id) {
    // What is shown is going: nobody is to ask for it again.
    if (next && rows.has(next) && wider(901)) openConversation(next, {replace: true});
    else closeThread(true);
  }
  try {
    const trace = await api.remove(`/conversations/${encodeURIComponent(row.id)}`);
    toast(t(trace.by_hand.length ? 'ui.remove.by_hand' : 'ui.remove.done', {number: trace.number, topics: trace.by_hand.join(', ')}));
  } catch (error) {
    complain(error);
  }
  await loadRows();
  drawing.now();
  if (store.state.selected) focusRow(store.state.selected);
}

/** @param {import('mostik/core/store.js').Row} row */
export function askRemove(row) {
  const close = () => dialog()?.close();
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    close();
    remove(row);
  };
  render(
    html`<dialog class="dialog time-dialog" aria-labelledby="remove-title" aria-describedby="remove-what" data-testid="remove" @close=${() => render(nothing, place)}>
      <form @submit=${submit}>
        <h2 id="remove-title">${t('ui.remove.title', {number: row.number, name: row.customer.name})}</h2>
        <div id="remove-what"><p class="sure-what">${t('ui.remove.goes')}</p><p class="sure-what">${t('ui.remove.stays')}</p></div>
        <p class="dialog-foot"><button type="button" class="btn" autofocus @click=${close}>${t('ui.amend.cancel')}</button><button class="btn btn-danger">${t('ui.remove.remove')}</button></p>
      </form>
    </dialog>`,
    place,
  );
  dialog()?.showModal();
}
