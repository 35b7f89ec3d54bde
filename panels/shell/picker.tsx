/** Which Go program the tabs are about: plain text when there is one, a list grouped by frame when there are more. */
import type { App, Subject } from '../app';
import { stateTone, stateWords } from '../overview/card';
import { realmName } from '../page';
import { clock } from '../widgets/format';
import { Icon } from '../widgets/icons';
import { Popup } from '../widgets/popup';

export function ModulePicker({ app }: { app: App }) {
  const subject = app.subject.value;
  const subjects = app.subjects.value;
  if (!subject) return null;
  const words = <Words app={app} subject={subject} />;
  if (subjects.length === 1) return <span class="picker">{words}</span>;
  const here = (each: Subject) =>
    !each.instance || app.page.realms.value.get(each.instance.realm)?.load === app.page.load.value;
  const sorted = [...subjects.filter(here), ...subjects.filter((each) => !here(each))];
  return (
    <Popup
      name="Module"
      as="listbox"
      class="picker"
      align="right"
      hotkey="m"
      button={
        <>
          {words}
          <Icon name="triangle" size={12} />
        </>
      }
      items={sorted.map((each) => {
        const group = here(each) ? groupOf(app, each) : 'Earlier loads';
        return {
          id: each.id,
          group,
          dim: !here(each),
          checked: each.id === subject.id,
          text: textOf(app, each),
          label: <Row app={app} subject={each} />,
          onChoose: () => {
            app.picked.value = each.id;
          },
        };
      })}
    />
  );
}

function Words({ app, subject }: { app: App; subject: Subject }) {
  const { instance } = subject;
  const state = instance && instance.state !== 'running' ? stateWords(instance) : '';
  return (
    <>
      <span class={`dot ${stateTone(instance)}`} />
      <span class="picker-words" translate={false}>
        {nameOf(subject)} · {groupOf(app, subject)}
        {state && (
          <>
            {' · '}
            <span class={stateTone(instance) === 'bad' ? 'tone-bad' : ''}>{state}</span>
          </>
        )}
      </span>
    </>
  );
}

function Row({ app, subject }: { app: App; subject: Subject }) {
  const { instance, module } = subject;
  return (
    <span class="picker-row">
      <span class={`dot ${stateTone(instance)}`} />
      <span class="picker-file" translate={false}>
        {nameOf(subject)}
        {instance &&
          app.page.realms.value.get(instance.realm)?.load !== app.page.load.value &&
          ` · ${groupOf(app, subject)}`}
      </span>
      <span class="remark">
        {module?.info?.toolchain.version ?? (module?.phase === 'failed' ? 'not readable' : '')}
      </span>
      <span>{instance ? stateWords(instance) : ''}</span>
      <span class="remark">{instance ? clock(instance.startedAt) : ''}</span>
    </span>
  );
}

function nameOf({ module, instance }: Subject): string {
  return module?.name ?? instance?.url ?? 'wasm';
}

function groupOf(app: App, { instance }: Subject): string {
  return instance ? realmName(app.page.realms.value.get(instance.realm)) : 'file';
}

function textOf(app: App, subject: Subject): string {
  const { instance } = subject;
  return `${nameOf(subject)}, ${groupOf(app, subject)}${instance ? `, ${stateWords(instance)}, started ${clock(instance.startedAt)}` : ''}`;
}
