import {address} from '../address.js';
import {chart} from '../chart.js';
import {element} from '../element.js';
import {figure, meanUsers, nothing, scrollsTo, total} from '../figures.js';
import {choice, textFilter} from '../form.js';
import {amount, count, moment, percent, rate} from '../format.js';
import {daysOf, granularityOf, periodAddress, rangeOf, rangePicker} from '../range.js';
import {get, settled} from '../service.js';
import {LiveRows, csvButton, logPanel, panel, tablePanel, unlessRefused} from '../table.js';

export const name = 'events';
export const title = 'Events';

const FILTERS = ['topic', 'source', 'level', 'user_id', 'session_id', 'q'];
const FUNCTIONS = [
  ['', 'Number of events'],
  ['sum', 'Sum'],
  ['avg', 'Average'],
  ['min', 'Minimum'],
  ['max', 'Maximum']
];

/** Which events come, how many, what their values are, and the events themselves. */
export async function show({main, parameters, signal}) {
  const range = rangeOf(parameters, 7);
  const {from, to, before} = range;
  const filters = Object.fromEntries(FILTERS.map(filter => [filter, parameters.get(filter) ?? '']));
  const {topic, user_id: user} = filters;
  const fn = parameters.get('fn') || 'count';
  const value = parameters.get('value') || 'value';
  const granularity = granularityOf(range);
  const rows = {...filters, from, to: range.end, limit: 25};
  const aggregate = (days, what) => settled('/stats/aggregate', {...days, ...what, topic, user_id: user}, signal);
  const wanted = {granularity, ...(fn === 'count' ? {} : {fn, value})};
  const [counts, countsBefore, series, seriesBefore, topics, active, totals, log] = await Promise.all([
    aggregate({from, to}, {granularity: 'day'}), // weeks and months are whole, also at the ends of the range
    aggregate(before, {granularity: 'day'}),
    aggregate({from, to}, wanted),
    aggregate(before, wanted),
    get('/stats/top-events', {from, to, limit: 100}, signal),
    get('/stats/dau', {from, to, kind: 'events', topic}, signal),
    get('/stats', {}, signal),
    settled('/events', rows, signal)
  ]);
  if (signal.aborted) return;

  const all = total(topics, item => item.count);
  const sum = answer => (answer.refused ? null : total(answer.items, item => item.count));
  const ever = topic ? (totals.by_topic[topic] ?? {duplicates: 0, rejected: 0}) : totals;
  const ofTopic = row => address(name, parameters, {topic: row.event_type});
  const logged = events(range, rows, log, filters, parameters, signal);
  const of = FUNCTIONS.find(([id]) => id === (fn === 'count' ? '' : fn))?.[1] ?? fn;
  const head = [
    element('h1.hidden', {}, title),
    element(
      'div.bar',
      {},
      rangePicker(name, parameters, range),
      textFilter(name, parameters, 'topic', 'Only this topic', 'All topics', topics.map(item => item.event_type)),
      textFilter(name, parameters, 'user_id', 'Only this user', 'All users')
    )
  ];
  if (topics.length === 0 && sum(countsBefore) === 0) return main.replaceChildren(...head, nothing('No event occurred in these days.'), logged);
  main.replaceChildren(
    ...head,
    element(
      'div.figures',
      {},
      figure(topic ? `Events of ${topic}` : 'Events', count, sum(counts), {before: sum(countsBefore), open: scrollsTo(logged)}),
      figure('Users a day', rate, meanUsers(active), {
        open: address('people', parameters, {...daysOf(range), kind: 'events', list: 'users'})
      }),
      figure('Duplicates', count, ever.duplicates, {facts: 'recognised so far'}),
      figure('Rejected', count, ever.rejected, {facts: 'so far'})
    ),
    panel(
      topic || user ? `${of}: ${[topic, user].filter(Boolean).join(', ')}` : `${of} per ${granularity}`,
      [
        choice(name, parameters, 'fn', 'Aggregate', FUNCTIONS),
        fn === 'count' ? null : textFilter(name, parameters, 'value', 'Which number: value, or one in the payload', 'value, or payload.…'),
        csvButton('/stats/aggregate', {from, to, ...wanted, topic, user_id: user}, 'events-over-time')
      ],
      await unlessRefused(series, ({items}) =>
        chart(
          of,
          [
            {label: of, points: items},
            {label: 'Before', before: true, points: seriesBefore.items ?? []}
          ],
          {signal, format: amount, addressOf: periodAddress(name, parameters, granularity)}
        )
      )
    ),
    tablePanel('Topics', {
      path: '/stats/top-events',
      parameters: {from, to, limit: 100},
      name: 'topics',
      answer: topics,
      empty: 'No event occurred in these days.',
      columns: [
        {title: 'Topic', of: row => row.event_type, href: ofTopic},
        {title: 'Events', number: true, of: row => count(row.count), href: ofTopic},
        {title: 'Share', number: true, of: row => percent(row.count / all), href: ofTopic}
      ]
    }),
    logged
  );
}

/** Returns the panel of the rows, which can show new ones as they come. */
function events(range, rows, log, filters, parameters, signal) {
  const field = (title, filter) => ({
    title,
    of: row => row[filter] ?? '',
    href: row => row[filter] && address(name, parameters, {[filter]: row[filter]})
  });
  const columns = [
    {title: 'Occurred at (UTC)', of: row => moment(row.occurred_at)},
    field('Topic', 'topic'),
    {title: 'Value', number: true, of: row => (row.value === null ? '' : amount(row.value))},
    {title: 'User', of: row => row.user_id ?? '', href: row => row.user_id && address('people', new URLSearchParams(), {...daysOf(range), user: row.user_id})},
    field('Source', 'source'),
    field('Level', 'level'),
    {title: 'Message and payload', of: row => element('span.payload', {}, [row.message, row.payload && JSON.stringify(row.payload)].filter(Boolean).join(' '))}
  ];
  const tools = [
    textFilter(name, parameters, 'source', 'Only this source', 'All sources'),
    textFilter(name, parameters, 'level', 'Only this level', 'All levels'),
    textFilter(name, parameters, 'q', 'With this text', 'Any text')
  ];
  if (log.refused) return panel('The log', tools, element('p.empty', {}, log.refused));
  const live = new LiveRows('/events/stream', {topic: filters.topic}, columns, row =>
    ['source', 'level', 'user_id', 'session_id'].every(field => !filters[field] || row[field] === filters[field]) &&
    (!filters.q || JSON.stringify([row.message, row.payload]).toLowerCase().includes(filters.q.toLowerCase()))
  );
  signal.addEventListener('abort', () => live.stop());
  return logPanel('The log', {
    path: '/events',
    parameters: rows,
    name: 'events',
    page: log,
    columns,
    empty: 'No event of these filters occurred in these days.',
    signal,
    tools: [...tools, live.button],
    above: live.node
  });
}
