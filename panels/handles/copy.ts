/** The selected row as Markdown, for a report of a bug: what it is, why it is suspected, where it was made. Pure. */
import { fullPlace } from '../../src/failures/place';
import type { GroupRow, HandleDetail } from '../../src/handles/view';
import type { Frame } from '../../src/symbols/frame';
import { count } from '../widgets/format';
import { idWords, previewWords } from './words';

export function rowMarkdown(row: HandleDetail | GroupRow): string {
  if (row.kind === 'group') {
    const { site, title, suspect } = row;
    const named = site ? lineOf(site) : title;
    return paragraphs(`**${count(row.count)} handles** from ${named}`, suspect && `${suspect.reason} ${suspect.deed}`);
  }
  const facts = [
    row.state,
    ...(row.refs === null ? [] : [`refs ${row.refs}`]),
    ...(row.crossings === null ? [] : [`crossed ${row.crossings}`]),
  ];
  const made = row.createdAt?.map((frame) => `    ${lineOf(frame)}`).join('\n');
  return paragraphs(
    `**${idWords(row)}** \`${previewWords(row).replaceAll('`', "'") || row.type}\`, ${facts.join(', ')}`,
    row.reason,
    made ? `Created at:\n\n${made}` : row.createdWhy,
  );
}

const lineOf = (frame: Frame): string => (frame.file ? `${frame.function} ${fullPlace(frame)}` : frame.function);

const paragraphs = (...parts: (string | null)[]): string => `${parts.filter(Boolean).join('\n\n')}\n`;
