/**
 * Returns the address of a view.
 *
 * @param {string} view
 * @param {URLSearchParams} parameters those of the present address
 * @param {object} changes parameters to set, or with an empty value, to remove
 */
export function address(view, parameters, changes = {}) {
  const next = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '' || value === null || value === undefined) next.delete(name);
    else next.set(name, value);
  }
  return next.size ? `#${view}?${next}` : `#${view}`;
}
