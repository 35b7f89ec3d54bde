/** A handle's value in one line, for reports and tables of other tools: the class first, then what the page could tell beyond it. */
import type { Handle } from './view';

/** @returns `Array(3)`, `String "a\nb"`, `HTMLDivElement div#id.cls`, `Function js.Func 12 → main.onClick`; of ids 0 to 6 what they are */
export function previewOf({ state, type, class: name, text, func, runs }: Handle): string {
  if (state === 'fixed') return name;
  if (name === 'js.Func') {
    const numbered = `Function js.Func${func > 0 ? ` ${func}` : ''}`;
    return runs ? `${numbered} → ${runs.function}` : numbered;
  }
  if (type === 'string') return text === '' ? 'String' : `String ${JSON.stringify(text)}`;
  if (type === 'symbol') return `Symbol(${text})`;
  if (text === '') return name || type;
  return text.startsWith('(') ? `${name}${text}` : `${name} ${text}`;
}
