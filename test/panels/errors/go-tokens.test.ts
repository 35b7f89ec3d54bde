import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenize } from '../../../panels/errors/go-tokens';

/** Draws tokens: `keyword‹func›`. Plain text stays as it is. */
const draw = (source: string) =>
  tokenize(source).map((line) => line.map(({ kind, text }) => (kind === 'plain' ? text : `${kind}‹${text}›`)).join(''));

test('keywords, types, strings, numbers and comments', () => {
  assert.deepEqual(draw('func f(a uint32) { return "x\\"y" + 0x1f } // end'), [
    'keyword‹func› f(a type‹uint32›) { keyword‹return› string‹"x\\"y"› + number‹0x1f› } comment‹// end›',
  ]);
});

test('a raw string and a block comment span lines', () => {
  assert.deepEqual(draw('a := `one\ntwo`\n/* b\nc */ d'), [
    'a := string‹`one›',
    'string‹two`›',
    'comment‹/* b›',
    'comment‹c */› d',
  ]);
});

test('what does not close stays on its line', () => {
  assert.deepEqual(draw('x := "open\ny'), ['x := string‹"open›', 'y']);
});

test('every character comes back', () => {
  const source = "package größe\r\n\tvar ÿ = '\\'' /* never closed\n\"";
  assert.equal(
    tokenize(source)
      .map((line) => line.map((token) => token.text).join(''))
      .join('\n'),
    source.replaceAll('\r', ''),
  );
});
