/** The Errors tab's toolbar: clear, preserve, filter, kinds, paste, export. */
import type { FailureKind } from '../../src/failures/failure';
import type { App } from '../app';
import { panes } from '../shell/layout';
import { ToolButton } from '../widgets/button';
import { Icon } from '../widgets/icons';
import { Popup } from '../widgets/popup';
import { exportFailures, type Format } from './copy';

export const KINDS: { kind: FailureKind | 'all'; name: string }[] = [
  { kind: 'all', name: 'All kinds' },
  { kind: 'panic', name: 'Panics' },
  { kind: 'trap', name: 'Traps' },
  { kind: 'js-error', name: 'JS errors' },
  { kind: 'exit', name: 'Exits' },
  { kind: 'hang', name: 'Hangs' },
];
const FORMATS: Format[] = ['Text', 'Markdown', 'JSON'];

export function Toolbar({ app }: { app: App }) {
  const { errors, settings } = app;
  const kind = KINDS.find((each) => each.kind === errors.kind.value) ?? KINDS[0];
  return (
    <div class="toolbar" role="toolbar" aria-label="Errors">
      <ToolButton icon="clear" label="Clear errors" bare onClick={() => clear(app)} />
      <span class="bar" />
      <label class="checkbox">
        <input
          type="checkbox"
          checked={settings.preserveLog.value}
          onChange={(event) => {
            settings.preserveLog.value = event.currentTarget.checked;
          }}
        />
        {panes.value ? 'Preserve log' : 'Preserve'}
      </label>
      <FilterField app={app} />
      <Popup
        name="Kinds"
        as="listbox"
        button={
          <>
            <span>{kind.name}</span>
            <Icon name="triangle" size={12} />
          </>
        }
        items={KINDS.map((each) => ({
          id: each.kind,
          text: each.name,
          label: each.name,
          checked: each.kind === kind.kind,
          onChoose: () => {
            errors.kind.value = each.kind;
          },
        }))}
      />
      <span class="space" />
      <ToolButton
        icon="paste"
        label="Paste a stack trace"
        bare={!panes.value}
        onClick={() => {
          app.pasting.value = true;
        }}
      />
      <Popup
        name="Export"
        as="menu"
        align="right"
        button={<Icon name="download" />}
        items={FORMATS.map((format) => ({
          id: format,
          text: format,
          label: format,
          onChoose: () =>
            exportFailures(
              app,
              errors.rows.value.flatMap((row) => (row.kind === 'entry' ? [row.failure] : [])),
              format,
            ),
        }))}
      />
    </div>
  );
}

/** Errors of earlier loads are kept on purpose: clearing them asks first. */
function clear(app: App): void {
  const earlier =
    app.page.loads.value.length > 1 && app.settings.preserveLog.value && app.errors.failures.value.size > 0;
  const run = () => clearAll(app);
  if (earlier)
    app.dialog.value = { kind: 'confirm', question: 'Clear the errors of all page loads?', deed: 'Clear', run };
  else run();
}

function clearAll(app: App): void {
  const ids = app.errors.clear(() => true);
  app.errors.chosen.value = null;
  void app.session.clear(ids).catch(() => undefined);
  app.say.tell('Cleared');
}

function FilterField({ app: { errors, say } }: { app: App }) {
  const problem = errors.filterProblem.value;
  return (
    <label
      class={`filter ${problem ? 'wrong' : ''}`}
      title={problem || 'Text, -text, /regexp/, kind: file: pkg: module:'}
    >
      <Icon name="filter" size={16} />
      <input
        type="search"
        placeholder="Filter"
        aria-label="Filter errors"
        aria-invalid={problem !== ''}
        spellcheck={false}
        data-hotkey="/"
        value={errors.filterText.value}
        onInput={(event) => {
          errors.filter(event.currentTarget.value);
          say.tell(errors.filterProblem.value || `${errors.shown.value} of ${errors.failures.value.size} shown`);
        }}
      />
    </label>
  );
}
