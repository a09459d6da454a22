/**
 * For one small program on a small machine; https://www.postgresql.org/docs/18/runtime-config.html. Given at each start, so
 * that they change with Herald and not with the cluster. What is written as committed is on the disk: fsync stays on.
 */
export const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "", // the socket alone, in a folder that is closed to others
  unix_socket_permissions: "0700",
  max_connections: "15",
  shared_buffers: "16MB", // the system caches the files as well; all of it counts as memory in a broadcast
  huge_pages: "off",
  io_method: "sync", // 18 starts worker processes for reads otherwise
  jit: "off",
  wal_level: "minimal", // no replica will read it
  max_wal_senders: "0",
  max_logical_replication_workers: "0", // without their launcher, a process of 1 MB
  max_wal_size: "128MB",
  max_parallel_workers: "0",
  max_parallel_workers_per_gather: "0",
  autovacuum_max_workers: "1",
  autovacuum_worker_slots: "2",
  // Its errors go to Herald's log, where no statement with people's names may stand.
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
};
