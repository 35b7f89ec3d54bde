/**
 * Every place of a Go module that an exact line table knows: each run of instructions of one line. Bodies that the table leaves
 * out are walked as without it.
 */
import type { Program } from '../program';
import { Operators } from '../wasm/operators';
import { type VisitBody, type Visitor, visitBlocks, walk } from './walk';

/** @returns bodies that could not be decoded, or whose function could not be read */
export function walkExact(program: Program, visitor: Visitor): number {
  return walk(program, visitor, visitRuns);
}

const visitRuns: VisitBody = (program, body, visitor) => {
  const { bytes, offset, func, number } = body;
  const exact = program.exactLines();
  if (!func || !exact?.knows(number)) return visitBlocks(program, body, visitor);
  const operators = new Operators(bytes, offset);
  let at = -1;
  exact.eachRun(number, (instruction, block, place) => {
    while (at < instruction && operators.next()) at++;
    if (at === instruction && place.line > 0) visitor.block(operators.at, func, block, operators.at, place);
  });
  return true;
};
