import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { commands } from '../../../commands/registry.ts';
import { connectSlack, type SlackConnection } from '../../../src/adapters/slack/connect.ts';
import type { ReceiveParts } from '../../../src/adapters/slack/receive/app.ts';
import { receiveOverHttp } from '../../../src/adapters/slack/receive/over-http.ts';
import type { Receiving } from '../../../src/adapters/slack/receive/receiving.ts';
import { realTimers, type Timers } from '../../../src/adapters/slack/timers.ts';
import { code, mrkdwn } from '../../../src/domain/text/mrkdwn.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { startWorkspace } from '../../../src/sandbox/workspace/start.ts';
import type { Workspace, WorkspaceOptions } from '../../../src/sandbox/workspace/workspace.ts';
import { logLines } from './log-lines.ts';
import { openStores, type Stores } from './stores.ts';

/** The Slack app manifest, as people paste it. */
export async function readManifest(): Promise<unknown> {
  return parse(await readFile(new URL('../../../manifests/slack-app.yaml', import.meta.url), 'utf8'));
}

/** People of every kind, a usergroup, and channels the bot is in and not in. */
export const SEED: WorkspaceOptions['seed'] = {
  people: [
    { name: 'ana' },
    { name: 'ben' },
    { name: 'cleo' },
    { name: 'robin' },
    { name: 'gus', kind: 'guest' },
    { name: 'eve', kind: 'external' },
    { name: 'old', kind: 'deactivated' },
    { name: 'robot', kind: 'bot' },
  ],
  usergroups: [{ handle: 'oncall', id: 'S0ONCALL', members: ['cleo'] }],
  channels: [
    { name: 'releases', hasBot: true, members: ['ana', 'ben', 'cleo', 'gus', 'eve'] },
    { name: 'private', isPrivate: true, hasBot: true, members: ['ana'] },
    { name: 'elsewhere', members: ['ana', 'ben'] },
    { name: 'closed', isArchived: true, hasBot: true },
  ],
};

/** A workspace, our side of it, and what is kept outside of both. */
export interface SlackWorld extends AsyncDisposable {
  workspace: Workspace;
  slack: SlackConnection;
  stores: Stores;
  parts: ReceiveParts;
  /** Every line that was logged, at any level. */
  lines: string[];
  /** An id by the person's or channel's name. */
  idOf(name: string): string;
}

/** Opens a workspace that is talked to and does not talk back. Without limits unless asked for. */
export async function openWorld(options: Partial<WorkspaceOptions> = {}): Promise<SlackWorld> {
  const workspace = await startWorkspace({
    seed: SEED,
    manifest: await readManifest(),
    rateLimits: 'off',
    ...options,
  });
  const stores = openStores();
  const { logger, lines } = logLines();
  const clock = { now: Date.now };
  const slack = connectSlack(
    {
      botToken: workspace.tokens.bot,
      apiUrl: workspace.apiUrl,
      roles: new Map([
        ['managers', { people: [personId(workspace, 'ana')], usergroups: [] }],
        ['on-call', { people: [], usergroups: ['S0ONCALL'] }],
      ]),
      emails: new Map([['ben@example.com', personId(workspace, 'ben')]]),
    },
    { buttons: stores.buttons, ...fastTime(), logger },
  );
  const parts: ReceiveParts = {
    ...slack,
    ...stores,
    clock,
    logger,
    grammar: { commands, vocabulary: { environments: ['dev', 'staging', 'prod'], prefix: '' } },
    formTitle: ({ kind }) => (kind === 'rollbackPlan' ? 'Roll back' : undefined),
    incidents: { pinEmoji: 'pushpin', hears: () => true },
    offline: (request, { isUnsure }) => ({
      text: 'Not accepted',
      blocks: [
        {
          kind: 'section',
          text: mrkdwn`Not accepted: the store is gone. By hand: ${code(`signalbox ${request?.kind ?? 'help'}`)}`,
        },
        ...(isUnsure ? [{ kind: 'context' as const, texts: [mrkdwn`It may still be done.`] }] : []),
        { kind: 'buttons', buttons: [{ label: 'Never drawn', does: { kind: 'openHome' } }] },
      ],
    }),
  };
  return {
    workspace,
    slack,
    stores,
    parts,
    lines,
    idOf: (name) =>
      [...workspace.state().channels.values()].find((channel) => channel.name === name)?.id ??
      personId(workspace, name),
    async [Symbol.asyncDispose]() {
      stores.wake();
      await slack.close();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

/** A workspace that sends its requests to us by HTTP. */
export async function openHttpWorld(
  options: Partial<WorkspaceOptions> = {},
  change: Partial<ReceiveParts> = {},
): Promise<SlackWorld & { receiving: Receiving; port: number }> {
  const world = await openWorld(options);
  const receiving = await receiveOverHttp(
    { ...world.parts, ...change },
    {
      signingSecret: world.workspace.signingSecret,
      port: 0,
      host: '127.0.0.1',
      routes: [{ path: '/healthz', handler: (_, response) => response.end('fine') }],
    },
  );
  const port = receiving.port ?? 0;
  world.workspace.connectApp({ requestUrl: `http://127.0.0.1:${port}/slack/events` });
  return {
    ...world,
    receiving,
    port,
    async [Symbol.asyncDispose]() {
      world.stores.wake();
      await receiving.close({ withinMs: 500 });
      await world[Symbol.asyncDispose]();
    },
  };
}

/** How much faster than ours the outbox's time goes: its pacing is judged in virtual time, here it would only cost time. */
const SPEED = 25;

function fastTime(): { clock: Clock; timers: Timers } {
  const start = Date.now();
  return {
    clock: { now: () => start + (Date.now() - start) * SPEED },
    timers: { after: (ms, callback) => realTimers.after(ms / SPEED, callback) },
  };
}

function personId(workspace: Workspace, name: string): string {
  const person = [...workspace.state().people.values()].find((one) => one.name === name);
  if (!person) throw new Error(`nobody is called ${name}`);
  return person.id;
}
