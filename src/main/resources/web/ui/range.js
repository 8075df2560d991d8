import {address} from './address.js';
import {element} from './element.js';

const DAY = 86_400_000;
const PRESETS = [
  [1, 'Today'],
  [7, '7 days'],
  [30, '30 days'],
  [90, '90 days']
];

const dayOf = time => new Date(time).toISOString().slice(0, 10);

/** Returns the day that is some days later; what is not a date as it is. */
export const shifted = (day, days) => (Number.isNaN(Date.parse(day)) ? day : dayOf(Date.parse(day) + days * DAY));

/**
 * Returns the days that the parameters name, in UTC, and as many days before: `from` and `to`, or the last `days`.
 *
 * What is not a date is left to the service, which says so.
 *
 * @param {number} usual number of days if the parameters name none
 */
export function rangeOf(parameters, usual) {
  const today = dayOf(Date.now());
  const to = parameters.get('to') || today;
  const days = Number(parameters.get('days')) || usual;
  const from = parameters.get('from') || shifted(to, 1 - days);
  const length = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  if (!(length > 0)) return {from, to, length: 1, before: {from, to}, end: to};
  return {from, to, length, before: {from: shifted(from, -length), to: shifted(from, -1)}, end: shifted(to, 1)};
}

/** Returns the first day of a period that is some periods after another, whose first day is given. */
export function periodAfter(day, granularity, periods) {
  if (granularity === 'day') return shifted(day, periods);
  if (granularity === 'week') return shifted(day, 7 * periods);
  const time = new Date(day);
  return dayOf(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + periods, 1));
}

/** Returns the first day of the period that contains a day, as the service has it. */
export function periodOf(day, granularity) {
  if (granularity === 'week') return shifted(day, -((new Date(day).getUTCDay() + 6) % 7));
  return granularity === 'month' ? `${day.slice(0, 8)}01` : day;
}

/** Returns the time an hour later; what is not a time as it is. */
export const hourAfter = time => (Number.isNaN(Date.parse(time)) ? time : new Date(Date.parse(time) + DAY / 24).toISOString());

/** Returns the last day of the period that begins on a day. */
export const lastOf = (day, granularity) => shifted(periodAfter(day, granularity, 1), -1);

/** Returns the granularity at which a range has a readable number of points. */
export function granularityOf({length}, finest = 'day') {
  if (length <= 2 && finest === 'hour') return 'hour';
  if (length <= 120) return 'day';
  return length <= 800 ? 'week' : 'month';
}

/** Returns the parameters that choose these days, all hours of them. */
export const daysOf = ({from, to}) => ({days: '', hour: '', from, to});

/** Returns a function that returns the address of a period of a chart: its days, or its hour within its day. */
export const periodAddress = (view, parameters, granularity) => period => {
  if (granularity !== 'hour') return address(view, parameters, daysOf({from: period, to: lastOf(period, granularity)}));
  const day = period.slice(0, 10);
  return address(view, parameters, {...daysOf({from: day, to: day}), hour: period});
};

/** Returns links to the usual ranges, and fields for any other. */
export function rangePicker(view, parameters, range) {
  const field = (name, label, value) =>
    element(
      'label.field',
      {},
      element('span.hidden', {}, label),
      element('input', {
        id: name,
        type: 'date',
        value,
        max: dayOf(Date.now()),
        required: true,
        onchange: ({target}) => {
          if (target.value) location.hash = address(view, parameters, {...daysOf(range), [name]: target.value});
        }
      })
    );
  return element(
    'div.range',
    {role: 'group', 'aria-label': 'Days, in UTC'},
    element(
      'div.presets',
      {},
      ...PRESETS.map(([days, label]) => {
        const link = element('a', {id: `days-${days}`, href: address(view, parameters, {days, hour: '', from: '', to: ''})}, label);
        if (range.length === days && range.to === dayOf(Date.now())) link.setAttribute('aria-current', 'true');
        return link;
      })
    ),
    field('from', 'First day', range.from),
    element('span', {'aria-hidden': 'true'}, '–'),
    field('to', 'Last day', range.to)
  );
}
