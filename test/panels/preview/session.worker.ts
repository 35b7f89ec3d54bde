/** Keeps the preview's handle tables off the UI thread, as the panel's own worker does. Only their program is made up. */
import { Tables } from '../../../src/handles/tables';
import type { Program } from '../../../src/program';
import { type Posting, serve } from '../../../src/protocol/channel';
import { paintProgram } from './paint-page';

const program = paintProgram as unknown as Program;
const tables = new Tables(
  () => program,
  () => program,
  () => [program],
);
serve(self as unknown as Posting, tables);
