import { chmod, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import {
  type FoundProgram,
  findProgram,
  type KnownProgram,
  PROMETHEUS,
  REDIS,
} from '../../src/adapters/programs/find-program.ts';
import { TerminalError } from '../../src/errors.ts';

const CACHE = join(homedir(), '.cache', 'signalbox', 'programs');

/** Servers are kept where the PATH of most people does not lead. */
const PATH = [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

/** Where Debian keeps libraries of this machine's kind. Source: https://wiki.debian.org/Multiarch/Tuples */
const LIBRARIES = `usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;

/** Valkey, which Debian has from 13 and Ubuntu from 24.04 on. */
export const VALKEY: KnownProgram = {
  names: ['valkey-server'],
  debian: {
    name: 'valkey-server',
    package: 'valkey-tools',
    file: 'usr/bin/valkey-check-rdb',
    needsLibraries: true,
  },
};

export const NGINX: KnownProgram = {
  names: ['nginx'],
  debian: { name: 'nginx', package: 'nginx', file: 'usr/sbin/nginx', needsLibraries: true },
};

export const FCGIWRAP: KnownProgram = {
  names: ['fcgiwrap'],
  debian: { name: 'fcgiwrap', package: 'fcgiwrap', file: 'usr/sbin/fcgiwrap', needsLibraries: true },
};

export const DOCKER_REGISTRY: KnownProgram = {
  names: ['docker-registry'],
  debian: {
    name: 'docker-registry',
    package: 'docker-registry',
    file: 'usr/bin/docker-registry',
    needsLibraries: false,
  },
};

export const SSHD: KnownProgram = {
  names: ['sshd'],
  debian: { name: 'sshd', package: 'openssh-server', file: 'usr/sbin/sshd', needsLibraries: true },
};

/** The client, with `ssh-keygen` beside it. */
export const SSH: KnownProgram = {
  names: ['ssh'],
  debian: { name: 'ssh', package: 'openssh-client', file: 'usr/bin/ssh', needsLibraries: true },
};

/** Shows a program other users than the machine has: sshd asks for one of its own, which only an installation makes. */
export const NSS_WRAPPER: KnownProgram = {
  names: [],
  debian: {
    name: 'libnss_wrapper.so',
    package: 'libnss-wrapper',
    file: `${LIBRARIES}/libnss_wrapper.so`,
    needsLibraries: true,
  },
};

export const MARIADB: KnownProgram = {
  names: ['mariadbd'],
  debian: {
    name: 'mariadbd',
    package: 'mariadb-server-core',
    file: 'usr/sbin/mariadbd',
    needsLibraries: true,
  },
};

/** Releases of Debian and Ubuntu to the PostgreSQL that they have. Source: https://packages.debian.org/postgresql */
const POSTGRES_VERSION = { '12': 15, '13': 17, '22.04': 14, '24.04': 16 }[await releaseOf()] ?? 15;

/** The server, with `initdb` and `pg_isready` beside it. */
export const POSTGRES: KnownProgram = {
  names: ['postgres'],
  debian: {
    name: 'postgres',
    package: `postgresql-${POSTGRES_VERSION}`,
    file: `usr/lib/postgresql/${POSTGRES_VERSION}/bin/postgres`,
    needsLibraries: true,
  },
};

/** Every program of Debian that this tier runs. */
export async function debianPrograms(): Promise<KnownProgram[]> {
  const usual = [
    PROMETHEUS,
    REDIS,
    NGINX,
    FCGIWRAP,
    DOCKER_REGISTRY,
    SSH,
    SSHD,
    NSS_WRAPPER,
    POSTGRES,
    MARIADB,
  ];
  return (await hasValkey()) ? [...usual, VALKEY] : usual;
}

/** Whether this release of Debian or Ubuntu has Valkey at all. */
export async function hasValkey(): Promise<boolean> {
  const { id, version } = await system();
  const since = { debian: 13, ubuntu: 24.04 }[id];
  return since !== undefined && Number(version) >= since;
}

async function system(): Promise<{ id: string; version: string }> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), version: field('VERSION_ID') };
}

/** `VERSION_ID` of the machine's system. */
async function releaseOf(): Promise<string> {
  return (await system()).version;
}

/** The program, fetched when the machine does not have it. Throws `TerminalError` in one line when it cannot be had. */
export async function realProgram(program: KnownProgram): Promise<FoundProgram> {
  const found = await findProgram(program, { path: PATH, cacheDirectory: CACHE });
  if (found === undefined) {
    throw new TerminalError(
      `${program.debian.name} is needed: install ${program.debian.package} with your package manager.`,
    );
  }
  // The cache knows a whole package by its program, and a library is none unless it is made one.
  if (found.how === 'fetched') await chmod(found.command, 0o755);
  return found;
}
