"""The list of the inbox, tested where it runs: `apply(state, event)` and the orders made of the state."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Js = Callable[[str], Any]


def test_sections_are_sorted_by_what_is_asked_of_the_desk(js: Js) -> None:
    got = js(
        """return order(start([
          row('late', {waiting_since: at(9)}), row('first', {waiting_since: at(1)}),
          row('old', {desk_state: 'answered', last_message: {text: '', kind: 'operator', at: at(2)}}),
          row('new', {desk_state: 'answered', last_message: {text: '', kind: 'operator', at: at(8)}}),
          row('zz', {desk_state: 'snoozed', snoozed_until: at(50)}),
          row('z', {desk_state: 'snoozed', snoozed_until: at(40)}),
        ]))""",
    )
    assert got == [["due", ["first", "late"]], ["answered", ["new", "old"]], ["snoozed", ["z", "zz"]]]


@pytest.mark.parametrize(
    ("view", "shown"),
    [("mine", "free mine"), ("free", "free"), ("all", "bot free mine other"), ("bot", "bot"), ("closed", "done")],
)
def test_a_view_holds_what_belongs_to_it(js: Js, view: str, shown: str) -> None:
    got = js(
        f"""const all = [row('free'), row('mine', {{stage: 'operator', assignee: {{id: 'me', name: 'Me'}}}}),
          row('other', {{stage: 'operator', assignee: {{id: 'you', name: 'You'}}}}), row('bot', {{stage: 'bot'}}),
          row('done', {{stage: 'closed', desk_state: 'closed'}})];
        return all.filter((one) => rows.belongs(one, '{view}', {{id: 'me'}})).map((one) => one.id).sort().join(' ')""",
    )
    assert got == shown


def test_what_is_free_is_mine_only_in_my_teams_and_a_view_the_server_knows_is_left_to_it(js: Js) -> None:
    got = js(
        """const me = {id: 'me', teams: ['t1']};
        const of = (id) => ({team: {id, name: ''}});
        const all = [row('none'), row('ours', of('t1')), row('theirs', of('t2'))];
        const ids = (one) => one.rows.map((each) => each.id);
        const held = (state) => rows.freshSections(state).flatMap(ids).sort().join(' ');
        const state = {rows: new Map(all.map((one) => [one.id, one])), me, channel: '', team: '', query: '',
          filters: null, hits: new Set(['theirs']), view: 'mine', reads: new Map(), frozen: null, selected: null};
        const unread = {...state, view: 'unread'};
        const again = apply(unread, {type: 'list.again', items: [all[0]], gone: ['theirs']});
        return [held(state), held({...state, view: 'free'}), held({...state, view: 'free', team: 't2'}),
          held(unread), held({...state, filters: {tags: ['vip']}}), held(again)];""",
    )
    assert got == ["none ours", "none ours theirs", "theirs", "theirs", "theirs", "none"]


def test_an_event_moves_a_row_and_counts_unread(js: Js) -> None:
    got = js(
        """const before = start([row('a', {desk_state: 'answered', waiting_since: null}), row('b')]);
        const after = run(before, {type: 'message.created', cursor: '7', message: message(2, {incoming: 2}),
          conversation: row('a', {incoming: 2, seq: 2, version: 2})});
        return [order(before), order(after), rows.unread(after, after.rows.get('a')), after.cursor]""",
    )
    assert got == [[["due", ["b"]], ["answered", ["a"]]], [["due", ["a", "b"]]], 1, "7"]


def test_an_older_row_never_replaces_a_newer_one(js: Js) -> None:
    got = js(
        """const state = run(start([row('a', {version: 5, number: 5})]),
          {type: 'conversation.updated', conversation: row('a', {version: 4, number: 4})});
        return state.rows.get('a').number""",
    )
    assert got == 5


def test_the_read_mark_of_another_device_counts_here(js: Js) -> None:
    got = js(
        """const state = start([row('a', {incoming: 4, unread: 3})]);
        const read = run(state, {type: 'read', conversation_id: 'a', incoming: 4});
        return [rows.unread(state, state.rows.get('a')), rows.unread(read, read.rows.get('a'))]""",
    )
    assert got == [3, 0]


def test_a_row_that_left_the_view_is_forgotten_unless_it_is_open(js: Js) -> None:
    got = js(
        """const gone = {type: 'conversation.updated',
          conversation: row('a', {stage: 'closed', desk_state: 'closed', version: 2})};
        const closed = run(start([row('a')]), gone);
        const open = run(opened([message(1)]), gone);
        return [closed.rows.size, order(closed), open.rows.size, order(open)]""",
    )
    assert got == [0, [], 1, []]


def test_rows_stand_still_while_the_order_is_frozen(js: Js) -> None:
    got = js(
        """const frozen = run(start([row('a', {waiting_since: at(5)}), row('b', {waiting_since: at(6)})]),
          {type: 'order.freeze'},
          {type: 'conversation.updated', conversation: row('b', {waiting_since: at(1), version: 2, number: 9})},
          {type: 'conversation.updated', conversation: row('new', {waiting_since: at(0)})},
          {type: 'conversation.updated', conversation: row('a', {stage: 'closed', desk_state: 'closed', version: 2})});
        const applied = run(frozen, {type: 'order.apply', hold: false});
        return [order(frozen), rows.sections(frozen)[0].rows[1].number, rows.hiddenByFreeze(frozen), order(applied)]""",
    )
    assert got == [[["due", ["a", "b"]]], 9, {"fresh": 1, "moved": True}, [["due", ["new", "b"]]]]


def test_a_further_page_goes_below_a_frozen_order(js: Js) -> None:
    got = js(
        """const state = run(start([row('b', {waiting_since: at(5)})]), {type: 'order.freeze'},
          {type: 'list.loaded', items: [row('a', {waiting_since: at(1), unread: 0})], next: null, more: true});
        return [order(state), order(run(state, {type: 'order.apply', hold: false}))]""",
    )
    assert got == [[["due", ["b", "a"]]], [["due", ["a", "b"]]]]


def test_walking_skips_folded_sections_and_stops_at_the_end(js: Js) -> None:
    got = js(
        """const state = run(start([row('a'), row('b', {desk_state: 'answered'}),
          row('c', {desk_state: 'snoozed', snoozed_until: at(9)})]),
          {type: 'section.toggle', name: 'answered'});
        return [rows.neighbour(state, null, 1), rows.neighbour(state, 'a', 1), rows.neighbour(state, 'c', 1),
          rows.neighbour(state, 'a', -1), rows.neighbour(state, null, -1)]""",
    )
    assert got == ["a", "c", None, None, "c"]


def test_a_search_shows_its_hits_whatever_view_they_belong_to(js: Js) -> None:
    got = js(
        """const found = row('x', {stage: 'operator', assignee: {id: 'you', name: 'You'}, unread: 0});
        const state = run(start([row('a')]), {type: 'view.open', view: 'mine', query: 'x'},
          {type: 'list.loaded', items: [found], next: null, more: false},
          {type: 'conversation.updated', conversation: row('b')});
        return order(state)""",
    )
    assert got == [["due", ["x"]]]


def test_pages_of_the_list_are_added_up(js: Js) -> None:
    got = js(
        """const state = run(start([row('a')], {list: {items: [row('a', {unread: 0})], next: 'n'}}),
          {type: 'list.loaded', items: [row('b', {unread: 0})], next: null, more: true});
        return [state.rows.size, state.next]""",
    )
    assert got == [2, None]
