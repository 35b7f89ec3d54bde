/** The panel in DevTools. */
import { PageTarget } from '../src/extension/target';
import { liveWindow } from './live';
import { mount } from './mount';
import { workerSession } from './session';
import { openStore } from './sources/store';

mount(
  {
    window: liveWindow(),
    session: workerSession(),
    target: new PageTarget(),
    storage: globalThis.localStorage ?? null,
    folders: openStore(),
  },
  document,
);
