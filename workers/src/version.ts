/** Named in the User-Agent, in `--version` and in the API's description. */
export const version = "0.1.0";
