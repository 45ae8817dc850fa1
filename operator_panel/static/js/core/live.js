/** The live line: one WebSocket of facts, kept up by itself, resumed from the last fact seen. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const PING_EVERY = 25_000;
const WORD_WITHIN = 10_000;
/** The browser itself says that it is offline: only a server on this very machine still answers. */
const WORD_OFFLINE = 2000;
const EXPIRED = 4401;
const TOO_SLOW = 4008;

/**
 * @typedef {object} Line
 * @property {() => void} retryNow do not wait any longer
 * @property {() => void} restart begin anew from the cursor, after a login
 * @property {(word: object) => void} say tell the server something it may miss
 */

/**
 * @param {object} hooks
 * @param {() => string} hooks.cursor of the last event applied
 * @param {(event: any) => void} hooks.onEvent
 * @param {() => void} hooks.onOpen
 * @param {(retryAt: number) => void} hooks.onLost `retryAt`: milliseconds since the epoch of the next try
 * @param {() => void} hooks.onExpired
 * @returns {Line}
 */
export function openLine(hooks) {
  /** @type {WebSocket|null} */
  let socket = null;
  let attempts = 0;
  let stopped = false;
  let retryTimer = 0;
  let wordTimer = 0;

  function dial() {
    clearTimeout(retryTimer);
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const line = new WebSocket(`${scheme}://${location.host}/live?since=${encodeURIComponent(hooks.cursor())}`);
    socket = line;
    line.onmessage = ({data}) => {
      if (line === socket) take(JSON.parse(data));
    };
    line.onclose = ({code}) => {
      if (line === socket) lost(code);
    };
    expectWord(WORD_WITHIN);
  }

  /** @param {any} event */
  function take(event) {
    clearTimeout(wordTimer);
    wordTimer = 0;
    if (event.type === 'pong') return;
    if (event.type === 'hello') {
      attempts = 0;
      hooks.onOpen();
    } else if (event.type === 'expired') end();
    if (event.type !== 'expired') hooks.onEvent(event);
  }

  /** @param {number} code of the closing */
  function lost(code) {
    socket = null;
    clearTimeout(wordTimer);
    wordTimer = 0;
    if (code === EXPIRED) end();
    if (stopped) return;
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempts);
    const wait = code === TOO_SLOW && attempts === 0 ? 0 : longest * (0.5 + Math.random() / 2);
    attempts += 1;
    hooks.onLost(Date.now() + wait);
    clearTimeout(retryTimer);
    retryTimer = setTimeout(dial, wait);
  }

  function end() {
    if (stopped) return;
    stopped = true;
    hooks.onExpired();
  }

  /** A line that says nothing is lost, whatever its socket thinks of it. @param {number} within milliseconds */
  function expectWord(within) {
    clearTimeout(wordTimer);
    wordTimer = setTimeout(() => {
      hangUp();
      lost(0);
    }, within);
  }

  /** @param {number} within milliseconds */
  function ping(within) {
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send('{"type":"ping"}');
    expectWord(within);
  }

  /** A call that nobody has answered yet is not waited for. */
  function retryNow() {
    if (stopped || socket?.readyState === WebSocket.OPEN) return;
    hangUp();
    dial();
  }

  function hangUp() {
    const old = socket;
    socket = null;
    old?.close();
  }

  setInterval(() => ping(WORD_WITHIN), PING_EVERY);
  addEventListener('online', retryNow);
  addEventListener('offline', () => ping(WORD_OFFLINE));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && !socket) retryNow();
  });
  addEventListener('pagehide', hangUp);
  addEventListener('pageshow', (event) => {
    if (event.persisted) retryNow();
  });
  dial();

  return {
    retryNow,
    say(word) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(word));
    },
    restart() {
      stopped = false;
      attempts = 0;
      hangUp();
      dial();
    },
  };
}
