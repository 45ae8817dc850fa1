/** The test console beside the article: what the bot would say to a question and why, and questions kept as tests. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {percent} from 'mostik/core/format.js';
import {known} from 'mostik/core/i18n.js';
import {effectsButton} from 'mostik/kb/effects.js';
import {keptTemplate, keepQuestion, loadKept} from 'mostik/kb/keptQuestions.js';
import {pickArticle} from 'mostik/kb/picker.js';
import {room as shared} from 'mostik/kb/room.js';
import {shareBar} from 'mostik/kb/shareBar.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {any} Answer as POST /kb/match gives it */

/** What asks something; of signs alone nothing is learnt. */
const WORDS = /[\p{L}\p{N}]/u;

shared.state.console = {text: '', asked: '', answer: null, busy: false, channel: '', judged: '', problem: ''};

/** @param {Room} room */
export const open = (room) => loadKept(room);

/** An article changed: what was answered may be old by now. @param {Room} room @param {{article?: string}} what */
export function changed(room, what) {
  const {console: state} = room.state;
  if (!what.article) return;
  room.state.kept.results = null;
  if (state.answer) ask(room, state.asked);
}

/** @param {Room} room @param {string} text */
export async function ask(room, text) {
  const {console: state} = room.state;
  if (!text.trim()) return;
  Object.assign(state, {busy: true, asked: text, judged: text === state.asked ? state.judged : ''});
  room.redraw();
  try {
    const answer = await room.api('POST', '/kb/match', {text});
    if (state.asked === text) state.answer = answer;
  } catch (error) {
    room.complain(error);
  }
  state.busy = false;
  room.redraw();
}

/** Keep what the person says of the question. @param {Room} room @param {string|null} article @param {boolean} fits */
async function label(room, article, fits) {
  const {console: state} = room.state;
  try {
    await room.api('POST', '/kb/labels', {text: state.asked, article_id: article, fits});
    return true;
  } catch (error) {
    room.complain(error);
    return false;
  }
}

/** @param {Room} room */
async function yes(room) {
  const {console: state} = room.state;
  if (await label(room, state.answer.ranked[0].article_id, true)) state.judged = 'yes';
  room.redraw();
}

/** @param {Room} room it is not: which one is */
async function no(room) {
  const {console: state} = room.state;
  const {t} = room;
  const wrong = state.answer.ranked[0].article_id;
  const right = await pickArticle(room, t('kb.console.which', {text: state.asked}), state.asked, t('kb.console.note'), {none: t('kb.console.unsure'), without: wrong});
  if (right === null || !(await label(room, wrong, false))) return;
  if (right && !(await label(room, right, true))) return;
  state.judged = 'no';
  room.redraw();
}

/** @param {Room} room */
async function noneFits(room) {
  if (await label(room, null, true)) room.state.console.judged = 'none';
  room.redraw();
}

/** @param {Room} room @param {Answer} answer @param {any} one @param {number} place */
function rankedTemplate(room, answer, one, place) {
  const {t} = room;
  const limit = answer.thresholds.answer;
  return html`<li class=${place ? '' : 'kc-first'} data-testid="kc-ranked" data-id=${one.article_id} data-score=${one.confidence.toFixed(3)}>
    <a href="/kb/articles/${encodeURIComponent(one.article_id)}">${one.title || one.wording}</a>
    ${shareBar(one.confidence, limit, limit !== null && one.confidence >= limit)}<b>${percent(one.confidence)}</b>
    <p class="kc-why">${t('kb.console.like', {wording: one.wording})}${one.words.length ? html`<br />${t('kb.console.words', {words: one.words.join(', ')})}` : html`<br />${t('kb.console.no_words')}`}</p>
  </li>`;
}

/** @param {Room} room @param {Answer} answer why it is not sent, and how far the next one is */
function whyTemplate(room, answer) {
  const {t} = room;
  const [first, second] = answer.ranked;
  const values = {share: first ? percent(first.confidence) : '', limit: answer.thresholds.answer === null ? '' : percent(answer.thresholds.answer)};
  const next = second ? t('kb.console.next', {title: second.title, points: Math.round((first.confidence - second.confidence) * 100)}) : '';
  return html`<p class="kc-held" role="status" data-testid="kc-decision" data-decision=${answer.decision} data-held=${answer.held_back ?? ''}>
    ${icon(answer.decision === 'answer' ? 'circle-check' : answer.decision === 'offer' ? 'list' : 'circle-question-mark')}
    <span>${t(`kb.console.decision.${answer.decision}`)} ${answer.held_back ? t(`kb.console.held.${answer.held_back}`, values) : nothing} ${next}</span>
  </p>`;
}

/** @param {Room} room @param {Answer} answer what each question of a text with several is answered with */
function questionsTemplate({t}, answer) {
  if (!answer.questions.length) return nothing;
  return html`<ul class="kb-few kc-parts" data-testid="kc-parts">${answer.questions.map((/** @type {any} */ one) => html`<li>
    ${one.article_id ? t('kb.console.part', {text: one.text, title: one.title, share: percent(one.confidence)}) : t('kb.console.part_left', {text: one.text})}
  </li>`)}</ul>`;
}

/** @param {Room} room @param {Answer} answer @param {any} reply @returns {string} the messenger; of several accounts the name too */
function channelName({t}, answer, {channel, kind}) {
  const key = `ui.channel.${kind}`;
  const word = known(key) ? t(key) : channel;
  return answer.replies.filter((/** @type {any} */ one) => one.kind === kind).length > 1 ? `${word} · ${channel}` : word;
}

/** @param {Room} room @param {Answer} answer */
function botTemplate(room, answer) {
  const {t} = room;
  const {console: state} = room.state;
  if (!answer.replies.length) return nothing;
  const shown = answer.replies.find((/** @type {any} */ one) => one.channel === state.channel) ?? answer.replies[0];
  const choose = (/** @type {Event} */ event) => {
    state.channel = /** @type {HTMLSelectElement} */ (event.target).value;
    room.redraw();
  };
  return html`<section class="kc-bot" data-testid="kc-bot" aria-label=${t('kb.console.bot')}>
    <header>
      <h3>${icon('bot')}${t(answer.decision === 'answer' ? 'kb.console.bot' : 'kb.console.bot_would')}</h3>
      <select aria-label=${t('kb.console.channel')} @change=${choose}>
        ${answer.replies.map((/** @type {any} */ one) => html`<option value=${one.channel} ?selected=${one === shown}>${channelName(room, answer, one)}</option>`)}
      </select>
    </header>
    ${shown.reply.parts.map((/** @type {string} */ part) => html`<p>${part}</p>`)}
    ${shown.reply.buttons.length ? html`<p class="kc-buttons">${shown.reply.buttons.map((/** @type {string} */ text) => html`<span class="chip">${text}</span>`)}</p>` : nothing}
  </section>`;
}

/** @param {Room} room @param {Answer} answer */
function judgeTemplate(room, answer) {
  const {t, rights} = room;
  const {console: state} = room.state;
  if (!rights.edit || !WORDS.test(state.asked)) return nothing;
  if (state.judged) return html`<p class="kc-judged" role="status" data-testid="kc-judged">${icon('check')}${t(`kb.console.judged.${state.judged}`)}</p>`;
  return html`<div class="kc-judge">
    <span>${t('kb.console.right')}</span>
    ${answer.ranked.length
      ? html`<button class="btn btn-small" data-testid="kc-yes" @click=${() => yes(room)}>${icon('thumbs-up')}${t('kb.console.yes')}</button>
          <button class="btn btn-small" data-testid="kc-no" @click=${() => no(room)}>${icon('thumbs-down')}${t('kb.console.no')}</button>`
      : nothing}
    <button class="btn btn-small kb-quiet" data-testid="kc-none" @click=${() => noneFits(room)}>${t('kb.console.none')}</button>
  </div>`;
}

/** @param {Room} room @param {Answer} answer */
function answerTemplate(room, answer) {
  const {t, rights} = room;
  const {console: state} = room.state;
  return html`${answer.ranked.length ? html`<ol class="kb-few kc-ranked">${answer.ranked.slice(0, 3).map((/** @type {any} */ one, /** @type {number} */ place) => rankedTemplate(room, answer, one, place))}</ol>` : nothing}
    ${whyTemplate(room, answer)} ${questionsTemplate(room, answer)} ${botTemplate(room, answer)} ${judgeTemplate(room, answer)}
    ${rights.edit && WORDS.test(state.asked)
      ? html`<button class="btn btn-small kb-quiet" data-testid="kc-keep" @click=${() => keepQuestion(room, state.asked, answer)}>${icon('plus')}${t('kb.console.keep')}</button>`
      : nothing}`;
}

/** @param {Room} room */
export function aside(room) {
  const {t} = room;
  const {console: state} = room.state;
  const limit = state.answer ? state.answer.thresholds.answer : room.thresholds.answer;
  const onSubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    ask(room, state.text);
  };
  return html`<div class="kb-beside-piece kc" data-testid="kb-console">
    <header><h2>${icon('flask-conical')}${t('kb.console.title')}</h2><a class="link" href="/kb/health">${limit === null ? t('kb.console.no_limit') : t('kb.console.limit', {share: percent(limit)})}</a></header>
    <form class="kc-ask" @submit=${onSubmit}>
      <input class="field" id="kb-ask" dir="auto" maxlength="4000" autocomplete="off" placeholder=${t('kb.console.hint')} aria-label=${t('kb.console.hint')} data-testid="kc-text" .value=${state.text}
        @input=${(/** @type {Event} */ event) => (state.text = /** @type {HTMLInputElement} */ (event.target).value)} />
      <button class="btn btn-primary" ?disabled=${state.busy} data-testid="kc-ask">${t('kb.console.ask')}</button>
    </form>
    ${state.answer ? answerTemplate(room, state.answer) : nothing} ${effectsButton(room)} ${keptTemplate(room)}
  </div>`;
}
