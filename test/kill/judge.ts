import type { World } from '../../src/sandbox/world.ts';

/** Throws with everything that was done more than once. What was not done at all keeps its release from ending. */
export async function judge(world: World): Promise<void> {
  const doubled = [
    ...repeated(await purposes(world)).map((purpose) => `commit ${purpose}`),
    ...repeated(writes(world)).map((write) => `write ${write}`),
    ...repeated(messages(world)).map((message) => `message ${message}`),
    ...repeated(channelNames(world)).map((name) => `channel ${name}`),
  ];
  if (doubled.length > 0) throw new Error(`done more than once: ${doubled.join('; ')}`);
}

/** What each commit on any branch was made for; a commit on several branches is one. */
async function purposes({ gitops }: World): Promise<string[]> {
  const logs = await Promise.all((await gitops.branches()).map((branch) => gitops.log(branch)));
  const commits = new Map(logs.flat().map(({ commit, message }) => [commit, message]));
  return [...commits.values()].flatMap((message) => {
    const [release, intent] = ['Release-Id', 'Release-Intent'].map((name) => trailer(message, name));
    return release && intent ? [`${release} ${intent}`] : [];
  });
}

function trailer(message: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.+)$`, 'm').exec(message)?.[1];
}

/** Writes to Rollouts that the API server took. Asking Argo CD to look again is no harm, so refreshes are not among them. */
function writes({ cluster }: World): string[] {
  return cluster.requests
    .filter(({ method, code, path }) => method === 'PATCH' && code === 200 && path.includes('/rollouts/'))
    .map(({ path, body }) => `${path} ${JSON.stringify(body)}`);
}

/** What each message of the program says it is. */
function messages({ workspace }: World): string[] {
  return [...workspace.state().channels.values()].flatMap(({ id }) =>
    workspace
      .state()
      .messages(id)
      .flatMap((message) =>
        'metadata' in message && message.metadata ? [JSON.stringify(message.metadata)] : [],
      ),
  );
}

function channelNames({ workspace }: World): string[] {
  return [...workspace.state().channels.values()].map(({ name }) => name.replace(/-\d+$/, ''));
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
}
