/** With an exact line table the DWARF has the line of every instruction that the table knows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeTable } from '../../src/lines/table';
import { openFixture } from '../fixtures/open';
import { linesOf } from '../lines/listings';
import { llvmVersion, symbolize, verify } from './llvm';
import { expected, subject } from './questions';
import { Dwarf } from './reader';

const NAME = 'go1.27/judge-stripped';

test(`${NAME} with its line table: DWARF says what the table says`, () => {
  const about = subject(openFixture(NAME), encodeTable(linesOf(NAME).table));
  const dwarf = new Dwarf(about.module);
  const answers = about.addresses.map((address) => dwarf.symbolize(address));
  let exact = 0;
  about.addresses.forEach((address, i) => {
    const located = about.program.locate(about.base + address);
    assert.deepEqual(answers[i], expected(about.program, located), `at ${address}`);
    if (located?.via === 'exact') exact++;
  });
  // The stored listing is of a few packages.
  assert.ok(exact > 900, `${exact} of ${about.addresses.length}`);
  const installed = llvmVersion();
  if (!installed) return;
  assert.equal(verify(about.module), 'No errors.', installed);
  assert.deepEqual(symbolize(about.module, about.addresses), answers, installed);
});
