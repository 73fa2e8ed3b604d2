/** What answers hold, as far as tests read it; their assertions say what is really there. */
export interface Wire {
  readonly "@odata.context": string;
  readonly "@odata.count": number;
  readonly "@odata.nextLink": string;
  readonly "@odata.type": string;
  readonly value: readonly Wire[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly innerError: Readonly<Record<string, string>>;
  };
  readonly responses: readonly WireBatchAnswer[];

  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly department: string;
  readonly usageLocation: string | null;
  readonly assignedLicenses: readonly { readonly skuId: string; readonly disabledPlans: readonly string[] }[];
  readonly licenseAssignmentStates: readonly {
    readonly skuId: string;
    readonly disabledPlans: readonly string[];
    readonly assignedByGroup: string | null;
  }[];
  readonly licenseProcessingState: { readonly state: string } | null;
  readonly verifiedDomains: readonly { readonly name: string }[];

  readonly skuId: string;
  readonly skuPartNumber: string;
  readonly consumedUnits: number;
  readonly prepaidUnits: { readonly enabled: number };
  readonly servicePlans: readonly {
    readonly servicePlanName: string;
    readonly appliesTo: string;
    readonly provisioningStatus: string;
  }[];

  readonly activityDisplayName: string;
  readonly initiatedBy: {
    readonly app: { readonly displayName: string } | null;
    readonly user: { readonly userPrincipalName: string } | null;
  };
  readonly targetResources: readonly { readonly modifiedProperties: readonly { readonly newValue: string }[] }[];

  readonly token_endpoint: string;
  readonly issuer: string;
  readonly access_token: string;
  readonly error_description: string;
  readonly error_codes: readonly number[];
}

export interface WireBatchAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Wire;
}
