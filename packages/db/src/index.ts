export * from "./client.ts";
export * from "./migrate.ts";
export * from "./schema.ts";
export * as outbox from "./outbox.ts";
export * as runners from "./runners.ts";
