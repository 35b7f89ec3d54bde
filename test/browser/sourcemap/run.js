// Runs the judge program in a page or in a worker. At each of its marks it puts the stack on the console in the ways that
// programs do, and keeps what Go says of the same moment.
/** @type {string[]} */
globalThis.truths = [];
globalThis.capture = (label, truth) => {
  globalThis.truths.push(truth);
  const error = new Error(label);
  console.error(error);
  console.log(`as text: ${error.stack}`);
};

const ways = {
  streaming: (file, imports) => WebAssembly.instantiateStreaming(fetch(file), imports),
  blob: async (file, imports) => {
    const blob = new Blob([await (await fetch(file)).arrayBuffer()], { type: 'application/wasm' });
    return WebAssembly.instantiateStreaming(fetch(URL.createObjectURL(blob)), imports);
  },
  bytes: async (file, imports) => WebAssembly.instantiate(await (await fetch(file)).arrayBuffer(), imports),
};

/** @param {keyof typeof ways} way @param {string} file @param {string} scenario */
globalThis.play = async (way, file, scenario) => {
  const go = new globalThis.Go();
  go.argv = ['judge', scenario];
  const { instance } = await ways[way](file, go.importObject);
  await go.run(instance);
};

// In a worker and in a frame the page says what to play; from a worker it is told what Go said.
if (globalThis.document === undefined) globalThis.truths.push = (truth) => globalThis.postMessage(truth);
globalThis.onmessage = async ({ data }) => {
  await globalThis.play(...data);
  if (globalThis.document === undefined) globalThis.postMessage('ended');
};
