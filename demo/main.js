// Starts the Go program and, when asked, starts it again without a reload. Everything else is the program's.

class Settings {
  #locked;
  constructor(locked) {
    this.#locked = locked;
  }
  get units() {
    if (this.#locked) throw new Error('The settings are locked by another tab');
    return 'metres';
  }
  get station() {
    return 0;
  }
}

// What the program finds on the page: two stores of settings, and the event 'close', which ends it.
window.tides = Object.assign(new EventTarget(), {
  settings: new Settings(false),
  lockedSettings: new Settings(true),
});

const status = document.querySelector('#status');
const untouched = document.querySelector('#app').cloneNode(true);
let current = null;

/** Runs one instance to its end. */
async function run(...args) {
  const go = new Go();
  go.argv = ['tides', ...args];
  const { instance } = await WebAssembly.instantiateStreaming(fetch('main.wasm'), go.importObject);
  await go.run(instance);
}

async function start() {
  const mine = {};
  current = mine;
  show('running', 'Running');
  await run();
  // After a restart the old program ends later than the new one begins.
  if (current !== mine) return;
  current = null;
  show('ended', 'The program has ended');
}

function show(state, text) {
  status.dataset.state = state;
  status.textContent = text;
}

// A program that died without an exit goes on running, in a state nobody knows.
addEventListener('error', () => {
  if (current) show('failed', 'Failed, state unknown');
});

document.querySelector('#restart').addEventListener('click', () => {
  if (current) window.tides.dispatchEvent(new Event('close'));
  // A fresh copy of the markup has none of the old program's listeners.
  document.querySelector('#app').replaceWith(untouched.cloneNode(true));
  start();
});

// Delegated, so that it works for every copy of the markup: a second program whose start fails, so that the promise
// of its go.run is rejected.
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-failure="rejected-promise"]')) run('lockedSettings');
});

start();
