import { describe, expect, it } from 'vitest';
import { createCatalogSource } from '../../../src/jobs/cut/catalog-source.ts';
import { memoryGit } from '../../simulation/ports/memory-git.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';
import { drawFrom } from '../../simulation/world/draw.ts';
import { drawShop, HOME } from '../../simulation/world/shop.ts';

/** A source over a repository in memory, and how often a text was read as YAML. */
function openSource() {
  const shop = drawShop(drawFrom(1));
  const yaml = memoryYaml();
  const git = memoryGit({ yaml, committer: { name: 'Signalbox', email: 'bot@shop.test' } });
  const repository = git.createRepository(HOME, shop.files[HOME] ?? {});
  const text = shop.files[HOME]?.['catalog.yaml'] ?? '';
  let reads = 0;
  const counted = {
    ...yaml,
    read: (asked: string) => {
      reads += 1;
      return yaml.read(asked);
    },
  };
  const source = createCatalogSource({ git, yaml: counted }, shop.rules);
  const write = (catalog: string) => repository.push({ branch: 'main', files: { 'catalog.yaml': catalog } });
  return { source, text, write, reads: () => reads };
}

describe('the catalog source', () => {
  it('understands a catalog once for as long as its words stay', async () => {
    const { source, text, write, reads } = openSource();
    const first = await source.load();
    expect(await source.load()).toBe(first);
    expect(reads()).toBe(1);
    await write(`# looked at\n${text}`);
    expect(await source.load()).toEqual(first);
    expect(reads()).toBe(2);
  });

  it('refuses a faulty one each time, and keeps the last good one for recovery', async () => {
    const { source, text, write } = openSource();
    const good = await source.load();
    await write('services: 3\n');
    await expect(source.load()).rejects.toThrow('catalog.yaml');
    await expect(source.load()).rejects.toThrow('catalog.yaml');
    expect(source.latest()).toBe(good);
    expect(source.trouble()).toContain('catalog.yaml');
    await write(text);
    await source.load();
    expect(source.trouble()).toBeUndefined();
  });
});
