import type { Misunderstood, Verb, Vocabulary } from '../../src/domain/command.ts';
import { IncidentId } from '../../src/domain/ids.ts';
import type { Request } from '../../src/domain/request.ts';
import { environmentOf, type Meant, misunderstood, serviceChoices, takeDryRun, usageOf } from '../grammar.ts';

type Cut = Extract<Request, { kind: 'cut' }>;

/** `/release cut`. The last environment without services is asked about first; `--dry-run` makes it a plan. */
export const cut: Verb = {
  name: 'cut',
  usage: '<env> [service@version …] [train=name] [migrations=path] [--hotfix INC-n] [--dry-run]',
  summary: 'Put a release together, check it and ask for approval',
  examples: [
    'cut staging',
    'cut dev orders-api@1.8.0 cart@sha256:…',
    'cut prod',
    'cut prod --dry-run',
    'cut prod --hotfix INC-4 cart@1.8.1',
  ],
  understand(words, vocabulary) {
    const meant = readCut(words, vocabulary, cut);
    if (meant.kind === 'misunderstood') return meant;
    const last = vocabulary.environments.at(-1);
    // The last environment is where it matters most: the computed list is shown before anything is made of it.
    const asksFirst = meant.environment === last && vocabulary.environments.length > 1;
    if (asksFirst && meant.services.length === 0 && !meant.dryRun && meant.migrations === undefined) {
      return {
        kind: 'understood',
        request: { kind: 'cutPreview', environment: meant.environment },
        opens: `Cut ${meant.environment}`.slice(0, 24),
      };
    }
    return { kind: 'understood', request: meant };
  },
};

/** `/release plan`: what `cut` with the same words would do, and nothing is done. */
export const plan: Verb = {
  name: 'plan',
  usage: '<env> [service@version …] [train=name] [migrations=path] [--hotfix INC-n]',
  summary: 'Show what a cut would do, without recording or committing anything',
  examples: ['plan prod', 'plan dev orders-api@1.8.0'],
  understand(words, vocabulary) {
    const meant = readCut(words, vocabulary, plan);
    if (meant.kind === 'misunderstood') return meant;
    return { kind: 'understood', request: { ...meant, dryRun: true } };
  },
};

function readCut(typed: readonly string[], vocabulary: Vocabulary, verb: Verb): Cut | Misunderstood {
  const usage = usageOf(verb, vocabulary);
  const { dryRun, rest: all } = takeDryRun(typed);
  const { hotfix, rest: words } = takeHotfix(all);
  if (hotfix?.kind === 'misunderstood') return { ...hotfix, usage };
  const [first, ...rest] = words;
  const environment = environmentOf(first, vocabulary);
  if (environment.kind === 'misunderstood') return { ...environment, usage };
  const [train] = rest.filter((word) => word.startsWith('train='));
  const [migrations] = rest.filter((word) => word.startsWith('migrations='));
  const isSetting = (word: string) => word.startsWith('train=') || word.startsWith('migrations=');
  const chosen = serviceChoices(rest.filter((word) => !isSetting(word)));
  if (chosen.kind === 'misunderstood') return { ...chosen, usage };
  if (hotfix && chosen.value.length === 0)
    return misunderstood(
      'A hotfix names each service that it mends',
      [`cut ${environment.value} --hotfix ${hotfix.value} cart@1.8.1`],
      usage,
    );
  const name = train?.slice('train='.length);
  const path = migrations?.slice('migrations='.length);
  if (path !== undefined && !isInside(path))
    return misunderstood(
      `migrations=${path} is no path inside the repository of the manifests`,
      ['migrations=releases/migrations/orders-tax.yaml'],
      usage,
    );
  return {
    kind: 'cut',
    environment: environment.value,
    services: chosen.value,
    leaveOut: [],
    ...(name && { train: name }),
    ...(hotfix && { hotfix: hotfix.value }),
    ...(path !== undefined && { migrations: path }),
    ...(dryRun && { dryRun }),
  };
}

/** Takes `--hotfix INC-4`, `--hotfix 4` or `hotfix=4` out of words that may hold it anywhere. */
function takeHotfix(words: readonly string[]): { hotfix?: Meant<IncidentId>; rest: string[] } {
  const at = words.findIndex((word) => /^(--)?hotfix(=.*)?$/i.test(word));
  const option = words[at];
  if (option === undefined) return { rest: [...words] };
  const own = option.includes('=');
  const number = own ? option.slice(option.indexOf('=') + 1) : (words[at + 1] ?? '');
  const id = IncidentId.safeParse(`INC-${number.replace(/^inc-?/i, '')}`);
  const rest = words.filter((_, index) => index !== at && (own || index !== at + 1));
  const hotfix: Meant<IncidentId> = id.success
    ? { kind: 'meant', value: id.data }
    : misunderstood('Which incident does the hotfix mend?', ['--hotfix INC-4']);
  return { hotfix, rest };
}

/** A path from the repository's root, that leads nowhere else. */
function isInside(path: string): boolean {
  return path.length <= 500 && path.split('/').every((step) => step !== '' && step !== '.' && step !== '..');
}
