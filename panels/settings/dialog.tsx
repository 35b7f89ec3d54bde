/** Dialogs over the panel: settings, the list of keys, how things are measured. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { App } from '../app';
import { MEASURED } from '../shell/footer';
import { KEYS } from '../shell/keys';
import { Pill, TextLink, ToolButton } from '../widgets/button';
import { Icon } from '../widgets/icons';
import { Folders } from './folders';

const PARTS = ['Sources', 'Sites', 'Privacy', 'Keyboard'] as const;

export function Dialogs({ app }: { app: App }) {
  const dialog = app.dialog.value;
  if (!dialog) return null;
  if (dialog.kind === 'keys')
    return (
      <Modal app={app} title="Keyboard">
        <Keyboard app={app} />
      </Modal>
    );
  if (dialog.kind === 'measured')
    return (
      <Modal app={app} title="How this is measured">
        <Measured app={app} />
      </Modal>
    );
  if (dialog.kind === 'confirm') return <Confirm app={app} {...dialog} />;
  return <SettingsDialog app={app} part={dialog.part} />;
}

function Modal({
  app,
  title,
  wide,
  children,
}: {
  app: App;
  title: string;
  wide?: boolean;
  children: ComponentChildren;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const close = () => {
    app.dialog.value = null;
  };
  return (
    <dialog
      ref={ref}
      class={`dialog ${wide ? 'wide' : ''}`}
      aria-label={title}
      onClose={close}
      onClick={(event) => {
        if (event.target === ref.current) close();
      }}
    >
      <div class="dialog-inside">
        <div class="dialog-close">
          <ToolButton icon="close" label="Close" bare onClick={close} />
        </div>
        {!wide && <h1>{title}</h1>}
        {children}
      </div>
    </dialog>
  );
}

function SettingsDialog({ app, part }: { app: App; part: string }) {
  return (
    <Modal app={app} title="Settings" wide>
      <nav class="settings-nav" aria-label="Settings">
        <h1>Settings</h1>
        {PARTS.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === part ? 'page' : undefined}
            onClick={() => {
              app.dialog.value = { kind: 'settings', part: name };
            }}
          >
            {name}
          </button>
        ))}
      </nav>
      <div class="settings-part">
        <h2>{part === 'Sources' ? 'Source roots' : part}</h2>
        {part === 'Sources' && <Sources app={app} />}
        {part === 'Sources' && <Folders app={app} />}
        {part === 'Sites' && <Sites app={app} />}
        {part === 'Privacy' && <Privacy />}
        {part === 'Keyboard' && <Keyboard app={app} />}
      </div>
    </Modal>
  );
}

function Sources({ app }: { app: App }) {
  const { sourceRoot } = app.settings;
  const [text, setText] = useState(sourceRoot.value);
  const wrong = text !== '' && !/^https?:\/\/[^/]/.test(text);
  const name = app.subject.value?.module?.info?.modulePath ?? 'Main module';
  return (
    <div class="setting">
      <label for="source-root" translate={false}>
        {name}
      </label>
      <div>
        <input
          id="source-root"
          class="code-font"
          placeholder="http://localhost:8080/src/"
          spellcheck={false}
          aria-invalid={wrong}
          value={text}
          onInput={(event) => {
            const value = event.currentTarget.value.trim();
            setText(value);
            if (value !== '' && !/^https?:\/\/[^/]/.test(value)) return;
            sourceRoot.value = value;
            app.sources.forget();
          }}
        />
        <p class="remark">
          {wrong
            ? 'A web address is needed: http:// or https://.'
            : 'Where the module’s folder is served. Names and lines work without it; this adds the source text. Empty: the page’s own server is asked.'}
        </p>
      </div>
    </div>
  );
}

function Sites({ app }: { app: App }) {
  const [sites, setSites] = useState<string[] | null>(null);
  const load = () => void app.window.sites.list().then(setSites, () => setSites([]));
  useEffect(load, []);
  return (
    <>
      <p class="remark">localhost, 127.0.0.1 and [::1] are always enabled, on any port.</p>
      {sites?.length === 0 && <p>No other site is enabled.</p>}
      <ul class="sites">
        {sites?.map((site) => (
          <li key={site}>
            <span class="code-font" translate={false}>
              {site}
            </span>
            <TextLink onClick={() => void app.window.sites.disable(site).then(load, load)}>Remove</TextLink>
          </li>
        ))}
      </ul>
    </>
  );
}

function Privacy() {
  return (
    <p class="privacy">
      <Icon name="shield" class="tone-good" />
      <span>
        Nothing leaves this browser. There is no telemetry and no server. Stacks, memory and snapshots stay in this
        window until you export them. Copies of source folders stay in this browser until you remove them.
      </span>
    </p>
  );
}

function Keyboard({ app }: { app: App }) {
  const { letterKeys } = app.settings;
  return (
    <>
      <dl class="keys">
        {KEYS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="checkbox">
        <input
          type="checkbox"
          checked={letterKeys.value}
          onChange={(event) => {
            letterKeys.value = event.currentTarget.checked;
          }}
        />
        Single letters and digits act as keys
      </label>
    </>
  );
}

function Confirm({ app, question, deed, run }: { app: App; question: string; deed: string; run(): void }) {
  const close = () => {
    app.dialog.value = null;
  };
  return (
    <Modal app={app} title={question}>
      <div class="pills">
        <Pill
          primary
          onClick={() => {
            close();
            run();
          }}
        >
          {deed}
        </Pill>
        <Pill onClick={close}>Cancel</Pill>
      </div>
    </Modal>
  );
}

function Measured({ app }: { app: App }) {
  return (
    <>
      {MEASURED[app.tab.value].map((text) => (
        <p key={text}>{text}</p>
      ))}
      <Pill
        onClick={() => {
          app.dialog.value = { kind: 'settings', part: 'Privacy' };
        }}
      >
        What is kept
      </Pill>
    </>
  );
}
