/** One's name, and how the panel looks to him. */

import {html} from 'lit-html';
import {choice, errorsOf, form, line} from 'mostik/settings/form.js';

const LANGUAGES = /** @type {[string, string][]} */ ([['ru', 'Русский'], ['en', 'English']]);
const THEMES = ['system', 'light', 'dark'];

let draft = {name: '', language: '', theme: ''};
let kept = draft;
let errors = /** @type {Record<string, string>} */ ({});
let busy = false;

/** @param {any} room */
function open(room) {
  const {name, language} = room.me;
  kept = {name, language, theme: document.documentElement.dataset.theme ?? 'system'};
  draft = {...kept};
  errors = {};
}

/** @param {any} room */
async function save(room) {
  busy = true;
  room.redraw();
  try {
    const {name, language, theme} = await room.api.patch('/me', draft);
    errors = {};
    if (language !== kept.language) return location.reload();
    Object.assign(room.me, {name, language, theme});
    document.documentElement.dataset.theme = theme;
    room.renamed();
    open(room);
    room.toast(room.t('settings.saved'));
  } catch (error) {
    errors = errorsOf(error, ['name', 'language', 'theme']);
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
    title: t('settings.me.account'),
    testid: 'me-account',
    busy,
    quiet: JSON.stringify(draft) === JSON.stringify(kept),
    save: () => save(room),
    body: html`<div class="st-pair">
        ${line({name: 'name', label: t('settings.me.name'), hint: t('settings.me.name_hint'), value: draft.name, error: errors.name, auto: 'name', set: set('name')})}
        ${line({name: 'email', label: t('settings.me.email'), hint: t('settings.me.email_hint'), value: room.me.email, disabled: true, set() {}})}
      </div>
      <div class="st-pair">
        ${choice({name: 'language', label: t('settings.me.language'), value: draft.language, error: errors.language, options: LANGUAGES, set: set('language')})}
        ${choice({name: 'theme', label: t('settings.me.theme'), value: draft.theme, error: errors.theme, set: set('theme'), options: THEMES.map((one) => [one, t(`settings.me.theme_${one}`)])})}
      </div>`,
  });
}

export default {open, view};
