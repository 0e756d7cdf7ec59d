/** What people call their stages, in promotion order; the words of a line mean the same stage. */
const STAGES: readonly (readonly string[])[] = [
  ['dev', 'develop', 'development', 'local', 'sandbox'],
  ['test', 'testing', 'tst', 'int', 'integration', 'sit', 'ci'],
  ['qa'],
  ['uat', 'acc', 'acceptance'],
  ['stage', 'staging', 'stg'],
  ['preprod', 'preproduction', 'perf'],
  ['prod', 'production', 'prd', 'live'],
];

/** Folders and files that say nothing of what is in them. */
const GENERIC = new Set(
  'apps app applications services service values overlays overlay base bases charts chart helm environments environment envs env clusters cluster k8s kubernetes deploy deployment deployments manifests manifest kustomization kustomize rollout rollouts namespaces namespace gitops infra main releases release'.split(
    ' ',
  ),
);

/** A stage that a word of a path names. */
export interface StageWord {
  /** Its place in promotion order: the same for every word of the stage. */
  rank: number;
  word: string;
  /** The whole step that the word stands in, such as `prod-eu`. */
  step: string;
}

/** The stage that the deepest telling step of a path names; absent when none does. */
export function stageIn(path: string): StageWord | undefined {
  for (const step of stepsOf(path).reverse()) {
    const words = step.toLowerCase().split(/[-_.]/);
    for (const word of words.reverse()) {
      const rank = STAGES.findIndex((stage) => stage.includes(word));
      if (rank >= 0) return { rank, word, step: step.toLowerCase() };
    }
  }
  return undefined;
}

/** The step after `clusters/`, or the one that names the stage and more (`prod-eu`); absent when neither is there. */
export function clusterIn(path: string): string | undefined {
  const steps = stepsOf(path.slice(0, path.lastIndexOf('/') + 1));
  const after = steps[steps.findIndex((step) => /^clusters?$/i.test(step)) + 1];
  if (after !== undefined && steps.some((step) => /^clusters?$/i.test(step))) return after.toLowerCase();
  const stage = stageIn(path);
  return stage !== undefined && stage.step !== stage.word && steps.includes(stage.step)
    ? stage.step
    : undefined;
}

/** The deepest step that is neither a stage nor a word for everything: mostly the service. */
export function subjectOf(path: string): string | undefined {
  return (
    stepsOf(path)
      .reverse()
      .map((step) => step.toLowerCase().replace(/^values[-_.]?/, ''))
      // `prod-eu` is a place, `orders-prod` a service somewhere.
      .filter((step) => stageIn(step.split(/[-_.]/)[0] ?? '') === undefined)
      .map(withoutStage)
      .find((step) => step !== '' && !GENERIC.has(step))
  );
}

/** A name without the stage that it begins or ends with: `orders-prod` is orders. */
export function withoutStage(name: string): string {
  const words = name.split('-');
  const isStage = (word: string | undefined) => STAGES.some((stage) => stage.includes(word ?? ''));
  if (words.length > 1 && isStage(words.at(-1))) return words.slice(0, -1).join('-');
  if (words.length > 1 && isStage(words[0])) return words.slice(1).join('-');
  return name;
}

function stepsOf(path: string): string[] {
  return path
    .replace(/\.(ya?ml)$/i, '')
    .split('/')
    .filter(Boolean);
}
