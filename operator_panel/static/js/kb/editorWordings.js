/** How customers ask: one wording a line, with what should be looked at beside it. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {repeat} from 'lit-html/directives/repeat.js';
import {icon} from 'mostik/core/dom.js';
import {newId} from 'mostik/core/ids.js';
import {placeOf} from 'mostik/kb/content.js';
import {write} from 'mostik/kb/editor.js';
import {focusSoon} from 'mostik/kb/pieces.js';
import {proposalsTemplate} from 'mostik/kb/proposals.js';
import {faultId, faultLine, faultsAt, flagTemplate} from 'mostik/kb/words.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/editor.js').Edit} Edit */
/** @typedef {import('mostik/kb/content.js').Wording} Wording */

/** A customer asks one thing in so many signs at most; what is longer holds several questions. */
const LONG = 200;
/** Two wordings that share so much of their words say the same. */
const ALIKE = 0.8;

/** @param {string} key put the focus into a wording that was just made */
const focusOn = (key) => focusSoon(() => document.getElementById(`wording-${key}`));

/** @param {Room} room @param {Edit} edit @param {number} at @param {string[]} [texts] */
function add(room, edit, at, texts = ['']) {
  const made = texts.map((text) => ({key: newId(), text}));
  const {questions} = edit.content;
  write(room, {questions: [...questions.slice(0, at), ...made, ...questions.slice(at)]});
  focusOn(made[made.length - 1].key);
}

/** @param {Edit} edit @param {Wording} one as it was drawn @returns {number} where it stands now: drawing comes later than typing */
const placed = (edit, one) => edit.content.questions.findIndex((other) => other.key === one.key);

/** @param {Room} room @param {Edit} edit @param {Wording} one @param {boolean} [back] the focus goes to the one before */
function drop(room, edit, one, back = false) {
  const {questions} = edit.content;
  const at = placed(edit, one);
  write(room, {questions: questions.filter((other) => other.key !== one.key)});
  const next = questions[back ? at - 1 : at + 1] ?? questions[at - 1];
  if (next) focusOn(next.key);
  else document.querySelector('[data-adds-wording]')?.focus();
}

/** @param {Room} room @param {Edit} edit @param {Wording} one @param {string} text */
function change(room, edit, one, text) {
  write(room, {questions: edit.content.questions.map((other) => (other.key === one.key ? {...other, text} : other))});
}

/** @param {Room} room @param {Edit} edit @param {Wording} one @param {KeyboardEvent} event */
function onKey(room, edit, one, event) {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (event.key === 'Enter' && !event.isComposing) {
    event.preventDefault();
    add(room, edit, placed(edit, one) + 1);
  } else if (event.key === 'Backspace' && !field.value) {
    event.preventDefault();
    drop(room, edit, one, true);
  }
}

/** @param {Room} room @param {Edit} edit @param {Wording} one @param {ClipboardEvent} event several lines are several wordings */
function onPaste(room, edit, one, event) {
  const lines = (event.clipboardData?.getData('text') ?? '').split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  if (lines.length < 2) return;
  event.preventDefault();
  const {questions} = edit.content;
  const rows = lines.map((text) => ({key: newId(), text}));
  write(room, {questions: questions.flatMap((other) => (other.key === one.key ? [...(other.text.trim() ? [other] : []), ...rows] : [other]))});
  focusOn(rows[rows.length - 1].key);
}

/** @param {string} text @returns {string[]} */
const wordsOf = (text) => text.toLowerCase().replaceAll('ё', 'е').match(/[\p{L}\p{N}]+/gu) ?? [];

/** @param {Wording} one @param {Wording[]} all @returns {string} a wording above that says nearly the same */
function nearTwin(one, all) {
  const mine = wordsOf(one.text);
  if (mine.length < 2) return '';
  for (const other of all) {
    if (other.key === one.key) return '';
    const theirs = wordsOf(other.text);
    const [a, b] = [new Set(mine), new Set(theirs)];
    const shared = [...a].filter((word) => b.has(word)).length;
    // Word for word the same is for the server to tell.
    if (shared / (a.size + b.size - shared) >= ALIKE && mine.join(' ') !== theirs.join(' ')) return other.text;
  }
  return '';
}

/** @param {Edit} edit @param {Wording} one @returns {any[]} what should be looked at in it */
function flagsOf(edit, one) {
  const place = `questions/${one.key}`;
  const text = one.text.trim();
  const found = (edit.check?.flags ?? []).filter((flag) => placeOf(edit.content, flag.field) === place && flag.detail === text);
  if (text.length > LONG) found.push({code: 'long_wording', detail: String(text.length), article: null});
  const twin = nearTwin(one, edit.content.questions);
  if (twin) found.push({code: 'near_twin', detail: twin, article: null});
  return found;
}

/** @param {Room} room @param {Edit} edit @param {Wording} one @param {number} at */
function wordingTemplate(room, edit, one, at) {
  const {t, rights} = room;
  const place = `questions/${one.key}`;
  const wrong = faultsAt(edit, place).length > 0;
  const flags = flagsOf(edit, one);
  return html`<li class="kb-wording" data-testid="kb-wording">
    ${icon('message-circle')}
    <input
      id="wording-${one.key}"
      dir="auto"
      maxlength="1000"
      autocomplete="off"
      ?readonly=${!rights.edit}
      aria-label=${t('kb.wording_n', {n: at + 1})}
      aria-invalid=${wrong ? 'true' : nothing}
      aria-describedby=${wrong ? faultId(place) : nothing}
      .value=${live(one.text)}
      @input=${(/** @type {InputEvent} */ event) => change(room, edit, one, /** @type {HTMLInputElement} */ (event.target).value)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(room, edit, one, event)}
      @paste=${(/** @type {ClipboardEvent} */ event) => onPaste(room, edit, one, event)}
    />
    ${rights.edit
      ? html`<button class="icon-btn" aria-label=${t('kb.wording_drop', {text: one.text || String(at + 1)})} @click=${() => drop(room, edit, one)}>${icon('x')}</button>`
      : nothing}
    ${flags.length ? html`<div class="kb-flags">${flags.map((flag) => flagTemplate(flag, titleOf(room, flag.article)))}</div>` : nothing}
    ${faultLine(edit, place)}
  </li>`;
}

/** @param {Room} room @param {string|null} id @returns {string} */
function titleOf(room, id) {
  return id ? (room.state.articles.rows.find((/** @type {any} */ row) => row.id === id)?.title ?? '') : '';
}

/** @param {Room} room @param {Edit} edit */
export function wordingsTemplate(room, edit) {
  const {t, rights} = room;
  const {questions} = edit.content;
  const alone = (edit.check?.flags ?? []).filter((flag) => flag.field === 'questions');
  return html`<section class="kb-part" aria-labelledby="kb-wordings-title">
    <header>
      <h2 id="kb-wordings-title">${t('kb.field.questions_title')} <span class="count">${questions.length}</span></h2>
      ${rights.edit
        ? html`<button class="btn btn-small" data-adds-wording @click=${() => add(room, edit, questions.length)}>${icon('plus')}${t('kb.wording_add')}</button>`
        : nothing}
    </header>
    ${questions.length ? html`<ul>${repeat(questions, (one) => one.key, (one, at) => wordingTemplate(room, edit, one, at))}</ul>` : nothing}
    ${proposalsTemplate(room, edit)} ${faultLine(edit, 'questions')} ${alone.length ? html`<p class="kb-flags">${alone.map((flag) => flagTemplate(flag))}</p>` : nothing}
  </section>`;
}
