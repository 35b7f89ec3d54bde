/** Stored binaries with one function changed, for tests of what reads addresses out of code. */
import assert from 'node:assert/strict';
import { must } from '../../src/bytes/malformed';
import { Program } from '../../src/program';
import { bytes as bytesOf } from '../assemble';
import { openFixture } from '../fixtures/open';

/** A copy of a stored binary, and in it the body of a function. */
export function copyOf(name: string, func: string): { bytes: Uint8Array; body: Uint8Array } {
  const bytes = Uint8Array.from(openFixture(name));
  const { module, go } = new Program(bytes);
  const code = must(module.code()) ?? assert.fail();
  const pcF = [...go.funcs()].find((one) => go.nameOf(one) === func)?.pcF ?? assert.fail(func);
  const number = go.functionIndexOf(pcF) - module.importedFunctions();
  const from = code.offsets[number];
  return { bytes, body: bytes.subarray(from, from + code.sizes[number]) };
}

/** Changes each constant of a function that is this address. */
export function withConstant(name: string, func: string, from: number, to: number): Program {
  const { bytes, body } = copyOf(name, func);
  const [old, fresh] = [from, to].map((value) => bytesOf().u8(0x42).sleb(value).done());
  assert.equal(fresh.length, old.length);
  let changed = 0;
  for (let at = 0; at + old.length < body.length; at++) {
    if (!old.every((byte, i) => body[at + i] === byte)) continue;
    body.set(fresh, at);
    changed++;
  }
  assert.ok(changed > 0, `${func} has no constant ${from}`);
  return new Program(bytes);
}
