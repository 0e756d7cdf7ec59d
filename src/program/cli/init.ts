import { access, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { surveyClusters } from '../../adapters/kubernetes/survey-clusters.ts';
import { resolveConfig } from '../../config/resolve-config.ts';
import { rulesOf } from '../../config/rules-of.ts';
import { componentsIn } from '../../domain/adoption/backstage.ts';
import { readCodeOwners } from '../../domain/adoption/code-owners.ts';
import { firstCatalog, firstConfig } from '../../domain/adoption/first-documents.ts';
import { nameOf, type Proposal, propose } from '../../domain/adoption/proposal.ts';
import type { OpenQuestion, RepositoryFile } from '../../domain/adoption/repository-file.ts';
import { compareWithClusters, type SeenCluster } from '../../domain/adoption/seen-cluster.ts';
import { type Survey, surveyRepository } from '../../domain/adoption/survey.ts';
import { resolveCatalog } from '../../domain/catalog/resolve-catalog.ts';
import { faultLine } from '../../domain/document/fault.ts';
import { TerminalError } from '../../errors.ts';
import type { Yaml } from '../../ports/yaml.ts';
import { count } from '../../views/words.ts';
import type { Answer } from './answer.ts';
import { readWorkingCopy } from './read-working-copy.ts';

/** What `signalbox init` was asked for. */
export interface InitAsked {
  /** Where `signalbox.yaml` goes. */
  config: string;
  /** Where the catalog goes; absent: `catalog.yaml` at the root of the working copy. */
  catalog?: string;
  /** Reads the clusters of this file, too. */
  kubeconfig?: string;
  /** Folders with `catalog-info.yaml` of Backstage, besides the working copy. */
  backstage: string[];
  dryRun: boolean;
}

interface Made {
  path: string;
  text: string;
}

/** Looks at a working copy, writes a first configuration and catalog, and lists what is left to a person. Overwrites nothing. */
export async function initAnswer(
  folder: string,
  asked: InitAsked,
  { yaml, now }: { yaml: Pick<Yaml, 'readAll' | 'read'>; now: () => number },
): Promise<Answer> {
  const copy = await readWorkingCopy(folder, yaml);
  const elsewhere = await Promise.all(asked.backstage.map((one) => readElsewhere(one, yaml)));
  const found = surveyRepository(copy.files);
  const { survey, contexts } = await withClusters(
    { ...found, open: [...copy.open, ...found.open] },
    asked,
    now,
  );
  if (survey.places.length === 0) throw new TerminalError(nothingFound(folder, survey.open));
  const backstage = componentsIn([...copy.files, ...elsewhere.flatMap(({ files }) => files)]);
  const proposal = propose(
    { ...survey, open: [...survey.open, ...elsewhere.flatMap(({ open }) => open), ...backstage.open] },
    { components: backstage.components, codeOwners: readCodeOwners(copy.codeOwners) },
  );
  const catalogFile = asked.catalog ?? join(copy.root, 'catalog.yaml');
  const catalogPath = relative(copy.root, resolve(catalogFile)).replaceAll('\\', '/');
  const isInside = !catalogPath.startsWith('..');
  const config = firstConfig(proposal, {
    url: copy.url,
    branch: copy.branch,
    catalogPath: isInside ? catalogPath : 'catalog.yaml',
    ...(asked.kubeconfig !== undefined && {
      kubeconfig: { path: resolve(asked.kubeconfig), contexts: contexts },
    }),
  });
  const made = [
    { path: asked.config, text: `${config}\n` },
    { path: catalogFile, text: `${firstCatalog(proposal)}\n` },
  ] as const;
  await mustBeValid(made, yaml);
  if (!asked.dryRun) await writeNew(made);
  return answerOf(proposal, made, { ...asked, hasUrl: copy.url !== undefined, isInside });
}

/** Several repositories have a `catalog-info.yaml` at their root: each is called by its folder, too. */
async function readElsewhere(
  folder: string,
  yaml: Pick<Yaml, 'readAll'>,
): Promise<{ files: RepositoryFile[]; open: OpenQuestion[] }> {
  const { root, files, open } = await readWorkingCopy(folder, yaml);
  const called = (path: string) => `${basename(root)}/${path}`;
  return {
    files: files.map((file) => ({ ...file, path: called(file.path) })),
    open: open.map((question) => ({ ...question, at: called(question.at) })),
  };
}

async function withClusters(
  survey: Survey,
  { kubeconfig }: InitAsked,
  now: () => number,
): Promise<{ survey: Survey; contexts: Record<string, string> }> {
  if (kubeconfig === undefined) return { survey, contexts: {} };
  const contexts = await surveyClusters(kubeconfig, { now });
  const seen: SeenCluster[] = contexts.flatMap((one) => (one.kind === 'read' ? [one] : []));
  const unread = contexts.flatMap((one): OpenQuestion[] =>
    one.kind === 'read'
      ? []
      : [{ at: one.context, says: `could not be read: ${one.why}`, todo: 'See to it, and run init again.' }],
  );
  const compared = compareWithClusters(survey, seen);
  return {
    survey: { ...compared, open: [...compared.open, ...unread] },
    contexts: Object.fromEntries(contexts.map(({ context }) => [nameOf(context), context])),
  };
}

function nothingFound(folder: string, open: readonly OpenQuestion[]): string {
  return [
    `There is no Rollout in ${folder}, and no Helm values that decide the image of one. Nothing was written.`,
    ...open.map(questionLine),
    'Name the folder that Argo CD applies; Deployments become Rollouts first: https://argoproj.github.io/argo-rollouts/migrating/',
  ].join('\n');
}

/** What this writes must be what this reads: anything else is told before a file is there. */
async function mustBeValid(
  [config, catalog]: readonly [Made, Made],
  yaml: Pick<Yaml, 'read'>,
): Promise<void> {
  const read = async ({ path, text }: Made) => {
    const document = await yaml.read(text);
    if (document.kind === 'refused') throw new TerminalError(`${path}: ${document.faults[0]?.message ?? ''}`);
    return { file: path, ...document };
  };
  const resolved = resolveConfig(await read(config));
  const checked =
    resolved.kind === 'resolved'
      ? resolveCatalog(await read(catalog), rulesOf(resolved.config).catalogNames)
      : resolved;
  if (checked.kind !== 'faulty') return;
  throw new TerminalError(
    [
      'What was found does not fit together; nothing was written. Look at it with --dry-run, or write the files by hand:',
      ...checked.faults.map(faultLine),
    ].join('\n'),
  );
}

/** Both or neither: one that is there already is somebody's work. */
async function writeNew(made: readonly Made[]): Promise<void> {
  const there = await Promise.all(made.map(async ({ path }) => ((await exists(path)) ? [path] : [])));
  if (there.flat().length > 0) {
    throw new TerminalError(
      `${there.flat().join(' and ')} ${there.flat().length === 1 ? 'is' : 'are'} there already, and nothing was written. Show what would be with --dry-run, or write elsewhere with --config and --catalog.`,
    );
  }
  for (const { path, text } of made) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function answerOf(
  proposal: Proposal,
  made: readonly Made[],
  { dryRun, hasUrl, isInside, config, catalog }: InitAsked & { hasUrl: boolean; isInside: boolean },
): Answer {
  const open = [...proposal.open, ...always({ hasUrl, isInside, config, catalog })];
  const { environments, clusters, services } = proposal;
  const summary = `${count(services.length, 'service')} in ${environments.join(', ')} on ${clusters.join(', ')}`;
  const files = dryRun
    ? made.flatMap(({ path, text }) => [`# ${path}`, text])
    : made.map(({ path }) => `wrote ${path}`);
  return {
    isFine: true,
    text: [...files, `${summary}. Left to you:`, ...open.map(questionLine)].join('\n'),
    json: {
      ok: true,
      written: dryRun ? [] : made.map(({ path }) => path),
      ...(dryRun && { files: Object.fromEntries(made.map(({ path, text }) => [path, text])) }),
      environments,
      clusters,
      services: services.map(({ name }) => name),
      open,
    },
  };
}

/** What no working copy tells. */
function always(found: {
  hasUrl: boolean;
  isInside: boolean;
  config: string;
  catalog?: string | undefined;
}): OpenQuestion[] {
  const at = found.config;
  return [
    ...(found.hasUrl
      ? []
      : [
          {
            at,
            says: 'the working copy has no remote',
            todo: 'Write the address at repositories.gitops.url.',
          },
        ]),
    ...(found.isInside
      ? []
      : [
          {
            at: found.catalog ?? '',
            says: 'is outside the working copy',
            todo: 'Put it into the repository, where catalog.path says.',
          },
        ]),
    {
      at,
      says: 'ids of Slack: channels and people are called REPLACE',
      todo: 'Copy them from Slack, and name the installation.',
    },
    { at, says: 'who may do what: one role may everything', todo: 'See environments[].may and approvals.' },
    {
      at,
      says: 'no gates',
      todo: 'Add prometheus, gatePresets and environments[].gates; start with one service and one gate for each metric.',
    },
    {
      at: 'catalog',
      says: 'tiers and dependsOn',
      todo: 'Write what each service needs: it decides the order, and what goes back together.',
    },
    { at, says: 'then', todo: 'signalbox validate, signalbox key, signalbox check.' },
  ];
}

function questionLine({ at, says, todo }: OpenQuestion): string {
  return `- ${at === '' ? '' : `${at}: `}${says}. ${todo}`;
}
