/**
 * How Entra is made to try a user's licences again. The Entra admin center has no menu for it any more; the request and Microsoft's
 * cmdlet work: https://learn.microsoft.com/graph/api/user-reprocesslicenseassignment
 */
export const REPROCESS =
  "reprocess them (Invoke-MgLicenseUser -UserId ID, or POST /users/{id}/reprocessLicenseAssignment)";

/** Where the errors of a group's members are listed. */
export const MEMBERS_IN_ERROR = "GET /groups/{id}/membersWithLicenseErrors";
