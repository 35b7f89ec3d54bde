/** The panel in DevTools. */
import { PageTarget } from '../src/extension/target';
import { liveSession, liveWindow } from './live';
import { mount } from './mount';
import { openStore } from './sources/store';

mount(
  {
    window: liveWindow(),
    session: liveSession(),
    target: new PageTarget(),
    storage: globalThis.localStorage ?? null,
    folders: openStore(),
  },
  document,
);
