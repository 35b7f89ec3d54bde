/**
 * A JavaScript line of a stack as people read it: where, then what. Pure.
 * V8 writes `at f (url:line:column)`, SpiderMonkey and JavaScriptCore `f@url:line:column`.
 */
import { baseName } from '../../src/failures/place';

export interface JsFrame {
  /** `app.js:88` */
  place: string;
  /** '' when the function has no name. */
  name: string;
  url: string;
  /** From 1. */
  line: number;
  /** From 0. */
  column: number;
}

const FORMS = [
  /^\s*(?:at )?(?:async )?(?<name>.+?) \((?<url>\w[\w+.-]*:.+?):(?<line>\d{1,9}):(?<column>\d{1,9})\)$/,
  /^\s*(?:at )?(?:async )?(?<url>\w[\w+.-]*:\/\/.+?):(?<line>\d{1,9}):(?<column>\d{1,9})$/,
  /^\s*(?<name>[^@]*)@(?<url>\w[\w+.-]*:.+?):(?<line>\d{1,9}):(?<column>\d{1,9})$/,
];

/** @returns null when the line has another form: show it as it is */
export function parseJsFrame(text: string): JsFrame | null {
  if (text.length > 2000) return null;
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (!groups) continue;
    const { name = '', url, line, column } = groups;
    const place = `${baseName(url.replace(/[?#].*$/, '')) || url}:${line}`;
    return { place, name, url, line: Number(line), column: Math.max(0, Number(column) - 1) };
  }
  return null;
}
