import { type Listening, listen, type Received, type Reply } from './listen.ts';

/** What a pact broker holds. */
export interface Pacts {
  /** Versions that published a pact with a provider. */
  pacts: { consumer: string; version: string; provider: string }[];
  verifications: {
    consumer: string;
    consumerVersion: string;
    provider: string;
    providerVersion: string;
    success: boolean;
  }[];
  /** Environment to pacticipant to the version that is deployed there. */
  environments: Record<string, Record<string, string>>;
  authorization?: string;
  trouble?: 'hang' | 'broken';
}

export interface PactBrokerServer extends Listening {
  holds: Pacts;
}

interface Selector {
  pacticipant: string;
  version?: string;
}

/**
 * A strict pact broker: `/matrix` for selectors in order and an environment for the rest. Parameters, summary and the three values of
 * `deployable`: pact-foundation/pact_broker, `matrix/parse_query.rb`, `matrix/deployment_status_summary.rb`.
 */
export async function startPactBroker(holds: Pacts): Promise<PactBrokerServer> {
  const server = await listen((received) => answer(holds, received));
  return Object.assign(server, { holds });
}

function answer(holds: Pacts, { method, path, query, headers }: Received): Reply {
  if (holds.trouble === 'hang') return 'hang';
  if (holds.trouble === 'broken')
    return { status: 500, body: { error: { message: 'An error has occurred' } } };
  if (holds.authorization !== undefined && headers.authorization !== holds.authorization)
    return { status: 401, body: '' };
  if (method !== 'GET' || path !== '/matrix')
    return { status: 404, body: { error: { message: 'Not found' } } };
  if (!headers.accept?.includes('application/hal+json')) return { status: 406, body: '' };
  const parameters = new URLSearchParams(query);
  const selectors = selectorsOf(parameters);
  if (selectors.length === 0) return invalid(['Please provide at least one selector']);
  const known = new Set(holds.pacts.flatMap(({ consumer, provider }) => [consumer, provider]));
  const strangers = selectors.filter(({ pacticipant }) => !known.has(pacticipant));
  if (strangers.length > 0)
    return invalid(strangers.map(({ pacticipant }) => `Pacticipant ${pacticipant} not found`));
  const environment = parameters.get('environment');
  if (environment !== null && holds.environments[environment] === undefined)
    return invalid([`Environment with name '${environment}' does not exist`]);
  const deployed = environment === null ? {} : (holds.environments[environment] ?? {});
  return { status: 200, body: judged(holds, { selectors, deployed }), contentType: 'application/hal+json' };
}

/** Each `q[][pacticipant]` begins a selector, as Rack reads nested parameters. */
function selectorsOf(parameters: URLSearchParams): Selector[] {
  const selectors: Selector[] = [];
  for (const [key, value] of parameters) {
    const last = selectors.at(-1);
    if (key === 'q[][pacticipant]') selectors.push({ pacticipant: value });
    else if (key === 'q[][version]' && last) last.version = value;
  }
  return selectors;
}

function judged(
  { pacts, verifications }: Pacts,
  { selectors, deployed }: { selectors: Selector[]; deployed: Record<string, string> },
) {
  const versionOf = (name: string) =>
    selectors.find(({ pacticipant }) => pacticipant === name)?.version ?? deployed[name];
  const isSelected = (name: string) => selectors.some(({ pacticipant }) => pacticipant === name);
  const rows = pacts
    .filter(
      ({ consumer, version, provider }) =>
        versionOf(consumer) === version && (isSelected(consumer) || isSelected(provider)),
    )
    .map(({ consumer, version, provider }) => {
      const providerVersion = versionOf(provider);
      const verified = verifications.findLast(
        (each) =>
          each.consumer === consumer &&
          each.consumerVersion === version &&
          each.provider === provider &&
          each.providerVersion === providerVersion,
      );
      return {
        consumer: { name: consumer, version: { number: version } },
        provider: { name: provider, version: providerVersion ? { number: providerVersion } : null },
        verificationResult: verified ? { success: verified.success } : null,
      };
    });
  const failed = rows.filter(({ verificationResult }) => verificationResult?.success === false);
  const unknown = rows.filter(({ verificationResult }) => verificationResult === null);
  const [missing] = unknown;
  const deployable = failed.length > 0 ? false : unknown.length > 0 ? null : true;
  const reason =
    deployable === false
      ? `The verification for the pact between ${failed[0]?.consumer.name} and ${failed[0]?.provider.name} failed`
      : deployable === null
        ? `There is no verified pact between ${missing?.consumer.name} and ${missing?.provider.name}`
        : rows.length > 0
          ? 'All required verification results are published and successful'
          : 'There are no missing dependencies';
  return {
    summary: { deployable, reason, success: rows.length, failed: failed.length, unknown: unknown.length },
    notices: [],
    matrix: rows,
  };
}

function invalid(errors: string[]): Reply {
  return { status: 400, body: { errors }, contentType: 'application/hal+json' };
}
