import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotations } from '../../../src/program/cli/annotations.ts';
import { formatAnswer, formatFiles } from '../../../src/program/cli/format-files.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';

const sample = (name: string) => new URL(`../../../manifests/samples/${name}`, import.meta.url).pathname;
const SAMPLES = [
  'signalbox.yaml',
  'catalog.yaml',
  ...['everything', 'checkout', 'seed-article'].map((name) => `releases/${name}.yaml`),
].map(sample);

const TURNED = 'kind: Release # what it is\nspec: { services: {}, environment: prod }\napiVersion: a\n';
const IN_ORDER = 'apiVersion: a\nkind: Release # what it is\nspec: { environment: prod, services: {} }\n';

describe('formatting files', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signalbox-fmt-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const yaml = memoryYaml();
  const format = (files: readonly string[], check = false) => formatFiles(files, { yaml, check });
  async function written(name: string, text: string): Promise<string> {
    const file = join(directory, name);
    await writeFile(file, text);
    return file;
  }

  it('finds the samples in order, each by the order of its own kind', async () => {
    const done = await format(SAMPLES, true);
    expect(done.map(({ state }) => state)).toEqual(SAMPLES.map(() => 'unchanged'));
    expect(formatAnswer(done)).toMatchObject({ isFine: true, json: { ok: true } });
  });

  it('only looks when it is to check, and says where the first difference is', async () => {
    const file = await written('release.yaml', TURNED);
    const done = await format([file], true);
    expect(formatAnswer(done)).toMatchObject({
      isFine: false,
      text: `${file}:1:1 is not in order; here comes apiVersion: a. Run: signalbox fmt`,
      json: { ok: false, files: [{ file, state: 'unformatted' }] },
    });
    expect(formatAnswer(done, 'github').text).toMatch(
      /^::error file=.*release\.yaml,line=1,col=1::is not in order/,
    );
    expect(await readFile(file, 'utf8')).toBe(TURNED);
  });

  it('writes once, and not again', async () => {
    const file = await written('again.yaml', TURNED);
    expect(formatAnswer(await format([file]))).toMatchObject({ isFine: true, text: `${file}: formatted` });
    expect(await readFile(file, 'utf8')).toBe(IN_ORDER);
    const { mtimeMs } = await stat(file);
    expect(formatAnswer(await format([file]))).toMatchObject({ isFine: true, text: `${file}: in order` });
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  it.each<[string, string, RegExp]>([
    ['anchors', 'kind: &a Release\nx-b: *a\n', /:1:7 anchors are not allowed here/],
    ['a key twice', 'kind: Release\nkind: Release\n', /:2:1 "kind" is given twice/],
    ['half a list', 'a: [1\n', /refused\.yaml:\d+:\d+ /],
    ['another kind', 'kind: Relese\n', /:1:1 kind: must be Catalog or Release; did you mean Release\?/],
  ])('leaves alone what has %s, and goes on with the next', async (_, text, says) => {
    const [refused, other] = [await written('refused.yaml', text), await written('other.yaml', TURNED)];
    const answer = formatAnswer(await format([refused, join(directory, 'missing.yaml'), other]));
    expect(answer.isFine).toBe(false);
    expect(answer.text).toMatch(says);
    expect(answer.text).toContain('missing.yaml cannot be read');
    expect(answer.text).toContain(`${other}: formatted`);
    expect(await readFile(refused, 'utf8')).toBe(text);
  });
});

describe('an annotation', () => {
  it('names file, line, column and rule, and lets nothing end it or begin another', () => {
    const fault = {
      file: 'a,b:c%.yaml\n::error::',
      path: 'spec.type',
      says: 'is 100%\r\n::stop-commands::x',
      place: { line: 3, column: 5 },
      rule: 'no-weakening',
    };
    expect(annotations('warning', [fault])).toEqual([
      '::warning file=a%2Cb%3Ac%25.yaml%0A%3A%3Aerror%3A%3A,line=3,col=5,title=no-weakening::spec.type: is 100%25%0D%0A::stop-commands::x',
    ]);
  });

  it('of a whole file has no line', () => {
    expect(annotations('error', [{ file: 'a.yaml', path: '', says: 'cannot be read' }])).toEqual([
      '::error file=a.yaml::cannot be read',
    ]);
  });
});
