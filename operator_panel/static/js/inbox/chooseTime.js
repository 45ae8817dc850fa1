/** A dialog that asks for a day and a time that are still to come. */

import {html, nothing, render} from 'lit-html';
import {t} from 'mostik/core/i18n.js';

const place = document.createElement('div');
document.body.append(place);

/** @param {Date} when @returns {string} as the browser's field for a local time wants it */
const local = (when) => new Date(when.getTime() - when.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** What is written down for then has so many characters at most. */
const NOTE = 300;

/** @param {string} title @param {(when: Date, note: string) => void} use @param {boolean} [noted] asks what is to be done then */
export function chooseTime(title, use, noted = false) {
  let error = '';
  const close = () => /** @type {HTMLDialogElement|null} */ (place.querySelector('dialog'))?.close();
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = new FormData(form);
    const when = new Date(String(given.get('when')));
    if (!(when.getTime() > Date.now())) {
      error = t('ui.time.past');
      draw();
      return;
    }
    close();
    use(when, String(given.get('note') ?? ''));
  };
  const soon = new Date(Date.now() + 3_600_000);
  const draw = () =>
    render(
      html`<dialog class="dialog time-dialog" aria-labelledby="time-title" data-testid="choose-time" @close=${() => render(nothing, place)}>
        <form @submit=${submit}>
          <h2 id="time-title">${title}</h2>
          <label>${t('ui.time.when')}<input class="field" type="datetime-local" name="when" required value=${local(soon)} min=${local(new Date())} aria-describedby="time-error" aria-invalid=${error ? 'true' : 'false'} /></label>
          <p class="field-error" id="time-error" role="alert">${error}</p>
          ${noted ? html`<label>${t('ui.time.note')}<input class="field" name="note" maxlength=${NOTE} autocomplete="off" /></label>` : nothing}
          <p class="dialog-foot"><button type="button" class="btn" @click=${close}>${t('ui.time.cancel')}</button><button class="btn btn-primary">${t('ui.time.choose')}</button></p>
        </form>
      </dialog>`,
      place,
    );
  draw();
  /** @type {HTMLDialogElement} */ (place.querySelector('dialog')).showModal();
}
