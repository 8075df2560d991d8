import {address} from '../address.js';
import {chart} from '../chart.js';
import {element} from '../element.js';
import {figure, meanUsers, nothing} from '../figures.js';
import {choice} from '../form.js';
import {amount, count, day, moment, percent, plural, rate} from '../format.js';
import {daysOf, granularityOf, lastOf, periodAfter, periodOf, rangeOf, rangePicker, shifted} from '../range.js';
import {get, settled} from '../service.js';
import {csvButton, panel, table, unlessRefused} from '../table.js';

export const name = 'people';
export const title = 'People';

const MAX_ROWS = 500;
const MAX_USERS = 1000;
const NO_ONE = {user: '', session: '', list: '', topic: '', keyword: '', cohort_from: '', cohort_to: ''};
const MAX_DAYS = {day: 31, week: 120};
const UNITS = {day: 'Days', week: 'Weeks', month: 'Months'};

/** Who comes, who comes back, and the way of one user or session. */
export async function show({main, parameters, signal}) {
  const range = rangeOf(parameters, 30);
  const one = ['user', 'session'].find(kind => parameters.get(kind));
  const content = await (one ? way(one, parameters, range, signal) : parameters.has('list') ? list(parameters, range, signal) : everyone(parameters, range, signal));
  if (signal.aborted) return;
  main.replaceChildren(
    element('h1.hidden', {}, title),
    element(
      'div.bar',
      {},
      rangePicker(name, parameters, range),
      one || parameters.has('keyword') ? null : choice(name, parameters, 'kind', 'Active by', [['', 'Searches and events'], ['searches', 'Searches'], ['events', 'Events']]),
      finder(parameters)
    ),
    ...content
  );
}

async function everyone(parameters, range, signal) {
  const {from, to, before} = range;
  const kind = parameters.get('kind') ?? '';
  const granularity = granularityOf(range);
  const usual = range.length <= MAX_DAYS.day ? 'day' : range.length <= MAX_DAYS.week ? 'week' : 'month';
  const per = parameters.get('per') || usual;
  const active = (days, length) => get('/stats/dau', {...days, kind, granularity: length}, signal);
  const cohorts = {from, to, kind, granularity: per, periods: per === 'day' ? 14 : 12};
  const [series, seriesBefore, days, weeks, months, retention] = await Promise.all([
    active({from, to}, granularity),
    active(before, granularity),
    active({from: shifted(to, -1), to}, 'day'),
    active({from: shifted(to, -7), to}, 'week'),
    active({from: shifted(to, -Number(to.slice(8))), to}, 'month'),
    settled('/stats/retention', cohorts, signal)
  ]);
  const points = items => items.map(({date, active_users: value}) => ({period: date, value}));
  const latest = items => items.at(-1)?.active_users;
  const earlier = (noun, items) => (items.length > 1 ? `${noun} before: ${count(items.at(-2).active_users)}` : '');
  if ([series, seriesBefore].flat().every(item => item.active_users === 0)) return [nothing('Nobody was active in these days.')];
  return [
    element(
      'div.figures',
      {},
      figure(`Users on ${day(to)}`, count, latest(days), {facts: earlier('the day', days), open: usersOf(parameters, to, 'day')}),
      figure('Users in its week', count, latest(weeks), {facts: earlier('the week', weeks), open: usersOf(parameters, to, 'week')}),
      figure('Users in its month', count, latest(months), {facts: earlier('the month', months), open: usersOf(parameters, to, 'month')}),
      figure(`Users a ${granularity}`, rate, meanUsers(series), {before: meanUsers(seriesBefore), open: address(name, parameters, {list: 'users'})})
    ),
    panel(
      `Active users per ${granularity}`,
      [csvButton('/stats/dau', {from, to, kind, granularity}, 'active-users')],
      await chart(
        'Active users',
        [
          {label: 'Users', points: points(series)},
          {label: 'Before', before: true, points: points(seriesBefore)}
        ],
        {signal, addressOf: period => usersOf(parameters, period, granularity)}
      )
    ),
    panel(
      'Who came back',
      [
        choice(name, parameters, 'per', 'Cohorts by', [['', `By ${usual}`], ...Object.keys(UNITS).filter(unit => unit !== usual).map(unit => [unit, `By ${unit}`])]),
        csvButton('/stats/retention', cohorts, 'retention')
      ],
      unlessRefused(retention, ({items}) => heatMap(items, per, parameters))
    )
  ];
}

/** Returns the address of the users of the period that contains a day, all or those of a cohort, by its first day. */
function usersOf(parameters, day, granularity, cohort) {
  const from = periodOf(day, granularity);
  const ofCohort = cohort ? {cohort_from: cohort, cohort_to: lastOf(cohort, granularity)} : {};
  return address(name, parameters, {...daysOf({from, to: lastOf(from, granularity)}), list: 'users', ...ofCohort});
}

/** Returns a table of cohorts, whose cells are the darker the more users came back. */
function heatMap(cohorts, per, parameters) {
  const known = cohorts.filter(cohort => cohort.size > 0);
  if (known.length === 0) return element('p.empty', {}, 'Nobody was active for the first time in these days.');
  const last = Math.max(...known.map(({periods}) => periods.length)) - 1;
  const highest = Math.max(...known.flatMap(({periods}) => periods.slice(1).map(period => period.rate)), 0.01);
  const users = (cohort, period, text) =>
    element('a', {href: usersOf(parameters, periodAfter(cohort, per, period), per, cohort)}, text);
  const cell = ({cohort, size}, period) => {
    if (!period) return element('td.heat');
    const shown = element('td.heat', {title: `${count(period.returned)} of ${plural(size, 'user')}`}, users(cohort, period.period, percent(period.rate)));
    shown.style.setProperty('--heat', period.rate / highest);
    return shown;
  };
  const grid = element(
    'div.scroll',
    {tabIndex: 0, role: 'region', 'aria-label': 'Retention'},
    element(
      'table.retention',
      {},
      element('caption.hidden', {}, 'Retention'),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', {scope: 'col'}, 'New users of'),
          element('th.numeric', {scope: 'col'}, 'Users'),
          ...Array.from({length: last}, (_, index) => element('th.heat', {scope: 'col'}, `${index + 1}`))
        )
      ),
      element(
        'tbody',
        {},
        ...known.map(cohort =>
          element(
            'tr',
            {},
            element('th', {scope: 'row'}, day(cohort.cohort)),
            element('td.numeric', {}, users(cohort.cohort, 0, count(cohort.size))),
            ...Array.from({length: last}, (_, index) => cell(cohort, cohort.periods[index + 1]))
          )
        )
      )
    )
  );
  return element('div', {}, element('p.facts', {}, `${UNITS[per]} after the first activity of users, and the share of them who were active again`), grid);
}

/** Returns the users behind a number. */
async function list(parameters, {from, to}, signal) {
  const {kind, topic, keyword, cohort_from: first, cohort_to: last} = Object.fromEntries(parameters);
  const users = {from, to, kind, topic, keyword, cohort_from: first, cohort_to: last};
  const {items, users: all} = await get('/stats/users', {...users, limit: MAX_USERS}, signal);
  const days = (one, other) => (one === other ? `on ${day(one)}` : `from ${day(one)} to ${day(other)}`);
  return [
    keyword
      ? element('p', {}, element('a', {href: address('searches', parameters, {...NO_ONE, kind: '', keyword})}, `← Searches for “${keyword}”`))
      : element('p', {}, element('a', {href: address(name, parameters, NO_ONE)}, '← All people')),
    panel(
      plural(all, 'user'),
      items.length ? [csvButton('/stats/users', {...users, limit: MAX_USERS}, 'users')] : [],
      element(
        'p.facts',
        {},
        keyword ? `Searched for “${keyword}” ` : 'Active ',
        days(from, to),
        topic ? ` with events of ${topic}` : kind && !keyword ? ` with ${kind}` : '',
        first ? `, and for the first time ${days(first, last)}` : '',
        all > items.length ? `. These are the first ${count(items.length)}.` : ''
      ),
      table(
        'Users',
        [{title: 'User', of: row => row.user_id, href: row => address(name, parameters, {...NO_ONE, user: row.user_id})}],
        items,
        'Nobody was.'
      ).node
    )
  ];
}

/** Returns the searches and events of a user or session, as they happened. */
async function way(kind, parameters, {from, to, end}, signal) {
  const id = parameters.get(kind);
  const rows = {[`${kind}_id`]: id, from, to: end};
  const oldest = {...rows, order: 'oldest', limit: MAX_ROWS};
  const [searches, events] = await Promise.all([get('/searches', oldest, signal), get('/events', oldest, signal)]);
  const steps = [
    ...searches.items.map(row => ({...row, at: row.searched_at})),
    ...events.items.map(row => ({...row, at: row.occurred_at}))
  ].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const truncated = searches.next_cursor || events.next_cursor;
  return [
    element('p', {}, element('a', {href: address(name, parameters, NO_ONE)}, '← All people')),
    panel(
      `${kind === 'user' ? 'User' : 'Session'} ${id}`,
      [
        searches.items.length ? csvButton('/searches', rows, `searches-of-${id}`, 'Searches as CSV') : null,
        events.items.length ? csvButton('/events', rows, `events-of-${id}`, 'Events as CSV') : null
      ],
      element(
        'p.facts',
        {},
        `${plural(searches.items.length, 'search', 'searches')} and ${plural(events.items.length, 'event')} from ${day(from)} to ${day(to)}, in UTC`,
        truncated ? `. These are the first ${count(MAX_ROWS)} of each; choose fewer days for the others.` : ''
      ),
      steps.length ? null : element('p.empty', {}, `Nothing was logged for this ${kind} in these days.`),
      ...bySession(steps).map(([session, ofSession]) => visit(session, ofSession, kind, parameters))
    )
  ];
}

function bySession(steps) {
  const sessions = new Map();
  for (const step of steps) {
    if (!sessions.has(step.session_id)) sessions.set(step.session_id, []);
    sessions.get(step.session_id).push(step);
  }
  return [...sessions];
}

const visit = (session, steps, kind, parameters) => {
  const user = steps.find(step => step.user_id)?.user_id;
  const other =
    kind === 'user'
      ? session && element('a', {href: address(name, parameters, {user: '', session})}, session)
      : user && element('a', {href: address(name, parameters, {session: '', user})}, user);
  return element(
    'section.visit',
    {},
    element('h3', {}, moment(steps[0].at), other ? ' · ' : '', other || null),
    element('ol.way', {}, ...steps.map(step))
  );
};

const step = row =>
  row.keyword === undefined
    ? element(
        'li',
        {},
        element('time.facts', {dateTime: row.at}, row.at.slice(11, 19)),
        element('span', {}, row.topic, row.value === null ? '' : ` · ${amount(row.value)}`),
        element('span.facts', {}, row.message ?? (row.payload ? JSON.stringify(row.payload) : ''))
      )
    : element(
        'li',
        {},
        element('time.facts', {dateTime: row.at}, row.at.slice(11, 19)),
        element('span.keyword', {}, row.keyword),
        element('span.facts', {}, `${plural(row.keystrokes, 'keystroke')} · ${row.submitted ? 'Enter' : 'a pause'}`)
      );

/** Returns a form that opens the way of a user or session. */
function finder(parameters) {
  const kind = element('select', {id: 'kind-of-id', 'aria-label': 'User or session'}, element('option', {value: 'user'}, 'User'), element('option', {value: 'session'}, 'Session'));
  const id = element('input', {id: 'id', type: 'search', placeholder: 'id', maxLength: 255, spellcheck: false, autocomplete: 'off', 'aria-label': 'Id of a user or session'});
  if (parameters.get('session')) kind.value = 'session';
  id.value = parameters.get(kind.value) ?? '';
  return element(
    'form.field.finder',
    {
      onsubmit: event => {
        event.preventDefault();
        location.hash = address(name, parameters, {...NO_ONE, [kind.value]: id.value.trim()});
      }
    },
    kind,
    id,
    element('button.quiet', {}, 'Show')
  );
}
