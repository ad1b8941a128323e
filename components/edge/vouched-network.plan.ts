/**
 * The network on which the proxy at home tells who is there: what comes from its address on it is
 * believed. Only the proxy and Grafana are on it, both with fixed addresses, so that no container
 * can have the proxy's. The subnet is at the end of what the engine gives away by itself
 * (172.17.0.0/16 to 172.31.0.0/16), where a host that has networks already has none.
 */
export const VOUCHED_NETWORK = {
  name: "vouched-net",
  subnet: "172.31.250.0/29",
  gateway: "172.31.250.1",
  proxy: "172.31.250.2",
  grafana: "172.31.250.3",
} as const;

/** Headers by which it tells who is there, as Authelia names them. */
export const IDENTITY_HEADERS = {
  user: "Remote-User",
  groups: "Remote-Groups",
  name: "Remote-Name",
  email: "Remote-Email",
} as const;
