import {element} from './element.js';
import {download, get, save, withQuery} from './service.js';

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {function(object): (Node|string)} of what the cell of a row shows
 * @property {function(object): ?string} [href] address of what is behind the cell of a row
 * @property {boolean} [number] whether it is aligned like a number
 */

/**
 * Returns a table that scrolls sideways if it is wider than the page.
 *
 * @param {string} caption for screen readers
 * @param {Column[]} columns
 * @param {object[]} rows
 * @param {string} empty what to say without any
 */
export function table(caption, columns, rows, empty) {
  const body = element('tbody');
  const full = element(
    'div.scroll',
    {tabIndex: 0, role: 'region', 'aria-label': caption},
    element(
      'table',
      {},
      element('caption.hidden', {}, caption),
      element('thead', {}, element('tr', {}, ...columns.map(({title, number}) => element(number ? 'th.numeric' : 'th', {scope: 'col'}, title)))),
      body
    )
  );
  body.append(...rows.map(row => tableRow(columns, row)));
  return {node: rows.length ? full : element('p.empty', {}, empty), body};
}

function tableRow(columns, row) {
  const linked = new Set();
  const cells = columns.map(({of, href, number}) => {
    const to = href?.(row);
    const content = to ? element('a', {href: to}, of(row)) : of(row);
    // By keyboard, one link to the same place is enough.
    if (linked.has(to)) content.tabIndex = -1;
    if (to) linked.add(to);
    return element(number ? 'td.numeric' : 'td', {}, content);
  });
  return element('tr', {}, ...cells);
}

/** Returns a button that downloads what a call returns as CSV. */
export function csvButton(path, parameters, name, text = 'CSV') {
  const button = element(
    'button.quiet',
    {
      type: 'button',
      'aria-label': `Download ${name} as CSV`,
      onclick: async () => {
        button.disabled = true;
        button.textContent = 'Downloading…';
        try {
          await download(path, parameters, `${name}.csv`);
          button.textContent = text;
        } catch (error) {
          button.textContent = error.message;
        }
        button.disabled = false;
      }
    },
    text
  );
  return button;
}

/** Returns a button that saves the rows of a page as CSV, for calls that have no CSV of their own. */
export const shownCsvButton = (page, name) =>
  element('button.quiet', {type: 'button', 'aria-label': `Download ${name} as CSV`, onclick: () => save(new Blob([csvOf(page.items)], {type: 'text/csv'}), `${name}.csv`)}, 'CSV');

function csvOf(items) {
  const names = Object.keys(items[0] ?? {});
  const cell = value => {
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
    // A spreadsheet would run these as formulas.
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [names, ...items.map(item => names.map(name => item[name]))].map(row => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Returns what is drawn of an answer of `settled`, or why the service refuses it. */
export const unlessRefused = (answer, draw) => (answer.refused ? element('p.empty', {}, answer.refused) : draw(answer));

/** Returns a part of a view with a heading and what can be done with it. */
export const panel = (heading, tools, ...children) =>
  element(
    'section.card.part',
    {'aria-label': heading},
    element('div.heading', {}, element('h2', {tabIndex: -1}, heading), element('div.tools', {}, ...tools)),
    ...children
  );

/**
 * Returns a panel with a table of an answer, or why the service refuses the answer.
 *
 * @param {object} answer of `settled`
 */
export function tablePanel(heading, {path, parameters, name, answer, columns, empty}) {
  if (answer.refused) return panel(heading, [], element('p.empty', {}, answer.refused));
  const items = answer.items ?? answer;
  return panel(heading, items.length ? [csvButton(path, parameters, name)] : [], table(heading, columns, items, empty).node);
}

/**
 * Returns a panel with rows of a log, and a button for more.
 *
 * @param {object} page the first rows; more are added to its `items`
 * @param {object} parameters of the call that returned them
 * @param {Node[]} [tools] of the heading
 * @param {Node} [above] shown before the rows
 * @param {Node} [csv] instead of a button for the CSV of the same call
 */
export function logPanel(heading, {path, parameters, name, page, columns, empty, signal, tools = [], above = null, csv}) {
  const rows = table(heading, columns, page.items, empty);
  let {next_cursor: cursor} = page;
  const more = element('button.quiet', {type: 'button', hidden: !cursor}, 'Show more');
  more.addEventListener('click', async () => {
    more.disabled = true;
    try {
      const next = await get(path, {...parameters, cursor}, signal);
      page.items.push(...next.items);
      rows.body.append(...next.items.map(row => tableRow(columns, row)));
      cursor = next.next_cursor;
      more.hidden = !cursor;
      more.textContent = 'Show more';
    } catch (error) {
      more.textContent = `${error.message} Try again`;
    }
    more.disabled = false;
  });
  const {limit, ...all} = parameters;
  return panel(heading, page.items.length ? [...tools, csv ?? csvButton(path, all, name)] : tools, above, rows.node, more);
}

/** New rows of a stream, newest first, while a button is pressed. */
export class LiveRows {
  static #MAX = 100;
  #stream = null;
  #rows = null;

  node = element('div.live', {'aria-live': 'off'});
  button = element('button.quiet', {type: 'button', 'aria-pressed': 'false', onclick: () => (this.#stream ? this.stop() : this.#start())}, 'Live');

  /**
   * @param {object} parameters of the stream
   * @param {Column[]} columns
   * @param {function(object): boolean} shows whether a row passes the filters that the stream does not have
   */
  constructor(path, parameters, columns, shows) {
    this.address = withQuery(path, parameters);
    this.columns = columns;
    this.shows = shows;
  }

  #start() {
    this.button.setAttribute('aria-pressed', 'true');
    this.node.replaceChildren(element('p.empty', {}, 'New events appear here.'));
    this.#stream = new EventSource(this.address);
    this.#stream.addEventListener('message', ({data}) => {
      const row = JSON.parse(data);
      if (this.shows(row)) this.#add(row);
    });
    // The browser connects again by itself, unless the service refuses.
    this.#stream.addEventListener('error', ({target}) => {
      if (target.readyState !== EventSource.CLOSED) return;
      this.stop();
      this.node.replaceChildren(element('p.empty', {}, 'The service ended the stream. Try again later.'));
    });
  }

  #add(row) {
    if (!this.#rows) {
      const {node, body} = table('New events', this.columns, [row], '');
      this.#rows = body;
      this.node.replaceChildren(node);
      return;
    }
    this.#rows.prepend(tableRow(this.columns, row));
    while (this.#rows.children.length > LiveRows.#MAX) this.#rows.lastElementChild.remove();
  }

  stop() {
    this.#stream?.close();
    this.#stream = this.#rows = null;
    this.button.setAttribute('aria-pressed', 'false');
    this.node.replaceChildren();
  }
}
