import { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { parseImageReference } from '../../domain/content/image-reference.ts';
import { templateImages } from '../../domain/rollout/objects/metadata.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { createApiClient } from './api-client.ts';
import { saysOf } from './api-status.ts';
import { openCredentials } from './credentials.ts';
import { APPLICATIONS, listPath, type ResourceKind, ROLLOUTS } from './resources.ts';

/** What a context of a kubeconfig reaches. */
export type SurveyedContext =
  | {
      kind: 'read';
      context: string;
      rollouts: { namespace: string; name: string; images: string[] }[];
      /** Argo CD Applications, with the Rollouts that each applies in this cluster; none where they may not be read. */
      applications: { namespace: string; name: string; rollouts: { namespace: string; name: string }[] }[];
    }
  | { kind: 'unreadable'; context: string; why: string };

/** Somebody waits at a terminal, and a cluster of a kubeconfig may be long gone. */
const DEADLINE_MS = 10_000;

const Rollouts = z.object({
  items: z.array(
    z
      .object({
        metadata: z.object({ name: z.string(), namespace: z.string() }),
        spec: z.object({ template: templateImages }),
      })
      .transform(({ metadata, spec }) => ({
        ...metadata,
        images: Object.values(spec.template).map((image) => parseImageReference(image).repository),
      })),
  ),
});

const Applications = z.object({
  items: z.array(
    z
      .object({
        metadata: z.object({ name: z.string(), namespace: z.string() }),
        status: z
          .object({
            resources: z
              .array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().nullish() }))
              .nullish(),
          })
          .nullish(),
      })
      .transform(({ metadata, status }) => ({
        ...metadata,
        rollouts: (status?.resources ?? [])
          .filter(({ kind }) => kind === 'Rollout')
          .map(({ name, namespace }) => ({ name, namespace: namespace ?? '' })),
      })),
  ),
});

/** Reads, and only reads, what every context of a kubeconfig has. Throws `TerminalError` when the file cannot be read. */
export function surveyClusters(path: string, clock: Clock): Promise<SurveyedContext[]> {
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
  } catch (cause) {
    throw new TerminalError(`${path} cannot be read as a kubeconfig.`, { cause });
  }
  return Promise.all(config.getContexts().map(({ name }) => survey(path, name, clock)));
}

async function survey(path: string, context: string, clock: Clock): Promise<SurveyedContext> {
  try {
    const credentials = openCredentials(context, { kind: 'kubeconfig', path, context }, clock);
    await using api = createApiClient(context, credentials);
    const list = (kind: ResourceKind) =>
      api.send({ method: 'GET', path: listPath(kind, undefined), deadlineMs: DEADLINE_MS });
    const [rollouts, applications] = await Promise.all([list(ROLLOUTS), list(APPLICATIONS)]);
    const read = Rollouts.safeParse(rollouts.body);
    if (rollouts.status !== 200 || !read.success)
      return { kind: 'unreadable', context, why: saysOf(rollouts) };
    return {
      kind: 'read',
      context,
      rollouts: read.data.items,
      // Where there is no Argo CD, or it is not for this person to see, its Applications stay open.
      applications: Applications.safeParse(applications.body).data?.items ?? [],
    };
  } catch (error) {
    if (!(error instanceof TerminalError || error instanceof UnavailableError)) throw error;
    return { kind: 'unreadable', context, why: error.message };
  }
}
