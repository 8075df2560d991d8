import {address} from './address.js';
import {element} from './element.js';
import {Problem, beginSession, endSession, get, session} from './service.js';
import * as admin from './views/admin.js';
import * as events from './views/events.js';
import * as now from './views/now.js';
import * as people from './views/people.js';
import * as searches from './views/searches.js';
import * as tryIt from './views/try.js';

const VIEWS = new Map([
  ['try', tryIt],
  ['now', now],
  ['searches', searches],
  ['people', people],
  ['events', events],
  ['admin', admin]
]);
/** Status codes of problems that do not go away by themselves. */
const FINAL = [400, 403, 404];
const THEMES = ['system', 'light', 'dark'];

const main = document.getElementById('main');
const nav = document.getElementById('nav');
const trouble = document.getElementById('trouble');
const failures = new Map();
let shown = new AbortController();
let known;

/** Repeats a task of a view, also after it failed, until another view is shown. */
function every(ms, task, signal) {
  let timer;
  const run = async () => {
    try {
      if (!document.hidden) await task();
      if (!signal.aborted) report(task, null);
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401) return show();
      report(task, error);
    }
    if (!signal.aborted) timer = setTimeout(run, ms);
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  run();
}

/** Shows why a task failed, until it no longer does (null). */
function report(task, error) {
  if (!error) failures.delete(task);
  else if (error.status !== undefined) failures.set(task, `${error.message} Retrying.`);
  else {
    // Not a response of the service, but a mistake of the page.
    failures.set(task, 'This view failed. Reload the page.');
    console.error(error);
  }
  const [first = ''] = failures.values();
  if (trouble.textContent !== first) trouble.textContent = first;
  trouble.hidden = failures.size === 0;
}

/** Shows the view that the address names. */
async function show() {
  shown.abort();
  shown = new AbortController();
  const {signal} = shown;
  const focused = document.activeElement?.id;
  failures.clear();
  main.setAttribute('aria-busy', 'true');
  try {
    known = await session();
    report(show, null);
    document.getElementById('leave').hidden = known.csrf_token === null;
    const [name, query] = location.hash.slice(1).split('?');
    const view = VIEWS.get(name) || (await first());
    if (signal.aborted) return;
    const parameters = new URLSearchParams(query);
    keepTenant(view.name, parameters);
    for (const link of nav.children) {
      link.hidden = link.dataset.scope !== undefined && !known.scopes.includes(link.dataset.scope);
      if (link.dataset.view === view.name) {
        link.setAttribute('aria-current', 'page');
        link.scrollIntoView({block: 'nearest', inline: 'center'}); // on a phone, the row scrolls sideways
      } else link.removeAttribute('aria-current');
    }
    document.title = `${view.title} · Lastword`;
    await view.show({main, session: known, parameters, signal, again: show, every: (ms, task) => every(ms, task, signal)});
    if (signal.aborted) return;
    main.removeAttribute('aria-busy');
    // The view is built anew when one of its filters changes; the keyboard stays where it was.
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
  } catch (error) {
    if (signal.aborted) return;
    if (error.status === 401) {
      report(show, null);
      signIn();
    } else if (FINAL.includes(error.status)) {
      main.replaceChildren(element('div.card.refused', {role: 'alert'}, element('h1', {}, 'This link does not work'), element('p', {}, error.message)));
      main.removeAttribute('aria-busy');
    } else {
      report(show, error);
      setTimeout(() => signal.aborted || show(), 2000);
    }
  }
}

/** Lets a link that is sent say which tenant it is about, and refuses those about another one. */
function keepTenant(view, parameters) {
  document.getElementById('tenant').textContent = known.key_id === null ? '' : known.tenant;
  const tenant = parameters.get('tenant');
  if (tenant !== null && tenant !== known.tenant) {
    throw new Problem(403, `It is about tenant ${tenant}, and this session is one of ${known.tenant}. Sign out, and sign in with a key of ${tenant}.`);
  }
  if (tenant === null && known.key_id !== null) {
    parameters.set('tenant', known.tenant);
    history.replaceState(null, '', address(view, parameters));
  }
}

/** Returns the view for those who named none: a new installation has nothing to show yet. */
async function first() {
  if (!known.scopes.includes('read')) return tryIt;
  return (await get('/stats')).promoted > 0 ? now : tryIt;
}

function signIn() {
  const key = element('input', {id: 'key', type: 'password', required: true, autocomplete: 'current-password', spellcheck: false});
  const refusal = element('p.refusal', {role: 'alert'});
  const form = element(
    'form.card.sign-in',
    {
      onsubmit: async event => {
        event.preventDefault();
        refusal.textContent = '';
        try {
          await beginSession(key.value.trim());
          show();
        } catch (error) {
          refusal.textContent = error.message;
        }
      }
    },
    element('h1', {}, 'Sign in'),
    element('p', {}, 'Lastword has API keys, so this page needs one. The session ends after twelve hours.'),
    element('label', {for: 'key'}, 'API key'),
    key,
    refusal,
    element('button.primary', {}, 'Sign in'),
    element('p.note', {}, 'A key to look around: ', element('code', {}, './lastword keys create --scope read,write'))
  );
  document.title = 'Sign in · Lastword';
  main.removeAttribute('aria-busy');
  main.replaceChildren(form);
  key.focus();
}

/** Shows the view again if it has charts, which have no style sheet. */
function redraw() {
  if (main.querySelector('.plot')) show();
}

function drawTheme() {
  const {theme} = document.documentElement.dataset;
  const button = document.getElementById('theme');
  button.replaceChildren(element('span.wide', {}, 'Theme: '), theme);
  button.setAttribute('aria-label', `Theme: ${theme}`);
}

document.getElementById('theme').addEventListener('click', () => {
  const {dataset} = document.documentElement;
  dataset.theme = THEMES[(THEMES.indexOf(dataset.theme) + 1) % THEMES.length];
  try {
    localStorage.theme = dataset.theme;
  } catch {
    // It holds until the page is left.
  }
  drawTheme();
  redraw();
});
document.getElementById('leave').addEventListener('click', async () => {
  await endSession();
  show();
});
document.getElementById('skip').addEventListener('click', () => main.focus());

for (const [name, view] of VIEWS) {
  const link = element('a', {href: `#${name}`}, view.title);
  link.dataset.view = view.name;
  if (view.scope) link.dataset.scope = view.scope;
  nav.append(link);
}
nav.append(element('a', {href: '/docs'}, 'API'));
drawTheme();
addEventListener('hashchange', show);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
show();
