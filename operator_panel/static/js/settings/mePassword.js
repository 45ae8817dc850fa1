/** Another password: the present one is asked, other sessions end. */

import {html} from 'lit-html';
import {errorsOf, form, line} from 'mostik/settings/form.js';

let draft = {old: '', password: ''};
let errors = /** @type {Record<string, string>} */ ({});
let busy = false;

function open() {
  draft = {old: '', password: ''};
  errors = {};
}

/** @param {any} room */
async function save(room) {
  busy = true;
  room.redraw();
  try {
    await room.api.post('/me/password', draft);
    open();
    room.toast(room.t('settings.me.password_done'));
  } catch (error) {
    errors = errorsOf(error, ['old', 'password']);
  }
  busy = false;
  room.redraw();
}

/** @param {any} room */
function view(room) {
  const {t} = room;
  const set = (/** @type {string} */ name) => (/** @type {string} */ value) => {
    draft = {...draft, [name]: value};
    room.redraw();
  };
  return form({
    title: t('settings.me.password'),
    testid: 'me-password',
    busy,
    quiet: !draft.old || !draft.password,
    label: t('settings.me.password_save'),
    save: () => save(room),
    body: html`<p>${t('settings.me.password_lead')}</p>
      <div class="st-pair">
        ${line({name: 'old', label: t('settings.me.old'), value: draft.old, error: errors.old, type: 'password', auto: 'current-password', set: set('old')})}
        ${line({name: 'password', label: t('settings.me.new'), hint: t('settings.me.new_hint'), value: draft.password, error: errors.password, type: 'password', auto: 'new-password', set: set('password')})}
      </div>`,
  });
}

export default {open, view};
