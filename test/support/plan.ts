import type { AppPlan, AppService } from "../../model/declaration.ts";

/** The plan's service of that name; fails the test when there is none. */
export function serviceOf(plan: AppPlan, name: string): AppService {
  const service = plan.services.find((item) => item.name === name);
  if (!service) throw new Error(`the plan has no service "${name}"`);
  return service;
}
