/** Something that shows its metrics at an address. */
export interface ScrapeTarget {
  /** Label `job` of its series. */
  job: string;
  /** Whole address, such as `http://127.0.0.1:9100/metrics`. */
  url: string;
}
