import {address} from './address.js';
import {element} from './element.js';

/**
 * Returns a choice that is a parameter of the address.
 *
 * @param {string} view
 * @param {URLSearchParams} parameters
 * @param {string} name of the parameter
 * @param {string} label for screen readers
 * @param {Array<[string, string]>} choices values and their texts; the first is the default
 */
export function choice(view, parameters, name, label, choices) {
  const select = element(
    'select',
    {id: name, onchange: () => (location.hash = address(view, parameters, {[name]: select.value === choices[0][0] ? '' : select.value}))},
    ...choices.map(([value, text]) => element('option', {value}, text))
  );
  const given = parameters.get(name);
  select.value = choices.some(([value]) => value === given) ? given : choices[0][0];
  return element('label.field', {}, element('span.hidden', {}, label), select);
}

/**
 * Returns a field for a text that is a parameter of the address.
 *
 * @param {string} hint what the empty field shows
 * @param {string[]} [suggestions]
 */
export function textFilter(view, parameters, name, label, hint, suggestions) {
  const field = element('input', {
    id: name,
    type: 'search',
    value: parameters.get(name) ?? '',
    placeholder: hint,
    maxLength: 255,
    spellcheck: false,
    autocomplete: 'off',
    onchange: () => (location.hash = address(view, parameters, {[name]: field.value.trim()}))
  });
  let list = null;
  if (suggestions) {
    list = element('datalist', {id: `${name}-known`}, ...suggestions.map(value => element('option', {value})));
    field.setAttribute('list', list.id);
  }
  return element('label.field', {}, element('span.hidden', {}, label), field, list);
}
