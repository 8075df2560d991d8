import {element} from './element.js';
import {count, day, rate} from './format.js';
import {Problem} from './service.js';
import {table} from './table.js';

let loading;

/** Loads uPlot, which is no module, when the first chart is drawn. */
function load() {
  return (loading ??= new Promise((resolve, reject) => {
    const failed = () => {
      loading = undefined;
      reject(new Problem(0, 'Lastword does not answer.'));
    };
    document.head.append(
      element('link', {rel: 'stylesheet', href: '/ui/uplot/uPlot.min.css'}),
      element('script', {src: '/ui/uplot/uPlot.iife.min.js', onload: resolve, onerror: failed})
    );
  }));
}

/** Returns the colour that a variable of the style sheet has in the present theme. */
function colour(name) {
  const probe = element('span', {hidden: true});
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const {color} = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * Returns a chart of periods, with the same numbers as a table.
 *
 * @param {string} title
 * @param {object[]} given series, each with `label` and `points`: a `period` (first day, or time of an hour) and a `value`. After the first, those of the
 *     periods `before`, which end together with the first and may be missing
 * @param {AbortSignal} signal of the view
 * @param {function(string): string} addressOf returns the address of a period
 * @param {function(number): string} [format]
 * @throws AbortError if another view was shown meanwhile
 */
export async function chart(title, given, {signal, addressOf, format = count}) {
  const periods = given[0].points.map(({period}) => period);
  const series = given
    .filter(({before, points}) => !before || points.some(({value}) => value))
    .map(each => {
      const points = periods.map((_, index) => each.points.at(index - periods.length));
      return {...each, points, values: points.map(point => point?.value ?? null)};
    });
  if (series.every(({values}) => values.every(value => !value))) return element('p.empty', {}, 'Nothing in these days.');
  await load();
  signal.throwIfAborted();
  const plot = element('div.plot', {role: 'img', 'aria-label': `${title}; the table below has its numbers`});
  const times = periods.map(period => Date.parse(period) / 1000);
  const axis = {stroke: colour('--muted'), grid: {stroke: colour('--line'), width: 1}, ticks: {show: false}, font: '12px system-ui, sans-serif'};
  const options = {
    width: 600,
    height: 240,
    padding: [12, 28, 0, 0],
    tzDate: time => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC'),
    cursor: {points: {size: 7}, drag: {x: false, y: false}},
    legend: {live: true},
    scales: {y: {range: (_, min, max) => [Math.min(0, min) * 1.08, Math.max(0, max) * 1.08 || 1]}},
    axes: [
      {...axis, grid: {show: false}, values: labels(periods)},
      {...axis, size: 56, values: (_, values) => values.map(value => (value < 10 ? rate(value) : count(value)))}
    ],
    series: [
      {label: 'Period', value: (_, time) => (time === null ? '–' : label(periods, new Date(time * 1000).toISOString()))},
      ...series.map(({label: name, before}) => ({
        label: name,
        stroke: colour(before ? '--muted' : '--accent'),
        fill: before ? undefined : colour('--soft'),
        width: before ? 1.5 : 2,
        dash: before ? [4, 4] : undefined,
        points: {show: periods.length === 1, size: 7},
        value: (_, value) => (value === null || value === undefined ? '–' : format(value))
      }))
    ]
  };
  const drawn = new uPlot(options, [times, ...series.map(({values}) => values)], plot);
  plot.addEventListener('click', ({target}) => {
    const {idx} = drawn.cursor;
    if (target.closest('.u-over') && typeof idx === 'number') location.hash = addressOf(periods[idx]);
  });
  const observer = new ResizeObserver(([{contentRect}]) => {
    if (contentRect.width > 0) drawn.setSize({width: contentRect.width, height: 240});
  });
  observer.observe(plot);
  signal.addEventListener('abort', () => {
    observer.disconnect();
    drawn.destroy();
  });
  return element('div', {}, plot, element('details', {}, element('summary', {}, 'As a table'), numbers(title, periods, series, addressOf, format)));
}

/** Returns the label of a period, which is a day or the time of an hour. */
const label = (periods, time) => (periods[0]?.length > 10 ? `${day(time)}, ${time.slice(11, 16)}` : day(time));

const labels = periods => (_, splits) =>
  splits.map(split => {
    const time = new Date(split * 1000).toISOString();
    if (periods[0]?.length > 10 && !time.startsWith('00:00', 11)) return time.slice(11, 16);
    return time.startsWith('00:00', 11) ? day(time).replace(/ \d{4}$/, '') : '';
  });

function numbers(title, periods, series, addressOf, format) {
  const columns = [
    {title: 'Period', of: index => label(periods, periods[index]), href: index => addressOf(periods[index])},
    ...series.map(({label: title, points, values}) => ({
      title,
      number: true,
      of: index => (values[index] === null ? '–' : format(values[index])),
      href: index => values[index] && addressOf(points[index].period)
    }))
  ];
  return table(title, columns, [...periods.keys()], 'No periods').node;
}
