import type { Logger } from 'pino';
import { type Leading, lead } from '../adapters/bullmq/lead.ts';
import type { Config } from '../config/schema.ts';
import type { Secrets } from '../config/secrets.ts';
import { segmentSigner } from '../domain/ledger/segment-key.ts';
import { observedEnvironments } from '../domain/observe/what-is-observed.ts';
import type { Rules } from '../domain/rules.ts';
import { gates } from '../gates/registry.ts';
import { adoptBaseline } from '../jobs/adopt-baseline.ts';
import { type ArchivedUpTo, archiveFacts } from '../jobs/archive-ledger.ts';
import { bellForStream } from '../jobs/bell-for-stream.ts';
import type { CatalogSource } from '../jobs/cut/catalog-source.ts';
import { ringForFlags } from '../jobs/flags/reconcile-flags.ts';
import { followUpHotfixes } from '../jobs/hotfix/follow-up.ts';
import { observeOthers } from '../jobs/observe/observe-others.ts';
import { ringForPlacements } from '../jobs/ring-on-change.ts';
import { sweep } from '../jobs/sweep.ts';
import { departTrains } from '../jobs/trains/depart-trains.ts';
import type { Leases } from '../ports/lease.ts';
import type { Ports } from '../ports/ports.ts';

/** A lost ring costs at most this. */
const SWEEP_EVERY_MS = 30_000;
/** How soon a service that was seen for the first time can be rolled back. */
const ADOPT_EVERY_MS = 10_000;
/** How soon a decision on production reaches Git. */
const ARCHIVE_EVERY_MS = 1_000;
/** How late a flag may be turned when its ring was lost. */
const FLAGS_EVERY_MS = 10_000;
/** How late a train may leave. */
const TRAINS_EVERY_MS = 10_000;
/** How late a hotfix may be followed up. */
const HOTFIXES_EVERY_MS = 5 * 60_000;
/** How late a commit of somebody else is seen where nothing is written; what moves in a cluster is seen at once. */
const OBSERVE_EVERY_MS = 5_000;
/** Changes of a cluster that come within this are looked at once. */
const GATHER_MS = 50;

interface Keeping {
  ports: Ports;
  rules: Rules;
  config: Config;
  secrets: Secrets;
  leases: Leases;
  catalog: CatalogSource;
  log: Logger;
  /** Tells that the archive cannot go on, until it can. */
  onArchive(trouble: string | undefined): void;
}

/** What one process at a time does for all: sweep, adopt, archive. And what each watching process does: ring for changes. */
export function startHousekeeping(keeping: Keeping): { stop(withinMs: number): Promise<void> } {
  const { ports, rules, leases, catalog, log } = keeping;
  const leading: Leading[] = [
    lead({ leases, name: 'sweep', everyMs: SWEEP_EVERY_MS, log }, () =>
      sweep(ports, (stream) => bellForStream(ports, stream)),
    ),
    lead({ leases, name: 'adopt', everyMs: ADOPT_EVERY_MS, log }, async () => {
      await adoptBaseline(ports, rules, catalog);
    }),
    ...(rules.flagBook.length > 0
      ? [lead({ leases, name: 'flags', everyMs: FLAGS_EVERY_MS, log }, () => ringForFlags(ports, rules))]
      : []),
    ...(rules.trains.length > 0
      ? [
          lead({ leases, name: 'trains', everyMs: TRAINS_EVERY_MS, log }, () =>
            departTrains({ ports, rules, catalog }),
          ),
        ]
      : []),
    lead({ leases, name: 'hotfixes', everyMs: HOTFIXES_EVERY_MS, log }, () =>
      followUpHotfixes({ ports, rules }),
    ),
    // Where nothing is written to any repository, the record stays in the store until something may be.
    ...(rules.observeOnly
      ? []
      : [lead({ leases, name: 'archive', everyMs: ARCHIVE_EVERY_MS, log }, archiver(keeping))]),
  ];
  const observing =
    observedEnvironments(rules).length > 0
      ? lead({ leases, name: 'observe', everyMs: OBSERVE_EVERY_MS, log }, () =>
          observeOthers(ports, { rules, gates, catalog }),
        )
      : undefined;
  if (observing) leading.push(observing);
  const stopRinging = ringOnChange(ports, log, () => observing?.nudge());
  const stopFetching = fetchSources(keeping);
  return {
    async stop(withinMs) {
      stopRinging();
      stopFetching();
      await Promise.all(leading.map((each) => each.stop(withinMs)));
    },
  };
}

function archiver({ ports, config, rules, secrets, log, onArchive }: Keeping): () => Promise<void> {
  const { ledger: settings, repositories } = config;
  const archive = {
    installation: config.installation,
    repository: settings.repository,
    branch: settings.branch,
    startFrom: repositories[settings.repository]?.branch ?? 'main',
    production: rules.environments.at(-1)?.name ?? '',
    maxDelayMs: settings.maxDelayMs,
    signer: segmentSigner(secrets.find('SIGNALBOX_LEDGER_KEY')?.reveal() ?? ''),
    author: repositories[settings.repository]?.committer ?? {
      name: 'Signalbox',
      email: 'signalbox@localhost.invalid',
    },
  };
  let upTo: ArchivedUpTo | undefined;
  return async () => {
    for (let more = true; more; ) {
      const archived = await archiveFacts(ports, archive, upTo);
      const fine = archived.kind === 'archived' || archived.kind === 'waiting';
      if (fine) upTo = archived.upTo;
      else log.error({ says: archived.says }, 'the record could not be archived');
      onArchive(fine ? undefined : archived.says);
      more = archived.kind === 'archived' && archived.more;
    }
  };
}

/**
 * The first fetch of a service's source brings its whole history, which may take minutes: it is begun before anybody cuts. A
 * failure is met again, and told, by whoever does.
 */
function fetchSources({ ports, config, log }: Keeping): () => void {
  let isStopped = false;
  const sources = Object.entries(config.repositories).filter(([, { readOnly }]) => readOnly);
  for (const [name, { branch }] of sources) {
    ports.git.view(name, branch).catch((error: Error) => {
      if (!isStopped) log.warn({ err: error, repository: name }, 'a source could not be fetched');
    });
  }
  return () => {
    isStopped = true;
  };
}

function ringOnChange(ports: Ports, log: Logger, alsoTell: () => void): () => void {
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    const now = changed;
    changed = new Set();
    alsoTell();
    ringForPlacements(ports, now).catch((error: Error) =>
      log.warn({ err: error }, 'a change of the cluster was not rung for'),
    );
  };
  const stop = ports.cluster.onChange((placement) => {
    changed.add(placement);
    timer ??= setTimeout(flush, GATHER_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
