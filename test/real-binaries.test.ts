/**
 * Production binaries by others: every function named, every call site told right, counts as the tables say. What is
 * compared with is read here a second time, in the plainest way, or comes from V8, npm and the file's own text.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { functionRows } from '../src/functions';
import { readInfo } from '../src/info';
import { Program } from '../src/program';
import { realBinaries } from './fixtures/open';

/** Main package as the project's sources say; packages that the program cannot do without. */
const KNOWN: Record<string, { mainPath: string; packages: string[] }> = {
  'esbuild-wasm 0.11.23': {
    mainPath: 'github.com/evanw/esbuild/cmd/esbuild',
    packages: ['github.com/evanw/esbuild/internal/js_parser'],
  },
  'esbuild-wasm 0.17.19': {
    mainPath: 'github.com/evanw/esbuild/cmd/esbuild',
    packages: ['github.com/evanw/esbuild/internal/js_parser'],
  },
  'esbuild-wasm 0.25.12': {
    mainPath: 'github.com/evanw/esbuild/cmd/esbuild',
    packages: ['github.com/evanw/esbuild/internal/js_parser'],
  },
  '@cdktf/hcl2json 0.10.1': {
    mainPath: 'github.com/hashicorp/terraform-cdk/hcl2json',
    packages: ['github.com/hashicorp/hcl/v2/hclsyntax'],
  },
  '@astrojs/compiler 0.15.1': {
    mainPath: 'command-line-arguments',
    packages: ['github.com/withastro/compiler/internal'],
  },
  '@astrojs/compiler 2.13.0': {
    mainPath: 'command-line-arguments',
    packages: ['github.com/withastro/compiler/internal'],
  },
};

for (const { name, toolchain, path, bytes } of realBinaries()) {
  test(`${name}: every function and every call site`, () => {
    const program = new Program(bytes());
    const { go, module, locator } = program;
    const rows = functionRows(program);
    const second = new SecondLook(module.bytes);
    const pclntab = second.pclntab();

    assert.equal(rows.length, pclntab.functions, 'as many rows as pclntab counts');
    assert.equal(rows.length, second.bodies(), 'and as many as there are bodies');
    // The linker makes the build id's symbol a function that has neither file nor line.
    const mute = rows.filter((row) => row.name === '' || row.file === '' || row.line <= 0).map((row) => row.name);
    assert.deepEqual(
      mute.filter((one) => !/^go[:.]buildid$/.test(one)),
      [],
    );
    const absent = [...new Set(rows.map((row) => row.file))].filter((file) => !pclntab.files.has(file));
    assert.deepEqual(
      absent.filter((file) => file !== ''),
      [],
      'every file is one of the file table',
    );
    const unknown = rows.map((row) => row.name).filter((one) => !one.includes('[...]') && !pclntab.names.has(one));
    assert.deepEqual(unknown, [], 'every name is one of the name table');
    for (const one of ['runtime.gopanic', 'main.main'])
      assert.ok(
        rows.some((row) => row.name === one),
        one,
      );
    for (const one of KNOWN[name].packages)
      assert.ok(
        rows.some((row) => row.package === one),
        one,
      );

    let calls = 0;
    let inlined = 0;
    const wrong: string[] = [];
    for (const row of rows) {
      const body = locator.body(row.index - module.importedFunctions());
      assert.ok(body, row.name);
      for (let i = 0; i < body.calls.length; i++) {
        if (locator.returnPC(row.index, body, i) === 0) continue;
        calls++;
        const located = program.locate(body.calls[i]);
        const last = located?.frames.at(-1);
        if (
          located?.precision !== 'exact' ||
          last?.function !== row.name ||
          last.inlined ||
          located.functionIndex !== row.index
        )
          wrong.push(`${row.name} at ${body.calls[i]}: ${JSON.stringify(located)}`);
        for (const frame of located?.frames ?? []) {
          if (frame.inlined) inlined++;
          if (frame.line <= 0 || !pclntab.files.has(frame.file)) wrong.push(`${row.name}: ${JSON.stringify(frame)}`);
        }
      }
    }
    assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${calls} call sites`);
    assert.ok(calls > 5 * rows.length && inlined > rows.length, `${calls} call sites, ${inlined} inlined frames`);
    assert.ok(go.untouched);
  });

  test(`${name}: the module card`, () => {
    const content = bytes();
    const info = readInfo(new Program(content));
    const compiled = new WebAssembly.Module(content as Uint8Array<ArrayBuffer>);
    const second = new SecondLook(content);
    const packed = JSON.parse(readFileSync(packageOf(path), 'utf8'));
    assert.equal(name, `${packed.name} ${packed.version}`);
    assert.deepEqual(info.warnings, []);
    assert.deepEqual(info.toolchain, { kind: 'go', version: toolchain, target: 'js' });
    assert.ok(Buffer.from(content).includes(toolchain), 'the release stands in the file');
    assert.equal(info.mainPath, KNOWN[name].mainPath);
    assert.ok(Buffer.from(content).includes(`path\t${info.mainPath}\n`));
    for (const { path, version } of info.dependencies)
      assert.ok(Buffer.from(content).includes(`dep\t${path}\t${version}`), path);
    assert.equal(info.importNamespace, WebAssembly.Module.imports(compiled)[0].module);
    assert.deepEqual([info.stripped, info.hasNames, info.hasDwarf], [true, false, false]);
    assert.equal(WebAssembly.Module.customSections(compiled, 'name').length, 0);
    assert.equal(info.size, content.length);
    assert.deepEqual(info.functions, { wasm: second.bodies(), go: second.pclntab().functions });
    assert.equal(info.files, second.pclntab().fileCount);
    assert.equal(info.pclntab?.address, second.pclntab().address);
    const listed = info.sections.reduce((sum, { size }) => sum + size, 0);
    assert.ok(
      listed < content.length && listed > content.length - 500,
      'sections are all of the file but their headers',
    );
    if (info.vcs) assert.ok(Buffer.from(content).includes(`vcs.revision=${info.vcs.revision}\n`));
    assert.equal(info.vcs !== null, Buffer.from(content).includes('vcs.revision='));
  });
}

/** package.json of the package a file lies in. */
function packageOf(file: string): string {
  const [, home] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/')) ?? [];
  return join(home ?? dirname(file), 'package.json');
}

/** A second reader with no care for bad input: sections, memory with its active segments, pclntab (debug/gosym). */
class SecondLook {
  private readonly sections = new Map<number, [from: number, to: number]>();
  private at = 8;

  constructor(private readonly content: Uint8Array) {
    while (this.at < content.length) {
      const id = content[this.at++];
      const size = this.leb();
      if (id !== 0) this.sections.set(id, [this.at, this.at + size]);
      this.at += size;
    }
  }

  private leb(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.content[this.at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  }

  private enter(id: number): number {
    this.at = this.sections.get(id)?.[0] ?? 0;
    return this.leb();
  }

  bodies(): number {
    return this.enter(10);
  }

  private memory(): Buffer {
    const memory = Buffer.alloc(1 << 24);
    for (let left = this.enter(11); left > 0; left--) {
      this.leb();
      this.at++;
      const address = this.leb();
      this.at++;
      const size = this.leb();
      memory.set(this.content.subarray(this.at, this.at + size), address);
      this.at += size;
    }
    return memory;
  }

  pclntab() {
    const memory = this.memory();
    const u64 = (address: number) => Number(memory.readBigUInt64LE(address));
    for (const magic of [0xf1, 0xf0, 0xfa]) {
      const address = memory.indexOf(Buffer.from([magic, 0xff, 0xff, 0xff, 0, 0, 1, 8]));
      if (address < 0) continue;
      // nfunc, nfiles, from 1.18 on textStart, then where names, units, files and pc tables lie.
      const first = address + (magic === 0xfa ? 24 : 32);
      const [names, units, files, tables] = [0, 8, 16, 24].map((offset) => address + u64(first + offset));
      assert.ok(names < units && units < files && files < tables);
      const strings = (from: number, to: number) => new Set(memory.toString('utf8', from, to).split('\0'));
      return {
        address,
        functions: u64(address + 8),
        fileCount: u64(address + 16),
        names: strings(names, units),
        files: strings(files, tables),
      };
    }
    throw new Error('no pclntab');
  }
}
