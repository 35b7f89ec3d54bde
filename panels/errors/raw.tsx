/** The stack's text as the engine or Go wrote it. */
import { useMemo } from 'preact/hooks';
import { equalOffsets, Windowed } from '../widgets/windowed';

const LINE = 16;

export function RawStack({ text }: { text: string }) {
  const lines = useMemo(() => text.split('\n'), [text]);
  const offsets = useMemo(() => equalOffsets(lines.length, LINE), [lines]);
  return (
    <section class="raw" aria-label="Raw stack" translate={false}>
      <Windowed offsets={offsets} render={(i) => <div key={i}>{lines[i] || ' '}</div>} />
    </section>
  );
}
