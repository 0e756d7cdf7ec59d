import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateAnswer, validateFiles } from '../../../src/program/cli/validate.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';

const sample = (name: string) => new URL(`../../../manifests/samples/${name}`, import.meta.url).pathname;
const CONFIG = sample('signalbox.yaml');
const CATALOG = sample('catalog.yaml');
const RELEASE = sample('releases/checkout.yaml');

describe('validating files', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signalbox-validate-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const answer = async (...files: string[]) =>
    validateAnswer(await validateFiles(files, memoryYaml()), files);
  async function written(name: string, text: string): Promise<string> {
    const file = join(directory, name);
    await writeFile(file, text);
    return file;
  }

  it('finds nothing wrong with the samples, alone or together', async () => {
    const together = await answer(CONFIG, CATALOG, RELEASE);
    expect(together).toMatchObject({ isFine: true, json: { ok: true, faults: [] } });
    // What the cut does not ask for is advice.
    expect(together.text.match(/\(([a-z-]+)\)/g)).toEqual([
      '(health-checks-declared)',
      '(health-checks-declared)',
      '(rollout-strategy-declared)',
    ]);
    for (const file of [CONFIG, CATALOG, RELEASE]) expect(await answer(file)).toMatchObject({ isFine: true });
  });

  it('reads checklists: their items, and beside the configuration the names in them', async () => {
    const lists = ['release-v1', 'release-cut-v1', 'deployment-v1', 'recovery-v1'];
    const samples = lists.map((name) => sample(`checklists/${name}.md`));
    expect(await answer(CONFIG, ...samples)).toMatchObject({ isFine: true, json: { warnings: [] } });
    const items = Array.from({ length: 11 }, (_, n) => `- [ ] Thing ${n} (rule: policy)\n`).join('');
    const long = await written('long.md', `## Preflight\n\n${items}`);
    expect((await answer(long)).text).toMatch(/^warning: .*long\.md:? ?.*has 11 items, and 10 are advised/m);
    const wrong = await written(
      'wrong.md',
      '## Preflight\n\n- [ ] Fine (owner: dbas; evidence: link)\n- [ ] Hm\n',
    );
    expect((await answer(wrong)).text).toMatch(/wrong\.md:4:1 says neither what checks it/);
    expect((await answer(CONFIG, wrong)).text).toMatch(/wrong\.md:3:1 .*no such role; did you mean dba\?/);
    expect((await answer(sample('checklists/none.md'))).text).toMatch(/cannot be read/);
    expect((await answer(new URL('../../../README.md', import.meta.url).pathname)).text).toMatch(
      /no task|longer than/,
    );
  });

  it('says what will be refused at the cut although it is valid', async () => {
    const { isFine, text } = await answer(sample('releases/seed-article.yaml'));
    expect(isFine).toBe(true);
    expect(text).toMatch(
      /^warning: .*seed-article\.yaml:34:7 spec\.gates\[1\]\.type: is not carried out by this version/m,
    );
  });

  it('judges what is not carried out yet: advice for a document alone, a fault beside configuration and catalog', async () => {
    const release = await written(
      'migrates.yaml',
      `apiVersion: release.gitplumbers.io/v1
kind: Release
metadata: { name: checkout-2026-11-20.4 }
spec:
  environment: prod
  services:
    orders-api: { image: ghcr.io/acme/orders-api@sha256:${'a'.repeat(64)}, rollout: { strategy: rolling } }
  migrations:
    - { name: old-contract, type: flyway, constraint: full, backoutPlan: restore }
  rollback: { dbPlan: restore, maxDuration: 15m }
`,
    );
    const [alone, beside] = [await answer(release), await answer(CONFIG, CATALOG, release)];
    expect(alone.isFine).toBe(true);
    expect(alone.text).toMatch(/^warning: .*:9:7 spec\.migrations\[0\]: .*\(no-destructive-with-code\)/m);
    expect(beside.isFine).toBe(false);
    expect(beside.text).toMatch(/^\S+migrates\.yaml:9:7 .*\(no-destructive-with-code\)/m);
    // The catalog knows that it is critical; on its own it is of the usual tier, where rolling is refused too.
    expect(beside.text).toMatch(/^\S+migrates\.yaml:7:\d+ .*is tier 1, and is brought out by rolling/m);
    expect(beside.text).toMatch(/^warning: .*\(health-checks-declared\)/m);
    expect(beside.text).toMatch(/^warning: .*spec\.rollback\.maxDuration: .*\(not-carried-out\)/m);
    expect(beside.json).toMatchObject({
      faults: expect.arrayContaining([expect.objectContaining({ rule: 'no-destructive-with-code' })]),
    });
  });

  it('checks each against those beside it', async () => {
    const catalog = await written(
      'catalog.yaml',
      'apiVersion: signalbox/v1\nkind: Catalog\nservices:\n  web:\n    owner: nobody\n    image: ghcr.io/acme/web\n',
    );
    expect(await answer(catalog)).toMatchObject({ isFine: true });
    const beside = await answer(CONFIG, catalog);
    expect(beside.isFine).toBe(false);
    expect(beside.text).toContain(`${catalog}:5:5 services.web.owner: "nobody" is no role of signalbox.yaml`);

    const release = await written(
      'release.yaml',
      `apiVersion: release.gitplumbers.io/v1
kind: Release
metadata: { name: checkout-2026-11-20.4 }
spec:
  environment: prod
  services:
    order-api: { image: ghcr.io/acme/orders-api@sha256:${'a'.repeat(64)} }
    payments-worker: { image: "ghcr.io/acme/payments-worker:latest" }
`,
    );
    expect(await answer(release)).toMatchObject({ isFine: true });
    const { text } = await answer(CONFIG, CATALOG, release);
    expect(text).toMatch(
      /release\.yaml:7:5 spec\.services\.order-api: the catalog has no service order-api .*orders-api\?/,
    );
    expect(text).toMatch(
      /release\.yaml:8:\d+ spec\.services\.payments-worker\.image: has the moving tag latest/,
    );
    const elsewhere = await written(
      'elsewhere.yaml',
      (await readFile(release, 'utf8')).replace('prod', 'prdo'),
    );
    expect((await answer(CONFIG, elsewhere)).text).toContain(
      '5:3 spec.environment: there is no environment prdo; did you mean prod?',
    );
  });

  it('tells every fault of every file, also of those that are none', async () => {
    const config = await written('signalbox.yaml', 'instalation: acme\n');
    const broken = await written('broken.yaml', 'a: [1\n');
    const other = await written('other.yaml', 'apiVersion: v1\nkind: Relese\n');
    const { isFine, text, json } = await answer(config, broken, other, join(directory, 'missing.yaml'));
    expect(isFine).toBe(false);
    expect(text).toContain(`${config}:1:1 instalation: is not a known key; did you mean installation?`);
    expect(text).toMatch(/broken\.yaml:\d+:\d+ /);
    expect(text).toContain(`${other}:2:1 kind: must be Catalog or Release; did you mean Release?`);
    expect(text).toContain('missing.yaml cannot be read');
    expect(json).toMatchObject({
      ok: false,
      faults: expect.arrayContaining([expect.objectContaining({ file: other })]),
    });
  });
});
