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
export const plural = (value, noun) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
