/** The style of /docs. Light and dark, and no wider than a page that is read. */
export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1c1e21, #e6e6e6); --faint: light-dark(#5f6672, #a0a6b0);
  --line: light-dark(#dfe3e8, #33383f); --page: light-dark(#fff, #17191c); --box: light-dark(#f5f7f9, #202327); --blue: light-dark(#1f6feb, #6cb6ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 6rem; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--blue); text-decoration: none; } a:hover { text-decoration: underline; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { margin: 2rem 0 .25rem; font-size: 1.05rem; overflow-wrap: anywhere; }
code { font: .875em ui-monospace, monospace; background: var(--box); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.2em; color: var(--blue); font-weight: 600; }
nav ul { columns: 20rem; list-style: none; padding: 0; } nav li { break-inside: avoid; }
dl { margin: .5rem 0; display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .25rem 1rem; }
dt { font-weight: 500; overflow-wrap: anywhere; } dd { margin: 0; }
.faint { color: var(--faint); }
details { margin: .5rem 0; } summary { cursor: pointer; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin: 0 0 .5rem 1rem; } }
`;
