/** The source around the selected frame, from the user's folders, the page's own server or the root the user has set. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FrameRow } from '../../src/failures/failure';
import { baseName, placesOf, splitFunction } from '../../src/failures/place';
import type { Settings } from '../settings/settings';
import type { SourceFinder, Wanted } from '../sources/finder';
import { TextLink } from '../widgets/button';
import { Section } from '../widgets/section';
import { tokenize } from './go-tokens';
import { excerptLines } from './lines';

interface ExcerptProps {
  row: FrameRow;
  number: number;
  wanted: Wanted;
  finder: SourceFinder;
  /** Another one makes it look again. */
  version: number;
  settings: Settings;
  setRoot(): void;
}

type Found = { wanted: Wanted; text: string } | { wanted: Wanted; text: null };

export function Excerpt({ row, number, wanted, finder, version, settings, setRoot }: ExcerptProps) {
  const [found, setFound] = useState<Found | null>(null);
  const { file, moduleUrl, root } = wanted;
  useEffect(() => {
    let current = true;
    // The finder answers null, it does not reject.
    void finder.find(wanted).then((source) => {
      if (current) setFound({ wanted, text: source?.text ?? null });
    });
    return () => {
      current = false;
    };
  }, [file, moduleUrl, root, finder, version]);
  const here = found?.wanted.file === file && found.wanted.root === root ? found : null;
  const { path } = splitFunction(row.function);
  return (
    <Section
      id="excerpt"
      title={baseName(file) || 'Source'}
      note={`${path ? `${path} · ` : ''}frame ${number}`}
      grows
      settings={settings}
    >
      {here === null && <p class="quiet">Looking for {shortened(file)} …</p>}
      {here?.text === null && (
        <p class="quiet">
          Source text not found for <span translate={false}>{shortened(file)}</span>.{' '}
          <TextLink onClick={setRoot}>Add its folder or set a source root</TextLink>
        </p>
      )}
      {here && here.text !== null && <Lines row={row} text={here.text} />}
      {row.precision === 'candidates' && <p class="quiet below">{doubt(row, number)}</p>}
      {row.precision === 'function' && (
        <p class="quiet below">Frame {number}: only the function is known, not the line.</p>
      )}
    </Section>
  );
}

function Lines({ row, text }: { row: FrameRow; text: string }) {
  const lines = useMemo(() => tokenize(text), [text]);
  const marked = row.precision === 'function' ? [] : placesOf(row).map((place) => place.line);
  // A last line break makes no line.
  const total = lines[lines.length - 1].length === 0 ? lines.length - 1 : lines.length;
  const shown = excerptLines(marked.length > 0 ? marked : [row.line], total);
  return (
    <section class="code" aria-label="Source" translate={false}>
      {shown.map((line, i) => (
        <div
          key={line}
          class={`code-line ${marked.includes(line) ? 'marked' : ''} ${i > 0 && shown[i - 1] < line - 1 ? 'gap' : ''}`}
        >
          <span class="code-number">{line}</span>
          <span class="code-text">
            {lines[line - 1].map((token, k) =>
              token.kind === 'plain' ? (
                token.text
              ) : (
                <span key={k} class={`token-${token.kind}`}>
                  {token.text}
                </span>
              ),
            )}
          </span>
          {marked.includes(line) && marked.length > 1 && <span class="code-note">candidate</span>}
        </div>
      ))}
    </section>
  );
}

/** Why there are several lines: between calls Go's tables know blocks, not instructions. */
function doubt(row: FrameRow, number: number): string {
  const lines = placesOf(row).map((place) => place.line);
  if (lines.length < 2) return `Frame ${number} stopped between two calls. Go’s tables know only this line there.`;
  const named = lines.length > 4 ? `one of ${lines.length} lines` : `line ${lines.join(' or line ')}`;
  return `Frame ${number} stopped between two calls. The instruction belongs to ${named}; ${lines.length === 2 ? 'both' : 'all'} are marked.`;
}

/** The last three parts of a long path. */
function shortened(file: string): string {
  const parts = file.split('/');
  return parts.length > 4 ? parts.slice(-3).join('/') : file;
}
