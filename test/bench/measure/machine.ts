import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

const GIB = 1024 ** 3;

/** The machine in one line; its load belongs to it, because whatever else runs is in every figure. */
export function machineLine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const memory = `${(totalmem() / GIB).toFixed(0)} GiB`;
  const load = loadavg()[0] ?? 0;
  return `${availableParallelism()} × ${model}, ${memory}, ${platform()} ${release()} ${arch()}, Node ${process.version}, load ${load.toFixed(1)}`;
}
