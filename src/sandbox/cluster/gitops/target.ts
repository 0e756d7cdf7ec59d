import { APPLICATIONS } from '../api/resources.ts';
import { type ControllerContext, change } from '../controllers/controller.ts';
import type { KubeObject } from '../rollout/objects.ts';
import type { Application } from './application-object.ts';
import { tracked } from './compare.ts';
import type { GitSources } from './git-source.ts';
import { render } from './render.ts';

/** Annotation by which people and bots ask for a look at Git; consumed when seen. */
export const REFRESH = 'argocd.argoproj.io/refresh';

/** What is wanted at a commit. */
export interface TargetObjects {
  kind: 'objects';
  revision: string;
  objects: KubeObject[];
  sourceType: string;
}

/** What is wanted, or why that cannot be told. */
export type Target = TargetObjects | { kind: 'failure'; message: string };

/** What the agent remembers of an Application. */
export interface Memory {
  target?: Target;
  /** Milliseconds since 1970 of the last look at Git; minus infinity before the first. */
  lookedAt: number;
  /** The spec that was read, so that another one is read at once. */
  spec: string;
  /** Since when it drifts at a revision that was synced. */
  driftedAt?: number | undefined;
}

/** Nothing is known yet. */
export function emptyMemory(): Memory {
  return { lookedAt: Number.NEGATIVE_INFINITY, spec: '' };
}

/** Looks at Git when somebody asked for it, when the time has come, and when the spec is another one. */
export async function refresh(
  context: ControllerContext,
  options: { git: GitSources; pollMs: number },
  at: { app: Application; memory: Memory },
): Promise<void> {
  const { app, memory } = at;
  const now = context.scheduler.now();
  const spec = JSON.stringify(app.spec);
  const isAsked = app.metadata.annotations?.[REFRESH] !== undefined;
  if (!isAsked && now < memory.lookedAt + options.pollMs && memory.spec === spec) return;
  if (isAsked) consumeRefresh(context, app);
  memory.lookedAt = now;
  memory.spec = spec;
  memory.target = await readTarget(options.git, app);
}

function consumeRefresh(context: ControllerContext, { metadata }: Application): void {
  const { namespace, name } = metadata;
  const to = (app: Application): Application => {
    const { [REFRESH]: _, ...annotations } = app.metadata.annotations ?? {};
    return { ...app, metadata: { ...app.metadata, annotations } };
  };
  change(context, APPLICATIONS, { namespace, name, part: 'main', to });
}

async function readTarget(git: GitSources, { metadata, spec }: Application): Promise<Target> {
  const failure = (message: string): Target => ({
    kind: 'failure',
    message: `Failed to load target state: ${message}`,
  });
  const read = await git.read(spec.source.repoURL, spec.source.targetRevision ?? 'HEAD');
  if (read.kind === 'failure') return failure(read.message);
  const { name } = metadata;
  const namespace = spec.destination.namespace ?? 'default';
  const rendered = render(read.snapshot.files, spec.source, { name, namespace });
  if (rendered.kind === 'failure') return failure(`failed to generate manifest: ${rendered.message}`);
  const objects = rendered.objects.map((object) => tracked(name, object));
  return { ...rendered, revision: read.snapshot.commit, objects };
}
