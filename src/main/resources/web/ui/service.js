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

/** Reads the health, also of a node that is not well, which answers 503. */
export const health = async signal => (await request('/health', {signal})).json();

/** Reads; parameters without a value are left out. */
export function get(path, parameters = {}, signal) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ''));
  return send('GET', query.size ? `${path}?${query}` : path, {signal});
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
