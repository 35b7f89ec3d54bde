/** The Overview tab: what this module is, where it runs, how it was built. */
import type { ComponentChildren } from 'preact';
import type { Info, InstanceRow } from '../../src/session';
import type { App, Subject } from '../app';
import { copied } from '../errors/copy';
import { isError } from '../errors/store';
import { instanceKey, type ModuleEntry } from '../modules';
import { realmName } from '../page';
import { panes } from '../shell/layout';
import { isLoading, LoadingSteps, PageState, PartFailed, usePatience } from '../shell/states';
import { mapOf } from '../sourcemap/store';
import { TextLink, ToolButton } from '../widgets/button';
import { CopyButton } from '../widgets/copy-button';
import { bytes, clock, count } from '../widgets/format';
import { Icon } from '../widgets/icons';
import { Section } from '../widgets/section';
import { paneWidth, SplitHandle } from '../widgets/split';
import { cardMarkdown, moduleFacts, stateTile, stateTone, stateWords } from './card';

const SIDE = 392;

export function OverviewView({ app }: { app: App }) {
  const subject = app.subject.value;
  const info = subject?.module?.info ?? null;
  return (
    <>
      <div class="toolbar" role="toolbar" aria-label="Overview">
        <ToolButton icon="refresh" label="Reload page" bare={!panes.value} onClick={() => app.window.reload()} />
        <span class="bar" />
        <CopyButton
          as="tool"
          label="Copy report"
          disabled={!info}
          copy={async () =>
            info !== null && subject?.module
              ? copied(
                  app,
                  cardMarkdown(info, subject.module.name, subject.module.url, mapOf(app.maps, subject.module, info)),
                )
              : false
          }
        />
      </div>
      <div class="content">
        <PageState app={app}>{subject && <Body app={app} subject={subject} />}</PageState>
      </div>
    </>
  );
}

function Body({ app, subject }: { app: App; subject: Subject }) {
  const { module, instance } = subject;
  const patience = usePatience(module);
  if (module && isLoading(module) && !module.info) {
    return patience === 'steps' ? <LoadingSteps app={app} entry={module} /> : null;
  }
  const instances = app.page.instances.value.length > 0 && <Instances app={app} />;
  const dependencies = module?.info && <Dependencies app={app} info={module.info} />;
  return (
    <div class="overview">
      {module?.info && <Bands info={module.info} />}
      <Vitals app={app} instance={instance} module={module} />
      <div class={panes.value ? 'panes' : 'column'} data-pane="overview">
        <div class="pane grow">
          <Section id="module" title="Module" settings={app.settings}>
            {module?.info && <Facts app={app} info={module.info} module={module} />}
            {module && (module.phase === 'failed' || module.phase === 'cancelled') && (
              <PartFailed app={app} entry={module} />
            )}
            {[...(module?.info?.warnings ?? []), ...(module?.notes ?? [])].map((warning) => (
              <p key={warning} class="part-failed">
                <Icon name="warning" size={16} class="tone-warn" />
                <span>{warning}</span>
              </p>
            ))}
          </Section>
          {!panes.value && instances}
          {module?.info && <BuildSettings app={app} info={module.info} />}
          {!panes.value && dependencies}
        </div>
        {panes.value && (
          <>
            <SplitHandle name="overview" label="Width of the right pane" settings={app.settings} initial={SIDE} right />
            <div class="pane" style={{ width: `${paneWidth(app.settings, 'overview', SIDE)}px` }}>
              {instances}
              {dependencies}
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function Bands({ info }: { info: Info }) {
  const { kind, target } = info.toolchain;
  if (kind === 'tinygo') {
    const works: [boolean, string, string][] = [
      [true, 'Overview, Errors', 'work'],
      [info.hasNames, 'Function names', info.hasNames ? 'from the name section' : 'not in this module'],
      [info.hasDwarf, 'Lines', info.hasDwarf ? 'from DWARF' : 'not in this module. Build without -no-debug'],
      [false, 'Goroutine stacks', 'TinyGo keeps no list of them'],
    ];
    return (
      <>
        <p class="banner info">
          <Icon name="info" size={16} class="tone-info" />
          <span>
            <strong>This is a TinyGo module.</strong> Its runtime differs from Go’s, so less can be told of it.
          </span>
        </p>
        <ul class="works">
          {works.map(([good, what, how]) => (
            <li key={what}>
              <Icon name={good ? 'check' : 'cross'} size={16} class={good ? 'tone-good' : ''} />
              <span>{what}</span>
              <span class="note">{how}</span>
            </li>
          ))}
        </ul>
      </>
    );
  }
  if (target !== 'wasip1') return null;
  return (
    <p class="banner info">
      <Icon name="info" size={16} class="tone-info" />
      <span>
        <strong>This module runs without syscall/js.</strong> It was built for wasip1; its failures are named as usual.
      </span>
    </p>
  );
}

function Vitals({ app, instance, module }: { app: App; instance: InstanceRow | null; module: ModuleEntry | null }) {
  const { errors, page } = app;
  const list = [...errors.failures.value.values()].filter(isError);
  const here = list.filter((each) => page.realms.value.get(each.realm)?.load === page.load.value).length;
  const state = stateTile(instance);
  const size = module?.info?.size ?? module?.size ?? null;
  const earlier = list.length - here;
  return (
    <div class="vitals">
      <Tile name="State" value={state.value} note={state.note} tone={stateTone(instance) === 'bad' ? 'bad' : ''} />
      <Tile
        name="Errors"
        value={count(list.length)}
        note={
          list.length === 0
            ? 'none'
            : earlier === list.length
              ? 'in earlier loads'
              : here === list.length
                ? 'in this load'
                : `${here} in this load`
        }
        tone={list.length > 0 ? 'bad' : ''}
        onClick={() => {
          app.tab.value = 'errors';
        }}
      />
      <Tile
        name="Size"
        value={size === null ? '–' : bytes(size)}
        note={
          module?.info
            ? `${count(module.info.functions.go || module.info.functions.wasm)} functions`
            : (module?.why ?? '')
        }
      />
    </div>
  );
}

interface TileProps {
  name: string;
  value: string;
  note: string;
  tone?: string;
  onClick?(): void;
}

function Tile({ name, value, note, tone = '', onClick }: TileProps) {
  const inside: ComponentChildren = (
    <>
      <span class="tile-name">{name}</span>
      <span class={`tile-value ${tone && `tone-${tone}`}`}>{value}</span>
      <span class="tile-note" title={note}>
        {note}
      </span>
    </>
  );
  if (!onClick) return <div class="tile">{inside}</div>;
  return (
    <button type="button" class="tile" onClick={onClick}>
      {inside}
    </button>
  );
}

function Facts({ app, info, module }: { app: App; info: Info; module: ModuleEntry }) {
  return (
    <dl class="facts">
      {moduleFacts(info, module.name, module.url, mapOf(app.maps, module, info)).map((fact) => (
        <div key={fact.name} class="fact">
          <dt>{fact.name}</dt>
          <dd translate={false}>
            {fact.url ? (
              <TextLink title={fact.url} onClick={() => void app.window.openResource(fact.url!, 1, 0)}>
                {fact.value}
              </TextLink>
            ) : (
              <span class={`${fact.code ? 'code-font' : ''} ${fact.value === 'not recorded' ? 'remark' : ''}`}>
                {fact.value}
              </span>
            )}
            {fact.chip && <span class="chip unsure">{fact.chip}</span>}
            {fact.remark && <span class="remark"> {fact.remark}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Instances({ app }: { app: App }) {
  const { page, modules } = app;
  const rows = [...page.instances.value].reverse();
  return (
    <Section id="instances" title="Instances on this page" note={count(rows.length)} settings={app.settings}>
      <div class="table" role="grid" aria-label="Instances">
        <div class="table-row head" role="row">
          <span role="columnheader">Realm</span>
          <span role="columnheader">Module</span>
          <span role="columnheader">State</span>
        </div>
        {rows.map((row) => {
          const id = instanceKey(row.realm, row.instance);
          const realm = page.realms.value.get(row.realm);
          const selected = app.subject.value?.id === id;
          return (
            <div
              key={id}
              class={`table-row ${row.state === 'gone' ? 'dim' : ''}`}
              role="row"
              tabIndex={0}
              aria-selected={selected}
              title={`started ${clock(row.startedAt)}`}
              onClick={() => {
                app.picked.value = id;
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter' || event.key === ' ') app.picked.value = id;
              }}
            >
              <span role="gridcell">{realmName(realm)}</span>
              <span role="gridcell">{modules.entries.value.get(id)?.name ?? row.url}</span>
              <span role="gridcell">
                <span class={`dot ${stateTone(row)}`} />
                {stateWords(row)}
              </span>
            </div>
          );
        })}
      </div>
    </Section>
  );
}

function BuildSettings({ app, info }: { app: App; info: Info }) {
  const settings = Object.entries(info.settings).filter(([key]) => !key.startsWith('vcs'));
  return (
    <Section
      id="settings"
      title="Build settings"
      note={count(settings.length)}
      open={panes.value}
      settings={app.settings}
    >
      {settings.length === 0 && <p class="quiet">not recorded</p>}
      <dl class="pairs">
        {settings.map(([key, value]) => (
          <div key={key} class="pair">
            <dt translate={false}>{key}</dt>
            <dd translate={false}>{value || '""'}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Dependencies({ app, info }: { app: App; info: Info }) {
  const { dependencies } = info;
  return (
    <Section
      id="dependencies"
      title="Dependencies"
      note={count(dependencies.length)}
      open={panes.value}
      settings={app.settings}
    >
      {dependencies.length === 0 && (
        <p class="quiet">{info.modulePath ? 'None: only the standard library' : 'not recorded'}</p>
      )}
      <dl class="pairs plain">
        {dependencies.map(({ path, version, replace }) => (
          <div key={path} class="pair">
            <dt translate={false}>{path}</dt>
            <dd translate={false}>{version}</dd>
            {replace && (
              <dd class="replaced" translate={false}>
                =&gt; {replace.path} {replace.version}
              </dd>
            )}
          </div>
        ))}
      </dl>
    </Section>
  );
}
