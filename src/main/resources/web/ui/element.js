/**
 * Creates an element.
 *
 * @param {string} name tag, and classes after dots, such as `p.note`
 * @param {object} properties properties of the element; with a dash in their name, attributes; `on…`, listeners
 * @param {...(Node|string|number|null)} children
 */
export function element(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const created = document.createElement(tag);
  created.classList.add(...classes);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) created.addEventListener(key.slice(2), value);
    else if (key.includes('-') || key === 'role' || key === 'for' || key === 'scope') created.setAttribute(key, value);
    else created[key] = value;
  }
  created.append(...children.filter(child => child !== null && child !== undefined));
  return created;
}
