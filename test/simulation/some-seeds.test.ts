import { holdLaws } from './run/hold-laws.ts';

holdLaws({ from: 2, releases: 500 });
