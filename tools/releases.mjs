// The Go releases that layouts are read from and fixtures are built with, and the environment that selects one.

/** The last patch release of each minor release that the module proxy hands out; js/wasm begins with 1.11. */
export const RELEASES = [
  '1.11.13',
  '1.12.17',
  '1.13.15',
  '1.14.15',
  '1.15.15',
  '1.16.15',
  '1.17.13',
  '1.18.10',
  '1.19.13',
  '1.20.14',
  '1.21.13',
  '1.22.12',
  '1.23.12',
  '1.24.13',
  '1.25.12',
  '1.26.11',
  '1.27.4',
];

/** @returns the minor number: 24 for `1.24.13` */
export function minorOf(version) {
  return Number(version.split('.')[1]);
}

/** @returns environment of a go command that is release `version` and builds for js/wasm */
export function goEnvironment(version, more = {}) {
  const env = { ...process.env, GOTOOLCHAIN: `go${version}`, GOOS: 'js', GOARCH: 'wasm', CGO_ENABLED: '0', ...more };
  // Empty would let `go env -w` decide, and releases before 1.18 refuse flags they do not know; this one all know.
  env.GOFLAGS = '-p=2';
  for (const name of ['GOEXPERIMENT', 'GOWASM', 'GODEBUG', 'GOROOT']) delete env[name];
  return env;
}
