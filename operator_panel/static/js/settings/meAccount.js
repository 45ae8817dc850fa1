/** One's name, and how the panel looks to him. */

import {html} from 'lit-html';
import {choice, errorsOf, form, line} from 'mostik/settings/form.js';

const LANGUAGES = /** @type {[string, string][]} */ ([['ru', 'Русский'], ['en', 'English']]);
const SIZES = /** @type {[string, string][]} */ ([100, 110, 120, 130].map((one) => [String(one), `${one} %`]));
const THEMES = ['system', 'light', 'dark'];

let draft = {name: '', language: '', theme: '', text_size: ''};
let kept = draft;
let errors = /** @type {Record<string, string>} */ ({});
let busy = false;

/** @param {any} room */
function open(room) {
  const {name, language, text_size} = room.me;
  kept = {name, language, theme: document.documentElement.dataset.theme ?? 'system', text_size: String(text_size)};
  draft = {...kept};
  errors = {};
}

/** @param {any} room */
async function save(room) {
  busy = true;
  room.redraw();
  try {
    const {name, language, theme} = await room.api.patch('/me', {...draft, text_size: Number(draft.text_size)});
    errors = {};
    // Words and sheets come with the page.
    if (language !== kept.language || draft.text_size !== kept.text_size) return location.reload();
    Object.assign(room.me, {name, language, theme});
    document.documentElement.dataset.theme = theme;
    room.renamed();
    open(room);
    room.toast(room.t('settings.saved'));
  } catch (error) {
    errors = errorsOf(error, ['name', 'language', 'theme', 'text_size']);
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
        ${choice({name: 'text_size', label: t('settings.me.text_size'), value: draft.text_size, error: errors.text_size, options: SIZES, set: set('text_size')})}
      </div>`,
  });
}

export default {open, view};
