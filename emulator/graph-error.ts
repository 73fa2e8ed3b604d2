/** An error response in Graph's format. */
export class GraphError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export const badRequest = (message: string, code = "Request_BadRequest"): GraphError =>
  new GraphError(400, code, message);

export const notFound = (id: string): GraphError =>
  new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const denied = (): GraphError =>
  new GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");

/**
 * Refuses a write to an object in a restricted management administrative unit, even if the app has the permission.
 * https://learn.microsoft.com/entra/identity/role-based-access-control/admin-units-restricted-management
 */
export function refuseRestricted({ isManagementRestricted }: { readonly isManagementRestricted: boolean }): void {
  if (isManagementRestricted) throw denied();
}

/** Refuses by name what the real service may support but the embedded Graph does not, instead of answering with an empty result. */
export const notSupported = (what: string, status: 400 | 404 | 501 = 400): GraphError =>
  new GraphError(status, "EmbeddedGraph_NotSupported", `embedded Graph: not supported: ${what}`);
