/** A response that is not a success; its message is the detail of the problem. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let csrfToken;

/**
 * Sends a request to the service.
 *
 * @returns what its JSON says; null without content
 * @throws Problem, also if there is no answer (status 0)
 */
export async function send(method, path, {body, headers, signal} = {}) {
  const response = await request(path, {
    method,
    body: body && JSON.stringify(body),
    signal,
    headers: {
      Accept: 'application/json',
      ...(body && {'Content-Type': 'application/json'}),
      ...(csrfToken && method !== 'GET' && {'X-CSRF-Token': csrfToken}),
      ...headers
    }
  });
  const answer = response.headers.get('Content-Type')?.includes('json') ? await response.json() : null;
  if (!response.ok) throw new Problem(response.status, answer?.detail || `Lastword answered ${response.status}.`);
  return answer;
}

async function request(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, 'Lastword does not answer.');
  }
}

/** Returns the rates to which requests of this page are limited, such as `by key 100 in 1 s`. */
export async function limits(signal) {
  const policy = (await request('/session', {signal})).headers.get('RateLimit-Policy') ?? '';
  return [...policy.matchAll(/"(\w+)";q=(\d+);w=(\d+)/g)].map(([, name, requests, seconds]) => `by ${name} ${requests} in ${seconds} s`);
}

/** Reads the health, also of a node that is not well, which answers 503. */
export const health = async signal => (await request('/health', {signal})).json();

/** Returns a path with those parameters that have a value. */
export function withQuery(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== ''));
  return query.size ? `${path}?${query}` : path;
}

/** Reads; parameters without a value are left out. */
export const get = (path, parameters = {}, signal) => send('GET', withQuery(path, parameters), {signal});

/** Reads like `get`; if the service refuses the request, returns the reason as `refused`. */
export async function settled(path, parameters, signal) {
  try {
    return await get(path, parameters, signal);
  } catch (error) {
    if (error.status !== 400) throw error;
    return {refused: error.message};
  }
}

/** Downloads CSV into a file. */
export async function download(path, parameters, name) {
  const response = await request(withQuery(path, parameters), {headers: {Accept: 'text/csv'}});
  if (!response.ok) throw new Problem(response.status, (await response.json()).detail);
  save(await response.blob(), name);
}

/** Saves data as a file. */
export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Returns who the page is for the service: tenant, key and scopes. */
export async function session() {
  const found = await get('/session');
  csrfToken = found.csrf_token;
  return found;
}

export async function beginSession(key) {
  const begun = await send('POST', '/session', {headers: {Authorization: `Bearer ${key}`}});
  csrfToken = begun.csrf_token;
}

export const endSession = () => send('DELETE', '/session');
