/** A dialog that asks once more before something is done: how much, and what. */

import {html, nothing, render} from 'lit-html';
import {t} from 'mostik/core/i18n.js';

const place = document.createElement('div');
document.body.append(place);

/** @param {string} title how much it is about @param {string} what is done, also the button's words @param {() => void} run */
export function sure(title, what, run) {
  const close = () => /** @type {HTMLDialogElement|null} */ (place.querySelector('dialog'))?.close();
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    close();
    run();
  };
  render(
    html`<dialog class="dialog time-dialog" aria-labelledby="sure-title" data-testid="sure" @close=${() => render(nothing, place)}>
      <form @submit=${submit}>
        <h2 id="sure-title">${title}</h2>
        <p class="sure-what">${what}</p>
        <p class="dialog-foot"><button type="button" class="btn" @click=${close}>${t('ui.amend.cancel')}</button><button class="btn btn-primary" autofocus>${t('ui.picks.sure_do')}</button></p>
      </form>
    </dialog>`,
    place,
  );
  /** @type {HTMLDialogElement} */ (place.querySelector('dialog')).showModal();
}
