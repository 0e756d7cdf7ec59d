import { guardedYaml } from '../adapters/yaml/guarded-yaml.ts';
import { type ConfigLoaded, loadConfig } from '../config.ts';

/** Reads configuration and secrets, and tells every fault at once. */
export async function load(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ConfigLoaded> {
  await using yaml = guardedYaml();
  // Awaited here: the guard must outlive the reading.
  return await loadConfig({ file, env, yaml });
}
