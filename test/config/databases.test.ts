import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { rulesOf } from '../../src/config/rules-of.ts';
import { readSecrets } from '../../src/config/secrets.ts';
import { faultLine } from '../../src/domain/document/fault.ts';
import { openMigrations } from '../../src/program/open-migrations.ts';
import { documentOf } from '../domain/document/source-document.ts';
import { configOf, MINIMAL } from './minimal-config.ts';

const databases = (lines: string) => `${MINIMAL}databases:\n  orders:\n${lines}`;
const ORDERS = databases(`    engine: postgresql
    signOff: managers
    environments:
      prod: { urlEnv: ORDERS_URL }
`);
const ENV = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 'shh',
  SIGNALBOX_LEDGER_KEY: '-----BEGIN PRIVATE KEY-----\nx',
};

async function faults(text: string): Promise<string[]> {
  const resolved = resolveConfig(await documentOf(text, 'signalbox.yaml'));
  return resolved.kind === 'faulty' ? resolved.faults.map(faultLine) : [];
}

async function opened(url: string, text = ORDERS) {
  const config = await configOf(text);
  const read = readSecrets({ ...ENV, ORDERS_URL: url }, config);
  if (read.kind === 'faulty') throw new Error(read.faults.join());
  return openMigrations({ config, secrets: read.secrets });
}

describe('databases of a configuration', () => {
  it('are what migrations may name, where they can be read', async () => {
    const config = await configOf(ORDERS);
    expect(config.databases['orders']).toMatchObject({
      schema: 'public',
      flywayTable: 'flyway_schema_history',
      answerWithinMs: 5_000,
      environments: { prod: { tls: 'required' } },
    });
    expect(rulesOf(config).databases).toEqual({ orders: { environments: ['prod'], signOff: 'managers' } });
  });

  it('name roles and environments that there are', async () => {
    const text = ORDERS.replace('signOff: managers', 'signOff: mangers').replace('      prod:', '      prd:');
    expect(await faults(text)).toEqual([
      expect.stringContaining('databases.orders.signOff: there is no role mangers'),
      expect.stringContaining('databases.orders.environments.prd: there is no environment prd'),
    ]);
    expect(await faults(databases('    engine: postgresql\n    environments: {}\n'))).toEqual([
      expect.stringContaining('needs at least one environment'),
    ]);
  });

  it('have their addresses in the environment, and show none of them', async () => {
    const read = readSecrets(ENV, await configOf(ORDERS));
    expect(read.kind === 'faulty' && read.faults).toEqual([
      'ORDERS_URL is not set: signalbox.yaml names it at databases.orders.environments.prod.urlEnv',
    ]);
    for (const url of ['mysql://reader:hunter2@db:3306/orders', 'postgresql://db/orders', 'hunter2']) {
      await expect(opened(url)).rejects.toThrow(
        /^ORDERS_URL is no address of a database: write postgresql:\/\//,
      );
      await expect(opened(url)).rejects.not.toThrow(/hunter2/);
    }
    await expect(opened('postgresql://reader:hunter2@db/orders?sslmode=disable')).rejects.toThrow(
      /ORDERS_URL has parameters/,
    );
    expect(await opened('postgresql://reader:p%40ss@db:5433/orders')).toBeDefined();
  });
});
