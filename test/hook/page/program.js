// Runs a Go program in each way a page may, and notes every stack that the program's own output passes by.
/** @type {string[]} */
const stacks = [];
const { writeSync } = globalThis.fs;
globalThis.fs.writeSync = (fd, bytes) => {
  stacks.push(new Error('write').stack);
  return writeSync.call(globalThis.fs, fd, bytes);
};
globalThis.throwing = {
  get x() {
    throw new TypeError('thrown by a getter');
  },
};

const load = () => fetch('/main.wasm');
const bytes = async () => (await load()).arrayBuffer();
const ways = {
  streaming: async (imports) => (await WebAssembly.instantiateStreaming(load(), imports)).instance,
  response: async (imports) => (await WebAssembly.instantiateStreaming(await load(), imports)).instance,
  bytes: async (imports) => (await WebAssembly.instantiate(await bytes(), imports)).instance,
  compiled: async (imports) => WebAssembly.instantiate(await WebAssembly.compileStreaming(load()), imports),
  module: async (imports) => new WebAssembly.Instance(new WebAssembly.Module(await bytes()), imports),
  thenable: async (imports) => {
    const response = load();
    // biome-ignore lint/suspicious/noThenProperty: this is a page that does so
    const thenable = { then: (...reactions) => response.then(...reactions) };
    return (await WebAssembly.instantiateStreaming(thenable, imports)).instance;
  },
  synthetic: async (imports) => {
    const { body } = await load();
    const response = new Response(body, { headers: { 'content-type': 'application/wasm' } });
    return (await WebAssembly.instantiateStreaming(response, imports)).instance;
  },
};

/** @param {keyof typeof ways} way @param {string} scenario @returns what the page can see of it */
globalThis.play = async (way, scenario) => {
  const go = new Go();
  go.argv = ['judge', scenario];
  const { exit } = go;
  go.exit = (code) => {
    stacks.push(`exit ${code} ${new Error('exit').stack}`);
    exit(code);
  };
  const instance = await ways[way](go.importObject);
  let thrown = '';
  try {
    const ended = go.run(instance);
    await Promise.race([ended, new Promise((done) => setTimeout(done, 500))]);
  } catch (error) {
    globalThis.caught = error;
    thrown = Error.prepareStackTrace ? '' : error.stack;
    // Reported once more, as an error that nobody caught.
    await new Promise((done) => {
      setTimeout(() => {
        setTimeout(done);
        throw error;
      });
    });
  }
  const own = Object.getOwnPropertyDescriptor(go, '_inst');
  const kept = JSON.stringify({ ...own, value: own?.value === instance });
  return [...stacks, thrown, kept, '_inst' in {}, Object.keys(go).join()];
};
