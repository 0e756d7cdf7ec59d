import { readDocument } from './config/read-document.ts';
import { type ConfigResolved, resolveConfig } from './config/resolve-config.ts';
import type { Config } from './config/schema.ts';
import { readSecrets, type Secrets } from './config/secrets.ts';
import { faultLine } from './domain/document/fault.ts';
import type { Yaml } from './ports/yaml.ts';

export type ConfigLoaded =
  | { kind: 'loaded'; config: Config; secrets: Secrets }
  /** One line for each fault, with file, line and column where there is one; no secret in any of them. */
  | { kind: 'faulty'; lines: string[] };

/**
 * Reads the configuration from its file, then the secrets it needs from the environment. Tells every fault of the file at once,
 * or every fault of the secrets: which secrets are needed is only known from a file without faults.
 */
export async function loadConfig(from: {
  /** Path of `signalbox.yaml`. */
  file: string;
  env: Readonly<Record<string, string | undefined>>;
  yaml: Pick<Yaml, 'read'>;
}): Promise<ConfigLoaded> {
  const read = await readConfig(from.file, from.yaml);
  if (read.kind === 'faulty') return { kind: 'faulty', lines: read.faults.map(faultLine) };
  const secrets = readSecrets(from.env, read.config);
  if (secrets.kind === 'faulty') return { kind: 'faulty', lines: secrets.faults };
  return { kind: 'loaded', config: read.config, secrets: secrets.secrets };
}

/** Reads the configuration alone: for what can be said without any secret. */
export async function readConfig(file: string, yaml: Pick<Yaml, 'read'>): Promise<ConfigResolved> {
  const read = await readDocument(file, yaml);
  return read.kind === 'faulty' ? read : resolveConfig(read.document);
}
