/** What is known of the chosen operation: its numbers, and the Go lines it is called from. */
import type { App } from '../app';
import { Guard } from '../widgets/guard';
import { Icon } from '../widgets/icons';
import { Section } from '../widgets/section';
import { targetWords } from './operations';
import { TreeView } from './tree';
import { bytesOrNone, calls, LEAST_TIMED, mean } from './words';

export function Detail({ app }: { app: App }) {
  const { bridge } = app;
  const row = bridge.selected.value;
  if (!row) return null;
  const tree = bridge.calledFrom.value;
  const exact = bridge.operations.value?.exact ?? true;
  const fact = (name: string, value: string, title?: string) => (
    <div>
      <dt>{name}</dt>
      <dd title={title}>{value}</dd>
    </div>
  );
  return (
    <Guard name="This operation">
      <Section
        id="bridge-operation"
        title={`${row.operation}${row.target && ` → ${targetWords(row)}`}`}
        settings={app.settings}
      >
        <dl class="numbers">
          {fact('Count', calls(row.count), exact ? 'exact' : 'about')}
          {fact(
            'Mean',
            mean(row) === '–' ? '–' : `${mean(row)} µs`,
            row.timed < LEAST_TIMED ? `fewer than ${LEAST_TIMED} timed calls` : undefined,
          )}
          {fact('Bytes', bytesOrNone(row.bytes), exact ? 'exact' : 'about')}
          {fact('Per call', bytesOrNone(row.count > 0 ? row.bytes / row.count : 0))}
          {fact('Timed', calls(row.timed), `of ${calls(row.count)} calls`)}
        </dl>
      </Section>
      <Section
        id="bridge-from"
        title={row.direction === 'js→go' ? 'Ran in Go' : 'Called from'}
        note={exact ? 'exact' : 'about, from timed calls'}
        settings={app.settings}
        grows
      >
        {tree && tree.parents.length > 1 && (
          <TreeView app={app} tree={tree} name="Called from" as="pane" root={1} opens="most" />
        )}
        {tree && tree.cut > 0 && (
          <p class="part-failed">
            <Icon name="info" size={16} class="tone-info" />
            <span>{calls(tree.cut)} branches are not shown: there are too many.</span>
          </p>
        )}
      </Section>
    </Guard>
  );
}
