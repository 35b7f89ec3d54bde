/** `gowasm info FILE`: the module card. */
import { readInfo } from '../info';
import { attachDebugInfo } from './debug-info';
import { expectFiles, openProgram, readArguments, withFile } from './input';
import { bytes, facts, printJson } from './print';

export function info(args: string[]): number {
  const read = readArguments(args);
  expectFiles(read, 1, 1, 'info FILE [--json]');
  const [file] = read.positional;
  const program = openProgram(file);
  attachDebugInfo(program, file);
  const card = withFile(file, () => readInfo(program));
  const { producer, ...promised } = card;
  if (read.json) {
    printJson('info', promised);
    return 0;
  }
  const { toolchain, vcs } = card;
  const names = { go: 'Go', tinygo: 'TinyGo', other: 'not Go' };
  const rows: [string, string][] = [
    [
      'toolchain',
      [names[toolchain.kind], toolchain.version ?? (toolchain.kind === 'other' ? producer : null)]
        .filter(Boolean)
        .join(' '),
    ],
  ];
  if (toolchain.target) rows.push(['target', `${toolchain.target}/wasm`]);
  if (card.mainPath) rows.push(['main package', card.mainPath]);
  if (card.modulePath) rows.push(['module', [card.modulePath, card.moduleVersion].filter(Boolean).join(' ')]);
  if (vcs)
    rows.push(['revision', [vcs.revision, vcs.time, vcs.modified ? 'modified' : null].filter(Boolean).join(' ')]);
  if (card.importNamespace) rows.push(['imports from', card.importNamespace]);
  rows.push(['size', bytes(card.size)]);
  rows.push(['stripped', card.stripped ? 'yes' : 'no']);
  rows.push([
    'functions',
    card.functions.go > 0
      ? `${card.functions.wasm} in wasm, ${card.functions.go} in pclntab`
      : `${card.functions.wasm}`,
  ]);
  if (card.pclntab) {
    rows.push([
      'pclntab',
      `format ${card.pclntab.version}, ${card.files} files, at 0x${card.pclntab.address.toString(16)}`,
    ]);
  }
  rows.push(['names / DWARF', `${card.hasNames ? 'yes' : 'no'} / ${card.hasDwarf ? 'yes' : 'no'}`]);
  if (card.externalDebugInfo) rows.push(['debug info', card.externalDebugInfo]);
  if (card.sourceMappingURL) rows.push(['source map', card.sourceMappingURL]);
  for (const [key, value] of Object.entries(card.settings)) rows.push([`setting ${key}`, value]);
  for (const { path, version, replace } of card.dependencies) {
    rows.push(['dependency', `${path} ${version}${replace ? ` => ${replace.path} ${replace.version}` : ''}`]);
  }
  for (const { name, offset, size } of card.sections)
    rows.push([`section ${name}`, `${bytes(size)} at 0x${offset.toString(16)}`]);
  for (const warning of card.warnings) rows.push(['warning', warning]);
  process.stdout.write(facts(rows));
  return 0;
}
