/** What is worth to be changed in the program, as a list: each with its Go line, what was seen and one sentence of what to do. */
import type { App } from '../app';
import { openSite } from '../errors/open';
import { Empty } from '../widgets/empty';
import { Icon } from '../widgets/icons';
import { FunctionName, LocationLink } from '../widgets/names';

export function Findings({ app }: { app: App }) {
  const findings = app.bridge.findings.value;
  if (!findings) return null;
  if (findings.length === 0) {
    return <Empty icon="good" tone="good" title="Nothing found" text="Nothing in this recording stands out." />;
  }
  return (
    <ul class="findings" aria-label="Findings">
      {findings.map(({ kind, operation, place, text, advice, inferred }, i) => (
        <li key={i}>
          <Icon
            name={kind === 'blocks' ? 'warning' : 'info'}
            size={16}
            class={`tone-${kind === 'blocks' ? 'warn' : 'info'}`}
          />
          <div>
            <p>
              <strong translate={false}>{operation}</strong>: {text}
              {inferred && <span class="remark"> (inferred)</span>}.
            </p>
            <p>{advice}</p>
            {place ? (
              <p>
                <FunctionName symbol={place.function} />{' '}
                {place.file && <LocationLink place={place} open={(to) => openSite(app, place.function, to)} />}
              </p>
            ) : (
              <p class="remark">From a line that is not known.</p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
