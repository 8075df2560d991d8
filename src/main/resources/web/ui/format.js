const number = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});

/** Returns a count with separators, such as 48,213. */
export const count = value => number.format(value);

/** Returns a rate with one digit, or none from ten on. */
export const rate = value => number.format(value < 9.95 ? Math.round(value * 10) / 10 : Math.round(value));

/** Returns the time of day of an ISO-8601 time, in the time zone of the browser. */
export const time = iso => clock.format(new Date(iso));

/** Returns milliseconds as a duration, such as 240 ms, 3.5 s or 12 min. */
export const duration = ms => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${rate(ms / 1000)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${rate(ms / 3_600_000)} h`;
};

/** Returns a count with its noun. */
export const plural = (value, noun, nouns = `${noun}s`) => `${count(value)} ${value === 1 ? noun : nouns}`;

const amounts = new Intl.NumberFormat('en', {maximumFractionDigits: 2});
const percentage = new Intl.NumberFormat('en', {style: 'percent', maximumFractionDigits: 1});
const dayFormat = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC'});
const timeOfDay = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: 'UTC'});

/** Returns a number with up to two decimal places. */
export const amount = value => amounts.format(value);

/** Returns a share from 0 to 1 as a percentage. */
export const percent = value => percentage.format(value);

/** Returns the day of an ISO-8601 time, in UTC, such as 26 Nov 2026. */
export const day = iso => dayFormat.format(new Date(iso));

/** Returns the day and time of an ISO-8601 time, in UTC, such as 26 Nov 2026, 14:03:09. */
export const moment = iso => `${day(iso)}, ${timeOfDay.format(new Date(iso))}`;

/** Returns the hour that begins at an ISO-8601 time, in UTC, such as 26 Nov 2026, 14:00–15:00. */
export const hourOf = iso => `${day(iso)}, ${iso.slice(11, 16)}–${timeOfDay.format(Date.parse(iso) + 3_600_000).slice(0, 5)}`;

/** Returns how a value has changed against that of the period before; empty if one of them is missing. */
export function change(value, before) {
  if (typeof value !== 'number' || typeof before !== 'number') return '';
  if (before === 0) return value === 0 ? '' : 'none before';
  const ratio = value / before - 1;
  if (Math.abs(ratio) < 0.0005) return 'as before';
  return `${ratio > 0 ? '▲' : '▼'} ${percent(Math.abs(ratio))} against ${value < 1 ? percent(before) : rate(before)}`;
}
