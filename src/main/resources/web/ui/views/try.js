import {element} from '../element.js';
import {plural} from '../format.js';
import {get} from '../service.js';
import {LogList, StagedList} from '../staged.js';

export const name = 'try';
export const title = 'Try it';

/** Loads the script as any other page does, once. */
function loadScript() {
  return new Promise((resolve, reject) => {
    if (window.lastword) return resolve();
    document.head.append(element('script', {src: '/lastword.js', onload: resolve, onerror: () => reject(new Error('lastword.js'))}));
  });
}

/** A search box beside the staged row and the log. */
export async function show({main, session, signal, every}) {
  await loadScript();
  if (signal.aborted) return;
  const visitor = (sessionStorage.visitor ??= `visitor-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`);
  const box = element('input', {id: 'box', type: 'search', placeholder: 'red shoes', autocomplete: 'off', spellcheck: false});
  const sent = element('p.facts', {}, 'Nothing typed yet');
  const staged = new StagedList('One row while you type. It ages when you pause.');
  const log = new LogList('Your search arrives here, once.', 8);
  let typed = 0;
  box.addEventListener('input', () => (sent.textContent = `${plural(++typed, 'keystroke')} sent`));

  main.replaceChildren(
    element(
      'div.intro',
      {},
      element('h1', {}, 'What did they search for?'),
      element('p.lead', {}, 'Type a search, and pause. Each keystroke is sent; only what you meant is logged.')
    ),
    element(
      'div.stages',
      {},
      element('section.stage', {}, element('h2', {}, element('label', {for: 'box'}, 'Your search box')), box, sent, needsKey(session)),
      element('section.stage', {}, element('h2', {}, 'Staging'), staged.list),
      element('section.stage', {'aria-live': 'polite'}, element('h2', {}, 'The log'), log.list)
    ),
    element(
      'section.snippet',
      {},
      element('h2', {}, 'On your page'),
      element('p', {}, 'This is all that your own search box needs:'),
      element('pre', {tabIndex: 0}, element('code', {}, tag(session))),
      element('p.note', {}, 'The rest is in the README: allowing the origin of your page, keys, and other events.')
    )
  );
  lastword.configure({url: location.origin, user: visitor});
  const detach = lastword.attach(box);
  signal.addEventListener('abort', detach);
  box.focus();

  every(300, async () => {
    const [{items, debounce_ms: debounce}, searches] = await Promise.all([
      get('/searches/staged', {limit: 200}, signal),
      get('/searches', {user_id: visitor, limit: 8}, signal)
    ]);
    staged.draw(items.filter(row => row.user_id === visitor), debounce);
    log.add(searches.items);
  });
}

/** Returns a field for a key that can only write: with keys, a page needs one to send keystrokes. */
function needsKey(session) {
  if (session.key_id === null) return null;
  const key = element('input', {id: 'write-key', spellcheck: false, autocomplete: 'off', placeholder: 'lw_…'});
  key.addEventListener('input', () => lastword.configure({key: key.value.trim()}));
  return element(
    'div.write-key',
    {},
    element('label', {for: 'write-key'}, 'API key of scope write, as in your page'),
    key
  );
}

const tag = session =>
  `<script src="${location.origin}/lastword.js" data-input="#search"${session.key_id === null ? '' : ' data-key="lw_…"'} defer></script>`;
