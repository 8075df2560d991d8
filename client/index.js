import './lastword.js';

// Undefined on a server, where there is no page.
export default globalThis.lastword;
