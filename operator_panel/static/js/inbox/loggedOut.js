/** The session has ended: the password is asked for over the inbox, and it goes on where it stood. */

import {askToLogIn, tendSession} from 'mostik/core/session.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {refetch} from 'mostik/inbox/navigation.js';
import {hurry} from 'mostik/inbox/outbox.js';

let tended = false;

/** @param {import('mostik/core/live.js').Line} line what begins anew after the login */
export function ask(line) {
  if (!tended) {
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
