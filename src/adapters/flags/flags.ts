import type { FlagProviderKind } from '../../domain/flag/flag-book.ts';
import type { FlagRef } from '../../domain/flag/flag-ref.ts';
import { isReached } from '../../domain/flag/flag-setting.ts';
import { TerminalError } from '../../errors.ts';
import type { Flags } from '../../ports/flags.ts';
import type { ReachedProvider } from './ask-provider.ts';
import { launchDarkly } from './launchdarkly.ts';
import { ofrep } from './ofrep.ts';
import type { ProviderApi } from './provider-api.ts';
import { unleash } from './unleash.ts';

const APIS: Readonly<Record<FlagProviderKind, ProviderApi>> = { unleash, launchdarkly: launchDarkly, ofrep };

/** The keepers of flags, over HTTP, by their names in the configuration. */
export function createFlags(providers: readonly (ReachedProvider & { kind: FlagProviderKind })[]): Flags {
  const of = ({ provider }: Pick<FlagRef, 'provider'>) => {
    const found = providers.find(({ name }) => name === provider);
    if (found === undefined)
      throw new TerminalError(`signalbox.yaml no longer names the flag provider ${provider}.`);
    return { provider: found, api: APIS[found.kind] };
  };
  return {
    async read(ref) {
      const { provider, api } = of(ref);
      return api.read(provider, ref);
    },
    async set(change) {
      const { provider, api } = of(change.ref);
      const answer = await api.read(provider, change.ref);
      if (answer.kind === 'missing') return { kind: 'refused', why: 'missing', says: answer.says };
      if (answer.kind !== 'seen') return { kind: 'refused', why: 'forbidden', says: answer.says };
      const { setting: before, revision } = answer.seen;
      if (isReached(before, change.to)) return { kind: 'found', before, after: before };
      if (change.expects !== undefined && change.expects !== revision) return stale(change.ref);
      const set = await api.set(provider, { ...change, seen: answer.seen });
      if (set.kind === 'refused') return set;
      const after = await api.read(provider, change.ref);
      if (after.kind === 'seen' && isReached(after.seen.setting, change.to))
        return { kind: 'done', before, after: after.seen.setting };
      // It took what we asked for, and shows something else: somebody was there in between.
      return stale(change.ref);
    },
    async access(asked) {
      const { provider, api } = of(asked);
      return api.access(provider, asked);
    },
  };
}

function stale({ key }: FlagRef) {
  return {
    kind: 'refused' as const,
    why: 'stale' as const,
    says: `somebody else changed ${key} since it was looked at`,
  };
}
