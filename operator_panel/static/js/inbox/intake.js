/** How files come in: chosen with the paper clip, dragged over the conversation, pasted. */

import {html} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {withTray} from 'mostik/inbox/late.js';

export const FIELD = 'composer-text';

/** @param {Iterable<File>} files taken at once: what they came in does not last */
export function attach(files) {
  const all = [...files];
  withTray((tray) => tray.attach(all));
}

/** @param {Event} event */
function onChosen(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  attach(input.files ?? []);
  input.value = '';
  document.getElementById(FIELD)?.focus();
}

/** The paper clip, and the field behind it that opens the system's choice of files. */
export function clipTemplate() {
  const choose = () => document.getElementById('composer-files')?.click();
  return html`<button type="button" class="icon-btn clip" aria-label=${t('ui.tray.attach')} title=${t('ui.tray.attach')} @click=${choose}>
      ${icon('paperclip')}
    </button>
    <input type="file" id="composer-files" multiple hidden tabindex="-1" aria-label=${t('ui.tray.attach')} @change=${onChosen} />`;
}
