// A Go program whose calls the page counts itself, by wrapping wasm_exec.js's functions: the judge of what a recording says.
/** @type {Record<string, [calls: number, bytes: number]>} */
globalThis.counted = {};
globalThis.x = 1;
const decoder = new TextDecoder();
const count = (name, bytes = 0) => {
  counted[name] ??= [0, 0];
  counted[name][0]++;
  counted[name][1] += bytes;
};
const number = (go, at) => Number(new DataView(go._inst.exports.mem.buffer).getBigInt64(at, true));
// Of a long name the recorder keeps the first 128 bytes.
const text = (go, at) => {
  const [pointer, length] = [number(go, at), number(go, at + 8)];
  const bytes = new Uint8Array(go._inst.exports.mem.buffer, pointer, Math.min(length, 128));
  return decoder.decode(bytes) + (length > 128 ? '…' : '');
};

/** Runs /main.wasm. @param {string[]} argv @returns its exit code, and what it wrote */
globalThis.runCounted = (...argv) => runCountedFrom('/main.wasm', ...argv);

/** The same of another program. @param {string} path @param {string[]} argv */
globalThis.runCountedFrom = async (path, ...argv) => {
  const go = new Go();
  go.argv = argv;
  let written = '';
  const { writeSync } = fs;
  fs.writeSync = (_fd, bytes) => {
    written += decoder.decode(bytes);
    return bytes.length;
  };
  let code = 0;
  go.exit = (value) => {
    code = value;
  };
  const functions = go.importObject.gojs;
  for (const [name, original] of Object.entries(functions)) {
    functions[name] = (sp) => {
      sp >>>= 0;
      if (/value(Get|Set|Delete|Call)$/.test(name)) count(`${name} ${text(go, sp + 16)}`.trim());
      else if (/getRandomData$|stringVal$/.test(name)) count(name, number(go, sp + 16));
      else if (/wasmWrite$/.test(name)) count(name, number(go, sp + 24) & 0xffffffff);
      else if (/LoadString$/.test(name)) count(name, number(go, sp + 24));
      else count(name);
      original(sp);
      // What was copied, and whether.
      if (/copyBytes/.test(name) && number(go, sp + 48) & 1) counted[name][1] += number(go, sp + 40);
    };
  }
  const { instance } = await WebAssembly.instantiateStreaming(fetch(path), go.importObject);
  const { _resume } = go;
  go._resume = () => {
    count(go._pendingEvent ? 'callback' : 'resume');
    _resume.call(go);
  };
  count('run');
  await go.run(instance);
  fs.writeSync = writeSync;
  return { code, written };
};
