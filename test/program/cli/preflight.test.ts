import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TerminalError } from '../../../src/errors.ts';
import { preflightAnswer, preflightFiles } from '../../../src/program/cli/preflight.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';

const sample = (name: string) => new URL(`../../../manifests/samples/${name}`, import.meta.url).pathname;
const CONFIG = sample('signalbox.yaml');
const CATALOG = sample('catalog.yaml');
const RELEASE = sample('releases/checkout.yaml');

describe('a preflight of files', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signalbox-preflight-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const answer = async (...files: string[]) => preflightAnswer(await preflightFiles(files, memoryYaml()));

  it('passes what files can say, and does not claim to know the world', async () => {
    const { isFine, text } = await answer(CONFIG, CATALOG, RELEASE);
    expect(isFine).toBe(true);
    expect(text).toMatch(/^pass +image-digest-pinned /m);
    expect(text).toMatch(/^NOT KNOWN +maker-checker +is judged when the release is cut$/m);
    expect(text).toMatch(/\d+ pass · \d+ warn · 0 refuse · \d+ not known$/);
  });

  it('shows each refusal with rule, service, place and remedy, refusals first', async () => {
    const moving = join(directory, 'release.yaml');
    const text = await readFile(RELEASE, 'utf8');
    await writeFile(moving, text.replace(/orders-api@sha256:[0-9a-f]+/, 'orders-api:latest'));
    const judged = await answer(CONFIG, CATALOG, moving);
    expect(judged.isFine).toBe(false);
    expect(judged.text.split('\n')[1]).toMatch(
      /^REFUSE +no-floating-tag +orders-api: has the moving tag latest/,
    );
    expect(judged.text.split('\n')[2]).toMatch(/release\.yaml:\d+ {2}→ Write /);
  });

  it('says which file is missing, or is none of them', async () => {
    await expect(answer(RELEASE)).rejects.toThrow(/missing: signalbox\.yaml, the catalog$/);
    await expect(answer(CONFIG, CATALOG, join(directory, 'nowhere.yaml'))).rejects.toThrow(TerminalError);
    const other = join(directory, 'other.yaml');
    await writeFile(other, 'apiVersion: v1\nkind: Pod\n');
    await expect(answer(CONFIG, CATALOG, other)).rejects.toThrow(/other\.yaml is neither/);
  });
});
