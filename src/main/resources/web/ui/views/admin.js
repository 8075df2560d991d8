import {element} from '../element.js';
import {moment, plural} from '../format.js';
import {get, limits, send} from '../service.js';
import {logPanel, shownCsvButton} from '../table.js';

export const name = 'admin';
export const title = 'Admin';
export const scope = 'admin';

const PAGE = {limit: 100};
const time = iso => (iso ? moment(iso) : '–');

/** Tenants, keys, limits, the erasure of users, and what administrators did. */
export async function show({main, session, signal, again}) {
  const operator = session.tenant === 'default';
  const [keys, audit, erasures, tenants, limited] = await Promise.all([
    get('/admin/keys', PAGE, signal),
    get('/admin/audit', PAGE, signal),
    get('/admin/erasures', PAGE, signal),
    operator ? get('/admin/tenants', PAGE, signal) : null,
    limits(signal)
  ]);
  if (signal.aborted) return;
  main.replaceChildren(
    element('h1.hidden', {}, title),
    session.key_id === null
      ? element('p.card.hint', {}, 'This service is open: everyone who reaches it may read and write. The first key closes it, also for this page, which then asks for a key.')
      : element('p.card.hint', {}, limited.length ? `Requests are limited: ${limited.join(', ')}.` : 'Requests are not limited, unless LASTWORD_RATE_LIMIT_KEY or LASTWORD_RATE_LIMIT_ADDRESS is set.'),
    list('API keys', '/admin/keys', keys, 'There are no keys.', keyColumns(session, again), signal, newKey(tenants, again)),
    element(
      'div.columns',
      {},
      tenants && list('Tenants', '/admin/tenants', tenants, 'There are no tenants.', TENANT, signal, newTenant(again)),
      list('Erasures', '/admin/erasures', erasures, 'Nobody was erased.', ERASURE, signal, erase(tenants, again))
    ),
    list('What administrators did', '/admin/audit', audit, 'Nothing yet.', AUDIT, signal)
  );
}

const TENANT = [
  {title: 'Name', of: row => row.name},
  {title: 'Created at (UTC)', of: row => time(row.created_at)}
];
const ERASURE = [
  {title: 'Receipt', of: row => row.id},
  {title: 'Tenant', of: row => row.tenant},
  {title: 'State', of: row => row.state},
  {title: 'Requested at (UTC)', of: row => time(row.requested_at)},
  {title: 'By', of: row => row.actor},
  {title: 'Erased', of: row => `${plural(row.erased.searches, 'search', 'searches')}, ${plural(row.erased.events, 'event')}`}
];
const AUDIT = [
  {title: 'Done at (UTC)', of: row => time(row.done_at)},
  {title: 'Tenant', of: row => row.tenant},
  {title: 'By', of: row => row.actor},
  {title: 'Action', of: row => row.action},
  {title: 'Subject', of: row => row.subject},
  {title: 'Detail', of: row => row.detail}
];

function keyColumns(session, again) {
  return [
    {title: 'Key', of: row => element('code', {}, row.id)},
    {title: 'Tenant', of: row => row.tenant},
    {title: 'Scopes', of: row => row.scopes.join(', ') + (row.signs ? ', signs' : '')},
    {title: 'Label', of: row => row.label ?? ''},
    {title: 'State', of: row => element(`span.state.${row.state}`, {}, row.id === session.key_id ? `${row.state}, this session` : row.state)},
    {title: 'Created (UTC)', of: row => time(row.created_at)},
    {title: 'Last used (UTC)', of: row => time(row.last_used_at)},
    {title: 'Expires (UTC)', of: row => time(row.expires_at)},
    {
      title: 'Actions',
      of: row =>
        row.state === 'active' ? confirmed(`Revoke key ${row.id}`, 'Revoke', 'Really revoke?', () => send('DELETE', `/admin/keys/${row.id}`), again) : ''
    },
    // Last, because it may be long.
    {title: 'Only for', of: row => [...row.topics, ...row.origins].join(', ')}
  ];
}

const list = (heading, path, page, empty, columns, signal, form = null) =>
  logPanel(heading, {
    path,
    parameters: PAGE,
    page,
    columns,
    empty,
    signal,
    above: form,
    csv: shownCsvButton(page, heading.toLowerCase().replaceAll(' ', '-'))
  });

/** Returns a button that asks once more before it acts. */
function confirmed(label, text, question, act, then) {
  const button = element('button.quiet', {type: 'button', 'aria-label': label}, text);
  let asked = false;
  button.addEventListener('click', async () => {
    asked = !asked;
    button.textContent = asked ? question : text;
    button.setAttribute('aria-label', asked ? `${label}: ${question}` : label);
    if (asked) {
      setTimeout(() => {
        asked = false;
        button.textContent = text;
        button.setAttribute('aria-label', label);
      }, 5000);
      return;
    }
    try {
      await act();
      then();
    } catch (error) {
      button.textContent = error.message;
    }
  });
  return button;
}

/**
 * Returns a form, which shows why it was refused.
 *
 * @param {function(FormData, HTMLFormElement)} act sends it
 * @param {string} text of its button
 */
function form(act, text, ...fields) {
  const refusal = element('p.refusal', {role: 'alert'});
  const created = element(
    'form.form',
    {
      onsubmit: async event => {
        event.preventDefault();
        refusal.textContent = '';
        try {
          await act(new FormData(created), created);
        } catch (error) {
          refusal.textContent = error.message;
        }
      }
    },
    ...fields.filter(Boolean),
    element('button.quiet', {}, text),
    refusal
  );
  return created;
}

const labelled = (text, control) => element('label', {}, element('span', {}, text), control);
const listed = text => text.split(',').map(part => part.trim()).filter(Boolean);
const input = (name, properties) => element('input', {name, autocomplete: 'off', spellcheck: false, ...properties});
const tenantChoice = tenants =>
  tenants && labelled('Tenant', element('select', {name: 'tenant'}, ...tenants.items.map(tenant => element('option', {}, tenant.name))));

function newKey(tenants, again) {
  const scopes = ['write', 'read', 'admin'].map(scope => element('label.check', {}, input('scopes', {type: 'checkbox', value: scope, checked: scope === 'read'}), scope));
  return form(
    async (data, node) => {
      const expires = data.get('expires_at');
      const {key} = await send('POST', '/admin/keys', {
        body: {
          scopes: data.getAll('scopes'),
          label: data.get('label') || null,
          topics: listed(data.get('topics')),
          origins: listed(data.get('origins')),
          signs: data.has('signs'),
          ...(expires && {expires_at: expires}),
          ...(tenants && {tenant: data.get('tenant')})
        }
      });
      node.replaceWith(
        element(
          'div.created',
          {role: 'status'},
          element('p', {}, 'The key, which is shown only now:'),
          element('pre', {tabIndex: 0}, element('code', {}, key)),
          element('button.quiet', {type: 'button', onclick: again}, 'Done')
        )
      );
    },
    'Create key',
    tenantChoice(tenants),
    element('fieldset', {}, element('legend', {}, 'Scopes'), ...scopes, element('label.check', {}, input('signs', {type: 'checkbox'}), 'signs requests')),
    labelled('Label', input('label', {maxLength: 100, placeholder: 'who uses it'})),
    labelled('Topics', input('topics', {placeholder: 'all'})),
    labelled('Origins', input('origins', {placeholder: 'any'})),
    labelled('Expires', input('expires_at', {type: 'date'}))
  );
}

const newTenant = again =>
  form(
    async data => {
      await send('POST', '/admin/tenants', {body: {name: data.get('name').trim()}});
      again();
    },
    'Create tenant',
    labelled('Name', input('name', {required: true, maxLength: 64}))
  );

function erase(tenants, again) {
  let asked = null;
  return form(
    async (data, node) => {
      const user = data.get('user').trim();
      const button = node.querySelector('button');
      if (asked !== user) {
        asked = user;
        button.textContent = `Really erase ${user}? This cannot be undone.`;
        return;
      }
      const query = tenants ? `?${new URLSearchParams({tenant: data.get('tenant')})}` : '';
      const receipt = await send('DELETE', `/users/${encodeURIComponent(user)}${query}`);
      if (receipt.state === 'finished') again();
      else node.replaceWith(element('p', {role: 'status'}, `Receipt ${receipt.id}: running. Reload the page to see when it is finished.`));
    },
    'Erase',
    tenantChoice(tenants),
    labelled('User', input('user', {required: true, maxLength: 255, placeholder: 'id'}))
  );
}
