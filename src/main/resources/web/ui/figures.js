import {element} from './element.js';
import {change} from './format.js';

/**
 * Returns a figure with its change, or something else about it.
 *
 * @param {string} label
 * @param {function(number): string} format
 * @param {?number} value
 * @param {object} [about] `before`, its value in the period before; or `facts`; and `open`, which shows the rows behind it, or their address
 */
export function figure(label, format, value, {before, facts, open} = {}) {
  const text = value === null || value === undefined ? '–' : format(value);
  return element(
    'div.card.figure',
    {},
    element('span.label', {}, label),
    numberOf(text, label, open),
    element('span.facts', {}, facts ?? change(value, before))
  );
}

function numberOf(text, label, open) {
  if (!open) return element('span.number', {}, text);
  const about = {title: 'Show what is behind it', 'aria-label': `${label}: ${text}`};
  return typeof open === 'string' ? element('a.number', {href: open, ...about}, text) : element('button.number', {type: 'button', onclick: open, ...about}, text);
}

/** Returns the sum of a number of each item; missing ones count nothing. */
export const total = (items, of) => items.reduce((sum, item) => sum + (of(item) ?? 0), 0);

/** Returns the mean number of active users of the periods of `GET /stats/dau`. */
export const meanUsers = periods => total(periods, period => period.active_users) / periods.length;

/** Scrolls to a part of the view, and focuses its heading. */
export const scrollsTo = panel => () => {
  panel.scrollIntoView({block: 'start'});
  panel.querySelector('h2').focus({preventScroll: true});
};

/** Returns what a view shows if there is nothing in the chosen days. */
export const nothing = text =>
  element(
    'section.card.refused',
    {},
    element('h2', {}, text),
    element('p', {}, 'Choose other days, ', element('a', {href: '#try'}, 'type a search'), ', or write a month of a simulated shop:'),
    element('pre', {tabIndex: 0}, element('code', {}, './lastword demo --days 30'))
  );
