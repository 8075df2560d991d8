// Lastword, Apache-2.0. Sends what is typed into search boxes, and other events.
if (typeof document !== 'undefined' && !window.lastword?.event) {
  const NAME = 'lastword:';
  const MAX_TEXT = 255;
  const MAX_WAITING = 1000;
  const MAX_BATCH = 50;
  const MAX_KEEPALIVE = 20000; // browsers allow 64 KiB
  const SECOND = 1000;
  const DAY = 864e5; // the service ignores older times
  const ORPHANED = 3e5; // live pages save every minute

  const settings = {url: ''};
  const boxes = [];
  let latest;
  let session; // id, keystrokes numbered, keystrokes delivered
  let time = 0;

  const now = () => (time = Math.max(Date.now(), time + 1));
  const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), n => n.toString(36)).join('');
  const isOff = () =>
    settings.respectDoNotTrack && (navigator.doNotTrack === '1' || navigator.globalPrivacyControl);

  // Whatever fails, such as blocked storage, the page goes on.
  const attempt = task => {
    try {
      return task();
    } catch {}
  };

  class Outbox {
    rows = [];
    sending = [];
    failures = 0;

    constructor(path) {
      this.path = path;
    }

    // Headers would need a preflight.
    get url() {
      return settings.url + this.path + (settings.key ? '?key=' + settings.key : '');
    }

    add(row) {
      this.rows.push(row);
      if (this.rows.length > MAX_WAITING) this.rows.splice(this.sending.length, 1);
      this.send();
    }

    async send() {
      if (this.sending[0] || this.timer || !settings.url) return;
      while (this.rows[0]?.typed_at < Date.now() - DAY) this.rows.shift();
      if (!this.rows[0]) return;
      const rows = (this.sending = this.rows.slice(0, MAX_BATCH));
      if (this === log) rows[0].lost = Math.min(1e4, Math.max(0, session.numbered - session.delivered - this.rows.length));
      const body = JSON.stringify(rows);
      const keepalive = body.length < MAX_KEEPALIVE;
      let wait;
      try {
        const {ok, status, headers} = await fetch(this.url, {method: 'POST', body, keepalive, credentials: 'omit'});
        if (ok && this === log) session.delivered += rows.length + rows[0].lost;
        if (status === 429 || status > 499) wait = +headers.get('Retry-After') || 1;
      } catch {
        wait = 1;
      }
      this.sending = [];
      if (wait) {
        wait = Math.max(wait, Math.min(60, 2 ** this.failures++) * (0.5 + Math.random() / 2));
        this.timer = setTimeout(() => this.retry(), wait * SECOND);
      } else {
        this.failures = 0;
        this.rows = this.rows.filter(row => !rows.includes(row));
      }
      save();
      this.send();
    }

    retry() {
      clearTimeout(this.timer);
      this.timer = 0;
      this.send();
    }

    leave() {
      const rows = this.rows.slice(this.sending.length);
      if (rows[0] && !this.timer && settings.url) navigator.sendBeacon(this.url, JSON.stringify(rows));
    }
  }

  const log = new Outbox('/log');
  const events = new Outbox('/events');

  const save = () =>
    attempt(() => {
      const name = NAME + session.id;
      if (log.rows[0] || events.rows[0]) localStorage[name] = JSON.stringify([Date.now(), log.rows, events.rows]);
      else delete localStorage[name];
    });

  // Takes over from the last page of the tab, and from lost ones.
  const load = () => {
    session = {id: newId(), numbered: 0, delivered: 0};
    log.rows = [];
    events.rows = [];
    attempt(() => {
      // Duplicated tabs have copies of this storage.
      session = JSON.parse(sessionStorage[NAME] || null) || session;
      delete sessionStorage[NAME];
      for (const name of Object.keys(localStorage)) {
        if (!name.startsWith(NAME)) continue;
        const own = name === NAME + session.id;
        const [at, keystrokes, others] = JSON.parse(localStorage[name]);
        if (own || at < Date.now() - ORPHANED) {
          delete localStorage[name];
          log.rows.push(...keystrokes);
          events.rows.push(...others);
          if (!own) session.numbered += keystrokes.length;
        }
      }
    });
    save();
  };

  const start = () => {
    if (!session) load();
    log.send();
    events.send();
  };

  const attach = target => {
    const abort = new AbortController();
    const number = boxes.length;
    let element, text, submitted, task, timer, option, before;

    const box = {
      type(changed, submits = false, at = now()) {
        if (changed === text && (submitted || !submits)) return;
        text = changed;
        submitted = submits;
        if (!text.trim() || text.length > MAX_TEXT || isOff()) return;
        start();
        session.numbered++;
        log.add({
          session_id: session.id + (number ? '-' + number : ''),
          user_id: settings.user,
          keyword: text,
          submitted,
          typed_at: at
        });
      },
      flush() {
        const due = task;
        task = null;
        due?.();
      }
    };
    boxes.push(box);

    // Handlers of the page may change the text before.
    const later = (next, wait) => {
      task = next;
      clearTimeout(timer);
      timer = setTimeout(() => attempt(box.flush), wait);
    };
    const on = (name, handler) =>
      addEventListener(
        name,
        event =>
          attempt(() => {
            const node = event.composedPath()[0];
            const own = (typeof target === 'string' ? node.matches(target) : node === target) && node.type !== 'password';
            if (own) [element, latest] = [node, box];
            handler(event, own, node);
          }),
        {capture: true, signal: abort.signal}
      );

    on('input', (event, own) => {
      if (!own) return;
      const at = now();
      // Half a composed text is no word, unless it stays.
      if (event.isComposing) later(() => box.type(element.value, false, at), SECOND);
      else box.type(element.value, event.inputType === 'insertReplacementText' && !!element.list);
    });
    on('compositionend', (event, own) => own && box.type(element.value));
    on('keydown', (event, own) => {
      if (!own || event.key !== 'Enter' || event.isComposing) return;
      const value = element.value;
      later(() => box.type(element.value || value, true));
    });
    on('submit', event => element?.form === event.target && later(() => box.type(element.value || text, true)));
    on('pointerdown', (event, own, node) => {
      option = node.closest('[role=option]');
      before = element?.value;
    });
    on('pointerup', () => option && later(() => element?.value !== before && box.type(element.value, true), 50));

    return () => {
      box.flush();
      abort.abort();
    };
  };

  const leave = event => {
    boxes.forEach(box => attempt(box.flush));
    if (!session) return;
    save();
    if (event.type === 'pagehide') {
      attempt(() => (sessionStorage[NAME] = JSON.stringify(session)));
      log.leave();
      events.leave();
    }
  };
  addEventListener('pagehide', leave);
  addEventListener('visibilitychange', event => document.hidden && leave(event));
  addEventListener('pageshow', event => {
    if (!event.persisted || !session) return;
    session = null; // the next page took over
    start();
  });
  addEventListener('online', () => {
    log.retry();
    events.retry();
  });

  window.lastword = {
    configure: changes =>
      attempt(() => {
        Object.assign(settings, changes);
        settings.url = settings.url.replace(/\/$/, '');
        if (!isOff()) start();
      }),
    attach: target => attempt(() => attach(target)),
    submit: text => attempt(() => (latest || boxes[0]).type(text, true)),
    event: (topic, payload, fields) =>
      attempt(() => {
        if (isOff()) return;
        start();
        const about = {event_id: newId(), session_id: session.id, user_id: settings.user, occurred_at: now()};
        events.add(JSON.parse(JSON.stringify({...about, topic, payload, ...fields})));
        return about.event_id;
      })
  };

  const script = document.currentScript;
  if (script) {
    const {url = new URL('.', script.src).href, key, user, input} = script.dataset;
    lastword.configure({url, key, user, respectDoNotTrack: 'respectDoNotTrack' in script.dataset});
    if (input) lastword.attach(input);
  }
}
