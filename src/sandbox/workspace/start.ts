import { z } from 'zod';
import { TerminalError } from '../../errors.ts';
import { createAppLink } from './app/app-link.ts';
import { startEvents } from './app/events.ts';
import { createResponseUrls } from './app/response-urls.ts';
import { createSocketTransport } from './app/socket-transport.ts';
import { createTriggers } from './app/triggers.ts';
import { type AppManifest, appManifest } from './app-manifest.ts';
import { secret } from './ids.ts';
import { createPage } from './page/serve-page.ts';
import type { WorkspaceParts } from './parts.ts';
import { createDriver } from './people/driver.ts';
import { actingPerson } from './people/person.ts';
import { createRawRequests } from './raw-requests.ts';
import { workspaceSeed } from './seed.ts';
import { openLoopback, serve } from './serve.ts';
import { findChannel, leaveChannel } from './state/channels.ts';
import { createWorld, type World } from './state/world.ts';
import { SLACK_TIMING, type Timing } from './timing.ts';
import { waitUntil } from './wait-until.ts';
import type { ApiCall } from './web-api/api-call.ts';
import { createFaults, type OrderedFaults } from './web-api/faults.ts';
import { createRateLimits } from './web-api/rate-limits.ts';
import type { Workspace, WorkspaceOptions, WorkspaceState } from './workspace.ts';

/**
 * Starts a Slack-like workspace on 127.0.0.1: Slack's Web API, its requests to an app, and a page for people.
 * It refuses what Slack refuses. Throws TerminalError when the seed or the manifest does not hold.
 */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const manifest = parse(appManifest, options.manifest, 'the Slack app manifest');
  const seed = parse(workspaceSeed, options.seed, 'the workspace seed');
  const now = options.now ?? Date.now;
  const timing = { ...SLACK_TIMING, ...options.timing };
  const world = createWorld(seed, { appName: appName(manifest), now });
  const first = actingPerson(world, options.firstPerson ?? seed.people[0]?.name ?? '');

  const loopback = await openLoopback(options.port ?? 0);
  const signingSecret = options.signingSecret ?? secret(16);
  const parts = createParts(options, { world, manifest, timing, signingSecret, url: loopback.url });
  const requests: ApiCall[] = [];
  const faults = createFaults((idOrName) => findChannel(world, idOrName)?.id ?? idOrName);
  const page = createPage(parts, { thingsToTry: options.thingsToTry ?? '', firstPersonId: first.id });
  const limits = createRateLimits(options.rateLimits ?? { scale: 1 }, now);
  serve(loopback.server, parts, { page, api: { limits, faults, note: (call) => requests.push(call) } });
  const stopEvents = startEvents(parts, timing);
  const down = async () => {
    parts.sockets.cutAll();
    page.close();
    await loopback.down();
  };

  return {
    ...facade(parts, { signingSecret, now }),
    pageUrl: page.url,
    requests,
    faults: faultsOf(world, faults, { down, up: loopback.up }),
    [Symbol.asyncDispose]: async () => {
      stopEvents();
      await parts.sockets.closeAll();
      await down();
    },
  };
}

interface Ground {
  readonly world: World;
  readonly manifest: AppManifest;
  readonly timing: Timing;
  readonly signingSecret: string;
  readonly url: string;
}

function createParts(options: WorkspaceOptions, ground: Ground): WorkspaceParts {
  const { world, manifest, timing, signingSecret, url } = ground;
  const { now } = world;
  const sockets = createSocketTransport({ appId: world.app.appId, timing });
  return {
    world,
    manifest,
    ownCommands: options.ownCommands ?? [],
    scopes: new Set(options.scopes ?? manifest.oauth_config.scopes.bot),
    tokens: options.tokens ?? { bot: `xoxb-${secret(12)}`, app: `xapp-1-${secret(12)}` },
    triggers: createTriggers({ timing, now }),
    responseUrls: createResponseUrls(world, timing),
    sockets,
    link: createAppLink({ sockets, signingSecret, timing, now }),
    url,
  };
}

/** What tests and the sandbox see of the parts. */
function facade(
  parts: WorkspaceParts,
  { signingSecret, now }: { signingSecret: string; now: () => number },
): Omit<Workspace, 'pageUrl' | 'requests' | 'faults' | typeof Symbol.asyncDispose> {
  const { world, link, sockets, tokens, url } = parts;
  const state = stateOf(world);
  return {
    url,
    apiUrl: `${url}/api/`,
    tokens,
    signingSecret,
    teamId: world.team.id,
    appId: world.app.appId,
    botUserId: world.app.botUserId,
    connectApp: link.connect,
    person: (nameOrId) => createDriver(parts, nameOrId),
    deliveries: link.deliveries,
    state: () => state,
    sockets: {
      count: sockets.count,
      refresh: ({ isWarned = false } = {}) => sockets.refresh({ isWarned }),
    },
    raw: createRawRequests(link, { signingSecret, now }),
    waitFor: (find, waiting = {}) => waitUntil(() => find(state), waiting),
  };
}

function faultsOf(
  world: World,
  faults: OrderedFaults,
  server: Pick<Workspace['faults'], 'down' | 'up'>,
): Workspace['faults'] {
  return {
    ...server,
    next: faults.next,
    clear: faults.clear,
    get pending() {
      return faults.pending;
    },
    kickBot: (name) => leaveChannel(world, channelOf(world, name), world.app.botUserId),
  };
}

function parse<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TerminalError(`${what} does not hold:\n${z.prettifyError(parsed.error)}`);
}

function appName(manifest: AppManifest): string {
  return manifest.features.bot_user?.display_name ?? manifest.display_information.name;
}

function channelOf(world: World, nameOrId: string) {
  const channel = findChannel(world, nameOrId);
  if (channel === undefined) throw new Error(`there is no channel ${nameOrId}`);
  return channel;
}

function stateOf(world: World): WorkspaceState {
  const { people, usergroups, channels, ephemerals, notifications, modals, homes } = world;
  return {
    people,
    usergroups,
    channels,
    ephemerals,
    notifications,
    modals,
    homes,
    channel: (nameOrId) => channelOf(world, nameOrId),
    messages: (nameOrId) => channelOf(world, nameOrId).messages,
  };
}
