import type { SkuSpec } from "../directory/spec";

/** Microsoft products with real ids and names from the public list of service plan identifiers. */

type Plan = readonly [servicePlanName: string, servicePlanId: string, appliesTo?: "User" | "Company"];

const product = (skuPartNumber: string, skuId: string, plans: readonly Plan[]): Omit<SkuSpec, "seats"> => ({
  skuId,
  skuPartNumber,
  servicePlans: plans.map(([servicePlanName, servicePlanId, appliesTo = "User"]) => ({
    servicePlanId,
    servicePlanName,
    appliesTo,
  })),
});

/** Enterprise Mobility + Security E3. */
export const EMS = product("EMS", "efccb6f7-5641-4e0e-bd10-b4976e1bf68e", [
  ["EXCHANGE_S_FOUNDATION", "113feb6c-3fe4-4440-bddc-54d774bf0318", "Company"],
  ["AAD_PREMIUM", "41781fb2-bc02-4b7c-bd55-b576c07bb09d"],
  ["RMS_S_ENTERPRISE", "bea4c11e-220a-4e6d-8eb8-8ea15d019f90"],
  ["RMS_S_PREMIUM", "6c57d4b6-3b23-47a5-9bc9-69f17b4947b3"],
  ["ADALLOM_S_DISCOVERY", "932ad362-64a8-4783-9106-97849a1a30b9"],
  ["INTUNE_A", "c1ec4a95-1f05-45b3-a911-aa3fa01094f5"],
  ["MFA_PREMIUM", "8a256a2b-b617-496d-b51b-e76466e88db0"],
]);

/** Office 365 E3. */
export const ENTERPRISEPACK = product("ENTERPRISEPACK", "6fd2c87f-b296-42f0-b197-1e91e994b900", [
  ["EXCHANGE_S_ENTERPRISE", "efb87545-963c-4e0d-99df-69c6916d9eb0"],
  ["SHAREPOINTENTERPRISE", "5dbe027f-2339-4123-9542-606e4d348a72"],
  ["SHAREPOINTWAC", "e95bec33-7c88-4a70-8e19-b10bd9d0c014"],
  ["OFFICESUBSCRIPTION", "43de0ff5-c92c-492b-9116-175376d08c38"],
  ["MCOSTANDARD", "0feaeb32-d00e-4d66-bd5a-43b5b83db82c"],
  ["TEAMS1", "57ff2da0-773e-42df-b2af-ffb7a2317929"],
  ["YAMMER_ENTERPRISE", "7547a3fe-08ee-4ccb-b430-5077c5041653"],
  ["RMS_S_ENTERPRISE", "bea4c11e-220a-4e6d-8eb8-8ea15d019f90"],
  ["INTUNE_O365", "882e1d05-acd1-4ccb-8708-6ee03664b117", "Company"],
  ["POWERAPPS_O365_P2", "c68f8d98-5534-41c8-bf36-22fa496fa792"],
  ["FLOW_O365_P2", "76846ad7-7776-4c40-a281-a386362dd1b9"],
  ["POWER_VIRTUAL_AGENTS_O365_P2", "041fe683-03e4-45b6-b1af-c0cdc516daee"],
  ["PROJECT_O365_P2", "31b4e2fc-4cd6-4e7d-9c1b-41407303bd66"],
  ["PROJECTWORKMANAGEMENT", "b737dad2-2f6c-4c65-90e3-ca563267e8b9"],
  ["DYN365_CDS_O365_P2", "4ff01e01-1ba7-4d71-8cf8-ce96c3bbcf14"],
  ["CDS_O365_P2", "95b76021-6a53-4741-ab8b-1d1f3d66a95a"],
  ["FORMS_PLAN_E3", "2789c901-c14e-48ab-a76a-be334d9d793a"],
  ["STREAM_O365_E3", "9e700747-8b1d-45e5-ab8d-ef187ceec156"],
  ["Deskless", "8c7d2df8-86f0-4902-b2ed-a0458298f3b3"],
  ["SWAY", "a23b959c-7ce8-4e57-9140-b90eb88a9e97"],
  ["BPOS_S_TODO_2", "c87f142c-d1e9-4363-8630-aaea9c4d9ae5"],
  ["WHITEBOARD_PLAN2", "94a54592-cd8b-425e-87c6-97868b000b91"],
  ["KAIZALA_O365_P3", "aebd3021-9f8f-4bf8-bbe3-0ed2f4f047a1"],
  ["MYANALYTICS_P2", "33c4f319-9bdd-48d6-9c4d-410b750a4a5a"],
  ["MICROSOFTBOOKINGS", "199a5c09-e0ca-4e37-8f7c-b05d533e1ea2"],
  ["MICROSOFT_SEARCH", "94065c59-bc8e-4e8b-89e5-5138d471eaff", "Company"],
  ["VIVA_LEARNING_SEEDED", "b76fb638-6ba6-402a-b9f9-83d28acb3d86"],
]);

/** Microsoft Teams Phone Standard. It requires Skype for Business Online (Plan 2). */
export const MCOEV = product("MCOEV", "e43b5b99-8dfb-405f-9987-dc307f34bcbd", [
  ["MCOEV", "4828c8ec-dc2e-4779-b502-87ac9ce28ab7"],
]);

/** Office 365 E1. Its Exchange and SharePoint plans exclude those of E3. */
export const STANDARDPACK = product("STANDARDPACK", "18181a46-0d4e-45cd-891e-60aabd171b4e", [
  ["EXCHANGE_S_STANDARD", "9aaf7827-d63c-4b61-89c3-182f06f82e5c"],
  ["SHAREPOINTSTANDARD", "c7699d2e-19aa-44de-8edf-1736da088ca1"],
  ["MCOSTANDARD", "0feaeb32-d00e-4d66-bd5a-43b5b83db82c"],
  ["TEAMS1", "57ff2da0-773e-42df-b2af-ffb7a2317929"],
  ["YAMMER_ENTERPRISE", "7547a3fe-08ee-4ccb-b430-5077c5041653"],
  ["INTUNE_O365", "882e1d05-acd1-4ccb-8708-6ee03664b117", "Company"],
]);

/** Visio Plan 2. */
export const VISIOCLIENT = product("VISIOCLIENT", "c5928f49-12ba-48f7-ada3-0d743a3601d5", [
  ["EXCHANGE_S_FOUNDATION", "113feb6c-3fe4-4440-bddc-54d774bf0318", "Company"],
  ["VISIO_CLIENT_SUBSCRIPTION", "663a804f-1c30-4ff0-9915-9db84f0d1cea"],
  ["VISIOONLINE", "2bdbaf8f-738f-4ac7-9234-3c3ee2ce7d0f"],
  ["ONEDRIVE_BASIC", "da792a53-cbc0-4184-a10d-e544dd34b3c1"],
]);
