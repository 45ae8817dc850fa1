/** The live line: one WebSocket kept up by itself, resumed from the last message seen. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const WORD_WITHIN = 10_000;
const PING_EVERY = 25_000;
/** The browser itself says that it is offline: only a server on this very machine still answers. */
const WORD_OFFLINE = 2000;

/** Close code of a server that does not know the token. */
const EXPIRED = 4401;

/**
 * @typedef {object} Line
 * @property {(frame: object) => boolean} send false: there is no line now
 * @property {() => void} retryNow
 * @property {() => void} redial give the line up and get another
 * @property {() => void} hangUp for good
 */

/**
 * @param {object} hooks
 * @param {() => string} hooks.address
 * @param {() => object} hooks.hello the first frame
 * @param {(frame: any) => void} hooks.onFrame
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
  const ending = new AbortController();

  function dial() {
    clearTimeout(retryTimer);
    const made = new WebSocket(hooks.address());
    socket = made;
    made.onopen = () => made.send(JSON.stringify(hooks.hello()));
    made.onmessage = ({data}) => {
      if (made === socket) take(JSON.parse(data));
    };
    made.onclose = ({code}) => {
      if (made === socket) lost(code);
    };
    expectWord(WORD_WITHIN);
  }

  /** @param {any} frame */
  function take(frame) {
    clearTimeout(wordTimer);
    wordTimer = 0;
    if (frame.type === 'ready') attempts = 0;
    if (frame.type !== 'pong') hooks.onFrame(frame);
  }

  /** @param {number} code of the closing */
  function lost(code) {
    socket = null;
    clearTimeout(wordTimer);
    if (stopped) return;
    if (code === EXPIRED) {
      hangUp();
      hooks.onExpired();
      return;
    }
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempts) * (0.5 + Math.random() / 2);
    attempts += 1;
    hooks.onLost(Date.now() + wait);
    clearTimeout(retryTimer);
    retryTimer = setTimeout(dial, wait);
  }

  /** A line that says nothing is lost, whatever its socket thinks of it. @param {number} within milliseconds */
  function expectWord(within) {
    clearTimeout(wordTimer);
    wordTimer = setTimeout(() => {
      drop();
      lost(0);
    }, within);
  }

  /** @param {number} within milliseconds */
  function ping(within) {
    if (send({type: 'ping'})) expectWord(within);
  }

  /** @param {object} frame */
  function send(frame) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function drop() {
    const old = socket;
    socket = null;
    old?.close();
  }

  /** A call that nobody has answered yet is not waited for. */
  function retryNow() {
    if (stopped || socket?.readyState === WebSocket.OPEN) return;
    drop();
    dial();
  }

  function hangUp() {
    stopped = true;
    clearTimeout(retryTimer);
    clearTimeout(wordTimer);
    clearInterval(pinging);
    ending.abort();
    drop();
  }

  function redial() {
    drop();
    lost(0);
  }

  const {signal} = ending;
  const pinging = setInterval(() => ping(WORD_WITHIN), PING_EVERY);
  addEventListener('online', retryNow, {signal});
  addEventListener('offline', () => ping(WORD_OFFLINE), {signal});
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && retryNow(), {signal});
  addEventListener('pageshow', (event) => event.persisted && retryNow(), {signal});
  dial();
  return {send, retryNow, redial, hangUp};
}
