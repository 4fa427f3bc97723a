export * from "./errors.ts";
export * from "./listing/listing.ts";
export * from "./schedule.ts";
