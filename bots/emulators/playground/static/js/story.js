/** The story in five steps: pure rules that tell from what stands in the chats which of them happened. */

/**
 * @typedef {import('./messenger.js').Item} Item
 * @typedef {{chats: Item[][], topics: import('./world.js').Topic[], thread: (topic: number) => Item[]}} Played
 */

/** Icons a topic gets when its conversation is closed. */
const CLOSED = ['✅', '☑️', '☑', '🏁'];
/** What begins a note: it stays with the team. */
export const NOTE_MARKS = ['//', '📝'];
/** What begins a mirrored word that an operator wrote in the panel. */
export const OPERATOR_MARK = '👤';
export const STEPS = ['ask', 'answer', 'handoff', 'reply', 'close'];

/** @param {string} text */
export const isNote = (text) => NOTE_MARKS.some((mark) => text.trimStart().startsWith(mark));
/** @param {Item} item */
export const isService = (item) => !item.text && !item.file && /^(forum_|general_|pinned_|new_chat|left_chat|migrate)/.test(item.kind);

/**
 * @param {Played} played what stands in the phones and in the staff group
 * @param {string} since ISO moment; what was said up to it is another story
 * @returns {boolean[]} done, in the order of STEPS
 */
export function progress(played, since) {
  const chats = played.chats.map((items) => items.filter((item) => item.at > since));
  const questions = chats.map((items) => items.find((item) => !item.from.is_bot && !item.text.startsWith('/')));
  const asked = questions.some(Boolean);
  const answered = chats.some((items, n) => {
    const first = questions[n]?.message_id;
    return first !== undefined && items.some((item) => item.from.is_bot && item.message_id > first);
  });
  const topics = played.topics.filter((topic) => played.thread(topic.topic).some((item) => item.at > since));
  const spoken = topics.flatMap((topic) => operatorWords(played.thread(topic.topic), since));
  const heard = chats.flat().filter((item) => item.from.is_bot);
  const replied = spoken.some((words) => heard.some((item) => item.text.includes(words)));
  const closed = topics.some((topic) => topic.closed || CLOSED.includes(topic.icon ?? ''));
  return [asked, answered, topics.length > 0, replied, closed];
}

/** @param {Item[]} thread @param {string} since @returns {string[]} */
function operatorWords(thread, since) {
  const words = [];
  for (const item of thread) {
    if (item.at <= since || !item.text) continue;
    if (!item.from.is_bot && !isNote(item.text) && !item.text.startsWith('/')) words.push(item.text.trim());
    if (item.from.is_bot && item.text.startsWith(OPERATOR_MARK)) {
      words.push(item.text.split('\n').slice(1).join('\n').trim());
    }
  }
  return words.filter(Boolean);
}

/** The newest moment in everything known: a new story begins after it. @param {Played} played */
export function latest(played) {
  const threads = [1, ...played.topics.map((topic) => topic.topic)].flatMap((topic) => played.thread(topic));
  return played.chats.flat().concat(threads).reduce((last, item) => (item.at > last ? item.at : last), '');
}
