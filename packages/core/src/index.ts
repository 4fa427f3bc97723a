export * from "./errors.ts";
export * from "./listing/listing.ts";
export * from "./schedule.ts";
export * from "./digest/chat.ts";
export * from "./digest/compose.ts";
export * from "./digest/digest.ts";
export * from "./digest/terms.ts";
export * from "./outcome.ts";
