/** Access to a provider's interface, which the config of a stack gives and nothing else. */
export interface AccessDeclaration {
  /** What its host does with it, e.g. `makes a key in the tailnet "example.com" for its host`. */
  readonly purpose: string;
  /** Ways to give it, the usual one first; each is config keys that belong together. */
  readonly ways: readonly (readonly AccessKey[])[];
}

/** A config key by which access is given. */
export interface AccessKey {
  /** The whole key, e.g. "tailscale:apiKey". */
  readonly key: string;
  /** Whether it must be encrypted. */
  readonly secret: boolean;
}
