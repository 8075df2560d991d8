import {element} from '../element.js';
import {scrollsTo} from '../figures.js';
import {count, duration, rate} from '../format.js';
import {get, health} from '../service.js';
import {LogList, StagedList} from '../staged.js';

export const name = 'now';
export const title = 'Now';

const HEALTH = {UP: 'well', DEGRADED: 'degraded', DOWN: 'down', UNKNOWN: 'unknown'};

/** What is being typed, what drops into the log, and how the service is. */
export function show({main, signal, every}) {
  const staged = new StagedList('Nobody is typing.');
  const log = new LogList('No search was logged yet.', 30);
  const parts = element('ul.parts');
  const beingTyped = section('Being typed', staged.list);
  const logged = section('The log', element('div.card.panel', {}, log.list));
  const partsOfNode = section('Parts of this node', parts);
  const figures = {
    typing: figure('Typing now', 'sessions in staging', beingTyped),
    searches: figure('Searches', 'logged a minute', logged),
    keystrokes: figure('Keystrokes', 'a second, this node', beingTyped),
    lag: figure('Lag', 'of promotion', beingTyped),
    health: figure('Health', 'of this node', partsOfNode)
  };
  main.replaceChildren(
    element('h1.hidden', {}, 'Now'),
    element('div.figures', {}, ...Object.values(figures).map(each => each.node)),
    element('div.columns', {}, beingTyped, logged),
    partsOfNode
  );

  every(500, async () => {
    const [page, searches] = await Promise.all([
      get('/searches/staged', {limit: 30}, signal),
      get('/searches', {limit: 30}, signal)
    ]);
    staged.draw(page.items, page.debounce_ms);
    log.add(searches.items);
  });

  const readings = [];
  every(2000, async () => {
    const [totals, state] = await Promise.all([get('/stats', {}, signal), health(signal)]);
    readings.push({at: performance.now(), ...totals});
    if (readings.length > 31) readings.shift();
    const seconds = (readings.at(-1).at - readings[0].at) / 1000;
    const since = value => (seconds ? Math.max(0, value(readings.at(-1)) - value(readings[0])) / seconds : 0);
    figures.typing.value(count(totals.staged));
    figures.searches.value(rate(60 * since(reading => reading.promoted)));
    if (totals.node) figures.keystrokes.value(rate(since(reading => reading.node.keystrokes_received)));
    else figures.keystrokes.node.hidden = true;
    figures.lag.value(duration(totals.promotion_lag_ms));
    if (totals.promoter) figures.lag.unit(`of promotion, by ${totals.promoter}`);
    figures.health.value(HEALTH[state.status] ?? state.status, state.status);
    parts.replaceChildren(
      ...Object.entries(state.details ?? {}).map(([part, {status, details}]) =>
        element(
          'li',
          {title: details ? JSON.stringify(details) : ''},
          element(`span.dot.${status.toLowerCase()}`),
          part.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`),
          element('span.facts', {}, HEALTH[status] ?? status)
        )
      )
    );
  });
}

const section = (heading, content) => element('section', {}, element('h2', {tabIndex: -1}, heading), content);

function figure(label, unit, behind) {
  const number = element('button.number', {type: 'button', title: 'Show what is behind it', onclick: scrollsTo(behind)}, '–');
  const facts = element('span.facts', {}, unit);
  return {
    node: element('div.card.figure', {}, element('span.label', {}, label), number, facts),
    unit: text => (facts.textContent = text),
    value(text, status = '') {
      number.textContent = text;
      number.setAttribute('aria-label', `${label}: ${text}`);
      number.dataset.status = status;
    }
  };
}
