/** The session has ended: the password is asked for over the inbox, and it goes on where it stood. */

import {html, render} from 'lit-html';
import {t} from 'mostik/core/i18n.js';
import {askToLogIn, tendSession} from 'mostik/core/session.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {refetch} from 'mostik/inbox/navigation.js';
import {hurry} from 'mostik/inbox/outbox.js';

let tended = false;

/** The form, as other pages bring it with them. */
function form() {
  return html`<form method="post" action="/login">
    <h2 id="session-title">${t('session.title')}</h2>
    <p>${t('session.text')}</p>
    <label for="session-email">${t('login.email')}</label>
    <input class="field" id="session-email" name="email" type="email" autocomplete="username" required value=${boot.me.email} />
    <label for="session-password">${t('login.password')}</label>
    <input class="field" id="session-password" name="password" type="password" autocomplete="current-password" required />
    <div class="session-code" hidden>
      <label for="session-code">${t('login.code')}</label>
      <input class="field" id="session-code" name="code" autocomplete="one-time-code" inputmode="numeric" maxlength="40" />
    </div>
    <label class="check"><input type="checkbox" name="remember" value="1" checked /><span>${t('login.remember')}</span></label>
    <p class="login-error" role="alert"></p>
    <button class="btn btn-primary btn-wide" type="submit">${t('login.submit')}</button>
  </form>`;
}

/** @param {import('mostik/core/live.js').Line} line what begins anew after the login */
export function ask(line) {
  if (!tended) {
    render(form(), /** @type {HTMLElement} */ (document.getElementById('session')));
    tendSession({
      api,
      me: boot.me,
      onDone() {
        store.dispatch({type: 'session', expired: false});
        line.restart();
        hurry();
        refetch();
      },
    });
  }
  tended = true;
  askToLogIn();
}
