import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { catalogNames } from '../../config/rules-of.ts';
import { readConfig } from '../../config.ts';
import { addEntry, type NewEntry } from '../../domain/catalog/add-entry.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { CatalogNames } from '../../domain/catalog/check-names.ts';
import { resolveCatalog } from '../../domain/catalog/resolve-catalog.ts';
import { faultLine, type SourceDocument } from '../../domain/document/fault.ts';
import { ServiceName } from '../../domain/ids.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import { TerminalError } from '../../errors.ts';
import type { Yaml } from '../../ports/yaml.ts';
import type { Answer } from './answer.ts';

/** What `signalbox service add` was asked for. */
export interface ServiceAsked {
  catalog: string;
  config: string;
  image: string;
  owner: string;
  tier?: string;
  dependsOn: string[];
  gate: string[];
  /** Service whose placements it gets, under its own name. */
  like?: string;
  dryRun: boolean;
}

/** Writes one entry into a catalog, comments kept, and lists what is left to do. Throws `TerminalError` with the remedy. */
export async function serviceAddAnswer(
  typed: string,
  asked: ServiceAsked,
  yaml: Pick<Yaml, 'read'>,
): Promise<Answer> {
  const { data: name } = ServiceName.safeParse(typed);
  if (name === undefined)
    throw new TerminalError(
      `${typed} cannot be a service's name: 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.`,
    );
  const config = await configOf(asked.config, yaml);
  const names = catalogNames(config);
  const before = await readFile(asked.catalog, 'utf8').catch(() => {
    throw new TerminalError(
      `${asked.catalog} cannot be read: say --catalog <file>, or make one with signalbox init.`,
    );
  });
  const document = await documentOf(asked.catalog, before, yaml);
  understood(document, names);
  const added = addEntry(before, name, entryFor(name, asked, document));
  if (added.kind === 'refused') throw new TerminalError(`${asked.catalog} stays as it is: ${added.says}.`);
  const catalog = understood(await documentOf(asked.catalog, added.text, yaml), names);
  if (!asked.dryRun) await replace(asked.catalog, added.text);
  const root = rootOf(asked.catalog, config.catalog.path);
  return answerOf(name, asked, { catalog, text: added.text, root });
}

async function configOf(file: string, yaml: Pick<Yaml, 'read'>) {
  const read = await readConfig(file, yaml);
  if (read.kind === 'faulty') throw new TerminalError(read.faults.map(faultLine).join('\n'));
  return read.config;
}

async function documentOf(file: string, text: string, yaml: Pick<Yaml, 'read'>): Promise<SourceDocument> {
  const read = await yaml.read(text);
  if (read.kind === 'read') return { file, ...read };
  throw new TerminalError(
    read.faults.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`).join('\n'),
  );
}

/** Nothing is added to a catalog that cannot be used, and nothing that would make one so. */
function understood(document: SourceDocument, names: CatalogNames): Catalog {
  const resolved = resolveCatalog(document, names);
  if (resolved.kind === 'resolved') return resolved.catalog;
  throw new TerminalError(['Nothing was written:', ...resolved.faults.map(faultLine)].join('\n'));
}

/** As much of a catalog as another entry is modelled on, as it was written: defaults stay unwritten. */
const Written = z.looseObject({
  defaults: z.looseObject({ placements: z.unknown().optional() }).default({}),
  services: z.record(
    z.string(),
    z.looseObject({ placements: z.unknown().optional(), environments: z.array(z.string()).optional() }),
  ),
});

function entryFor(name: ServiceName, asked: ServiceAsked, document: SourceDocument): NewEntry {
  const { owner, image, tier, dependsOn, gate } = asked;
  return {
    owner,
    ...(tier !== undefined && { tier: /^\d$/.test(tier) ? Number(tier) : tier }),
    image,
    ...(dependsOn.length > 0 && { dependsOn }),
    ...(gate.length > 0 && { gates: gate }),
    ...placementsFor(name, asked, Written.parse(document.value)),
  };
}

function placementsFor(
  name: ServiceName,
  { like }: ServiceAsked,
  { services, defaults }: z.infer<typeof Written>,
): NewEntry {
  const known = Object.keys(services);
  if (like === undefined) {
    if (defaults.placements !== undefined) return {};
    const which = known.length > 0 ? `, one of ${known.slice(0, 10).join(', ')}` : ', or write them';
    throw new TerminalError(
      `Where does ${name} run? The catalog has no defaults.placements: say --like <service>${which}.`,
    );
  }
  const model = Object.entries(services).find(([service]) => service === like)?.[1];
  if (model === undefined)
    throw new TerminalError(`There is no service ${like} in the catalog; ${didYouMean(like, known)}.`);
  const { placements, environments } = model;
  return {
    ...(environments && { environments }),
    ...(placements !== undefined && { placements: renamed(placements, { like, name }) }),
  };
}

/** Its name wherever the other's stands as a word of its own: in `orders-prod` it does, in `preorders` it does not. */
function renamed(value: unknown, names: { like: string; name: string }): unknown {
  if (typeof value === 'string') {
    return value.replace(new RegExp(`(?<![a-z0-9])${names.like}(?![a-z0-9])`, 'g'), names.name);
  }
  if (Array.isArray(value)) return value.map((inner) => renamed(inner, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner, names)]));
}

/** Whoever reads it meanwhile sees the old one or the new one. */
async function replace(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  await writeFile(beside, text, { flag: 'wx' });
  await rename(beside, file);
}

/** The repository's root, by where the catalog is in it. */
function rootOf(file: string, path: string): string {
  const full = resolve(file);
  return full.endsWith(`/${path}`) ? full.slice(0, -path.length) : dirname(full);
}

async function answerOf(
  name: ServiceName,
  { catalog: file, dryRun }: ServiceAsked,
  { catalog, text, root }: { catalog: Catalog; text: string; root: string },
): Promise<Answer> {
  const placements = Object.values(catalog.services[name]?.placements ?? {}).flat();
  const files = [...new Set(placements.flatMap(({ git }) => (git ? [git.file] : [])))];
  const there = await Promise.all(
    files.map((path) =>
      access(join(root, path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  const missing = files.filter((_, i) => !there[i]);
  const left = [
    ...missing.map(
      (path) =>
        `${path} is not there yet: put the Rollout's file where the catalog says, or correct the placement`,
    ),
    'commit the catalog; the bot reads it again within seconds',
    'new clusters or namespaces: signalbox rbac again',
    `then: signalbox check, and /release cut ${Object.keys(catalog.services[name]?.placements ?? {})[0] ?? '<env>'} ${name}@<version>`,
  ];
  const head = dryRun ? text.trimEnd() : `${file}: added ${name}`;
  return {
    isFine: true,
    text: [head, 'Left to you:', ...left.map((line) => `- ${line}.`)].join('\n'),
    json: { ok: true, service: name, written: !dryRun, missing, left, ...(dryRun && { text }) },
  };
}
