/**
 * The server's settings as `name=value`, for a laptop or a small machine with one application on it. 200
 * connections: every queue and worker has a pool of its own. No parallel queries: their shared memory does not
 * fit the 64 MB that containers give `/dev/shm`, and two cores gain nothing. No replication, so minimal WAL.
 */
export function serverSettings(options: { readonly port: number; readonly fast: boolean }): string[] {
  return [
    `port=${options.port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=256MB",
    "work_mem=8MB",
    "maintenance_work_mem=64MB",
    "effective_cache_size=512MB",
    "random_page_cost=1.1",
    "jit=off",
    "io_method=sync",
    "max_parallel_workers_per_gather=0",
    "max_parallel_maintenance_workers=0",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_logical_replication_workers=0",
    "min_wal_size=32MB",
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_checkpoints=off",
    // Neither statements nor values in the log: they hold readers' addresses.
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    // A killed server still loses nothing: the system has what was written, and only a power cut forgets it.
    ...(options.fast ? ["fsync=off", "full_page_writes=off"] : []),
  ];
}
