import {element} from './element.js';
import {duration, plural, time} from './format.js';

/**
 * A list of sessions that are typing, each ageing until its search drops into the log.
 *
 * Between two readings, the style sheet animates the age.
 */
export class StagedList {
  #cards = new Map();

  constructor(empty) {
    this.empty = element('li.empty', {}, empty);
    this.list = element('ul.staged', {}, this.empty);
  }

  /**
   * Draws a reading of `GET /searches/staged`.
   *
   * @param {object[]} rows newest first
   * @param {number} debounce milliseconds
   */
  draw(rows, debounce) {
    const ids = new Set(rows.map(row => row.session_id));
    for (const [id, card] of this.#cards) {
      if (!ids.has(id)) {
        this.#cards.delete(id);
        card.leave();
      }
    }
    for (const row of rows) {
      if (!this.#cards.has(row.session_id)) {
        const card = new Card();
        this.#cards.set(row.session_id, card);
        this.list.prepend(card.item);
      }
      this.#cards.get(row.session_id).draw(row, debounce);
    }
    this.empty.hidden = this.#cards.size > 0;
    this.list.append(this.empty);
  }
}

class Card {
  keyword = element('strong.keyword');
  facts = element('span.facts');
  age = element('span.age', {role: 'presentation'});
  item = element('li.card', {}, this.keyword, this.facts, element('span.track', {role: 'presentation'}, this.age));

  draw(row, debounce) {
    this.keyword.textContent = row.keyword;
    const waits = row.submitted ? 'submitted' : `silent for ${duration(row.age_ms)}`;
    const before = row.finished.length ? [`before: ${row.finished.join(', ')}`] : [];
    this.facts.textContent = [plural(row.keystrokes, 'keystroke'), waits, ...before].join(' · ');
    this.item.title = `Session ${row.session_id}${row.user_id ? `, user ${row.user_id}` : ''}`;
    this.age.style.animationDuration = `${debounce}ms`;
    if (row.last_seen !== this.seen) {
      // Another keystroke: the age begins anew.
      this.seen = row.last_seen;
      this.age.replaceWith((this.age = this.age.cloneNode()));
      this.age.style.animationDelay = `${-Math.min(row.age_ms, debounce)}ms`;
    }
  }

  leave() {
    this.item.classList.add('leaving');
    this.item.addEventListener('animationend', event => event.target === this.item && this.item.remove());
    setTimeout(() => this.item.remove(), 600); // without animations
  }
}

/** A list of logged searches, those that were logged last first. */
export class LogList {
  #shown = new Map();

  /**
   * @param {string} empty what to say without any
   * @param {number} max how many to show
   */
  constructor(empty, max) {
    this.max = max;
    this.empty = element('li.empty', {}, empty);
    this.list = element('ol.log', {}, this.empty);
  }

  /**
   * Adds those that are not yet shown, and replaces those that were amended.
   *
   * @param {object[]} searches as in `GET /searches`, newest first
   */
  add(searches) {
    const before = this.#shown;
    this.#shown = new Map();
    for (const search of searches.toReversed()) {
      let shown = before.get(search.id);
      if (shown?.revision !== search.revision) {
        const item = line(search);
        if (shown) shown.item.replaceWith(item);
        else this.list.prepend(item);
        shown = {revision: search.revision, item};
      }
      this.#shown.set(search.id, shown);
    }
    this.empty.remove();
    while (this.list.children.length > this.max) this.list.lastElementChild.remove();
    if (this.list.children.length === 0) this.list.append(this.empty);
  }
}

function line(search) {
  const facts = [plural(search.keystrokes, 'keystroke'), search.submitted ? 'submitted' : 'paused', search.user_id ?? 'anonymous'];
  return element(
    'li',
    {title: `Searched at ${time(search.searched_at)}, session ${search.session_id}`},
    element('strong.keyword', {}, search.keyword),
    element('span.facts', {}, facts.join(' · '))
  );
}
