import {address} from '../address.js';
import {chart} from '../chart.js';
import {element} from '../element.js';
import {figure, meanUsers, nothing, scrollsTo, total} from '../figures.js';
import {textFilter} from '../form.js';
import {count, hourOf, moment, percent, rate} from '../format.js';
import {daysOf, granularityOf, hourAfter, periodAddress, rangeOf, rangePicker} from '../range.js';
import {get, settled} from '../service.js';
import {csvButton, logPanel, panel, tablePanel, unlessRefused} from '../table.js';

export const name = 'searches';
export const title = 'Searches';

const SHOWN = 20;

const ratio = (number, by) => (by ? number / by : null);

/** What people search for: how often, with which change, what is rising, and what they searched for next. */
export async function show({main, parameters, signal}) {
  const range = rangeOf(parameters, 7);
  const {from, to, before} = range;
  const keyword = parameters.get('keyword') ?? '';
  const granularity = granularityOf(range, 'hour');
  // With those that begin like the keyword, it is itself among the first, but hardly ever after a hundred.
  const top = {from, to, starts_with: keyword, limit: keyword ? 100 : SHOWN};
  const hour = parameters.get('hour');
  const rows = {from: hour ?? from, to: hour ? hourAfter(hour) : range.end, keyword, limit: 25};
  const over = (days, per) => settled('/stats/searches-over-time', {...days, keyword, granularity: per}, signal);
  const [now, past, active, activeBefore, series, seriesBefore, perDay, perDayBefore, frequent, beside, log] = await Promise.all([
    get('/stats/sessions', {from, to}, signal),
    get('/stats/sessions', before, signal),
    get('/stats/dau', {from, to, kind: 'searches'}, signal),
    get('/stats/dau', {...before, kind: 'searches'}, signal),
    over({from, to}, granularity),
    over(before, granularity),
    // Weeks and months are whole, also at the ends of the range; hours of a frequent keyword may be refused.
    keyword && over({from, to}, 'day'),
    keyword && over(before, 'day'),
    get('/stats/top-searches', top, signal),
    keyword
      ? settled('/stats/refinements', {keyword, from, to, limit: SHOWN}, signal)
      : settled('/stats/trending-searches', {from, to, limit: SHOWN}, signal),
    get('/searches', rows, signal)
  ]);
  if (signal.aborted) return;

  const ofKeyword = row => address(name, parameters, {hour: '', keyword: row.keyword});
  const wholeDay = address(name, parameters, {hour: ''});
  const usersOf = searched => address('people', parameters, {...daysOf(range), kind: 'searches', list: 'users', keyword: searched});
  const wayOf = one => address('people', parameters, {keyword: '', hour: '', ...one});
  const about = [keyword && `“${keyword}”`, hour && hourOf(hour)].filter(Boolean).join(', ');
  const logged = logPanel(about ? `The log: ${about}` : 'The log', {
    path: '/searches',
    parameters: rows,
    name: 'searches',
    page: log,
    signal,
    tools: hour ? [element('a.quiet', {href: wholeDay}, 'Whole day')] : [],
    empty: hour ? 'No search was logged in this hour.' : 'No search was logged in these days.',
    columns: [
      {title: 'Search', of: row => element('span.keyword', {}, row.keyword)},
      {title: 'Searched at (UTC)', of: row => moment(row.searched_at)},
      {title: 'User', of: row => row.user_id ?? 'anonymous', href: row => row.user_id && wayOf({user: row.user_id})},
      {title: 'Session', of: row => row.session_id, href: row => wayOf({session: row.session_id})},
      {title: 'Keystrokes', number: true, of: row => count(row.keystrokes)},
      {title: 'Ended by', of: row => (row.submitted ? 'Enter' : 'a pause')}
    ]
  });
  const rowsBelow = hour ? wholeDay : scrollsTo(logged);
  const searches = ({items}) => total(items, item => item.searches);
  const sessions = ({items}) => total(items, item => item.sessions);
  const keystrokes = ({items}) => total(items, item => item.keystrokes);
  const times = ({items}) => total(items, item => item.count);
  const found = frequent.items.find(item => item.keyword === keyword.toLowerCase());
  const figures = keyword
    ? [
        figure('Searches', count, times(perDay), {before: times(perDayBefore), open: rowsBelow}),
        figure('Share of all', percent, ratio(times(perDay), searches(now)), {before: ratio(times(perDayBefore), searches(past)), open: rowsBelow}),
        figure('Users', count, found?.users, {open: found?.users && usersOf(keyword)}),
        figure('Sessions', count, found?.sessions, {open: rowsBelow}),
        figure('Searched for nothing more', percent, beside.nothing_more_share, {open: rowsBelow})
      ]
    : [
        figure('Searches', count, searches(now), {before: searches(past), open: rowsBelow}),
        figure('Sessions', count, sessions(now), {before: sessions(past), open: rowsBelow}),
        figure('Searches per session', rate, ratio(searches(now), sessions(now)), {before: ratio(searches(past), sessions(past)), open: rowsBelow}),
        figure('Keystrokes per search', rate, ratio(keystrokes(now), searches(now)), {before: ratio(keystrokes(past), searches(past)), open: rowsBelow}),
        figure('Users a day', rate, meanUsers(active), {before: meanUsers(activeBefore), open: usersOf('')})
      ];

  const search = {title: 'Search', of: row => row.keyword, href: ofKeyword};
  const number = {title: 'Searches', number: true, of: row => count(row.count), href: ofKeyword};
  const share = {title: 'Share', number: true, of: row => (row.share === null ? '–' : percent(row.share)), href: ofKeyword};
  const head = [
    element('h1.hidden', {}, title),
    element('div.bar', {}, rangePicker(name, parameters, range), textFilter(name, parameters, 'keyword', 'Only this search', 'All searches'))
  ];
  if (searches(now) === 0 && searches(past) === 0) return main.replaceChildren(...head, nothing('No search was logged in these days.'));
  main.replaceChildren(
    ...head,
    element('div.figures', {}, ...figures),
    panel(
      keyword ? `Searches for “${keyword}”` : 'Searches over time',
      [csvButton('/stats/searches-over-time', {from, to, keyword, granularity}, 'searches-over-time')],
      await unlessRefused(series, ({items}) =>
        chart(
          'Searches over time',
          [
            {label: 'Searches', points: items},
            {label: 'Before', before: true, points: seriesBefore.items ?? []}
          ],
          {signal, addressOf: periodAddress(name, parameters, granularity)}
        )
      )
    ),
    element(
      'div.columns',
      {},
      tablePanel(keyword ? `Beginning with “${keyword}”` : 'Top searches', {
        path: '/stats/top-searches',
        parameters: {...top, limit: 1000},
        name: 'top-searches',
        answer: frequent.items.slice(0, SHOWN),
        empty: 'No search was logged in these days.',
        columns: [
          {title: '#', number: true, of: row => `${row.rank}`},
          search,
          number,
          share,
          {title: 'Users', number: true, of: row => (row.users === null ? '–' : count(row.users)), href: row => row.users && usersOf(row.keyword)},
          {
            title: 'Rank before',
            number: true,
            of: row => (row.rank_before === null ? '> 100' : `${row.rank_before}`),
            href: row => row.rank_before && address(name, parameters, daysOf(before))
          }
        ]
      }),
      keyword
        ? tablePanel('Searched next', {
            path: '/stats/refinements',
            parameters: {keyword, from, to, limit: 1000},
            name: 'searched-next',
            answer: beside,
            empty: 'Nobody searched for anything else within 30 minutes.',
            columns: [search, number, share]
          })
        : tablePanel('Trending', {
            path: '/stats/trending-searches',
            parameters: {from, to, limit: 1000},
            name: 'trending-searches',
            answer: beside,
            empty: 'No search is rising, compared with as many days before.',
            columns: [
              search,
              number,
              {
                title: 'Before',
                number: true,
                of: row => count(row.count_before),
                href: row => row.count_before && address(name, parameters, {...daysOf(before), keyword: row.keyword})
              },
              share,
              {title: 'Score', number: true, of: row => rate(row.score), href: ofKeyword}
            ]
          })
    ),
    logged
  );
}
