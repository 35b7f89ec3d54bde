/** The frame around all tabs: tab strip, module picker, content, footer, dialogs, live regions. */
import { useEffect } from 'preact/hooks';
import { type App, TABS, type Tab } from '../app';
import { BridgeView } from '../bridge/view';
import { ErrorsView } from '../errors/view';
import { HandlesView } from '../handles/view';
import { isLeak } from '../handles/words';
import { OverviewView } from '../overview/view';
import { hostOf } from '../page';
import { Dialogs } from '../settings/dialog';
import { ToolButton } from '../widgets/button';
import { Guard } from '../widgets/guard';
import { Icon } from '../widgets/icons';
import { Popup } from '../widgets/popup';
import { Footer } from './footer';
import { handleKeys } from './keys';
import { panes } from './layout';
import { ModulePicker } from './picker';
import { LoadingBar, PageBanner } from './states';

const NAMES: Record<Tab, string> = { overview: 'Overview', errors: 'Errors', bridge: 'Bridge', handles: 'Handles' };

export function Shell({ app }: { app: App }) {
  useEffect(() => handleKeys(app, document), [app]);
  const tab = app.tab.value;
  useEffect(() => {
    app.settings.tab.value = tab;
  }, [tab, app]);
  return (
    <div class="panel" lang="en">
      <div class="strip">
        <Tabs app={app} />
        <span class="space" />
        {panes.value && <ModulePicker app={app} />}
        <span class="bar" />
        <ToolButton
          icon="gear"
          label="Settings"
          bare
          onClick={() => {
            app.dialog.value = { kind: 'settings', part: 'Sources' };
          }}
        />
        <More app={app} />
      </div>
      {!panes.value && app.subject.value && (
        <div class="strip instance-bar">
          <ModulePicker app={app} />
          <span class="space" />
          <span class="remark" translate={false}>
            {hostOf(app.page.url.value)}
          </span>
        </div>
      )}
      <div class="tabpanel" role="tabpanel" id="tabpanel" aria-labelledby={`tab-${tab}`}>
        <LoadingBar app={app} />
        <PageBanner app={app} />
        <Guard key={tab} name={NAMES[tab]}>
          {tab === 'overview' && <OverviewView app={app} />}
          {tab === 'errors' && <ErrorsView app={app} />}
          {tab === 'bridge' && <BridgeView app={app} />}
          {tab === 'handles' && <HandlesView app={app} />}
        </Guard>
      </div>
      <Footer app={app} />
      <Dialogs app={app} />
      <div class="offscreen" role="status" aria-live="polite">
        {app.say.polite.value}
      </div>
      <div class="offscreen" role="alert">
        {app.say.urgent.value}
      </div>
    </div>
  );
}

function Tabs({ app }: { app: App }) {
  const onKeyDown = (event: KeyboardEvent) => {
    const at = TABS.indexOf(app.tab.value);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    app.tab.value = TABS[(to + TABS.length) % TABS.length];
    document.getElementById(`tab-${app.tab.value}`)?.focus();
  };
  const unread = app.tab.value === 'errors' ? 0 : app.errors.unread.value;
  const suspects = app.handles.suspects.value.filter(isLeak).length;
  const badges: Partial<Record<Tab, { count: number; words: string; tone: string }>> = {
    errors: { count: unread, words: 'errors not seen', tone: '' },
    handles: { count: suspects, words: suspects === 1 ? 'leak suspect' : 'leak suspects', tone: 'warn' },
  };
  const badge = (tab: Tab) => {
    const { count, words, tone } = badges[tab] ?? { count: 0, words: '', tone: '' };
    if (count === 0) return null;
    return (
      <span class={`badge ${tone}`} id={`${tab}-badge`}>
        {count > 99 ? '99+' : count}
        <span class="offscreen"> {words}</span>
      </span>
    );
  };
  return (
    <div class="tabs" role="tablist" aria-label="Go WASM" onKeyDown={onKeyDown}>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          id={`tab-${tab}`}
          class="tab"
          role="tab"
          aria-selected={tab === app.tab.value}
          aria-controls="tabpanel"
          aria-label={NAMES[tab]}
          aria-describedby={badges[tab]?.count ? `${tab}-badge` : undefined}
          tabIndex={tab === app.tab.value ? 0 : -1}
          onClick={() => {
            app.tab.value = tab;
          }}
        >
          {NAMES[tab]}
          {badge(tab)}
        </button>
      ))}
    </div>
  );
}

function More({ app }: { app: App }) {
  const item = (text: string, onChoose: () => void) => ({ id: text, text, label: text, onChoose });
  return (
    <Popup
      name="More"
      as="menu"
      align="right"
      button={<Icon name="menu" />}
      items={[
        item('Open a .wasm file …', app.openFile),
        item('Paste a stack trace …', () => {
          app.tab.value = 'errors';
          app.pasting.value = true;
        }),
        item('Keyboard shortcuts', () => {
          app.dialog.value = { kind: 'keys' };
        }),
      ]}
    />
  );
}
