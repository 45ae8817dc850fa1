"""The open conversation, tested where it runs: its window of messages, its ticks, what counts as seen."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Js = Callable[[str], Any]


def test_a_sent_word_becomes_the_servers_message_once(js: Js) -> None:
    got = js(
        """const send = {client_id: 'k', conversation: 'a', kind: 'reply', text: 'yes', files: [], at: at(2),
           state: 'sending'};
        const started = run(opened([message(1)]), {type: 'send.start', send});
        const event = came(mine(2, {text: 'yes'}));
        const answer = {type: 'message.sent', client_id: 'k', message: mine(2, {text: 'yes'})};
        const both = [run(started, event, answer), run(started, answer, event)];
        return [started.sends.length, ...both.map((state) => [state.sends.length, seqs(state)])]""",
    )
    assert got == [1, [0, [1, 2]], [0, [1, 2]]]


def test_words_sent_twice_become_two_messages(js: Js) -> None:
    got = js(
        """const send = (client_id) => ({type: 'send.start',
          send: {client_id, conversation: 'a', kind: 'reply', text: 'ok', files: [], at: at(1), state: 'sending'}});
        const first = mine(2, {text: 'ok'}), second = mine(3, {text: 'ok'});
        const state = run(opened([message(1)]), send('k1'), send('k2'));
        const one = run(state, {type: 'message.sent', client_id: 'k1', message: first}, came(first));
        const two = run(one, came(second), {type: 'message.sent', client_id: 'k2', message: second});
        return [one.sends.map((each) => each.client_id), two.sends.length, seqs(two)]""",
    )
    assert got == [["k2"], 0, [1, 2, 3]]


@pytest.mark.parametrize("how", ["thread.newer", "thread.latest", "thread.loaded", "message.updated"])
def test_a_sent_word_met_in_any_way_is_drawn_once(js: Js, how: str) -> None:
    got = js(
        f"""const send = {{client_id: 'k', conversation: 'a', kind: 'reply', text: 'yes', files: [], at: at(2),
           state: 'sending'}};
        const now = row('a', {{seq: 2, version: 2}}), word = mine(2, {{text: 'yes'}});
        const event = {{type: '{how}', id: 'a', conversation: now, message: word, messages: [message(1), word]}};
        const state = run(opened([message(1)]), {{type: 'send.start', send}}, event);
        return [state.sends.length, seqs(state)]""",
    )
    assert got == [0, [1, 2]]


def test_an_old_word_of_the_same_text_does_not_hide_a_new_one(js: Js) -> None:
    got = js(
        """const send = {client_id: 'k', conversation: 'a', kind: 'reply', text: 'yes', files: [], at: at(30),
           state: 'sending'};
        const older = {type: 'thread.older', id: 'a', messages: [mine(1, {text: 'yes'})]};
        return run(opened([message(2)]), {type: 'send.start', send}, older).sends.length""",
    )
    assert got == 1


def test_a_late_answer_does_not_turn_the_ticks_back(js: Js) -> None:
    got = js(
        """const state = run(opened([message(1)]),
          came(mine(2)),
          {type: 'message.updated', message: mine(2, {version: 3, delivery: {state: 'sent'}}),
            conversation: row('a', {seq: 2, version: 3})},
          {type: 'message.sent', client_id: 'k', message: mine(2, {delivery: {state: 'queued'}})});
        return state.thread.messages[1].delivery.state""",
    )
    assert got == "sent"


def test_words_below_the_window_are_counted_not_drawn(js: Js) -> None:
    got = js(
        """const away = run(opened(many(1, 60)), {type: 'thread.scrolled', id: 'a', atEnd: false},
          came(message(61)));
        const back = run(away, {type: 'thread.scrolled', id: 'a', atEnd: true});
        return [away.thread.fresh, seqs(away).length, back.thread.fresh]""",
    )
    assert got == [1, 61, 0]


def test_the_window_never_holds_more_than_its_limit(js: Js) -> None:
    got = js(
        """let state = run(opened(many(941, 1000)), {type: 'thread.scrolled', id: 'a', atEnd: false});
        for (let first = 941; first > 600; first -= 60) {
          state = run(state, {type: 'thread.older', id: 'a', messages: many(first - 60, first - 1)});
        }
        const up = [seqs(state).length, seqs(state).at(-1), state.thread.cut];
        state = run(state, came(message(1001)));
        const fresh = [seqs(state).at(-1), state.thread.fresh];
        state = run(state, {type: 'thread.newer', id: 'a', messages: many(821, 880)});
        const down = [seqs(state).length, seqs(state)[0], state.thread.cut];
        state = run(state, {type: 'thread.latest', id: 'a', messages: many(942, 1001)});
        return [up, fresh, down, [seqs(state).length, state.thread.cut, state.thread.fresh]]""",
    )
    assert got == [[240, 820, True], [820, 1], [240, 641, True], [60, False, 0]]


def test_at_the_end_the_oldest_leave_the_window(js: Js) -> None:
    got = js(
        """const state = run(opened(many(1, 240)),
          came(message(241)));
        return [seqs(state).length, seqs(state)[0], seqs(state).at(-1), state.thread.cut]""",
    )
    assert got == [60, 182, 241, False]


def test_a_hole_in_the_numbers_is_noticed(js: Js) -> None:
    assert js("return [thread.hole(many(3, 9)), thread.hole([...many(1, 4), ...many(7, 8)])]") == [None, 4]


def test_words_that_came_before_the_page_did_are_kept(js: Js) -> None:
    got = js(
        """const state = run(start([row('a')]), {type: 'thread.open', id: 'a'},
          came(message(3), {incoming: 3}),
          {type: 'thread.loaded', conversation: row('a', {seq: 2, unread: 0}), messages: many(1, 2)});
        return [seqs(state), state.thread.state]""",
    )
    assert got == [[1, 2, 3], "ready"]


def test_new_words_are_marked_from_the_first_unread_one(js: Js) -> None:
    got = js(
        """const state = run(start([row('a')]), {type: 'thread.open', id: 'a'},
          {type: 'thread.loaded', conversation: row('a', {seq: 4, incoming: 4, unread: 2, version: 2}),
            messages: many(1, 4)});
        const all = thread.lines(state.thread.messages, state.thread.newFrom);
        const none = thread.lines(many(1, 4), null);
        return [all.map((line) => line.type), none.some((line) => line.type === 'divider')]""",
    )
    assert got == [["day", "message", "message", "divider", "message", "message"], False]


def test_lines_group_authors_and_collapse_events(js: Js) -> None:
    got = js(
        """const system = (seq) => message(seq, {author: {kind: 'system', id: null, name: ''}, event: {code: 'x'}});
        const list = [message(1), message(2), message(9), mine(10), system(11), system(12), message(13)];
        const look = (line) => [line.type, line.messages.length, line.first, line.last];
        return thread.lines(list, null).slice(1).map(look)""",
    )
    assert got == [
        ["message", 1, True, False],
        ["message", 1, False, True],
        ["message", 1, True, True],
        ["message", 1, True, True],
        ["events", 2, True, True],
        ["message", 1, True, True],
    ]


@pytest.mark.parametrize(
    ("draft", "read", "seen"),
    [(1, 3, 3), (1, 2, 2), (3, 9, 3), (4, 9, 5), (0, 0, 0)],
    ids=[
        "customer read",
        "customer overlooked",
        "colleague after the draft",
        "colleague before the draft",
        "nothing seen",
    ],
)
def test_seen_is_what_was_taken_into_account(js: Js, draft: int, read: int, seen: int) -> None:
    got = js(
        f"""const colleague = mine(4, {{author: {{kind: 'operator', id: 'you', name: 'You'}}}});
        const list = [message(1), message(2), message(3), colleague, mine(5)];
        return thread.seenSeq(list, {draft}, {read}, 'me')""",
    )
    assert got == seen


def test_a_crossed_reply_shows_the_newer_words_until_the_next_send(js: Js) -> None:
    got = js(
        """const crossed = run(opened([message(1)]), {type: 'send.crossed', id: 'a', messages: many(2, 3)});
        const again = run(crossed, {type: 'send.start',
          send: {client_id: 'k', conversation: 'a', kind: 'reply', text: 'x'}});
        return [crossed.thread.crossed.seq, again.thread.crossed]""",
    )
    assert got == [3, None]


def test_reducers_never_change_what_they_are_given(js: Js) -> None:
    got = js(
        """const freeze = (value) => {
          if (value && typeof value === 'object' && !Object.isFrozen(value)) {
            Object.freeze(value);
            Object.values(value).forEach(freeze);
          }
          return value;
        };
        const state = freeze(opened([message(1)]));
        const rowsBefore = state.rows.size, readsBefore = state.reads.size, foldedBefore = state.folded.size;
        run(state, {type: 'message.created', message: message(2), conversation: row('b')}, {type: 'order.freeze'},
          {type: 'section.toggle', name: 'due'}, {type: 'thread.toggle', id: 'a', key: 'k'}, {type: 'thread.close'});
        return [state.rows.size - rowsBefore, state.reads.size - readsBefore, state.folded.size - foldedBefore]""",
    )
    assert got == [0, 0, 0]


def test_an_unknown_event_changes_only_the_cursor(js: Js) -> None:
    got = js(
        """const before = start([row('a')]);
        const after = apply(before, {type: 'weather', cursor: '9'});
        return [apply(before, {type: 'weather'}) === before, after.cursor, after.rows === before.rows]""",
    )
    assert got == [True, "9", True]


def test_who_looks_and_writes_belongs_to_his_conversation_and_ends(js: Js) -> None:
    got = js(
        """const operators = [{id: 'o', name: 'O', typing: true}];
        const look = (id) => ({type: 'presence', conversation_id: id, operators});
        const writes = (id) => ({type: 'typing', conversation_id: id, author: {kind: 'customer', id: null, name: ''}});
        const away = run(opened([message(1)]), look('b'), writes('b'));
        const here = run(away, look('a'), writes('a'));
        const ended = run(here, {type: 'typing.end', id: 'b'});
        const said = run(ended, came(message(2)));
        const tell = ({thread, writers}) => [thread.viewers.length, thread.writes, [...writers.keys()].sort()];
        return [away, here, ended, said].map(tell)""",
    )
    assert got == [[0, False, ["b"]], [1, True, ["a", "b"]], [1, True, ["a"]], [1, False, []]]


def test_a_colleagues_word_does_not_silence_the_customer(js: Js) -> None:
    got = js(
        """const writes = {type: 'typing', conversation_id: 'a', author: {kind: 'customer', id: null, name: ''}};
        return run(opened([message(1)]), writes, came(mine(2))).thread.writes""",
    )
    assert got is True
