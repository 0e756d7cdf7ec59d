import { type DebianProgram, unpackProgram } from './debian-package.ts';
import { findOnPath } from './find-on-path.ts';

/** A program this project can use without it having been installed. */
export interface KnownProgram {
  /** What it may be called, the best first. */
  names: readonly string[];
  debian: DebianProgram;
}

export const REDIS: KnownProgram = {
  names: ['redis-server', 'valkey-server'],
  // Debian keeps the server itself in the package of the tools, as redis-check-rdb; redis-server only adds a service.
  debian: {
    name: 'redis-server',
    package: 'redis-tools',
    file: 'usr/bin/redis-check-rdb',
    needsLibraries: true,
  },
};

export const PROMETHEUS: KnownProgram = {
  names: ['prometheus'],
  debian: { name: 'prometheus', package: 'prometheus', file: 'usr/bin/prometheus', needsLibraries: false },
};

/** A program that can be run. */
export interface FoundProgram {
  command: string;
  /** Empty when it needs no libraries of its own. */
  libraryPath: string;
  how: 'found' | 'fetched';
}

interface FindOptions {
  /** The PATH variable. */
  path: string;
  /** Folder that lasts, for what has to be fetched, such as `~/.cache/signalbox/programs`. */
  cacheDirectory: string;
}

/**
 * The program on this machine, or else fetched as a Debian package; absent when it can be had in neither way. Throws
 * `TerminalError` when fetching it failed.
 */
export async function findProgram(
  program: KnownProgram,
  options: FindOptions,
): Promise<FoundProgram | undefined> {
  const command = await findOnPath(program.names, options.path);
  if (command) return { command, libraryPath: '', how: 'found' };
  const unpacked = await unpackProgram(program.debian, options);
  return unpacked && { ...unpacked, how: 'fetched' };
}
