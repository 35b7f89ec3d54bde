// What the scripts need on a fresh machine, got where a script may get it, else one line that says how to get it.
// No dependency: this runs before `npm ci`.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A need that no script can meet; `message` is the one line for the user. */
export class Missing extends Error {}

/** Ends the process with the one line of a Missing; lets any other error through. */
export function explain(error) {
  if (!(error instanceof Missing)) throw error;
  console.error(error.message);
  process.exit(2);
}

export function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 20)) {
    throw new Missing(`Node ${process.versions.node} is too old: version 20.20 or later is needed (nodejs.org).`);
  }
}

/** Installs the npm packages of the lock file when they are absent or older than it. */
export function ensurePackages() {
  const lock = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error('Installing npm packages (npm ci) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) throw new Missing('npm ci failed, see above: the npm registry must be reachable once.');
}

/** Where browsers that honour --load-extension usually are; branded Chrome ≥ 137 does not, so it comes last. */
const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
];

/** @returns path of a Chromium that loads unpacked extensions; installs Debian's where root may do so. */
export function ensureChromium() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!existsSync(named)) throw new Missing(`CHROME_PATH names ${named}, which does not exist.`);
    return named;
  }
  const found = CANDIDATES.find((path) => existsSync(path));
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('Installing Chromium (apt-get install chromium) …');
    const quiet = { stdio: ['ignore', 'ignore', 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    const done = spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], quiet);
    if (done.status === 0 && existsSync(CANDIDATES[0])) return CANDIDATES[0];
  }
  throw new Missing(
    'No Chromium found: install Chromium or Chrome for Testing (Debian: apt-get install chromium) or set CHROME_PATH.',
  );
}

/** @returns the go command that builds fixtures, or null. `GO` names another one. */
export function findGo() {
  const go = process.env.GO ?? 'go';
  try {
    execFileSync(go, ['version'], { stdio: 'ignore' });
    return go;
  } catch {
    return null;
  }
}
