/** What is worth to be changed in the program, as a list: each with its Go line and one sentence of what to do. */
import type { App } from '../app';
import { Empty } from '../widgets/empty';
import { Icon } from '../widgets/icons';
import { FunctionName, LocationLink } from '../widgets/names';
import { openSite } from './tree';

export function Findings({ app }: { app: App }) {
  const findings = app.bridge.findings.value;
  if (findings.length === 0) {
    return <Empty icon="good" tone="good" title="Nothing found" text="Nothing in this recording stands out." />;
  }
  return (
    <ul class="findings" aria-label="Findings">
      {findings.map(({ id, severity, title, cause, todo, where }) => (
        <li key={id}>
          <Icon
            name={severity === 'warning' ? 'warning' : 'info'}
            size={16}
            class={`tone-${severity === 'warning' ? 'warn' : 'info'}`}
          />
          <div>
            <p>
              <strong>{title}</strong>
            </p>
            <p class="remark">{cause}</p>
            <p>{todo}</p>
            {where && (
              <p>
                <FunctionName symbol={where.function} />{' '}
                {where.file && <LocationLink place={where} open={(place) => openSite(app, where.function, place)} />}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
