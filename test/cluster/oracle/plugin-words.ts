import type { ClusterCommands } from '../kubectl.ts';
import { NAMESPACE } from './objects.ts';

/** What the two commands that show a Rollout print, as far as we show it too. */
export interface PluginWords {
  /** What `status` prints, of a degraded Rollout with the message that it fails with. */
  status: string;
  phase: string;
  message: string;
  strategy: string;
  step: string;
  setWeight: string;
  actualWeight: string;
  /** Image to marks, of ReplicaSets that have Pods. */
  images: Record<string, string[]>;
  desired: string;
  updated: string;
  available: string;
}

/** Runs `kubectl argo rollouts get rollout` and `status`. */
export async function pluginWords(commands: ClusterCommands, name: string): Promise<PluginWords> {
  const where = [name, '--namespace', NAMESPACE];
  const [shown, status] = await Promise.all([
    commands.argoRollouts('get', 'rollout', ...where, '--no-color'),
    commands.attempt('kubectl-argo-rollouts', 'status', ...where, '--watch=false'),
  ]);
  const lines = shown.slice(0, shown.indexOf('\n\n')).split('\n');
  const field = (label: string): string =>
    lines
      .find((line) => line.startsWith(`${label}:`))
      ?.slice(label.length + 1)
      .trim() ?? '';
  const failure = /degraded state with message: (.*)/.exec(status.stderr)?.[1];
  return {
    status: failure === undefined ? status.stdout.trim() : `${status.stdout.trim()} - ${failure}`,
    // Behind the sign.
    phase: field('Status').split(' ').at(-1) ?? '',
    message: field('Message'),
    strategy: field('Strategy'),
    step: field('  Step'),
    setWeight: field('  SetWeight'),
    actualWeight: field('  ActualWeight'),
    images: imagesIn(lines),
    desired: field('  Desired'),
    updated: field('  Updated'),
    available: field('  Available'),
  };
}

/** The mark of what an experiment runs, which we don't show. */
const OF_EXPERIMENT = /^Σ:/;

/** The first image stands behind the label, each other one on a line of its own under it. */
function imagesIn(lines: readonly string[]): Record<string, string[]> {
  const from = lines.findIndex((line) => line.startsWith('Images:'));
  if (from < 0) return {};
  const to = lines.findIndex((line) => line.startsWith('Replicas:'));
  const printed = lines.slice(from, to).map((line): [string, string[]] => {
    const [image = '', marks] = line
      .replace('Images:', '')
      .trim()
      .split(/ \(|\)$/);
    return [image, marks?.split(', ') ?? []];
  });
  return Object.fromEntries(
    printed
      .filter(([, marks]) => marks.length === 0 || !marks.every((mark) => OF_EXPERIMENT.test(mark)))
      .map(([image, marks]) => [image, marks.filter((mark) => !OF_EXPERIMENT.test(mark)).sort()]),
  );
}
