import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../../config/schema.ts';
import type { Secrets } from '../../config/secrets.ts';
import { segmentSigner } from '../../domain/ledger/segment-key.ts';
import { type Finding, fault, type Look, ok } from './finding.ts';

/** The first whose type stripping the sources need. */
const NODE_MAJOR = 24;

/** What the machine itself must have. */
export function machineLooks(parts: { config: Config; secrets: Secrets; path: string }): Look[] {
  const { config, secrets, path } = parts;
  const at = { area: 'This machine' };
  return [
    {
      ...at,
      about: 'Node',
      fix: 'Start with npm, which brings the right one, or install it from https://nodejs.org.',
      look: async () => nodeFindings(process.version),
    },
    { ...at, about: 'git', fix: 'Install git with your package manager.', look: () => gitFindings(path) },
    {
      ...at,
      about: 'the data folder',
      fix: 'Name one in dataDir that may be written to.',
      look: () => folderFindings(resolve(config.dataDir)),
    },
    {
      ...at,
      about: 'SIGNALBOX_LEDGER_KEY',
      fix: 'Make one with: signalbox key',
      look: async () => {
        const { key } = segmentSigner(secrets.find('SIGNALBOX_LEDGER_KEY')?.reveal() ?? '');
        return [ok(`the record is signed with key ${key}`)];
      },
    },
  ];
}

/** Whether a Node of this version (`v24.1.0`) can run the program. */
export function nodeFindings(version: string): Finding[] {
  const major = Number(/^v(\d+)/.exec(version)?.[1]);
  if (major >= NODE_MAJOR) return [ok(`Node ${version}`)];
  return [
    fault(
      `Node is ${version}, and ${NODE_MAJOR} or later is needed`,
      'Start with npm, which brings the right one.',
    ),
  ];
}

async function gitFindings(path: string): Promise<Finding[]> {
  const asked = promisify(execFile)('git', ['--version'], { env: { PATH: path } });
  const version = await asked.then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  if (version !== undefined) return [ok(version)];
  return [fault('there is no git program', 'Install git with your package manager.')];
}

async function folderFindings(folder: string): Promise<Finding[]> {
  const existing = await nearestExisting(folder);
  const writable = await access(existing, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (writable) return [ok(`data is kept in ${folder}`)];
  return [
    fault(
      `${existing} may not be written to, and dataDir is ${folder}`,
      'Name a folder in dataDir that may be written to.',
    ),
  ];
}

async function nearestExisting(folder: string): Promise<string> {
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  return exists || folder === dirname(folder) ? folder : nearestExisting(dirname(folder));
}
