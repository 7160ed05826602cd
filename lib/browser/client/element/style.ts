/** The page may set every colour (CSS variables) and style every element (`::part`). */
export const STYLE = `
:host {
  --_text: var(--sightline-text, #1c2024);
  --_muted: var(--sightline-muted, #60646c);
  --_surface: var(--sightline-surface, #ffffff);
  --_border: var(--sightline-border, #8b8d98);
  --_accent: var(--sightline-accent, #0d74ce);
  --_on-accent: var(--sightline-on-accent, #ffffff);
  --_error: var(--sightline-error, #c62a2f);
  display: block;
  max-width: 30rem;
  font: var(--sightline-font, 1rem/1.5 system-ui, sans-serif);
  color: var(--_text);
}
@media (prefers-color-scheme: dark) {
  :host {
    --_text: var(--sightline-text, #edeef0);
    --_muted: var(--sightline-muted, #b0b4ba);
    --_surface: var(--sightline-surface, #18191b);
    --_border: var(--sightline-border, #696e77);
    --_accent: var(--sightline-accent, #70b8ff);
    --_on-accent: var(--sightline-on-accent, #111113);
    --_error: var(--sightline-error, #ff9592);
  }
}
:host([hidden]) { display: none; }
.drop {
  padding: 1rem;
  border: 2px dashed var(--_border);
  border-radius: 0.5rem;
  background: var(--_surface);
}
.drop.over { border-color: var(--_accent); }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; }
button {
  font: inherit;
  min-height: 2.75rem;
  padding: 0.25rem 1rem;
  border: 1px solid var(--_accent);
  border-radius: 0.375rem;
  background: var(--_accent);
  color: var(--_on-accent);
  cursor: pointer;
}
button.second { background: transparent; color: var(--_accent); }
button:focus-visible { outline: 3px solid var(--_text); outline-offset: 2px; }
p { margin: 0.5rem 0 0; color: var(--_muted); }
p.error { color: var(--_error); }
img, video { display: block; max-width: 100%; max-height: 16rem; margin-top: 0.75rem; border-radius: 0.375rem; }
ol { list-style: none; margin: 0.75rem 0 0; padding: 0; }
li { display: grid; grid-template-columns: 1fr auto; gap: 0 0.75rem; margin-top: 0.5rem; }
.bar { grid-column: 1 / -1; height: 0.5rem; border-radius: 0.25rem; background: var(--_border); }
.fill { height: 100%; border-radius: inherit; background: var(--_accent); }
[hidden] { display: none !important; }
`;
