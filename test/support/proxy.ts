import { PROXIES } from "../../household/proxies.ts";

/** The reverse proxy of the host at home. */
export const proxy = PROXIES.home;
