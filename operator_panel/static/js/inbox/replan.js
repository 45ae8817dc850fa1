/** A planned reply said otherwise or at another time, in a dialog: Ctrl Enter keeps it. */

import {html, nothing, render} from 'lit-html';
import {announce} from 'mostik/core/dom.js';
import {wakeTime} from 'mostik/core/format.js';
import {known, t} from 'mostik/core/i18n.js';
import {problemText} from 'mostik/core/toasts.js';
import {LONGEST, api, store} from 'mostik/inbox/desk.js';

const place = document.body.appendChild(document.createElement('div'));

/** @param {Date} when @returns {string} as the browser's field for a local time wants it */
const local = (when) => new Date(when.getTime() - when.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** @param {any} error @returns {{text: string, when: string}} the fault beside its field */
function faults(error) {
  const {field = '', code = ''} = error.body?.errors?.[0] ?? {};
  const words = known(`ui.replan.${code}`) ? t(`ui.replan.${code}`) : error.status === 404 ? t('ui.held.too_late') : problemText(error);
  return field === 'text' ? {text: words, when: ''} : {text: '', when: words};
}

/** @param {string} conversation @param {any} held */
export function replan(conversation, held) {
  let wrong = {text: '', when: ''};
  let busy = false;
  const dialog = () => /** @type {HTMLDialogElement} */ (place.querySelector('dialog'));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (place.querySelector('form')));
    const when = new Date(String(data.get('when')));
    const text = String(data.get('text')).trim();
    wrong = {text: text || held.attachments.length ? '' : t('ui.replan.empty'), when: when.getTime() > Date.now() ? '' : t('ui.time.past')};
    if (busy || wrong.text || wrong.when) return draw();
    busy = true;
    draw();
    try {
      const kept = await api.patch(`/conversations/${encodeURIComponent(conversation)}/held/${encodeURIComponent(held.id)}`, {send_at: when.toISOString(), text});
      const row = store.state.rows.get(conversation);
      if (row) store.dispatch({type: 'row.loaded', row: {...row, held: row.held?.map((/** @type {any} */ one) => (one.id === kept.id ? kept : one))}});
      announce(t('ui.held.planned', {when: wakeTime(kept.due)}));
      dialog().close();
    } catch (error) {
      [wrong, busy] = [faults(error), false];
      draw();
    }
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  const draw = () =>
    render(
      html`<dialog class="dialog time-dialog replan" aria-labelledby="replan-title" data-testid="replan" @close=${() => render(nothing, place)} @keydown=${onKey}>
        <form @submit=${submit}>
          <h2 id="replan-title">${t('ui.replan.title')}</h2>
          <label>${t('ui.replan.text')}<textarea class="field" name="text" rows="5" maxlength=${LONGEST} aria-describedby="replan-text" aria-invalid=${wrong.text ? 'true' : 'false'}>${held.text}</textarea></label>
          <p class="field-error" id="replan-text" role="alert">${wrong.text}</p>
          <label>${t('ui.time.when')}<input class="field" type="datetime-local" name="when" required value=${local(new Date(held.due))} min=${local(new Date())} aria-describedby="replan-when" aria-invalid=${wrong.when ? 'true' : 'false'} /></label>
          <p class="field-error" id="replan-when" role="alert">${wrong.when}</p>
          <p class="dialog-foot"><button type="button" class="btn" @click=${() => dialog().close()}>${t('ui.time.cancel')}</button><button class="btn btn-primary" ?disabled=${busy}>${t('ui.replan.keep')}</button></p>
        </form>
      </dialog>`,
      place,
    );
  draw();
  dialog().showModal();
}
