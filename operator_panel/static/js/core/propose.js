/** An article of what a person answered: what it would hold, the articles like it first, and which of both it becomes. */

import {html, nothing, render} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {percent} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {problemText} from 'mostik/core/toasts.js';

/**
 * @typedef {object} Form
 * @property {any} found what the API proposes @property {string} title @property {string} question @property {string} answer
 * @property {boolean} busy @property {string} words what was refused
 */

/** @returns {HTMLDialogElement} the dialog of this page, made when it is first needed */
function dialogOf() {
  const there = document.getElementById('propose');
  if (there) return /** @type {HTMLDialogElement} */ (there);
  const made = document.createElement('dialog');
  made.id = 'propose';
  made.className = 'dialog propose';
  made.setAttribute('aria-labelledby', 'propose-title');
  document.body.append(made);
  return made;
}

/** @param {any} one an article like it @param {() => void} add */
function similarTemplate(one, add, busy = false) {
  return html`<li class="propose-like" data-testid="propose-like" data-same=${String(one.same)}>
    <div>
      <a href="/kb/articles/${encodeURIComponent(one.article_id)}" target="_blank" rel="noopener">${one.title}</a>
      ${one.same ? html`<span class="chip propose-same">${t('kb.propose.same')}</span>` : html`<span class="count">${percent(one.confidence)}</span>`}
      <p>${one.answer}</p>
    </div>
    <button type="button" class="btn btn-small" ?disabled=${busy} @click=${add}>${t('kb.propose.add')}</button>
  </li>`;
}

/**
 * Ask the person, and do it.
 * @param {import('mostik/core/api.js').Api} api @param {string} message id
 * @returns {Promise<{article: any, added: boolean}|null>} null: not after all; raises Problem where nothing can be proposed
 */
export async function proposeArticle(api, message) {
  const path = `/messages/${encodeURIComponent(message)}/article`;
  const found = await api.get(path);
  const dialog = dialogOf();
  /** @type {Form} */
  const form = {found, title: found.question.slice(0, 300), question: found.question, answer: found.answer, busy: false, words: ''};
  /** @type {{article: any, added: boolean}|null} */
  let done = null;

  /** @param {string|null} id of the article the question is added to; null: a new one is made */
  async function send(id) {
    if (form.busy) return;
    Object.assign(form, {busy: true, words: ''});
    draw();
    const {title, question, answer} = form;
    try {
      done = {article: await api.post(path, id ? {article: id, question} : {title, question, answer}), added: id !== null};
      dialog.close();
    } catch (error) {
      Object.assign(form, {busy: false, words: problemText(error)});
      draw();
    }
  }

  /** @param {'title'|'question'|'answer'} name @param {number} rows @param {number} most */
  const field = (name, rows, most) => html`<label class="propose-field"><span>${t(`kb.propose.${name}`)}</span>
    <textarea class="field" rows=${rows} maxlength=${most} data-testid="propose-${name}" .value=${form[name]}
      @input=${(/** @type {Event} */ event) => (form[name] = /** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>`;

  function draw() {
    const {similar, article} = form.found;
    const masked = /\[(?:name|number|link|address|e-mail)\]/.test(`${found.question} ${found.answer}`);
    render(
      html`<form method="dialog" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), send(null))}>
        <header><h2 id="propose-title">${t('kb.propose.heading')}</h2>
          <button type="button" class="icon-btn" aria-label=${t('ui.close_hint')} @click=${() => dialog.close()}>${icon('x')}</button></header>
        ${article ? html`<p class="propose-note">${t('kb.propose.made')} <a href="/kb/articles/${encodeURIComponent(article)}">${t('kb.propose.open')}</a></p>` : nothing}
        ${similar.length
          ? html`<section><h3>${t('kb.propose.similar')}</h3><ul>${similar.map((/** @type {any} */ one) => similarTemplate(one, () => send(one.article_id), form.busy))}</ul></section>`
          : nothing}
        ${field('title', 1, 300)} ${field('question', 2, 1000)} ${field('answer', 6, 20000)}
        ${masked ? html`<p class="propose-note">${t('kb.propose.masked')}</p>` : nothing}
        ${form.words ? html`<p class="fault" role="alert">${form.words}</p>` : nothing}
        <div class="propose-foot">
          <button type="button" class="btn" @click=${() => dialog.close()}>${t('ui.amend.cancel')}</button>
          <button class="btn btn-primary" ?disabled=${form.busy || Boolean(article)} data-testid="propose-make">${t('kb.propose.make')}</button>
        </div>
      </form>`,
      dialog,
    );
  }

  draw();
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => (render(nothing, dialog), resolve(done)), {once: true});
  });
}
