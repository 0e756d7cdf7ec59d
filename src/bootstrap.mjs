#!/usr/bin/env node
// The one file that an older Node must be able to read: it installs what is missing and goes on under the pinned Node.
// Usage: node src/bootstrap.mjs <file.ts> [args …]      or      node src/bootstrap.mjs --run <npm script> …
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const REQUIRED_MAJOR = 24;

install();
const node = pinnedNode();
const [first = 'src/cli.ts', ...rest] = process.argv.slice(2);
if (first === '--run') runScripts(rest);
else runFile(first, rest);

/** npm leaves a copy of the lock file it installed from; when it tells of another tree than ours, install again. */
function install() {
  if (installedMatchesLock()) return;
  process.stderr.write('Installing packages (npm ci) …\n');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0)
    fail('npm ci failed; its own message is above. Signalbox needs npm and access to an npm registry.');
}

function installedMatchesLock() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(installed, 'utf8')).packages;
  // Optional packages for other machines are rightly absent; so is what a production install leaves out.
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      (found[path]
        ? found[path].version === entry.version
        : Boolean(
            entry.optional || entry.devOptional || (entry.dev && process.env.NODE_ENV === 'production'),
          )),
  );
}

function pinnedNode() {
  const pinned = join(bin, 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) return process.execPath;
  return fail(
    `Signalbox needs Node ${REQUIRED_MAJOR} or later (this is ${process.version}) and has no packaged one for ${process.platform}-${process.arch}: install it from https://nodejs.org or with your package manager.`,
  );
}

function runFile(file, args) {
  const path = join(root, file);
  // The command line called by its own name gets its arguments, not a file.
  const argv =
    existsSync(path) && file.endsWith('.ts')
      ? [path, ...args]
      : [join(root, 'src/cli.ts'), ...process.argv.slice(2)];
  const child = spawn(node, argv, { stdio: 'inherit', env: environment() });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

function runScripts(args) {
  const split = args.indexOf('--');
  const names = split < 0 ? args.filter((a) => a in scripts()) : args.slice(0, split);
  const extra = split < 0 ? args.filter((a) => !(a in scripts())) : args.slice(split + 1);
  for (const name of names) {
    const done = spawnSync('npm', ['run', '--silent', name, ...(extra.length ? ['--', ...extra] : [])], {
      cwd: root,
      stdio: 'inherit',
      env: environment(),
    });
    if (done.status !== 0) process.exit(done.status ?? 1);
  }
}

function scripts() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
}

/** With compiled code kept, a start takes a third less of the processor. What npm installs anew begins anew. */
function environment() {
  const NODE_COMPILE_CACHE = join(root, 'node_modules', '.cache', 'compiled');
  return { NODE_COMPILE_CACHE, ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` };
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
